//! The paper of a report over HTTP: preview, document, deliveries.

use super::texts::{line_text, note_text};
use crate::http::{Id, May, Params, Problem, ShortQuery, Step};
use crate::press::Press;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::ReportId;
use attest_domain::may;
use attest_domain::terms::DeliveryChannel;
use attest_store::{Delivery, Listing, NewDelivery, Store};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A delivery to be recorded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "Zielonka Waterworks, J. Nowak", "channel": "email", "note": "encrypted"}))]
pub struct DeliveryRequest {
    /// To whom.
    #[validate(custom(function = "line_text"))]
    pub to: String,
    /// How.
    pub channel: DeliveryChannel,
    /// Note.
    #[validate(custom(function = "note_text"))]
    pub note: Option<String>,
}

/// Deliveries of a report.
#[derive(Serialize, ToSchema)]
struct DeliveryList {
    /// The newest first.
    items: Vec<Delivery>,
    /// To be passed as `after`; null at the end.
    next: Option<String>,
}

/// Preview a report
///
/// The paper as it would be, marked as a draft on every page. Not signed, not kept; the look is recorded.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "PDF", body = Vec<u8>, content_type = "application/pdf")))]
#[get("/reports/{id}/preview")]
pub(super) async fn preview(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRead>,
    id: Id<ReportId>,
) -> Result<HttpResponse, Problem> {
    let permit = may.caller.permit::<may::ReportRead>()?;
    let paper = store.read(permit, move |tx| tx.report_preview(id.0)).await?;
    let pdf = press.preview(&paper).await?;
    store
        .write(may.permit, None, move |tx| tx.report_previewed(id.0))
        .await?;
    Ok(attachment(&format!("{}-draft.pdf", paper.content.number), pdf))
}

/// Download a report
///
/// The bytes that were signed and released; they never change. Every download is recorded.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "Signed PDF/A-3a with its data attached", body = Vec<u8>, content_type = "application/pdf")))]
#[get("/reports/{id}/document")]
pub(super) async fn document(
    store: web::Data<Store>,
    may: May<may::ReportRead>,
    id: Id<ReportId>,
) -> Result<HttpResponse, Problem> {
    let permit = may.caller.permit::<may::ReportRead>()?;
    let document = store.read(permit, move |tx| tx.report_document(id.0)).await?;
    store
        .write(may.permit, None, move |tx| tx.report_downloaded(id.0))
        .await?;
    let mut answer = attachment(&document.name, document.pdf);
    if let Ok(tag) = format!("\"{}\"", document.sha256).parse() {
        answer.headers_mut().insert(ETAG, tag);
    }
    Ok(answer)
}

/// List deliveries
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report"), ShortQuery), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "The newest first", body = DeliveryList)))]
#[get("/reports/{id}/deliveries")]
pub(super) async fn deliveries(
    store: web::Data<Store>,
    may: May<may::ReportRead>,
    id: Id<ReportId>,
    query: Params<ShortQuery>,
) -> Result<web::Json<DeliveryList>, Problem> {
    let page = query.0.page()?;
    let Listing { items, next } = store
        .read(may.permit, move |tx| {
            let all = tx.report_deliveries(id.0)?;
            let list = format!("reports/{}/deliveries", id.0);
            tx.page_of(&list, all, &page, |one| one.id.to_string())
        })
        .await?;
    Ok(web::Json(DeliveryList { items, next }))
}

/// Record a delivery
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = DeliveryRequest,
    extensions(("x-permission" = json!("report:deliver"))), responses((status = 201, description = "Recorded", body = Delivery)))]
#[post("/reports/{id}/deliveries")]
pub(super) async fn deliver(
    store: web::Data<Store>,
    step: Step<may::ReportDeliver, ReportId, DeliveryRequest>,
) -> Result<HttpResponse, Problem> {
    let asked = step.body;
    let new = NewDelivery {
        to: asked.to,
        channel: asked.channel,
        note: asked.note,
    };
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.report_deliver(step.id, step.seen, new)
        })
        .await?;
    let delivery = written.value;
    let shown = store
        .read(written.permit, move |tx| tx.report_delivery(step.id, delivery))
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v1/reports/{}/deliveries", step.id)))
        .json(shown))
}

fn attachment(name: &str, pdf: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(pdf)
}
