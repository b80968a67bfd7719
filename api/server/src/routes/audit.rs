//! The audit trail over HTTP: reading, proving, exporting.

use crate::exports::Exporter;
use crate::http::{Body, Id, IdempotencyKey, May, Params, Problem, SteppedUp, page, tagged};
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use attest_domain::ids::ExportId;
use attest_domain::{Action, Language, may};
use attest_ledger::merkle::parse_tile_name;
use attest_store::{
    CheckpointView, ConsistencyView, EventFilter, EventView, ExportRequest, ExportView, Listing, ProofView, Store,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(events)
        .service(event)
        .service(event_proof)
        .service(actions)
        .service(checkpoint)
        .service(checkpoints)
        .service(consistency)
        .service(ledger_checkpoint)
        .service(entry_tile)
        .service(tile)
        .service(export_request)
        .service(exports)
        .service(export)
        .service(export_bundle)
        .service(export_document);
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// By this user.
    actor_id: Option<Uuid>,
    /// Of this kind, from GET /audit/actions.
    action: Option<String>,
    /// On things of this type, e.g. `sample`.
    object_type: Option<String>,
    /// On this thing.
    object_id: Option<String>,
    /// Not before.
    from: Option<DateTime<Utc>>,
    /// Not after.
    to: Option<DateTime<Utc>>,
    /// Not before (as on every list).
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Two sizes of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConsistencyQuery {
    /// The smaller size.
    from: u64,
    /// The larger size.
    to: u64,
}

/// Which part of the paper.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartQuery {
    /// From 1.
    part: Option<u32>,
}

/// A page of events.
#[derive(Serialize, ToSchema)]
struct EventList {
    /// Newest first.
    items: Vec<EventView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// A page of checkpoints.
#[derive(Serialize, ToSchema)]
struct CheckpointList {
    /// Newest first.
    items: Vec<CheckpointView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// A page of exports.
#[derive(Serialize, ToSchema)]
struct ExportList {
    /// Newest first.
    items: Vec<ExportView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// Everything that can be in the trail.
#[derive(Serialize, ToSchema)]
struct ActionList {
    /// The closed list.
    items: Vec<ActionView>,
}

/// A kind of event.
#[derive(Serialize, ToSchema)]
struct ActionView {
    /// As in `action`.
    id: &'static str,
    /// In words.
    description: &'static str,
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

/// `range` proves that nothing is missing between two moments; `selection` proves each chosen event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ExportKind {
    Range,
    Selection,
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

fn language(request: &HttpRequest, fallback: Language) -> Language {
    request
        .headers()
        .get("accept-language")
        .and_then(|value| value.to_str().ok())
        .map_or(fallback, Language::from_accept_language)
}

/// List audit events
#[utoipa::path(tag = "audit", params(EventQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Events, newest first", body = EventList)))]
#[get("/audit/events")]
async fn events(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    query: Params<EventQuery>,
) -> Result<web::Json<EventList>, Problem> {
    let asked = query.0;
    if let Some(action) = &asked.action
        && action.parse::<Action>().is_err()
    {
        return Err(Problem::field(
            "action",
            "unknown",
            "must be one of GET /api/v1/audit/actions",
        ));
    }
    let page = page(asked.limit, asked.after)?;
    let filter = EventFilter {
        actor: asked.actor_id,
        action: asked.action,
        object_type: asked.object_type,
        object_id: asked.object_id,
        from: asked.from.max(asked.updated_since),
        to: asked.to,
    };
    let language = language(&request, may.caller.principal().language);
    let Listing { items, next } = store
        .read(may.permit, move |tx| tx.events(&filter, &page, language))
        .await?;
    Ok(web::Json(EventList { items, next }))
}

/// Read one audit event
#[utoipa::path(tag = "audit", params(("index" = u64, Path, description = "Place in the log, from 0")), extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "The event", body = EventView)))]
#[get("/audit/events/{index}")]
async fn event(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    index: Place,
) -> Result<web::Json<EventView>, Problem> {
    let language = language(&request, may.caller.principal().language);
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.event_at(index.0, language)).await?,
    ))
}

/// Prove one audit event
///
/// An RFC 6962 audit path from the entry to the root of the newest signed checkpoint.
#[utoipa::path(tag = "audit", params(("index" = u64, Path, description = "Place in the log, from 0")), extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "The proof", body = ProofView)))]
#[get("/audit/events/{index}/proof")]
async fn event_proof(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    index: Place,
) -> Result<web::Json<ProofView>, Problem> {
    let index = u64::try_from(index.0).map_err(|_negative| Problem::not_found())?;
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.event_proof(index)).await?,
    ))
}

/// List kinds of audit events
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "The closed list", body = ActionList)))]
#[get("/audit/actions")]
async fn actions(request: HttpRequest, may: May<may::AuditRead>) -> web::Json<ActionList> {
    let language = language(&request, may.caller.principal().language);
    web::Json(ActionList {
        items: Action::ALL
            .iter()
            .map(|action| ActionView {
                id: action.as_str(),
                description: action.description(language),
            })
            .collect(),
    })
}

/// Newest checkpoint
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Signed note", body = String, content_type = "text/plain")))]
#[get("/audit/checkpoint")]
async fn checkpoint(store: web::Data<Store>, may: May<may::AuditRead>) -> Result<HttpResponse, Problem> {
    let note = store.read(may.permit, |tx| tx.checkpoint()).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// Newest checkpoint, for monitors and witnesses (tlog-tiles)
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Signed note", body = String, content_type = "text/plain")))]
#[get("/audit/ledger/checkpoint")]
async fn ledger_checkpoint(store: web::Data<Store>, may: May<may::AuditRead>) -> Result<HttpResponse, Problem> {
    let note = store.read(may.permit, |tx| tx.checkpoint()).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// List checkpoints
#[utoipa::path(tag = "audit", params(PageQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Newest first", body = CheckpointList)))]
#[get("/audit/checkpoints")]
async fn checkpoints(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    query: Params<PageQuery>,
) -> Result<web::Json<CheckpointList>, Problem> {
    let page = page(query.0.limit, query.0.after)?;
    let Listing { items, next } = store.read(may.permit, move |tx| tx.checkpoints(&page)).await?;
    Ok(web::Json(CheckpointList { items, next }))
}

/// Prove that the log only grew
#[utoipa::path(tag = "audit", params(ConsistencyQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "The proof", body = ConsistencyView)))]
#[get("/audit/consistency")]
async fn consistency(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    query: Params<ConsistencyQuery>,
) -> Result<web::Json<ConsistencyView>, Problem> {
    let ConsistencyQuery { from, to } = query.0;
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.consistency(from, to)).await?,
    ))
}

/// Tile of hashes (tlog-tiles)
#[utoipa::path(tag = "audit", params(("level" = u32, Path, description = "L"), ("index" = String, Path, description = "N as in tlog-tiles, e.g. `x001/067.p/8`")),
    extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Hashes, 32 bytes each", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/audit/ledger/tile/{level}/{index:.*}")]
async fn tile(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
) -> Result<HttpResponse, Problem> {
    let found = request.match_info();
    let level = found
        .get("level")
        .and_then(|text| text.parse::<u32>().ok())
        .filter(|level| *level < 8);
    let place = found.get("index").and_then(parse_tile_name);
    let (Some(level), Some((index, width))) = (level, place) else {
        return Err(Problem::not_found());
    };
    let bytes = store.read(may.permit, move |tx| tx.tile(level, index, width)).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(bytes))
}

/// Tile of entries (tlog-tiles)
#[utoipa::path(tag = "audit", params(("index" = String, Path, description = "N as in tlog-tiles")), extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "Entries, each behind its 16-bit length", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/audit/ledger/tile/entries/{index:.*}")]
async fn entry_tile(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
) -> Result<HttpResponse, Problem> {
    let Some((index, width)) = request.match_info().get("index").and_then(parse_tile_name) else {
        return Err(Problem::not_found());
    };
    let bytes = store.read(may.permit, move |tx| tx.entry_tile(index, width)).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(bytes))
}

/// Export the audit trail
///
/// Needs a confirmed identity. The answer comes when a signed checkpoint covers the export's own event; the files follow in the background.
#[utoipa::path(tag = "audit", request_body = ExportOrder, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 202, description = "Asked for; poll the export", body = ExportView)))]
#[post("/audit/exports")]
async fn export_request(
    store: web::Data<Store>,
    exporter: web::Data<Exporter>,
    may: SteppedUp<may::AuditExport>,
    key: IdempotencyKey,
    body: Body<ExportOrder>,
) -> Result<HttpResponse, Problem> {
    let order = body.value;
    let filter = order.filter.unwrap_or_default();
    if order.kind == ExportKind::Range
        && (filter.actor_id.is_some()
            || filter.action.is_some()
            || filter.object_type.is_some()
            || filter.object_id.is_some())
    {
        return Err(Problem::field(
            "filter",
            "invalid",
            "a range is complete and takes no filter; ask for a selection",
        ));
    }
    if let (Some(from), Some(to)) = (order.from, order.to)
        && from > to
    {
        return Err(Problem::field("from", "range", "must not be later than `to`"));
    }
    let request = ExportRequest {
        selection: order.kind == ExportKind::Selection,
        from: order.from,
        to: order.to,
        actor_id: filter.actor_id,
        action: filter.action,
        object_type: filter.object_type,
        object_id: filter.object_id,
        held_checkpoint: order.held_checkpoint,
    };
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.export_request(&request))
        .await?;
    if let Some(recorded) = written.event {
        store.proven(&written.permit, recorded).await?;
        exporter.enqueue(may.caller.laboratory().id, written.value.uuid());
    }
    let id = written.value;
    let view = store.read(written.permit, move |tx| tx.export(id)).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, format!("/api/v1/audit/exports/{id}")))
        .insert_header((ETAG, format!("\"{}\"", view.version)))
        .json(view))
}

/// List exports
#[utoipa::path(tag = "audit", params(PageQuery), extensions(("x-permission" = json!("audit:export"))), responses((status = 200, description = "Newest first", body = ExportList)))]
#[get("/audit/exports")]
async fn exports(
    store: web::Data<Store>,
    may: May<may::AuditExport>,
    query: Params<PageQuery>,
) -> Result<web::Json<ExportList>, Problem> {
    let page = page(query.0.limit, query.0.after)?;
    let Listing { items, next } = store.read(may.permit, move |tx| tx.exports(&page)).await?;
    Ok(web::Json(ExportList { items, next }))
}

/// Read an export
#[utoipa::path(tag = "audit", params(("id" = String, Path, format = Uuid, description = "The export")), extensions(("x-permission" = json!("audit:export"))),
    responses((status = 200, description = "How it stands", body = ExportView)))]
#[get("/audit/exports/{id}")]
async fn export(
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
async fn export_bundle(
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
async fn export_document(
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

/// The place in a path: a number, else nothing is there.
struct Place(i64);

impl actix_web::FromRequest for Place {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut actix_web::dev::Payload) -> Self::Future {
        let index = request
            .match_info()
            .get("index")
            .and_then(|text| text.parse().ok())
            .filter(|index| *index >= 0);
        std::future::ready(index.map(Self).ok_or_else(Problem::not_found))
    }
}
