//! What persons and service accounts are given alike: roles, single permissions, the client they belong to.

use super::grants::{GrantData, GrantView};
use super::users::roles_of;
use crate::db::{row, sql};
use crate::{StoreError, WriteTx, now};
use attest_domain::ids::{ClientId, RoleId, UserId};

impl<P> WriteTx<'_, P> {
    /// The client's name, for the audit trail; refuses one that is not there.
    pub(super) fn client_named(&mut self, id: Option<ClientId>) -> Result<Option<String>, StoreError> {
        row! { struct NameRow { name: String } }
        let Some(id) = id else { return Ok(None) };
        sql("SELECT name FROM clients WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .first::<NameRow>(self.db)?
            .map(|row| Some(row.name))
            .ok_or_else(|| StoreError::invalid("client_id", "unknown", "there is no such client"))
    }

    /// The names of somebody's roles.
    pub(crate) fn role_names(&mut self, user: UserId) -> Result<Vec<String>, StoreError> {
        let tenant = self.tenant();
        Ok(roles_of(self.db, tenant, &[user])?
            .remove(&user)
            .unwrap_or_default()
            .into_iter()
            .map(|role| role.name)
            .collect())
    }

    /// Gives somebody exactly these roles; whoever calls has asked [`may_assign`](Self::may_assign).
    pub(crate) fn roles_set(&mut self, user: UserId, roles: &[RoleId]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("DELETE FROM user_roles WHERE tenant_id = ? AND user_id = ?")
            .bind(tenant)
            .bind(user)
            .run(self.db)?;
        for role in roles {
            sql("INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES (?, ?, ?)")
                .bind(tenant)
                .bind(user)
                .bind(*role)
                .run(self.db)?;
        }
        Ok(())
    }

    /// Gives somebody exactly these single permissions; whoever calls has asked [`may_grant`](Self::may_grant). Those that stay
    /// as they were keep who gave them, and when.
    pub(super) fn grants_set(
        &mut self,
        user: UserId,
        grants: &[GrantData],
        before: &[GrantView],
    ) -> Result<(), StoreError> {
        let (tenant, at) = (self.tenant(), now());
        sql("DELETE FROM user_grants WHERE tenant_id = ? AND user_id = ?")
            .bind(tenant)
            .bind(user)
            .run(self.db)?;
        for grant in grants {
            let (by, at) = match before.iter().find(|known| known.data() == *grant) {
                Some(known) => (known.granted_by.as_ref().map(|person| person.id), known.granted_at),
                None => (self.user().map(UserId::uuid), Some(at)),
            };
            sql("INSERT INTO user_grants (tenant_id, user_id, permission, effect, reason, until, granted_by, granted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(tenant)
                .bind(user)
                .bind(grant.permission.as_str())
                .bind(grant.effect.as_str())
                .bind(&grant.reason)
                .bind(grant.until)
                .bind(by)
                .bind(at)
                .run(self.db)?;
        }
        Ok(())
    }
}
