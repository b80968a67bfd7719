//! A report as the interface shows it.

use super::record::{ReportRecord, ReportRow};
use super::{ContentOpinion, ReportContent, SeesReports};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{LogPosition, PatientRef, Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{PatientId, ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::workflow::ReportState;
use attest_domain::{Language, Permission};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// Where the signature, or the release, stands in the audit log; null until a checkpoint covers it.
    pub proof: Option<ReportProof>,
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

/// Place in the audit log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportProof {
    /// Index of the event, from 0.
    pub index: u64,
    /// The newest signed checkpoint that covers it (C2SP signed note).
    pub checkpoint: String,
}

impl From<LogPosition> for ReportProof {
    fn from(position: LogPosition) -> Self {
        Self {
            index: position.index,
            checkpoint: position.checkpoint,
        }
    }
}

row! { struct UserRow { id: Uuid, name: String, title: Option<String> } }
row! { struct NameRow { id: Uuid, name: String } }
row! { struct CoverRow { report_id: ReportId, sample_id: SampleId, accession_number: String } }
row! { struct VersionRow { id: ReportId, number: String, version_no: i64 } }
row! { struct EventRow { id: Uuid } }

/// Names that rows refer to, read once for all of them.
struct Names {
    users: HashMap<Uuid, (String, Option<String>)>,
    clients: HashMap<Uuid, String>,
    patients: HashMap<PatientId, String>,
    samples: HashMap<ReportId, Vec<ReportSampleRef>>,
    reports: HashMap<ReportId, ReportVersionRef>,
}

impl<P: SeesReports> ReadTx<'_, P> {
    /// One report.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn report(&mut self, id: ReportId) -> Result<Report, StoreError> {
        let record = self.report_record(id)?;
        let proof = self.report_proof(id)?;
        let summary = self
            .report_summaries(vec![record.row.clone()])?
            .pop()
            .ok_or(StoreError::NotFound)?;
        if !self.sees(&record) {
            return Ok(Report {
                summary,
                remarks: None,
                opinions: Vec::new(),
                pending_tests: Vec::new(),
                content: None,
                amendment_reason: None,
                withdrawn_reason: None,
                proof,
            });
        }
        let bytes = record.content_bytes()?;
        let pending = match &bytes {
            Some(bytes) => ReportContent::parse(bytes)?
                .pending_tests
                .into_iter()
                .map(|pending| pending.test)
                .collect(),
            None => Vec::new(),
        };
        // As stored, not as this version of the program would write it: the hash is over exactly this.
        let content = bytes
            .map(|bytes| serde_json::from_slice(&bytes).map_err(StoreError::broken))
            .transpose()?;
        Ok(Report {
            summary,
            remarks: record.words.remarks,
            opinions: record.words.opinions,
            pending_tests: pending,
            content,
            amendment_reason: record.words.amendment_reason,
            withdrawn_reason: record.words.withdrawn_reason,
            proof,
        })
    }

    /// Whether the caller may read what the report says: a patient's only with `patient:read`.
    pub(crate) fn sees(&self, record: &ReportRecord) -> bool {
        record.row.patient_id.is_none() || self.may(Permission::PatientRead)
    }

    /// Where the newest signature or release stands in the log.
    fn report_proof(&mut self, id: ReportId) -> Result<Option<ReportProof>, StoreError> {
        let tenant = self.tenant();
        let event = sql("SELECT id FROM audit_events WHERE tenant_id = ? AND object_id = ? AND action IN ('report.authorized', 'report.released') \
             ORDER BY id DESC LIMIT 1")
            .bind(tenant)
            .bind(id.to_string())
            .first::<EventRow>(self.db)?;
        let Some(event) = event else { return Ok(None) };
        Ok(crate::ledger::position(self.db, tenant, event.id)?.map(ReportProof::from))
    }

    /// Rows as answers, with a fixed number of further statements.
    pub(crate) fn report_summaries(&mut self, rows: Vec<ReportRow>) -> Result<Vec<ReportSummary>, StoreError> {
        let names = self.report_names(&rows)?;
        rows.into_iter().map(|row| summary(row, &names)).collect()
    }

    fn report_names(&mut self, rows: &[ReportRow]) -> Result<Names, StoreError> {
        let tenant = self.tenant();
        let users: HashSet<Uuid> = rows
            .iter()
            .flat_map(|row| [row.created_by, row.authorized_by, row.released_by])
            .flatten()
            .map(|id| id.uuid())
            .collect();
        let clients: HashSet<Uuid> = rows
            .iter()
            .filter_map(|row| row.client_id)
            .map(|id| id.uuid())
            .collect();
        let versions: HashSet<ReportId> = rows
            .iter()
            .flat_map(|row| [row.amends_id, row.amended_by_id])
            .flatten()
            .collect();
        let mut names = Names {
            users: HashMap::new(),
            clients: HashMap::new(),
            patients: HashMap::new(),
            samples: HashMap::new(),
            reports: HashMap::new(),
        };
        if !users.is_empty() {
            let mut query = sql("SELECT id, name, title FROM users WHERE tenant_id = ? AND id IN (").bind(tenant);
            query.list(users).push(")");
            names.users = query
                .all::<UserRow>(self.db)?
                .into_iter()
                .map(|row| (row.id, (row.name, row.title)))
                .collect();
        }
        if !clients.is_empty() {
            let mut query = sql("SELECT id, name FROM clients WHERE tenant_id = ? AND id IN (").bind(tenant);
            query.list(clients).push(")");
            names.clients = query
                .all::<NameRow>(self.db)?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect();
        }
        if !versions.is_empty() {
            let mut query =
                sql("SELECT id, number, version_no FROM reports WHERE tenant_id = ? AND id IN (").bind(tenant);
            query.list(versions).push(")");
            let found = query.all::<VersionRow>(self.db)?;
            names.reports = found
                .into_iter()
                .map(|row| {
                    (
                        row.id,
                        ReportVersionRef {
                            id: row.id,
                            number: row.number,
                            version_no: row.version_no,
                        },
                    )
                })
                .collect();
        }
        if !rows.is_empty() {
            let mut query = sql("SELECT c.report_id, c.sample_id, s.accession_number FROM report_samples c \
                 JOIN samples s ON s.tenant_id = c.tenant_id AND s.id = c.sample_id WHERE c.tenant_id = ? AND c.report_id IN (")
                .bind(tenant);
            query
                .list(rows.iter().map(|row| row.id))
                .push(") ORDER BY s.accession_number");
            for row in query.all::<CoverRow>(self.db)? {
                names.samples.entry(row.report_id).or_default().push(ReportSampleRef {
                    id: row.sample_id,
                    accession_number: row.accession_number,
                });
            }
        }
        names.patients = self.patient_names(rows.iter().filter_map(|row| row.patient_id))?;
        Ok(names)
    }
}

fn summary(row: ReportRow, names: &Names) -> Result<ReportSummary, StoreError> {
    let person = |id: Option<attest_domain::ids::UserId>| {
        let id = id?.uuid();
        names.users.get(&id).map(|(name, _)| Person { id, name: name.clone() })
    };
    let authorization = match (person(row.authorized_by), row.authorized_at) {
        (Some(by), Some(at)) => Some(ReportAuthorization {
            title: names.users.get(&by.id).and_then(|(_, title)| title.clone()),
            meaning: row.meaning.unwrap_or_default(),
            by,
            at,
        }),
        _ => None,
    };
    Ok(ReportSummary {
        id: row.id,
        created_at: row.created_at,
        created_by: person(row.created_by),
        updated_at: row.updated_at,
        version: row.version,
        number: row.number,
        version_no: row.version_no,
        kind: word::<ReportKind>(&row.kind)?,
        status: word::<ReportState>(&row.status)?,
        under_correction: row.under_correction,
        language: word::<Language>(&row.language)?,
        client: row.client_id.and_then(|id| {
            Some(Ref {
                id: id.uuid(),
                name: names.clients.get(&id.uuid())?.clone(),
            })
        }),
        patient: row.patient_id.map(|id| PatientRef {
            id,
            name: names.patients.get(&id).cloned(),
        }),
        samples: names.samples.get(&row.id).cloned().unwrap_or_default(),
        content_sha256: row.content_sha256,
        authorization,
        released_at: row.released_at,
        released_by: person(row.released_by),
        amends: row.amends_id.and_then(|id| names.reports.get(&id).cloned()),
        amended_by: row.amended_by_id.and_then(|id| names.reports.get(&id).cloned()),
        verification_code: row.verification_code,
        public_url: None,
        document_sha256: row.document_sha256,
    })
}
