//! Users as they are shown: with their roles, single permissions, and whether they may sign in.

use super::grants::{GrantView, grants_of};
use crate::catalogue::word_beginning;
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::{Listing, Page, Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{ClientId, RoleId, UserId};
use attest_domain::{Language, may, name};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Permits whose answers may show users and roles.
pub trait SeesPeople {}
impl SeesPeople for may::UserRead {}
impl SeesPeople for may::UserManage {}
impl SeesPeople for may::RoleManage {}

/// A user of the laboratory.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// Its id.
    pub id: UserId,
    /// E-mail address, with which the person signs in.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    pub title: Option<String>,
    /// Language of screens.
    pub language: Language,
    /// May sign in.
    pub active: bool,
    /// Has chosen no password yet; the invitation went by mail.
    pub invited: bool,
    /// Roles.
    pub roles: Vec<Ref>,
    /// The client the person belongs to, whose things are all they see; none for staff.
    pub client_id: Option<ClientId>,
    /// Single permissions on top of the roles.
    pub grants: Vec<GrantView>,
    /// Has a second factor.
    pub second_factor: bool,
    /// Last successful login.
    pub last_login_at: Option<DateTime<Utc>>,
    /// When the user was added.
    pub created_at: DateTime<Utc>,
    /// By whom; nothing for the first administrator.
    pub created_by: Option<Person>,
    /// When the user was changed last.
    pub updated_at: DateTime<Utc>,
    /// The user's version; the ETag.
    pub version: i64,
}

/// What a list of users may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Beginning of a word of the name, or of the e-mail address.
    pub q: Option<String>,
    /// May sign in or not.
    pub active: Option<bool>,
    /// Has this role.
    pub role: Option<RoleId>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}

row! {
    struct UserRow {
        id: UserId,
        name_key: String,
        email: String,
        name: String,
        title: Option<String>,
        language: String,
        active: bool,
        invited: bool,
        client_id: Option<ClientId>,
        has_second_factor: bool,
        last_login_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const USER: &str = "SELECT u.id, u.name_key, u.email, u.name, u.title, u.language, u.active, u.password_hash = '', u.client_id, u.has_second_factor, u.last_login_at, u.created_at, u.created_by, c.name, u.updated_at, u.version \
     FROM users u LEFT JOIN users c ON c.tenant_id = u.tenant_id AND c.id = u.created_by WHERE u.tenant_id = ? AND u.kind = 'person'";

row! { struct RoleRow { user_id: UserId, id: Uuid, name: String } }

impl<P: SeesPeople> ReadTx<'_, P> {
    /// One user.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn user_view(&mut self, id: UserId) -> Result<UserView, StoreError> {
        let tenant = self.tenant();
        let row = sql(format!("{USER} AND u.id = ?"))
            .bind(tenant)
            .bind(id)
            .one::<UserRow>(self.db)?;
        shown(self.db, tenant, vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of users, by name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn user_list(&mut self, filter: &UserFilter, page: &Page) -> Result<Listing<UserView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "users");
        let mut query = sql(USER).bind(tenant);
        if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            let email: String = q.to_lowercase().chars().filter(|c| !c.is_control()).collect();
            let length = i64::try_from(email.chars().count()).unwrap_or(i64::MAX);
            query.push(" AND (");
            if let Some(pattern) = word_beginning(&name::normalise(q)) {
                query.push("(' ' || u.name_key) LIKE ? OR ").value(pattern);
            }
            query
                .push("substr(u.email, 1, CAST(? AS INTEGER)) = ?)")
                .value(length)
                .value(email);
        }
        if let Some(active) = filter.active {
            query.push(" AND u.active = ?").value(active);
        }
        if let Some(role) = filter.role {
            query.push(" AND EXISTS (SELECT 1 FROM user_roles x WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id AND x.role_id = ?)").value(role);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND u.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query
                .push(" AND (u.name_key, u.id) > (?, ?)")
                .value(start.key)
                .value(start.id);
        }
        query
            .push(" ORDER BY u.name_key, u.id LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<UserRow>(self.db)?;
        let Listing { items, next } = cursors.finish(page, rows, |row| Position {
            key: row.name_key.clone(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: shown(self.db, tenant, items)?,
            next,
        })
    }
}

fn shown(db: &mut Db, tenant: Uuid, rows: Vec<UserRow>) -> Result<Vec<UserView>, StoreError> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let mut roles = roles_of(db, tenant, &ids)?;
    let mut grants = grants_of(db, tenant, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| UserView {
            roles: roles.remove(&row.id).unwrap_or_default(),
            grants: grants.remove(&row.id).unwrap_or_default(),
            id: row.id,
            email: row.email,
            name: row.name,
            title: row.title,
            language: row.language.parse().unwrap_or(Language::En),
            active: row.active,
            invited: row.invited,
            client_id: row.client_id,
            second_factor: row.has_second_factor,
            last_login_at: row.last_login_at,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.creator),
            updated_at: row.updated_at,
            version: row.version,
        })
        .collect())
}

pub(crate) fn roles_of(db: &mut Db, tenant: Uuid, users: &[UserId]) -> Result<HashMap<UserId, Vec<Ref>>, StoreError> {
    let mut found: HashMap<UserId, Vec<Ref>> = HashMap::new();
    if users.is_empty() {
        return Ok(found);
    }
    let mut query = sql("SELECT x.user_id, r.id, r.name FROM user_roles x JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
         WHERE x.tenant_id = ? AND x.user_id IN (")
    .bind(tenant);
    query.list(users.iter().copied()).push(") ORDER BY r.name, r.id");
    for row in query.all::<RoleRow>(db)? {
        found.entry(row.user_id).or_default().push(Ref {
            id: row.id,
            name: row.name,
        });
    }
    Ok(found)
}
