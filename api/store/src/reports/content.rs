//! What a report says, as data: the exact JSON that is shown before signing, signed, and rendered.
//!
//! The signature binds the SHA-256 of its canonical bytes (RFC 8785). The nonce keeps that hash from being guessed from
//! a few likely values (ledger.md). Everything is a snapshot: what changes later in the catalogue or at the client does
//! not change a report.

use crate::StoreError;
use attest_domain::Language;
use attest_domain::judge::{DecisionRule, Flag, Sex, Statement};
use attest_domain::role::LaboratoryKind;
use attest_domain::terms::{Condition, Origin, Priority, ReportKind};
use attest_domain::value::{Detection, LimitKind};
use attest_keyring::random;
use attest_ledger::jcs;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// Name and version of the format.
pub(crate) const FORMAT: &str = "attest.report-content/v1";

/// The content of one version of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportContent {
    /// `attest.report-content/v1`.
    pub v: String,
    /// 32 random bytes, hexadecimal.
    pub nonce: String,
    /// The report's number (ISO/IEC 17025, 7.8.2.1 d).
    pub number: String,
    /// The version of that number, from 1.
    pub version_no: i64,
    /// Preliminary or final.
    pub kind: ReportKind,
    /// Language of the document.
    pub language: Language,
    /// Who tested (7.8.2.1 b, c).
    pub laboratory: ContentLaboratory,
    /// The customer (7.8.2.1 e).
    pub client: Option<ContentClient>,
    /// The patient (ISO 15189, 7.4.1.6 b).
    pub patient: Option<ContentPatient>,
    /// What was asked for.
    pub orders: Vec<ContentOrder>,
    /// The items tested, in the order of printing.
    pub samples: Vec<ContentSample>,
    /// Tests without a verified result.
    pub pending_tests: Vec<ContentPending>,
    /// Remarks of the laboratory.
    pub remarks: Option<String>,
    /// Opinions and interpretations (7.8.7).
    pub opinions: Vec<ContentOpinion>,
    /// What this version replaces (7.8.8).
    pub amends: Option<ContentAmends>,
}

/// The laboratory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentLaboratory {
    /// Full name.
    pub name: String,
    /// Testing or medical.
    #[schema(value_type = String, example = "testing")]
    pub kind: LaboratoryKind,
    /// Postal address.
    pub address: String,
    /// Number of the accreditation.
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    pub contact: Option<String>,
    /// IANA time zone: times on paper are in it.
    pub timezone: String,
}

/// The customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentClient {
    /// Its id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// The patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentPatient {
    /// The id.
    pub id: Uuid,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Sex.
    pub sex: Sex,
    /// Identifiers with their systems.
    pub identifiers: Vec<ContentIdentifier>,
    /// An emergency patient whose identity is not known.
    pub unknown_patient: bool,
}

/// One identifier of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentIdentifier {
    /// What kind, e.g. `PESEL`.
    pub system: String,
    /// The identifier.
    pub value: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentOrder {
    /// Its id.
    pub id: Uuid,
    /// The laboratory's number.
    pub number: String,
    /// The orderer's own number.
    pub external_id: Option<String>,
    /// Who asked.
    pub requester: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// The decision rule agreed on, in words or by name.
    pub decision_rule: Option<String>,
}

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

/// An opinion with the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentOpinion {
    /// What is said.
    pub text: String,
    /// The person's id.
    pub by: Uuid,
    /// Printed name.
    pub name: String,
    /// Professional title.
    pub title: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What an amendment replaces, and how it differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentAmends {
    /// The replaced report.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version_no: i64,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
    /// Why there is a new version.
    pub reason: String,
    /// What changed, a sentence each, in the report's language.
    pub changes: Vec<String>,
    /// Results that differ from the replaced version.
    pub changed_results: Vec<Uuid>,
}

impl ReportContent {
    /// A fresh nonce.
    pub(crate) fn new_nonce() -> String {
        hex::encode(random::<32>())
    }

    /// The canonical bytes: what is stored, hashed and signed.
    pub(crate) fn canonical(&self) -> Result<Vec<u8>, StoreError> {
        let value = serde_json::to_value(self).map_err(StoreError::broken)?;
        jcs::to_vec(&value).map_err(StoreError::broken)
    }

    /// Back from the stored bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        serde_json::from_slice(bytes).map_err(StoreError::broken)
    }

    /// Every result on it.
    pub fn results(&self) -> impl Iterator<Item = &ContentResult> {
        self.samples.iter().flat_map(|sample| &sample.results)
    }
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
pub(crate) mod tests {
    use super::*;

    /// A content with one sample and no results.
    pub(crate) fn blank() -> ReportContent {
        ReportContent {
            v: FORMAT.to_owned(),
            nonce: "00".repeat(32),
            number: "R-2026-000001".to_owned(),
            version_no: 1,
            kind: ReportKind::Final,
            language: Language::En,
            laboratory: ContentLaboratory {
                name: "Riverside".to_owned(),
                kind: LaboratoryKind::Testing,
                address: String::new(),
                accreditation_number: None,
                contact: None,
                timezone: "Europe/Warsaw".to_owned(),
            },
            client: None,
            patient: None,
            orders: Vec::new(),
            samples: vec![ContentSample {
                id: Uuid::nil(),
                accession_number: "S-2026-000001-11".to_owned(),
                sample_type: "River water".to_owned(),
                client_reference: None,
                description: None,
                collected_at: None,
                collected_by: None,
                collection_place: None,
                received_at: None,
                condition: None,
                condition_note: None,
                temperature_c: None,
                deviations: Vec::new(),
                results: Vec::new(),
            }],
            pending_tests: Vec::new(),
            remarks: None,
            opinions: Vec::new(),
            amends: None,
        }
    }

    /// A verified measured value.
    pub(crate) fn measured(id: u128, test: &str, value: &str) -> ContentResult {
        ContentResult {
            id: Uuid::from_u128(id),
            version: 3,
            code: test.to_uppercase(),
            test: test.to_owned(),
            method: "ISO 1".to_owned(),
            accredited: true,
            value: Some(value.to_owned()),
            detection: Some(Detection::Equal),
            limit_kind: None,
            display: Some(value.to_owned()),
            unit: "mg/L".to_owned(),
            uncertainty: None,
            limits: None,
            flags: Vec::new(),
            statement: None,
            decision_rule: None,
            origin: Origin::Measured,
            provider: None,
            deviation: None,
            hold_time_exceeded: false,
            remark: None,
            measured_at: None,
            verified_at: None,
            self_verified: false,
            cancelled: None,
        }
    }

    #[test]
    fn content_reads_back_from_its_canonical_bytes() {
        let content = blank();
        let bytes = content.canonical().unwrap();
        assert_eq!(ReportContent::parse(&bytes).unwrap(), content);
        assert_eq!(jcs::parse(&bytes).unwrap()["number"], "R-2026-000001");
    }

    #[test]
    fn another_nonce_is_another_hash() {
        let (one, mut other) = (blank(), blank());
        other.nonce = ReportContent::new_nonce();
        assert_ne!(sha256(&one.canonical().unwrap()), sha256(&other.canonical().unwrap()));
    }
}
