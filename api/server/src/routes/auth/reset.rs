//! Choosing a password by a one-time link from a mail (ATT-08).

use super::password::{PasswordRules, preferred};
use crate::http::{Allowances, Body, Problem, request_source};
use actix_web::{HttpRequest, HttpResponse, post, web};
use attest_store::{LinkPurpose, LoginRefused, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(password_reset)
        .service(password_reset_inspect)
        .service(password_reset_complete);
}

/// Whose password is to be chosen anew.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "analyst@riverbend.example"}))]
pub struct ResetRequest {
    /// E-mail address.
    #[validate(length(min = 3, max = 254))]
    pub email: String,
    /// Short name of the laboratory; otherwise a mail comes from each where the address has an account.
    #[validate(length(max = 63))]
    pub laboratory: Option<String>,
}

/// The token of a link.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "att_o_…"}))]
pub struct LinkToken {
    /// From the link, behind `#token=`.
    #[validate(length(min = 1, max = 200))]
    pub token: String,
}

/// The password that is chosen.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "att_o_…", "new_password": "…"}))]
pub struct ResetComplete {
    /// From the link, behind `#token=`.
    #[validate(length(min = 1, max = 200))]
    pub token: String,
    /// The new password.
    #[validate(length(max = 1000))]
    pub new_password: String,
    /// A code of the person's second factor, or one of their recovery codes; for people who have one.
    #[validate(length(max = 64))]
    pub otp: Option<String>,
}

/// What a link leads to.
#[derive(Serialize, ToSchema)]
pub struct LinkView {
    /// A new password, or the first one.
    pub purpose: LinkPurpose,
    /// Where.
    pub laboratory: LinkLaboratory,
    /// With which address the person signs in.
    pub email: String,
    /// The person's printed name.
    pub name: String,
    /// `otp` will be asked for.
    pub second_factor: bool,
    /// How long the link works.
    pub expires_at: DateTime<Utc>,
    /// The rules of the laboratory's passwords.
    pub password_policy: PasswordRules,
}

/// The laboratory of a link.
#[derive(Serialize, ToSchema)]
pub struct LinkLaboratory {
    /// Short name.
    pub slug: String,
    /// Full name.
    pub name: String,
}

/// Ask for a new password
///
/// A link to choose one goes to the address, if somebody who may sign in has it. The answer is the same in every case, and
/// comes before anything is looked up.
#[utoipa::path(tag = "auth", request_body = ResetRequest, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 202, description = "If there is such an account, a mail is on its way")))]
#[post("/auth/password-reset")]
async fn password_reset(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    body: Body<ResetRequest>,
) -> Result<HttpResponse, Problem> {
    allowances.reset_requests.spend(&request)?;
    let (asked, source) = (body.value, request_source(&request));
    tokio::spawn(async move {
        if let Err(error) = store
            .password_reset_request(&asked.email, asked.laboratory, source)
            .await
        {
            tracing::error!(%error, "a link to choose a password could not be made");
        }
    });
    Ok(HttpResponse::Accepted().finish())
}

/// Look at a link
///
/// A link that does not work, for whatever reason, is 404.
#[utoipa::path(tag = "auth", request_body = LinkToken, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "It works", body = LinkView)))]
#[post("/auth/password-reset/inspect")]
async fn password_reset_inspect(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    body: Body<LinkToken>,
) -> Result<web::Json<LinkView>, Problem> {
    allowances.unknown_links.left(&request)?;
    let found = match store.password_link(&body.value.token).await {
        Err(StoreError::NotFound) => {
            allowances.unknown_links.spend(&request)?;
            return Err(Problem::not_found());
        }
        found => found?,
    };
    Ok(web::Json(LinkView {
        purpose: found.purpose,
        password_policy: PasswordRules::from(&found.laboratory.settings.password),
        laboratory: LinkLaboratory {
            slug: found.laboratory.slug,
            name: found.laboratory.name,
        },
        email: found.email,
        name: found.name,
        second_factor: found.second_factor,
        expires_at: found.expires_at,
    }))
}

/// Choose a password by a link
///
/// All sessions of the person end, an account that waits is open again, and nobody is signed in. People with a second factor
/// send a code too: 403 `/problems/second-factor-required` without one, `/problems/reauthentication-failed` for a wrong one,
/// which counts towards the lock-out. What is wrong with the password is told as by `POST /auth/password`.
#[utoipa::path(tag = "auth", request_body = ResetComplete, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 204, description = "Chosen; the link is used up")))]
#[post("/auth/password-reset/complete")]
async fn password_reset_complete(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    body: Body<ResetComplete>,
) -> Result<HttpResponse, Problem> {
    allowances.unknown_links.left(&request)?;
    let chosen = body.value;
    let done = store.password_reset_complete(
        &chosen.token,
        &chosen.new_password,
        chosen.otp.as_deref(),
        preferred(&request),
        request_source(&request),
    );
    match done.await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(LoginRefused::Store(StoreError::NotFound)) => {
            allowances.unknown_links.spend(&request)?;
            Err(Problem::not_found())
        }
        Err(LoginRefused::Credentials) => Err(Problem::new(
            403,
            "reauthentication-failed",
            "Identity not confirmed",
            "the code is not right, or was used before",
        )),
        Err(other) => Err(other.into()),
    }
}
