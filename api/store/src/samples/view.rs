//! A sample as the interface shows it: a line of a list, and whole.

use crate::{Person, Ref, ResultView};
use attest_domain::ids::{OrderId, PatientId, ReportId, SampleId};
use attest_domain::terms::{Condition, Priority};
use attest_domain::workflow::{ReportState, SampleState};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A sample in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SampleSummary {
    /// Its id.
    pub id: SampleId,
    /// Accession number with check digits (ISO/IEC 7064, MOD 97-10).
    pub accession_number: String,
    /// Where it stands.
    pub status: SampleState,
    /// What it is.
    pub sample_type: Ref,
    /// Who ordered the testing.
    pub client: Option<Ref>,
    /// Whose specimen it is.
    pub patient: Option<PatientRef>,
    /// What the client calls it.
    pub client_reference: Option<String>,
    /// When it was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it came.
    pub received_at: Option<DateTime<Utc>>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Last change of the sample or its results.
    pub updated_at: DateTime<Utc>,
    /// Version, also the ETag.
    pub version: i64,
    /// How many of its results stand where.
    pub counts: ResultCounts,
    /// Critical values that nobody has been told of yet.
    pub critical_open: i64,
    /// It did not come as it should, or deviations are recorded.
    pub has_deviation: bool,
}

/// A patient, by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PatientRef {
    /// Pseudonymous id.
    pub id: PatientId,
    /// Family and given name; null without `patient:read`, and after erasure.
    pub name: Option<String>,
}

/// How many results stand where; retracted ones are not counted.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct ResultCounts {
    /// Waiting for a value.
    pub pending: i64,
    /// Waiting for verification.
    pub entered: i64,
    /// Verified.
    pub verified: i64,
    /// Will not be done.
    pub cancelled: i64,
}

/// A sample with everything that is recorded about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sample {
    /// What lists show.
    #[serde(flatten)]
    pub summary: SampleSummary,
    /// The order it belongs to.
    pub order: Option<OrderRef>,
    /// What it is in.
    pub container: Option<Ref>,
    /// Where it is kept.
    pub location: Option<Ref>,
    /// Description.
    pub description: Option<String>,
    /// Who took it.
    pub collected_by: Option<String>,
    /// Where it was taken.
    pub collection_place: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// In what condition it came (ISO/IEC 17025, 7.4.3); null with a note when it was described in other words.
    pub condition: Option<Condition>,
    /// What was wrong with it.
    pub condition_note: Option<String>,
    /// Temperature on receipt, in °C.
    pub temperature_c: Option<String>,
    /// Deviations from what was agreed; printed on the report.
    pub deviations: Vec<String>,
    /// Who received it.
    pub received_by: Option<Person>,
    /// Who registered it.
    pub created_by: Option<Person>,
    /// Its results, in their order. Without `result:read` without values.
    pub results: Vec<ResultView>,
    /// Reports that cover it.
    pub reports: Vec<ReportRef>,
    /// The limits it is judged by, where one was named.
    pub specification: Option<Ref>,
    /// Why it was rejected, cancelled or disposed of.
    pub rejected_reason: Option<String>,
}

/// An order, by id and number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderRef {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: String,
}

/// A report, by id and number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportRef {
    /// Its id.
    pub id: ReportId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: ReportState,
}
