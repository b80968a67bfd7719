//! Giving a report out, in two steps: what the paper shows is read, the paper is made and signed outside any transaction,
//! and a second transaction stores it if nothing has happened meanwhile.

use super::confidence::document_place;
use super::content::{ReportContent, sha256};
use super::draft::erased;
use super::record::ReportRecord;
use crate::db::{row, sql};
use crate::{ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::four_eyes;
use attest_domain::ids::ReportId;
use attest_domain::may;
use attest_domain::terms::ReportKind;
use attest_domain::workflow::{ReportState, ReportVerb, apply};
use attest_keyring::random;
use chrono::{DateTime, Utc};

/// Crockford's alphabet: no I, L, O and U, which are misread and misheard.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Everything the paper shows.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The content that was, or will be, signed.
    pub content: ReportContent,
    /// Its SHA-256, hexadecimal.
    pub content_sha256: String,
    /// The signature on it; none on a draft.
    pub signature: Option<PaperSignature>,
    /// Moment of issue; of the preview for what is not issued.
    pub issued_at: DateTime<Utc>,
    /// Code of the public check; none before release.
    pub verification_code: Option<String>,
    /// Version of the report's row that this was read from.
    pub version: i64,
}

/// The signature as the paper shows it.
#[derive(Debug, Clone)]
pub struct PaperSignature {
    /// Printed name.
    pub name: String,
    /// Professional title.
    pub title: Option<String>,
    /// Meaning.
    pub meaning: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The finished paper on its way into the store.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it was made from.
    pub paper: Paper,
    /// The signed PDF.
    pub pdf: Vec<u8>,
}

row! { struct SignerRow { name: String, title: Option<String> } }

impl ReadTx<'_, may::ReportRelease> {
    /// What the paper of an authorised report will show; its verification code and moment of issue are decided here.
    ///
    /// # Errors
    /// Not authorised (409), changed meanwhile (412), the releaser is the signer where two are wanted (409 `four-eyes`).
    pub fn report_to_release(&mut self, id: ReportId, seen: Option<i64>) -> Result<Paper, StoreError> {
        let record = self.report_record(id)?;
        record.may_go(ReportVerb::Release, seen)?;
        let user = self.user();
        let wanted = self.laboratory().settings.four_eyes_release;
        other_than_signer(&record, user, wanted)?;
        let content = record.content()?.ok_or_else(erased)?;
        let signer = record
            .row
            .authorized_by
            .ok_or_else(|| StoreError::broken("authorised by nobody"))?;
        let person = sql("SELECT name, title FROM users WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(signer)
            .one::<SignerRow>(self.db)?;
        Ok(Paper {
            content,
            content_sha256: record.row.content_sha256.clone(),
            signature: Some(PaperSignature {
                name: person.name,
                title: person.title,
                meaning: record.row.meaning.clone().unwrap_or_default(),
                at: record
                    .row
                    .authorized_at
                    .ok_or_else(|| StoreError::broken("authorised at no time"))?,
            }),
            issued_at: now(),
            verification_code: Some(verification_code()),
            version: record.row.version,
        })
    }
}

impl WriteTx<'_, may::ReportRelease> {
    /// Gives the report out: stores its bytes once and for all, opens the public check, supersedes what it amends.
    ///
    /// # Errors
    /// As [`ReadTx::report_to_release`]; also when the report changed while the paper was made.
    pub fn report_release(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        document: Option<Document>,
    ) -> Result<Recorded<ReportId>, StoreError> {
        let record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Release, seen)?;
        let wanted = self.laboratory().settings.four_eyes_release;
        let user = self.user();
        other_than_signer(&record, user, wanted)?;
        let document = document
            .filter(|document| {
                document.paper.version == record.row.version
                    && document.paper.content_sha256 == record.row.content_sha256
            })
            .ok_or_else(|| StoreError::conflict("the report changed while its document was made; look at it again"))?;
        let code = document
            .paper
            .verification_code
            .as_deref()
            .ok_or_else(|| StoreError::broken("a document without a code"))?;
        let (tenant, at, hash) = (self.tenant(), document.paper.issued_at, sha256(&document.pdf));
        let bytes = record.confidence.seal(&document_place(id.uuid()), &document.pdf)?;
        sql("INSERT INTO report_documents (tenant_id, report_id, kind, bytes, sha256, created_at) VALUES (?, ?, 'report', ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(bytes)
            .bind(&hash)
            .bind(at)
            .run(self.db)?;
        sql("INSERT INTO public_codes (code, tenant_id, report_id) VALUES (?, ?, ?)")
            .bind(code)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        sql("UPDATE reports SET status = ?, released_by = ?, released_at = ?, verification_code = ?, document_sha256 = ?, updated_at = ?, \
             version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(line.to.as_str())
            .bind(user)
            .bind(at)
            .bind(code)
            .bind(&hash)
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        if let Some(amended) = record.row.amends_id {
            self.report_supersede(amended, &record)?;
        }
        for preliminary in self.preliminary_reports_replaced(&record)? {
            self.report_supersede(preliminary, &record)?;
        }
        for sample in self.report_covers(id)? {
            self.sample_touch(sample)?;
        }
        let event = record
            .event(line.action)
            .change("status", line.from.as_str(), line.to.as_str())
            .set("content_sha256", record.row.content_sha256.as_str())
            .set("document_sha256", hash);
        self.record(event, id)
    }

    /// Preliminary reports in force whose samples are all in this final one: it says what they left open.
    fn preliminary_reports_replaced(&mut self, by: &ReportRecord) -> Result<Vec<ReportId>, StoreError> {
        row! { struct IdRow { id: ReportId } }
        if by.row.kind == ReportKind::Preliminary.as_str() {
            return Ok(Vec::new());
        }
        let rows = sql("SELECT DISTINCT p.id FROM report_samples x \
             JOIN report_samples y ON y.tenant_id = x.tenant_id AND y.sample_id = x.sample_id \
             JOIN reports p ON p.tenant_id = y.tenant_id AND p.id = y.report_id \
             WHERE x.tenant_id = ? AND x.report_id = ? AND p.kind = ? AND p.status = ? AND NOT EXISTS ( \
             SELECT 1 FROM report_samples z WHERE z.tenant_id = p.tenant_id AND z.report_id = p.id AND z.sample_id NOT IN ( \
             SELECT w.sample_id FROM report_samples w WHERE w.tenant_id = x.tenant_id AND w.report_id = x.report_id)) ORDER BY p.id")
            .bind(self.tenant())
            .bind(by.row.id)
            .bind(ReportKind::Preliminary.as_str())
            .bind(ReportState::Released.as_str())
            .all::<IdRow>(self.db)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The amended version is out of force; one that was withdrawn meanwhile stays withdrawn.
    fn report_supersede(&mut self, id: ReportId, by: &ReportRecord) -> Result<(), StoreError> {
        let record = self.report_record(id)?;
        if record.state != ReportState::Released {
            return Ok(());
        }
        let line = apply(record.state, ReportVerb::Supersede)?;
        let tenant = self.tenant();
        sql("UPDATE reports SET status = ?, under_correction = ?, amended_by_id = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(line.to.as_str())
            .bind(false)
            .bind(by.row.id)
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.also(
            record
                .event(line.action)
                .change("status", line.from.as_str(), line.to.as_str())
                .change("under_correction", record.row.under_correction, false)
                .set("superseded_by", by.label()),
        )
    }
}

fn other_than_signer(
    record: &ReportRecord,
    releaser: Option<attest_domain::ids::UserId>,
    wanted: bool,
) -> Result<(), StoreError> {
    match (releaser, record.row.authorized_by) {
        (Some(releaser), Some(signer)) => Ok(four_eyes::release(releaser, signer, wanted)?),
        _ => Ok(()),
    }
}

/// 128 random bits, 26 letters and digits: nobody finds a report by trying.
fn verification_code() -> String {
    let mut rest = u128::from_be_bytes(random::<16>());
    let mut code = Vec::with_capacity(26);
    for _ in 0..26 {
        let digit = usize::try_from(rest % 32).unwrap_or_default();
        code.extend(ALPHABET.get(digit));
        rest /= 32;
    }
    code.reverse();
    String::from_utf8_lossy(&code).into_owned()
}

/// A code as somebody typed it: without groups, in capitals, with the letters that are easily misread set right.
pub(crate) fn code_as_typed(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (code.len() == 26 && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_reading_aloud() {
        let code = verification_code();
        assert_eq!(code.len(), 26);
        assert_eq!(code_as_typed(&code), Some(code.clone()));
        let groups: Vec<&str> = (0..26).step_by(4).map(|at| &code[at..(at + 4).min(26)]).collect();
        let heard = groups.join("-").to_lowercase().replace('0', "o").replace('1', "l");
        assert_eq!(code_as_typed(&heard), Some(code));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        assert_eq!(code_as_typed("AAAA-BBBB-CCCC-DDDD"), None);
        assert_eq!(code_as_typed(&"U".repeat(26)), None);
        assert_eq!(code_as_typed(""), None);
    }
}
