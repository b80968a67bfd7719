//! The keys that sign the log: which they are and were, and putting a new one in place by two people (ATT-17, ATT-24, ATT-44).

use crate::http::{Body, IdempotencyKey, May, Problem, SteppedUp};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::four_eyes::TwoPersonState;
use attest_domain::ids::TwoPersonRequestId;
use attest_domain::may;
use attest_store::{ActProof, KeyRotationView, LogKeysView, Store, TwoPersonRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Why the key is to be replaced.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "yearly rotation"}))]
struct KeyRotation {
    /// The reason, for the record. The one who asks and the one who confirms each give theirs.
    #[validate(length(min = 1, max = 2000))]
    reason: String,
    /// The request that you have seen and confirm. With it nothing is asked for anew: 409 when that request does not wait any more.
    request: Option<TwoPersonRequestId>,
}

/// A rotation that was asked for, or done.
#[derive(Serialize, ToSchema)]
struct KeyRotationAnswer {
    /// The request: `requested` while another person has to confirm, then `done`.
    request: TwoPersonRequest,
    /// The rotation, once it was confirmed; null until then.
    rotation: Option<KeyRotationView>,
    /// That your part is in the audit log; null until a checkpoint covers it.
    proof: Option<ActProof>,
}

/// Keys that sign the audit log
///
/// The present key and those before it, each with what leads from the one to the next: the event in the log, and the checkpoint that
/// both keys signed. Whoever holds an older key can follow it to the present one.
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "The keys", body = LogKeysView)))]
#[get("/audit/keys")]
pub(super) async fn log_keys(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
) -> Result<web::Json<LogKeysView>, Problem> {
    Ok(web::Json(store.read(may.permit, |tx| tx.log_keys()).await?))
}

/// Replace the key that signs the audit log
///
/// Takes two people, each with a confirmed identity (`POST /auth/reauthenticate`): the first asks (202), another one sends the same
/// and thereby does it (200). The log then says so, the checkpoint that covers it is signed by the old key and the new one, and the old
/// private key is destroyed. Exports made from then on carry the proof, so that a key handed out earlier stays good for
/// checking them. 202 with `proof: null` when no checkpoint covers the event within five seconds: it stands, and is finished as
/// soon as the log is signed again.
#[utoipa::path(tag = "audit", request_body = KeyRotation, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("ledger:rotate_key"))),
    responses((status = 202, description = "Asked for; another person has to confirm", body = KeyRotationAnswer), (status = 200, description = "Done and provable", body = KeyRotationAnswer)))]
#[post("/audit/keys/rotate")]
pub(super) async fn log_key_rotate(
    store: web::Data<Store>,
    may: SteppedUp<may::LedgerRotateKey>,
    key: IdempotencyKey,
    body: Body<KeyRotation>,
) -> Result<HttpResponse, Problem> {
    let KeyRotation { reason, request } = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.ledger_key_rotate(&reason, request)
        })
        .await?;
    let proof = match written.event {
        Some(event) => store.proven(&written.permit, event).await?.map(ActProof::from),
        None => None,
    };
    let id = written.value;
    let (request, rotation) = store.read(written.permit, move |tx| tx.key_rotation(id)).await?;
    let done = request.status == TwoPersonState::Done && rotation.as_ref().is_some_and(|found| found.proof.is_some());
    let mut answer = if done {
        HttpResponse::Ok()
    } else {
        HttpResponse::Accepted()
    };
    Ok(answer.json(KeyRotationAnswer {
        request,
        rotation,
        proof,
    }))
}
