//! Access tokens: Ed25519 JWTs, five minutes (ATT-11, RFC 8725, RFC 9068's `typ`).

use crate::{StoreError, now};
use attest_keyring::{Keyring, TokenKeys};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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
    keyring: Arc<Keyring>,
    validation: Validation,
    known: Mutex<Known>,
}

/// What was made of the keys of one moment; a rotation makes it anew.
struct Known {
    keys: Arc<TokenKeys>,
    /// By SHA-256 of the whole token, so that a hit is this token and no other.
    seen: HashMap<[u8; 32], (Claims, i64)>,
}

impl Known {
    /// Tokens that were seen under other keys are looked at again.
    fn under(&mut self, keys: &Arc<TokenKeys>) -> &mut HashMap<[u8; 32], (Claims, i64)> {
        if !Arc::ptr_eq(&self.keys, keys) && !self.keys.same_as(keys) {
            self.keys = Arc::clone(keys);
            self.seen.clear();
        }
        &mut self.seen
    }
}

impl TokenVerifier {
    pub(crate) fn new(keyring: &Arc<Keyring>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 5;
        Self {
            known: Mutex::new(Known {
                keys: keyring.tokens(),
                seen: HashMap::new(),
            }),
            keyring: Arc::clone(keyring),
            validation,
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
        let keys = self.keyring.tokens();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(keys.signing().id().to_owned());
        header.typ = Some(TYPE.to_owned());
        encode(&header, &wire, &EncodingKey::from_ed_der(&keys.signing().pkcs8())).map_err(StoreError::broken)
    }

    /// What a token says, and when it was issued (seconds since 1970), if it is ours and in force.
    pub(crate) fn verify(&self, token: &str) -> Result<(Claims, i64), TokenRefused> {
        if token.len() > 2_048 {
            return Err(TokenRefused::Invalid);
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let at = now().timestamp();
        let keys = self.keyring.tokens();
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .under(&keys)
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
        let (Some(TYPE), Some(kid)) = (header.typ.as_deref(), header.kid.as_deref()) else {
            return Err(TokenRefused::Invalid);
        };
        let keys = self.keyring.tokens_with(kid);
        let public = public_key(&keys, kid, at).ok_or(TokenRefused::Invalid)?;
        let wire = decode::<Wire>(token, &public, &self.validation)
            .map_err(|_any| TokenRefused::Invalid)?
            .claims;
        let claims = Claims {
            tenant: wire.tid,
            user: wire.sub,
            session: wire.sid,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = known.under(&keys);
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

/// The key of this name, if what it signed is good at this moment.
fn public_key(keys: &TokenKeys, kid: &str, at: i64) -> Option<DecodingKey> {
    let signing = keys.signing();
    let public = if signing.id() == kid {
        signing.public()
    } else {
        let retired = keys.retired().iter().find(|key| key.id() == kid);
        retired.filter(|key| at < key.until())?.public()
    };
    Some(DecodingKey::from_ed_der(public.as_bytes()))
}
