//! The sequencer: gives events their place in the tree, at most a second behind, and has the tree signed.
//!
//! It looks for events without a leaf, never for "ids greater than the last": a transaction that commits late is not
//! skipped. One node at a time does it; on PostgreSQL its lease is checked in the transaction that appends.

mod append;
mod lease;
mod sign;
mod void;

pub(crate) use append::log_size;

use crate::StoreError;
use crate::ledger::complaints::Complaints;
use crate::store::Inner;
use crate::tenant::Tenant;
use append::{BATCH, append};
use attest_ledger::merkle::Frontier;
use lease::holds_lease;
use sign::sign;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// Everything is looked through this often even when nobody woke us (other nodes' events).
const ROUND: Duration = Duration::from_millis(500);
/// Events that arrive within this time share a batch.
const GATHER: Duration = Duration::from_millis(15);
/// The name of the duty: in the lease, and as the actor of what it records.
const DUTY: &str = "sequencer";

/// Which logs have something to do, and the edge of each tree.
#[derive(Default)]
pub(crate) struct Sequencing {
    awake: Mutex<HashSet<Uuid>>,
    bell: Notify,
    edges: Mutex<HashMap<Uuid, Frontier>>,
    /// Rung after every new checkpoint.
    pub(crate) signed: Notify,
    /// What stands in the way.
    pub(crate) complaints: Complaints,
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

    /// The edge of each tree as of the last batch that this process appended.
    fn edges(&self) -> MutexGuard<'_, HashMap<Uuid, Frontier>> {
        self.edges.lock().unwrap_or_else(PoisonError::into_inner)
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
            // What concerns every log is kept under the id of none.
            match round(&inner, woken).await {
                Ok(()) => inner.sequencing.complaints.settle(Uuid::nil()),
                Err(error) => {
                    inner.sequencing.complaints.tell(Uuid::nil(), "all", &error);
                    tokio::time::sleep(ROUND).await;
                }
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
        match advance(inner, &tenant).await {
            Ok(()) => inner.sequencing.complaints.settle(tenant.laboratory.id),
            Err(error) => inner
                .sequencing
                .complaints
                .tell(tenant.laboratory.id, &tenant.laboratory.slug, &error),
        }
    }
    Ok(())
}

async fn advance(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    while sequence(inner, tenant).await? {}
    sign(inner, tenant).await
}

/// One batch; true when there may be more.
async fn sequence(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<bool, StoreError> {
    let (room, lab) = (Arc::clone(inner), Arc::clone(tenant));
    let id = tenant.laboratory.id;
    let appended = inner.backend.write(Some(id), move |db| append(&room, db, &lab)).await;
    match appended {
        Ok(Some(appended)) => {
            inner.sequencing.edges().insert(id, appended.edge);
            if appended.messages > 0 {
                inner.webhooks.wake(id);
            }
            Ok(appended.count >= BATCH)
        }
        Ok(None) => Ok(false),
        Err(error) => {
            // What we believe about the edge may be wrong now; read it again.
            inner.sequencing.edges().remove(&id);
            Err(error)
        }
    }
}
