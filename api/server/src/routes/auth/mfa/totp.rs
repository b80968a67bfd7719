//! The authenticator app.

use super::{NothingAsked, RecoveryCodes};
use crate::http::may::OwnFactors;
use crate::http::{Body, Problem};
use actix_web::{HttpResponse, delete, post, web};
use attest_store::Store;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(totp_begin).service(totp_confirm).service(totp_remove);
}

/// A secret for an authenticator app, shown once.
#[derive(Serialize, ToSchema)]
pub struct NewTotp {
    /// To be typed in: base 32.
    pub secret: String,
    /// `otpauth://totp/…`
    pub uri: String,
    /// The same as a QR code.
    pub qr_svg: String,
}

/// What the app shows now.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "492039"}))]
pub struct TotpCode {
    /// Six digits.
    #[validate(length(min = 6, max = 12))]
    pub code: String,
}

/// Begin to set up an authenticator app
///
/// The secret is not in force before a code of it was confirmed; an app that was set up before works until then.
#[utoipa::path(tag = "auth", request_body = NothingAsked, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "The secret", body = NewTotp)))]
#[post("/auth/mfa/totp")]
async fn totp_begin(
    store: web::Data<Store>,
    own: OwnFactors,
    _body: Body<NothingAsked>,
) -> Result<web::Json<NewTotp>, Problem> {
    let secret = store.write(own.permit, None, |tx| tx.totp_begin()).await?.value.0;
    let code = QrCode::new(secret.uri.as_bytes()).map_err(|error| Problem::internal(&error))?;
    Ok(web::Json(NewTotp {
        qr_svg: code.render::<svg::Color<'_>>().min_dimensions(240, 240).build(),
        secret: secret.base32,
        uri: secret.uri,
    }))
}

/// Put the authenticator app in force
///
/// With the first second factor come recovery codes, and every other session of the person ends.
#[utoipa::path(tag = "auth", request_body = TotpCode, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "In force", body = RecoveryCodes)))]
#[post("/auth/mfa/totp/confirm")]
async fn totp_confirm(
    store: web::Data<Store>,
    own: OwnFactors,
    body: Body<TotpCode>,
) -> Result<web::Json<RecoveryCodes>, Problem> {
    let session = own.caller.principal().session;
    let written = store
        .write(own.permit, None, move |tx| tx.totp_confirm(session, &body.value.code))
        .await?;
    Ok(web::Json(RecoveryCodes {
        recovery_codes: written.value.0,
    }))
}

/// Remove my authenticator app
///
/// Refused for the last second factor of somebody whose role asks for one.
#[utoipa::path(tag = "auth", security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))), responses((status = 204, description = "Removed")))]
#[delete("/auth/mfa/totp")]
async fn totp_remove(store: web::Data<Store>, own: OwnFactors) -> Result<HttpResponse, Problem> {
    store.write(own.permit, None, |tx| tx.totp_remove()).await?;
    Ok(HttpResponse::NoContent().finish())
}
