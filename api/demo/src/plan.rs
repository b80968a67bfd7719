//! What a laboratory of the demonstration shall contain, before any of it is sent. `water` and `medical` write plans;
//! `catalogue`, `registration`, `bench` and `reporting` carry them out. The catalogue's types serialise to the API's
//! own request bodies.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// Everything one laboratory gets.
pub(crate) struct LaboratoryPlan {
    pub sample_types: Vec<SampleTypePlan>,
    pub containers: Vec<ContainerPlan>,
    pub location: LocationPlan,
    pub instrument: InstrumentPlan,
    pub tests: Vec<TestPlan>,
    pub panels: Vec<PanelPlan>,
    pub specification: SpecificationPlan,
    pub clients: Vec<ClientPlan>,
    pub patients: Vec<PatientPlan>,
    pub visits: Vec<Visit>,
    /// Who is told about a critical value, so that all but one notice are closed.
    pub told: &'static str,
}

#[derive(Serialize)]
pub(crate) struct SampleTypePlan {
    pub name: &'static str,
    pub matrix: &'static str,
    pub requires_temperature: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_min: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_max: Option<&'static str>,
    pub containers: &'static str,
}

#[derive(Serialize)]
pub(crate) struct ContainerPlan {
    pub name: &'static str,
    pub volume: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additive: Option<&'static str>,
}

#[derive(Serialize)]
pub(crate) struct LocationPlan {
    pub name: &'static str,
    pub description: &'static str,
}

#[derive(Serialize)]
pub(crate) struct InstrumentPlan {
    pub name: &'static str,
    pub serial_number: &'static str,
    pub calibrated_until: NaiveDate,
}

#[derive(Serialize)]
pub(crate) struct TestPlan {
    pub code: String,
    pub name: String,
    pub analyte: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    pub method: String,
    pub unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    pub result_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub significant_figures: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lod: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<UncertaintyPlan>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_time_hours: Option<u32>,
    pub turnaround_hours: u32,
    pub accredited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loinc: Option<String>,
    pub ucum: String,
    pub self_verification_allowed: bool,
}

#[derive(Serialize)]
pub(crate) struct UncertaintyPlan {
    pub value: String,
    /// `absolute` (in the test's unit) or `percent`.
    pub kind: String,
    /// Coverage factor.
    pub k: &'static str,
}

pub(crate) struct PanelPlan {
    pub name: &'static str,
    pub code: &'static str,
    pub tests: Vec<String>,
}

pub(crate) struct SpecificationPlan {
    pub name: &'static str,
    /// `specification` or `reference_range`.
    pub kind: &'static str,
    pub decision_rule: &'static str,
    pub limits: Vec<LimitPlan>,
}

#[derive(Serialize)]
pub(crate) struct LimitPlan {
    /// Code of the test; replaced by its id when sent.
    #[serde(skip)]
    pub test: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_min_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_max_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_low: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_high: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct ClientPlan {
    pub name: &'static str,
    pub code: &'static str,
    pub address: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
}

#[derive(Serialize)]
pub(crate) struct PatientPlan {
    pub family_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: &'static str,
    pub identifiers: Vec<IdentifierPlan>,
}

#[derive(Serialize)]
pub(crate) struct IdentifierPlan {
    pub system: &'static str,
    pub value: String,
}

/// Who ordered.
pub(crate) enum Orderer {
    /// Code of a client.
    Client(&'static str),
    /// Place in the plan's list of patients.
    Patient(usize),
}

/// One order with its samples and how far the laboratory has got with them.
pub(crate) struct Visit {
    pub external_id: String,
    pub orderer: Orderer,
    pub requester: String,
    pub priority: &'static str,
    pub specimens: Vec<Specimen>,
    pub report: Option<ReportPlan>,
}

/// One sample.
pub(crate) struct Specimen {
    pub sample_type: &'static str,
    pub container: &'static str,
    /// The orderer's own name for it; tells the samples of one order apart.
    pub reference: String,
    pub description: Option<String>,
    pub collected_at: DateTime<Utc>,
    pub collected_by: Option<String>,
    pub collection_place: Option<String>,
    /// Codes of the tests.
    pub tests: Vec<String>,
    pub remark: Option<String>,
    /// `None`: still waits for reception.
    pub reception: Option<Reception>,
    /// Empty: still waits for entry.
    pub readings: Vec<Reading>,
}

/// What reception wrote down.
#[derive(Serialize)]
pub(crate) struct Reception {
    pub condition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<&'static str>,
    pub deviations: Vec<String>,
    /// `None`: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime<Utc>>,
}

/// What the bench has for one test.
pub(crate) struct Reading {
    /// Code of the test.
    pub test: String,
    pub outcome: Outcome,
    /// Whether the second person has already looked at it.
    pub verified: bool,
}

pub(crate) enum Outcome {
    Measured(Measurement),
    /// Cancelled with this reason.
    NotMeasured(&'static str),
}

/// The members of `POST /results/enter` besides the result's id.
#[derive(Serialize)]
pub(crate) struct Measurement {
    /// As typed; a non-detect carries its sign, e.g. `<0.02`.
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviation: Option<String>,
    pub origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Measured on the laboratory's instrument (its id is added when sent).
    #[serde(skip)]
    pub on_instrument: bool,
}

/// How far the report of a visit has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum ReportStage {
    Drafted,
    Authorized,
    Released,
}

pub(crate) struct ReportPlan {
    pub stage: ReportStage,
    pub language: &'static str,
    pub remarks: Option<&'static str>,
    pub opinion: Option<&'static str>,
}
