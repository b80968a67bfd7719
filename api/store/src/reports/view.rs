//! A report as the interface shows it.

use super::{ContentOpinion, ReportContent};
use crate::audit::ActProof;
use crate::{PatientRef, Person, Ref};
use attest_domain::Language;
use attest_domain::ids::{ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::workflow::ReportState;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A report without what is written in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportSummary {
    /// Its id.
    pub id: ReportId,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// Who drafted it.
    pub created_by: Option<Person>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Version of the resource, also the ETag.
    pub version: i64,
    /// Unique number, shared by all its versions on paper.
    pub number: String,
    /// Version on paper, from 1.
    pub version_no: i64,
    /// Preliminary or final.
    pub kind: ReportKind,
    /// Where it stands.
    pub status: ReportState,
    /// Something it says was retracted; a new version is coming.
    pub under_correction: bool,
    /// Language of the document.
    pub language: Language,
    /// The client.
    pub client: Option<Ref>,
    /// The patient.
    pub patient: Option<PatientRef>,
    /// The samples it covers.
    pub samples: Vec<ReportSampleRef>,
    /// SHA-256 of the exact content, hexadecimal: send it back with the signature.
    pub content_sha256: String,
    /// The signature.
    pub authorization: Option<ReportAuthorization>,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
    /// Who released it.
    pub released_by: Option<Person>,
    /// What it replaces.
    pub amends: Option<ReportVersionRef>,
    /// The version that replaces it, or will when it is released.
    pub amended_by: Option<ReportVersionRef>,
    /// Code of the public check.
    pub verification_code: Option<String>,
    /// Address of the public check, as in the QR code.
    pub public_url: Option<String>,
    /// SHA-256 of the signed PDF, hexadecimal.
    pub document_sha256: Option<String>,
}

/// A report with everything in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: ReportSummary,
    /// Remarks of the laboratory.
    pub remarks: Option<String>,
    /// Opinions and interpretations (ISO/IEC 17025, 7.8.7).
    pub opinions: Vec<ContentOpinion>,
    /// Names of tests without a verified result.
    pub pending_tests: Vec<String>,
    /// The exact content that is rendered and signed; null for those who may not see the patient.
    #[schema(value_type = Option<ReportContent>)]
    pub content: Option<serde_json::Value>,
    /// Why there is a new version.
    pub amendment_reason: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// That the signature, or the release, is in the audit log; null until a checkpoint covers it.
    pub proof: Option<ActProof>,
}

/// A sample that a report covers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportSampleRef {
    /// Its id.
    pub id: SampleId,
    /// Its accession number.
    pub accession_number: String,
}

/// Another version of a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportVersionRef {
    /// Its id.
    pub id: ReportId,
    /// Its number.
    pub number: String,
    /// Its version on paper.
    pub version_no: i64,
}

/// The electronic signature on a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportAuthorization {
    /// Who signed.
    pub by: Person,
    /// Professional title.
    pub title: Option<String>,
    /// What the signature means.
    pub meaning: String,
    /// When.
    pub at: DateTime<Utc>,
}
