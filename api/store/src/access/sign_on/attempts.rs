//! Who was sent to the provider: what must come back, once, soon, and in the same browser.

use super::SignOnRefused;
use crate::db::{row, sql};
use crate::{Caller, Event, RequestSource, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::SessionId;
use attest_keyring::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// How long a person may take at the provider.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Why somebody is sent to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOnPurpose {
    /// To come in.
    Login,
    /// To confirm their identity for five minutes (ATT-17).
    StepUp,
    /// To sign once, electronically.
    Signature,
}

impl SignOnPurpose {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::StepUp => "step_up",
            Self::Signature => "signature",
        }
    }

    fn named(text: &str) -> Option<Self> {
        [Self::Login, Self::StepUp, Self::Signature]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}

/// What leaves with the person.
pub struct SignOnBegun {
    /// `state`: says where to look, and holds a secret.
    pub state: String,
    /// The browser's own secret, which is not in any address.
    pub browser: String,
    /// `nonce`.
    pub nonce: String,
    /// The PKCE verifier, whose hash goes to the provider (RFC 7636).
    pub verifier: String,
}

impl std::fmt::Debug for SignOnBegun {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignOnBegun(…)")
    }
}

/// Somebody who came back.
#[derive(Clone)]
pub struct SignOnAttempt {
    /// To which laboratory.
    pub laboratory: Uuid,
    /// Why they were sent.
    pub purpose: SignOnPurpose,
    /// What the ID token must hold.
    pub nonce: String,
    /// What the provider asks for in exchange for the token.
    pub verifier: String,
    /// Who was to answer.
    pub issuer: String,
    /// Where in the application they wanted to go.
    pub return_to: Option<String>,
    /// When they were sent.
    pub begun_at: DateTime<Utc>,
    /// The session that is to be confirmed.
    pub(super) session: Option<SessionId>,
}

impl std::fmt::Debug for SignOnAttempt {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignOnAttempt({:?})", self.purpose)
    }
}

/// What is kept of it under a key.
#[derive(Serialize, Deserialize)]
struct Kept {
    nonce: String,
    verifier: String,
    issuer: String,
    return_to: Option<String>,
}

row! {
    struct AttemptRow {
        purpose: String,
        browser_hash: Vec<u8>,
        sealed: Vec<u8>,
        session_id: Option<SessionId>,
        created_at: DateTime<Utc>,
    }
}

fn text_of(secret: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(secret)
}

fn hash_of(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

fn place(id: Uuid) -> String {
    format!("sign_on_attempts/{id}")
}

/// Where a `state` says to look.
fn parsed(state: &str) -> Option<(Uuid, Uuid)> {
    let raw = URL_SAFE_NO_PAD.decode(state).ok()?;
    let (tenant, rest) = raw.split_at_checked(16)?;
    let (id, secret) = rest.split_at_checked(16)?;
    (secret.len() == 32).then_some(())?;
    Some((Uuid::from_slice(tenant).ok()?, Uuid::from_slice(id).ok()?))
}

impl Store {
    /// Somebody leaves for the provider. Those of the laboratory that are over are cleared out.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_on_begin(
        &self,
        laboratory: Uuid,
        issuer: &str,
        purpose: SignOnPurpose,
        caller: Option<&Caller>,
        return_to: Option<String>,
    ) -> Result<SignOnBegun, StoreError> {
        let id = Uuid::now_v7();
        let secret: [u8; 32] = random();
        let state = URL_SAFE_NO_PAD.encode([laboratory.as_bytes().as_slice(), id.as_bytes(), &secret].concat());
        let begun = SignOnBegun {
            state,
            browser: text_of(&random()),
            nonce: text_of(&random()),
            verifier: text_of(&random()),
        };
        let kept = serde_json::to_vec(&Kept {
            nonce: begun.nonce.clone(),
            verifier: begun.verifier.clone(),
            issuer: issuer.to_owned(),
            return_to,
        });
        let sealed = self
            .inner
            .keyring
            .seal_file(laboratory, &place(id), &kept.map_err(StoreError::broken)?)
            .map_err(StoreError::broken)?;
        let session = caller.map(|caller| caller.principal().session);
        let (state_hash, browser_hash) = (hash_of(&begun.state), hash_of(&begun.browser));
        self.inner
            .backend
            .write(Some(laboratory), move |db| {
                sql("DELETE FROM sign_on_attempts WHERE tenant_id = ? AND expires_at <= ?")
                    .bind(laboratory)
                    .bind(now())
                    .run(db)?;
                sql("INSERT INTO sign_on_attempts (tenant_id, id, purpose, state_hash, browser_hash, sealed, session_id, created_at, expires_at) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .bind(laboratory)
                    .bind(id)
                    .bind(purpose.as_str())
                    .bind(state_hash)
                    .bind(browser_hash)
                    .bind(sealed)
                    .bind(session)
                    .bind(now())
                    .bind(now() + PATIENCE)
                    .run(db)
            })
            .await?;
        Ok(begun)
    }

    /// Somebody comes back with this `state`, in the browser that has this secret. Used up by it: whoever is second finds
    /// nothing. From another browser nothing is used up, so that it cannot spoil the right one's way back.
    ///
    /// # Errors
    /// [`SignOnRefused::Over`], [`SignOnRefused::OtherBrowser`]; the database's.
    pub async fn sign_on_back(
        &self,
        state: &str,
        browser: Option<&str>,
        source: RequestSource,
    ) -> Result<SignOnAttempt, SignOnRefused> {
        let (tenant, id) = parsed(state).ok_or(SignOnRefused::Over)?;
        let state_hash = hash_of(state);
        let browser_hash = browser.map(hash_of);
        let inner = Arc::clone(&self.inner);
        let found = self.inner.backend.write(Some(tenant), move |db| {
            let lock = db.for_update();
            let row = sql(format!(
                "SELECT purpose, browser_hash, sealed, session_id, created_at FROM sign_on_attempts \
                 WHERE tenant_id = ? AND id = ? AND state_hash = ? AND expires_at > ?{lock}"
            ))
            .bind(tenant)
            .bind(id)
            .bind(state_hash)
            .bind(now())
            .first::<AttemptRow>(db)?;
            let Some(row) = row else {
                return Ok(Err(SignOnRefused::Over));
            };
            if !browser_hash.is_some_and(|hash| hash.ct_eq(&row.browser_hash).into()) {
                return Ok(Err(SignOnRefused::OtherBrowser));
            }
            sql("DELETE FROM sign_on_attempts WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(id)
                .run(db)?;
            let opened = inner
                .keyring
                .open_file(tenant, &place(id), &row.sealed)
                .map_err(StoreError::broken)?;
            let kept: Kept = serde_json::from_slice(&opened).map_err(StoreError::broken)?;
            Ok(Ok(SignOnAttempt {
                laboratory: tenant,
                purpose: SignOnPurpose::named(&row.purpose).ok_or_else(|| StoreError::broken("an unknown purpose"))?,
                nonce: kept.nonce,
                verifier: kept.verifier,
                issuer: kept.issuer,
                return_to: kept.return_to,
                begun_at: row.created_at,
                session: row.session_id,
            }))
        });
        match found.await? {
            Err(SignOnRefused::OtherBrowser) => {
                self.sign_on_failed(tenant, "other_browser", None, source).await?;
                Err(SignOnRefused::OtherBrowser)
            }
            found => found,
        }
    }

    /// Records that somebody did not come in, and why: a word of ours, and what the provider's answer was like. Floods are
    /// gathered as at the password.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_on_failed(
        &self,
        laboratory: Uuid,
        why: &str,
        detail: Option<String>,
        source: RequestSource,
    ) -> Result<(), StoreError> {
        let event = Event::new(Action::SignOnRefused, "laboratory", laboratory)
            .set("cause", why)
            .set("detail", detail);
        self.failed(laboratory, laboratory, event, source).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_state_says_where_to_look_and_nothing_else_is_one() {
        let (tenant, id) = (Uuid::now_v7(), Uuid::now_v7());
        let state = URL_SAFE_NO_PAD.encode([tenant.as_bytes().as_slice(), id.as_bytes(), &[7; 32]].concat());
        assert_eq!(parsed(&state), Some((tenant, id)));
        let short = state.get(..40).unwrap();
        for wrong in ["", "state", short, &format!("{state}AAAA")] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
