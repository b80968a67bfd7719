//! The plain data a printed report is made of.
//!
//! Every `String` is printed as it is; machines get [`TestReport::data`]. Rounding, units, time zones and dates
//! are decided by the caller, who knows the laboratory's rules.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Language;

/// One version of one test report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestReport {
    /// Final, or preliminary with [`pending`](Self::pending) tests named.
    pub kind: ReportKind,
    /// Language of everything this crate adds to the caller's strings.
    #[serde(default)]
    pub language: Language,
    /// Unique number, e.g. `2026/00017` (7.8.2.1 d).
    pub number: String,
    /// Version of that number, from 1.
    pub version: u32,
    /// Set on every version after the first (7.8.8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<Amendment>,
    /// Moment of issue with the laboratory's offset. Becomes the date of the
    /// PDF file; nothing else in the crate reads a clock.
    pub issued_at: DateTime<FixedOffset>,
    /// Who tested.
    pub laboratory: Laboratory,
    /// For whom: a client, or a patient with the requester.
    pub recipient: Recipient,
    /// What was asked for.
    #[serde(default)]
    pub order: OrderReference,
    /// The public check behind the QR code.
    pub verification: Verification,
    /// Dates, formatted (7.8.2.1 h, i, j).
    pub dates: ReportDates,
    /// Items tested, in the order of printing.
    pub samples: Vec<ReportSample>,
    /// Tests ordered but not ready; only on a preliminary report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<PendingTest>,
    /// The decision rule agreed with the customer, one sentence (7.8.6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_rule: Option<String>,
    /// Remarks of the laboratory, a paragraph each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Opinions and interpretations, each with the person who gave it (7.8.7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opinions: Vec<Opinion>,
    /// Further statements of the laboratory. The standard ones (relates only
    /// to the items, reproduction, marks, provisional) are added by the crate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// Who authorised it; empty on a draft, which is then marked as one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorised_by: Vec<Authorisation>,
    /// Lower-case hex SHA-256 of the content that the authorisation signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sha256: Option<String>,
    /// The report for machines, attached as it is. Not printed.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

/// Standing of the report's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Results may still be added or change.
    Preliminary,
    /// Complete.
    Final,
}

/// What an amended report replaces (7.8.8.1: any change is identified).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Number of the replaced report.
    pub number: String,
    /// Version of the replaced report.
    pub version: u32,
    /// Date of issue of the replaced report, formatted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<String>,
    /// What changed, a sentence each.
    pub changes: Vec<String>,
    /// Why, where it may be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The laboratory (7.8.2.1 b, c).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Laboratory {
    /// Name as accredited or registered.
    pub name: String,
    /// Postal address, a line each.
    pub address: Vec<String>,
    /// Number of the accreditation, e.g. `PCA AB 0000`. Results that are not
    /// accredited are marked only when the laboratory has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accreditation: Option<String>,
    /// Where the tests were done (7.8.2.1 c).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_of_testing: Option<String>,
    /// Telephone, e-mail, web; a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<String>,
}

/// For whom the report is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Recipient {
    /// Customer of a testing laboratory (7.8.2.1 e).
    Client(Client),
    /// Patient of a medical laboratory (ISO 15189, 7.4.1.6 b).
    Patient(Patient),
}

/// Customer of a testing laboratory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Name.
    pub name: String,
    /// Postal address, a line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// Contact person, e-mail, telephone; a line each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// Patient, and who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Full name.
    pub name: String,
    /// At least two, e.g. national number and hospital number. The first is
    /// repeated in the head of every page.
    pub identifiers: Vec<Identifier>,
    /// Sex, a word in the report's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Date of birth, formatted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Age at collection, formatted with its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// Requesting clinician or ward: name, then address or department lines.
    #[serde(default)]
    pub requester: Vec<String>,
    /// Clinical information given with the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinical_details: Option<String>,
}

/// One typed identifier of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// What kind, e.g. `PESEL`, `MRN`.
    pub label: String,
    /// The identifier.
    pub value: String,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderReference {
    /// The laboratory's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The orderer's own number (`external_id`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference: Option<String>,
    /// Priority, a word in the report's language, when it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
}

/// How a reader checks that the paper is genuine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// Code to be typed by hand.
    pub code: String,
    /// Address behind the QR code, e.g. `https://lab.example/r/<code>`.
    pub url: String,
}

/// Dates of the whole report, formatted; dates of one sample are at the sample.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDates {
    /// Sampling or collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling: Option<String>,
    /// Receipt of the items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// First day of testing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testing_from: Option<String>,
    /// Last day of testing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testing_to: Option<String>,
    /// Issue.
    pub issue: String,
}

/// One item tested.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSample {
    /// The laboratory's unique number of the item.
    pub accession_number: String,
    /// The customer's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference: Option<String>,
    /// Sample or specimen type.
    pub sample_type: String,
    /// Description of the item (7.8.2.1 g).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was collected, formatted with time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<String>,
    /// Who collected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_by: Option<String>,
    /// Place of sampling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_where: Option<String>,
    /// Sampling plan or method, when the laboratory sampled (7.8.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling_method: Option<String>,
    /// True when collection data were given by the customer (7.8.2.2).
    #[serde(default)]
    pub customer_supplied: bool,
    /// When it was received, formatted with time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
    /// Condition on receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Temperature on receipt with unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<String>,
    /// Deviations at reception under which the item was accepted (7.4.3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<String>,
    /// Results, in the order of printing.
    pub results: Vec<ReportResult>,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportResult {
    /// Heading under which consecutive results are grouped, e.g. `Nutrients`.
    /// Results without one belong before the first group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Name of the test: analyte, fraction, basis.
    pub test: String,
    /// Method (7.8.2.1 f).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Whether it is inside the scope of accreditation.
    #[serde(default)]
    pub accredited: bool,
    /// The value as reported, e.g. `7.4`, `< 0.02`, `not detected`. Numbers are
    /// aligned on `.` or `,`. Empty when cancelled.
    #[serde(default)]
    pub value: String,
    /// Which limit a `<` names; printed behind the value and explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_mark: Option<LimitMark>,
    /// Unit (7.8.2.1 m).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Uncertainty, e.g. `± 0.03 (k=2)` (7.8.3.1 c).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<String>,
    /// Limit or reference interval, e.g. `≤ 50`, `3.5 – 5.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Where the value lies against the limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// Statement of conformity (7.8.6, ILAC-G8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    /// Name of the external provider who tested (7.8.2.1 p).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_provider: Option<String>,
    /// True when the value was given by the customer (7.8.2.2).
    #[serde(default)]
    pub customer_supplied: bool,
    /// True when calculated from other results.
    #[serde(default)]
    pub calculated: bool,
    /// True when the person who entered it also verified it.
    #[serde(default)]
    pub self_verified: bool,
    /// Deviation from, addition to or exclusion from the method (7.8.2.1 n).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<String>,
    /// Comment to the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Why it was not done; the row then has no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<String>,
    /// True when this result differs from the replaced version of the report.
    #[serde(default)]
    pub changed: bool,
}

/// The limit that a value lies below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitMark {
    /// Limit of detection.
    #[serde(rename = "LOD")]
    Lod,
    /// Limit of quantification.
    #[serde(rename = "LOQ")]
    Loq,
    /// End of the measuring range, or another limit of this measurement.
    #[serde(rename = "RL")]
    Range,
}

/// Position of a value against limits or reference interval. Printed as
/// letters and arrows; a critical one also as a filled mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// Below the interval.
    #[serde(rename = "L")]
    Low,
    /// Above the interval.
    #[serde(rename = "H")]
    High,
    /// Below the critical limit.
    #[serde(rename = "LL")]
    CriticallyLow,
    /// Above the critical limit.
    #[serde(rename = "HH")]
    CriticallyHigh,
    /// Abnormal without direction (coded results).
    #[serde(rename = "A")]
    Abnormal,
    /// Critical without direction (coded results).
    #[serde(rename = "critical")]
    Critical,
}

/// Statement of conformity, ILAC-G8:09/2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Conforms.
    Pass,
    /// Inside the limit, but within the guard band.
    ConditionalPass,
    /// Outside the limit, but within the guard band.
    ConditionalFail,
    /// Does not conform.
    Fail,
    /// A limit exists, but nothing can be said.
    NoStatement,
}

/// A test that a preliminary report still waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingTest {
    /// Accession number of the sample.
    pub accession_number: String,
    /// Name of the test.
    pub test: String,
    /// When it is expected, formatted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// An opinion or interpretation (7.8.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// What is said.
    pub text: String,
    /// Who says it: name and title.
    pub by: String,
    /// When, formatted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// An electronic signature as it is shown on paper (7.8.2.1 o).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorisation {
    /// Printed name.
    pub name: String,
    /// Role or professional title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Meaning of the signature, e.g. `Authorised for release`.
    pub meaning: String,
    /// When, formatted with time and offset.
    pub at: String,
}
