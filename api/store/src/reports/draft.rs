//! Drafts: built from verified results, edited, built again.

use super::changes::what_changed;
use super::confidence::{content_place, words_place};
use super::content::{ContentAmends, ContentOpinion, ReportContent, sha256};
use super::gather::Frame;
use super::record::{ReportRecord, Words, label};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ClientId, PatientId, ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::workflow::{ReportVerb, SampleState};
use attest_domain::{Action, Language, may};
use chrono::Datelike;

/// Tests named in a refusal before it says "and more".
const NAMED: usize = 5;

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

/// A new row on its way into the table.
pub(crate) struct NewRow {
    pub(crate) number: String,
    pub(crate) version_no: i64,
    pub(crate) kind: ReportKind,
    pub(crate) language: Language,
    pub(crate) client: Option<ClientId>,
    pub(crate) patient: Option<PatientId>,
    pub(crate) samples: Vec<SampleId>,
    pub(crate) words: Words,
    pub(crate) amends: Option<(ReportId, ContentAmends, ReportContent)>,
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
        let event = Event::new(line.action, "report", id)
            .label(record.label())
            .version(record.row.version.saturating_add(1))
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
        let event = Event::new(line.action, "report", id)
            .label(record.label())
            .version(record.row.version.saturating_add(1))
            .change("kind", old.kind.as_str(), content.kind.as_str())
            .change(
                "content_sha256",
                record.row.content_sha256.as_str(),
                sha256(&content.canonical()?),
            );
        self.record(event, id)
    }

    /// All samples exist here, can be reported, and are of one client or patient.
    fn one_recipient(&mut self, samples: &[SampleId]) -> Result<(Option<ClientId>, Option<PatientId>), StoreError> {
        let rows = self.look().report_sample_rows(samples)?;
        let mut recipient = None;
        for (position, id) in samples.iter().enumerate() {
            let path = format!("sample_ids.{position}");
            let row = rows
                .iter()
                .find(|row| row.id == *id)
                .ok_or_else(|| StoreError::invalid(&path, "unknown", "there is no such sample in this laboratory"))?;
            let own = (row.client_id, row.patient_id);
            if *recipient.get_or_insert(own) != own {
                return Err(StoreError::invalid(
                    path,
                    "another_recipient",
                    "a report concerns one client or patient; this sample is another's",
                ));
            }
            let state = row.state()?;
            if matches!(
                state,
                SampleState::Registered | SampleState::Rejected | SampleState::Cancelled
            ) {
                let number = &row.accession_number;
                return Err(StoreError::conflict(format!(
                    "sample {number} is {state}; only samples with verified results can be reported"
                )));
            }
        }
        recipient.ok_or_else(|| StoreError::invalid("sample_ids", "empty", "name at least one sample"))
    }

    fn kind_of_amendment(&mut self, record: &ReportRecord, content: &ReportContent) -> Result<ReportKind, StoreError> {
        let Some(amended) = record.row.amends_id else {
            return Ok(content.kind);
        };
        let kind: ReportKind = word(&self.report_record(amended)?.row.kind)?;
        Ok(amendment_kind(kind, content))
    }
}

/// An amended final report stays final; a preliminary one becomes final as soon as nothing is open.
pub(crate) fn amendment_kind(amended: ReportKind, content: &ReportContent) -> ReportKind {
    if content.pending_tests.is_empty() {
        ReportKind::Final
    } else {
        amended
    }
}

row! { struct SignerRow { name: String, title: Option<String> } }

impl<P> WriteTx<'_, P> {
    /// Builds the content and inserts the draft; the event that tells of it. `strict`: a final report leaves no test open.
    pub(crate) fn report_insert(&mut self, new: NewRow, strict: bool) -> Result<(ReportId, Event), StoreError> {
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
    pub(crate) fn report_store_draft(
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
    pub(crate) fn compare_with_amended(&mut self, content: &mut ReportContent) -> Result<(), StoreError> {
        let Some(amends) = &content.amends else { return Ok(()) };
        let amended = self.report_record(ReportId::from_uuid(amends.id))?;
        if let Some(old) = amended.content()? {
            what_changed(&old, content);
        }
        Ok(())
    }

    /// Opinions by their texts: what was there keeps its author and time, what is new is the caller's.
    fn opinions(&mut self, before: &[ContentOpinion], texts: &[String]) -> Result<Vec<ContentOpinion>, StoreError> {
        let mut opinions = Vec::with_capacity(texts.len());
        for text in texts {
            if let Some(known) = before.iter().find(|opinion| opinion.text == *text) {
                opinions.push(known.clone());
                continue;
            }
            let user = self
                .user()
                .ok_or_else(|| StoreError::broken("an opinion without a person"))?;
            let signer = self.signer(user)?;
            opinions.push(ContentOpinion {
                text: text.clone(),
                by: user.uuid(),
                name: signer.0,
                title: signer.1,
                at: now(),
            });
        }
        Ok(opinions)
    }

    /// Printed name and title of a person.
    pub(crate) fn signer(&mut self, user: attest_domain::ids::UserId) -> Result<(String, Option<String>), StoreError> {
        let row = sql("SELECT name, title FROM users WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(user)
            .one::<SignerRow>(self.db)?;
        Ok((row.name, row.title))
    }
}

/// A content's frame: what does not come from samples and results.
pub(crate) fn frame_of(content: &ReportContent) -> Frame {
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

/// Only verified results go on a report, and a final one leaves no test open ([`attest_domain::workflow::Guard::ResultsVerified`]).
pub(crate) fn complete(content: &ReportContent) -> Result<(), StoreError> {
    if content.kind == ReportKind::Final && !content.pending_tests.is_empty() {
        let open: Vec<String> = content
            .pending_tests
            .iter()
            .take(NAMED)
            .map(|pending| format!("{} ({})", pending.test, pending.accession_number))
            .collect();
        let more = if content.pending_tests.len() > NAMED {
            " and more"
        } else {
            ""
        };
        return Err(StoreError::conflict(format!(
            "not verified yet: {}{more}; wait for them, or make a preliminary report",
            open.join(", ")
        )));
    }
    if content.results().all(|result| result.cancelled.is_some()) {
        return Err(StoreError::conflict("none of these samples has a verified result"));
    }
    Ok(())
}

/// Nothing can be done about a report whose person was erased.
pub(crate) fn erased() -> StoreError {
    StoreError::conflict("this person's data were erased; the report cannot be read or changed any more")
}

fn texts(opinions: &[ContentOpinion]) -> Option<String> {
    (!opinions.is_empty()).then(|| {
        opinions
            .iter()
            .map(|opinion| opinion.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    })
}
