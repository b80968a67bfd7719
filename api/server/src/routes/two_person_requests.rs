//! Requests for acts that take two people: what waits for the caller, and taking it back.

use crate::http::{Body, Id, IdempotencyKey, ListQuery, May, Params, Problem};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use attest_domain::four_eyes::TwoPersonState;
use attest_domain::ids::TwoPersonRequestId;
use attest_domain::may;
use attest_store::{Listing, Store, TwoPersonRequest};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(two_person_requests).service(two_person_request_withdraw);
}

type TwoPersonRequestList = Listing<TwoPersonRequest>;

/// Why a request is taken back or declined.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "these are two different patients"}))]
pub struct RequestWithdrawal {
    /// Why, in words.
    #[serde(default)]
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

/// Requests that wait for a second person
///
/// Merging patients, moving a sample to another order, erasing a person and replacing the log's key take two people. Listed are
/// the requests that the caller could confirm, and the caller's own; to confirm one, send what its maker sent. After seven days
/// a request runs out.
#[utoipa::path(tag = "two-person requests", params(ListQuery), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "A page of requests, newest first", body = TwoPersonRequestList)))]
#[get("/two-person-requests")]
async fn two_person_requests(
    store: web::Data<Store>,
    may: May<may::SignedIn>,
    query: Params<ListQuery>,
) -> Result<web::Json<TwoPersonRequestList>, Problem> {
    let (since, page) = query.0.parts()?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.two_person_requests(since, &page))
            .await?,
    ))
}

/// Withdraw or decline a request
///
/// Its maker takes it back; anybody who could confirm it declines it. 404 for everybody else.
#[utoipa::path(tag = "two-person requests", request_body = RequestWithdrawal,
    params(("id" = String, Path, format = Uuid, description = "The request")), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "It waits no more", body = TwoPersonRequest)))]
#[post("/two-person-requests/{id}/withdraw")]
async fn two_person_request_withdraw(
    store: web::Data<Store>,
    may: May<may::SignedIn>,
    id: Id<TwoPersonRequestId>,
    key: IdempotencyKey,
    body: Body<RequestWithdrawal>,
) -> Result<web::Json<TwoPersonRequest>, Problem> {
    let reason = body.value.reason;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.two_person_request_withdraw(id.0, reason.as_deref())
        })
        .await?;
    let id = written.value;
    Ok(web::Json(
        store.read(written.permit, move |tx| tx.withdrawn_request(id)).await?,
    ))
}

/// 202 while another person has to confirm, 200 when it is done.
pub fn halfway(asked: &TwoPersonRequest) -> HttpResponse {
    let status = if asked.status == TwoPersonState::Done {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    HttpResponse::build(status).json(asked)
}
