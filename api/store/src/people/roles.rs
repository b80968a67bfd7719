//! Roles as they are shown.

use super::users::SeesPeople;
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::{Listing, Page, Person, ReadTx, StoreError};
use attest_domain::ids::RoleId;
use attest_domain::{Permission, PermissionSet};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role: a named set of permissions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleView {
    /// Its id.
    pub id: RoleId,
    /// Short name; never changes.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Came with the program.
    pub builtin: bool,
    /// May be changed: not the administrator and the auditor.
    pub editable: bool,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// A second factor is asked for from everybody who has it, if the laboratory's policy goes by role.
    pub second_factor: bool,
    /// Users who have it, inactive ones included.
    pub user_count: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// By whom; nothing for those that ship.
    pub created_by: Option<Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

row! {
    struct RoleRow {
        id: RoleId,
        slug: String,
        name: String,
        description: String,
        builtin: bool,
        editable: bool,
        second_factor: bool,
        user_count: i64,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const ROLE: &str = "SELECT r.id, r.slug, r.name, r.description, r.builtin, r.editable, r.second_factor, \
     (SELECT COUNT(*) FROM user_roles x WHERE x.tenant_id = r.tenant_id AND x.role_id = r.id), r.created_at, r.created_by, c.name, r.updated_at, r.version \
     FROM roles r LEFT JOIN users c ON c.tenant_id = r.tenant_id AND c.id = r.created_by WHERE r.tenant_id = ?";

row! { struct PermissionRow { role_id: RoleId, permission: String } }

impl<P: SeesPeople> ReadTx<'_, P> {
    /// One role.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn role(&mut self, id: RoleId) -> Result<RoleView, StoreError> {
        let tenant = self.tenant();
        let row = sql(format!("{ROLE} AND r.id = ?"))
            .bind(tenant)
            .bind(id)
            .one::<RoleRow>(self.db)?;
        shown(self.db, tenant, vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of roles, by short name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn role_list(
        &mut self,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<RoleView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "roles");
        let mut query = sql(ROLE).bind(tenant);
        if let Some(since) = updated_since {
            query.push(" AND r.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND r.slug > ?").value(start.key);
        }
        query
            .push(" ORDER BY r.slug LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<RoleRow>(self.db)?;
        let Listing { items, next } = cursors.finish(page, rows, |row| Position {
            key: row.slug.clone(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: shown(self.db, tenant, items)?,
            next,
        })
    }
}

fn shown(db: &mut Db, tenant: Uuid, rows: Vec<RoleRow>) -> Result<Vec<RoleView>, StoreError> {
    let ids: Vec<RoleId> = rows.iter().map(|row| row.id).collect();
    let mut permissions = permissions_of(db, tenant, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| RoleView {
            permissions: permissions.remove(&row.id).unwrap_or_default().iter().collect(),
            id: row.id,
            slug: row.slug,
            name: row.name,
            description: row.description,
            builtin: row.builtin,
            editable: row.editable,
            second_factor: row.second_factor,
            user_count: row.user_count,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.creator),
            updated_at: row.updated_at,
            version: row.version,
        })
        .collect())
}

pub(super) fn permissions_of(
    db: &mut Db,
    tenant: Uuid,
    roles: &[RoleId],
) -> Result<HashMap<RoleId, PermissionSet>, StoreError> {
    let mut found: HashMap<RoleId, PermissionSet> = HashMap::new();
    if roles.is_empty() {
        return Ok(found);
    }
    let mut query =
        sql("SELECT role_id, permission FROM role_permissions WHERE tenant_id = ? AND role_id IN (").bind(tenant);
    query.list(roles.iter().copied()).push(")");
    for row in query.all::<PermissionRow>(db)? {
        // A permission of a newer version of the program is not one this version could show.
        if let Ok(permission) = row.permission.parse() {
            found.entry(row.role_id).or_default().insert(permission);
        }
    }
    Ok(found)
}
