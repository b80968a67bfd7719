//! Tokens of service accounts (ATT-10): shown once, stored hashed, always with an end.

use crate::access::token_permissions;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::{Listing, Page, Person, ReadTx, StoreError};
use attest_domain::ids::{ServiceTokenId, UserId};
use attest_domain::{Permission, may};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A token, without what is secret of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceTokenView {
    /// Its id.
    pub id: ServiceTokenId,
    /// What it is called.
    pub label: String,
    /// How it begins, to recognise it by.
    pub prefix: String,
    /// The part of the account's permissions that it has; all of them when null.
    pub permissions: Option<Vec<Permission>>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From which address.
    pub last_used_ip: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The token that takes its place.
    pub replaced_by: Option<ServiceTokenId>,
}

/// A token that was just issued.
#[derive(Serialize, ToSchema)]
pub struct IssuedServiceToken {
    /// The token: shown this once, and null when a repeated request is answered.
    #[schema(example = "att_s_AZrB2…")]
    pub token: Option<String>,
    /// The rest of it.
    #[serde(flatten)]
    pub view: ServiceTokenView,
}

impl std::fmt::Debug for IssuedServiceToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "IssuedServiceToken({})", self.view.prefix)
    }
}

row! {
    struct TokenRow {
        id: ServiceTokenId,
        label: String,
        prefix: String,
        permissions: Option<String>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        expires_at: DateTime<Utc>,
        last_used_at: Option<DateTime<Utc>>,
        last_used_ip: Option<String>,
        revoked_at: Option<DateTime<Utc>>,
        replaced_by: Option<ServiceTokenId>,
    }
}

row! { pub(super) struct AccountRow { pub(super) name: String, pub(super) active: bool } }

/// Whose tokens they are.
pub(super) const ACCOUNT: &str = "SELECT u.name, u.active FROM service_accounts a JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.id \
     WHERE a.tenant_id = ? AND a.id = ?";

const TOKEN: &str = "SELECT k.id, k.label, k.prefix, k.permissions, k.created_at, k.created_by, c.name, k.expires_at, k.last_used_at, k.last_used_ip, k.revoked_at, k.replaced_by \
     FROM service_tokens k LEFT JOIN users c ON c.tenant_id = k.tenant_id AND c.id = k.created_by WHERE k.tenant_id = ? AND k.account_id = ?";

fn shown(row: TokenRow) -> Result<ServiceTokenView, StoreError> {
    let permissions = row.permissions.as_deref().map(token_permissions).transpose()?;
    Ok(ServiceTokenView {
        id: row.id,
        label: row.label,
        prefix: row.prefix,
        permissions: permissions.map(|part| part.iter().collect()),
        created_at: row.created_at,
        created_by: Person::joined(row.created_by, row.creator),
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        last_used_ip: row.last_used_ip,
        revoked_at: row.revoked_at,
        replaced_by: row.replaced_by,
    })
}

impl ReadTx<'_, may::ServiceAccountManage> {
    /// One token of an account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn service_token(&mut self, account: UserId, id: ServiceTokenId) -> Result<ServiceTokenView, StoreError> {
        let row = sql(format!("{TOKEN} AND k.id = ?"))
            .bind(self.tenant())
            .bind(account)
            .bind(id);
        shown(row.one::<TokenRow>(self.db)?)
    }

    /// A page of an account's tokens, newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account; a bad cursor.
    pub fn service_token_list(
        &mut self,
        account: UserId,
        page: &Page,
    ) -> Result<Listing<ServiceTokenView>, StoreError> {
        let tenant = self.tenant();
        sql(ACCOUNT).bind(tenant).bind(account).one::<AccountRow>(self.db)?;
        let cursors = Cursors::new(self.inner, tenant, &format!("service-tokens/{account}"));
        let mut query = sql(TOKEN).bind(tenant).bind(account);
        if let Some(start) = cursors.start(page)? {
            query.push(" AND k.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY k.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<TokenRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        listing.try_map(shown)
    }
}
