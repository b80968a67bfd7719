//! Service accounts (ATT-10): programs that call in their own name, each with a person who answers for it.

use super::grants::{GrantView, grants_of};
use super::users::roles_of;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::{Listing, Page, Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{ClientId, UserId};
use attest_domain::may;
use attest_domain::network::Network;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A service account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceAccountView {
    /// Its id; it is the actor's id in the audit trail.
    pub id: UserId,
    /// Its name, as the audit trail shows it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The person who answers for it. While they are inactive, its tokens are refused.
    pub owner: Person,
    /// The owner may sign in.
    pub owner_active: bool,
    /// Its tokens are accepted.
    pub active: bool,
    /// Roles.
    pub roles: Vec<Ref>,
    /// Single permissions on top of the roles.
    pub grants: Vec<GrantView>,
    /// The client whose things are all it sees; none where it works for the laboratory.
    pub client_id: Option<ClientId>,
    /// Networks that it is used from; anywhere when empty.
    #[schema(value_type = Vec<String>)]
    pub addresses: Vec<Network>,
    /// Tokens that are accepted now.
    pub living_tokens: i64,
    /// When one of its tokens was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// What a list of service accounts may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ServiceAccountFilter {
    /// Accepted or not.
    pub active: Option<bool>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}

row! {
    struct AccountRow {
        id: UserId,
        name_key: String,
        name: String,
        description: String,
        owner_id: Uuid,
        owner: String,
        owner_active: bool,
        active: bool,
        client_id: Option<ClientId>,
        addresses: String,
        living_tokens: i64,
        last_used_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const ACCOUNT: &str = "SELECT u.id, u.name_key, u.name, a.description, a.owner_id, o.name, o.active, u.active, u.client_id, a.addresses, \
     (SELECT COUNT(*) FROM service_tokens k WHERE k.tenant_id = a.tenant_id AND k.account_id = a.id AND k.revoked_at IS NULL AND k.expires_at > ?), \
     (SELECT MAX(k.last_used_at) FROM service_tokens k WHERE k.tenant_id = a.tenant_id AND k.account_id = a.id), \
     u.created_at, u.created_by, c.name, u.updated_at, u.version \
     FROM service_accounts a JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.id JOIN users o ON o.tenant_id = a.tenant_id AND o.id = a.owner_id \
     LEFT JOIN users c ON c.tenant_id = u.tenant_id AND c.id = u.created_by WHERE a.tenant_id = ?";

impl ReadTx<'_, may::ServiceAccountManage> {
    /// One service account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn service_account(&mut self, id: UserId) -> Result<ServiceAccountView, StoreError> {
        let row = sql(format!("{ACCOUNT} AND a.id = ?"))
            .bind(crate::now())
            .bind(self.tenant())
            .bind(id)
            .one::<AccountRow>(self.db)?;
        self.shown(vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of service accounts, by name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn service_account_list(
        &mut self,
        filter: &ServiceAccountFilter,
        page: &Page,
    ) -> Result<Listing<ServiceAccountView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "service-accounts");
        let mut query = sql(ACCOUNT).bind(crate::now()).bind(tenant);
        if let Some(active) = filter.active {
            query.push(" AND u.active = ?").value(active);
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
        let rows = query.all::<AccountRow>(self.db)?;
        let Listing { items, next } = cursors.finish(page, rows, |row| Position {
            key: row.name_key.clone(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: self.shown(items)?,
            next,
        })
    }

    fn shown(&mut self, rows: Vec<AccountRow>) -> Result<Vec<ServiceAccountView>, StoreError> {
        let (tenant, ids) = (self.tenant(), rows.iter().map(|row| row.id).collect::<Vec<_>>());
        let mut roles = roles_of(self.db, tenant, &ids)?;
        let mut grants = grants_of(self.db, tenant, &ids)?;
        rows.into_iter()
            .map(|row| {
                Ok(ServiceAccountView {
                    roles: roles.remove(&row.id).unwrap_or_default(),
                    grants: grants.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    name: row.name,
                    description: row.description,
                    owner: Person {
                        id: row.owner_id,
                        name: row.owner,
                    },
                    owner_active: row.owner_active,
                    active: row.active,
                    client_id: row.client_id,
                    addresses: serde_json::from_str(&row.addresses).map_err(StoreError::broken)?,
                    living_tokens: row.living_tokens,
                    last_used_at: row.last_used_at,
                    created_at: row.created_at,
                    created_by: Person::joined(row.created_by, row.creator),
                    updated_at: row.updated_at,
                    version: row.version,
                })
            })
            .collect()
    }
}
