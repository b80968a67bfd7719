//! Writers that are gone. A process takes a number before its transaction commits, so one that is killed may leave a
//! number that no entry carries; with nobody left to say so, every later export would show it as evidence. Each process
//! therefore keeps a row that says it lives, and whoever finds one that has run out records the missing numbers.
//!
//! Only numbers below the highest that was committed can be missing: what was lost at the end leaves no gap.

use crate::access::{Permit, Scope};
use crate::clock::first_id;
use crate::db::{row, sql};
use crate::tenant::Tenant;
use crate::{Event, ReadTx, Recorded, Store, StoreError, WriteTx, now};
use attest_domain::Action;
use attest_ledger::entry::{Entry, VOIDED_ACTION, Voided};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often a process says that it lives.
const BEAT: Duration = Duration::from_secs(3);
/// Without a sign for so long it is taken for gone. Longer than a transaction lives, and than clocks differ.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// Numbers named by one event, so that it stays far below the size of an entry.
const NAMED_AT_ONCE: usize = 4_000;
/// What begins the name of such a row; the writer's id follows.
const DUTY: &str = "writer ";

row! {
    /// A writer, and when its first number may have been taken (milliseconds since 1970).
    struct WriterRow { holder: Uuid, epoch: i64 }
}
row! { struct GapRow { before: i64, number: i64 } }
row! { struct EntryRow { entry: Vec<u8> } }

/// Keeps this process's row, and looks after those of others, as long as the process lives.
pub(crate) fn watch(store: Store) {
    tokio::spawn(async move {
        let begun = now();
        loop {
            if let Err(error) = store.writers_round(begun).await {
                tracing::error!(%error, "writers of the audit log that are gone could not be looked for");
            }
            tokio::time::sleep(BEAT).await;
        }
    });
}

impl Store {
    async fn writers_round(&self, begun: DateTime<Utc>) -> Result<(), StoreError> {
        let (node, postgres) = (self.inner.journal.node(), self.inner.backend.is_postgres());
        let gone = self
            .inner
            .backend
            .read(None, move |db| {
                // A SQLite file has one process: whoever else is named there is gone.
                let until = if postgres { now() } else { now() + PATIENCE + PATIENCE };
                sql("SELECT holder, epoch FROM leases WHERE duty LIKE ? AND holder <> ? AND expires_at < ? ORDER BY duty LIMIT 20")
                    .bind(format!("{DUTY}%"))
                    .bind(node)
                    .bind(until)
                    .all::<WriterRow>(db)
            })
            .await?;
        for writer in gone {
            self.writer_gone(writer).await?;
        }
        self.writer_lives(node, begun).await
    }

    /// On SQLite once is enough, and an idle laboratory's disk stays idle.
    async fn writer_lives(&self, node: Uuid, begun: DateTime<Utc>) -> Result<(), StoreError> {
        if !self.inner.backend.is_postgres() && now() - begun > TimeDelta::seconds(2) {
            return Ok(());
        }
        self.inner
            .backend
            .write(None, move |db| {
                sql(
                    "INSERT INTO leases (duty, holder, epoch, expires_at) VALUES (?, ?, ?, ?) \
                     ON CONFLICT (duty) DO UPDATE SET expires_at = excluded.expires_at",
                )
                .bind(format!("{DUTY}{node}"))
                .bind(node)
                .bind(begun.timestamp_millis())
                .bind(now() + PATIENCE)
                .run(db)
                .map(|_rows| ())
            })
            .await
    }

    async fn writer_gone(&self, writer: WriterRow) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let since = DateTime::from_timestamp_millis(writer.epoch).unwrap_or_default();
        for tenant in tenants {
            self.writer_gaps_void(tenant, writer.holder, since).await?;
        }
        self.inner
            .backend
            .write(None, move |db| {
                sql("DELETE FROM leases WHERE duty = ?")
                    .bind(format!("{DUTY}{}", writer.holder))
                    .run(db)
                    .map(|_rows| ())
            })
            .await
    }

    async fn writer_gaps_void(&self, tenant: Arc<Tenant>, node: Uuid, since: DateTime<Utc>) -> Result<(), StoreError> {
        let scope = Arc::new(Scope::system(tenant, "writers"));
        let missing = self
            .read(Permit::<()>::of(Arc::clone(&scope)), move |tx| {
                tx.writer_gaps(node, since)
            })
            .await?;
        if missing.is_empty() {
            return Ok(());
        }
        tracing::warn!(laboratory = %scope.tenant.laboratory.slug, %node, numbers = missing.len(), "a process ended while it wrote; its lost numbers are recorded");
        self.write(Permit::<()>::of(scope), None, move |tx| tx.writer_void(node, &missing))
            .await
            .map(|_written| ())
    }
}

impl ReadTx<'_, ()> {
    /// Numbers of a writer that no entry carries and no event names.
    fn writer_gaps(&mut self, node: Uuid, since: DateTime<Utc>) -> Result<Vec<u64>, StoreError> {
        let gaps = sql(
            "SELECT before, number FROM (SELECT seq AS number, LAG(seq, 1, -1) OVER (ORDER BY seq) AS before \
             FROM audit_events WHERE tenant_id = ? AND id >= ? AND node = ?) numbered WHERE number > before + 1 ORDER BY number",
        )
        .bind(self.tenant())
        .bind(first_id(since - TimeDelta::minutes(5)))
        .bind(node)
        .all::<GapRow>(self.db)?;
        if gaps.is_empty() {
            return Ok(Vec::new());
        }
        let named: BTreeSet<u64> =
            sql("SELECT entry FROM audit_events WHERE tenant_id = ? AND object_id = ? AND action = ?")
                .bind(self.tenant())
                .bind(node.to_string())
                .bind(VOIDED_ACTION)
                .all::<EntryRow>(self.db)?
                .iter()
                .filter_map(|row| Voided::from_entry(&Entry::from_bytes(&row.entry).ok()?))
                .flat_map(|voided| voided.numbers)
                .collect();
        Ok(gaps
            .into_iter()
            .flat_map(|gap| gap.before.saturating_add(1)..gap.number)
            .filter_map(|number| u64::try_from(number).ok())
            .filter(|number| !named.contains(number))
            .collect())
    }
}

impl WriteTx<'_, ()> {
    fn writer_void(&mut self, node: Uuid, missing: &[u64]) -> Result<Recorded<()>, StoreError> {
        for numbers in missing.chunks(NAMED_AT_ONCE) {
            self.also(Event::voided(node, numbers.to_vec()))?;
        }
        self.recorded(())
    }
}

impl Event {
    /// Numbers of a writer that no entry will ever carry.
    pub(super) fn voided(node: Uuid, numbers: Vec<u64>) -> Self {
        let node = node.to_string();
        let (object, changes) = Voided { node, numbers }.event();
        changes.into_iter().fold(
            Self::new(Action::WriterVoided, &object.kind, &object.id),
            |event, change| event.set(&change.path, change.to.unwrap_or_default()),
        )
    }
}
