//! Sessions that must set something up first: until then [`super::Caller::permit`] gives nothing but one's own account.

use super::session::ABSOLUTE;
use super::{Caller, Forbidden, Permit};
use crate::db::{Db, row, sql};
use crate::{StoreError, WriteTx, now};
use attest_domain::identity::SetUp;
use attest_domain::may;
use chrono::TimeDelta;
use uuid::Uuid;

/// How long a login confirms the identity for the factor it leads to: time to find the phone and install an app.
const FRESH: TimeDelta = TimeDelta::minutes(30);

/// What a session must still set up.
pub(super) fn must(password: bool, second_factor: bool) -> Vec<SetUp> {
    let password = password.then_some(SetUp::Password);
    let second_factor = second_factor.then_some(SetUp::SecondFactor);
    password.into_iter().chain(second_factor).collect()
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

impl Caller {
    /// The right to change one's own second factors: with a confirmed identity (ATT-17), except for the first one that a
    /// session must set up while its login is fresh.
    ///
    /// # Errors
    /// [`Forbidden::StepUp`].
    pub fn permit_own_factors(&self) -> Result<Permit<may::Myself>, Forbidden> {
        let person = self.principal();
        let fresh = now() < person.expires_at - ABSOLUTE + FRESH;
        if fresh && person.must.contains(&SetUp::SecondFactor) && !person.has_second_factor {
            self.permit()
        } else {
            self.permit_stepped_up()
        }
    }
}

impl<P> WriteTx<'_, P> {
    /// For what asks for a confirmed identity only when the change turns out to be a dangerous one (ATT-17).
    ///
    /// # Errors
    /// 403 `step-up-required`.
    pub(crate) fn must_be_stepped_up(&self) -> Result<(), StoreError> {
        if self.scope.stepped_up {
            return Ok(());
        }
        Err(StoreError::Refused {
            slug: "step-up-required",
            status: 403,
            detail: "this change gives or takes rights: confirm your identity with POST /api/v1/auth/reauthenticate, \
                     then repeat within five minutes"
                .to_owned(),
        })
    }
}
