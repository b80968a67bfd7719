//! Sessions: opened by a login, kept alive by rotating refresh tokens, ended by the person, an administrator or time.

use super::caller::VISITOR;
use super::confirm::Confirmation;
use super::token::{Claims, LIFETIME};
use super::{Caller, LoginRefused, RequestSource, Scope};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::{SessionId, UserId};
use attest_keyring::random;
use attest_ledger::entry::{ActorKind, Assurance};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Absolute end of a session (ATT-14).
pub(super) const ABSOLUTE: TimeDelta = TimeDelta::hours(24);
/// Two tabs may refresh at once: the token before is good this long (http.md).
const OVERLAP: TimeDelta = TimeDelta::seconds(10);
/// A session of 24 hours that refreshes as often as it can: every five minutes, and as often again by impatient tabs.
const GENERATIONS: u32 = 600;
/// A session's last request is written down once in this time; it may lie so much behind the truth.
pub(super) const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// A confirmed identity counts this long (ATT-16).
pub(super) const STEP_UP: TimeDelta = TimeDelta::minutes(5);

/// Where a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionMode {
    /// In `__Host-` cookies of a browser (ATT-12).
    Cookie,
    /// In the hands of an integrator.
    Token,
}

/// What a login or refresh hands out. Shown once, stored only hashed.
#[derive(Clone)]
pub struct SessionTokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// CSRF token of a cookie session.
    pub csrf: String,
    /// Where it lives.
    pub mode: SessionMode,
}

impl std::fmt::Debug for SessionTokens {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SessionTokens({:?})", self.mode)
    }
}

/// A refresh token says where to look (laboratory, session) and holds a secret.
pub(super) struct Refresh {
    tenant: Uuid,
    session: Uuid,
    secret: [u8; 32],
}

impl Refresh {
    pub(super) fn new(tenant: Uuid, session: Uuid) -> Self {
        Self {
            tenant,
            session,
            secret: random(),
        }
    }

    /// The token that follows this one. Derived, so that two tabs which refresh at once get the same successor.
    fn successor(&self, key: &[u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"attest.refresh/v1\0");
        hash.update(key);
        hash.update(self.secret);
        Self {
            secret: hash.finalize().into(),
            ..*self
        }
    }

    /// Whether the newest token of the session descends from this one.
    fn precedes(&self, newest: &[u8], key: &[u8; 32]) -> bool {
        let mut token = self.successor(key);
        for _generation in 0..GENERATIONS {
            if bool::from(token.hash().as_slice().ct_eq(newest)) {
                return true;
            }
            token = token.successor(key);
        }
        false
    }

    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    pub(super) fn text(&self) -> String {
        let raw = [self.tenant.as_bytes().as_slice(), self.session.as_bytes(), &self.secret].concat();
        format!("att_r_{}", URL_SAFE_NO_PAD.encode(raw))
    }

    fn parse(text: &str) -> Option<Self> {
        let raw = URL_SAFE_NO_PAD.decode(text.strip_prefix("att_r_")?).ok()?;
        let (tenant, rest) = raw.split_at_checked(16)?;
        let (session, secret) = rest.split_at_checked(16)?;
        Some(Self {
            tenant: Uuid::from_slice(tenant).ok()?,
            session: Uuid::from_slice(session).ok()?,
            secret: secret.try_into().ok()?,
        })
    }
}

/// A new CSRF token (ATT-13).
pub(super) fn csrf_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<24>())
}

/// Opens a session for a person who has just proved who they are; the caller records the login.
pub(super) fn open<P>(
    tx: &mut WriteTx<'_, P>,
    session: SessionId,
    user: UserId,
    mode: SessionMode,
    source: &RequestSource,
) -> Result<SessionTokens, StoreError> {
    open_until(tx, session, user, mode, source, now() + ABSOLUTE)
}

/// As [`open`], for a session that ends by itself at a moment, if that comes before every session's end.
pub(crate) fn open_until<P>(
    tx: &mut WriteTx<'_, P>,
    session: SessionId,
    user: UserId,
    mode: SessionMode,
    source: &RequestSource,
    end: DateTime<Utc>,
) -> Result<SessionTokens, StoreError> {
    let tenant = tx.tenant();
    let refresh = Refresh::new(tenant, session.uuid());
    let csrf = csrf_token();
    let at = now();
    sql("INSERT INTO sessions (tenant_id, id, user_id, cookie, csrf, refresh_hash, rotated_at, created_at, last_seen_at, expires_at, assurance, ip, user_agent) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(tenant)
        .bind(session)
        .bind(user)
        .bind(mode == SessionMode::Cookie)
        .bind(&csrf)
        .bind(refresh.hash())
        .bind(at)
        .bind(at)
        .bind(at)
        .bind(end.min(at + ABSOLUTE))
        .bind(if tx.scope.actor.assurance == Assurance::Mfa { "mfa" } else { "password" })
        .bind(&source.ip)
        .bind(&source.user_agent)
        .run(tx.db)?;
    let access = tx.inner.tokens.issue(Claims {
        tenant,
        user: user.uuid(),
        session: session.uuid(),
    })?;
    Ok(SessionTokens {
        access,
        refresh: refresh.text(),
        expires_in: LIFETIME,
        csrf,
        mode,
    })
}

row! {
    struct RefreshRow {
        user_id: Uuid,
        cookie: bool,
        csrf: String,
        refresh_hash: Vec<u8>,
        previous_hash: Option<Vec<u8>>,
        rotated_at: DateTime<Utc>,
        last_seen_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
        parked: bool,
        active: bool,
        kind: String,
    }
}

row! { struct ThereRow { count: i64 } }

/// What a presented refresh token leads to.
enum Turn {
    Tokens(SessionTokens),
    Dead,
}

impl Store {
    /// New tokens for a living session. An old token that comes back ends the whole family (ATT-11).
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] for any token that leads to no living session.
    pub async fn session_refresh(
        &self,
        refresh_token: &str,
        source: RequestSource,
    ) -> Result<SessionTokens, LoginRefused> {
        let shown = Refresh::parse(refresh_token).ok_or(LoginRefused::Credentials)?;
        let (tenant, session) = (shown.tenant, shown.session);
        // Whoever makes tokens up gets no further than this look: no writing, no waking.
        let there = self.inner.backend.read(Some(tenant), move |db| {
            sql("SELECT count(*) FROM sessions WHERE tenant_id = ? AND id = ? AND ended_at IS NULL")
                .bind(tenant)
                .bind(session)
                .one::<ThereRow>(db)
        });
        if there.await?.count == 0 {
            return Err(LoginRefused::Credentials);
        }
        let inner = Arc::clone(&self.inner);
        let turn = self
            .inner
            .backend
            .write(Some(tenant), move |db| turn(&inner, db, &shown, source))
            .await;
        self.inner.sequencing.wake(tenant);
        match turn {
            Ok(Turn::Tokens(tokens)) => Ok(tokens),
            Ok(Turn::Dead) | Err(StoreError::NotFound) => Err(LoginRefused::Credentials),
            Err(error) => Err(LoginRefused::Store(error)),
        }
    }

    /// Ends the caller's own session.
    ///
    /// # Errors
    /// The database's.
    pub async fn logout(&self, caller: &Caller) -> Result<(), StoreError> {
        let session = caller.principal().session;
        let permit = caller
            .permit::<attest_domain::may::AtTheDoor>()
            .map_err(StoreError::broken)?;
        self.write(permit, None, move |tx| {
            end(tx.db, tx.scope.tenant.laboratory.id, session, "logout")?;
            tx.record(Event::new(Action::Logout, "session", session), ())
        })
        .await
        .map(|_written| ())
    }

    /// Confirms the caller's identity for five minutes (ATT-17). A cookie session gets new tokens.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when it is not them; [`LoginRefused::FactorMissing`]; [`LoginRefused::Busy`].
    pub async fn reauthenticate(
        &self,
        caller: &Caller,
        shown: &Confirmation,
    ) -> Result<(DateTime<Utc>, Option<SessionTokens>), LoginRefused> {
        let by = self.confirms(caller, shown).await?;
        let fits = by.is_some();
        let principal = caller.principal().clone();
        let permit = caller
            .permit::<attest_domain::may::Myself>()
            .map_err(|_lost| LoginRefused::Credentials)?;
        let (made, tokens) = std::sync::mpsc::channel();
        self.write(permit, None, move |tx| {
            if !fits {
                return tx.record(Event::new(Action::StepUpFailed, "session", principal.session), ());
            }
            let raised = raise(tx, principal.session, principal.user, principal.cookie)?;
            let _receiver_waits = made.send(raised);
            let by = by.filter(|by| *by != "password");
            tx.record(
                Event::new(Action::StepUpSucceeded, "session", principal.session).set("factor", by),
                (),
            )
        })
        .await
        .map_err(LoginRefused::Store)?;
        tokens.recv().map_err(|_nothing_fitted| LoginRefused::Credentials)
    }
}

/// Confirms a session for five minutes. A session in cookies gets new tokens (ATT-16).
pub(super) fn raise<P>(
    tx: &mut WriteTx<'_, P>,
    session: SessionId,
    user: UserId,
    cookie: bool,
) -> Result<(DateTime<Utc>, Option<SessionTokens>), StoreError> {
    let (tenant, until) = (tx.tenant(), now() + STEP_UP);
    if !cookie {
        sql("UPDATE sessions SET step_up_until = ? WHERE tenant_id = ? AND id = ?")
            .bind(until)
            .bind(tenant)
            .bind(session)
            .run(tx.db)?;
        return Ok((until, None));
    }
    let refresh = Refresh::new(tenant, session.uuid());
    let csrf = csrf_token();
    sql("UPDATE sessions SET step_up_until = ?, previous_hash = refresh_hash, refresh_hash = ?, rotated_at = ?, csrf = ? WHERE tenant_id = ? AND id = ?")
        .bind(until)
        .bind(refresh.hash())
        .bind(now())
        .bind(&csrf)
        .bind(tenant)
        .bind(session)
        .run(tx.db)?;
    let access = tx.inner.tokens.issue(Claims {
        tenant,
        user: user.uuid(),
        session: session.uuid(),
    })?;
    let tokens = SessionTokens {
        access,
        refresh: refresh.text(),
        expires_in: LIFETIME,
        csrf,
        mode: SessionMode::Cookie,
    };
    Ok((until, Some(tokens)))
}

fn turn(inner: &Inner, db: &mut Db, shown: &Refresh, source: RequestSource) -> Result<Turn, StoreError> {
    let lock = db.for_update().replace("UPDATE", "UPDATE OF s");
    let row = sql(format!(
        "SELECT s.user_id, s.cookie, s.csrf, s.refresh_hash, s.previous_hash, s.rotated_at, s.last_seen_at, s.expires_at, s.ended_at, s.workstation IS NOT NULL, u.active, u.kind \
         FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id WHERE s.tenant_id = ? AND s.id = ?{lock}"
    ))
    .bind(shown.tenant)
    .bind(shown.session)
    .one::<RefreshRow>(db)?;
    let fits = |stored: &[u8]| bool::from(shown.hash().as_slice().ct_eq(stored));
    let tenant = inner.tenants.load(db, shown.tenant)?;
    if fits(&row.refresh_hash) {
        tenant.laboratory.open()?;
    }
    let idle = TimeDelta::minutes(i64::from(tenant.laboratory.settings.idle_minutes));
    let (user, session, at) = (
        UserId::from_uuid(row.user_id),
        SessionId::from_uuid(shown.session),
        now(),
    );
    let current = fits(&row.refresh_hash);
    let previous = row.previous_hash.as_deref().is_some_and(fits);
    let mut scope = Scope::person(tenant, user, Some(session), source.clone());
    if row.kind == VISITOR {
        scope.actor.kind = ActorKind::Operator;
    }
    let mut tx: WriteTx<'_, ()> = WriteTx::new(inner, db, &scope);
    if row.ended_at.is_some() || !row.active {
        return Ok(Turn::Dead);
    }
    if !current && !previous {
        // A guess is no reason to end anybody's session; a token that once was ours is (ATT-11).
        if !shown.precedes(&row.refresh_hash, inner.keyring.cursor()) {
            return Ok(Turn::Dead);
        }
        end(tx.db, shown.tenant, session, "reuse")?;
        tx.also(Event::new(Action::SessionReuseDetected, "session", session))?;
        return Ok(Turn::Dead);
    }
    if row.expires_at <= at || row.last_seen_at + idle + SEEN_EVERY <= at {
        end(tx.db, shown.tenant, session, "expired")?;
        tx.also(Event::new(Action::SessionExpired, "session", session))?;
        return Ok(Turn::Dead);
    }
    // A browser throws its tokens away when it parks the session: one that comes back later was taken.
    if (!current || row.parked) && at > row.rotated_at + OVERLAP {
        end(tx.db, shown.tenant, session, "reuse")?;
        tx.also(Event::new(Action::SessionReuseDetected, "session", session))?;
        return Ok(Turn::Dead);
    }
    if row.parked {
        return Ok(Turn::Dead);
    }
    let mode = if row.cookie {
        SessionMode::Cookie
    } else {
        SessionMode::Token
    };
    let access = inner.tokens.issue(Claims {
        tenant: shown.tenant,
        user: row.user_id,
        session: shown.session,
    })?;
    let refresh = shown.successor(inner.keyring.cursor());
    if !current {
        // The twin of a refresh that just happened gets the same successor, if that is still the newest.
        let newest = bool::from(refresh.hash().as_slice().ct_eq(&row.refresh_hash));
        let tokens = SessionTokens {
            access,
            refresh: refresh.text(),
            expires_in: LIFETIME,
            csrf: row.csrf,
            mode,
        };
        return Ok(if newest { Turn::Tokens(tokens) } else { Turn::Dead });
    }
    sql("UPDATE sessions SET refresh_hash = ?, previous_hash = ?, rotated_at = ?, last_seen_at = CASE WHEN locked_at IS NULL THEN ? ELSE last_seen_at END, ip = ? WHERE tenant_id = ? AND id = ?")
        .bind(refresh.hash())
        .bind(row.refresh_hash)
        .bind(at)
        .bind(at)
        .bind(&source.ip)
        .bind(shown.tenant)
        .bind(shown.session)
        .run(tx.db)?;
    Ok(Turn::Tokens(SessionTokens {
        access,
        refresh: refresh.text(),
        expires_in: LIFETIME,
        csrf: row.csrf,
        mode,
    }))
}

/// Ends a session; true when it was alive.
pub(crate) fn end(db: &mut Db, tenant: Uuid, session: SessionId, why: &str) -> Result<bool, StoreError> {
    let ended =
        sql("UPDATE sessions SET ended_at = ?, ended_reason = ? WHERE tenant_id = ? AND id = ? AND ended_at IS NULL")
            .bind(now())
            .bind(why)
            .bind(tenant)
            .bind(session)
            .run(db)?;
    Ok(ended == 1)
}
