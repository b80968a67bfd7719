//! Signing in and out, and confirming who one is.

use super::account::{Me, describe};
use super::{cookie, no_cookie};
use crate::http::may::{ACCESS_COOKIE, REFRESH_COOKIE, same_origin};
use crate::http::{Allowances, Body, May, Problem, Signed, request_source};
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse, post, web};
use attest_domain::may;
use attest_store::{Confirmation, Login, SessionMode, SessionTokens, Shown, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(login)
        .service(refresh)
        .service(logout)
        .service(reauthenticate);
}

/// The cookie by which a browser is known again where strangers made an account wait (ATT-06). Nobody is signed in by it.
const BROWSER_COOKIE: &str = "__Host-attest_browser";
const BROWSER_KEPT: Duration = Duration::days(180);

fn shown_browser(request: &HttpRequest) -> Option<String> {
    request.cookie(BROWSER_COOKIE).map(|cookie| cookie.value().to_owned())
}

/// Where the session is to live.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Tokens in the answer, for integrators.
    #[default]
    Token,
    /// `__Host-` cookies, for browsers.
    Cookie,
}

impl Mode {
    /// As the store calls it; cookies are for this site's own pages only (ATT-13).
    pub(super) fn asked_from(self, request: &HttpRequest) -> Result<SessionMode, Problem> {
        match self {
            Self::Token => Ok(SessionMode::Token),
            Self::Cookie => {
                same_origin(request)?;
                Ok(SessionMode::Cookie)
            }
        }
    }
}

/// Credentials.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "analyst@riverbend.example", "password": "…"}))]
pub struct LoginRequest {
    /// E-mail address.
    #[validate(length(min = 3, max = 254))]
    pub email: String,
    /// Password.
    #[validate(length(min = 1, max = 128))]
    pub password: String,
    /// Short name of the laboratory; only for people who work in several.
    #[validate(length(max = 63))]
    pub laboratory: Option<String>,
    /// Where the session is to live.
    #[serde(default)]
    pub mode: Mode,
    /// One-time or recovery code, for people with a second factor.
    #[validate(length(max = 40))]
    pub otp: Option<String>,
}

/// A refresh token; in a browser it comes as a cookie.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The refresh token.
    #[validate(length(max = 200))]
    pub refresh_token: Option<String>,
}

/// A confirmation of identity: exactly one of the three.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_proof"))]
#[schema(example = json!({"otp": "492039"}))]
pub struct ReauthenticateRequest {
    /// The caller's password; enough for those who have no second factor.
    #[validate(length(min = 1, max = 128))]
    pub password: Option<String>,
    /// One-time or recovery code.
    #[validate(length(min = 1, max = 40))]
    pub otp: Option<String>,
    /// A passkey's answer to `POST /auth/mfa/passkeys/challenge`, as its `toJSON()` writes it.
    #[schema(value_type = Option<Object>)]
    pub passkey: Option<Value>,
}

fn one_proof(asked: &ReauthenticateRequest) -> Result<(), ValidationError> {
    let shown = [asked.password.is_some(), asked.otp.is_some(), asked.passkey.is_some()];
    if shown.iter().filter(|shown| **shown).count() == 1 {
        return Ok(());
    }
    Err(ValidationError::new("one_of").with_message("send one of password, otp and passkey".into()))
}

/// A session was opened.
#[derive(Serialize, ToSchema)]
pub struct LoggedIn {
    /// The access token; absent in cookie mode.
    pub access_token: Option<String>,
    /// The refresh token; absent in cookie mode.
    pub refresh_token: Option<String>,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// To be sent as `X-CSRF-Token`; cookie mode only.
    pub csrf_token: Option<String>,
    /// Who signed in.
    pub user: Me,
}

/// The identity is confirmed.
#[derive(Serialize, ToSchema)]
pub struct SteppedUpUntil {
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// The new CSRF token of a cookie session, whose cookies were renewed.
    pub csrf_token: Option<String>,
}

/// Sign in
///
/// Whoever has a second factor is answered 401 `/problems/mfa-required` with `methods` and `mfa_token`: repeat with `otp`, or go
/// on with `POST /auth/login/passkey/options`.
#[utoipa::path(tag = "auth", request_body = LoginRequest, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "Signed in", body = LoggedIn)))]
#[post("/auth/login")]
async fn login(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    body: Body<LoginRequest>,
) -> Result<HttpResponse, Problem> {
    let asked = body.value;
    // A right password gets in, however many wrong ones came from behind the same address, where it got in before: there the
    // account's own lock-out limits guessing. To look at every password although the address's tries are used up would make
    // that limit worth nothing, since the answer to a right one differs. Hashing is bounded in both cases.
    let regular = allowances.regulars.knows(&request, &asked.email);
    if !regular {
        allowances.failed_logins.left_everywhere(&request, &store).await?;
    }
    let mode = asked.mode.asked_from(&request)?;
    let login = Login {
        email: asked.email.clone(),
        password: asked.password,
        laboratory: asked.laboratory,
        mode,
        otp: asked.otp,
        browser: shown_browser(&request),
    };
    let tokens = match store.login(login, request_source(&request)).await {
        Ok(tokens) => tokens,
        Err(refused) => {
            if refused.is_failed_try() {
                allowances.failed_logins.spend_everywhere(&request, &store).await?;
            }
            return Err(refused.into());
        }
    };
    allowances.regulars.welcome(&request, &asked.email);
    opened(&request, &store, tokens).await
}

/// Renew the session
///
/// The refresh token is used up; the answer holds the next one. An old token that comes back ends the session.
#[utoipa::path(tag = "auth", request_body = RefreshRequest, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "Renewed", body = LoggedIn)))]
#[post("/auth/refresh")]
async fn refresh(
    request: HttpRequest,
    store: web::Data<Store>,
    body: Body<RefreshRequest>,
) -> Result<HttpResponse, Problem> {
    let token = match body.value.refresh_token {
        Some(token) => token,
        None => {
            same_origin(&request)?;
            request
                .cookie(REFRESH_COOKIE)
                .map(|cookie| cookie.value().to_owned())
                .ok_or_else(Problem::unauthenticated)?
        }
    };
    let tokens = store
        .session_refresh(&token, request_source(&request))
        .await
        .map_err(|refused| match refused {
            attest_store::LoginRefused::Credentials => Problem::unauthenticated(),
            other => other.into(),
        })?;
    opened(&request, &store, tokens).await
}

/// Sign out
#[utoipa::path(tag = "auth", extensions(("x-permission" = json!("login"))), responses((status = 204, description = "Signed out")))]
#[post("/auth/logout")]
async fn logout(store: web::Data<Store>, may: May<may::AtTheDoor>) -> Result<HttpResponse, Problem> {
    store.logout(&may.caller).await?;
    let mut answer = HttpResponse::NoContent();
    for name in [ACCESS_COOKIE, REFRESH_COOKIE] {
        answer.cookie(no_cookie(name));
    }
    Ok(answer.finish())
}

/// Confirm your identity
///
/// Raises the session for five minutes, for operations that ask for it (`/problems/step-up-required`). Whoever has a second
/// factor confirms with it (`/problems/second-factor-required`).
#[utoipa::path(tag = "auth", request_body = ReauthenticateRequest, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Confirmed", body = SteppedUpUntil)))]
#[post("/auth/reauthenticate")]
async fn reauthenticate(
    store: web::Data<Store>,
    signed: Signed,
    body: Body<ReauthenticateRequest>,
) -> Result<HttpResponse, Problem> {
    let ReauthenticateRequest { password, otp, passkey } = body.value;
    let shown = match (password, otp, passkey) {
        (Some(password), _, _) => Confirmation::Password(password),
        (_, Some(otp), _) => Confirmation::Factor(Shown::Otp(otp)),
        (_, _, answer) => Confirmation::Factor(Shown::Passkey(answer.unwrap_or_default())),
    };
    let (expires_at, tokens) = store
        .reauthenticate(&signed.0, &shown)
        .await
        .map_err(|refused| match refused {
            attest_store::LoginRefused::Credentials => Problem::new(
                403,
                "reauthentication-failed",
                "Identity not confirmed",
                "the password, code or passkey is not right, or was used before",
            ),
            other => other.into(),
        })?;
    let mut answer = HttpResponse::Ok();
    if let Some(tokens) = &tokens {
        answer
            .cookie(cookie(ACCESS_COOKIE, tokens.access.clone()))
            .cookie(cookie(REFRESH_COOKIE, tokens.refresh.clone()));
    }
    Ok(answer.json(SteppedUpUntil {
        expires_at,
        csrf_token: tokens.map(|tokens| tokens.csrf),
    }))
}

/// The answer to a login or a renewal.
pub(crate) async fn opened(
    request: &HttpRequest,
    store: &Store,
    tokens: SessionTokens,
) -> Result<HttpResponse, Problem> {
    let caller = store.caller(&tokens.access, request_source(request)).await?;
    let user = describe(store, &caller).await?;
    let in_cookies = tokens.mode == SessionMode::Cookie;
    let mut answer = HttpResponse::Ok();
    if in_cookies {
        answer
            .cookie(cookie(ACCESS_COOKIE, tokens.access.clone()))
            .cookie(cookie(REFRESH_COOKIE, tokens.refresh.clone()));
        if let Some(met) = store.browser_meets(shown_browser(request).as_deref(), caller.principal().user) {
            let mut kept = cookie(BROWSER_COOKIE, met);
            kept.set_max_age(BROWSER_KEPT);
            answer.cookie(kept);
        }
    }
    let shown = |token: String| if in_cookies { None } else { Some(token) };
    Ok(answer.json(LoggedIn {
        access_token: shown(tokens.access),
        refresh_token: shown(tokens.refresh),
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        csrf_token: in_cookies.then_some(tokens.csrf),
        user,
    }))
}
