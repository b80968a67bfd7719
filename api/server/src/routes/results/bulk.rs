//! Entering and verifying many at once.

use super::entry::EntryItemRequest;
use crate::http::{Body, IdempotencyKey, ItemProblems, May, Params, Problem, complete};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use attest_domain::ids::ResultId;
use attest_domain::may;
use attest_store::{Bulk, EntryItem, ResultView, SeesResults, Store, StoreError, VerifyItem, Written};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// How a bulk is carried out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulkQuery {
    /// Each item for itself (207 when some could not be done); all or nothing when absent.
    #[serde(default)]
    partial: bool,
}

/// Values to be entered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkEntryRequest {
    /// 1 to 500 items.
    #[validate(nested)]
    pub items: Vec<EntryItemRequest>,
}

/// Results to be verified: `items`, or only their ids.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"result_ids": ["01980000-0000-7000-8000-000000000000"]}))]
pub struct BulkVerifyRequest {
    /// 1 to 500 items.
    #[validate(nested)]
    pub items: Option<Vec<VerifyItemRequest>>,
    /// 1 to 500 ids.
    pub result_ids: Option<Vec<ResultId>>,
}

/// A result to be verified.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyItemRequest {
    /// The result.
    pub result_id: ResultId,
    /// The version that was seen; 412 for this item when it has another one now.
    pub version: Option<i64>,
    /// Why it is verified by the person who entered it, where the test allows that.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

/// What became of the items, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResults {
    /// The items.
    pub items: Vec<BulkResult>,
}

/// What became of one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// The result.
    pub result_id: ResultId,
    /// The HTTP status of this item.
    pub status: u16,
    /// The result now, when it was done.
    pub result: Option<ResultView>,
    /// Why it was not done.
    pub problem: Option<Problem>,
}

/// Enter many values
///
/// All or nothing; an error names its item (`items.3.value`). With `partial=true` each item for itself.
#[utoipa::path(tag = "results", operation_id = "result_enter_bulk", extensions(("x-permission" = json!("result:enter"))), params(BulkQuery), request_body = BulkEntryRequest,
    responses((status = 200, description = "All were entered", body = BulkResults), (status = 207, description = "Some could not be entered", body = BulkResults)))]
#[post("/results/enter")]
pub async fn enter(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::ResultEnter>,
    query: Params<BulkQuery>,
    key: IdempotencyKey,
    body: Body<BulkEntryRequest>,
) -> Result<HttpResponse, Problem> {
    let (once, partial) = (key.once(body.hash), query.0.partial);
    let items: Vec<EntryItem> = body.value.items.into_iter().map(EntryItem::from).collect();
    let asked: Vec<ResultId> = items.iter().map(|item| item.result_id).collect();
    counted("items", asked.len())?;
    let written = store
        .write(may.permit, once, move |tx| tx.results_enter(&items, partial))
        .await;
    answer(&request, &store, written, asked).await
}

/// Verify many values
///
/// All or nothing; an error names its item. With `partial=true` each item for itself.
#[utoipa::path(tag = "results", operation_id = "result_verify_bulk", extensions(("x-permission" = json!("result:verify"))), params(BulkQuery), request_body = BulkVerifyRequest,
    responses((status = 200, description = "All were verified", body = BulkResults), (status = 207, description = "Some could not be verified", body = BulkResults)))]
#[post("/results/verify")]
pub async fn verify(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::ResultVerify>,
    query: Params<BulkQuery>,
    key: IdempotencyKey,
    body: Body<BulkVerifyRequest>,
) -> Result<HttpResponse, Problem> {
    let (once, partial) = (key.once(body.hash), query.0.partial);
    let (path, items): (&str, Vec<VerifyItem>) = match (body.value.items, body.value.result_ids) {
        (Some(items), None) => (
            "items",
            items
                .into_iter()
                .map(|item| VerifyItem {
                    result_id: item.result_id,
                    version: item.version,
                    reason: item.reason,
                })
                .collect(),
        ),
        (None, Some(ids)) => (
            "result_ids",
            ids.into_iter()
                .map(|result_id| VerifyItem {
                    result_id,
                    version: None,
                    reason: None,
                })
                .collect(),
        ),
        (None, None) => return Err(Problem::field("items", "required", "send items, or result_ids")),
        (Some(_), Some(_)) => {
            return Err(Problem::field(
                "result_ids",
                "contradiction",
                "send items or result_ids, not both",
            ));
        }
    };
    let asked: Vec<ResultId> = items.iter().map(|item| item.result_id).collect();
    counted(path, asked.len())?;
    let written = store
        .write(may.permit, once, move |tx| tx.results_verify(path, &items, partial))
        .await;
    answer(&request, &store, written, asked).await
}

/// Items of one request at most: what one transaction may hold up the others with.
const ITEMS: usize = 500;

fn counted(path: &str, count: usize) -> Result<(), Problem> {
    if (1..=ITEMS).contains(&count) {
        Ok(())
    } else {
        Err(Problem::field(path, "length", format!("must have 1 to {ITEMS} items")))
    }
}

/// 200 when everything was done, 207 when something was not.
async fn answer<P: SeesResults + Send + 'static>(
    request: &HttpRequest,
    store: &Store,
    written: Result<Written<P, Bulk>, StoreError>,
    asked: Vec<ResultId>,
) -> Result<HttpResponse, Problem> {
    let (mut results, mut refused): (HashMap<ResultId, ResultView>, HashMap<usize, StoreError>) = match written {
        Ok(written) => {
            let done = written.value.done;
            (
                store.read(written.permit, move |tx| tx.results_by_id(&done)).await?,
                written.value.refused.into_iter().collect(),
            )
        }
        Err(StoreError::EveryItem(errors)) => (HashMap::new(), errors.into_iter().enumerate().collect()),
        Err(error) => return Err(error.into()),
    };
    let mut mixed = false;
    let items: Vec<BulkResult> = asked
        .into_iter()
        .enumerate()
        .map(|(place, result_id)| {
            let result = if refused.contains_key(&place) {
                None
            } else {
                results.remove(&result_id)
            };
            if let Some(result) = result {
                return BulkResult {
                    result_id,
                    status: 200,
                    result: Some(result),
                    problem: None,
                };
            }
            mixed = true;
            let problem = refused
                .remove(&place)
                .map_or_else(Problem::not_done_then, Problem::from);
            let problem = complete(request, problem);
            BulkResult {
                result_id,
                status: problem.status,
                result: None,
                problem: Some(problem),
            }
        })
        .collect();
    let status = if mixed {
        StatusCode::MULTI_STATUS
    } else {
        StatusCode::OK
    };
    let problems = ItemProblems::of(items.iter().map(|item| (item.result_id, item.problem.as_ref())));
    let mut response = HttpResponse::build(status).json(BulkResults { items });
    response.extensions_mut().insert(problems);
    Ok(response)
}
