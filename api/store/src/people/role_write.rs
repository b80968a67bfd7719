//! Making, changing and deleting roles. Nobody puts into a role what they do not hold (ATT-24); a change counts on the next
//! request of everybody who has the role (ATT-15).

use super::roles::permissions_of;
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::RoleId;
use attest_domain::role::can_grant;
use attest_domain::text::{CODE_MAX, LINE_MAX, NOTE_MAX};
use attest_domain::{Action, Permission, PermissionSet, Refusal, may, name};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What is written of a role.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Trainee", "description": "Looks over shoulders", "permissions": ["sample:read", "result:read"]}))]
pub struct RoleData {
    /// Name, unique in the laboratory.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it allows; only what you hold yourself.
    #[schema(value_type = Vec<attest_domain::Permission>)]
    pub permissions: PermissionSet,
    /// Whether a second factor is asked for from everybody who has it. When absent: from those who may sign reports.
    #[serde(default)]
    pub second_factor: Option<bool>,
}

impl RoleData {
    /// Signing asks for a second factor unless the laboratory says otherwise (ATT-07).
    fn asks_for_second_factor(&self) -> bool {
        let signs = self.permissions.contains(Permission::ReportAuthorize);
        self.second_factor.unwrap_or(signs)
    }

    /// What may be changed even of the fixed roles: nothing of what they are and hold.
    fn same_rights(&self, other: &Self) -> bool {
        (&self.name, &self.description, self.permissions) == (&other.name, &other.description, other.permissions)
    }

    fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, CODE_MAX.min(LINE_MAX));
        wrong.unless(
            !slug(&self.name).is_empty(),
            "name",
            "invalid",
            "must have letters or digits",
        );
        wrong.maybe_lines(
            "description",
            Some(&self.description).filter(|text| !text.is_empty()),
            NOTE_MAX,
        );
        wrong.done()
    }
}

/// `Quality manager` becomes `quality_manager`.
fn slug(name: &str) -> String {
    name::normalise(name).replace(' ', "_")
}

row! { struct RoleRow { name: String, description: String, builtin: bool, editable: bool, second_factor: bool, version: i64 } }
row! { struct CountRow { count: i64 } }

impl WriteTx<'_, may::RoleManage> {
    /// A new role.
    ///
    /// # Errors
    /// [`StoreError::Faults`], [`StoreError::Duplicate`]; 403 for permissions the actor lacks.
    pub fn role_create(&mut self, data: &RoleData) -> Result<Recorded<RoleId>, StoreError> {
        data.check()?;
        can_grant(self.holds(), data.permissions)?;
        let data = &RoleData {
            second_factor: Some(data.asks_for_second_factor()),
            ..data.clone()
        };
        let (tenant, id, at) = (self.tenant(), RoleId::new(), now());
        sql("INSERT INTO roles (tenant_id, id, slug, name, description, builtin, editable, second_factor, created_at, created_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(slug(&data.name))
            .bind(&data.name)
            .bind(&data.description)
            .bind(false)
            .bind(true)
            .bind(data.second_factor)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)
            .map_err(named)?;
        self.permissions_set(id, data.permissions)?;
        let event = Event::new(Action::RoleCreated, "role", id).label(&data.name).version(1);
        self.record(difference(event, None, data)?, id)
    }

    /// A changed role.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`]; 403 for permissions the actor lacks; 409 for the
    /// fixed roles.
    pub fn role_edit(
        &mut self,
        id: RoleId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<RoleId>, StoreError> {
        let (row, before) = self.role_held(id, seen)?;
        let mut after: RoleData = merged(&before, patch)?;
        if !row.editable && !after.same_rights(&before) {
            return Err(Refusal::RoleFixed.into());
        }
        after.check()?;
        let begins_to_sign = after
            .permissions
            .minus(before.permissions)
            .contains(Permission::ReportAuthorize);
        if begins_to_sign && !patch.contains_key("second_factor") {
            after.second_factor = None;
        }
        after.second_factor = Some(after.asks_for_second_factor());
        can_grant(self.holds(), after.permissions.minus(before.permissions))?;
        let (tenant, version) = (self.tenant(), row.version.saturating_add(1));
        sql("UPDATE roles SET name = ?, description = ?, second_factor = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.name)
            .bind(&after.description)
            .bind(after.second_factor)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        if after.permissions != before.permissions {
            self.permissions_set(id, after.permissions)?;
        }
        if after.permissions != before.permissions || after.second_factor != before.second_factor {
            sql("UPDATE users SET access_version = access_version + 1 WHERE tenant_id = ? AND id IN (SELECT user_id FROM user_roles WHERE tenant_id = ? AND role_id = ?)")
                .bind(tenant)
                .bind(tenant)
                .bind(id)
                .run(self.db)?;
        }
        let event = Event::new(Action::RoleEdited, "role", id)
            .label(&after.name)
            .version(version);
        self.record(difference(event, Some(&before), &after)?, id)
    }

    /// Deletes a role that nobody has and that did not come with the program.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Conflict`].
    pub fn role_delete(&mut self, id: RoleId, seen: i64) -> Result<Recorded<RoleId>, StoreError> {
        let (row, before) = self.role_held(id, seen)?;
        let tenant = self.tenant();
        if !row.editable {
            return Err(Refusal::RoleFixed.into());
        }
        if row.builtin {
            return Err(StoreError::conflict(
                "a role that came with the program stays; take its permissions away instead",
            ));
        }
        let users = sql("SELECT COUNT(*) FROM user_roles WHERE tenant_id = ? AND role_id = ?")
            .bind(tenant)
            .bind(id)
            .one::<CountRow>(self.db)?
            .count;
        if users > 0 {
            return Err(StoreError::conflict(format!(
                "{users} users have this role; give them another one first"
            )));
        }
        sql("DELETE FROM role_permissions WHERE tenant_id = ? AND role_id = ?")
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        sql("DELETE FROM roles WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let words: Vec<&str> = before
            .permissions
            .iter()
            .map(attest_domain::Permission::as_str)
            .collect();
        let event = Event::new(Action::RoleDeleted, "role", id)
            .label(&before.name)
            .change("name", before.name.as_str(), Value::Null)
            .change("permissions", words.join(", "), Value::Null);
        self.record(event, id)
    }

    fn role_held(&mut self, id: RoleId, seen: i64) -> Result<(RoleRow, RoleData), StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT name, description, builtin, editable, second_factor, version FROM roles WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(id)
        .one::<RoleRow>(self.db)?;
        as_seen(seen, row.version)?;
        let permissions = permissions_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let data = RoleData {
            name: row.name.clone(),
            description: row.description.clone(),
            permissions,
            second_factor: Some(row.second_factor),
        };
        Ok((row, data))
    }

    fn permissions_set(&mut self, id: RoleId, permissions: PermissionSet) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("DELETE FROM role_permissions WHERE tenant_id = ? AND role_id = ?")
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        for permission in permissions.iter() {
            sql("INSERT INTO role_permissions (tenant_id, role_id, permission) VALUES (?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(permission.as_str())
                .run(self.db)?;
        }
        Ok(())
    }
}

/// The short name comes from the name: that is what the caller can change.
fn named(error: StoreError) -> StoreError {
    match error {
        StoreError::Duplicate { .. } => StoreError::Duplicate {
            field: "name".to_owned(),
        },
        other => other,
    }
}
