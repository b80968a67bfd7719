//! The contract, from the running system: the document itself, and a page that works offline under a strict CSP.
//!
//! The page is our own: why, and what else was tried, is in docs/decisions/0006-own-api-reader.md.

use super::spa::asset;
use crate::api;
use crate::http::Problem;
use actix_web::{HttpRequest, HttpResponse, get, web};
use rust_embed::RustEmbed;
use std::sync::LazyLock;
use utoipa_actix_web::service_config::ServiceConfig;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| serde_json::to_string(&api::document()).unwrap_or_default());

#[derive(RustEmbed)]
#[folder = "assets/docs"]
struct Assets;

/// Registers the operations below the base path.
pub fn operations(config: &mut ServiceConfig) {
    config.service(openapi);
}

/// Registers the page, and the files it is made of: like the application's own files they are not operations.
pub fn pages(config: &mut ServiceConfig) {
    config.service(page).route("/api/docs/{file}", web::get().to(file));
}

/// The OpenAPI document
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))), responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
#[get("/openapi.json")]
async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "no-cache"))
        .body(web::Bytes::from_static(DOCUMENT.as_bytes()))
}

/// This document, to read
///
/// A page that draws the document of this very server. It loads nothing from elsewhere.
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
#[get("/api/docs")]
async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Assets::get("index.html")
        .map(|found| asset(&request, "index.html", found))
        .ok_or_else(Problem::not_found)
}

async fn file(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    Assets::get(&name)
        .map(|found| asset(&request, &name, found))
        .ok_or_else(Problem::not_found)
}
