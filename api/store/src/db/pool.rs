//! Pooled connections: how each engine's are made, and a transaction that never leaks into the next borrower.

use super::address::OpenError;
use super::engine::Db;
use super::sql::sql;
use crate::StoreError;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::{Connection, PgConnection, SqliteConnection};
use std::time::Duration;

/// How long a request waits for a connection before it is told to come back (503).
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes connections for a pool.
#[derive(Debug, Clone)]
pub(crate) enum Connections {
    SqliteReaders(String),
    Postgres(String),
}

/// A connection and whether a transaction was left open on it.
pub(crate) struct Pooled {
    db: Db,
    unfinished: bool,
}

impl Connections {
    /// Read-only connections to a SQLite file.
    pub(crate) fn sqlite_readers(file: String) -> Self {
        Self::SqliteReaders(file)
    }

    /// A pool of at most `size` connections.
    pub(crate) fn pool(self, size: u32) -> Result<Pool<Self>, OpenError> {
        Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .build(self)
            .map_err(|error| OpenError::Connect(error.to_string()))
    }

    fn establish(&self) -> Result<Db, OpenError> {
        let failed = |error: diesel::ConnectionError| OpenError::Connect(error.to_string());
        let (mut db, settings) = match self {
            Self::SqliteReaders(file) => (
                Db::Sqlite(SqliteConnection::establish(file).map_err(failed)?),
                READER_SETTINGS,
            ),
            Self::Postgres(url) => (
                Db::Postgres(PgConnection::establish(url).map_err(failed)?),
                SERVICE_SETTINGS,
            ),
        };
        db.batch(settings)
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        Ok(db)
    }
}

impl ManageConnection for Connections {
    type Connection = Pooled;
    type Error = OpenError;

    fn connect(&self) -> Result<Pooled, OpenError> {
        Ok(Pooled {
            db: self.establish()?,
            unfinished: false,
        })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), OpenError> {
        pooled
            .db
            .batch("SELECT 1")
            .map_err(|error| OpenError::Connect(error.to_string()))
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.unfinished
    }
}

impl Pooled {
    /// Runs `work` between `begin` and COMMIT (or ROLLBACK). A connection on which that could not be
    /// finished, a panic included, is thrown away by the pool.
    pub(crate) fn transaction<T>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.unfinished = true;
        self.db.batch(begin)?;
        let result = work(&mut self.db);
        self.db.batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        self.unfinished = false;
        result
    }
}

impl Pooled {
    /// A reading transaction on SQLite.
    pub(crate) fn look<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.unfinished = true;
        self.db.mark("BEGIN")?;
        let result = work(&mut self.db);
        self.db.mark(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        self.unfinished = false;
        result
    }

    /// A single statement, which sees one state without BEGIN. A connection that lost the database is thrown away.
    pub(crate) fn glance<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.unfinished = true;
        let result = work(&mut self.db);
        self.unfinished = result.is_err();
        result
    }
}

impl Db {
    /// A statement that begins or ends something, prepared once: SQLite would otherwise parse it each time.
    pub(crate) fn mark(&mut self, text: &'static str) -> Result<(), StoreError> {
        sql(text).run(self).map(|_rows| ())
    }

    /// Statements without values or answers.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(text)?,
            Self::Postgres(connection) => connection.batch_execute(text)?,
        }
        Ok(())
    }
}

// No mmap: each reader would map the file anew, and the process would look (and be limited by a container) as if it
// held the database as many times as it has readers.
const READER_SETTINGS: &str = "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -2000; \
     PRAGMA temp_store = MEMORY;";

const SERVICE_SETTINGS: &str =
    "SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '30s'; SET lock_timeout = '5s';";
