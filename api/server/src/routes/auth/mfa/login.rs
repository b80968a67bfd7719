//! Completing a login with a second factor: the password was right, or the identity provider's word, and the answer to it
//! brought an `mfa_token`.

use super::super::session::{LoggedIn, Mode, opened};
use super::passkeys::PasskeyQuestion;
use crate::http::{Body, Problem, request_source};
use actix_web::{HttpRequest, HttpResponse, post, web};
use attest_store::{LoginRefused, Store};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(login_passkey_options)
        .service(login_passkey)
        .service(login_code);
}

/// A login that waits for its second factor.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingLogin {
    /// `mfa_token` of the answer that asked for the second factor; good for five minutes and one login.
    #[validate(length(min = 1, max = 200))]
    pub mfa_token: String,
}

/// A passkey's answer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyLogin {
    /// `mfa_token` of the answer that asked for the second factor.
    #[validate(length(min = 1, max = 200))]
    pub mfa_token: String,
    /// What `navigator.credentials.get()` gave, as its `toJSON()` writes it.
    #[schema(value_type = Object)]
    pub credential: Value,
    /// Where the session is to live.
    #[serde(default)]
    pub mode: Mode,
}

/// A code.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeLogin {
    /// `mfa_token` of the answer that asked for the second factor.
    #[validate(length(min = 1, max = 200))]
    pub mfa_token: String,
    /// One-time or recovery code.
    #[validate(length(min = 1, max = 40))]
    pub otp: String,
    /// Where the session is to live.
    #[serde(default)]
    pub mode: Mode,
}

/// Complete a login with a code
///
/// As a login: the session has two factors. For whoever signed in at an identity provider; with a password `POST /auth/login`
/// takes the code too.
#[utoipa::path(tag = "auth", request_body = CodeLogin, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "Signed in", body = LoggedIn)))]
#[post("/auth/login/code")]
async fn login_code(
    request: HttpRequest,
    store: web::Data<Store>,
    body: Body<CodeLogin>,
) -> Result<HttpResponse, Problem> {
    let CodeLogin { mfa_token, otp, mode } = body.value;
    let mode = mode.asked_from(&request)?;
    let tokens = store
        .login_code(&mfa_token, &otp, mode, request_source(&request))
        .await
        .map_err(over)?;
    opened(&request, &store, tokens).await
}

/// Ask for a passkey to complete a login
#[utoipa::path(tag = "auth", request_body = WaitingLogin, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "What to ask the authenticator", body = PasskeyQuestion)))]
#[post("/auth/login/passkey/options")]
async fn login_passkey_options(
    store: web::Data<Store>,
    body: Body<WaitingLogin>,
) -> Result<web::Json<PasskeyQuestion>, Problem> {
    let asked = store.login_passkey_options(&body.value.mfa_token).await;
    Ok(web::Json(PasskeyQuestion {
        public_key: asked.map_err(over)?,
    }))
}

/// Complete a login with a passkey
///
/// As a login: the session has two factors.
#[utoipa::path(tag = "auth", request_body = PasskeyLogin, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "Signed in", body = LoggedIn)))]
#[post("/auth/login/passkey")]
async fn login_passkey(
    request: HttpRequest,
    store: web::Data<Store>,
    body: Body<PasskeyLogin>,
) -> Result<HttpResponse, Problem> {
    let PasskeyLogin {
        mfa_token,
        credential,
        mode,
    } = body.value;
    let mode = mode.asked_from(&request)?;
    let tokens = store
        .login_passkey(&mfa_token, credential, mode, request_source(&request))
        .await
        .map_err(over)?;
    opened(&request, &store, tokens).await
}

/// Whoever has no good ticket begins with the password again. No address is counted here: a ticket cannot be guessed, and
/// wrong answers to a good one are limited by the account's lock-out.
fn over(refused: LoginRefused) -> Problem {
    match refused {
        LoginRefused::Credentials => Problem::new(
            401,
            "invalid-credentials",
            "Not signed in",
            "this login is over: begin again",
        ),
        other => other.into(),
    }
}
