//! A draft on its way into the table: its content built, sealed and kept, and compared with what it amends.

use super::opinions::texts;
use super::rules::complete;
use crate::db::sql;
use crate::reference::word;
use crate::reports::changes::what_changed;
use crate::reports::confidence::{content_place, words_place};
use crate::reports::content::{ContentAmends, ReportContent, sha256};
use crate::reports::gather::Frame;
use crate::reports::record::{ReportRecord, Words, label};
use crate::{Event, StoreError, WriteTx, now};
use attest_domain::ids::{ClientId, PatientId, ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::{Action, Language};

/// A new row on its way into the table.
pub(in crate::reports) struct NewRow {
    pub(in crate::reports) number: String,
    pub(in crate::reports) version_no: i64,
    pub(in crate::reports) kind: ReportKind,
    pub(in crate::reports) language: Language,
    pub(in crate::reports) client: Option<ClientId>,
    pub(in crate::reports) patient: Option<PatientId>,
    pub(in crate::reports) samples: Vec<SampleId>,
    pub(in crate::reports) words: Words,
    pub(in crate::reports) amends: Option<(ReportId, ContentAmends, ReportContent)>,
}

impl<P> WriteTx<'_, P> {
    /// Builds the content and inserts the draft; the event that tells of it. `strict`: a final report leaves no test open.
    pub(in crate::reports) fn report_insert(
        &mut self,
        new: NewRow,
        strict: bool,
    ) -> Result<(ReportId, Event), StoreError> {
        let (tenant, id, at) = (self.tenant(), ReportId::new(), now());
        let (amends, replaced) = new
            .amends
            .map_or((None, None), |(id, amends, old)| (Some((id, amends)), Some(old)));
        let frame = Frame {
            nonce: ReportContent::new_nonce(),
            number: new.number.clone(),
            version_no: new.version_no,
            kind: new.kind,
            language: new.language,
            remarks: new.words.remarks.clone(),
            opinions: new.words.opinions.clone(),
            amends: amends.as_ref().map(|(_, amends)| amends.clone()),
        };
        let mut content = self.look().report_content(&new.samples, frame)?;
        if let Some(replaced) = &replaced {
            content.kind = amendment_kind(replaced.kind, &content);
            what_changed(replaced, &mut content);
        }
        if strict {
            complete(&content)?;
        }
        let bytes = content.canonical()?;
        let confidence = self.confidence(new.patient)?;
        let words = confidence.seal_json(&words_place(id.uuid()), &new.words)?;
        sql("INSERT INTO reports (tenant_id, id, number, version_no, kind, status, language, client_id, patient_id, words, content, content_sha256, \
             amends_id, created_at, created_by, updated_at) VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&new.number)
            .bind(new.version_no)
            .bind(content.kind.as_str())
            .bind(new.language.as_str())
            .bind(new.client)
            .bind(new.patient)
            .bind(words)
            .bind(confidence.seal(&content_place(id.uuid()), &bytes)?)
            .bind(sha256(&bytes))
            .bind(amends.as_ref().map(|(id, _)| *id))
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        for sample in &new.samples {
            sql("INSERT INTO report_samples (tenant_id, report_id, sample_id) VALUES (?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(*sample)
                .run(self.db)?;
        }
        let numbers: Vec<&str> = content
            .samples
            .iter()
            .map(|sample| sample.accession_number.as_str())
            .collect();
        let event = Event::new(Action::ReportDrafted, "report", id)
            .label(label(&new.number, new.version_no))
            .version(1)
            .set("kind", content.kind.as_str())
            .set("language", new.language.as_str())
            .set("samples", numbers.join(", "))
            .about(confidence.subject(), "remarks", None::<String>, new.words.remarks)
            .about(
                confidence.subject(),
                "opinions",
                None::<String>,
                texts(&new.words.opinions),
            );
        Ok((id, event))
    }

    /// Writes a draft's new content and words.
    pub(super) fn report_store_draft(
        &mut self,
        record: &ReportRecord,
        content: &ReportContent,
    ) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), record.row.id);
        let bytes = content.canonical()?;
        // The sample may have been moved to another client or patient since: the draft goes with it.
        let client = content.client.as_ref().map(|client| ClientId::from_uuid(client.id));
        let patient = content.patient.as_ref().map(|patient| PatientId::from_uuid(patient.id));
        let confidence = self.confidence(patient)?;
        sql("UPDATE reports SET kind = ?, language = ?, client_id = ?, patient_id = ?, words = ?, content = ?, content_sha256 = ?, updated_at = ?, \
             version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(content.kind.as_str())
            .bind(content.language.as_str())
            .bind(client)
            .bind(patient)
            .bind(confidence.seal_json(&words_place(id.uuid()), &record.words)?)
            .bind(confidence.seal(&content_place(id.uuid()), &bytes)?)
            .bind(sha256(&bytes))
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)
            .map(|_rows| ())
    }

    /// Tells again how an amendment differs from what it replaces.
    pub(super) fn compare_with_amended(&mut self, content: &mut ReportContent) -> Result<(), StoreError> {
        let Some(amends) = &content.amends else { return Ok(()) };
        let amended = self.report_record(ReportId::from_uuid(amends.id))?;
        if let Some(old) = amended.content()? {
            what_changed(&old, content);
        }
        Ok(())
    }

    pub(super) fn kind_of_amendment(
        &mut self,
        record: &ReportRecord,
        content: &ReportContent,
    ) -> Result<ReportKind, StoreError> {
        let Some(amended) = record.row.amends_id else {
            return Ok(content.kind);
        };
        let kind: ReportKind = word(&self.report_record(amended)?.row.kind)?;
        Ok(amendment_kind(kind, content))
    }
}

/// An amended final report stays final; a preliminary one becomes final as soon as nothing is open.
fn amendment_kind(amended: ReportKind, content: &ReportContent) -> ReportKind {
    if content.pending_tests.is_empty() {
        ReportKind::Final
    } else {
        amended
    }
}

/// A content's frame: what does not come from samples and results.
pub(in crate::reports) fn frame_of(content: &ReportContent) -> Frame {
    Frame {
        nonce: content.nonce.clone(),
        number: content.number.clone(),
        version_no: content.version_no,
        kind: content.kind,
        language: content.language,
        remarks: content.remarks.clone(),
        opinions: content.opinions.clone(),
        amends: content.amends.clone(),
    }
}
