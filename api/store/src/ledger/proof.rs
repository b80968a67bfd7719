//! Reading the tree: where an event stands, and that the newest checkpoint covers it.

use super::sequencer::log_size;
use super::tree::{LogTree, TreeError};
use crate::db::{Db, row, sql};
use crate::{Store, StoreError};
use attest_keyring::LogSigner;
use attest_ledger::Hash;
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::merkle::{leaf_hash, verify_inclusion};
use attest_ledger::note::VerifierKey;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long an operation that must be provable at once waits for its checkpoint (ledger.md, 4).
const PATIENCE: Duration = Duration::from_secs(5);

/// Where an event stands.
#[derive(Debug, Clone)]
pub struct LogPosition {
    /// Its index, from 0.
    pub index: u64,
    /// The newest signed checkpoint that covers it.
    pub checkpoint: String,
    /// Size of that checkpoint's tree.
    pub size: u64,
}

/// Proof that an entry is in the tree of a checkpoint (RFC 6962, 2.1.1).
#[derive(Debug, Clone)]
pub struct InclusionProof {
    /// Where.
    pub position: LogPosition,
    /// The entry's exact bytes.
    pub entry: Vec<u8>,
    /// Its leaf hash.
    pub leaf: Hash,
    /// Audit path, leaf to root.
    pub path: Vec<Hash>,
    /// The key that signed the checkpoint.
    pub key: VerifierKey,
}

row! { struct IndexRow { idx: i64 } }
row! { struct NoteRow { size: i64, note: String } }
row! { struct EntryRow { entry: Vec<u8>, hash: Vec<u8> } }

/// The newest checkpoint, if there is one.
pub(crate) fn newest_checkpoint(db: &mut Db, tenant: Uuid) -> Result<Option<(u64, String)>, StoreError> {
    let row = sql("SELECT size, note FROM audit_checkpoints WHERE tenant_id = ? ORDER BY size DESC LIMIT 1")
        .bind(tenant)
        .first::<NoteRow>(db)?;
    row.map(|row| Ok((u64::try_from(row.size).map_err(StoreError::broken)?, row.note)))
        .transpose()
}

/// The event's place under the newest checkpoint; nothing while it is not covered.
fn position(db: &mut Db, tenant: Uuid, event: Uuid) -> Result<Option<LogPosition>, StoreError> {
    let Some(row) = sql("SELECT idx FROM audit_leaves WHERE tenant_id = ? AND event_id = ?")
        .bind(tenant)
        .bind(event)
        .first::<IndexRow>(db)?
    else {
        return Ok(None);
    };
    let index = u64::try_from(row.idx).map_err(StoreError::broken)?;
    Ok(newest_checkpoint(db, tenant)?
        .filter(|(size, _)| index < *size)
        .map(|(size, checkpoint)| LogPosition {
            index,
            checkpoint,
            size,
        }))
}

/// The event's proof under the newest checkpoint; nothing while none covers it.
pub(crate) fn proof_of(
    db: &mut Db,
    tenant: Uuid,
    signer: &LogSigner,
    event: Uuid,
) -> Result<Option<InclusionProof>, StoreError> {
    position(db, tenant, event)?
        .map(|position| inclusion(db, tenant, signer, position.index))
        .transpose()
}

/// The proof for the entry at `index` under the newest checkpoint, handed out only if it holds.
pub(crate) fn inclusion(
    db: &mut Db,
    tenant: Uuid,
    signer: &LogSigner,
    index: u64,
) -> Result<InclusionProof, StoreError> {
    if index >= log_size(db, tenant)? {
        return Err(StoreError::NotFound);
    }
    let (size, checkpoint) = newest_checkpoint(db, tenant)?
        .filter(|(size, _)| index < *size)
        .ok_or_else(|| StoreError::conflict("no checkpoint covers this event yet; try again in a second"))?;
    let at = i64::try_from(index).map_err(StoreError::broken)?;
    let row = sql("SELECT e.entry, l.hash FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id \
         WHERE l.tenant_id = ? AND l.idx = ?")
        .bind(tenant)
        .bind(at)
        .one::<EntryRow>(db)?;
    let path = LogTree::reader(db, tenant, size)
        .inclusion(index)
        .map_err(|error: TreeError| error.0)?;
    let damaged = |fault: String| log_damaged(&format!("event {index}: {fault}"));
    let (signed, key) = signer
        .judge(&checkpoint)
        .map_err(|problem| damaged(format!("its checkpoint: {problem}")))?;
    let proof = InclusionProof {
        position: LogPosition {
            index,
            checkpoint,
            size,
        },
        entry: row.entry,
        leaf: super::tree::hash_of(&row.hash)?,
        path,
        key,
    };
    match proof.fault(&signed) {
        None => Ok(proof),
        Some(fault) => Err(damaged(fault)),
    }
}

/// What is stored is not what was signed: no answer may pretend that it is.
pub(crate) fn log_damaged(fault: &str) -> StoreError {
    tracing::error!(fault, "the stored audit log is not what was signed");
    not_as_signed(fault)
}

/// The same, for whoever is told of it again and again.
pub(super) fn not_as_signed(fault: &str) -> StoreError {
    StoreError::Refused {
        slug: "log-damaged",
        status: 500,
        detail: format!(
            "the stored audit log is not what was signed ({fault}): it was changed behind the program; \
             nothing is proven here, tell your administrator to run `attest doctor`"
        ),
    }
}

impl InclusionProof {
    /// Why it does not hold, if so.
    fn fault(&self, checkpoint: &Checkpoint) -> Option<String> {
        if leaf_hash(&self.entry) != self.leaf {
            return Some("the entry is not the one that was hashed".to_owned());
        }
        if checkpoint.size != self.position.size {
            return Some("its checkpoint is for another size".to_owned());
        }
        let index = self.position.index;
        verify_inclusion(&self.leaf, index, checkpoint.size, &self.path, &checkpoint.root)
            .err()
            .map(|problem| problem.to_string())
    }
}

impl Store {
    /// The event's proof as soon as a signed checkpoint covers it; nothing when the signer is away for five seconds.
    ///
    /// # Errors
    /// When the database cannot be read, or the log is damaged.
    pub async fn proven<P>(
        &self,
        permit: &crate::Permit<P>,
        event: Uuid,
    ) -> Result<Option<InclusionProof>, StoreError> {
        let room = Arc::clone(&permit.scope().tenant);
        let tenant = room.laboratory.id;
        let inner = Arc::clone(&self.inner);
        let waiting = async {
            loop {
                let signed = inner.sequencing.signed.notified();
                inner.sequencing.wake(tenant);
                let room = Arc::clone(&room);
                let found = inner
                    .backend
                    .read(Some(tenant), move |db| proof_of(db, tenant, &room.signer, event))
                    .await?;
                if found.is_some() {
                    return Ok(found);
                }
                // Another node may be the one that signs: look again even without its bell.
                let _rung = tokio::time::timeout(Duration::from_millis(100), signed).await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_elapsed) => Ok(None),
        }
    }
}
