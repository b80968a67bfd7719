//! The sequencer: gives events their place in the tree, at most a second behind, and has the tree signed.
//!
//! It looks for events without a leaf, never for "ids greater than the last": a transaction that commits late is not
//! skipped. One node at a time does it; on PostgreSQL the lease's epoch is checked in the transaction that appends.

use super::proof::newest_checkpoint;
use super::tree::{LogTree, TreeError, integer};
use crate::access::Scope;
use crate::db::{Db, Sql, row, sql};
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use crate::{Event, StoreError, now};
use attest_keyring::SignerError;
use attest_ledger::merkle::{Frontier, Node, leaf_hash, stored_level};
use attest_ledger::{Hash, outbox};
use chrono::TimeDelta;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// Events given their place in one transaction.
const BATCH: i64 = 512;
/// Rows of one multi-row statement; fixed, so that the statement is prepared once.
const ROWS: usize = 32;
/// Everything is looked through this often even when nobody woke us (other nodes' events).
const ROUND: Duration = Duration::from_millis(500);
/// Events that arrive within this time share a batch.
const GATHER: Duration = Duration::from_millis(15);
const DUTY: &str = "sequencer";

/// Which logs have something to do, and the edge of each tree.
#[derive(Default)]
pub(crate) struct Sequencing {
    awake: Mutex<HashSet<Uuid>>,
    bell: Notify,
    edges: Mutex<HashMap<Uuid, Frontier>>,
    /// Rung after every new checkpoint.
    pub(crate) signed: Notify,
}

impl Sequencing {
    /// This log has new events.
    pub(crate) fn wake(&self, log: Uuid) {
        self.awake.lock().unwrap_or_else(PoisonError::into_inner).insert(log);
        self.bell.notify_one();
    }

    fn take(&self) -> HashSet<Uuid> {
        std::mem::take(&mut *self.awake.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Starts the duty; it ends with the process.
pub(crate) fn start(inner: &Arc<Inner>) {
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        loop {
            let woken = tokio::time::timeout(ROUND, inner.sequencing.bell.notified())
                .await
                .is_ok();
            if woken {
                tokio::time::sleep(GATHER).await;
            }
            if let Err(error) = round(&inner, woken).await {
                tracing::error!(%error, "the audit log could not be sequenced");
                tokio::time::sleep(ROUND).await;
            }
        }
    });
}

async fn round(inner: &Arc<Inner>, woken: bool) -> Result<(), StoreError> {
    if !holds_lease(inner).await? {
        return Ok(());
    }
    let awake = inner.sequencing.take();
    let room = Arc::clone(inner);
    let tenants = inner.backend.read(None, move |db| room.tenants.all(db)).await?;
    for tenant in tenants {
        if woken && !awake.contains(&tenant.laboratory.id) {
            continue;
        }
        // One laboratory's refused signature must not keep the others waiting.
        if let Err(error) = advance(inner, &tenant).await {
            tracing::error!(%error, laboratory = %tenant.laboratory.slug, "the audit log could not be sequenced or signed");
        }
    }
    Ok(())
}

async fn advance(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    while sequence(inner, tenant).await? {}
    sign(inner, tenant).await
}

/// Takes or keeps the lease. SQLite has one process only.
async fn holds_lease(inner: &Arc<Inner>) -> Result<bool, StoreError> {
    if !inner.backend.is_postgres() {
        return Ok(true);
    }
    let node = inner.journal.node();
    inner
        .backend
        .write(None, move |db| {
            let at = now();
            let until = at + TimeDelta::seconds(5);
            sql(
                "INSERT INTO leases (duty, holder, epoch, expires_at) VALUES (?, ?, 1, ?) ON CONFLICT (duty) DO UPDATE \
                 SET holder = excluded.holder, expires_at = excluded.expires_at, \
                 epoch = CASE WHEN leases.holder = excluded.holder THEN leases.epoch ELSE leases.epoch + 1 END \
                 WHERE leases.holder = excluded.holder OR leases.expires_at < ?",
            )
            .bind(DUTY)
            .bind(node)
            .bind(until)
            .bind(at)
            .run(db)
            .map(|rows| rows == 1)
        })
        .await
}

/// Still ours, in the transaction that appends: another node's takeover waits for our commit or makes us fail.
fn check_lease(inner: &Inner, db: &mut Db) -> Result<(), StoreError> {
    if !inner.backend.is_postgres() {
        return Ok(());
    }
    let lock = db.for_update();
    sql(format!(
        "SELECT holder AS id FROM leases WHERE duty = ? AND holder = ?{lock}"
    ))
    .bind(DUTY)
    .bind(inner.journal.node())
    .first::<Known>(db)?
    .filter(|lease| lease.id == inner.journal.node())
    .map(|_held| ())
    .ok_or_else(|| StoreError::Unavailable("another node sequences the log now".to_owned()))
}

row! {
    struct PendingRow {
        event_id: Uuid,
        entry: Vec<u8>,
        mac: Vec<u8>,
        mac_key: String,
    }
}

/// One batch; true when there may be more.
async fn sequence(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<bool, StoreError> {
    let (room, lab) = (Arc::clone(inner), Arc::clone(tenant));
    let id = tenant.laboratory.id;
    let appended = inner.backend.write(Some(id), move |db| append(&room, db, &lab)).await;
    match appended {
        Ok(Some((edge, count))) => {
            inner
                .sequencing
                .edges
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(id, edge);
            Ok(count >= BATCH)
        }
        Ok(None) => Ok(false),
        Err(error) => {
            // What we believe about the edge may be wrong now; read it again.
            inner
                .sequencing
                .edges
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&id);
            Err(error)
        }
    }
}

fn append(inner: &Inner, db: &mut Db, tenant: &Arc<Tenant>) -> Result<Option<(Frontier, i64)>, StoreError> {
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
    let mut done = Vec::with_capacity(pending.len());
    let (key_name, key) = inner.keyring.outbox();
    for row in &pending {
        done.push(row.event_id);
        if row.mac_key != key_name || outbox::verify(key, &row.entry, &row.mac).is_err() {
            quarantine(db, id, row.event_id, "the entry does not fit its mac")?;
            continue;
        }
        let hash = leaf_hash(&row.entry);
        leaves.push((integer(edge.size())?, row.event_id, hash));
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
    Ok(Some((edge, count)))
}

/// The edge of the tree as of the last committed leaf.
fn edge(inner: &Inner, db: &mut Db, tenant: Uuid) -> Result<Frontier, StoreError> {
    let size = log_size(db, tenant)?;
    let known = inner
        .sequencing
        .edges
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&tenant)
        .cloned();
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

row! { struct SizeRow { size: i64 } }

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

/// Numbers lost to rollbacks are named in the log, so that any other gap is evidence.
fn record_void(inner: &Inner, db: &mut Db, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let id = tenant.laboratory.id;
    let doubted = inner.journal.take_void(id);
    if doubted.is_empty() {
        return Ok(());
    }
    let recorded = (|| {
        let mut numbers = Vec::new();
        for (number, event) in &doubted {
            // A commit whose answer was lost may have happened all the same.
            if sql("SELECT id FROM audit_events WHERE tenant_id = ? AND id = ?")
                .bind(id)
                .bind(*event)
                .first::<Known>(db)?
                .is_none_or(|known| known.id != *event)
            {
                numbers.push(*number);
            }
        }
        if numbers.is_empty() {
            return Ok(());
        }
        let event = Event::voided(inner.journal.node(), numbers);
        let scope = Scope::system(Arc::clone(tenant), DUTY);
        WriteTx::<()>::new(inner, db, &scope).also(event)
    })();
    if recorded.is_err() {
        inner.journal.doubt(id, doubted);
    }
    recorded
}

row! { struct Known { id: Uuid } }

/// Has the newest tree signed and keeps the checkpoint.
async fn sign(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let id = tenant.laboratory.id;
    let signer = Arc::clone(&tenant.signer);
    let signed_size = signer.last_size();
    let tree = inner
        .backend
        .read(Some(id), move |db| {
            let size = log_size(db, id)?;
            // Signed, but perhaps not kept: the process may have died between the two.
            if size == 0 || (size == signed_size && newest_checkpoint(db, id)?.is_some_and(|(kept, _)| kept == size)) {
                return Ok(None);
            }
            let mut reader = LogTree::reader(db, id, size);
            let root = reader.root()?;
            let path = if signed_size == 0 || signed_size >= size {
                Vec::new()
            } else {
                reader.consistency(signed_size)?
            };
            Ok(Some((size, root, path)))
        })
        .await?;
    let Some((size, root, path)) = tree else { return Ok(()) };
    let signed = tokio::task::spawn_blocking(move || signer.sign(size, root, &path))
        .await
        .map_err(StoreError::broken)?;
    let checkpoint = signed.map_err(|error: SignerError| StoreError::broken(error))?;
    inner
        .backend
        .write(Some(id), move |db| {
            sql("INSERT INTO audit_checkpoints (tenant_id, size, root, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(integer(checkpoint.size)?)
                .bind(checkpoint.root.as_bytes().as_slice())
                .bind(now())
                .bind(checkpoint.note)
                .run(db)
        })
        .await?;
    inner.sequencing.signed.notify_waiters();
    Ok(())
}
