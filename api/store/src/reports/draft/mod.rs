//! Drafts: built from verified results, edited, built again.

mod opinions;
mod row;
mod rules;

pub(super) use row::{NewRow, frame_of};
pub(super) use rules::{complete, erased};

use super::content::{ReportContent, sha256};
use super::gather::Frame;
use super::record::Words;
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::workflow::ReportVerb;
use attest_domain::{Language, may};
use chrono::Datelike;
use opinions::texts;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The samples it covers, all of one client or patient.
    pub samples: Vec<SampleId>,
    /// Preliminary or final.
    pub kind: ReportKind,
    /// Language; the laboratory's by default.
    pub language: Option<Language>,
    /// Remarks of the laboratory.
    pub remarks: Option<String>,
    /// Opinions and interpretations, given by the caller.
    pub opinions: Vec<String>,
}

/// What is changed on a draft.
#[derive(Debug, Clone, Default)]
pub struct ReportChange {
    /// Remarks; `Some(None)` removes them.
    pub remarks: Option<Option<String>>,
    /// All opinions: those already there keep their authors, others are the caller's.
    pub opinions: Option<Vec<String>>,
    /// Language.
    pub language: Option<Language>,
}

impl WriteTx<'_, may::ReportDraft> {
    /// Drafts a report.
    ///
    /// # Errors
    /// A sample that does not exist here or belongs to somebody else (422); results that are not verified (409).
    pub fn report_draft(&mut self, new: NewReport) -> Result<Recorded<ReportId>, StoreError> {
        let (client, patient) = self.one_recipient(&new.samples)?;
        let year = now().year();
        let running = self.next_number(&format!("report/{year}"))?;
        let words = Words {
            remarks: new.remarks,
            opinions: self.opinions(&[], &new.opinions)?,
            ..Words::default()
        };
        let language = new.language.unwrap_or(self.laboratory().language);
        let row = NewRow {
            number: format!("R-{year}-{running:06}"),
            version_no: 1,
            kind: new.kind,
            language,
            client,
            patient,
            samples: new.samples,
            words,
            amends: None,
        };
        let (id, event) = self.report_insert(row, true)?;
        self.record(event, id)
    }

    /// Changes what people wrote on a draft. The results on it stay those it was built from.
    ///
    /// # Errors
    /// Not a draft (409), changed meanwhile (412).
    pub fn report_edit(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        change: ReportChange,
    ) -> Result<Recorded<ReportId>, StoreError> {
        let mut record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Edit, seen)?;
        let mut content = record.content()?.ok_or_else(erased)?;
        let before = (record.words.clone(), content.language);
        if let Some(remarks) = change.remarks {
            record.words.remarks = remarks;
        }
        if let Some(texts) = change.opinions {
            record.words.opinions = self.opinions(&record.words.opinions, &texts)?;
        }
        content.language = change.language.unwrap_or(content.language);
        content.remarks.clone_from(&record.words.remarks);
        content.opinions.clone_from(&record.words.opinions);
        self.compare_with_amended(&mut content)?;
        self.report_store_draft(&record, &content)?;
        let subject = record.confidence.subject();
        let event = record
            .event(line.action)
            .change("language", before.1.as_str(), content.language.as_str())
            .about(subject, "remarks", before.0.remarks, record.words.remarks.clone())
            .about(
                subject,
                "opinions",
                texts(&before.0.opinions),
                texts(&record.words.opinions),
            );
        self.record(event, id)
    }

    /// Builds a draft again from the results as they are now.
    ///
    /// # Errors
    /// Not a draft (409), changed meanwhile (412), results that are not verified (409).
    pub fn report_refresh(&mut self, id: ReportId, seen: Option<i64>) -> Result<Recorded<ReportId>, StoreError> {
        let record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Refresh, seen)?;
        let old = record.content()?.ok_or_else(erased)?;
        let samples = self.report_covers(id)?;
        let frame = Frame {
            nonce: ReportContent::new_nonce(),
            ..frame_of(&old)
        };
        let mut content = self.look().report_content(&samples, frame)?;
        if content.amends.is_some() {
            content.kind = self.kind_of_amendment(&record, &content)?;
        }
        complete(&content)?;
        self.compare_with_amended(&mut content)?;
        self.report_store_draft(&record, &content)?;
        let event = record
            .event(line.action)
            .change("kind", old.kind.as_str(), content.kind.as_str())
            .change(
                "content_sha256",
                record.row.content_sha256.as_str(),
                sha256(&content.canonical()?),
            );
        self.record(event, id)
    }
}
