//! Signing in, and confirming who one is, at the laboratory's identity provider (OpenID Connect).

mod callback;

use super::cookie;
use crate::http::may::same_origin;
use crate::http::{Allowances, Body, Params, Problem, Signed};
use crate::sign_on::{ProviderFault, Providers};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use attest_store::{Caller, SignOnPurpose, Store};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The browser that left is the browser that comes back: else somebody could have another sign in as them.
const BROWSER_COOKIE: &str = "__Host-attest_sign_on";
/// Minutes that it lives.
const PATIENCE: i64 = 10;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(sign_on_offered)
        .service(sign_on)
        .service(sign_on_reauthenticate)
        .service(callback::sign_on_callback);
}

/// Where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfferQuery {
    /// Short name of the laboratory; the only one there is when absent.
    laboratory: Option<String>,
}

/// What a laboratory offers.
#[derive(Serialize, ToSchema)]
pub struct SignOnOffered {
    /// Single sign-on is offered. Not by a laboratory that does not exist.
    pub offered: bool,
    /// Short name of the laboratory.
    pub laboratory: Option<String>,
    /// What the button says: "Sign in with …".
    pub name: Option<String>,
    /// Passwords open nothing.
    pub enforced: bool,
}

/// Who wants to sign in where.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"laboratory": "riverbend-water", "return_to": "/samples"}))]
pub struct SignOnRequest {
    /// Short name of the laboratory; the only one there is when absent.
    #[validate(length(max = 63))]
    pub laboratory: Option<String>,
    /// Where in the application to go then: a path of this site.
    #[validate(length(max = 500), custom(function = "path_of_ours"))]
    pub return_to: Option<String>,
}

/// Why the provider is to ask again.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgainFor {
    /// To raise the session for five minutes.
    StepUp,
    /// For one electronic signature within five minutes.
    Signature,
}

/// A question to be asked again.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "signature"}))]
pub struct AgainRequest {
    /// What for.
    pub purpose: AgainFor,
}

/// Where the browser goes next.
#[derive(Serialize, ToSchema)]
pub struct SignOnBegins {
    /// The provider's page. Good for ten minutes, once, in this browser.
    pub authorization_url: String,
}

/// An address of another site must not get anybody there after signing in.
fn path_of_ours(path: &str) -> Result<(), ValidationError> {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.chars().all(|c| !c.is_control() && c != '\\' && !c.is_whitespace());
    if ours {
        Ok(())
    } else {
        Err(ValidationError::new("invalid").with_message("must be a path of this site, such as /samples".into()))
    }
}

/// What a laboratory offers
///
/// Whether its people sign in at an identity provider. The same for laboratories without one as for those that do not exist.
#[utoipa::path(tag = "auth", params(OfferQuery), security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "What the sign-in page shows", body = SignOnOffered)))]
#[get("/auth/sign-on")]
async fn sign_on_offered(
    store: web::Data<Store>,
    query: Params<OfferQuery>,
) -> Result<web::Json<SignOnOffered>, Problem> {
    let found = store.sign_on_offered(query.0.laboratory.as_deref()).await?;
    Ok(web::Json(match found {
        Some(offer) => SignOnOffered {
            offered: true,
            laboratory: Some(offer.slug),
            name: Some(offer.name),
            enforced: offer.enforced,
        },
        None => SignOnOffered {
            offered: false,
            laboratory: None,
            name: None,
            enforced: false,
        },
    }))
}

/// Begin to sign in at the identity provider
///
/// Send the browser to `authorization_url`. It comes back to `GET /auth/sign-on/callback`, which opens a session in cookies
/// and leads on. 404 where a laboratory has none; 503 `/problems/provider-unavailable` when the provider does not answer.
#[utoipa::path(tag = "auth", request_body = SignOnRequest, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "Where to go", body = SignOnBegins)))]
#[post("/auth/sign-on")]
async fn sign_on(
    request: HttpRequest,
    store: web::Data<Store>,
    providers: web::Data<Providers>,
    allowances: web::Data<Allowances>,
    body: Body<SignOnRequest>,
) -> Result<HttpResponse, Problem> {
    same_origin(&request)?;
    allowances.sign_ons.spend(&request)?;
    let SignOnRequest { laboratory, return_to } = body.value;
    let offer = store
        .sign_on_offered(laboratory.as_deref())
        .await?
        .ok_or_else(Problem::not_found)?;
    let there = (offer.laboratory, SignOnPurpose::Login, None);
    begun(&store, &providers, there, return_to).await
}

/// Begin to confirm your identity at the identity provider
///
/// For people who signed in there: it asks them again, and must say so. `step_up` raises this session for five minutes as
/// `POST /auth/reauthenticate` does; `signature` is good for one `POST /reports/{id}/authorize` with `sign_on: true`. 409 for
/// people whose account is not linked with the provider.
#[utoipa::path(tag = "auth", request_body = AgainRequest, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Where to go", body = SignOnBegins)))]
#[post("/auth/sign-on/reauthenticate")]
async fn sign_on_reauthenticate(
    request: HttpRequest,
    store: web::Data<Store>,
    providers: web::Data<Providers>,
    allowances: web::Data<Allowances>,
    signed: Signed,
    body: Body<AgainRequest>,
) -> Result<HttpResponse, Problem> {
    allowances.sign_ons.spend(&request)?;
    if !store.sign_on_linked(&signed.0).await? {
        return Err(Problem::new(
            409,
            "conflict-state",
            "Not possible in this state",
            "your account is not linked with an identity provider: confirm with your password or second factor",
        ));
    }
    let purpose = match body.value.purpose {
        AgainFor::StepUp => SignOnPurpose::StepUp,
        AgainFor::Signature => SignOnPurpose::Signature,
    };
    let there = (signed.0.laboratory().id, purpose, Some(&signed.0));
    begun(&store, &providers, there, None).await
}

async fn begun(
    store: &Store,
    providers: &Providers,
    (laboratory, purpose, caller): (Uuid, SignOnPurpose, Option<&Caller>),
    return_to: Option<String>,
) -> Result<HttpResponse, Problem> {
    let provider = store.sign_on_provider(laboratory).await?;
    // Before anything is written down: where nobody answers, nothing begins.
    let found = providers
        .discovered(&provider.issuer)
        .await
        .map_err(|fault| away(&fault))?;
    let begun = store
        .sign_on_begin(laboratory, &provider.issuer, purpose, caller, return_to)
        .await?;
    let authorization_url = providers
        .authorization_url(&provider, found, &begun, purpose)
        .await
        .map_err(|fault| away(&fault))?;
    Ok(HttpResponse::Ok()
        .cookie(browser_cookie(begun.browser))
        .json(SignOnBegins { authorization_url }))
}

/// It is sent along when the provider leads back, which is another site: so it is lax (ATT-12).
fn browser_cookie(secret: String) -> Cookie<'static> {
    let mut kept = cookie(BROWSER_COOKIE, secret);
    kept.set_same_site(SameSite::Lax);
    kept.set_max_age(Duration::minutes(PATIENCE));
    kept
}

fn away(fault: &ProviderFault) -> Problem {
    tracing::warn!(%fault, "an identity provider cannot be used");
    Problem {
        retry_after: Some(30),
        ..Problem::new(
            503,
            "provider-unavailable",
            "The identity provider is away",
            format!("nothing was done: {fault}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::path_of_ours;

    #[test]
    fn only_paths_of_this_site_lead_on() {
        for ours in ["/", "/samples?status=received", "/reports/1#signature"] {
            assert!(path_of_ours(ours).is_ok(), "{ours}");
        }
        for elsewhere in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "samples",
            "/a b",
            "/a\r\nb",
        ] {
            assert!(path_of_ours(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
