//! Shared workstations (ATT-14): several people are signed in at one browser, one of them at work, the others parked. A parked
//! session is locked and has no tokens; the browser holds one secret for all of them, which says who is parked there and opens
//! nothing without the person's PIN, password or passkey.

use super::challenges::Purpose;
use super::lock::{Key, UnlockRefused};
use super::session::{Refresh, SessionMode, SessionTokens, csrf_token, end};
use super::token::{Claims, LIFETIME};
use super::{Caller, Permit, RequestSource, TokenRefused, passkeys};
use crate::db::{Db, row, sql};
use crate::{Event, Store, StoreError, now};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::{Action, may};
use attest_keyring::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// Sessions parked at one workstation. One more, and the one that was left the longest ago ends.
const ROOM: usize = 8;

/// Somebody whose session is parked at a workstation: what the next person may see of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParkedPerson {
    /// The session.
    pub session_id: SessionId,
    /// Whose: the printed name.
    pub name: String,
    /// Since when it is locked.
    pub since: DateTime<Utc>,
    /// A PIN opens it.
    pub has_pin: bool,
    /// The person has a passkey.
    pub has_passkey: bool,
}

row! {
    struct ParkedRow {
        id: SessionId,
        user_id: UserId,
        name: String,
        locked_at: Option<DateTime<Utc>>,
        last_seen_at: DateTime<Utc>,
        has_pin: bool,
        has_passkey: bool,
    }
}

/// A browser that several people use: `att_w_…`, with where to look (laboratory) and a secret.
struct Workstation {
    tenant: Uuid,
    secret: [u8; 32],
}

impl Workstation {
    fn new(tenant: Uuid) -> Self {
        Self {
            tenant,
            secret: random(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let raw = URL_SAFE_NO_PAD.decode(text.strip_prefix("att_w_")?).ok()?;
        let (tenant, secret) = raw.split_at_checked(16)?;
        Some(Self {
            tenant: Uuid::from_slice(tenant).ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    fn text(&self) -> String {
        let raw = [self.tenant.as_bytes().as_slice(), &self.secret].concat();
        format!("att_w_{}", URL_SAFE_NO_PAD.encode(raw))
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }
}

/// Who is parked at a workstation and could go on, the longest absent first.
fn parked(db: &mut Db, tenant: Uuid, idle_minutes: u16, workstation: &[u8]) -> Result<Vec<ParkedRow>, StoreError> {
    let idle = TimeDelta::minutes(i64::from(idle_minutes));
    sql(
        "SELECT s.id, s.user_id, u.name, s.locked_at, s.last_seen_at, u.pin_hash IS NOT NULL, \
         EXISTS (SELECT 1 FROM passkeys k WHERE k.tenant_id = u.tenant_id AND k.user_id = u.id) \
         FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
         WHERE s.tenant_id = ? AND s.workstation = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.last_seen_at > ? \
         AND u.active = ? ORDER BY s.rotated_at, s.id",
    )
    .bind(tenant)
    .bind(workstation.to_vec())
    .bind(now())
    .bind(now() - idle)
    .bind(true)
    .all(db)
}

impl Store {
    /// Who is parked at the browser that shows this secret; nobody for a made-up one.
    ///
    /// # Errors
    /// The database's.
    pub async fn workstation(&self, secret: Option<&str>) -> Result<Vec<ParkedPerson>, StoreError> {
        let Some(at) = secret.and_then(Workstation::parse) else {
            return Ok(Vec::new());
        };
        let inner = Arc::clone(&self.inner);
        let found = self.inner.backend.read(Some(at.tenant), move |db| {
            let idle_minutes = inner.tenants.load(db, at.tenant)?.laboratory.settings.idle_minutes;
            parked(db, at.tenant, idle_minutes, &at.hash())
        });
        let rows = match found.await {
            Err(StoreError::NotFound) => Vec::new(),
            found => found?,
        };
        Ok(rows.into_iter().map(ParkedRow::shown).collect())
    }

    /// Locks the caller's session and takes its tokens from it: it goes on only by [`workstation_switch`](Self::workstation_switch)
    /// at this browser. Another session that the same person had parked there ends. Gives the browser's secret, a new one where
    /// nobody is parked.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a session that lives in no browser.
    pub async fn workstation_park(
        &self,
        caller: &Caller,
        permit: Permit<may::AtTheDoor>,
        secret: Option<&str>,
    ) -> Result<String, StoreError> {
        let (tenant, session, user) = (
            caller.laboratory().id,
            caller.principal().session,
            caller.principal().user,
        );
        if !caller.principal().cookie {
            return Err(StoreError::conflict("only the session of a browser can be parked"));
        }
        let in_use = !self.workstation(secret).await?.is_empty();
        let known = secret.and_then(Workstation::parse);
        let at = known
            .filter(|at| in_use && at.tenant == tenant)
            .unwrap_or_else(|| Workstation::new(tenant));
        let hash = at.hash();
        self.write(permit, None, move |tx| {
            let idle_minutes = tx.laboratory().settings.idle_minutes;
            let (own, others): (Vec<_>, Vec<_>) = parked(tx.db, tenant, idle_minutes, &hash)?
                .into_iter()
                .partition(|row| row.user_id == user);
            let too_many = others.len().saturating_sub(ROOM - 1);
            for gone in own.iter().chain(others.iter().take(too_many)) {
                if end(tx.db, tenant, gone.id, "others took its place at the workstation")? {
                    tx.also(Event::new(Action::SessionEnded, "session", gone.id))?;
                }
            }
            sql(
                "UPDATE sessions SET workstation = ?, locked_at = COALESCE(locked_at, ?), rotated_at = ?, step_up_until = NULL \
                 WHERE tenant_id = ? AND id = ?",
            )
            .bind(hash.as_slice())
            .bind(now())
            .bind(now())
            .bind(tenant)
            .bind(session)
            .run(tx.db)?;
            tx.record(Event::new(Action::SessionParked, "session", session), ())
        })
        .await?;
        Ok(at.text())
    }

    /// What a parked person's passkeys are asked: what `navigator.credentials.get` takes.
    ///
    /// # Errors
    /// [`UnlockRefused::Ended`] when no such session is parked there; [`StoreError::Conflict`] without a passkey.
    pub async fn workstation_passkey(
        &self,
        secret: &str,
        session: SessionId,
        source: RequestSource,
    ) -> Result<Value, UnlockRefused> {
        let (_, caller) = self.parked_there(secret, session, source).await?;
        let (inner, tenant, user) = (Arc::clone(&self.inner), caller.laboratory().id, caller.principal().user);
        let asked = self.inner.backend.write(Some(tenant), move |db| {
            passkeys::challenge(&inner, db, tenant, session.uuid(), Purpose::Confirm, user)
        });
        Ok(asked.await?)
    }

    /// Goes on with a session that is parked at this browser: unlocked, with new tokens, nothing confirmed.
    ///
    /// # Errors
    /// As [`Store::unlock`]; [`UnlockRefused::Ended`] when no such session is parked there.
    pub async fn workstation_switch(
        &self,
        secret: &str,
        session: SessionId,
        key: Key,
        source: RequestSource,
    ) -> Result<SessionTokens, UnlockRefused> {
        let ip = source.ip.clone();
        let (at, caller) = self.parked_there(secret, session, source).await?;
        let method = self.opens(&caller, key).await?;
        let permit = caller.permit::<may::AtTheDoor>().map_err(StoreError::broken)?;
        let (tenant, refresh, csrf) = (at.tenant, Refresh::new(at.tenant, session.uuid()), csrf_token());
        let (hash, refresh_hash, new_csrf) = (at.hash(), refresh.hash(), csrf.clone());
        let resumed = self.write(permit, None, move |tx| {
            let resumed = sql(
                "UPDATE sessions SET workstation = NULL, locked_at = NULL, unlock_failures = 0, step_up_until = NULL, \
                 previous_hash = refresh_hash, refresh_hash = ?, rotated_at = ?, last_seen_at = ?, csrf = ?, ip = ? \
                 WHERE tenant_id = ? AND id = ? AND workstation = ? AND ended_at IS NULL",
            )
            .bind(refresh_hash.as_slice())
            .bind(now())
            .bind(now())
            .bind(&new_csrf)
            .bind(&ip)
            .bind(tenant)
            .bind(session)
            .bind(hash.as_slice())
            .run(tx.db)?;
            // Of two at once one goes on.
            if resumed == 0 {
                return Err(StoreError::NotFound);
            }
            let event = Event::new(Action::SessionResumed, "session", session).set("method", method);
            tx.record(event, ())
        });
        match resumed.await {
            Err(StoreError::NotFound) => return Err(UnlockRefused::Ended),
            resumed => resumed?,
        };
        let access = self.inner.tokens.issue(Claims {
            tenant,
            user: caller.principal().user.uuid(),
            session: session.uuid(),
        })?;
        Ok(SessionTokens {
            access,
            refresh: refresh.text(),
            expires_in: LIFETIME,
            csrf,
            mode: SessionMode::Cookie,
        })
    }

    async fn parked_there(
        &self,
        secret: &str,
        session: SessionId,
        source: RequestSource,
    ) -> Result<(Workstation, Caller), UnlockRefused> {
        let at = Workstation::parse(secret).ok_or(UnlockRefused::Ended)?;
        match self.parked((at.tenant, session), &at.hash(), source).await {
            Ok(caller) => Ok((at, caller)),
            Err(TokenRefused::Store(error)) => Err(error.into()),
            Err(_dead) => Err(UnlockRefused::Ended),
        }
    }
}

impl ParkedRow {
    fn shown(self) -> ParkedPerson {
        ParkedPerson {
            session_id: self.id,
            name: self.name,
            since: self.locked_at.unwrap_or(self.last_seen_at),
            has_pin: self.has_pin,
            has_passkey: self.has_passkey,
        }
    }
}
