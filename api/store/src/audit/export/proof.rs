//! What makes an export provable: audit paths or the two sides of a range, and that the log continues a checkpoint held elsewhere.

use super::ExportRequest;
use super::choice::{IndexedRow, place};
use crate::StoreError;
use crate::access::Scope;
use crate::db::Db;
use crate::ledger::{LogTree, TreeError};
use attest_keyring::LogSigner;
use attest_ledger::Hash;
use attest_ledger::bundle::{Consistency, Proof};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::note::NoteError;
use uuid::Uuid;

/// Up to this many events a range carries audit paths too, so that a change names the event (ledger crate, `Proof::Range`).
const WITH_PATHS: usize = 10_000;

/// The proof that leads from these events to the root of the first `size`.
pub(super) fn proof(
    db: &mut Db,
    tenant: Uuid,
    size: u64,
    request: &ExportRequest,
    rows: &[IndexedRow],
) -> Result<Proof, StoreError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(StoreError::conflict("there are no events in that range"));
    };
    let failed = |error: TreeError| error.0;
    let mut reader = LogTree::reader(db, tenant, size);
    let mut paths = |needed: bool| -> Result<Option<Vec<Vec<Hash>>>, StoreError> {
        if !needed {
            return Ok(None);
        }
        let all = rows.iter().map(|row| reader.inclusion(place(row.idx)?).map_err(failed));
        all.collect::<Result<Vec<_>, StoreError>>().map(Some)
    };
    if request.selection {
        return Ok(Proof::Selection {
            paths: paths(true)?.unwrap_or_default(),
        });
    }
    let paths = paths(rows.len() <= WITH_PATHS)?;
    let (left, right) = reader
        .range_sides(place(first.idx)?, place(last.idx)?)
        .map_err(failed)?;
    Ok(Proof::Range { left, right, paths })
}

/// That the log continues the checkpoint which the reader holds, where one was named.
pub(super) fn consistency(
    db: &mut Db,
    scope: &Scope,
    size: u64,
    request: &ExportRequest,
) -> Result<Option<Consistency>, StoreError> {
    let Some(note) = &request.held_checkpoint else {
        return Ok(None);
    };
    let from = held(note, &scope.tenant.signer)?.size;
    if from > size {
        return Err(StoreError::conflict(
            "the held checkpoint is newer than this log: an older database was restored",
        ));
    }
    let path = if from == 0 || from == size {
        Vec::new()
    } else {
        LogTree::reader(db, scope.tenant.laboratory.id, size)
            .consistency(from)
            .map_err(|error: TreeError| error.0)?
    };
    Ok(Some(Consistency { from, to: size, path }))
}

/// A checkpoint of this very log, by our own signature: of the present key, or of one before within its time.
pub(super) fn held(note: &str, signer: &LogSigner) -> Result<Checkpoint, StoreError> {
    let wrong = |message: &str| StoreError::invalid("held_checkpoint", "invalid", message.to_owned());
    match signer.judge(note) {
        Ok((checkpoint, _)) => Ok(checkpoint),
        Err(NoteError::Form(_)) => Err(wrong("must be the whole signed note of a checkpoint of this log")),
        Err(_) => Err(wrong("is not signed by this log")),
    }
}
