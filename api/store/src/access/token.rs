//! Access tokens: Ed25519 JWTs, five minutes (ATT-11, RFC 8725, RFC 9068's `typ`).

use crate::{StoreError, now};
use attest_keyring::Keyring;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Seconds an access token lives.
pub(crate) const LIFETIME: i64 = 300;
const ISSUER: &str = "attest";
const AUDIENCE: &str = "attest/api/v1";
const TYPE: &str = "at+jwt";
/// Verified tokens remembered; each saves an Ed25519 verification on the next request.
const REMEMBERED: usize = 10_000;

/// Why a token does not make a caller. The caller is told only that it does not.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefused {
    /// Not ours, not signed, expired, for another audience.
    #[error("the access token is not valid")]
    Invalid,
    /// The session ended or the user was deactivated.
    #[error("the session has ended")]
    Dead,
    /// The database could not say.
    #[error(transparent)]
    Store(StoreError),
}

/// What a token says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claims {
    pub(crate) tenant: Uuid,
    pub(crate) user: Uuid,
    pub(crate) session: Uuid,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: Uuid,
    tid: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs and verifies.
pub(crate) struct TokenVerifier {
    header: Header,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    /// By SHA-256 of the whole token, so that a hit is this token and no other.
    seen: Mutex<HashMap<[u8; 32], (Claims, i64)>>,
}

impl TokenVerifier {
    pub(crate) fn new(keyring: &Keyring) -> Self {
        let key = keyring.token();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.id().to_owned());
        header.typ = Some(TYPE.to_owned());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 5;
        Self {
            header,
            signing: EncodingKey::from_ed_der(&key.pkcs8()),
            verifying: DecodingKey::from_ed_der(key.public().as_bytes()),
            validation,
            seen: Mutex::default(),
        }
    }

    /// A token for this session.
    pub(crate) fn issue(&self, claims: Claims) -> Result<String, StoreError> {
        let at = now().timestamp();
        let wire = Wire {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user,
            tid: claims.tenant,
            sid: claims.session,
            jti: Uuid::now_v7(),
            iat: at,
            nbf: at,
            exp: at.saturating_add(LIFETIME),
        };
        encode(&self.header, &wire, &self.signing).map_err(StoreError::broken)
    }

    /// What a token says, and when it was issued (seconds since 1970), if it is ours and in force.
    pub(crate) fn verify(&self, token: &str) -> Result<(Claims, i64), TokenRefused> {
        if token.len() > 2_048 {
            return Err(TokenRefused::Invalid);
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let at = now().timestamp();
        let known = self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&digest)
            .copied();
        if let Some((claims, exp)) = known {
            return if at < exp {
                Ok((claims, exp.saturating_sub(LIFETIME)))
            } else {
                Err(TokenRefused::Invalid)
            };
        }
        let header = decode_header(token).map_err(|_malformed| TokenRefused::Invalid)?;
        if header.typ.as_deref() != Some(TYPE) || header.kid != self.header.kid {
            return Err(TokenRefused::Invalid);
        }
        let wire = decode::<Wire>(token, &self.verifying, &self.validation)
            .map_err(|_any| TokenRefused::Invalid)?
            .claims;
        let claims = Claims {
            tenant: wire.tid,
            user: wire.sub,
            session: wire.sid,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (_, exp)| *exp > at);
        }
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(digest, (claims, wire.exp));
        Ok((claims, wire.exp.saturating_sub(LIFETIME)))
    }
}
