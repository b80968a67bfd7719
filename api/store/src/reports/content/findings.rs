//! What was tested and what came out.

use attest_domain::judge::{DecisionRule, Flag, Statement};
use attest_domain::terms::{Condition, Origin};
use attest_domain::value::{Detection, LimitKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One item tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentSample {
    /// Its id.
    pub id: Uuid,
    /// The laboratory's number of the item (7.8.2.1 g).
    pub accession_number: String,
    /// Its type.
    pub sample_type: String,
    /// The customer's name for it.
    pub client_reference: Option<String>,
    /// Description of the item.
    pub description: Option<String>,
    /// When it was collected (7.8.2.1 h).
    pub collected_at: Option<DateTime<Utc>>,
    /// Who collected it.
    pub collected_by: Option<String>,
    /// Where it was collected.
    pub collection_place: Option<String>,
    /// When it was received.
    pub received_at: Option<DateTime<Utc>>,
    /// Condition on receipt.
    pub condition: Option<Condition>,
    /// More about the condition.
    pub condition_note: Option<String>,
    /// Temperature on receipt in °C, decimal.
    pub temperature_c: Option<String>,
    /// Deviations under which it was accepted (7.4.3).
    pub deviations: Vec<String>,
    /// Its results, in the order of printing.
    pub results: Vec<ContentResult>,
}

/// One verified or cancelled result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentResult {
    /// Its id.
    pub id: Uuid,
    /// The version that is reported.
    pub version: i64,
    /// Code of the test.
    pub code: String,
    /// Name of the test as printed.
    pub test: String,
    /// Method (7.8.2.1 f).
    pub method: String,
    /// Inside the scope of accreditation.
    pub accredited: bool,
    /// The value, decimal or word; none when cancelled.
    pub value: Option<String>,
    /// How the value stands to the truth.
    pub detection: Option<Detection>,
    /// Which limit a `<` or `>` names.
    pub limit_kind: Option<LimitKind>,
    /// The value as printed, e.g. `< 0.02`.
    pub display: Option<String>,
    /// Unit.
    pub unit: String,
    /// Expanded uncertainty as printed (7.8.3.1 c).
    pub uncertainty: Option<String>,
    /// The same in figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expanded_uncertainty: Option<ContentUncertainty>,
    /// Limits it was judged by.
    pub limits: Option<ContentLimits>,
    /// Marks beside the value.
    pub flags: Vec<Flag>,
    /// Statement of conformity (7.8.6).
    pub statement: Option<Statement>,
    /// The decision rule behind the statement.
    pub decision_rule: Option<DecisionRule>,
    /// Measured, calculated, or from an external provider.
    pub origin: Origin,
    /// The external provider (7.8.2.1 p).
    pub provider: Option<String>,
    /// Deviation from the method (7.8.2.1 n).
    pub deviation: Option<String>,
    /// The hold time had passed when it was measured.
    pub hold_time_exceeded: bool,
    /// Remark.
    pub remark: Option<String>,
    /// When it was measured (7.8.2.1 i).
    pub measured_at: Option<DateTime<Utc>>,
    /// When it was verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// Verified by the person who entered it.
    pub self_verified: bool,
    /// Why the test was not done; the result then has no value.
    pub cancelled: Option<String>,
}

/// Expanded uncertainty in figures; decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentUncertainty {
    /// U in the unit of the result.
    pub value: String,
    /// That unit.
    pub unit: String,
    /// The percentage of the result that U was calculated from.
    pub percent: Option<String>,
    /// The coverage factor.
    pub k: String,
}

impl ContentUncertainty {
    /// Back from the text that is kept with a result: `± 0.003 mg/L (k = 2)`, `± 0.0018 mg/L (15 %, k = 2)`.
    pub(in crate::reports) fn read(text: &str, unit: &str) -> Option<Self> {
        let (amount, note) = text.strip_prefix("± ")?.strip_suffix(')')?.rsplit_once(" (")?;
        let (percent, k) = match note.split_once(" %, ") {
            Some((percent, k)) => (Some(percent.to_owned()), k),
            None => (None, note),
        };
        Some(Self {
            value: amount.strip_suffix(unit).unwrap_or(amount).trim_end().to_owned(),
            unit: unit.to_owned(),
            percent,
            k: k.strip_prefix("k = ")?.to_owned(),
        })
    }
}

/// The limits of one result; decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentLimits {
    /// Lower limit.
    pub low: Option<String>,
    /// Upper limit.
    pub high: Option<String>,
    /// Words in the place of limits, or the expected code.
    pub text: Option<String>,
    /// Name of the specification or reference range.
    pub source: String,
}

/// A test without a verified result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentPending {
    /// The sample.
    pub accession_number: String,
    /// Name of the test.
    pub test: String,
    /// When it is expected.
    pub due_at: Option<DateTime<Utc>>,
}
