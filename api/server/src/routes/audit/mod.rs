//! The audit trail over HTTP: reading it, proving it, exporting it.

mod events;
mod exports;
mod keys;
mod ledger;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(events::events)
        .service(events::event)
        .service(events::event_proof)
        .service(events::actions)
        .service(ledger::checkpoint)
        .service(ledger::checkpoints)
        .service(ledger::consistency)
        .service(ledger::ledger_checkpoint)
        .service(ledger::entry_tile)
        .service(ledger::tile)
        .service(keys::log_keys)
        .service(keys::log_key_rotate)
        .service(exports::export_request)
        .service(exports::exports)
        .service(exports::export)
        .service(exports::export_bundle)
        .service(exports::export_document);
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}
