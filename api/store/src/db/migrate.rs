//! The schema, from `migrations/<engine>`, embedded in the program.

use super::engine::{DatabaseUrl, OpenError};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// A lock key that only migrations of this program use.
const LOCK: i64 = 0x4154_5445_5354;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A step failed; it was rolled back.
    #[error("a migration failed: {0}")]
    Step(String),
    /// The role's name has other characters than letters, digits and underscores.
    #[error("the service role's name may hold letters, digits and underscores only")]
    Role,
}

/// Brings the schema up to date; the names of the steps that ran.
///
/// On PostgreSQL run this with the owner's role; `service_role`, when named, gets exactly the rights the service
/// needs: it owns nothing and may not change or remove what is append-only.
///
/// # Errors
/// As [`MigrateError`].
pub fn migrate(url: &DatabaseUrl, service_role: Option<&str>) -> Result<Vec<String>, MigrateError> {
    let step = |error: &dyn std::fmt::Display| MigrateError::Step(error.to_string());
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut connection = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|error| OpenError::Connect(error.to_string()))?;
            connection
                .batch_execute("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10000;")
                .map_err(|error| step(&error))?;
            let done = connection.run_pending_migrations(SQLITE).map_err(|error| step(&error))?;
            Ok(done.iter().map(ToString::to_string).collect())
        }
        DatabaseUrl::Postgres(url) => {
            let mut connection =
                PgConnection::establish(url).map_err(|error| OpenError::Connect(error.to_string()))?;
            // Two nodes that start together must not both migrate.
            connection
                .batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
                .map_err(|error| step(&error))?;
            let done = connection.run_pending_migrations(POSTGRES).map_err(|error| step(&error))?;
            let done = done.iter().map(ToString::to_string).collect();
            if let Some(role) = service_role {
                if role.is_empty() || !role.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                    return Err(MigrateError::Role);
                }
                connection
                    .batch_execute(&GRANTS.replace("{role}", role))
                    .map_err(|error| step(&error))?;
            }
            Ok(done)
        }
    }
}

/// Everything the service may do; the append-only tables lose UPDATE and DELETE again (ATT-42).
const GRANTS: &str = r#"
GRANT USAGE ON SCHEMA public TO "{role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}";
REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM "{role}";
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, audit_leaves, audit_subtrees, audit_checkpoints, result_versions, report_documents FROM "{role}";
"#;
