//! Locking the screen of a shared workstation, and the PIN that unlocks it (ATT-14).

use crate::http::{Body, May, Problem};
use actix_web::{HttpResponse, delete, post, put, web};
use attest_domain::may;
use attest_store::{Key, LoginRefused, Store, UnlockRefused};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(lock)
        .service(unlock)
        .service(pin_set)
        .service(pin_remove);
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lock {}

/// What the screen is unlocked with: one of them.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_of_them"))]
#[schema(example = json!({"pin": "402719"}))]
pub struct Unlock {
    /// The PIN.
    #[validate(length(min = 1, max = 12))]
    pub pin: Option<String>,
    /// The password.
    #[validate(length(min = 1, max = 128))]
    pub password: Option<String>,
    /// A passkey's answer to `POST /auth/mfa/passkeys/challenge`, as its `toJSON()` writes it.
    #[schema(value_type = Option<Object>)]
    pub passkey: Option<Value>,
}

fn one_of_them(asked: &Unlock) -> Result<(), ValidationError> {
    exactly_one([asked.pin.is_some(), asked.password.is_some(), asked.passkey.is_some()])
}

pub(super) fn exactly_one(shown: [bool; 3]) -> Result<(), ValidationError> {
    if shown.iter().filter(|shown| **shown).count() == 1 {
        return Ok(());
    }
    Err(ValidationError::new("one_of").with_message("send one of pin, password and passkey".into()))
}

/// A new PIN.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pin": "402719", "password": "…"}))]
pub struct NewPin {
    /// 6 to 12 digits, no row and no repetition.
    #[validate(length(min = 1, max = 64))]
    pub pin: String,
    /// The caller's password.
    #[validate(length(min = 1, max = 128))]
    pub password: String,
}

/// Lock my screen
///
/// Until it is unlocked every operation but unlocking, signing out and `GET /me` is refused (`/problems/locked`).
#[utoipa::path(tag = "auth", request_body = Lock, extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Locked")))]
#[post("/auth/lock")]
async fn lock(store: web::Data<Store>, may: May<may::AtTheDoor>, _body: Body<Lock>) -> Result<HttpResponse, Problem> {
    let session = may.caller.principal().session;
    store.lock(may.permit, session).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlock my screen
///
/// By PIN, password or passkey. Five wrong PINs end the session (401); wrong passwords and passkeys count as at a login.
#[utoipa::path(tag = "auth", request_body = Unlock, extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Unlocked")))]
#[post("/auth/unlock")]
async fn unlock(
    store: web::Data<Store>,
    may: May<may::AtTheDoor>,
    body: Body<Unlock>,
) -> Result<HttpResponse, Problem> {
    let Unlock { pin, password, passkey } = body.value;
    store
        .unlock(&may.caller, may.permit, key(pin, password, passkey))
        .await
        .map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Set my PIN
///
/// It unlocks this person's locked screens, and nothing else.
#[utoipa::path(tag = "auth", request_body = NewPin, extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Set")))]
#[put("/auth/pin")]
async fn pin_set(store: web::Data<Store>, may: May<may::Myself>, body: Body<NewPin>) -> Result<HttpResponse, Problem> {
    store
        .pin_set(&may.caller, &body.value.pin, &body.value.password)
        .await
        .map_err(|refusal| refused(refusal.into()))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Remove my PIN
#[utoipa::path(tag = "auth", extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Removed")))]
#[delete("/auth/pin")]
async fn pin_remove(store: web::Data<Store>, may: May<may::Myself>) -> Result<HttpResponse, Problem> {
    store.pin_remove(may.permit).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Of the three that a body may show, the one that it does.
pub(super) fn key(pin: Option<String>, password: Option<String>, passkey: Option<Value>) -> Key {
    match (pin, password) {
        (Some(pin), _) => Key::Pin(pin),
        (_, Some(password)) => Key::Password(password),
        (_, None) => Key::Passkey(passkey.unwrap_or_default()),
    }
}

pub(super) fn refused(refusal: UnlockRefused) -> Problem {
    let wrong = |detail: String| Problem::new(403, "reauthentication-failed", "Identity not confirmed", detail);
    match refusal {
        UnlockRefused::Wrong(left) => wrong(format!(
            "the PIN is not right; {left} tries are left, then the session ends"
        )),
        UnlockRefused::Ended => Problem::unauthenticated(),
        UnlockRefused::Password(LoginRefused::Credentials) => wrong("the password or passkey is not right".to_owned()),
        UnlockRefused::Password(other) => other.into(),
    }
}
