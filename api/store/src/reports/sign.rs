//! The electronic signature: bound to the exact content, refused when anything changed since it was shown.

use super::content::sha256;
use super::draft::{complete, erased, frame_of};
use crate::db::sql;
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ReportId, SampleId};
use attest_domain::may;
use attest_domain::workflow::ReportVerb;

/// What a person signs.
#[derive(Debug, Clone)]
pub struct Signing {
    /// Meaning of the signature, as it is printed.
    pub meaning: String,
    /// SHA-256 of the content that the person saw, hexadecimal.
    pub content_sha256: Option<String>,
    /// How the signer proved who they are (`signature.method` in ledger.md).
    pub method: String,
}

impl WriteTx<'_, may::ReportAuthorize> {
    /// Signs a draft. The caller has just proved their identity ([`crate::Store::confirm_signature`]).
    ///
    /// # Errors
    /// Not a draft, results that are not verified (409 `conflict-state`); another content than the one that was seen, or than
    /// the one the laboratory's data give now (409 `content-changed`).
    pub fn report_authorize(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        signing: &Signing,
    ) -> Result<Recorded<ReportId>, StoreError> {
        let samples = self.report_covers(id)?;
        self.lock_samples(&samples)?;
        let record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Authorize, seen)?;
        let stored = record.content_bytes()?.ok_or_else(erased)?;
        let hash = sha256(&stored);
        if signing
            .content_sha256
            .as_ref()
            .is_some_and(|sent| !sent.eq_ignore_ascii_case(&hash))
        {
            return Err(StoreError::refused(
                "content-changed",
                "the draft was changed since you looked at it; look at it again, and sign what you see",
            ));
        }
        let content = record.content()?.ok_or_else(erased)?;
        let now_is = self.look().report_content(&samples, frame_of(&content))?;
        complete(&now_is)?;
        if now_is.canonical()? != stored || hash != record.row.content_sha256 {
            return Err(StoreError::refused(
                "content-changed",
                "samples or results changed since this draft was built; refresh it, look at it again, and sign what you see",
            ));
        }
        let (tenant, user, at) = (self.tenant(), self.user(), now());
        sql("UPDATE reports SET status = ?, authorized_by = ?, authorized_at = ?, meaning = ?, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ?")
            .bind(line.to.as_str())
            .bind(user)
            .bind(at)
            .bind(&signing.meaning)
            .bind(at)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let event = record
            .event(line.action)
            .change("status", line.from.as_str(), line.to.as_str())
            .signed(&signing.meaning, &hash, &signing.method);
        self.record(event, id)
    }
}

impl<P> WriteTx<'_, P> {
    /// Nobody changes results of these samples while a report on them is signed or looked for: whoever comes second sees
    /// what the first one did.
    pub(crate) fn lock_samples(&mut self, samples: &[SampleId]) -> Result<(), StoreError> {
        let lock = self.db.for_update();
        if lock.is_empty() || samples.is_empty() {
            return Ok(());
        }
        let mut query = sql("SELECT id FROM samples WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(samples.iter().copied()).push(") ORDER BY id").push(lock);
        query.run(self.db).map(|_rows| ())
    }
}
