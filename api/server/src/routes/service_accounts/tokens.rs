//! Tokens of service accounts.

use crate::http::{Body, Id, IdempotencyKey, May, New, Params, Problem, SteppedUp, SubId, page};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::{ServiceTokenId, UserId};
use attest_domain::may;
use attest_store::{
    IssuedServiceToken, Listing, NewServiceToken, ServiceTokenRotation, ServiceTokenView, Store, TokenWritten,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(service_tokens)
        .service(service_token_issue)
        .service(service_token_revoke)
        .service(service_token_rotate);
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TokenQuery {
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Why, if there is something to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "found in a repository"}))]
pub struct WhyToken {
    /// The reason, for the audit trail.
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

type ServiceTokenList = Listing<ServiceTokenView>;

/// Tokens of a service account
#[utoipa::path(tag = "service accounts", params(("id" = String, Path, format = Uuid, description = "The service account"), TokenQuery),
    extensions(("x-permission" = json!("service_account:manage"))),
    responses((status = 200, description = "Newest first, those that are over included", body = ServiceTokenList)))]
#[get("/service-accounts/{id}/tokens")]
async fn service_tokens(
    store: web::Data<Store>,
    may: May<may::ServiceAccountManage>,
    id: Id<UserId>,
    query: Params<TokenQuery>,
) -> Result<web::Json<ServiceTokenList>, Problem> {
    let page = page(query.0.limit, query.0.after)?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.service_token_list(id.0, &page))
            .await?,
    ))
}

/// Issue a token
///
/// The answer is the only place where it is ever shown: `Authorization: Bearer att_s_…`. It always ends; replace it before.
/// Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = NewServiceToken, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account")),
    responses((status = 201, description = "Issued", body = IssuedServiceToken)))]
#[post("/service-accounts/{id}/tokens")]
async fn service_token_issue(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    key: IdempotencyKey,
    body: Body<New<NewServiceToken>>,
) -> Result<HttpResponse, Problem> {
    let New(new) = body.value;
    let made = store
        .service_token_issue(may.permit, key.once(body.hash), id.0, new)
        .await?;
    issued(&store, id.0, made).await
}

/// Revoke a token
///
/// It is refused from the next request on. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = WhyToken, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account"), ("token" = String, Path, format = Uuid, description = "The token")),
    responses((status = 200, description = "Revoked", body = ServiceTokenView)))]
#[post("/service-accounts/{id}/tokens/{token}/revoke")]
async fn service_token_revoke(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    token: SubId<ServiceTokenId>,
    key: IdempotencyKey,
    body: Body<WhyToken>,
) -> Result<web::Json<ServiceTokenView>, Problem> {
    let (account, token) = (id.0, token.0);
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.service_token_revoke(account, token, body.value.reason.as_deref())
        })
        .await?;
    Ok(web::Json(
        store
            .read(written.permit, move |tx| tx.service_token(account, token))
            .await?,
    ))
}

/// Replace a token
///
/// Issues another one with the same label, permissions and lifetime. The old one is accepted for `overlap_minutes` more, so
/// that nothing stops while the new one is put in place. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "service accounts", request_body = ServiceTokenRotation, extensions(("x-permission" = json!("service_account:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The service account"), ("token" = String, Path, format = Uuid, description = "The token")),
    responses((status = 201, description = "Issued", body = IssuedServiceToken)))]
#[post("/service-accounts/{id}/tokens/{token}/rotate")]
async fn service_token_rotate(
    store: web::Data<Store>,
    may: SteppedUp<may::ServiceAccountManage>,
    id: Id<UserId>,
    token: SubId<ServiceTokenId>,
    key: IdempotencyKey,
    body: Body<New<ServiceTokenRotation>>,
) -> Result<HttpResponse, Problem> {
    let New(how) = body.value;
    let made = store
        .service_token_rotate(may.permit, key.once(body.hash), id.0, token.0, how)
        .await?;
    issued(&store, id.0, made).await
}

async fn issued(store: &Store, account: UserId, (written, token): TokenWritten) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let view = store
        .read(written.permit, move |tx| tx.service_token(account, id))
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v1/service-accounts/{account}/tokens")))
        .json(IssuedServiceToken { token, view }))
}
