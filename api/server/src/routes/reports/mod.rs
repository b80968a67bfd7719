//! Reports over HTTP.

mod draft;
mod papers;
mod query;
mod sign;
mod texts;

use crate::http::{Problem, tagged};
use crate::paper::public_address;
use crate::press::Press;
use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use attest_domain::ids::ReportId;
use attest_store::{ActProof, Permit, Report, ReportSummary, SeesReports, Store, Written};
use serde::Deserialize;
use texts::note_text;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(papers::preview)
        .service(papers::document)
        .service(papers::deliveries)
        .service(papers::deliver)
        .service(draft::draft)
        .service(query::report_list)
        .service(query::report_read)
        .service(draft::edit)
        .service(draft::refresh)
        .service(sign::authorize)
        .service(sign::release)
        .service(draft::amend)
        .service(sign::withdraw);
}

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "client's name corrected"}))]
pub struct ReportReason {
    /// The reason, as it will be told.
    #[validate(custom(function = "note_text"))]
    pub reason: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingMore {}

async fn shown<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    permit: Permit<P>,
    id: ReportId,
) -> Result<Report, Problem> {
    let report = store.read(permit, move |tx| tx.report(id)).await?;
    Ok(Report {
        summary: addressed(report.summary, press),
        ..report
    })
}

async fn changed<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(store, press, written.permit, written.value).await?;
    Ok(tagged(&report, report.summary.version, None))
}

async fn created<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(store, press, written.permit, written.value).await?;
    let path = format!("/api/v1/reports/{}", report.summary.id);
    Ok(tagged(&report, report.summary.version, Some(path)))
}

/// The answer of an act that must be provable at once (ledger.md, "From event to tree", 4).
async fn proven<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let fresh = written.event;
    let position = match fresh {
        Some(event) => store.proven(&written.permit, event).await?,
        None => None,
    };
    let mut report = shown(store, press, written.permit, written.value).await?;
    if fresh.is_some() {
        report.proof = position.map(ActProof::from);
    }
    let mut answer = if report.proof.is_some() {
        HttpResponse::Ok()
    } else {
        HttpResponse::Accepted()
    };
    if report.proof.is_none() {
        answer.insert_header((LOCATION, format!("/api/v1/reports/{}", report.summary.id)));
    }
    Ok(answer
        .insert_header((ETAG, format!("\"{}\"", report.summary.version)))
        .json(report))
}

fn addressed(summary: ReportSummary, press: &Press) -> ReportSummary {
    let public_url = summary
        .verification_code
        .as_ref()
        .map(|code| public_address(press.public_url(), code));
    ReportSummary { public_url, ..summary }
}
