//! The laboratory's own data and policies.

use crate::http::{Body, May, Patch, Problem, SteppedUp, Versioned, tagged};
use actix_web::{HttpResponse, get, patch, web};
use attest_domain::may;
use attest_store::{LaboratoryData, LaboratoryView, Store};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(laboratory).service(laboratory_edit);
}

type LaboratoryChange = Patch<LaboratoryData>;

/// The laboratory
#[utoipa::path(tag = "laboratory", extensions(("x-permission" = json!("settings:read"))), responses((status = 200, description = "Data and policies", body = LaboratoryView)))]
#[get("/laboratory")]
async fn laboratory(store: web::Data<Store>, may: May<may::SettingsRead>) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, |tx| tx.laboratory_view()).await?;
    Ok(tagged(&found, found.version, None))
}

/// Change the laboratory
///
/// Needs a confirmed identity (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "laboratory", request_body = LaboratoryChange, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("settings:manage"))),
    params(("If-Match" = String, Header, description = "The ETag you saw")), responses((status = 200, description = "Changed", body = LaboratoryView)))]
#[patch("/laboratory")]
async fn laboratory_edit(
    store: web::Data<Store>,
    may: SteppedUp<may::SettingsManage>,
    seen: Versioned,
    body: Body<LaboratoryChange>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, None, move |tx| {
            tx.laboratory_edit(seen.0, &body.value.members)
        })
        .await?;
    let found = store.read(written.permit, |tx| tx.laboratory_view()).await?;
    Ok(tagged(&found, found.version, None))
}
