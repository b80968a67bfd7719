//! Results: entering, verifying, returning, retracting, cancelling; lists, versions, exports.

mod bulk;
mod entry;
mod export;
mod list;

use crate::http::{Id, May, Params, Problem, ShortQuery, Step, page, tagged};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::ResultId;
use attest_domain::reason::ReasonCode;
use attest_domain::{Grant, may};
use attest_store::{Listing, Permit, Reason, ResultVersion, ResultView, SeesResults, Store};
use entry::EntryRequest;
use list::{ResultList, ResultQuery};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations. Fixed words stand before ids: `/results/export` is no result.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(read_many)
        .service(export::export)
        .service(bulk::enter)
        .service(bulk::verify)
        .service(read_one)
        .service(versions)
        .service(enter)
        .service(verify)
        .service(send_back)
        .service(retract)
        .service(cancel);
}

type ResultVersionList = Listing<ResultVersion>;

/// A reason that must be given.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the blank was contaminated", "reason_code": "quality_control"}))]
pub struct ReasonRequest {
    /// Why, in words.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
    /// Why, as a code.
    pub reason_code: Option<ReasonCode>,
}

impl From<ReasonRequest> for Reason {
    fn from(asked: ReasonRequest) -> Self {
        Self {
            text: Some(asked.reason),
            code: asked.reason_code,
        }
    }
}

/// A verification.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// Why it is verified by the person who entered it, where the test allows that.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

/// A retracted result and its retest.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retracted {
    /// The result that was taken back.
    pub result: ResultView,
    /// The retest that was opened; `retest_of` names the other.
    pub retest: ResultView,
}

/// The result as it stands, with its version.
async fn shown<P: Grant + SeesResults>(
    store: &Store,
    permit: Permit<P>,
    id: ResultId,
) -> Result<HttpResponse, Problem> {
    let result = store.read(permit, move |tx| tx.result(id)).await?;
    Ok(tagged(&result, result.version, None))
}

/// List results
///
/// `include=previous` puts beside each result the last verified value of the same test before it.
#[utoipa::path(tag = "results", operation_id = "result_list", extensions(("x-permission" = json!("result:read"))), params(ResultQuery),
    responses((status = 200, description = "A page of results", body = ResultList)))]
#[get("/results")]
async fn read_many(
    store: web::Data<Store>,
    may: May<may::ResultRead>,
    query: Params<ResultQuery>,
) -> Result<web::Json<ResultList>, Problem> {
    if query.0.of_a_worksheet() {
        return Ok(web::Json(ResultList::default()));
    }
    let (filter, sort, previous) = (query.0.filter()?, query.0.sort()?, query.0.previous()?);
    let page = page(query.0.limit, query.0.after)?;
    let listing = store
        .read(may.permit, move |tx| tx.result_list(&filter, sort, &page, previous))
        .await?;
    Ok(web::Json(ResultList {
        items: listing.items,
        next: listing.next,
    }))
}

/// A result
#[utoipa::path(tag = "results", operation_id = "result_get", extensions(("x-permission" = json!("result:read"))), params(("id" = String, Path, format = Uuid, description = "The result")),
    responses((status = 200, description = "The result", body = ResultView)))]
#[get("/results/{id}")]
async fn read_one(
    store: web::Data<Store>,
    may: May<may::ResultRead>,
    id: Id<ResultId>,
) -> Result<HttpResponse, Problem> {
    shown(&store, may.permit, id.0).await
}

/// Every version of a result
#[utoipa::path(tag = "results", operation_id = "result_versions", extensions(("x-permission" = json!("result:read"))), params(("id" = String, Path, format = Uuid, description = "The result"), ShortQuery),
    responses((status = 200, description = "All versions, oldest first", body = ResultVersionList)))]
#[get("/results/{id}/versions")]
async fn versions(
    store: web::Data<Store>,
    may: May<may::ResultRead>,
    id: Id<ResultId>,
    query: Params<ShortQuery>,
) -> Result<web::Json<ResultVersionList>, Problem> {
    let page = query.0.page()?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| {
                let all = tx.result_versions(id.0)?.items;
                let list = format!("results/{}/versions", id.0);
                tx.page_of(&list, all, &page, |one| one.version.to_string())
            })
            .await?,
    ))
}

/// Enter a value
///
/// The value is read by the test's kind of result: `0.012`, `1.2e3`, `<0.02`, `ND`, `1:160`, a word of its list. What was typed is kept
/// digit for digit. A value that is there already is corrected: that needs a reason, and makes a new version.
#[utoipa::path(tag = "results", operation_id = "result_enter", extensions(("x-permission" = json!("result:enter"))), params(("id" = String, Path, format = Uuid, description = "The result")),
    request_body = EntryRequest, responses((status = 200, description = "Entered", body = ResultView)))]
#[post("/results/{id}/enter")]
async fn enter(
    store: web::Data<Store>,
    step: Step<may::ResultEnter, ResultId, EntryRequest>,
) -> Result<HttpResponse, Problem> {
    let entry = step.body.into();
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.result_enter(step.id, step.seen, &entry)
        })
        .await?;
    shown(&store, written.permit, written.value).await
}

/// Verify a value
///
/// Where the laboratory asks for four eyes, by another person than the one who entered it; a test may allow the same person, with
/// a reason.
#[utoipa::path(tag = "results", operation_id = "result_verify", extensions(("x-permission" = json!("result:verify"))), params(("id" = String, Path, format = Uuid, description = "The result")),
    request_body = VerifyRequest, responses((status = 200, description = "Verified", body = ResultView)))]
#[post("/results/{id}/verify")]
async fn verify(
    store: web::Data<Store>,
    step: Step<may::ResultVerify, ResultId, VerifyRequest>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.result_verify(step.id, step.seen, reason.as_deref())
        })
        .await?;
    shown(&store, written.permit, written.value).await
}

/// Return a value to be looked at again
///
/// The result is pending again; the value stays among its versions.
#[utoipa::path(tag = "results", operation_id = "result_return", extensions(("x-permission" = json!("result:return"))),
    params(("id" = String, Path, format = Uuid, description = "The result")), request_body = ReasonRequest,
    responses((status = 200, description = "Returned", body = ResultView)))]
#[post("/results/{id}/return")]
async fn send_back(
    store: web::Data<Store>,
    step: Step<may::ResultReturn, ResultId, ReasonRequest>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.into();
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.result_return(step.id, step.seen, reason)
        })
        .await?;
    shown(&store, written.permit, written.value).await
}

/// Retract a value
///
/// Opens a retest that names it. Signatures on reports that show the value are void; released ones are under correction.
#[utoipa::path(tag = "results", operation_id = "result_retract", extensions(("x-permission" = json!("result:retract"))), params(("id" = String, Path, format = Uuid, description = "The result")),
    request_body = ReasonRequest, responses((status = 200, description = "Retracted, and the retest opened", body = Retracted)))]
#[post("/results/{id}/retract")]
async fn retract(
    store: web::Data<Store>,
    step: Step<may::ResultRetract, ResultId, ReasonRequest>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.into();
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.result_retract(step.id, step.seen, reason)
        })
        .await?;
    let ids = written.value;
    let mut found = store
        .read(written.permit, {
            let ids = ids.clone();
            move |tx| tx.results_by_id(&ids)
        })
        .await?;
    let mut taken = ids.iter().map(|id| found.remove(id).ok_or_else(Problem::not_found));
    let (Some(result), Some(retest)) = (taken.next(), taken.next()) else {
        return Err(Problem::internal(&"a retraction without its retest"));
    };
    let (result, retest) = (result?, retest?);
    let version = result.version;
    Ok(tagged(&Retracted { result, retest }, version, None))
}

/// Cancel a test that will not be done
#[utoipa::path(tag = "results", operation_id = "result_cancel", extensions(("x-permission" = json!("result:cancel"))), params(("id" = String, Path, format = Uuid, description = "The result")),
    request_body = ReasonRequest, responses((status = 200, description = "Cancelled", body = ResultView)))]
#[post("/results/{id}/cancel")]
async fn cancel(
    store: web::Data<Store>,
    step: Step<may::ResultCancel, ResultId, ReasonRequest>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.into();
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.result_cancel(step.id, step.seen, reason)
        })
        .await?;
    shown(&store, written.permit, written.value).await
}
