//! One batch of events into the tree: leaves, the roots of complete subtrees, and nothing that does not bear our mac.

use super::lease::check_lease;
use super::void::record_void;
use crate::db::{Db, Sql, row, sql};
use crate::ledger::tree::{LogTree, TreeError, integer};
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::webhooks::{self, Sequenced};
use crate::{StoreError, now};
use attest_ledger::merkle::{Frontier, Node, leaf_hash, stored_level};
use attest_ledger::{Hash, outbox};
use std::sync::Arc;
use uuid::Uuid;

/// Events given their place in one transaction.
pub(super) const BATCH: i64 = 512;
/// Rows of one multi-row statement; fixed, so that the statement is prepared once.
const ROWS: usize = 32;

row! {
    struct PendingRow {
        event_id: Uuid,
        entry: Vec<u8>,
        mac: Vec<u8>,
        mac_key: String,
    }
}
row! { struct SizeRow { size: i64 } }

/// What was appended.
pub(super) struct Appended {
    /// The tree's new edge.
    pub(super) edge: Frontier,
    /// How many events waited.
    pub(super) count: i64,
    /// How many messages to webhooks they became.
    pub(super) messages: usize,
}

/// Appends the oldest events that wait; nothing when none waited.
pub(super) fn append(inner: &Inner, db: &mut Db, tenant: &Arc<Tenant>) -> Result<Option<Appended>, StoreError> {
    let id = tenant.laboratory.id;
    check_lease(inner, db)?;
    record_void(inner, db, tenant)?;
    let pending = sql("SELECT p.event_id, e.entry, e.mac, e.mac_key FROM audit_pending p \
         JOIN audit_events e ON e.tenant_id = p.tenant_id AND e.id = p.event_id \
         WHERE p.tenant_id = ? ORDER BY p.event_id LIMIT ?")
    .bind(id)
    .bind(BATCH)
    .all::<PendingRow>(db)?;
    let count = i64::try_from(pending.len()).map_err(StoreError::broken)?;
    if count == 0 {
        return Ok(None);
    }
    let mut edge = edge(inner, db, id)?;
    let mut leaves = Vec::with_capacity(pending.len());
    let mut subtrees: Vec<(Node, Hash)> = Vec::new();
    let mut sequenced = Vec::with_capacity(pending.len());
    let mut done = Vec::with_capacity(pending.len());
    let (key_name, key) = inner.keyring.outbox();
    for row in &pending {
        done.push(row.event_id);
        if row.mac_key != key_name || outbox::verify(key, &row.entry, &row.mac).is_err() {
            quarantine(db, id, row.event_id, "the entry does not fit its mac")?;
            continue;
        }
        let hash = leaf_hash(&row.entry);
        let index = integer(edge.size())?;
        leaves.push((index, row.event_id, hash));
        sequenced.push(Sequenced {
            index,
            entry: &row.entry,
        });
        edge.append(hash, |node, hash| {
            if stored_level(&node).is_some() {
                subtrees.push((node, hash));
            }
        });
    }
    insert_leaves(db, id, &leaves)?;
    for (node, hash) in subtrees {
        sql("INSERT INTO audit_subtrees (tenant_id, level, idx, hash) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(i64::from(node.level))
            .bind(integer(node.index)?)
            .bind(hash.as_bytes().as_slice())
            .run(db)?;
    }
    forget_pending(db, id, &done)?;
    let messages = webhooks::queue(db, id, &sequenced)?;
    Ok(Some(Appended { edge, count, messages }))
}

/// The edge of the tree as of the last committed leaf.
fn edge(inner: &Inner, db: &mut Db, tenant: Uuid) -> Result<Frontier, StoreError> {
    let size = log_size(db, tenant)?;
    let known = inner.sequencing.edges().get(&tenant).cloned();
    if let Some(edge) = known
        && edge.size() == size
    {
        return Ok(edge);
    }
    let hashes = LogTree::reader(db, tenant, size)
        .compact_range(0..size)
        .map_err(|error: TreeError| error.0)?;
    Frontier::restore(size, hashes).map_err(StoreError::broken)
}

/// Leaves in the log.
pub(crate) fn log_size(db: &mut Db, tenant: Uuid) -> Result<u64, StoreError> {
    let row = sql("SELECT idx + 1 FROM audit_leaves WHERE tenant_id = ? ORDER BY idx DESC LIMIT 1")
        .bind(tenant)
        .first::<SizeRow>(db)?;
    row.map_or(Ok(0), |row| u64::try_from(row.size).map_err(StoreError::broken))
}

fn insert_leaves(db: &mut Db, tenant: Uuid, leaves: &[(i64, Uuid, Hash)]) -> Result<(), StoreError> {
    for chunk in leaves.chunks(ROWS) {
        let mut insert: Sql<'_> = sql("INSERT INTO audit_leaves (tenant_id, idx, event_id, hash) VALUES ");
        for (position, (index, event, hash)) in chunk.iter().enumerate() {
            insert.push(if position == 0 {
                "(?, ?, ?, ?)"
            } else {
                ", (?, ?, ?, ?)"
            });
            insert
                .value(tenant)
                .value(*index)
                .value(*event)
                .value(hash.as_bytes().as_slice());
        }
        insert.run(db)?;
    }
    Ok(())
}

fn forget_pending(db: &mut Db, tenant: Uuid, events: &[Uuid]) -> Result<(), StoreError> {
    for chunk in events.chunks(ROWS) {
        let mut delete = sql("DELETE FROM audit_pending WHERE tenant_id = ? AND event_id IN (").bind(tenant);
        delete.list(chunk.iter().copied()).push(")");
        delete.run(db)?;
    }
    Ok(())
}

/// A row that somebody else wrote or changed never enters the tree; it stays where it is, as evidence.
fn quarantine(db: &mut Db, tenant: Uuid, event: Uuid, why: &str) -> Result<(), StoreError> {
    tracing::error!(%tenant, %event, why, "an audit event was set aside");
    sql("INSERT INTO audit_quarantine (tenant_id, event_id, why, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(tenant)
        .bind(event)
        .bind(why)
        .bind(now())
        .run(db)
        .map(|_rows| ())
}
