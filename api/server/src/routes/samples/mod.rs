//! Samples over HTTP: registered, looked at, listed; what happens to them is in `steps`.

mod batch;
mod query;
mod steps;

use crate::http::{Body, Id, IdempotencyKey, May, New, Params, Problem, ShortQuery, page, tagged};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use attest_domain::ids::SampleId;
use attest_domain::may;
use attest_store::{Listing, NewSample, Sample, SampleSummary, Store, TimelineEntry};
use batch::RegisteredBatch;
use query::SampleQuery;
pub use query::words;
use serde::{Deserialize, Serialize};
pub use steps::ClosingReason;
use steps::PartialQuery;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(samples)
        .service(sample_register)
        .service(sample_register_batch)
        .service(sample_by_accession);
    // Before `/samples/{id}/…`, which would take the word for an id.
    config.configure(steps::operations);
    config.service(sample_one).service(sample_timeline);
}

type SampleList = Listing<SampleSummary>;
type SampleTimeline = Listing<TimelineEntry>;

/// Samples to be registered together.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleBatch {
    /// 1 to 200 samples.
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<NewSample>,
}

/// Samples.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleItems {
    /// In the order of the request.
    pub items: Vec<Sample>,
}

/// Samples
#[utoipa::path(tag = "samples", params(SampleQuery), extensions(("x-permission" = json!("sample:read"))),
    responses((status = 200, description = "A page of samples", body = SampleList)))]
#[get("/samples")]
async fn samples(
    store: web::Data<Store>,
    may: May<may::SampleRead>,
    query: Params<SampleQuery>,
) -> Result<web::Json<SampleList>, Problem> {
    let (filter, sort, page) = query.0.parts()?;
    let found = store
        .read(may.permit, move |tx| tx.sample_list(&filter, sort, &page))
        .await?;
    let named = found.items.iter().filter_map(|sample| sample.patient.as_ref());
    let named = named.filter(|patient| patient.name.is_some()).map(|patient| patient.id);
    store.patients_viewed(&may.caller, named).await?;
    Ok(web::Json(found))
}

/// Register a sample
///
/// For an order, a client or a patient; with its tests, singly or by panels. It is waiting for reception then.
#[utoipa::path(tag = "samples", request_body = NewSample, extensions(("x-permission" = json!("sample:register"))),
    responses((status = 201, description = "Registered", body = Sample)))]
#[post("/samples")]
async fn sample_register(
    store: web::Data<Store>,
    may: May<may::SampleRegister>,
    key: IdempotencyKey,
    body: Body<New<NewSample>>,
) -> Result<HttpResponse, Problem> {
    let New(new) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.sample_register(&new))
        .await?;
    let id = written.value;
    let sample = store.read(written.permit, move |tx| tx.sample(id)).await?;
    Ok(tagged(
        &sample,
        sample.summary.version,
        Some(format!("/api/v1/samples/{id}")),
    ))
}

/// Register a batch of samples
///
/// All of them or none, unless `partial` is true.
#[utoipa::path(tag = "samples", request_body = SampleBatch, params(PartialQuery), extensions(("x-permission" = json!("sample:register"))),
    responses((status = 201, description = "All registered", body = SampleItems), (status = 207, description = "Each has its own answer", body = RegisteredBatch)))]
#[post("/samples/batch")]
async fn sample_register_batch(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::SampleRegister>,
    query: Params<PartialQuery>,
    key: IdempotencyKey,
    body: Body<SampleBatch>,
) -> Result<HttpResponse, Problem> {
    let items = body.value.items;
    if query.0.partial {
        return batch::register_each(&request, &store, may, key.once(body.hash), items).await;
    }
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.sample_register_batch(&items)
        })
        .await?;
    let ids = written.value;
    let items = store.read(written.permit, move |tx| tx.samples(&ids)).await?;
    Ok(HttpResponse::Created().json(SampleItems { items }))
}

/// A sample
#[utoipa::path(tag = "samples", operation_id = "sample", params(("id" = String, Path, format = Uuid, description = "The sample")), extensions(("x-permission" = json!("sample:read"))),
    responses((status = 200, description = "The sample with its results", body = Sample)))]
#[get("/samples/{id}")]
async fn sample_one(
    store: web::Data<Store>,
    may: May<may::SampleRead>,
    id: Id<SampleId>,
) -> Result<HttpResponse, Problem> {
    let sample = store.read(may.permit, move |tx| tx.sample(id.0)).await?;
    seen(&store, &may.caller, &sample).await?;
    Ok(tagged(&sample, sample.summary.version, None))
}

/// A sample by its accession number
///
/// As scanned or typed; a number whose check digits do not fit names nothing.
#[utoipa::path(tag = "samples", params(("number" = String, Path, description = "Accession number")), extensions(("x-permission" = json!("sample:read"))),
    responses((status = 200, description = "The sample with its results", body = Sample)))]
#[get("/samples/by-accession/{number}")]
async fn sample_by_accession(
    store: web::Data<Store>,
    may: May<may::SampleRead>,
    number: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let sample = store
        .read(may.permit, move |tx| {
            let id = tx.sample_by_accession(&number)?;
            tx.sample(id)
        })
        .await?;
    seen(&store, &may.caller, &sample).await?;
    Ok(tagged(&sample, sample.summary.version, None))
}

/// Everything that happened to a sample
///
/// Its own events and those of its results and reports, in words, as far as the reader may see these. What tells about a patient is shown with `patient:read`.
#[utoipa::path(tag = "samples", params(("id" = String, Path, format = Uuid, description = "The sample"), ShortQuery), extensions(("x-permission" = json!("sample:read"))),
    responses((status = 200, description = "In the order it happened", body = SampleTimeline)))]
#[get("/samples/{id}/timeline")]
async fn sample_timeline(
    store: web::Data<Store>,
    may: May<may::SampleRead>,
    id: Id<SampleId>,
    query: Params<ShortQuery>,
) -> Result<web::Json<SampleTimeline>, Problem> {
    let page = query.0.page()?;
    let (timeline, sample) = store
        .read(may.permit, move |tx| {
            let happened = tx.sample_timeline(id.0)?;
            let list = format!("samples/{}/timeline", id.0);
            let timeline = tx.page_of(&list, happened, &page, |entry| entry.event_id.to_string())?;
            Ok((timeline, tx.sample(id.0)?))
        })
        .await?;
    seen(&store, &may.caller, &sample).await?;
    Ok(web::Json(timeline))
}

/// Whoever sees a specimen with its patient's name has looked at the patient.
async fn seen(store: &Store, caller: &attest_store::Caller, sample: &Sample) -> Result<(), Problem> {
    let named = sample.summary.patient.as_ref().filter(|patient| patient.name.is_some());
    Ok(store.patients_viewed(caller, named.map(|patient| patient.id)).await?)
}
