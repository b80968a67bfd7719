//! Shared workstations: leaving one's session parked at a browser for somebody else, and coming back to it (ATT-14). Which
//! browser it is tells a cookie of its own (ATT-12).

use super::lock::{exactly_one, key, refused};
use super::mfa::PasskeyQuestion;
use super::session::{LoggedIn, opened};
use super::{cookie, no_cookie};
use crate::http::may::{ACCESS_COOKIE, REFRESH_COOKIE, same_origin};
use crate::http::{Body, May, Problem, request_source};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use attest_domain::ids::SessionId;
use attest_domain::may;
use attest_store::{ParkedPerson, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The cookie that names the workstation.
const WORKSTATION_COOKIE: &str = "__Host-attest_workstation";

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(workstation).service(park).service(ask).service(switch);
}

/// Who is parked at this browser.
#[derive(Serialize, ToSchema)]
pub struct WorkstationView {
    /// The people, the longest absent first.
    pub people: Vec<ParkedPerson>,
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Park {}

/// Whose session it is about.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParkedSession {
    /// `session_id` of `GET /auth/workstation`.
    pub session_id: SessionId,
}

/// Whose session is to go on, and with what the person opens it: one of the three.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_of_them"))]
#[schema(example = json!({"session_id": "0198c1f0-0000-7000-8000-000000000000", "pin": "402719"}))]
pub struct Switch {
    /// `session_id` of `GET /auth/workstation`.
    pub session_id: SessionId,
    /// The person's PIN.
    #[validate(length(min = 1, max = 12))]
    pub pin: Option<String>,
    /// The person's password.
    #[validate(length(min = 1, max = 128))]
    pub password: Option<String>,
    /// A passkey's answer to `POST /auth/workstation/passkey`, as its `toJSON()` writes it.
    #[schema(value_type = Option<Object>)]
    pub passkey: Option<Value>,
}

fn one_of_them(asked: &Switch) -> Result<(), ValidationError> {
    exactly_one([asked.pin.is_some(), asked.password.is_some(), asked.passkey.is_some()])
}

/// Who is parked here
///
/// The people whose sessions are parked at this browser and could go on. Which browser it is tells the cookie that
/// `POST /auth/workstation/park` set; without it the list is empty.
#[utoipa::path(tag = "auth", security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "The people", body = WorkstationView)))]
#[get("/auth/workstation")]
async fn workstation(request: HttpRequest, store: web::Data<Store>) -> Result<web::Json<WorkstationView>, Problem> {
    let people = store.workstation(secret(&request).as_deref()).await?;
    Ok(web::Json(WorkstationView { people }))
}

/// Park my session
///
/// For a workstation that several people use: the session is locked and loses its cookies, so that somebody else can sign in,
/// and goes on by `POST /auth/workstation/switch` at this browser. The limits of time go on too. At most eight are parked at
/// one browser: with one more, the one that was left the longest ago ends. Only for sessions in cookies.
#[utoipa::path(tag = "auth", request_body = Park, extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Parked")))]
#[post("/auth/workstation/park")]
async fn park(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AtTheDoor>,
    _body: Body<Park>,
) -> Result<HttpResponse, Problem> {
    let secret = secret(&request);
    let secret = store
        .workstation_park(&may.caller, may.permit, secret.as_deref())
        .await?;
    Ok(HttpResponse::NoContent()
        .cookie(cookie(WORKSTATION_COOKIE, secret))
        .cookie(no_cookie(ACCESS_COOKIE))
        .cookie(no_cookie(REFRESH_COOKIE))
        .finish())
}

/// Ask for a passkey to go on with a parked session
#[utoipa::path(tag = "auth", request_body = ParkedSession, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "What to ask the authenticator", body = PasskeyQuestion)))]
#[post("/auth/workstation/passkey")]
async fn ask(
    request: HttpRequest,
    store: web::Data<Store>,
    body: Body<ParkedSession>,
) -> Result<web::Json<PasskeyQuestion>, Problem> {
    same_origin(&request)?;
    let secret = secret(&request).ok_or_else(Problem::unauthenticated)?;
    let asked = store
        .workstation_passkey(&secret, body.value.session_id, request_source(&request))
        .await;
    Ok(web::Json(PasskeyQuestion {
        public_key: asked.map_err(refused)?,
    }))
}

/// Go on with a parked session
///
/// As unlocking a screen: five wrong PINs end the session (401), as does every limit that held before; a wrong one is
/// 403 `/problems/reauthentication-failed`. The session gets new cookies and a new CSRF token, and what was confirmed before
/// it was parked is confirmed no longer.
#[utoipa::path(tag = "auth", request_body = Switch, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "The person is at work again", body = LoggedIn)))]
#[post("/auth/workstation/switch")]
async fn switch(request: HttpRequest, store: web::Data<Store>, body: Body<Switch>) -> Result<HttpResponse, Problem> {
    same_origin(&request)?;
    let secret = secret(&request).ok_or_else(Problem::unauthenticated)?;
    let Switch {
        session_id,
        pin,
        password,
        passkey,
    } = body.value;
    let tokens = store
        .workstation_switch(
            &secret,
            session_id,
            key(pin, password, passkey),
            request_source(&request),
        )
        .await
        .map_err(refused)?;
    opened(&request, &store, tokens).await
}

fn secret(request: &HttpRequest) -> Option<String> {
    request
        .cookie(WORKSTATION_COOKIE)
        .map(|cookie| cookie.value().to_owned())
}
