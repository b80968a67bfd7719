//! Passkeys: making one, naming, removing, and asking for one to confirm an act.

use super::NothingAsked;
use crate::http::may::OwnFactors;
use crate::http::{Body, Id, May, Problem};
use actix_web::{HttpResponse, delete, patch, post, web};
use attest_domain::ids::PasskeyId;
use attest_domain::may;
use attest_store::{PasskeyView, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(passkey_invite)
        .service(passkey_add)
        .service(passkey_challenge)
        .service(passkey_rename)
        .service(passkey_remove);
}

/// What to ask a browser's authenticator.
#[derive(Serialize, ToSchema)]
pub struct PasskeyQuestion {
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of WebAuthn: for
    /// `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`.
    #[schema(value_type = Object)]
    pub public_key: Value,
}

/// A passkey that was just made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// What its owner calls it.
    #[validate(length(min = 1, max = 64))]
    pub name: String,
    /// What `navigator.credentials.create()` gave, as its `toJSON()` writes it.
    #[schema(value_type = Object)]
    pub credential: Value,
}

/// Another name.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Key on my ring"}))]
pub struct PasskeyName {
    /// What its owner calls it.
    #[validate(length(min = 1, max = 64))]
    pub name: String,
}

/// The passkey works.
#[derive(Serialize, ToSchema)]
pub struct PasskeyAdded {
    /// The passkey.
    #[serde(flatten)]
    pub passkey: PasskeyView,
    /// Ten codes, each good once in the place of the second factor; only with the first second factor.
    pub recovery_codes: Option<Vec<String>>,
}

/// Begin to make a passkey
#[utoipa::path(tag = "auth", request_body = NothingAsked, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "What to ask the authenticator", body = PasskeyQuestion)))]
#[post("/auth/mfa/passkeys/options")]
async fn passkey_invite(
    store: web::Data<Store>,
    own: OwnFactors,
    _body: Body<NothingAsked>,
) -> Result<web::Json<PasskeyQuestion>, Problem> {
    let session = own.caller.principal().session;
    let written = store
        .write(own.permit, None, move |tx| tx.passkey_invite(session))
        .await?;
    Ok(web::Json(PasskeyQuestion {
        public_key: written.value.0,
    }))
}

/// Add a passkey
///
/// With the first second factor come recovery codes, and every other session of the person ends.
#[utoipa::path(tag = "auth", request_body = NewPasskey, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    responses((status = 201, description = "Added", body = PasskeyAdded)))]
#[post("/auth/mfa/passkeys")]
async fn passkey_add(
    store: web::Data<Store>,
    own: OwnFactors,
    body: Body<NewPasskey>,
) -> Result<HttpResponse, Problem> {
    let session = own.caller.principal().session;
    let NewPasskey { name, credential } = body.value;
    let written = store
        .write(own.permit, None, move |tx| tx.passkey_add(session, &name, &credential))
        .await?;
    let (id, recovery_codes) = written.value.0;
    let passkey = store.read(written.permit, move |tx| tx.my_passkey(id)).await?;
    Ok(HttpResponse::Created().json(PasskeyAdded {
        passkey,
        recovery_codes,
    }))
}

/// Ask my passkeys
///
/// For `passkey` of a confirmation or a signature. A question is good for five minutes and one answer.
#[utoipa::path(tag = "auth", request_body = NothingAsked, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "What to ask the authenticator", body = PasskeyQuestion)))]
#[post("/auth/mfa/passkeys/challenge")]
async fn passkey_challenge(
    store: web::Data<Store>,
    may: May<may::AtTheDoor>,
    _body: Body<NothingAsked>,
) -> Result<web::Json<PasskeyQuestion>, Problem> {
    Ok(web::Json(PasskeyQuestion {
        public_key: store.passkey_challenge(&may.caller).await?,
    }))
}

/// Rename a passkey
#[utoipa::path(tag = "auth", request_body = PasskeyName, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    params(("id" = String, Path, format = Uuid, description = "The passkey")),
    responses((status = 200, description = "Renamed", body = PasskeyView)))]
#[patch("/auth/mfa/passkeys/{id}")]
async fn passkey_rename(
    store: web::Data<Store>,
    own: OwnFactors,
    id: Id<PasskeyId>,
    body: Body<PasskeyName>,
) -> Result<web::Json<PasskeyView>, Problem> {
    let id = id.0;
    let written = store
        .write(own.permit, None, move |tx| tx.passkey_rename(id, &body.value.name))
        .await?;
    Ok(web::Json(
        store.read(written.permit, move |tx| tx.my_passkey(id)).await?,
    ))
}

/// Remove a passkey
///
/// Refused for the last second factor of somebody whose role asks for one.
#[utoipa::path(tag = "auth", security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    params(("id" = String, Path, format = Uuid, description = "The passkey")), responses((status = 204, description = "Removed")))]
#[delete("/auth/mfa/passkeys/{id}")]
async fn passkey_remove(store: web::Data<Store>, own: OwnFactors, id: Id<PasskeyId>) -> Result<HttpResponse, Problem> {
    store.write(own.permit, None, move |tx| tx.passkey_remove(id.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}
