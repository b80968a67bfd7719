//! One's own second factors: authenticator app, passkeys, recovery codes (ATT-07).

mod login;
mod passkeys;
mod totp;

pub(super) use passkeys::PasskeyQuestion;

use crate::http::may::OwnFactors;
use crate::http::{Body, May, Problem};
use actix_web::{get, post, web};
use attest_domain::may;
use attest_store::{FactorsView, Store};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .configure(login::operations)
        .configure(passkeys::operations)
        .configure(totp::operations)
        .service(factors)
        .service(recovery_codes);
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingAsked {}

/// Recovery codes, shown once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["k3m9-x72h-qd4v-8n1c-p0tz-5gwe-b6rj", "…"]}))]
pub struct RecoveryCodes {
    /// Ten codes, each good once in the place of the second factor. Null when there were some before: those stay.
    pub recovery_codes: Option<Vec<String>>,
}

/// My second factors
#[utoipa::path(tag = "auth", extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "What is set up, and whether a role asks for it", body = FactorsView)))]
#[get("/auth/mfa")]
async fn factors(store: web::Data<Store>, may: May<may::Myself>) -> Result<web::Json<FactorsView>, Problem> {
    Ok(web::Json(store.read(may.permit, |tx| tx.my_factors()).await?))
}

/// Make new recovery codes
///
/// The old ones stop working. They are shown this once.
#[utoipa::path(tag = "auth", request_body = NothingAsked, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Ten codes", body = RecoveryCodes)))]
#[post("/auth/mfa/recovery-codes")]
async fn recovery_codes(
    store: web::Data<Store>,
    own: OwnFactors,
    _body: Body<NothingAsked>,
) -> Result<web::Json<RecoveryCodes>, Problem> {
    let written = store.write(own.permit, None, |tx| tx.recovery_codes_renew()).await?;
    Ok(web::Json(RecoveryCodes {
        recovery_codes: Some(written.value.0),
    }))
}
