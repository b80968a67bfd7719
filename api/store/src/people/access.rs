//! Why somebody may do something: which roles, which single permissions, given by whom, until when.

use super::grants::{GrantView, grants_of};
use super::roles::permissions_of;
use super::users::{SeesPeople, roles_of};
use crate::db::{row, sql};
use crate::{Person, ReadTx, Ref, StoreError};
use attest_domain::Permission;
use attest_domain::ids::{RoleId, UserId};
use attest_domain::role::GrantEffect;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything there is to be allowed, and why somebody is or is not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessView {
    /// The person, or the service account.
    pub user: Person,
    /// All permissions, grouped by area.
    pub permissions: Vec<PermissionAccess>,
}

/// One permission of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PermissionAccess {
    /// Which.
    pub permission: Permission,
    /// Whether the person holds it at this moment.
    pub held: bool,
    /// What gives it.
    pub because: Vec<Because>,
    /// What takes it away, whatever gives it.
    pub denied_by: Option<Single>,
}

/// What gives a permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Because {
    /// A role that the person has.
    Role(RoleNamed),
    /// A single permission.
    Grant(Single),
}

/// A role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleNamed {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A single permission given or taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Single {
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<Person>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub until: Option<DateTime<Utc>>,
}

row! { struct NameRow { name: String } }

impl<P: SeesPeople> ReadTx<'_, P> {
    /// What a person or a service account may do, and why.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn access_view(&mut self, id: UserId) -> Result<AccessView, StoreError> {
        let tenant = self.tenant();
        let name = sql("SELECT name FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<NameRow>(self.db)?
            .name;
        let roles = roles_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let ids: Vec<RoleId> = roles.iter().map(|role| RoleId::from_uuid(role.id)).collect();
        let held = permissions_of(self.db, tenant, &ids)?;
        let grants = grants_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let gives = |role: &Ref, permission: Permission| {
            let held = held.get(&RoleId::from_uuid(role.id));
            held.is_some_and(|set| set.contains(permission))
        };
        let permissions = self.laboratory().realm.permissions();
        let permissions = permissions
            .iter()
            .map(|permission| {
                let single = |effect: GrantEffect| {
                    let grant = grants
                        .iter()
                        .find(|grant| grant.permission == permission && grant.effect == effect);
                    grant.map(Single::from)
                };
                let by_roles = roles.iter().filter(|role| gives(role, permission)).map(|role| {
                    Because::Role(RoleNamed {
                        id: role.id,
                        name: role.name.clone(),
                    })
                });
                let because: Vec<Because> = by_roles.chain(single(GrantEffect::Allow).map(Because::Grant)).collect();
                let denied_by = single(GrantEffect::Deny);
                PermissionAccess {
                    permission,
                    held: !because.is_empty() && denied_by.is_none(),
                    because,
                    denied_by,
                }
            })
            .collect();
        Ok(AccessView {
            user: Person { id: id.uuid(), name },
            permissions,
        })
    }
}

impl From<&GrantView> for Single {
    fn from(grant: &GrantView) -> Self {
        Self {
            reason: grant.reason.clone(),
            by: grant.granted_by.clone(),
            at: grant.granted_at,
            until: grant.until,
        }
    }
}
