//! The conversation with identity providers: OpenID Connect Core 1.0, the authorisation code flow with PKCE (RFC 7636). Nothing
//! of it happens while a database connection is held.

mod claims;
mod wire;

use crate::config::Config;
use crate::wire::{Reach, Wire, WireFault};
use attest_domain::network::Network;
use attest_store::{SignOnAttempt, SignOnBegun, SignOnClaims, SignOnProvider, SignOnPurpose, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm as Algorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use serde_json::{Map, Value};

/// How far a provider's clock may differ from ours.
const SKEW: TimeDelta = TimeDelta::seconds(30);
/// How old an ID token may be when it comes: it was made a moment ago, in answer to us.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// Characters of the library's word on a bad token that are kept: parts of the token stand in it.
const TOLD: usize = 200;
/// Signatures that are believed, whatever a provider says of itself: with keys of its own, never with a secret both sides know
/// (HMAC), and never none (RFC 8725).
const SIGNATURES: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What is wrong with a provider, or with what it said. Never with a secret in it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProviderFault {
    /// Its address is not one to call.
    #[error("{0}")]
    Address(String),
    /// It does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// It answers, but not as an OpenID Connect provider does, or it does not know this installation.
    #[error("{0}")]
    Answer(String),
    /// What it said about the person is not to be believed.
    #[error("{0}")]
    Token(String),
}

impl ProviderFault {
    /// Its name in the audit trail and for the sign-in page.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Address(_) | Self::Unreachable(_) => "provider",
            Self::Answer(_) | Self::Token(_) => "token",
        }
    }
}

impl From<WireFault> for ProviderFault {
    fn from(fault: WireFault) -> Self {
        match fault {
            WireFault::Address(what) => Self::Address(what),
            WireFault::TooLarge => Self::Answer(fault.to_string()),
            WireFault::Unreachable(_) | WireFault::TimedOut(_) | WireFault::Certificate(_) => {
                Self::Unreachable(fault.to_string())
            }
        }
    }
}

/// A provider that was written down wrongly: told at the field.
impl From<ProviderFault> for StoreError {
    fn from(fault: ProviderFault) -> Self {
        let code = match fault {
            ProviderFault::Address(_) => "address",
            ProviderFault::Unreachable(_) => "unreachable",
            ProviderFault::Answer(_) | ProviderFault::Token(_) => "discovery",
        };
        Self::invalid("issuer", code, fault.to_string())
    }
}

/// All providers, as one speaks with them.
#[derive(Debug, Clone)]
pub struct Providers {
    wire: Wire,
    redirect_uri: String,
}

impl Providers {
    /// As configured.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: &Config) -> Result<Self, reqwest::Error> {
        let allowed: &[Network] = if config.sign_on_private_networks {
            &Network::EVERYWHERE
        } else {
            &[]
        };
        Ok(Self {
            wire: Wire::new(Reach::new(allowed, "sign_on_private_networks"))?,
            redirect_uri: format!("{}/api/v1/auth/sign-on/callback", config.public_url()),
        })
    }

    /// Where providers send people back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Reads what a provider says of itself (OpenID Connect Discovery 1.0), and its keys.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn discovered(&self, issuer: &str) -> Result<CoreProviderMetadata, ProviderFault> {
        let url = self.wire.may_call(issuer)?;
        if url.query().is_some() {
            return Err(ProviderFault::Address("must have no query in it".to_owned()));
        }
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|error| ProviderFault::Address(error.to_string()))?;
        let found = CoreProviderMetadata::discover_async(issuer, &self.wire).await;
        let found = found.map_err(|error| match error {
            DiscoveryError::Request(fault) => fault.into(),
            DiscoveryError::Response(status, _, _) => {
                ProviderFault::Answer(format!("there is no discovery document: {}", status.as_u16()))
            }
            DiscoveryError::Validation(_) => {
                ProviderFault::Answer("the discovery document there names another issuer".to_owned())
            }
            _ => ProviderFault::Answer("what is there is not a discovery document".to_owned()),
        })?;
        self.wire.may_call(found.authorization_endpoint().as_str())?;
        match found.token_endpoint() {
            Some(there) => self.wire.may_call(there.as_str())?,
            None => return Err(ProviderFault::Answer("it has no token endpoint".to_owned())),
        };
        Ok(found)
    }

    /// Where to send the person.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn authorization_url(
        &self,
        provider: &SignOnProvider,
        found: CoreProviderMetadata,
        begun: &SignOnBegun,
        purpose: SignOnPurpose,
    ) -> Result<String, ProviderFault> {
        let redirect = RedirectUrl::new(self.redirect_uri.clone());
        let redirect = redirect.map_err(|error| ProviderFault::Address(error.to_string()))?;
        let client = CoreClient::from_provider_metadata(found, ClientId::new(provider.client_id.clone()), None)
            .set_redirect_uri(redirect);
        let (state, nonce) = (begun.state.clone(), begun.nonce.clone());
        let verifier = PkceCodeVerifier::new(begun.verifier.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(provider.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if purpose != SignOnPurpose::Login {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(std::time::Duration::ZERO);
        }
        Ok(request.url().0.to_string())
    }

    /// Exchanges the code for what the provider says about the person, and believes it only if everything fits.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn proven(
        &self,
        provider: &SignOnProvider,
        attempt: &SignOnAttempt,
        code: &str,
    ) -> Result<SignOnClaims, ProviderFault> {
        let found = self.discovered(&provider.issuer).await?;
        let userinfo = found.userinfo_endpoint().map(|there| there.url().clone());
        let in_body = found.token_endpoint_auth_methods_supported().is_some_and(|known| {
            !known.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && known.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let redirect = RedirectUrl::new(self.redirect_uri.clone());
        let redirect = redirect.map_err(|error| ProviderFault::Address(error.to_string()))?;
        let secret = provider.client_secret.clone().map(ClientSecret::new);
        let mut client = CoreClient::from_provider_metadata(found, ClientId::new(provider.client_id.clone()), secret)
            .set_redirect_uri(redirect);
        if in_body {
            client = client.set_auth_type(AuthType::RequestBody);
        }
        let asked = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let asked = asked.map_err(|error| ProviderFault::Answer(error.to_string()))?;
        let answer = asked
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&self.wire)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(fault) => fault.into(),
                RequestTokenError::ServerResponse(said) => {
                    ProviderFault::Answer(format!("the provider refused the code: {}", said.error()))
                }
                _ => ProviderFault::Answer("the provider's answer to the code cannot be read".to_owned()),
            })?;
        let token = answer
            .id_token()
            .ok_or_else(|| ProviderFault::Answer("the provider gave no ID token".to_owned()))?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(|| Utc::now() - SKEW)
            .set_issue_time_verifier_fn(|issued| made_just_now(issued, Utc::now()));
        let nonce = Nonce::new(attempt.nonce.clone());
        token
            .claims(&verifier, &nonce)
            .map_err(|error| ProviderFault::Token(error.to_string().chars().take(TOLD).collect()))?;
        let token = payload(&token.to_string())?;
        beyond_the_library(&token, &provider.client_id, Utc::now())?;
        let mut beside = Map::new();
        if let Some(there) = userinfo.filter(|_there| claims::lacks(&token, &provider.role_claim)) {
            beside = self
                .userinfo(there.as_str(), answer.access_token().secret(), &token)
                .await?;
        }
        Ok(claims::read(&token, &beside, &provider.role_claim))
    }

    /// What the provider tells beside the token; of the same person only (OpenID Connect Core 1.0, 5.3.2).
    async fn userinfo(
        &self,
        there: &str,
        access_token: &str,
        token: &Map<String, Value>,
    ) -> Result<Map<String, Value>, ProviderFault> {
        let request = openidconnect::http::Request::builder()
            .uri(there)
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {access_token}"))
            .body(Vec::new())
            .map_err(|_malformed| ProviderFault::Answer("the userinfo endpoint is not an address".to_owned()))?;
        let answer = self.wire.ask(request).await?;
        let said: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
        match said.filter(|_said| answer.status().is_success()) {
            Some(said) if said.get("sub") == token.get("sub") => Ok(said),
            Some(_) => Err(ProviderFault::Token("userinfo speaks of somebody else".to_owned())),
            None => Err(ProviderFault::Answer("userinfo cannot be read".to_owned())),
        }
    }
}

fn made_just_now(issued: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    if issued > now + SKEW {
        Err("it was issued in the future".to_owned())
    } else if issued < now - FRESH - SKEW {
        Err("it was issued too long ago".to_owned())
    } else {
        Ok(())
    }
}

/// The claims of a token whose signature was checked.
fn payload(token: &str) -> Result<Map<String, Value>, ProviderFault> {
    let unreadable = || ProviderFault::Token("the ID token cannot be read".to_owned());
    let part = token.split('.').nth(1).ok_or_else(unreadable)?;
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_malformed| unreadable())?;
    serde_json::from_slice(&bytes).map_err(|_malformed| unreadable())
}

/// What the library leaves to us: `azp` names this client, and the token is valid already.
fn beyond_the_library(token: &Map<String, Value>, client_id: &str, now: DateTime<Utc>) -> Result<(), ProviderFault> {
    let wrong = |what: &str| Err(ProviderFault::Token(what.to_owned()));
    if token.get("azp").is_some_and(|party| party != client_id) {
        return wrong("it was made for another client");
    }
    if token
        .get("nbf")
        .is_some_and(|from| from.as_i64().is_none_or(|from| from > (now + SKEW).timestamp()))
    {
        return wrong("it is not valid yet");
    }
    if token.get("sub").and_then(Value::as_str).is_none_or(str::is_empty) {
        return wrong("it names nobody");
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_for_us_and_valid_by_now() {
        let now = Utc::now();
        let checked = |token: Value| beyond_the_library(token.as_object().unwrap(), "attest", now).is_ok();
        assert!(checked(json!({"sub": "7"})));
        assert!(checked(
            json!({"sub": "7", "azp": "attest", "nbf": now.timestamp() + 20})
        ));
        assert!(!checked(json!({"sub": "7", "azp": "another"})));
        assert!(!checked(json!({"sub": "7", "nbf": now.timestamp() + 40})));
        assert!(!checked(json!({"sub": "7", "nbf": "soon"})));
        assert!(!checked(json!({"sub": ""})));
    }

    #[test]
    fn a_token_was_made_just_now() {
        let now = Utc::now();
        for (seconds, fits) in [(0, true), (20, true), (40, false), (-290, true), (-340, false)] {
            let issued = now + TimeDelta::seconds(seconds);
            assert_eq!(made_just_now(issued, now).is_ok(), fits, "{seconds}");
        }
    }
}
