//! What became of a webhook's messages, and sending one by hand.

use crate::http::{Body, Id, May, Params, Problem, SubId, page};
use crate::webhooks::Courier;
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::{WebhookDeliveryId, WebhookId};
use attest_domain::may;
use attest_domain::webhook::WebhookDeliveryState;
use attest_store::{Listing, Store, WebhookDeliveryFilter, WebhookDeliveryView};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(webhook_test)
        .service(webhook_deliveries)
        .service(webhook_redeliver);
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Where they have got to; all when absent.
    status: Option<WebhookDeliveryState>,
    /// Tried or made since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendWebhook {}

type WebhookDeliveryList = Listing<WebhookDeliveryView>;

/// Test a webhook
///
/// Sends a message of the type `ping` now, once, and answers what became of it: `status`, `http_status`, `error`. Works for a paused
/// webhook too.
#[utoipa::path(tag = "webhooks", request_body = SendWebhook, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook")),
    responses((status = 200, description = "Tried", body = WebhookDeliveryView)))]
#[post("/webhooks/{id}/test")]
async fn webhook_test(
    courier: web::Data<Courier>,
    may: May<may::WebhookManage>,
    id: Id<WebhookId>,
    _body: Body<SendWebhook>,
) -> Result<web::Json<WebhookDeliveryView>, Problem> {
    Ok(web::Json(courier.ping(may.permit, id.0).await?))
}

/// Messages of a webhook
///
/// Remembered for 30 days after they were made, unless they still wait.
#[utoipa::path(tag = "webhooks", params(("id" = String, Path, format = Uuid, description = "The webhook"), DeliveryQuery),
    extensions(("x-permission" = json!("webhook:manage"))),
    responses((status = 200, description = "Newest first", body = WebhookDeliveryList)))]
#[get("/webhooks/{id}/deliveries")]
async fn webhook_deliveries(
    store: web::Data<Store>,
    may: May<may::WebhookManage>,
    id: Id<WebhookId>,
    query: Params<DeliveryQuery>,
) -> Result<web::Json<WebhookDeliveryList>, Problem> {
    let DeliveryQuery {
        status,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (WebhookDeliveryFilter { status, updated_since }, page(limit, after)?);
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.webhook_delivery_list(id.0, &filter, &page))
            .await?,
    ))
}

/// Send a message again
///
/// Now, under the same `webhook-id`, whatever became of it before; and once more with all pauses from the start when it fails.
#[utoipa::path(tag = "webhooks", request_body = SendWebhook, extensions(("x-permission" = json!("webhook:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The webhook"), ("delivery" = String, Path, format = Uuid, description = "The message")),
    responses((status = 202, description = "It is its turn", body = WebhookDeliveryView)))]
#[post("/webhooks/{id}/deliveries/{delivery}/redeliver")]
async fn webhook_redeliver(
    store: web::Data<Store>,
    may: May<may::WebhookManage>,
    id: Id<WebhookId>,
    delivery: SubId<WebhookDeliveryId>,
    _body: Body<SendWebhook>,
) -> Result<HttpResponse, Problem> {
    let again = store.webhook_redeliver(may.permit, id.0, delivery.0).await?;
    Ok(HttpResponse::Accepted().json(again))
}
