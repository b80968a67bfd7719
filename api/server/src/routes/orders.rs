//! Orders over HTTP.

use super::samples::words;
use crate::http::{Body, Id, IdempotencyKey, May, New, Params, Problem, Step, page, tagged};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::{ClientId, OrderId, PatientId};
use attest_domain::may;
use attest_domain::workflow::OrderState;
use attest_store::{Listing, NewOrder, Order, OrderFilter, Store};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::samples::ClosingReason;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(orders)
        .service(order_place)
        .service(order_one)
        .service(order_cancel);
}

/// Whose numbers the orders placed by hand in a browser carry.
const BY_HAND: &str = "ui";

type OrderList = Listing<Order>;

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    /// States, repeated or with commas between them.
    #[serde(default)]
    #[param(value_type = Vec<OrderState>, style = Form, explode = false)]
    status: Vec<String>,
    /// Of this client.
    #[param(value_type = Option<String>, format = Uuid)]
    client_id: Option<ClientId>,
    /// Of this patient.
    #[param(value_type = Option<String>, format = Uuid)]
    patient_id: Option<PatientId>,
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// The beginning of the laboratory's number or of a client's own; for a patient's order the whole of the number that it came
    /// with: what is written on patients' orders is encrypted.
    q: Option<String>,
    /// `-created_at` (newest first, the default) or `created_at`.
    sort: Option<String>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Orders
#[utoipa::path(tag = "orders", params(OrderQuery), extensions(("x-permission" = json!("order:read"))),
    responses((status = 200, description = "A page of orders with their samples", body = OrderList)))]
#[get("/orders")]
async fn orders(
    store: web::Data<Store>,
    may: May<may::OrderRead>,
    query: Params<OrderQuery>,
) -> Result<web::Json<OrderList>, Problem> {
    let query = query.0;
    let oldest_first = match query.sort.as_deref() {
        None | Some("-created_at") => false,
        Some("created_at") => true,
        Some(_) => {
            return Err(Problem::field(
                "sort",
                "invalid",
                "must be one of: -created_at, created_at",
            ));
        }
    };
    let filter = OrderFilter {
        status: words("status", &query.status)?,
        client: query.client_id,
        patient: query.patient_id,
        updated_since: query.updated_since,
        q: query.q,
        oldest_first,
    };
    let page = page(query.limit, query.after)?;
    let found = store.read(may.permit, move |tx| tx.order_list(&filter, &page)).await?;
    let named = found.items.iter().filter_map(|order| order.patient.as_ref());
    let named = named.filter(|patient| patient.name.is_some()).map(|patient| patient.id);
    store.patients_viewed(&may.caller, named).await?;
    Ok(web::Json(found))
}

/// Place an order
///
/// With all its samples or not at all. `external_id` may be used once: by everybody who works in the browser together, and by
/// each account that sends orders.
#[utoipa::path(tag = "orders", request_body = NewOrder, extensions(("x-permission" = json!("order:create"))),
    responses((status = 201, description = "Placed", body = Order)))]
#[post("/orders")]
async fn order_place(
    store: web::Data<Store>,
    may: May<may::OrderCreate>,
    key: IdempotencyKey,
    body: Body<New<NewOrder>>,
) -> Result<HttpResponse, Problem> {
    let New(new) = body.value;
    let principal = may.caller.principal();
    let source = if principal.cookie {
        BY_HAND.to_owned()
    } else {
        principal.user.to_string()
    };
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.order_place(&new, &source))
        .await?;
    let id = written.value;
    let order = store.read(written.permit, move |tx| tx.order(id)).await?;
    Ok(tagged(&order, order.version, Some(format!("/api/v1/orders/{id}"))))
}

/// An order
#[utoipa::path(tag = "orders", operation_id = "order", params(("id" = String, Path, format = Uuid, description = "The order")), extensions(("x-permission" = json!("order:read"))),
    responses((status = 200, description = "The order with its samples", body = Order)))]
#[get("/orders/{id}")]
async fn order_one(
    store: web::Data<Store>,
    may: May<may::OrderRead>,
    id: Id<OrderId>,
) -> Result<HttpResponse, Problem> {
    let order = store.read(may.permit, move |tx| tx.order(id.0)).await?;
    let named = order.patient.as_ref().filter(|patient| patient.name.is_some());
    store
        .patients_viewed(&may.caller, named.map(|patient| patient.id))
        .await?;
    Ok(tagged(&order, order.version, None))
}

/// Cancel an order
///
/// With every sample of it that is not finished; refused when anything was measured.
#[utoipa::path(tag = "orders", request_body = ClosingReason, extensions(("x-permission" = json!("order:cancel"))),
    params(("id" = String, Path, format = Uuid, description = "The order")), responses((status = 200, description = "Cancelled", body = Order)))]
#[post("/orders/{id}/cancel")]
async fn order_cancel(
    store: web::Data<Store>,
    step: Step<may::OrderCancel, OrderId, ClosingReason>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.order_cancel(step.id, step.seen, reason.as_deref())
        })
        .await?;
    let id = written.value;
    let order = store.read(written.permit, move |tx| tx.order(id)).await?;
    Ok(tagged(&order, order.version, None))
}
