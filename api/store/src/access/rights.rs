//! What somebody may do at this moment, and on whose things; kept in memory for as long as nothing changed it.

use super::caller::VISITOR;
use super::restricted::second_factor_asked_for;
use crate::db::{Db, row, sql};
use crate::{StoreError, now};
use attest_domain::role::{Realm, ShippedRole, open_to_visitors};
use attest_domain::{Permission, PermissionSet};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Effective permissions by user, valid for one `access_version`: every change of roles or grants raises it, so a
/// stale entry is never used, on any node. What ends by itself raises nothing: an entry is good until the first end in it.
#[derive(Default)]
pub(crate) struct AccessCache {
    known: Mutex<HashMap<(Uuid, Uuid), (i64, Rights)>>,
}

/// What somebody may do, and on whose things.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rights {
    pub(super) permissions: PermissionSet,
    pub(super) only_client: Option<Uuid>,
    /// One of the roles asks for a second factor.
    pub(super) second_factor: bool,
    /// When the first of the single permissions in force ends.
    until: Option<DateTime<Utc>>,
}

impl Rights {
    /// Those of a token that has only a part of its account's permissions, or all of them.
    pub(super) fn narrowed(self, part: Option<PermissionSet>) -> Self {
        Self {
            permissions: part.map_or(self.permissions, |part| self.permissions.intersection(part)),
            ..self
        }
    }
}

row! {
    struct PermissionRow {
        permission: String,
        effect: String,
        until: Option<DateTime<Utc>>,
    }
}

row! { struct AccountRow { realm: String, kind: String } }

impl AccessCache {
    /// What is remembered for this version.
    pub(super) fn known(&self, tenant: Uuid, user: Uuid, version: i64) -> Option<Rights> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(tenant, user))
            .filter(|(known, rights)| *known == version && rights.until.is_none_or(|until| now() < until))
            .map(|(_, rights)| *rights)
    }

    pub(crate) fn rights(&self, db: &mut Db, tenant: Uuid, user: Uuid, version: i64) -> Result<Rights, StoreError> {
        if let Some(rights) = self.known(tenant, user, version) {
            return Ok(rights);
        }
        let (permissions, until) = effective(db, tenant, user)?;
        let rights = Rights {
            permissions,
            only_client: only_client(db, tenant, user)?,
            second_factor: second_factor_asked_for(db, tenant, user)?,
            until,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Bounded: a provider's many users must not fill the memory; the next request reads again.
        if known.len() > 10_000 {
            known.clear();
        }
        known.insert((tenant, user), (version, rights));
        Ok(rights)
    }
}

/// Union of the roles, plus what was allowed, minus what was denied: denial always wins. Of that, what the realm and the kind of
/// account leave: whatever is written in the tables, a laboratory's people have no power over the platform, nor its people over a
/// laboratory (ADR 8).
pub(crate) fn effective_permissions(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<PermissionSet, StoreError> {
    effective(db, tenant, user).map(|(permissions, _until)| permissions)
}

/// As above, and when this is over by itself.
fn effective(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<(PermissionSet, Option<DateTime<Utc>>), StoreError> {
    let rows = sql(
        "SELECT p.permission, 'allow', NULL FROM user_roles r JOIN role_permissions p ON p.tenant_id = r.tenant_id AND p.role_id = r.role_id \
         WHERE r.tenant_id = ? AND r.user_id = ? \
         UNION ALL SELECT g.permission, g.effect, g.until FROM user_grants g WHERE g.tenant_id = ? AND g.user_id = ?",
    )
    .bind(tenant)
    .bind(user)
    .bind(tenant)
    .bind(user)
    .all::<PermissionRow>(db)?;
    let (mut allowed, mut denied) = (PermissionSet::EMPTY, PermissionSet::EMPTY);
    let at = now();
    let in_force = |row: &&PermissionRow| row.until.is_none_or(|until| at < until);
    for row in rows.iter().filter(in_force) {
        // A permission of a newer version of the program is not one this version could honour.
        let Ok(permission) = row.permission.parse::<Permission>() else {
            continue;
        };
        if row.effect == "deny" {
            denied.insert(permission)
        } else {
            allowed.insert(permission)
        }
    }
    let until = rows.iter().filter(in_force).filter_map(|row| row.until).min();
    let held = allowed.minus(denied);
    let account = sql(
        "SELECT t.realm, u.kind FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.tenant_id = ? AND u.id = ?",
    )
    .bind(tenant)
    .bind(user)
    .one::<AccountRow>(db)?;
    let realm: Realm = account.realm.parse().map_err(StoreError::broken)?;
    let left = if account.kind == VISITOR {
        open_to_visitors(held)
    } else {
        held
    };
    Ok((left.intersection(realm.permissions()), until))
}

/// Whose things alone a person sees: those of the client they belong to. Somebody with the role for clients who belongs to
/// none yet sees nobody's.
pub(crate) fn only_client(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<Option<Uuid>, StoreError> {
    row! { struct BelongsRow { client_id: Option<Uuid>, roles: i64 } }
    let row = sql("SELECT u.client_id, (SELECT COUNT(*) FROM user_roles x JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
         WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id AND r.slug = ?) FROM users u WHERE u.tenant_id = ? AND u.id = ?")
        .bind(ShippedRole::Client.slug())
        .bind(tenant)
        .bind(user)
        .one::<BelongsRow>(db)?;
    Ok(row.client_id.or((row.roles > 0).then(Uuid::nil)))
}
