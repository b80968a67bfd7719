//! Which engine, and a connection to it.

use super::{postgres::PgEngine, sqlite::SqliteEngine};
use crate::StoreError;
use diesel::{PgConnection, SqliteConnection};
use std::path::PathBuf;
use std::str::FromStr;
use uuid::Uuid;

/// Where the data are. Chosen by scheme, never by trial: SQLite would accept any path.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`: one file, embedded.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = OpenError;

    fn from_str(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(OpenError::Scheme)
    }
}

/// Shows the engine, never the password in the URL.
impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(_) => write!(out, "postgres://…"),
        }
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no engine we know.
    #[error("DATABASE_URL must start with sqlite: or postgres://")]
    Scheme,
    /// The engine refused.
    #[error("the database cannot be reached: {0}")]
    Connect(String),
}

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
