//! Rows as summaries: the names that they refer to are read once for all of them.

use super::SeesReports;
use super::record::ReportRow;
use super::view::{ReportAuthorization, ReportSampleRef, ReportSummary, ReportVersionRef};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{PatientRef, Person, ReadTx, Ref, StoreError};
use attest_domain::Language;
use attest_domain::ids::{PatientId, ReportId, SampleId, UserId};
use attest_domain::terms::ReportKind;
use attest_domain::workflow::ReportState;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

row! { struct UserRow { id: Uuid, name: String, title: Option<String> } }
row! { struct NameRow { id: Uuid, name: String } }
row! { struct CoverRow { report_id: ReportId, sample_id: SampleId, accession_number: String } }
row! { struct VersionRow { id: ReportId, number: String, version_no: i64 } }

/// Names that rows refer to, read once for all of them.
struct Names {
    users: HashMap<Uuid, (String, Option<String>)>,
    clients: HashMap<Uuid, String>,
    patients: HashMap<PatientId, String>,
    samples: HashMap<ReportId, Vec<ReportSampleRef>>,
    reports: HashMap<ReportId, ReportVersionRef>,
}

impl<P: SeesReports> ReadTx<'_, P> {
    /// Rows as answers, with a fixed number of further statements.
    pub(super) fn report_summaries(&mut self, rows: Vec<ReportRow>) -> Result<Vec<ReportSummary>, StoreError> {
        let names = self.report_names(&rows)?;
        rows.into_iter().map(|row| summary(row, &names)).collect()
    }

    fn report_names(&mut self, rows: &[ReportRow]) -> Result<Names, StoreError> {
        Ok(Names {
            users: self.users_named(rows)?,
            clients: self.clients_named(rows)?,
            patients: self.patient_names(rows.iter().filter_map(|row| row.patient_id))?,
            samples: self.samples_covered(rows)?,
            reports: self.other_versions(rows)?,
        })
    }

    fn users_named(&mut self, rows: &[ReportRow]) -> Result<HashMap<Uuid, (String, Option<String>)>, StoreError> {
        let ids: HashSet<Uuid> = rows
            .iter()
            .flat_map(|row| [row.created_by, row.authorized_by, row.released_by])
            .flatten()
            .map(|id| id.uuid())
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = sql("SELECT id, name, title FROM users WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(ids).push(")");
        let found = query.all::<UserRow>(self.db)?;
        Ok(found.into_iter().map(|row| (row.id, (row.name, row.title))).collect())
    }

    fn clients_named(&mut self, rows: &[ReportRow]) -> Result<HashMap<Uuid, String>, StoreError> {
        let ids: HashSet<Uuid> = rows
            .iter()
            .filter_map(|row| row.client_id)
            .map(|id| id.uuid())
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = sql("SELECT id, name FROM clients WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(ids).push(")");
        let found = query.all::<NameRow>(self.db)?;
        Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The versions that these replace, or that replace them.
    fn other_versions(&mut self, rows: &[ReportRow]) -> Result<HashMap<ReportId, ReportVersionRef>, StoreError> {
        let ids: HashSet<ReportId> = rows
            .iter()
            .flat_map(|row| [row.amends_id, row.amended_by_id])
            .flatten()
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query =
            sql("SELECT id, number, version_no FROM reports WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(ids).push(")");
        let found = query.all::<VersionRow>(self.db)?;
        let named = found.into_iter().map(|row| ReportVersionRef {
            id: row.id,
            number: row.number,
            version_no: row.version_no,
        });
        Ok(named.map(|version| (version.id, version)).collect())
    }

    fn samples_covered(&mut self, rows: &[ReportRow]) -> Result<HashMap<ReportId, Vec<ReportSampleRef>>, StoreError> {
        let mut samples: HashMap<ReportId, Vec<ReportSampleRef>> = HashMap::new();
        if rows.is_empty() {
            return Ok(samples);
        }
        let mut query = sql("SELECT c.report_id, c.sample_id, s.accession_number FROM report_samples c \
             JOIN samples s ON s.tenant_id = c.tenant_id AND s.id = c.sample_id WHERE c.tenant_id = ? AND c.report_id IN (")
            .bind(self.tenant());
        query
            .list(rows.iter().map(|row| row.id))
            .push(") ORDER BY s.accession_number");
        for row in query.all::<CoverRow>(self.db)? {
            samples.entry(row.report_id).or_default().push(ReportSampleRef {
                id: row.sample_id,
                accession_number: row.accession_number,
            });
        }
        Ok(samples)
    }
}

fn summary(row: ReportRow, names: &Names) -> Result<ReportSummary, StoreError> {
    let person = |id: Option<UserId>| {
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
