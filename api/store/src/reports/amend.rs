//! After release nothing is edited: a new version says what changed, a retraction marks what was said, a withdrawal takes
//! it back.

use super::confidence::words_place;
use super::content::ContentAmends;
use super::draft::{NewRow, erased};
use super::record::{ReportRecord, ReportRow, Words, label};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ReportId, ResultId, SampleId};
use attest_domain::workflow::{ReportState, ReportVerb, apply, report_after_retraction};
use attest_domain::{Action, ReasonCode, may};

row! { struct NumberRow { number: String, version_no: i64, status: String } }

impl WriteTx<'_, may::ReportDraft> {
    /// Begins a new version of a released report.
    ///
    /// # Errors
    /// Not released, or a new version is begun already (409); a final report with tests not verified (409).
    pub fn report_amend(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<ReportId>, StoreError> {
        let record = self.report_record(id)?;
        record.may_go(ReportVerb::Amend, seen)?.check_reason(Some(reason))?;
        if let Some(open) = record.row.amended_by_id {
            let open = sql("SELECT number, version_no, status FROM reports WHERE tenant_id = ? AND id = ?")
                .bind(self.tenant())
                .bind(open)
                .one::<NumberRow>(self.db)?;
            let (name, status) = (label(&open.number, open.version_no), open.status);
            return Err(StoreError::conflict(format!(
                "an amendment is begun already: {name}, {status}; refresh and sign that one"
            )));
        }
        let (amendment, event) = self.amendment_open(&record, reason, ReasonCode::ReportError, true)?;
        self.record(event, amendment)
    }
}

impl WriteTx<'_, may::ReportWithdraw> {
    /// Takes a released report back. Its bytes stay; the public check says that it is withdrawn.
    ///
    /// # Errors
    /// Not released (409), no reason (422).
    pub fn report_withdraw(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<ReportId>, StoreError> {
        let mut record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Withdraw, seen)?;
        line.check_reason(Some(reason))?;
        record.words.withdrawn_reason = Some(reason.to_owned());
        let tenant = self.tenant();
        sql("UPDATE reports SET status = ?, under_correction = ?, words = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(line.to.as_str())
            .bind(false)
            .bind(record.confidence.seal_json(&words_place(id.uuid()), &record.words)?)
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        for sample in self.report_covers(id)? {
            self.sample_touch(sample)?;
        }
        let event = record
            .event(line.action)
            .change("status", line.from.as_str(), line.to.as_str())
            .change("under_correction", record.row.under_correction, false)
            .because(
                record.confidence.subject(),
                ReasonCode::ReportError.as_str(),
                Some(reason),
            );
        self.record(event, id)
    }
}

impl<P> WriteTx<'_, P> {
    /// What the retraction of a result does to the reports that show it (product.md): a signature on one that is not given
    /// out yet is void; a released one is marked, also in the public check, and a new version is begun. To be called in the
    /// retraction's transaction, after the retest was opened.
    ///
    /// # Errors
    /// The database's.
    pub(crate) fn reports_after_retraction(
        &mut self,
        sample: SampleId,
        result: ResultId,
        reason: &str,
    ) -> Result<(), StoreError> {
        for record in self.reports_in_force(&[sample])? {
            let shows = record
                .content()?
                .is_none_or(|content| content.results().any(|shown| shown.id == result.uuid()));
            if !shows {
                continue;
            }
            match report_after_retraction(record.state).map(|line| line.verb) {
                Some(ReportVerb::VoidSignature) => {
                    self.report_void_signature(&record, ReasonCode::ReportError, Some(reason))?
                }
                Some(ReportVerb::MarkUnderCorrection) => self.report_mark_and_amend(&record, reason)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Marks a released report as under correction, or voids the signature on a signed one, because what it says about whose
    /// sample it is was wrong: its patient was merged, or a sample was moved to another order.
    ///
    /// # Errors
    /// The database's.
    pub(crate) fn report_doubt(&mut self, id: ReportId) -> Result<(), StoreError> {
        let record = self.report_record(id)?;
        match record.state {
            ReportState::Authorized => self.report_void_signature(&record, ReasonCode::MixUp, None),
            ReportState::Released if !record.row.under_correction => self.report_mark(&record, ReasonCode::MixUp, None),
            ReportState::Released | ReportState::Draft | ReportState::Superseded | ReportState::Withdrawn => Ok(()),
        }
    }

    /// Signed or released reports that cover any of these samples. Locks the samples first, so that no report is signed
    /// between this look and the end of the transaction.
    fn reports_in_force(&mut self, samples: &[SampleId]) -> Result<Vec<ReportRecord>, StoreError> {
        if samples.is_empty() {
            return Ok(Vec::new());
        }
        self.lock_samples(samples)?;
        let lock = self.db.for_update();
        let mut query = sql(format!(
            "SELECT {} FROM reports r WHERE r.tenant_id = ? AND r.status IN ('authorized', 'released') AND r.id IN \
             (SELECT c.report_id FROM report_samples c WHERE c.tenant_id = ? AND c.sample_id IN (",
            ReportRow::columns("r")
        ))
        .bind(self.tenant())
        .bind(self.tenant());
        query.list(samples.iter().copied()).push(")) ORDER BY r.id").push(lock);
        let rows = query.all::<ReportRow>(self.db)?;
        rows.into_iter().map(|row| self.report_opened(row)).collect()
    }

    fn report_void_signature(
        &mut self,
        record: &ReportRecord,
        code: ReasonCode,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), record.row.id);
        let line = apply(record.state, ReportVerb::VoidSignature)?;
        sql("UPDATE reports SET status = ?, authorized_by = NULL, authorized_at = NULL, meaning = NULL, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ?")
            .bind(line.to.as_str())
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.also(
            record
                .event(line.action)
                .change("status", line.from.as_str(), line.to.as_str())
                .because(record.confidence.subject(), code.as_str(), reason),
        )
    }

    /// Marks a released report, in the public check too.
    fn report_mark(&mut self, record: &ReportRecord, code: ReasonCode, reason: Option<&str>) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), record.row.id);
        let line = apply(record.state, ReportVerb::MarkUnderCorrection)?;
        sql("UPDATE reports SET under_correction = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(true)
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.also(
            record
                .event(line.action)
                .change("under_correction", record.row.under_correction, true)
                .because(record.confidence.subject(), code.as_str(), reason),
        )
    }

    /// Marks a released report and begins its new version, unless one is begun already.
    fn report_mark_and_amend(&mut self, record: &ReportRecord, reason: &str) -> Result<(), StoreError> {
        self.report_mark(record, ReasonCode::ReportError, Some(reason))?;
        if record.row.amended_by_id.is_none() {
            let marked = self.report_record(record.row.id)?;
            match self.amendment_open(&marked, reason, ReasonCode::ReportError, false) {
                Ok((_amendment, event)) => self.also(event)?,
                // Its samples were moved apart since, or its person was erased: there is nothing that one new version could say.
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The new version as a draft. `strict`: a final report leaves no test open; after a retraction the retest is open still.
    fn amendment_open(
        &mut self,
        record: &ReportRecord,
        reason: &str,
        code: ReasonCode,
        strict: bool,
    ) -> Result<(ReportId, Event), StoreError> {
        let content = record.content()?.ok_or_else(erased)?;
        let (tenant, id, version_no) = (self.tenant(), record.row.id, record.row.version_no.saturating_add(1));
        let amends = ContentAmends {
            id: id.uuid(),
            number: record.row.number.clone(),
            version_no: record.row.version_no,
            released_at: record.row.released_at,
            reason: reason.to_owned(),
            changes: Vec::new(),
            changed_results: Vec::new(),
        };
        let samples = self.report_covers(id)?;
        let whose = self
            .look()
            .report_sample_rows(&samples)?
            .first()
            .map(|sample| (sample.client_id, sample.patient_id));
        let (client, patient) = whose.unwrap_or((record.row.client_id, record.row.patient_id));
        let row = NewRow {
            number: record.row.number.clone(),
            version_no,
            kind: content.kind,
            language: word(&record.row.language)?,
            client,
            patient,
            samples,
            words: Words {
                remarks: record.words.remarks.clone(),
                opinions: record.words.opinions.clone(),
                amendment_reason: Some(reason.to_owned()),
                withdrawn_reason: None,
            },
            amends: Some((id, amends, content)),
        };
        let (amendment, drafted) = self.report_insert(row, strict)?;
        sql("UPDATE reports SET amended_by_id = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(amendment)
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.also(
            record
                .event(Action::ReportAmended)
                .set("amendment", label(&record.row.number, version_no))
                .because(record.confidence.subject(), code.as_str(), Some(reason)),
        )?;
        Ok((amendment, drafted))
    }
}
