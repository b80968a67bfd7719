//! Who sequences: one node at a time. SQLite has one process only and needs no lease.

use super::DUTY;
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{StoreError, now};
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

row! { struct HolderRow { holder: Uuid } }

/// Takes or keeps the lease.
pub(super) async fn holds_lease(inner: &Arc<Inner>) -> Result<bool, StoreError> {
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
pub(super) fn check_lease(inner: &Inner, db: &mut Db) -> Result<(), StoreError> {
    if !inner.backend.is_postgres() {
        return Ok(());
    }
    let lock = db.for_update();
    sql(format!("SELECT holder FROM leases WHERE duty = ? AND holder = ?{lock}"))
        .bind(DUTY)
        .bind(inner.journal.node())
        .first::<HolderRow>(db)?
        .filter(|lease| lease.holder == inner.journal.node())
        .map(|_held| ())
        .ok_or_else(|| StoreError::Unavailable("another node sequences the log now".to_owned()))
}
