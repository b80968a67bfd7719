//! Laboratories in which passwords open nothing, except to those who could mend a broken connection with the provider.

use super::offered::known;
use crate::access::effective_permissions;
use crate::db::Db;
use crate::{Store, StoreError};
use attest_domain::Permission;
use attest_domain::ids::UserId;
use uuid::Uuid;

/// The provider's name, where this person signs in by it and by nothing else.
pub(crate) fn signs_on_only(db: &mut Db, tenant: Uuid, user: UserId) -> Result<Option<String>, StoreError> {
    let Some((provider, rules)) = known(db, tenant)? else {
        return Ok(None);
    };
    let bound = rules.enforced && !effective_permissions(db, tenant, user.uuid())?.contains(Permission::SettingsManage);
    Ok(bound.then_some(provider.name))
}

impl Store {
    /// Whether passwords open nothing in the laboratory that was named, or in the only one there is. Depends on nothing else, so
    /// that the answer tells nothing about accounts.
    pub(in crate::access) async fn sign_on_enforced(&self, slug: Option<&str>) -> Result<bool, StoreError> {
        Ok(self.sign_on_offered(slug).await?.is_some_and(|offer| offer.enforced))
    }

    /// Whether this person's password opens nothing.
    pub(in crate::access) async fn password_opens_nothing(&self, tenant: Uuid, user: Uuid) -> Result<bool, StoreError> {
        let found = self.inner.backend.read(Some(tenant), move |db| {
            signs_on_only(db, tenant, UserId::from_uuid(user))
        });
        Ok(found.await?.is_some())
    }
}
