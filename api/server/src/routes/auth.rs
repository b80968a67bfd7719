//! Signing in and out, and one's own account.

use crate::http::may::{ACCESS_COOKIE, REFRESH_COOKIE, same_origin};
use crate::http::{Allowances, Body, Problem, Signed, request_source};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use attest_domain::{Language, Permission};
use attest_store::{Caller, Login, LoginRefused, SessionMode, SessionTokens, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(login)
        .service(refresh)
        .service(logout)
        .service(reauthenticate)
        .service(me)
        .service(me_edit);
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
    /// One-time code, for people with a second factor.
    #[validate(length(max = 16))]
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

/// A confirmation of identity.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReauthenticateRequest {
    /// The caller's password.
    #[validate(length(min = 1, max = 128))]
    pub password: String,
}

/// Changes to one's own account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// Language of screens.
    pub language: Option<Language>,
    /// Title printed with signatures.
    #[validate(length(max = 100))]
    pub title: Option<String>,
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

/// The signed-in person, what they may do, and where.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user's id.
    pub id: Uuid,
    /// E-mail address.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    pub title: Option<String>,
    /// Language of screens.
    pub language: Language,
    /// Roles.
    pub roles: Vec<RoleRef>,
    /// Effective permissions.
    pub permissions: Vec<Permission>,
    /// The laboratory.
    pub laboratory: MyLaboratory,
    /// The session.
    pub session: MySession,
    /// To be sent as `X-CSRF-Token`; cookie mode only.
    pub csrf_token: Option<String>,
    /// Policies that concern the person.
    pub policy: MyPolicy,
}

/// A role.
#[derive(Serialize, ToSchema)]
pub struct RoleRef {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub slug: String,
}

/// The person's laboratory.
#[derive(Serialize, ToSchema)]
pub struct MyLaboratory {
    /// Its id.
    pub id: Uuid,
    /// Short name.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// `testing` or `medical`.
    pub kind: &'static str,
    /// IANA time zone.
    pub timezone: String,
    /// Loaded by `--demo`: not for real work.
    pub demonstration: bool,
}

/// The person's session.
#[derive(Serialize, ToSchema)]
pub struct MySession {
    /// Its id.
    pub id: Uuid,
    /// Absolute end.
    pub expires_at: DateTime<Utc>,
    /// Seconds without activity until it ends.
    pub idle_timeout_seconds: i64,
    /// Until when the identity counts as confirmed.
    pub step_up_until: Option<DateTime<Utc>>,
}

/// Policies that concern the person.
#[derive(Serialize, ToSchema)]
pub struct MyPolicy {
    /// Who verifies is not who entered.
    pub four_eyes_verification: bool,
    /// Who releases is not who authorised.
    pub four_eyes_release: bool,
    /// Minutes without activity until a session ends.
    pub idle_minutes: u16,
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
        allowances.failed_logins.left(&request)?;
    }
    let mode = match asked.mode {
        Mode::Token => SessionMode::Token,
        Mode::Cookie => {
            same_origin(&request)?;
            SessionMode::Cookie
        }
    };
    let login = Login {
        email: asked.email.clone(),
        password: asked.password,
        laboratory: asked.laboratory,
        mode,
    };
    let tokens = match store.login(login, request_source(&request)).await {
        Ok(tokens) => tokens,
        Err(refused) => {
            if matches!(refused, LoginRefused::Credentials) {
                allowances.failed_logins.spend(&request)?;
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
async fn logout(store: web::Data<Store>, signed: Signed) -> Result<HttpResponse, Problem> {
    store.logout(&signed.0).await?;
    let mut answer = HttpResponse::NoContent();
    for name in [ACCESS_COOKIE, REFRESH_COOKIE] {
        let mut gone = cookie(name, String::new());
        gone.make_removal();
        answer.cookie(gone);
    }
    Ok(answer.finish())
}

/// Confirm your identity
///
/// Raises the session for five minutes, for operations that ask for it (`/problems/step-up-required`).
#[utoipa::path(tag = "auth", request_body = ReauthenticateRequest, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Confirmed", body = SteppedUpUntil)))]
#[post("/auth/reauthenticate")]
async fn reauthenticate(
    store: web::Data<Store>,
    signed: Signed,
    body: Body<ReauthenticateRequest>,
) -> Result<HttpResponse, Problem> {
    let (expires_at, tokens) = store
        .reauthenticate(&signed.0, &body.value.password)
        .await
        .map_err(|refused| match refused {
            attest_store::LoginRefused::Credentials => Problem::new(
                403,
                "reauthentication-failed",
                "Identity not confirmed",
                "the password is not right",
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

/// Who am I
#[utoipa::path(tag = "auth", extensions(("x-permission" = json!("login"))), responses((status = 200, description = "The signed-in person", body = Me)))]
#[get("/me")]
async fn me(store: web::Data<Store>, signed: Signed) -> Result<HttpResponse, Problem> {
    described(&store, &signed.0).await
}

/// Change my account
#[utoipa::path(tag = "auth", request_body = MeChange, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "The signed-in person", body = Me)))]
#[patch("/me")]
async fn me_edit(store: web::Data<Store>, signed: Signed, body: Body<MeChange>) -> Result<HttpResponse, Problem> {
    let MeChange { language, title } = body.value;
    store.my_account_edit(&signed.0, language, title).await?;
    described(&store, &signed.0).await
}

/// The person with an ETag of the content: roles, permissions, laboratory and session are parts of it, and none of them has
/// its version in the person's row.
async fn described(store: &Store, caller: &Caller) -> Result<HttpResponse, Problem> {
    let person = describe(store, caller).await?;
    let bytes = serde_json::to_vec(&person).map_err(|error| Problem::internal(&error))?;
    let digest = hex::encode(Sha256::digest(&bytes));
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{}\"", digest.get(..32).unwrap_or_default())))
        .content_type("application/json")
        .body(bytes))
}

async fn opened(request: &HttpRequest, store: &Store, tokens: SessionTokens) -> Result<HttpResponse, Problem> {
    let caller = store.caller(&tokens.access, request_source(request)).await?;
    let user = describe(store, &caller).await?;
    let in_cookies = tokens.mode == SessionMode::Cookie;
    let mut answer = HttpResponse::Ok();
    if in_cookies {
        answer
            .cookie(cookie(ACCESS_COOKIE, tokens.access.clone()))
            .cookie(cookie(REFRESH_COOKIE, tokens.refresh.clone()));
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

fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

async fn describe(store: &Store, caller: &Caller) -> Result<Me, Problem> {
    let account = store.my_account(caller).await?;
    let (principal, laboratory) = (caller.principal(), caller.laboratory());
    Ok(Me {
        id: principal.user.uuid(),
        email: account.email,
        name: account.name,
        title: account.title,
        language: account.language,
        roles: account
            .roles
            .into_iter()
            .map(|role| RoleRef {
                id: role.id,
                name: role.name,
                slug: role.slug,
            })
            .collect(),
        permissions: principal.permissions.iter().collect(),
        laboratory: MyLaboratory {
            id: laboratory.id,
            slug: laboratory.slug.clone(),
            name: laboratory.name.clone(),
            kind: laboratory.kind.as_str(),
            timezone: laboratory.timezone.clone(),
            demonstration: laboratory.demonstration,
        },
        session: MySession {
            id: principal.session.uuid(),
            expires_at: principal.expires_at,
            idle_timeout_seconds: i64::from(laboratory.settings.idle_minutes).saturating_mul(60),
            step_up_until: principal.step_up_until,
        },
        csrf_token: principal.cookie.then(|| principal.csrf.clone()),
        policy: MyPolicy {
            four_eyes_verification: laboratory.settings.four_eyes_verification,
            four_eyes_release: laboratory.settings.four_eyes_release,
            idle_minutes: laboratory.settings.idle_minutes,
        },
    })
}
