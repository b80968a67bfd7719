//! One report with everything in it, as far as the caller may see it.

use super::record::ReportRecord;
use super::view::Report;
use super::{ReportContent, SeesReports};
use crate::audit::ActProof;
use crate::db::{row, sql};
use crate::{ReadTx, StoreError};
use attest_domain::Permission;
use attest_domain::ids::ReportId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

row! { struct EventRow { id: Uuid } }

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
    pub(super) fn sees(&self, record: &ReportRecord) -> bool {
        record.row.patient_id.is_none() || self.may(Permission::PatientRead)
    }

    /// The proof that the newest signature or release is in the log.
    fn report_proof(&mut self, id: ReportId) -> Result<Option<ActProof>, StoreError> {
        let tenant = self.tenant();
        let event = sql("SELECT id FROM audit_events WHERE tenant_id = ? AND object_id = ? AND action IN ('report.authorized', 'report.released') \
             ORDER BY id DESC LIMIT 1")
            .bind(tenant)
            .bind(id.to_string())
            .first::<EventRow>(self.db)?;
        let Some(event) = event else { return Ok(None) };
        let signer = &self.scope.tenant.signer;
        let proof = match crate::ledger::proof_of(self.db, tenant, signer, event.id) {
            // A damaged log proves nothing, which was logged; the report is readable all the same.
            Err(StoreError::Refused { .. }) => None,
            found => found?,
        };
        let trail = self.may(Permission::AuditRead);
        Ok(proof.map(|proof| ActProof {
            entry: trail.then(|| STANDARD.encode(&proof.entry)),
            ..ActProof::from(proof)
        }))
    }
}
