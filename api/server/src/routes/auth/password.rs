//! One's own password: trying one out, and changing it.

use crate::http::may::caller;
use crate::http::{Allowances, Body, Problem, Signed};
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use attest_domain::password::{LENGTH_MAX, PasswordPolicy};
use attest_domain::{Language, may};
use attest_store::{LoginRefused, PasswordVerdict, Store, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(password_change).service(password_check);
}

/// The present password and the one that is to take its place.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "…", "new_password": "…"}))]
pub struct PasswordChange {
    /// The present password.
    #[validate(length(min = 1, max = 128))]
    pub current_password: String,
    /// The new one.
    #[validate(length(max = 1000))]
    pub new_password: String,
}

/// A password that somebody would like.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "…"}))]
pub struct PasswordToCheck {
    /// The password.
    #[validate(length(max = 1000))]
    pub password: String,
    /// The token of a one-time link, from people who are not signed in.
    #[validate(length(max = 200))]
    pub token: Option<String>,
}

/// What would be said about the password.
#[derive(Serialize, ToSchema)]
pub struct PasswordChecked {
    /// How hard it is to guess: 0 (among the first guesses) to 4. Below 3 it is refused.
    pub score: u8,
    /// It would be accepted, unless it was used before, which only choosing it tells.
    pub acceptable: bool,
    /// What is wrong with it.
    pub problems: Vec<PasswordProblem>,
}

/// One thing that is wrong with a password.
#[derive(Serialize, ToSchema)]
pub struct PasswordProblem {
    /// `too_short`, `too_long`, `composition`, `own_words`, `common` or `guessable`.
    pub code: &'static str,
    /// What to do about it, in the language of `Accept-Language`, else the person's.
    pub message: String,
}

/// The rules of a laboratory's passwords, as far as a form needs them.
#[derive(Serialize, ToSchema)]
pub struct PasswordRules {
    /// Fewest characters.
    pub min_length: u8,
    /// Most characters.
    pub max_length: usize,
    /// Letters, digits and another character are required.
    pub composition: bool,
    /// As many of the last passwords cannot be chosen again.
    pub history: u8,
}

impl From<&PasswordPolicy> for PasswordRules {
    fn from(policy: &PasswordPolicy) -> Self {
        Self {
            min_length: policy.min_length,
            max_length: LENGTH_MAX,
            composition: policy.composition,
            history: policy.history,
        }
    }
}

/// Change my password
///
/// All other sessions of the person end. The errors of a refused password have the path `new_password` and one of the codes
/// `too_short`, `too_long`, `composition`, `own_words`, `common`, `guessable`, `reused`. A wrong present password is
/// 403 `/problems/reauthentication-failed` and counts towards the lock-out.
#[utoipa::path(tag = "auth", request_body = PasswordChange, extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Changed; the other sessions are over")))]
#[post("/auth/password")]
async fn password_change(
    store: web::Data<Store>,
    signed: Signed,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let change = body.value;
    store
        .password_change(&signed.0, &change.current_password, &change.new_password)
        .await
        .map_err(|refused| match refused {
            LoginRefused::Credentials => Problem::new(
                403,
                "reauthentication-failed",
                "Identity not confirmed",
                "the present password is not right",
            ),
            other => other.into(),
        })?;
    Ok(HttpResponse::NoContent().finish())
}

/// Try a password out
///
/// For a form that helps while somebody types. Signed in, or with the token of a one-time link; nothing is stored, and the
/// passwords used before are not compared.
#[utoipa::path(tag = "auth", request_body = PasswordToCheck, extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "What would be said about it", body = PasswordChecked)))]
#[post("/auth/password/check")]
async fn password_check(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    body: Body<PasswordToCheck>,
) -> Result<web::Json<PasswordChecked>, Problem> {
    let asked = body.value;
    let (verdict, language) = match asked.token {
        Some(token) => {
            allowances.unknown_links.left(&request)?;
            match store.password_tried_by_link(&token, &asked.password).await {
                Err(StoreError::NotFound) => {
                    allowances.unknown_links.spend(&request)?;
                    return Err(Problem::not_found());
                }
                found => found?,
            }
        }
        None => {
            let person = caller(&request).await?;
            person.permit::<may::Myself>()?;
            let verdict = store.password_tried(&person, &asked.password).await?;
            (verdict, person.principal().language)
        }
    };
    Ok(web::Json(told(&verdict, preferred(&request).unwrap_or(language))))
}

fn told(verdict: &PasswordVerdict, language: Language) -> PasswordChecked {
    PasswordChecked {
        score: verdict.score,
        acceptable: verdict.refusals.is_empty(),
        problems: verdict
            .refusals
            .iter()
            .map(|refusal| PasswordProblem {
                code: refusal.code(),
                message: refusal.message(language),
            })
            .collect(),
    }
}

/// The language that the request asks for, if it names any.
pub(super) fn preferred(request: &HttpRequest) -> Option<Language> {
    let named = request.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    Some(Language::from_accept_language(named))
}
