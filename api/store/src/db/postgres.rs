//! PostgreSQL: a pool, and transactions that name their laboratory before anything else.
//!
//! `app.tenant_id` is set for the transaction only, so a pooled connection (ours or pgbouncer's) never carries one
//! laboratory's scope into another's request; row-level security does the rest.

use super::address::OpenError;
use super::engine::Db;
use super::pool::Connections;
use crate::StoreError;
use diesel::r2d2::Pool;
use uuid::Uuid;

/// Connections a node keeps at most.
const CONNECTIONS: u32 = 20;

#[derive(Clone)]
pub(crate) struct PgEngine {
    pool: Pool<Connections>,
}

impl PgEngine {
    pub(crate) fn open(url: &str) -> Result<Self, OpenError> {
        Ok(Self {
            pool: Connections::Postgres(url.to_owned()).pool(CONNECTIONS)?,
        })
    }

    /// A single statement, a transaction of its own.
    pub(crate) async fn glance<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || {
            let mut connection = pool
                .get()
                .map_err(|_timed_out| StoreError::Unavailable("no connection to PostgreSQL".to_owned()))?;
            connection.glance(work)
        })
        .await
        .map_err(|error| StoreError::Broken(format!("a statement did not finish: {error}")))?
    }

    pub(crate) async fn transaction<T, F>(
        &self,
        tenant: Option<Uuid>,
        read_only: bool,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || {
            let mut connection = pool
                .get()
                .map_err(|_timed_out| StoreError::Unavailable("no connection to PostgreSQL".to_owned()))?;
            let mode = if read_only {
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            } else {
                "BEGIN"
            };
            // One round trip. A UUID's text form has no character that could end the literal.
            let begin = match tenant {
                Some(tenant) => format!("{mode}; SELECT set_config('app.tenant_id', '{tenant}', true)"),
                None => format!("{mode}; SELECT set_config('app.tenant_id', '', true)"),
            };
            connection.transaction(&begin, work)
        })
        .await
        .map_err(|error| StoreError::Broken(format!("a transaction did not finish: {error}")))?
    }
}

impl Db {
    /// Takes the transaction behind another laboratory's wall; SQLite has none. Only `platform::across` does that, and it comes
    /// back.
    pub(crate) fn wall(&mut self, tenant: Uuid) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            // A UUID's text form has no character that could end the literal.
            Self::Postgres(_) => self.batch(&format!("SELECT set_config('app.tenant_id', '{tenant}', true)")),
        }
    }
}
