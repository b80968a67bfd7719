//! What a report says, as data: the exact JSON that is shown before signing, signed, and rendered.
//!
//! The signature binds the SHA-256 of its canonical bytes (RFC 8785). The nonce keeps that hash from being guessed from
//! a few likely values (ledger.md). Everything is a snapshot: what changes later in the catalogue or at the client does
//! not change a report.

mod findings;
mod parties;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
pub(super) mod tests;

pub use findings::{ContentLimits, ContentPending, ContentResult, ContentSample, ContentUncertainty};
pub use parties::{ContentClient, ContentIdentifier, ContentLaboratory, ContentOrder, ContentPatient};

use crate::StoreError;
use attest_domain::Language;
use attest_domain::terms::ReportKind;
use attest_keyring::random;
use attest_ledger::jcs;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// Name and version of the format.
pub(in crate::reports) const FORMAT: &str = "attest.report-content/v1";

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
    pub(in crate::reports) fn new_nonce() -> String {
        hex::encode(random::<32>())
    }

    /// The canonical bytes: what is stored, hashed and signed.
    pub(in crate::reports) fn canonical(&self) -> Result<Vec<u8>, StoreError> {
        let value = serde_json::to_value(self).map_err(StoreError::broken)?;
        jcs::to_vec(&value).map_err(StoreError::broken)
    }

    /// Back from the stored bytes.
    pub(in crate::reports) fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        serde_json::from_slice(bytes).map_err(StoreError::broken)
    }

    /// Every result on it.
    pub fn results(&self) -> impl Iterator<Item = &ContentResult> {
        self.samples.iter().flat_map(|sample| &sample.results)
    }
}

/// Lower-case hexadecimal SHA-256.
pub(in crate::reports) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
