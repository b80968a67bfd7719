//! Reports, answered for: signed, released, withdrawn.

use super::texts::line_text;
use super::{NothingMore, ReportReason, changed, proven};
use crate::http::{Problem, Step};
use crate::press::Press;
use actix_web::{HttpResponse, post, web};
use attest_domain::ids::ReportId;
use attest_domain::may;
use attest_store::{Document, LoginRefused, Report, Shown, SignerProof, Signing, Store};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// An electronic signature.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_proof"))]
#[schema(example = json!({"meaning": "Results reviewed and authorised for reporting", "password": "…", "content_sha256": "9f2d…"}))]
pub struct Signature {
    /// What the signature means; printed with it.
    #[validate(custom(function = "line_text"))]
    pub meaning: String,
    /// The signer's password: who signs proves who they are, now. Absent with `sign_on`.
    #[validate(length(min = 1, max = 128))]
    pub password: Option<String>,
    /// Instead of a password: what the signer proved a moment ago at the identity provider
    /// (`POST /auth/sign-on/reauthenticate` with `purpose: "signature"`). Serves one signature.
    #[serde(default)]
    pub sign_on: bool,
    /// One-time code, once a second factor is enrolled.
    #[validate(length(max = 40))]
    pub otp: Option<String>,
    /// Or a passkey's answer to `POST /auth/mfa/passkeys/challenge`, as its `toJSON()` writes it.
    #[schema(value_type = Option<Object>)]
    pub passkey: Option<Value>,
    /// `content_sha256` of the draft that the signer saw.
    #[validate(length(min = 64, max = 64))]
    pub content_sha256: Option<String>,
}

fn one_proof(asked: &Signature) -> Result<(), ValidationError> {
    if asked.password.is_some() != asked.sign_on {
        return Ok(());
    }
    Err(ValidationError::new("one_of").with_message("send password, or sign_on: true; one of them".into()))
}

/// Sign a report
///
/// An electronic signature over the exact content: the signer's password, or proof at the identity provider, and, once they
/// have one, second factor
/// (`/problems/second-factor-required`), what the signature means, and the hash of what was seen.
/// Refused with `/problems/content-changed` when anything changed since. The answer holds the place in the audit log; 202 with
/// `proof: null` when no checkpoint covers it within five seconds: the signature stands.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = Signature,
    extensions(("x-permission" = json!("report:authorize"))),
    responses((status = 200, description = "Signed and provable", body = Report), (status = 202, description = "Signed; the proof is on its way", body = Report)))]
#[post("/reports/{id}/authorize")]
pub(super) async fn authorize(
    store: web::Data<Store>,
    press: web::Data<Press>,
    step: Step<may::ReportAuthorize, ReportId, Signature>,
) -> Result<HttpResponse, Problem> {
    // A signature is a person's: a program that was given the permission still has nothing to sign with.
    step.caller.permit::<may::Myself>()?;
    // What does not exist is not worth a password; and guessing passwords by signing is counted as at the door.
    let permit = step.caller.permit::<may::ReportAuthorize>()?;
    store
        .read(permit, move |tx| tx.report(step.id).map(|_there| ()))
        .await?;
    let second = match (step.body.otp, step.body.passkey) {
        (Some(otp), _) => Some(Shown::Otp(otp)),
        (None, answer) => answer.map(Shown::Passkey),
    };
    let first = step.body.password.map_or(SignerProof::SignOn, SignerProof::Password);
    let method = store
        .confirm_signature(&step.caller, &first, second.as_ref())
        .await
        .map_err(|refused| match refused {
            LoginRefused::Credentials => Problem::new(
                403,
                "reauthentication-failed",
                "Identity not confirmed",
                "the password, the proof at the identity provider or the second factor is not right; nothing was signed",
            ),
            other => other.into(),
        })?;
    let signing = Signing {
        meaning: step.body.meaning.trim().to_owned(),
        content_sha256: step.body.content_sha256,
        method,
    };
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.report_authorize(step.id, step.seen, &signing)
        })
        .await?;
    proven(&store, &press, written).await
}

/// Release a report
///
/// Makes the signed PDF, opens the public check and supersedes the version that this one amends.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = NothingMore,
    extensions(("x-permission" = json!("report:release"))),
    responses((status = 200, description = "Released and provable", body = Report), (status = 202, description = "Released; the proof is on its way", body = Report)))]
#[post("/reports/{id}/release")]
pub(super) async fn release(
    store: web::Data<Store>,
    press: web::Data<Press>,
    step: Step<may::ReportRelease, ReportId, NothingMore>,
) -> Result<HttpResponse, Problem> {
    let once = step.once;
    let permit = step.caller.permit::<may::ReportRelease>()?;
    let document = match store
        .read(permit, move |tx| tx.report_to_release(step.id, step.seen))
        .await
    {
        Ok(paper) => {
            let pdf = press.signed(&store, step.caller.laboratory(), &paper).await?;
            Some(Document { paper, pdf })
        }
        // A repeated request finds the report released: its answer is that of the first one, which the key knows.
        Err(_refused) if once.is_some() => None,
        Err(refused) => return Err(refused.into()),
    };
    let written = store
        .write(step.permit, once, move |tx| {
            tx.report_release(step.id, step.seen, document)
        })
        .await?;
    proven(&store, &press, written).await
}

/// Withdraw a released report
///
/// Its bytes stay; the public check says that it is withdrawn.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportReason,
    extensions(("x-permission" = json!("report:withdraw"))), responses((status = 200, description = "Withdrawn", body = Report)))]
#[post("/reports/{id}/withdraw")]
pub(super) async fn withdraw(
    store: web::Data<Store>,
    press: web::Data<Press>,
    step: Step<may::ReportWithdraw, ReportId, ReportReason>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.report_withdraw(step.id, step.seen, &reason)
        })
        .await?;
    changed(&store, &press, written).await
}
