//! The contract, from the running system: the document itself, and a page that works offline under a strict CSP.

use crate::api;
use actix_web::{HttpResponse, get, web};
use std::sync::LazyLock;
use utoipa_actix_web::service_config::ServiceConfig;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| serde_json::to_string(&api::document()).unwrap_or_default());

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(openapi);
}

/// The OpenAPI document
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))), responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
#[get("/openapi.json")]
async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header(("cache-control", "no-cache")).body(web::Bytes::from_static(DOCUMENT.as_bytes()))
}
