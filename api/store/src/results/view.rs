//! A result as the interface shows it, and the part of it that is stored as one JSON value.

use crate::{Person, Ref};
use attest_domain::ReasonCode;
use attest_domain::ids::{ResultId, SampleId, TestId};
use attest_domain::judge::{DecisionRule, Flag, JudgedValue, Statement};
use attest_domain::terms::Origin;
use attest_domain::value::{Detection, LimitKind, ResultType};
use attest_domain::workflow::ResultState;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One test on one sample.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Result)]
pub struct ResultView {
    /// Its id.
    pub id: ResultId,
    /// The sample.
    pub sample: ResultSample,
    /// The test, as in the catalogue.
    pub test: ResultTest,
    /// Where it stands.
    pub status: ResultState,
    /// Version, also the ETag.
    pub version: i64,
    /// The final value, rounded, without sign; in `unit`.
    pub value: Option<String>,
    /// What was typed, digit for digit.
    pub typed: Option<String>,
    /// How the value stands to the truth.
    pub detection: Option<Detection>,
    /// Which limit a `<` or `>` names.
    pub limit_kind: Option<LimitKind>,
    /// The factor that the sample was diluted by.
    pub dilution_factor: Option<String>,
    /// Sign and value as printed, e.g. `< 0.02`.
    pub display: Option<String>,
    /// Unit of value and limits.
    pub unit: String,
    /// Expanded uncertainty with coverage factor, as printed.
    pub uncertainty: Option<String>,
    /// Where the value comes from.
    pub origin: Origin,
    /// The external provider (ISO/IEC 17025, 7.8.2.1 p).
    pub provider: Option<String>,
    /// Marks beside the value.
    pub flags: Vec<Flag>,
    /// Statement of conformity (ILAC-G8).
    pub statement: Option<Statement>,
    /// The limits it was judged by.
    pub limits: Option<ResultLimits>,
    /// The instrument.
    pub instrument: Option<Ref>,
    /// When it was measured.
    pub measured_at: Option<DateTime<Utc>>,
    /// Remark.
    pub remark: Option<String>,
    /// Deviation from the method.
    pub deviation: Option<String>,
    /// Who entered it.
    pub entered_by: Option<Person>,
    /// When it was entered.
    pub entered_at: Option<DateTime<Utc>>,
    /// Who verified it.
    pub verified_by: Option<Person>,
    /// When it was verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// Verified by the person who entered it.
    pub self_verified: bool,
    /// Why it was corrected, returned, retracted or cancelled last.
    pub reason: Option<String>,
    /// The retracted result that this one repeats.
    pub retest_of: Option<ResultId>,
    /// How long the sample may wait for this test.
    pub hold_time: Option<ResultHoldTime>,
    /// The last verified value of the same test for the same patient, or client and reference; only when asked for.
    pub previous: Option<PreviousResult>,
    /// When it is promised.
    pub due_at: Option<DateTime<Utc>>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// The sample of a result.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultSample {
    /// Its id.
    pub id: SampleId,
    /// Its accession number.
    pub accession_number: String,
    /// Its version.
    pub version: i64,
}

/// The test of a result: what somebody who enters it needs to know.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultTest {
    /// Its id.
    pub id: TestId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is measured.
    pub analyte: String,
    /// How.
    pub method: String,
    /// Unit.
    pub unit: String,
    /// Decimals of the result.
    pub decimals: Option<u32>,
    /// Kind of value.
    pub result_type: ResultType,
    /// The list, for coded values.
    pub codes: Vec<String>,
    /// Limit of detection, undiluted.
    pub lod: Option<String>,
    /// Limit of quantification, undiluted.
    pub loq: Option<String>,
    /// Within the scope of accreditation.
    pub accredited: bool,
    /// The person who entered it may verify it, with a reason.
    pub self_verification_allowed: bool,
}

/// Limits that a value was judged by; decimals in the result's unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ResultLimits {
    /// Lower limit.
    pub low: Option<String>,
    /// Upper limit.
    pub high: Option<String>,
    /// Lower warning limit.
    pub warn_low: Option<String>,
    /// Upper warning limit.
    pub warn_high: Option<String>,
    /// Lower critical limit.
    pub critical_low: Option<String>,
    /// Upper critical limit.
    pub critical_high: Option<String>,
    /// Expected code, or words in the place of limits.
    pub text: Option<String>,
    /// w of the guard band, where the specification gives one.
    pub guard_band: Option<String>,
    /// The decision rule that was applied (ILAC-G8).
    pub decision_rule: Option<DecisionRule>,
    /// Which value was judged.
    pub judge: Option<JudgedValue>,
    /// The specification or reference range they are from.
    pub source: Option<NamedThen>,
    /// Its version at that time.
    pub source_version: Option<i64>,
}

/// A thing with the name it had when the value was entered: a specification, an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedThen {
    /// Its id.
    pub id: Uuid,
    /// Its name at that time.
    pub name: String,
}

/// How long the sample may wait for a test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultHoldTime {
    /// The last moment to measure.
    pub due_at: DateTime<Utc>,
    /// It was, or is being, missed.
    pub exceeded: bool,
}

/// An earlier value of the same test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviousResult {
    /// Its value.
    pub value: Option<String>,
    /// As printed.
    pub display: Option<String>,
    /// When it was measured, or entered.
    pub at: DateTime<Utc>,
    /// Its sample.
    pub accession_number: String,
}

/// What `results.body` holds: measurement, judgement and notes of the current version.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ResultBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) typed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detection: Option<Detection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_kind: Option<LimitKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dilution_factor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uncertainty: Option<String>,
    /// The test's unit when it was entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// Version of the test in the catalogue that understood the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) test_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) flags: Vec<Flag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement: Option<Statement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limits: Option<ResultLimits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instrument: Option<NamedThen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) measured_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deviation: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) self_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Option<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retest_of: Option<ResultId>,
}

impl ResultBody {
    /// Does the value call for telling somebody at once?
    pub(crate) fn is_critical(&self) -> bool {
        self.flags
            .iter()
            .any(|flag| matches!(flag, Flag::CriticalLow | Flag::CriticalHigh))
    }
}
