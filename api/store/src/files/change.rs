//! What can be changed about a file: who sees it, and that it was withdrawn. Its bytes never.

use super::content::AboutFile;
use super::holder::{AttachesFiles, FileHolder};
use super::reason_place;
use crate::db::sql;
use crate::seen::as_seen;
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::ids::FileId;
use attest_domain::{Action, ReasonCode};

impl<P> WriteTx<'_, P> {
    /// Lets the client see the file, or not any more.
    ///
    /// # Errors
    /// [`StoreError::Stale`]; withdrawn (409).
    pub fn file_share<H: FileHolder>(
        &mut self,
        holder: H,
        id: FileId,
        seen: i64,
        shared: bool,
    ) -> Result<Recorded<FileId>, StoreError>
    where
        P: AttachesFiles<H>,
    {
        let AboutFile { record, event, .. } = self.file_event(Action::FileEdited, holder, id)?;
        as_seen(seen, record.row.version)?;
        if record.row.withdrawn_at.is_some() {
            return Err(StoreError::conflict("the file was withdrawn; clients do not see it"));
        }
        let changed = sql(
            "UPDATE files SET shared_with_client = ?, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ? AND version = ?",
        )
        .bind(shared)
        .bind(now())
        .bind(self.tenant())
        .bind(id)
        .bind(record.row.version)
        .run(self.db)?;
        one_changed(changed, record.row.version)?;
        let event = event.change("shared_with_client", record.row.shared_with_client, shared);
        self.record(event, id)
    }

    /// Marks a file as withdrawn. It stays, with its content, for whoever may see it in the laboratory; clients see it no more.
    ///
    /// # Errors
    /// [`StoreError::Stale`]; withdrawn already, or its person was erased (409).
    pub fn file_withdraw<H: FileHolder>(
        &mut self,
        holder: H,
        id: FileId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<FileId>, StoreError>
    where
        P: AttachesFiles<H>,
    {
        let AboutFile { record, subject, event } = self.file_event(Action::FileWithdrawn, holder, id)?;
        as_seen(seen, record.row.version)?;
        let Some((key, _)) = record.opened else {
            return Err(StoreError::person_erased());
        };
        if record.row.withdrawn_at.is_some() {
            return Err(StoreError::conflict("the file was withdrawn already"));
        }
        let sealed = key
            .seal(&reason_place(id), reason.as_bytes())
            .map_err(StoreError::broken)?;
        let at = now();
        let changed = sql("UPDATE files SET withdrawn_at = ?, withdrawn_by = ?, withdrawn_reason = ?, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ? AND version = ?")
            .bind(at)
            .bind(self.user())
            .bind(sealed)
            .bind(at)
            .bind(self.tenant())
            .bind(id)
            .bind(record.row.version)
            .run(self.db)?;
        one_changed(changed, record.row.version)?;
        let event = event.because(subject.as_ref(), ReasonCode::Other.as_str(), Some(reason));
        self.record(event, id)
    }
}

/// Somebody else was quicker, after the row was read.
fn one_changed(rows: usize, expected: i64) -> Result<(), StoreError> {
    if rows == 1 {
        return Ok(());
    }
    Err(StoreError::Stale {
        expected,
        found: expected.saturating_add(1),
    })
}
