//! The signed tree behind the trail: checkpoints, consistency, and tiles as monitors and witnesses read them (tlog-tiles).

use super::PageQuery;
use crate::http::{May, Params, Problem, page};
use actix_web::{HttpRequest, HttpResponse, get, web};
use attest_domain::may;
use attest_ledger::merkle::parse_tile_name;
use attest_store::{CheckpointView, ConsistencyView, Listing, Permit, Store};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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

/// A page of checkpoints.
#[derive(Serialize, ToSchema)]
struct CheckpointList {
    /// Newest first.
    items: Vec<CheckpointView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// Newest checkpoint
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Signed note", body = String, content_type = "text/plain")))]
#[get("/audit/checkpoint")]
pub(super) async fn checkpoint(store: web::Data<Store>, may: May<may::AuditRead>) -> Result<HttpResponse, Problem> {
    newest(&store, may.permit).await
}

/// Newest checkpoint, for monitors and witnesses (tlog-tiles)
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Signed note", body = String, content_type = "text/plain")))]
#[get("/audit/ledger/checkpoint")]
pub(super) async fn ledger_checkpoint(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
) -> Result<HttpResponse, Problem> {
    newest(&store, may.permit).await
}

async fn newest(store: &Store, permit: Permit<may::AuditRead>) -> Result<HttpResponse, Problem> {
    let note = store.read(permit, |tx| tx.checkpoint()).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// List checkpoints
#[utoipa::path(tag = "audit", params(PageQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Newest first", body = CheckpointList)))]
#[get("/audit/checkpoints")]
pub(super) async fn checkpoints(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    query: Params<PageQuery>,
) -> Result<web::Json<CheckpointList>, Problem> {
    let (since, page) = (query.0.updated_since, page(query.0.limit, query.0.after)?);
    let Listing { items, next } = store.read(may.permit, move |tx| tx.checkpoints(since, &page)).await?;
    Ok(web::Json(CheckpointList { items, next }))
}

/// Prove that the log only grew
#[utoipa::path(tag = "audit", params(ConsistencyQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "The proof", body = ConsistencyView)))]
#[get("/audit/consistency")]
pub(super) async fn consistency(
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
pub(super) async fn tile(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
) -> Result<HttpResponse, Problem> {
    let found = request.match_info();
    let level = found
        .get("level")
        .and_then(|text| text.parse::<u32>().ok().filter(|level| level.to_string() == text))
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
pub(super) async fn entry_tile(
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
