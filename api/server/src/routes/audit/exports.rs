//! Exports of the trail: asked for, built in the background, fetched as a bundle or as its paper twin.

use super::PageQuery;
use crate::exports::Exporter;
use crate::http::{Body, Id, IdempotencyKey, May, Params, Problem, SteppedUp, page, tagged};
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::ExportId;
use attest_domain::may;
use attest_store::{ActProof, ExportRequest, ExportView, Listing, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which part of the paper.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartQuery {
    /// From 1.
    part: Option<u32>,
}

/// A page of exports.
#[derive(Serialize, ToSchema)]
struct ExportList {
    /// Newest first.
    items: Vec<ExportView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// An export that was asked for.
#[derive(Serialize, ToSchema)]
struct ExportAsked {
    /// How it stands.
    #[serde(flatten)]
    export: ExportView,
    /// That the asking is in the audit log; null until a checkpoint covers it.
    proof: Option<ActProof>,
}

/// `range` proves that nothing is missing between two moments; `selection` proves each chosen event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ExportKind {
    Range,
    Selection,
}

/// How events are chosen.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportFilter {
    /// By this user.
    actor_id: Option<Uuid>,
    /// Of this kind.
    action: Option<String>,
    /// On things of this type.
    object_type: Option<String>,
    /// On this thing.
    object_id: Option<String>,
}

/// What to export.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "range", "from": "2026-11-01T00:00:00Z", "to": "2026-11-21T23:59:59Z"}))]
struct ExportOrder {
    /// A complete range, or a selection.
    kind: ExportKind,
    /// Not before; the beginning when absent.
    from: Option<DateTime<Utc>>,
    /// Not after; now when absent.
    to: Option<DateTime<Utc>>,
    /// Only for a selection.
    filter: Option<ExportFilter>,
    /// A checkpoint (signed note) that the reader holds already; the bundle then proves that the log continues it.
    #[validate(length(max = 10_000))]
    held_checkpoint: Option<String>,
}

impl ExportOrder {
    /// What the store is asked for, when the parts fit together.
    fn checked(self) -> Result<ExportRequest, Problem> {
        let filter = self.filter.unwrap_or_default();
        if self.kind == ExportKind::Range && !filter.takes_all() {
            return Err(Problem::field(
                "filter",
                "invalid",
                "a range is complete and takes no filter; ask for a selection",
            ));
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Problem::field("from", "range", "must not be later than `to`"));
        }
        Ok(ExportRequest {
            opened: false,
            selection: self.kind == ExportKind::Selection,
            from: self.from,
            to: self.to,
            actor_id: filter.actor_id,
            action: filter.action,
            object_type: filter.object_type,
            object_id: filter.object_id,
            held_checkpoint: self.held_checkpoint,
        })
    }
}

impl ExportFilter {
    fn takes_all(&self) -> bool {
        self.actor_id.is_none() && self.action.is_none() && self.object_type.is_none() && self.object_id.is_none()
    }
}

/// Export the audit trail
///
/// Needs a confirmed identity. The answer comes when a signed checkpoint covers the export's own event; the files follow in the background.
#[utoipa::path(tag = "audit", request_body = ExportOrder, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 202, description = "Asked for; poll the export", body = ExportAsked)))]
#[post("/audit/exports")]
pub(super) async fn export_request(
    store: web::Data<Store>,
    exporter: web::Data<Exporter>,
    may: SteppedUp<may::AuditExport>,
    key: IdempotencyKey,
    body: Body<ExportOrder>,
) -> Result<HttpResponse, Problem> {
    let request = body.value.checked()?;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.export_request(&request))
        .await?;
    let mut proof = None;
    if let Some(recorded) = written.event {
        proof = store.proven(&written.permit, recorded).await?.map(ActProof::from);
        exporter.enqueue(may.caller.laboratory().id, written.value.uuid());
    }
    let id = written.value;
    let asked = store.read(written.permit, move |tx| tx.export(id)).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, format!("/api/v1/audit/exports/{id}")))
        .insert_header((ETAG, format!("\"{}\"", asked.version)))
        .json(ExportAsked { export: asked, proof }))
}

/// List exports
#[utoipa::path(tag = "audit", params(PageQuery), extensions(("x-permission" = json!("audit:export"))), responses((status = 200, description = "Newest first", body = ExportList)))]
#[get("/audit/exports")]
pub(super) async fn exports(
    store: web::Data<Store>,
    may: May<may::AuditExport>,
    query: Params<PageQuery>,
) -> Result<web::Json<ExportList>, Problem> {
    let (since, page) = (query.0.updated_since, page(query.0.limit, query.0.after)?);
    let Listing { items, next } = store.read(may.permit, move |tx| tx.exports(since, &page)).await?;
    Ok(web::Json(ExportList { items, next }))
}

/// Read an export
#[utoipa::path(tag = "audit", params(("id" = String, Path, format = Uuid, description = "The export")), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 200, description = "How it stands", body = ExportView)))]
#[get("/audit/exports/{id}")]
pub(super) async fn export(
    store: web::Data<Store>,
    may: May<may::AuditExport>,
    id: Id<ExportId>,
) -> Result<HttpResponse, Problem> {
    let view = store.read(may.permit, move |tx| tx.export(id.0)).await?;
    Ok(tagged(&view, view.version, None))
}

/// Download the bundle
///
/// Check it offline with `attest-verify FILE --key KEY`.
#[utoipa::path(tag = "audit", params(("id" = String, Path, format = Uuid, description = "The export")), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 200, description = "*.attest.zip", body = Vec<u8>, content_type = "application/zip")))]
#[get("/audit/exports/{id}/bundle")]
pub(super) async fn export_bundle(
    store: web::Data<Store>,
    exporter: web::Data<Exporter>,
    may: May<may::AuditExport>,
    id: Id<ExportId>,
) -> Result<HttpResponse, Problem> {
    let (laboratory, slug) = (may.caller.laboratory().id, may.caller.laboratory().slug.clone());
    store
        .write(may.permit, None, move |tx| tx.export_fetch(id.0, "bundle"))
        .await?;
    let bytes = exporter.file(laboratory, id.0.uuid(), "bundle.zip").await?;
    Ok(attachment(
        "application/zip",
        &format!("{slug}-{}.attest.zip", id.0),
        bytes,
    ))
}

/// Download the signed paper
#[utoipa::path(tag = "audit", params(("id" = String, Path, format = Uuid, description = "The export"), PartQuery), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 200, description = "PDF/A-3a with the bundle attached to part 1", body = Vec<u8>, content_type = "application/pdf")))]
#[get("/audit/exports/{id}/document")]
pub(super) async fn export_document(
    store: web::Data<Store>,
    exporter: web::Data<Exporter>,
    may: May<may::AuditExport>,
    id: Id<ExportId>,
    query: Params<PartQuery>,
) -> Result<HttpResponse, Problem> {
    let part = query.0.part.unwrap_or(1);
    let (laboratory, slug) = (may.caller.laboratory().id, may.caller.laboratory().slug.clone());
    store
        .write(may.permit, None, move |tx| {
            tx.export_fetch(id.0, &format!("document part {part}"))
        })
        .await?;
    let bytes = exporter
        .file(laboratory, id.0.uuid(), &format!("part-{part}.pdf"))
        .await?;
    Ok(attachment(
        "application/pdf",
        &format!("{slug}-{}-part-{part}.pdf", id.0),
        bytes,
    ))
}

fn attachment(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}
