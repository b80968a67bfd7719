//! The tree for readers: proofs, checkpoints, consistency, tiles.

use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::ledger::{InclusionProof, LogTree, TreeError, inclusion, log_size, newest_checkpoint};
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::may;
use attest_ledger::merkle::{TileCoordinates, TileSource, entry_tile};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Proof that an event is in the log (RFC 6962, 2.1.1).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProofView {
    /// Its place, from 0.
    pub index: u64,
    /// SHA-256(0x00 ‖ entry), base64.
    pub leaf_hash: String,
    /// Size of the tree it is proven in.
    pub tree_size: u64,
    /// Audit path, leaf to root, base64.
    pub path: Vec<String>,
    /// The signed checkpoint (C2SP signed note).
    pub checkpoint: String,
    /// The entry's exact bytes, base64.
    pub entry: String,
    /// The key that verifies the checkpoint; compare it with the one the laboratory gave you.
    pub log_key: String,
}

/// Proof that an act is in the log (RFC 6962, 2.1.1), as its answer carries it: checked without the server, with the
/// log's key from somewhere else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActProof {
    /// Index of the event, from 0.
    pub index: u64,
    /// SHA-256(0x00 ‖ entry), base64.
    pub leaf_hash: String,
    /// Size of the tree it is proven in.
    pub tree_size: u64,
    /// Audit path, leaf to root, base64.
    pub path: Vec<String>,
    /// The newest signed checkpoint that covers it (C2SP signed note).
    pub checkpoint: String,
    /// The entry's exact bytes, base64: for whoever just made it, and for those who may read the audit trail.
    pub entry: Option<String>,
}

impl From<InclusionProof> for ActProof {
    fn from(proof: InclusionProof) -> Self {
        Self {
            index: proof.position.index,
            leaf_hash: proof.leaf.to_base64(),
            tree_size: proof.position.size,
            path: proof.path.iter().map(|hash| hash.to_base64()).collect(),
            checkpoint: proof.position.checkpoint,
            entry: Some(STANDARD.encode(proof.entry)),
        }
    }
}

/// A signed checkpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckpointView {
    /// Events covered.
    pub size: i64,
    /// Root of the tree over them, base64.
    pub root: String,
    /// When it was signed, by the server's clock.
    pub at: DateTime<Utc>,
    /// The signed note.
    pub note: String,
}

/// Proof that a larger log contains a smaller one unchanged (RFC 6962, 2.1.2).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsistencyView {
    /// The smaller size.
    pub from: u64,
    /// The larger size.
    pub to: u64,
    /// The proof, base64.
    pub path: Vec<String>,
}

row! { struct CheckpointRow { size: i64, root: Vec<u8>, at: DateTime<Utc>, note: String } }
row! { struct EntryRow { entry: Vec<u8> } }

impl ReadTx<'_, may::AuditRead> {
    /// Proof for the event at a place.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; a conflict while no checkpoint covers it.
    pub fn event_proof(&mut self, index: u64) -> Result<ProofView, StoreError> {
        let room = &self.scope.tenant;
        let proof = inclusion(self.db, room.laboratory.id, &room.signer, index)?;
        Ok(ProofView {
            index,
            leaf_hash: proof.leaf.to_base64(),
            tree_size: proof.position.size,
            path: proof.path.iter().map(|hash| hash.to_base64()).collect(),
            checkpoint: proof.position.checkpoint,
            entry: STANDARD.encode(proof.entry),
            log_key: proof.key.to_string(),
        })
    }

    /// The newest checkpoint's note.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] before the first one.
    pub fn checkpoint(&mut self) -> Result<String, StoreError> {
        newest_checkpoint(self.db, self.scope.tenant.laboratory.id)?
            .map(|(_, note)| note)
            .ok_or(StoreError::NotFound)
    }

    /// Checkpoints, newest first.
    ///
    /// # Errors
    /// When the cursor is not ours; the database's.
    pub fn checkpoints(
        &mut self,
        since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<CheckpointView>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "audit/checkpoints");
        let mut query =
            sql("SELECT size, root, at, note FROM audit_checkpoints WHERE tenant_id = ?").bind(self.tenant());
        if let Some(since) = since {
            query.push(" AND at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            let size: i64 = start.key.parse().map_err(StoreError::broken)?;
            query.push(" AND size < ?").value(size);
        }
        query
            .push(" ORDER BY size DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<CheckpointRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: row.size.to_string(),
            id: Uuid::nil(),
        })?;
        Ok(listing.map(|row| CheckpointView {
            size: row.size,
            root: STANDARD.encode(row.root),
            at: row.at,
            note: row.note,
        }))
    }

    /// Proof that the log of `to` events begins with the log of `from` events.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the sizes are the wrong way round or beyond the log.
    pub fn consistency(&mut self, from: u64, to: u64) -> Result<ConsistencyView, StoreError> {
        let tenant = self.tenant();
        let size = log_size(self.db, tenant)?;
        if to > size {
            return Err(StoreError::invalid("to", "range", format!("the log has {size} events")));
        }
        if from > to {
            return Err(StoreError::invalid("from", "range", "must not be greater than `to`"));
        }
        let path = if from == 0 || from == to {
            Vec::new()
        } else {
            LogTree::reader(self.db, tenant, to)
                .consistency(from)
                .map_err(|error: TreeError| error.0)?
        };
        Ok(ConsistencyView {
            from,
            to,
            path: path.iter().map(|hash| hash.to_base64()).collect(),
        })
    }

    /// A tile of hashes (C2SP tlog-tiles): `width` of them, 32 bytes each.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the tree does not reach that far.
    pub fn tile(&mut self, level: u32, index: u64, width: u64) -> Result<Vec<u8>, StoreError> {
        let (tenant, size) = (self.tenant(), log_size(self.db, self.scope.tenant.laboratory.id)?);
        let tile = TileCoordinates::of(level, index, size)
            .filter(|tile| tile.width >= width)
            .ok_or(StoreError::NotFound)?;
        let hashes = LogTree { db: self.db, tenant }
            .tile(TileCoordinates { width, ..tile })
            .map_err(|error: TreeError| error.0)?;
        Ok(hashes.iter().flat_map(|hash| hash.as_bytes().iter().copied()).collect())
    }

    /// A tile of entries (C2SP tlog-tiles), each behind its length.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log does not reach that far.
    pub fn entry_tile(&mut self, index: u64, width: u64) -> Result<Vec<u8>, StoreError> {
        let size = log_size(self.db, self.scope.tenant.laboratory.id)?;
        let tile = TileCoordinates::of(0, index, size)
            .filter(|tile| tile.width >= width)
            .ok_or(StoreError::NotFound)?;
        let begin = tile.positions().start;
        let place = |number: u64| i64::try_from(number).map_err(StoreError::broken);
        let rows = sql(
            "SELECT e.entry FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id \
             WHERE l.tenant_id = ? AND l.idx >= ? AND l.idx < ? ORDER BY l.idx",
        )
        .bind(self.tenant())
        .bind(place(begin)?)
        .bind(place(begin.saturating_add(width))?)
        .all::<EntryRow>(self.db)?;
        entry_tile(rows.iter().map(|row| row.entry.as_slice()))
            .ok_or_else(|| StoreError::broken("an entry is too large for a tile"))
    }
}
