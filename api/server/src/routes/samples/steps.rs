//! What happens to samples: received, changed, given more tests, rejected, cancelled, disposed of, moved.

use crate::http::{Body, Id, IdempotencyKey, May, New, Params, Patch, Problem, Step, Versioned, complete, tagged};
use crate::routes::two_person_requests::halfway;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, patch, post, web};
use attest_domain::ids::{OrderId, SampleId};
use attest_domain::{Grant, ReasonCode, may};
use attest_store::{
    Reception, ReceptionItem, Sample, SampleData, SeesSamples, Store, StoreError, TestsWanted, TwoPersonRequest,
    Written,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(sample_receive_batch)
        .service(sample_receive)
        .service(sample_reject)
        .service(sample_cancel)
        .service(sample_dispose)
        .service(sample_edit)
        .service(sample_add_tests)
        .service(sample_relink);
}

/// Why something ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingReason {
    /// Why, in words.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

/// Why a sample is not fit for testing.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "container broken", "reason_code": "sample_unsuitable"}))]
pub struct RejectRequest {
    /// Why, in words; needed.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
    /// Why, as a code.
    pub reason_code: Option<ReasonCode>,
}

/// Where a sample really belongs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelinkRequest {
    /// The order it is moved to.
    pub order_id: OrderId,
    /// Why; needed.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

/// A crate of samples.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceptionBatch {
    /// 1 to 200 samples.
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<ReceptionItem>,
}

/// All or nothing, or each by itself.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PartialQuery {
    /// True: what can be done is done, and each item has its own answer (207 when they differ).
    #[serde(default)]
    pub(super) partial: bool,
}

/// What became of each sample of a crate.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivedBatch {
    /// In the order of the request.
    pub items: Vec<ReceivedItem>,
}

/// What became of one sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivedItem {
    /// The sample.
    pub sample_id: SampleId,
    /// The HTTP status it would have had alone.
    pub status: u16,
    /// The sample, when it was received.
    pub sample: Option<Sample>,
    /// What is wrong, when it was not.
    pub problem: Option<Problem>,
}

/// The sample after a step, with its new version.
async fn shown<P: Grant + SeesSamples>(store: &Store, written: Written<P, SampleId>) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let sample = store.read(written.permit, move |tx| tx.sample(id)).await?;
    Ok(tagged(&sample, sample.summary.version, None))
}

/// Receive a sample
///
/// Condition, temperature where the sample type asks for it, deviations. A temperature outside the sample type's range becomes a deviation.
#[utoipa::path(tag = "samples", request_body = Reception, extensions(("x-permission" = json!("sample:receive"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")), responses((status = 200, description = "Received", body = Sample)))]
#[post("/samples/{id}/receive")]
async fn sample_receive(
    store: web::Data<Store>,
    step: Step<may::SampleReceive, SampleId, New<Reception>>,
) -> Result<HttpResponse, Problem> {
    let New(reception) = step.body;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_receive(step.id, step.seen, &reception)
        })
        .await?;
    shown(&store, written).await
}

/// Receive a crate of samples
///
/// All or none, unless `partial` is true.
#[utoipa::path(tag = "samples", request_body = ReceptionBatch, params(PartialQuery), extensions(("x-permission" = json!("sample:receive"))),
    responses((status = 200, description = "All received", body = ReceivedBatch), (status = 207, description = "Each has its own answer", body = ReceivedBatch)))]
#[post("/samples/receive")]
async fn sample_receive_batch(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::SampleReceive>,
    query: Params<PartialQuery>,
    key: IdempotencyKey,
    body: Body<ReceptionBatch>,
) -> Result<HttpResponse, Problem> {
    let (items, once) = (body.value.items, key.once(body.hash));
    let mut asked: Vec<SampleId> = items.iter().map(|item| item.sample_id).collect();
    let failed: Arc<Mutex<HashMap<SampleId, StoreError>>> = Arc::default();
    let (noted, caller) = (Arc::clone(&failed), may.caller);
    let written = store
        .write(may.permit, once, move |tx| {
            if !query.0.partial {
                return tx.sample_receive_batch(items);
            }
            tx.sample_receive_each(items, |id, error| {
                noted.lock().unwrap_or_else(PoisonError::into_inner).insert(id, error);
            })
        })
        .await;
    let mut failed = std::mem::take(&mut *failed.lock().unwrap_or_else(PoisonError::into_inner));
    let (done, permit) = match written {
        Ok(written) => (written.value, written.permit),
        // Nothing was done, and each item knows why.
        Err(_nothing) if failed.len() == asked.len() => (Vec::new(), caller.permit()?),
        Err(error) => return Err(error.into()),
    };
    // A repeated request is answered from what the first one did; what it could not do is not remembered.
    asked.retain(|id| failed.contains_key(id) || done.contains(id));
    let samples = store.read(permit, move |tx| tx.samples(&done)).await?;
    let mut samples: HashMap<SampleId, Sample> =
        samples.into_iter().map(|sample| (sample.summary.id, sample)).collect();
    let status = if failed.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::MULTI_STATUS
    };
    let item = |sample_id: SampleId| {
        let problem = failed.remove(&sample_id).map(|error| complete(&request, error.into()));
        ReceivedItem {
            sample_id,
            status: problem.as_ref().map_or(200, |problem: &Problem| problem.status),
            sample: samples.remove(&sample_id),
            problem,
        }
    };
    Ok(HttpResponse::build(status).json(ReceivedBatch {
        items: asked.into_iter().map(item).collect(),
    }))
}

/// Reject a sample
///
/// It is not fit for testing: its open results are cancelled.
#[utoipa::path(tag = "samples", request_body = RejectRequest, extensions(("x-permission" = json!("sample:reject"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")), responses((status = 200, description = "Rejected", body = Sample)))]
#[post("/samples/{id}/reject")]
async fn sample_reject(
    store: web::Data<Store>,
    step: Step<may::SampleReject, SampleId, RejectRequest>,
) -> Result<HttpResponse, Problem> {
    let RejectRequest { reason, reason_code } = step.body;
    let code = reason_code.unwrap_or(ReasonCode::SampleUnsuitable);
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_reject(step.id, step.seen, reason.as_deref(), code)
        })
        .await?;
    shown(&store, written).await
}

/// Cancel a sample
///
/// Before anything of it was measured.
#[utoipa::path(tag = "samples", request_body = ClosingReason, extensions(("x-permission" = json!("sample:cancel"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")), responses((status = 200, description = "Cancelled", body = Sample)))]
#[post("/samples/{id}/cancel")]
async fn sample_cancel(
    store: web::Data<Store>,
    step: Step<may::SampleCancel, SampleId, ClosingReason>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_cancel(step.id, step.seen, reason.as_deref())
        })
        .await?;
    shown(&store, written).await
}

/// Record the disposal of a sample
#[utoipa::path(tag = "samples", request_body = ClosingReason, extensions(("x-permission" = json!("sample:dispose"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")), responses((status = 200, description = "Disposed of", body = Sample)))]
#[post("/samples/{id}/dispose")]
async fn sample_dispose(
    store: web::Data<Store>,
    step: Step<may::SampleDispose, SampleId, ClosingReason>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_dispose(step.id, step.seen, reason.as_deref())
        })
        .await?;
    shown(&store, written).await
}

type SampleChange = Patch<SampleData>;

/// Change what is recorded about a sample
#[utoipa::path(tag = "samples", request_body = SampleChange, extensions(("x-permission" = json!("sample:edit"))),
    params(("id" = String, Path, format = Uuid, description = "The sample"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = Sample)))]
#[patch("/samples/{id}")]
async fn sample_edit(
    store: web::Data<Store>,
    may: May<may::SampleEdit>,
    id: Id<SampleId>,
    seen: Versioned,
    key: IdempotencyKey,
    body: Body<SampleChange>,
) -> Result<HttpResponse, Problem> {
    let change = body.value.members;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.sample_edit(id.0, seen.0, &change)
        })
        .await?;
    shown(&store, written).await
}

/// Add tests to a sample
///
/// A completed or reported sample is in progress again.
#[utoipa::path(tag = "samples", request_body = TestsWanted, extensions(("x-permission" = json!("sample:register"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")), responses((status = 201, description = "Added", body = Sample)))]
#[post("/samples/{id}/results")]
async fn sample_add_tests(
    store: web::Data<Store>,
    step: Step<may::SampleRegister, SampleId, New<TestsWanted>>,
) -> Result<HttpResponse, Problem> {
    let New(wanted) = step.body;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_add_tests(step.id, step.seen, &wanted)
        })
        .await?;
    let id = written.value;
    let sample = store.read(written.permit, move |tx| tx.sample(id)).await?;
    Ok(tagged(
        &sample,
        sample.summary.version,
        Some(format!("/api/v1/samples/{id}")),
    ))
}

/// Move a sample to another order
///
/// Takes two people: the first asks (202), another one sends the same and thereby does it (200).
#[utoipa::path(tag = "samples", request_body = RelinkRequest, extensions(("x-permission" = json!("sample:relink"))),
    params(("id" = String, Path, format = Uuid, description = "The sample")),
    responses((status = 202, description = "Asked for; another person has to confirm", body = TwoPersonRequest), (status = 200, description = "Done", body = TwoPersonRequest)))]
#[post("/samples/{id}/relink")]
async fn sample_relink(
    store: web::Data<Store>,
    step: Step<may::SampleRelink, SampleId, RelinkRequest>,
) -> Result<HttpResponse, Problem> {
    let RelinkRequest { order_id, reason } = step.body;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.sample_relink(step.id, step.seen, order_id, reason.as_deref())
        })
        .await?;
    let request = written.value;
    let asked = store
        .read(written.permit, move |tx| tx.two_person_request(request))
        .await?;
    Ok(halfway(&asked))
}
