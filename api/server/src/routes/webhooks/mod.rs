//! Webhooks (ATT-36). Whoever says where data goes, or makes a secret, confirms their identity.

mod deliveries;

use crate::http::{
    Body, Id, IdempotencyKey, IfMatch, May, New, Params, Patch, Problem, ShortQuery, Step, SteppedUp, Versioned, page,
    tagged,
};
use crate::webhooks::Courier;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use attest_domain::ids::WebhookId;
use attest_domain::may;
use attest_domain::webhook::WebhookState;
use attest_store::{
    IssuedWebhook, Listing, Store, WebhookData, WebhookEventView, WebhookFilter, WebhookSecretRotation, WebhookView,
    WebhookWritten, Written,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(webhooks)
        .service(webhook_add)
        .service(webhook_events)
        .service(webhook)
        .service(webhook_edit)
        .service(webhook_delete)
        .service(webhook_rotate_secret)
        .service(webhook_pause)
        .service(webhook_resume)
        .configure(deliveries::operations);
}

/// Which webhooks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WebhookQuery {
    /// Sent to or not; both when absent.
    status: Option<WebhookState>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Why, if there is something to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the other system is being moved"}))]
pub struct WhyWebhook {
    /// The reason, for the audit trail.
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

type WebhookList = Listing<WebhookView>;
type WebhookEventList = Listing<WebhookEventView>;
type WebhookChange = Patch<WebhookData>;

/// Webhooks
#[utoipa::path(tag = "webhooks", params(WebhookQuery), extensions(("x-permission" = json!("webhook:manage"))),
    responses((status = 200, description = "By name", body = WebhookList)))]
#[get("/webhooks")]
async fn webhooks(
    store: web::Data<Store>,
    may: May<may::WebhookManage>,
    query: Params<WebhookQuery>,
) -> Result<web::Json<WebhookList>, Problem> {
    let WebhookQuery {
        status,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (WebhookFilter { status, updated_since }, page(limit, after)?);
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.webhook_list(&filter, &page))
            .await?,
    ))
}

/// Add a webhook
///
/// From now on each of these events is told to the address, within about a second: a `POST` with a JSON body that names the event
/// and the thing it happened to, signed by the Standard Webhooks specification (headers `webhook-id`, `webhook-timestamp`,
/// `webhook-signature`). A message comes at least once and in the order of the audit log, except for one that the receiver itself
/// refuses. Any 2xx within ten seconds is thanks enough; otherwise it is tried again for 24 hours. The answer to this request is
/// the only place where the secret is ever shown. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "webhooks", request_body = WebhookData, extensions(("x-permission" = json!("webhook:manage"))),
    responses((status = 201, description = "Added", body = IssuedWebhook)))]
#[post("/webhooks")]
async fn webhook_add(
    store: web::Data<Store>,
    courier: web::Data<Courier>,
    may: SteppedUp<may::WebhookManage>,
    key: IdempotencyKey,
    body: Body<New<WebhookData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    courier.may_send_to(&data.url).await?;
    let made = store.webhook_create(may.permit, key.once(body.hash), data).await?;
    issued(&store, made).await
}

/// Events that can be sent
///
/// What tells about patients, clients and people is not among them.
#[utoipa::path(tag = "webhooks", params(ShortQuery), extensions(("x-permission" = json!("webhook:manage"))),
    responses((status = 200, description = "By object", body = WebhookEventList)))]
#[get("/webhooks/events")]
async fn webhook_events(
    store: web::Data<Store>,
    may: May<may::WebhookManage>,
    query: Params<ShortQuery>,
) -> Result<web::Json<WebhookEventList>, Problem> {
    let page = query.0.page()?;
    let events = store.read(may.permit, move |tx| {
        let all = tx.webhook_events();
        tx.page_of("webhook-events", all, &page, |event| event.name.to_string())
    });
    Ok(web::Json(events.await?))
}

/// A webhook
#[utoipa::path(tag = "webhooks", params(("id" = String, Path, format = Uuid, description = "The webhook")),
    extensions(("x-permission" = json!("webhook:manage"))),
    responses((status = 200, description = "The webhook", body = WebhookView)))]
#[get("/webhooks/{id}")]
async fn webhook(
    store: web::Data<Store>,
    may: May<may::WebhookManage>,
    id: Id<WebhookId>,
) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.webhook(id.0)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Change a webhook
///
/// Messages that wait go to the new address, at once. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "webhooks", request_body = WebhookChange, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = WebhookView)))]
#[patch("/webhooks/{id}")]
async fn webhook_edit(
    store: web::Data<Store>,
    courier: web::Data<Courier>,
    may: SteppedUp<may::WebhookManage>,
    id: Id<WebhookId>,
    seen: Versioned,
    body: Body<WebhookChange>,
) -> Result<HttpResponse, Problem> {
    let members = body.value.members;
    if let Some(url) = members.get("url").and_then(serde_json::Value::as_str) {
        courier.may_send_to(url).await?;
    }
    let written = store
        .write(may.permit, None, move |tx| tx.webhook_edit(id.0, seen.0, &members))
        .await?;
    shown(&store, written).await
}

/// Delete a webhook
///
/// With the messages that wait for it, and what is remembered of those that were sent. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "webhooks", extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 204, description = "Deleted")))]
#[delete("/webhooks/{id}")]
async fn webhook_delete(
    store: web::Data<Store>,
    may: SteppedUp<may::WebhookManage>,
    id: Id<WebhookId>,
    seen: Versioned,
) -> Result<HttpResponse, Problem> {
    store
        .write(may.permit, None, move |tx| tx.webhook_delete(id.0, seen.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Replace a webhook's secret
///
/// The answer is the only place where the new one is ever shown. For `overlap_minutes` every message carries signatures of both, so
/// that nothing stops while the new one is put in place; 0 ends every older secret at once. Needs a fresh confirmation of identity.
#[utoipa::path(tag = "webhooks", request_body = WebhookSecretRotation, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook")),
    responses((status = 201, description = "Replaced", body = IssuedWebhook)))]
#[post("/webhooks/{id}/rotate-secret")]
async fn webhook_rotate_secret(
    store: web::Data<Store>,
    may: SteppedUp<may::WebhookManage>,
    id: Id<WebhookId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<New<WebhookSecretRotation>>,
) -> Result<HttpResponse, Problem> {
    let New(how) = body.value;
    let made = store
        .webhook_rotate_secret(may.permit, key.once(body.hash), (id.0, seen.0), how)
        .await?;
    issued(&store, made).await
}

/// Pause a webhook
///
/// Nothing is sent until it is resumed. What happens meanwhile is not told later; messages that wait already are kept for their 24
/// hours.
#[utoipa::path(tag = "webhooks", request_body = WhyWebhook, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook")),
    responses((status = 200, description = "Paused", body = WebhookView)))]
#[post("/webhooks/{id}/pause")]
async fn webhook_pause(
    store: web::Data<Store>,
    step: Step<may::WebhookManage, WebhookId, WhyWebhook>,
) -> Result<HttpResponse, Problem> {
    let written = store.write(step.permit, step.once, move |tx| {
        tx.webhook_pause(step.id, step.seen, step.body.reason.as_deref())
    });
    shown(&store, written.await?).await
}

/// Resume a webhook
///
/// Begins at once with what waits.
#[utoipa::path(tag = "webhooks", request_body = WhyWebhook, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook")),
    responses((status = 200, description = "Resumed", body = WebhookView)))]
#[post("/webhooks/{id}/resume")]
async fn webhook_resume(
    store: web::Data<Store>,
    step: Step<may::WebhookManage, WebhookId, WhyWebhook>,
) -> Result<HttpResponse, Problem> {
    let written = store.write(step.permit, step.once, move |tx| {
        tx.webhook_resume(step.id, step.seen, step.body.reason.as_deref())
    });
    shown(&store, written.await?).await
}

async fn shown(store: &Store, written: Written<may::WebhookManage, WebhookId>) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.webhook(id)).await?;
    Ok(tagged(&found, found.version, None))
}

async fn issued(store: &Store, (written, secret): WebhookWritten) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let view = store.read(written.permit, move |tx| tx.webhook(id)).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v1/webhooks/{id}")))
        .insert_header((ETAG, format!("\"{}\"", view.version)))
        .json(IssuedWebhook { secret, view }))
}
