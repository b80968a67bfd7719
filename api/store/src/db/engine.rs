//! Which engine, and a connection to it.

use super::address::{DatabaseUrl, OpenError};
use super::{postgres::PgEngine, sqlite::SqliteEngine};
use crate::StoreError;
use diesel::{PgConnection, SqliteConnection};
use uuid::Uuid;

/// One connection of either engine.
#[allow(
    clippy::large_enum_variant,
    reason = "a connection is used in place, never moved in bulk"
)]
pub(crate) enum Db {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Db {
    /// A clause that makes the read row wait for its other writers; SQLite has one writer at a time already.
    pub(crate) fn for_update(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// A clause that keeps the read rows of these tables from being changed until the end of the transaction.
    pub(crate) fn for_share_of(&self, tables: &str) -> String {
        match self {
            Self::Sqlite(_) => String::new(),
            Self::Postgres(_) => format!(" FOR SHARE OF {tables}"),
        }
    }
}

/// Runs transactions.
#[derive(Clone)]
pub(crate) enum Backend {
    Sqlite(SqliteEngine),
    Postgres(PgEngine),
}

impl Backend {
    pub(crate) fn open(url: &DatabaseUrl, readers: u32) -> Result<Self, OpenError> {
        Ok(match url {
            DatabaseUrl::Sqlite(path) => Self::Sqlite(SqliteEngine::open(path, readers)?),
            DatabaseUrl::Postgres(url) => Self::Postgres(PgEngine::open(url)?),
        })
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// A transaction that sees one state of one laboratory (or of the directory, when none is named) and changes nothing.
    pub(crate) async fn read<T, F>(&self, tenant: Option<Uuid>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.read(work).await,
            Self::Postgres(engine) => engine.transaction(tenant, true, work).await,
        }
    }

    /// One statement that an index answers, such as who a session belongs to; on PostgreSQL it raises the wall itself.
    pub(crate) async fn glance<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.glance(work).await,
            Self::Postgres(engine) => engine.glance(work).await,
        }
    }

    /// Takes what was overwritten or deleted out of the journal, where the engine lets this program do it. False when readers
    /// still need it: try again later.
    ///
    /// # Errors
    /// The engine's.
    pub(crate) async fn forget(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.forget().await,
            // Dead rows are vacuumed by the server itself, at once for the persons' keys (migration 19); its journal is recycled.
            Self::Postgres(_) => Ok(true),
        }
    }

    /// A transaction that commits when `work` says Ok; the answer comes only after the data are durable.
    pub(crate) async fn write<T, F>(&self, tenant: Option<Uuid>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.write(work).await,
            Self::Postgres(engine) => engine.transaction(tenant, false, work).await,
        }
    }
}
