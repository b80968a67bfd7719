//! Support access, the laboratory's side: invite somebody of the platform for a while, see who was here, end it.

use crate::http::{Body, Id, IdempotencyKey, ListQuery, May, New, Params, Problem, SteppedUp};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::SupportAccessId;
use attest_domain::may;
use attest_store::{Listing, NewSupportAccess, Store, SupportAccessView};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(support_access)
        .service(support_invite)
        .service(support_access_one)
        .service(support_end);
}

/// Why it ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "solved"}))]
pub struct SupportEnd {
    /// The reason, for both ledgers.
    #[serde(default)]
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

type SupportAccessList = Listing<SupportAccessView>;

/// Support access
///
/// Whom of the platform the laboratory invited, as what, until when, and what came of it.
#[utoipa::path(tag = "support access", params(ListQuery), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "Newest first", body = SupportAccessList)))]
#[get("/support-access")]
async fn support_access(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<ListQuery>,
) -> Result<web::Json<SupportAccessList>, Problem> {
    let (since, page) = query.0.parts()?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.support_access_list(since, &page))
            .await?,
    ))
}

/// Invite support
///
/// An operator of the platform may enter the laboratory, as what you choose, until the time is over. Everybody who is signed in is
/// told while they are here, administrators also by mail; both ledgers record it. Whatever the roles hold, support never verifies,
/// signs or releases, and manages no people, roles or programs. Needs a confirmed identity.
#[utoipa::path(tag = "support access", request_body = NewSupportAccess, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("user:manage"))), responses((status = 201, description = "Invited", body = SupportAccessView)))]
#[post("/support-access")]
async fn support_invite(
    store: web::Data<Store>,
    may: SteppedUp<may::UserManage>,
    key: IdempotencyKey,
    body: Body<New<NewSupportAccess>>,
) -> Result<HttpResponse, Problem> {
    let New(new) = body.value;
    let written = store.support_invite(may.permit, key.once(body.hash), new).await?;
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.support_access(id)).await?;
    Ok(HttpResponse::Created()
        .insert_header(("Location", format!("/api/v1/support-access/{id}")))
        .json(found))
}

/// A support access
#[utoipa::path(tag = "support access", params(("id" = String, Path, format = Uuid, description = "The support access")),
    extensions(("x-permission" = json!("user:read"))), responses((status = 200, description = "The support access", body = SupportAccessView)))]
#[get("/support-access/{id}")]
async fn support_access_one(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    id: Id<SupportAccessId>,
) -> Result<web::Json<SupportAccessView>, Problem> {
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.support_access(id.0)).await?,
    ))
}

/// End support access
///
/// Its sessions are over with their next request, and nobody can enter by it any more.
#[utoipa::path(tag = "support access", request_body = SupportEnd, params(("id" = String, Path, format = Uuid, description = "The support access")),
    extensions(("x-permission" = json!("user:manage"))), responses((status = 200, description = "Ended", body = SupportAccessView)))]
#[post("/support-access/{id}/end")]
async fn support_end(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    id: Id<SupportAccessId>,
    key: IdempotencyKey,
    body: Body<SupportEnd>,
) -> Result<web::Json<SupportAccessView>, Problem> {
    let reason = body.value.reason;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.support_end(id.0, reason.as_deref())
        })
        .await?;
    let id = written.value;
    Ok(web::Json(
        store.read(written.permit, move |tx| tx.support_access(id)).await?,
    ))
}
