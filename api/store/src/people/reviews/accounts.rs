//! Accounts as they are now: what a review writes down when it is opened, and compares with later.

use super::super::grants::grants_of;
use super::super::users::roles_of;
use crate::db::{Db, row, sql};
use crate::reference::word;
use crate::{StoreError, now};
use attest_domain::Permission;
use attest_domain::access_review::{AccountKind, AccountUse};
use attest_domain::ids::UserId;
use attest_domain::role::GrantEffect;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A single permission that an account had on top of its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewedGrant {
    /// Which permission.
    pub permission: String,
    /// Given or taken.
    pub effect: GrantEffect,
    /// When it ends by itself.
    pub until: Option<DateTime<Utc>>,
}

/// An account as it was when the review was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountThen {
    /// Printed name of the person, or the program's name.
    pub name: String,
    /// A person's e-mail address.
    pub email: Option<String>,
    /// The person who answers for a program.
    pub owner: Option<String>,
    /// The client whose things are all it sees.
    pub client: Option<String>,
    /// Names of its roles.
    pub roles: Vec<String>,
    /// Single permissions on top of them.
    pub grants: Vec<ReviewedGrant>,
    /// A person has a second factor.
    pub second_factor: bool,
    /// Last login of a person, last call of a program; null when it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// An account as it is.
pub(super) struct Account {
    pub(super) id: UserId,
    pub(super) kind: AccountKind,
    pub(super) active: bool,
    pub(super) owner_active: bool,
    pub(super) then: AccountThen,
}

impl Account {
    pub(super) fn usage(&self) -> AccountUse {
        AccountUse {
            created_at: self.then.created_at,
            last_used_at: self.then.last_used_at,
            owner_active: self.owner_active,
        }
    }
}

row! {
    struct AccountRow {
        id: UserId,
        kind: String,
        active: bool,
        name: String,
        email: String,
        second_factor: bool,
        created_at: DateTime<Utc>,
        last_login_at: Option<DateTime<Utc>>,
        last_call_at: Option<DateTime<Utc>>,
        owner: Option<String>,
        owner_active: Option<bool>,
        client: Option<String>,
    }
}
row! { struct HolderRow { id: UserId } }

// A session lasts a day at most, so that the last login says when a person was last here.
const ACCOUNT: &str = "SELECT u.id, u.kind, u.active, u.name, u.email, u.has_second_factor, u.created_at, u.last_login_at, \
     (SELECT MAX(k.last_used_at) FROM service_tokens k WHERE k.tenant_id = u.tenant_id AND k.account_id = u.id), o.name, o.active, c.name \
     FROM users u LEFT JOIN service_accounts a ON a.tenant_id = u.tenant_id AND a.id = u.id \
     LEFT JOIN users o ON o.tenant_id = a.tenant_id AND o.id = a.owner_id \
     LEFT JOIN clients c ON c.tenant_id = u.tenant_id AND c.id = u.client_id WHERE u.tenant_id = ? AND u.kind IN ('person', 'service')";

/// Every active account, persons before programs, by name.
pub(super) fn active_accounts(db: &mut Db, tenant: Uuid) -> Result<Vec<Account>, StoreError> {
    let rows = sql(format!("{ACCOUNT} AND u.active = ? ORDER BY u.kind, u.name_key, u.id"))
        .bind(tenant)
        .bind(true)
        .all::<AccountRow>(db)?;
    accounts(db, tenant, rows)
}

/// The accounts that a review is about, as they are now.
pub(super) fn reviewed_accounts(db: &mut Db, tenant: Uuid, review: Uuid) -> Result<Vec<Account>, StoreError> {
    let rows = sql(format!(
        "{ACCOUNT} AND u.id IN (SELECT i.user_id FROM access_review_items i WHERE i.tenant_id = ? AND i.review_id = ?)"
    ))
    .bind(tenant)
    .bind(tenant)
    .bind(review)
    .all::<AccountRow>(db)?;
    accounts(db, tenant, rows)
}

fn accounts(db: &mut Db, tenant: Uuid, rows: Vec<AccountRow>) -> Result<Vec<Account>, StoreError> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let mut roles = roles_of(db, tenant, &ids)?;
    let mut grants = grants_of(db, tenant, &ids)?;
    rows.into_iter()
        .map(|row| {
            let kind: AccountKind = word(&row.kind)?;
            Ok(Account {
                id: row.id,
                kind,
                active: row.active,
                owner_active: row.owner_active.unwrap_or(true),
                then: AccountThen {
                    name: row.name,
                    email: (kind == AccountKind::Person).then_some(row.email),
                    owner: row.owner,
                    client: row.client,
                    roles: roles
                        .remove(&row.id)
                        .into_iter()
                        .flatten()
                        .map(|role| role.name)
                        .collect(),
                    grants: grants
                        .remove(&row.id)
                        .into_iter()
                        .flatten()
                        .map(|grant| ReviewedGrant {
                            permission: grant.permission.to_string(),
                            effect: grant.effect,
                            until: grant.until,
                        })
                        .collect(),
                    second_factor: row.second_factor,
                    last_used_at: row.last_call_at.or(row.last_login_at),
                    created_at: row.created_at,
                },
            })
        })
        .collect()
}

/// Active persons who may do this now: by a role or a single permission, unless it was taken from them.
pub(super) fn holders(db: &mut Db, tenant: Uuid, permission: Permission) -> Result<Vec<UserId>, StoreError> {
    const SINGLE: &str = "SELECT 1 FROM user_grants g WHERE g.tenant_id = u.tenant_id AND g.user_id = u.id AND g.permission = ? \
         AND (g.until IS NULL OR g.until > ?)";
    let found = sql(format!(
        "SELECT u.id FROM users u WHERE u.tenant_id = ? AND u.active = ? AND u.kind = 'person' AND (EXISTS (SELECT 1 FROM user_roles x \
         JOIN role_permissions p ON p.tenant_id = x.tenant_id AND p.role_id = x.role_id \
         WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id AND p.permission = ?) OR EXISTS ({SINGLE} AND g.effect = 'allow')) \
         AND NOT EXISTS ({SINGLE} AND g.effect = 'deny') ORDER BY u.id"
    ))
    .bind(tenant)
    .bind(true)
    .bind(permission.as_str())
    .bind(permission.as_str())
    .bind(now())
    .bind(permission.as_str())
    .bind(now())
    .all::<HolderRow>(db)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}
