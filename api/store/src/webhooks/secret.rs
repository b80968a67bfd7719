//! What a receiver recognises us by: a secret that both sides know (Standard Webhooks 1.0.0, symmetric signatures).

use crate::{StoreError, now};
use attest_domain::ids::WebhookId;
use attest_keyring::Keyring;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

/// Minutes that both secrets are signed with by default, and at most (a week).
pub(super) const OVERLAP_MINUTES: i64 = 24 * 60;
pub(super) const OVERLAP_MINUTES_MAX: i64 = 10_080;

/// How a secret is replaced.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_minutes": 1440}))]
pub struct WebhookSecretRotation {
    /// Minutes in which messages carry signatures of both secrets, 0 to 10080; 1440 (a day) by default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10080)]
    pub overlap_minutes: Option<i64>,
}

/// A secret; ours have 256 bits.
#[derive(Clone)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    pub(super) fn fresh() -> Self {
        Self(attest_keyring::random::<32>().to_vec())
    }

    /// As receivers' libraries take it: `whsec_` and base64.
    pub(super) fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }

    /// `v1,…`: HMAC-SHA256 of id, time in seconds, and body, joined by full stops.
    ///
    /// # Errors
    /// Never in practice: any length is a key's.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<String, StoreError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(StoreError::broken)?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }

    pub(super) fn sealed(&self, keyring: &Keyring, tenant: Uuid, of: WebhookId) -> Result<Vec<u8>, StoreError> {
        keyring
            .seal_file(tenant, &place(of), &self.0)
            .map_err(StoreError::broken)
    }

    fn opened(keyring: &Keyring, tenant: Uuid, of: WebhookId, sealed: &[u8]) -> Result<Self, StoreError> {
        keyring
            .open_file(tenant, &place(of), sealed)
            .map(Self)
            .map_err(StoreError::broken)
    }
}

/// All that messages are signed with now: the secret, and while it is being replaced the old one too.
pub(super) fn in_force(
    keyring: &Keyring,
    (tenant, webhook): (Uuid, WebhookId),
    secret: &[u8],
    old: Option<(&[u8], DateTime<Utc>)>,
) -> Result<Vec<WebhookSecret>, StoreError> {
    let old = old.filter(|(_, until)| *until > now()).map(|(sealed, _)| sealed);
    std::iter::once(secret)
        .chain(old)
        .map(|sealed| WebhookSecret::opened(keyring, tenant, webhook, sealed))
        .collect()
}

/// Where a secret is sealed to: it opens nowhere else.
fn place(webhook: WebhookId) -> String {
    format!("webhooks/{webhook}/secret")
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("WebhookSecret")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// ATT-36 The example of the Standard Webhooks specification and its reference libraries.
    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        let secret = WebhookSecret(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_fresh_secret_is_long_and_never_the_same() {
        let (one, other) = (WebhookSecret::fresh(), WebhookSecret::fresh());
        assert_eq!(one.0.len(), 32);
        assert_ne!(one.text(), other.text());
        assert!(!format!("{one:?}").contains(&one.text()));
    }
}
