//! Service accounts at the door (ATT-10). A token says where its row is and holds a secret, of which only the hash is stored:
//! one look by primary key, one comparison, and whatever changed meanwhile (revoked, deactivated, other roles) counts at once.

use super::caller::walled;
use super::rights::Rights;
use super::{Caller, Principal, RequestSource, TokenRefused};
use crate::db::{Db, row, sql};
use crate::tenant::Tenant;
use crate::{Event, Store, StoreError, now};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::network::Network;
use attest_domain::{Action, Language, PermissionSet};
use attest_keyring::random;
use attest_ledger::entry::{Actor, ActorKind, Assurance};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What every such token begins with: secret scanners look for it.
const MARK: &str = "att_s_";
/// How many characters of a token are kept to be recognised by: the mark and its own moment of creation, nothing of the secret.
const SHOWN: usize = 14;
/// A use is written down once in this time.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Tokens whose last use is remembered before old ones are cleared out.
const REMEMBERED: usize = 10_000;

/// A token as its holder has it.
pub(crate) struct ServiceToken {
    id: Uuid,
    tenant: Uuid,
    secret: [u8; 32],
}

impl ServiceToken {
    /// A token of this id, with a fresh secret.
    pub(crate) fn new(tenant: Uuid, id: Uuid) -> Self {
        Self {
            id,
            tenant,
            secret: random(),
        }
    }

    /// As it is shown, once.
    pub(crate) fn text(&self) -> String {
        let raw = [self.id.as_bytes().as_slice(), self.tenant.as_bytes(), &self.secret].concat();
        format!("{MARK}{}", URL_SAFE_NO_PAD.encode(raw))
    }

    /// The beginning that people recognise it by.
    pub(crate) fn prefix(&self) -> String {
        self.text().chars().take(SHOWN).collect()
    }

    /// What is stored of it. The secret is 256 random bits: there is nothing to guess, and so no need for a slow hash.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"attest.service-token/v1\0");
        hash.update(self.secret);
        hash.finalize().into()
    }

    fn parse(text: &str) -> Option<Self> {
        let raw = URL_SAFE_NO_PAD.decode(text.strip_prefix(MARK)?).ok()?;
        let (id, rest) = raw.split_at_checked(16)?;
        let (tenant, secret) = rest.split_at_checked(16)?;
        Some(Self {
            id: Uuid::from_slice(id).ok()?,
            tenant: Uuid::from_slice(tenant).ok()?,
            secret: secret.try_into().ok()?,
        })
    }
}

/// Whether a credential says that it is a service account's token, whatever it is worth.
pub fn is_service_token(credential: &str) -> bool {
    credential.starts_with(MARK)
}

row! {
    struct TokenRow {
        account_id: Uuid,
        hash: Vec<u8>,
        prefix: String,
        expires_at: DateTime<Utc>,
        revoked_at: Option<DateTime<Utc>>,
        last_used_at: Option<DateTime<Utc>>,
        permissions: Option<String>,
        addresses: String,
        name: String,
        language: String,
        active: bool,
        owner_active: bool,
        access_version: i64,
        tenant_version: i64,
    }
}

fn token_row(db: &mut Db, tenant: Uuid, token: Uuid) -> Result<Option<TokenRow>, StoreError> {
    const COLUMNS: &str = "k.account_id, k.hash, k.prefix, k.expires_at, k.revoked_at, k.last_used_at, k.permissions, \
         a.addresses, u.name, u.language, u.active, o.active AS owner_active, u.access_version, t.version AS tenant_version";
    const FROM: &str = "FROM service_tokens k JOIN service_accounts a ON a.tenant_id = k.tenant_id AND a.id = k.account_id \
         JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.id JOIN users o ON o.tenant_id = a.tenant_id AND o.id = a.owner_id \
         JOIN tenants t ON t.id = k.tenant_id WHERE k.tenant_id = ? AND k.id = ?";
    static PLAIN: LazyLock<String> = LazyLock::new(|| format!("SELECT {COLUMNS} {FROM}"));
    static WALLED: LazyLock<String> = LazyLock::new(|| walled(COLUMNS, FROM));
    let question = match db {
        Db::Sqlite(_) => sql(PLAIN.as_str()),
        Db::Postgres(_) => sql(WALLED.as_str()).bind(tenant.to_string()),
    };
    question.bind(tenant).bind(token).first(db)
}

impl Store {
    /// The service account behind a token, if token, account and owner are alive now.
    pub(super) async fn service(&self, bearer: &str, source: RequestSource) -> Result<Caller, TokenRefused> {
        let shown = ServiceToken::parse(bearer).ok_or(TokenRefused::Invalid)?;
        let (tenant, token) = (shown.tenant, shown.id);
        let row = self
            .inner
            .backend
            .glance(move |db| token_row(db, tenant, token))
            .await
            .map_err(TokenRefused::Store)?
            .ok_or(TokenRefused::Dead)?;
        let genuine = bool::from(shown.hash().as_slice().ct_eq(&row.hash));
        if !genuine || row.revoked_at.is_some() || row.expires_at <= now() || !row.active || !row.owner_active {
            return Err(TokenRefused::Dead);
        }
        if !comes_from(&row.addresses, source.ip.as_deref()).map_err(TokenRefused::Store)? {
            self.foreign_address(tenant, row, source)
                .await
                .map_err(TokenRefused::Store)?;
            return Err(TokenRefused::Dead);
        }
        let known = (row.tenant_version, row.access_version);
        let (laboratory, rights) = self.surroundings(tenant, row.account_id, known).await?;
        let part = row.permissions.as_deref().map(permissions).transpose();
        let rights = rights.narrowed(part.map_err(TokenRefused::Store)?);
        self.note_use(tenant, token, row.last_used_at, source.ip.clone());
        Ok(caller(token, row, laboratory, rights, source))
    }

    /// A right token from the wrong place: perhaps stolen, so it is told to those who read the audit trail.
    async fn foreign_address(&self, tenant: Uuid, row: TokenRow, source: RequestSource) -> Result<(), StoreError> {
        let event = Event::new(Action::ServiceTokenRefused, "service_account", row.account_id)
            .label(row.name)
            .set("prefix", row.prefix);
        self.failed(tenant, row.account_id, event, source).await
    }

    /// Writes down when and from where a token was used: once a minute, and never while the request waits for it.
    fn note_use(&self, tenant: Uuid, token: Uuid, before: Option<DateTime<Utc>>, ip: Option<String>) {
        let at = now();
        if before.is_some_and(|before| at - before < NOTED_EVERY) || !self.inner.uses.due(token, at) {
            return;
        }
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            let noted = inner.backend.write(Some(tenant), move |db| {
                sql("UPDATE service_tokens SET last_used_at = ?, last_used_ip = ? WHERE tenant_id = ? AND id = ?")
                    .bind(at)
                    .bind(ip)
                    .bind(tenant)
                    .bind(token)
                    .run(db)
            });
            if let Err(error) = noted.await {
                tracing::warn!(%error, "the use of a token could not be written down");
            }
        });
    }
}

fn caller(token: Uuid, row: TokenRow, laboratory: Arc<Tenant>, rights: Rights, source: RequestSource) -> Caller {
    let actor = Actor {
        kind: ActorKind::Service,
        id: Some(row.account_id.to_string()),
        // Which of its tokens: there is no session behind it.
        session: Some(token.to_string()),
        assurance: Assurance::Token,
    };
    let principal = Principal {
        user: UserId::from_uuid(row.account_id),
        session: SessionId::from_uuid(token),
        name: row.name,
        language: row.language.parse().unwrap_or(Language::En),
        permissions: rights.permissions,
        step_up_until: None,
        expires_at: row.expires_at,
        cookie: false,
        csrf: String::new(),
        must: Vec::new(),
        has_second_factor: false,
        locked: false,
        service: true,
        visitor: false,
    };
    Caller::new(principal, actor, laboratory, rights, source)
}

/// What a token's list of permissions allows. A permission of another version of the program is not one this version could honour.
pub(crate) fn permissions(list: &str) -> Result<PermissionSet, StoreError> {
    let words: Vec<String> = serde_json::from_str(list).map_err(StoreError::broken)?;
    Ok(words.iter().filter_map(|word| word.parse().ok()).collect())
}

/// Whether the address is in one of the networks; an address that is not known is in none.
fn comes_from(networks: &str, ip: Option<&str>) -> Result<bool, StoreError> {
    let networks: Vec<Network> = serde_json::from_str(networks).map_err(StoreError::broken)?;
    if networks.is_empty() {
        return Ok(true);
    }
    let Some(address) = ip.and_then(|ip| ip.parse().ok()) else {
        return Ok(false);
    };
    Ok(networks.iter().any(|network| network.contains(address)))
}

/// Which uses this node wrote down lately: between a use and its row being there, a busy token is used many more times.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    noted: Mutex<HashMap<Uuid, DateTime<Utc>>>,
}

impl Uses {
    /// Whether this use is to be written down; it counts as written from then on.
    pub(super) fn due(&self, token: Uuid, at: DateTime<Utc>) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() > REMEMBERED {
            noted.retain(|_, noted| at - *noted < NOTED_EVERY);
        }
        let due = noted.get(&token).is_none_or(|noted| at - *noted >= NOTED_EVERY);
        if due {
            noted.insert(token, at);
        }
        due
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_scanners_and_tells_where_it_belongs() {
        let (tenant, id) = (Uuid::now_v7(), Uuid::now_v7());
        let token = ServiceToken::new(tenant, id);
        let text = token.text();
        assert!(text.starts_with("att_s_") && text.len() == 92, "{text}");
        let read = ServiceToken::parse(&text).unwrap();
        assert_eq!((read.tenant, read.id, read.hash()), (tenant, id, token.hash()));
        assert!(text.starts_with(&token.prefix()) && token.prefix().len() == SHOWN);
        for wrong in [
            "",
            "att_s_",
            "att_s_AAAA",
            "att_r_AAAA",
            &text[..91],
            &format!("{text}A"),
        ] {
            assert!(ServiceToken::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_address_is_in_no_network() {
        let some = r#"["10.0.0.0/8"]"#;
        assert!(comes_from("[]", None).unwrap());
        assert!(comes_from(some, Some("10.1.2.3")).unwrap());
        assert!(!comes_from(some, Some("192.0.2.1")).unwrap());
        assert!(!comes_from(some, None).unwrap());
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let (uses, token, at) = (Uses::default(), Uuid::now_v7(), now());
        assert!(uses.due(token, at));
        assert!(!uses.due(token, at + TimeDelta::seconds(59)));
        assert!(uses.due(Uuid::now_v7(), at));
        assert!(uses.due(token, at + TimeDelta::seconds(60)));
    }
}
