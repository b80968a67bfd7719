//! Two roles or persons side by side: what one may do and the other may not.

use super::roles::permissions_of;
use super::users::SeesPeople;
use crate::access::effective_permissions;
use crate::db::{row, sql};
use crate::{ReadTx, StoreError};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::{Permission, PermissionSet};
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is compared: a role, or what a person (or a service account) may do at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// `role:<id>`
    Role(RoleId),
    /// `user:<id>`
    User(UserId),
}

impl FromStr for Holder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let holder = match text.split_once(':') {
            Some(("role", id)) => id.parse().ok().map(Self::Role),
            Some(("user", id)) => id.parse().ok().map(Self::User),
            _ => None,
        };
        holder.ok_or("must be role:<id> or user:<id>")
    }
}

/// A side of a comparison.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HolderView {
    /// `role` or `user`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// Two sides, permission by permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparisonView {
    /// One.
    pub left: HolderView,
    /// The other.
    pub right: HolderView,
    /// All permissions, grouped by area.
    pub permissions: Vec<ComparedPermission>,
}

/// One permission on both sides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparedPermission {
    /// Which.
    pub permission: Permission,
    /// The left side holds it.
    pub left: bool,
    /// The right side holds it.
    pub right: bool,
}

row! { struct NameRow { name: String } }

impl<P: SeesPeople> ReadTx<'_, P> {
    /// What two roles or persons hold.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when one of them is not there.
    pub fn comparison(&mut self, left: Holder, right: Holder) -> Result<ComparisonView, StoreError> {
        let (left, of_left) = self.holder(left)?;
        let (right, of_right) = self.holder(right)?;
        let permissions = self.laboratory().realm.permissions();
        let permissions = permissions
            .iter()
            .map(|permission| ComparedPermission {
                permission,
                left: of_left.contains(permission),
                right: of_right.contains(permission),
            })
            .collect();
        Ok(ComparisonView {
            left,
            right,
            permissions,
        })
    }

    fn holder(&mut self, holder: Holder) -> Result<(HolderView, PermissionSet), StoreError> {
        let tenant = self.tenant();
        let (kind, id, question) = match holder {
            Holder::Role(id) => (
                "role",
                id.uuid(),
                "SELECT name FROM roles WHERE tenant_id = ? AND id = ?",
            ),
            Holder::User(id) => (
                "user",
                id.uuid(),
                "SELECT name FROM users WHERE tenant_id = ? AND id = ?",
            ),
        };
        let name = sql(question).bind(tenant).bind(id).one::<NameRow>(self.db)?.name;
        let held = match holder {
            Holder::Role(role) => permissions_of(self.db, tenant, &[role])?
                .remove(&role)
                .unwrap_or_default(),
            Holder::User(_) => effective_permissions(self.db, tenant, id)?,
        };
        Ok((HolderView { kind, id, name }, held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_named_by_kind_and_id() {
        let id = Uuid::now_v7();
        assert_eq!(format!("role:{id}").parse(), Ok(Holder::Role(RoleId::from_uuid(id))));
        assert_eq!(format!("user:{id}").parse(), Ok(Holder::User(UserId::from_uuid(id))));
        for wrong in ["", "role", "role:", "group:1", "role:1", &id.to_string()] {
            assert!(wrong.parse::<Holder>().is_err(), "{wrong}");
        }
    }
}
