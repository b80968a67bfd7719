//! Who may hand out what (ATT-24), and the administrator who must stay.

use super::grants::GrantData;
use crate::check::Faults;
use crate::db::{Db, row, sql};
use crate::{StoreError, WriteTx, now};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::role::{GrantEffect, ShippedRole, can_assign, can_grant, require_an_administrator};
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Permission, PermissionSet};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

row! { struct PermissionRow { role_id: RoleId, permission: Option<String> } }
row! { struct CountRow { count: i64 } }

/// Roles that a person may be given at once.
const ROLES_MAX: usize = 20;

/// What roles hold; who is not in the answer is no role of this laboratory.
fn held(db: &mut Db, tenant: Uuid, roles: &[RoleId]) -> Result<HashMap<RoleId, PermissionSet>, StoreError> {
    let mut found: HashMap<RoleId, PermissionSet> = HashMap::new();
    if roles.is_empty() {
        return Ok(found);
    }
    let mut query = sql("SELECT r.id, p.permission FROM roles r LEFT JOIN role_permissions p ON p.tenant_id = r.tenant_id AND p.role_id = r.id \
         WHERE r.tenant_id = ? AND r.id IN (")
    .bind(tenant);
    query.list(roles.iter().copied()).push(")");
    for row in query.all::<PermissionRow>(db)? {
        let set = found.entry(row.role_id).or_default();
        if let Some(Ok(permission)) = row.permission.map(|text| text.parse::<Permission>()) {
            set.insert(permission);
        }
    }
    Ok(found)
}

impl<P> WriteTx<'_, P> {
    /// What the actor may hand on: what they hold themselves at this moment.
    pub(super) fn holds(&self) -> PermissionSet {
        self.scope.permissions
    }

    /// The roles exist, and the actor may give those that are new to the person.
    pub(crate) fn may_assign(
        &mut self,
        wanted: &[RoleId],
        before: &[RoleId],
        person: Option<UserId>,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let known = held(self.db, tenant, wanted)?;
        let (mut wrong, mut seen) = (Faults::default(), HashSet::new());
        wrong.unless(
            wanted.len() <= ROLES_MAX,
            "role_ids",
            "length",
            format!("must name at most {ROLES_MAX} roles"),
        );
        for (index, role) in wanted.iter().enumerate() {
            wrong.unless(
                known.contains_key(role),
                format!("role_ids.{index}"),
                "unknown",
                "this laboratory has no such role",
            );
            wrong.unless(
                seen.insert(*role),
                format!("role_ids.{index}"),
                "duplicate",
                "this role is named already",
            );
        }
        wrong.done()?;
        let oneself = person.is_some() && person == self.user();
        for (role, permissions) in &known {
            if !before.contains(role) {
                can_assign(self.holds(), *permissions, oneself)?;
            }
        }
        Ok(())
    }

    /// The actor may hand out these roles to whoever will come for them; those that were handed out so before stay.
    pub(crate) fn may_hand_out(&mut self, wanted: &[RoleId], before: &[RoleId]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for (role, permissions) in held(self.db, tenant, wanted)? {
            if !before.contains(&role) {
                can_assign(self.holds(), permissions, false)?;
            }
        }
        Ok(())
    }

    /// Whoever makes somebody powerful has just confirmed that they are there themselves (ATT-17).
    pub(super) fn stepped_up_for(&mut self, roles: &[RoleId]) -> Result<(), StoreError> {
        const POWERFUL: PermissionSet = PermissionSet::of(&[
            Permission::UserManage,
            Permission::RoleManage,
            Permission::SettingsManage,
            Permission::AuditExport,
            Permission::ServiceAccountManage,
            Permission::ResultVerify,
            Permission::ReportAuthorize,
            Permission::ReportRelease,
            Permission::PatientRead,
        ]);
        let tenant = self.tenant();
        let powerful = held(self.db, tenant, roles)?
            .into_values()
            .any(|role| !role.intersection(POWERFUL).is_empty());
        if powerful { self.must_be_stepped_up() } else { Ok(()) }
    }

    /// The actor may give the single permissions that are new, and lift the denials that are gone or end sooner: both widen.
    pub(super) fn may_grant(&self, wanted: &[GrantData], before: &[GrantData]) -> Result<(), StoreError> {
        let (mut wrong, mut seen) = (Faults::default(), HashSet::new());
        for (index, grant) in wanted.iter().enumerate() {
            wrong.unless(
                seen.insert(grant.permission),
                format!("grants.{index}.permission"),
                "duplicate",
                "this permission is named already",
            );
            if let Err(refusal) = check_lines(&grant.reason, NOTE_MAX) {
                wrong.say(format!("grants.{index}.reason"), refusal.code(), refusal.to_string());
            }
            wrong.unless(
                grant.until.is_none_or(|until| until > now()) || before.contains(grant),
                format!("grants.{index}.until"),
                "past",
                "must lie in the future",
            );
        }
        wrong.done()?;
        let more = |grants: &[GrantData], effect: GrantEffect, than: &[GrantData]| -> PermissionSet {
            let more = grants
                .iter()
                .filter(|grant| grant.effect == effect && !grant.is_within(than));
            more.map(|grant| grant.permission).collect()
        };
        let given = more(wanted, GrantEffect::Allow, before);
        let lifted = more(before, GrantEffect::Deny, wanted);
        Ok(can_grant(self.holds(), given.union(lifted))?)
    }

    /// Makes concurrent changes of people wait for one another, so that two cannot each remove the other's last administrator.
    pub(crate) fn people_locked(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql(format!(
            "SELECT 1 FROM roles WHERE tenant_id = ? AND slug = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(ShippedRole::Administrator.slug())
        .run(self.db)
        .map(|_rows| ())
    }

    /// After a change: somebody who may still manage users must be able to sign in as administrator.
    pub(crate) fn an_administrator_stays(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let left = sql(
            "SELECT COUNT(*) FROM users u JOIN user_roles x ON x.tenant_id = u.tenant_id AND x.user_id = u.id \
             JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
             WHERE u.tenant_id = ? AND u.kind = 'person' AND u.active = ? AND r.slug = ? AND NOT EXISTS (SELECT 1 FROM user_grants g \
             WHERE g.tenant_id = u.tenant_id AND g.user_id = u.id AND g.effect = 'deny' AND g.permission = ? AND (g.until IS NULL OR g.until > ?))",
        )
        .bind(tenant)
        .bind(true)
        .bind(ShippedRole::Administrator.slug())
        .bind(Permission::UserManage.as_str())
        .bind(now())
        .one::<CountRow>(self.db)?
        .count;
        Ok(require_an_administrator(u64::try_from(left).unwrap_or(0))?)
    }
}
