//! Sessions that must set something up first: until then [`super::Caller::permit`] gives nothing but one's own account.

use crate::StoreError;
use crate::db::{Db, row, sql};
use attest_domain::identity::SetUp;
use uuid::Uuid;

/// What a session must still set up.
pub(super) fn must(second_factor: bool) -> Vec<SetUp> {
    second_factor.then_some(SetUp::SecondFactor).into_iter().collect()
}

/// Whether one of a person's roles asks for a second factor (ATT-07).
pub(crate) fn second_factor_asked_for(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<bool, StoreError> {
    row! { struct AskedRow { count: i64 } }
    let asked = sql(
        "SELECT COUNT(*) FROM user_roles x JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
         WHERE x.tenant_id = ? AND x.user_id = ? AND r.second_factor = ?",
    )
    .bind(tenant)
    .bind(user)
    .bind(true)
    .one::<AskedRow>(db)?;
    Ok(asked.count > 0)
}
