//! Roles: the ones that ship, what a person may do with several of them, and who may hand them out.

mod realm;
mod shipped;

pub use realm::{Realm, open_to_visitors};
pub use shipped::ShippedRole;

use crate::vocabulary::vocabulary;
use crate::{Permission, PermissionSet, Refusal};

vocabulary! {
    /// What kind of laboratory it is; decides which roles ship.
    LaboratoryKind {
        /// A testing laboratory (ISO/IEC 17025): works for clients.
        Testing = "testing", "testing laboratory", "laboratorium badawcze";
        /// A medical laboratory (ISO 15189): works for patients.
        Medical = "medical", "medical laboratory", "laboratorium medyczne";
    }
}

vocabulary! {
    /// Which way a single permission goes that a user has on top of the roles.
    GrantEffect {
        /// Given although no role has it.
        Allow = "allow", "allowed", "przyznane";
        /// Taken although a role has it.
        Deny = "deny", "denied", "odebrane";
    }
}

/// A single permission on top of the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleGrant {
    /// Which permission.
    pub permission: Permission,
    /// Given or taken.
    pub effect: GrantEffect,
}

/// What a person may do: everything any role allows, and what is allowed singly, without what is denied. A denial always wins.
#[must_use]
pub fn effective(
    roles: impl IntoIterator<Item = PermissionSet>,
    grants: impl IntoIterator<Item = SingleGrant>,
) -> PermissionSet {
    let from_roles = roles.into_iter().fold(PermissionSet::EMPTY, PermissionSet::union);
    let (mut allowed, mut denied) = (from_roles, PermissionSet::EMPTY);
    for grant in grants {
        match grant.effect {
            GrantEffect::Allow => allowed.insert(grant.permission),
            GrantEffect::Deny => denied.insert(grant.permission),
        }
    }
    allowed.minus(denied)
}

/// May `holder` put `wanted` into a role, or grant it singly? Only what one holds oneself (ATT-24).
///
/// # Errors
/// [`Refusal::GrantBeyondOwn`], naming what is missing.
pub fn can_grant(holder: PermissionSet, wanted: PermissionSet) -> Result<(), Refusal> {
    if holder.is_superset(wanted) {
        return Ok(());
    }
    Err(Refusal::GrantBeyondOwn {
        missing: wanted.minus(holder).iter().collect(),
    })
}

/// May somebody with `holder`'s permissions give a person the role? Handing out a role whose content the laboratory has already
/// settled is the administrator's work (`user:manage`) and makes no new power; else an administrator, who holds nothing on
/// results, could not employ an analyst. Nobody hands a role to themselves unless they already hold all of it.
///
/// # Errors
/// [`Refusal::OwnRights`] or [`Refusal::GrantBeyondOwn`].
pub fn can_assign(holder: PermissionSet, role: PermissionSet, to_oneself: bool) -> Result<(), Refusal> {
    match can_grant(holder, role) {
        Ok(()) => Ok(()),
        Err(_) if to_oneself => Err(Refusal::OwnRights),
        Err(_) if holder.contains(Permission::UserManage) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// Refuses the change (deactivation, other roles) that would leave the laboratory without an active administrator.
///
/// # Errors
/// [`Refusal::LastAdministrator`].
pub fn require_an_administrator(active_administrators_afterwards: u64) -> Result<(), Refusal> {
    if active_administrators_afterwards == 0 {
        Err(Refusal::LastAdministrator)
    } else {
        Ok(())
    }
}
