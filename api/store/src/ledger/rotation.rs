//! Rotations of a log's key, as the database has them: the events, and the checkpoints that both keys signed.
//!
//! Nothing here is believed because it is stored. What is not covered by a checkpoint yet must fit the signer's own folder; what is
//! covered proves itself by both signatures.

use super::proof::{log_damaged, not_as_signed};
use super::tree::{LogTree, TreeError, integer};
use crate::StoreError;
use crate::db::{Db, row, sql};
use attest_domain::Action;
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::Entry;
use attest_ledger::outbox;
use attest_ledger::rotation::{KeyRotation, RotationProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Checkpoints behind the event that are looked at for both signatures; the first one has them.
const NEAREST: i64 = 8;

/// An event that says that the key was replaced.
pub(crate) struct StoredRotation {
    /// Its place in the log.
    pub(crate) index: u64,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// What they say.
    pub(crate) entry: Entry,
    /// The keys.
    pub(crate) rotation: KeyRotation,
    /// Whether it bears our mac.
    pub(crate) ours: bool,
}

row! { struct RotationRow { idx: i64, entry: Vec<u8>, mac: Vec<u8>, mac_key: String } }
row! { struct NoteRow { note: String } }

/// Every rotation among the first `size` events, in order.
pub(crate) fn rotations(
    db: &mut Db,
    tenant: Uuid,
    log: &str,
    outbox: (&str, &[u8; 32]),
    size: u64,
) -> Result<Vec<StoredRotation>, StoreError> {
    let rows = sql("SELECT l.idx, e.entry, e.mac, e.mac_key FROM audit_events e \
         JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id \
         WHERE e.tenant_id = ? AND e.action = ? AND l.idx < ? ORDER BY l.idx")
    .bind(tenant)
    .bind(Action::LedgerKeyRotated.as_str())
    .bind(integer(size)?)
    .all::<RotationRow>(db)?;
    rows.into_iter()
        .map(|row| {
            let index = u64::try_from(row.idx).map_err(StoreError::broken)?;
            let damaged = |problem: String| not_as_signed(&format!("event {index}: {problem}"));
            let entry = Entry::from_bytes(&row.entry).map_err(|problem| damaged(problem.to_string()))?;
            let rotation = KeyRotation::from_entry(&entry, log).map_err(|problem| damaged(problem.to_string()))?;
            Ok(StoredRotation {
                index,
                ours: row.mac_key == outbox.0 && outbox::verify(outbox.1, &row.entry, &row.mac).is_ok(),
                bytes: row.entry,
                entry,
                rotation,
            })
        })
        .collect()
}

/// The first stored checkpoint that covers the event and bears the signatures of both keys.
pub(crate) fn covering(
    db: &mut Db,
    tenant: Uuid,
    index: u64,
    rotation: &KeyRotation,
) -> Result<Option<(Checkpoint, String)>, StoreError> {
    let notes = sql("SELECT note FROM audit_checkpoints WHERE tenant_id = ? AND size > ? ORDER BY size LIMIT ?")
        .bind(tenant)
        .bind(integer(index)?)
        .bind(NEAREST)
        .all::<NoteRow>(db)?;
    Ok(notes.into_iter().find_map(|row| {
        let checkpoint = rotation.covered_by(&row.note).ok()?;
        Some((checkpoint, row.note))
    }))
}

/// What leads from the key before each of these rotations to the key behind it, and on to the tree of `size` events.
pub(crate) fn rotation_proofs(
    db: &mut Db,
    tenant: Uuid,
    rotations: &[StoredRotation],
    size: u64,
) -> Result<Vec<RotationProof>, StoreError> {
    let failed = |error: TreeError| error.0;
    rotations
        .iter()
        .map(|stored| {
            let (checkpoint, note) = covering(db, tenant, stored.index, &stored.rotation)?.ok_or_else(|| {
                log_damaged(&format!(
                    "event {}: no checkpoint with the signatures of both keys covers it",
                    stored.index
                ))
            })?;
            let path = LogTree::reader(db, tenant, checkpoint.size)
                .inclusion(stored.index)
                .map_err(failed)?;
            let consistency = if checkpoint.size == size {
                Vec::new()
            } else {
                LogTree::reader(db, tenant, size)
                    .consistency(checkpoint.size)
                    .map_err(failed)?
            };
            Ok(RotationProof {
                index: stored.index,
                entry: STANDARD.encode(&stored.bytes),
                path,
                checkpoint: note,
                consistency,
            })
        })
        .collect()
}
