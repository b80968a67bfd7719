//! Reports, looked at.

use super::{addressed, shown};
use crate::http::{Id, May, Params, Problem, page, tagged};
use crate::press::Press;
use actix_web::{HttpResponse, get, web};
use attest_domain::ids::{ClientId, PatientId, ReportId, SampleId};
use attest_domain::may;
use attest_domain::workflow::ReportState;
use attest_store::{Listing, Report, ReportFilter, ReportSummary, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// In these states; repeat it or separate with commas.
    #[serde(default)]
    status: Vec<String>,
    /// Of this client.
    #[param(value_type = Option<String>, format = Uuid)]
    client_id: Option<ClientId>,
    /// Of this patient.
    #[param(value_type = Option<String>, format = Uuid)]
    patient_id: Option<PatientId>,
    /// That cover this sample.
    #[param(value_type = Option<String>, format = Uuid)]
    sample_id: Option<SampleId>,
    /// Something they say was retracted.
    under_correction: Option<bool>,
    /// Whose numbers begin so.
    q: Option<String>,
    /// Changed at or after this moment.
    updated_since: Option<DateTime<Utc>>,
    /// Order of the list.
    #[param(inline)]
    sort: Option<ReportSort>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum ReportSort {
    /// The newest first.
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// A page of reports, without what is written in them.
#[derive(Serialize, ToSchema)]
struct ReportList {
    /// The reports.
    items: Vec<ReportSummary>,
    /// Where the next page begins; null at the end.
    next: Option<String>,
}

/// List reports
#[utoipa::path(tag = "reports", params(ReportQuery), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "The newest first", body = ReportList)))]
#[get("/reports")]
pub(super) async fn report_list(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRead>,
    query: Params<ReportQuery>,
) -> Result<web::Json<ReportList>, Problem> {
    let asked = query.0;
    let page = page(asked.limit, asked.after)?;
    let filter = ReportFilter {
        status: states(&asked.status)?,
        client: asked.client_id,
        patient: asked.patient_id,
        sample: asked.sample_id,
        number: asked
            .q
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
        under_correction: asked.under_correction,
        updated_since: asked.updated_since,
        oldest_first: asked.sort == Some(ReportSort::OldestFirst),
    };
    let Listing { items, next } = store.read(may.permit, move |tx| tx.reports(&filter, &page)).await?;
    let items: Vec<ReportSummary> = items.into_iter().map(|summary| addressed(summary, &press)).collect();
    store.patients_viewed(&may.caller, seen_patients(&items)).await?;
    Ok(web::Json(ReportList { items, next }))
}

/// Read a report
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "The report with its content", body = Report)))]
#[get("/reports/{id}")]
pub(super) async fn report_read(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRead>,
    id: Id<ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(&store, &press, may.permit, id.0).await?;
    store
        .patients_viewed(&may.caller, seen_patients(std::slice::from_ref(&report.summary)))
        .await?;
    Ok(tagged(&report, report.summary.version, None))
}

/// Patients whose names an answer shows: every look at a patient is recorded.
fn seen_patients(reports: &[ReportSummary]) -> Vec<PatientId> {
    reports
        .iter()
        .filter_map(|report| report.patient.as_ref())
        .filter(|patient| patient.name.is_some())
        .map(|patient| patient.id)
        .collect()
}

fn states(words: &[String]) -> Result<Vec<ReportState>, Problem> {
    words
        .iter()
        .flat_map(|words| words.split(','))
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.trim()
                .parse()
                .map_err(|unknown: attest_domain::vocabulary::UnknownWord| {
                    Problem::field("status", "unknown", unknown.to_string())
                })
        })
        .collect()
}
