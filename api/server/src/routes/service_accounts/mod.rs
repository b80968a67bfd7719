//! Service accounts and their tokens (ATT-10). Whoever makes one confirms their identity: a token is a key to the house.

mod tokens;

use crate::http::{
    Body, Id, IdempotencyKey, IfMatch, May, New, Params, Patch, Problem, SteppedUp, Versioned, page, tagged,
};
use actix_web::{HttpResponse, get, patch, post, web};
use attest_domain::ids::UserId;
use attest_domain::may;
use attest_store::{Listing, ServiceAccountData, ServiceAccountFilter, ServiceAccountView, Store, Written};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(service_accounts)
        .service(service_account_add)
        .service(service_account)
        .service(service_account_edit)
        .service(service_account_deactivate)
        .service(service_account_reactivate)
        .configure(tokens::operations);
}

/// Which service accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ServiceAccountQuery {
    /// Its tokens are accepted or not; both when absent.
    active: Option<bool>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the contract ended"}))]
pub struct WhyServiceAccount {
    /// The reason, for the audit trail.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

type ServiceAccountList = Listing<ServiceAccountView>;
type ServiceAccountChange = Patch<ServiceAccountData>;

/// Service accounts
#[utoipa::path(tag = "service accounts", params(ServiceAccountQuery), extensions(("x-permission" = json!("service_account:manage"))),
    responses((status = 200, description = "By name", body = ServiceAccountList)))]
#[get("/service-accounts")]
async fn service_accounts(
    store: web::Data<Store>,
    may: May<may::ServiceAccountManage>,
    query: Params<ServiceAccountQuery>,
) -> Result<web::Json<ServiceAccountList>, Problem> {
    let ServiceAccountQuery {
        active,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (ServiceAccountFilter { active, updated_since }, page(limit, after)?);
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.service_account_list(&filter, &page))
            .await?,
    ))
}

/// Add a service account
///
/// It has no password and cannot sign in: issue a token for it. What needs a fresh confirmation of identity is closed to it.
/// Needs one itself.
#[utoipa::path(tag = "service accounts", request_body = ServiceAccountData, extensions(("x-permission" = json!("service_account:manage"))),
    responses((status = 201, description = "Added", body = ServiceAccountView)))]
#[post("/service-accounts")]
async fn service_account_add(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    key: IdempotencyKey,
    body: Body<New<ServiceAccountData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.service_account_create(data)
        })
        .await?;
    let path = format!("/api/v1/service-accounts/{}", written.value);
    shown(&store, written, Some(path)).await
}

/// A service account
#[utoipa::path(tag = "service accounts", params(("id" = String, Path, format = Uuid, description = "The service account")),
    extensions(("x-permission" = json!("service_account:manage"))),
    responses((status = 200, description = "The service account", body = ServiceAccountView)))]
#[get("/service-accounts/{id}")]
async fn service_account(
    store: web::Data<Store>,
    may: May<may::ServiceAccountManage>,
    id: Id<UserId>,
) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.service_account(id.0)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Change a service account
///
/// Counts on its next request. Nobody gives what they may not give. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = ServiceAccountChange, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = ServiceAccountView)))]
#[patch("/service-accounts/{id}")]
async fn service_account_edit(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    seen: Versioned,
    body: Body<ServiceAccountChange>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, None, move |tx| {
            tx.service_account_edit(id.0, seen.0, &body.value.members)
        })
        .await?;
    shown(&store, written, None).await
}

/// Deactivate a service account
///
/// All its tokens are refused from its next request on. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = WhyServiceAccount, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account")),
    responses((status = 200, description = "Deactivated", body = ServiceAccountView)))]
#[post("/service-accounts/{id}/deactivate")]
async fn service_account_deactivate(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyServiceAccount>,
) -> Result<HttpResponse, Problem> {
    switch(&store, may, id.0, seen, key, body, false).await
}

/// Reactivate a service account
///
/// Its tokens that are not over are accepted again. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = WhyServiceAccount, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account")),
    responses((status = 200, description = "Reactivated", body = ServiceAccountView)))]
#[post("/service-accounts/{id}/reactivate")]
async fn service_account_reactivate(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyServiceAccount>,
) -> Result<HttpResponse, Problem> {
    switch(&store, may, id.0, seen, key, body, true).await
}

async fn switch(
    store: &Store,
    may: SteppedUp<may::ServiceAccountManage>,
    id: UserId,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyServiceAccount>,
    active: bool,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.service_account_switch(id, seen.0, &body.value.reason, active)
        })
        .await?;
    shown(store, written, None).await
}

async fn shown(
    store: &Store,
    written: Written<may::ServiceAccountManage, UserId>,
    created: Option<String>,
) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.service_account(id)).await?;
    Ok(tagged(&found, found.version, created))
}
