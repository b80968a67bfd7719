//! What waits: the home page's numbers.

use crate::http::{May, Problem};
use actix_web::{get, web};
use attest_domain::may;
use attest_store::{Store, Work};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(work);
}

/// What waits
///
/// Each number stops at 1000, and is 0 for work that the caller may not see.
#[utoipa::path(tag = "work", operation_id = "work_counts", extensions(("x-permission" = json!("login"))), responses((status = 200, description = "What waits", body = Work)))]
#[get("/work")]
async fn work(store: web::Data<Store>, may: May<may::SignedIn>) -> Result<web::Json<Work>, Problem> {
    Ok(web::Json(store.read(may.permit, |tx| tx.work()).await?))
}
