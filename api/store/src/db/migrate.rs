//! The schema, from `migrations/<engine>`, embedded in the program.

use super::address::{DatabaseUrl, OpenError};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

const STATISTICS: &str = include_str!("statistics.sql");

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
            let done = connection
                .run_pending_migrations(SQLITE)
                .map_err(|error| step(&error))?;
            let done: Vec<String> = done.iter().map(ToString::to_string).collect();
            connection
                .batch_execute(&format!("BEGIN IMMEDIATE; {STATISTICS} COMMIT;"))
                .map_err(|error| step(&error))?;
            Ok(done)
        }
        DatabaseUrl::Postgres(url) => {
            let mut connection = PgConnection::establish(url).map_err(|error| OpenError::Connect(error.to_string()))?;
            // Two nodes that start together must not both migrate.
            connection
                .batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
                .map_err(|error| step(&error))?;
            let done = connection
                .run_pending_migrations(POSTGRES)
                .map_err(|error| step(&error))?;
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
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, audit_leaves, audit_subtrees, audit_checkpoints, result_versions, report_documents, access_review_documents, file_chunks FROM "{role}";
GRANT EXECUTE ON FUNCTION refresh_statistics() TO "{role}";
"#;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::db::{Db, row, sql};

    row! {
        #[allow(dead_code, reason = "the columns of EXPLAIN QUERY PLAN")]
        struct PlanRow { id: i64, parent: i64, notused: i64, detail: String }
    }

    #[test]
    fn a_fresh_database_knows_which_index_finds_few_rows() {
        let file = std::env::temp_dir().join(format!("attest-plans-{}.db", uuid::Uuid::new_v4()));
        let url = DatabaseUrl::Sqlite(file.clone());
        migrate(&url, None).unwrap();
        // A second start gives the numbers again.
        migrate(&url, None).unwrap();
        let mut db = Db::Sqlite(SqliteConnection::establish(&file.to_string_lossy()).unwrap());
        let mut plan = |question: &str| {
            let rows = sql(format!("EXPLAIN QUERY PLAN {question}"))
                .all::<PlanRow>(&mut db)
                .unwrap();
            rows.into_iter().map(|row| row.detail).collect::<Vec<_>>().join("; ")
        };
        let of_a_sample =
            plan("SELECT status, COUNT(*) FROM results WHERE tenant_id = x'00' AND sample_id = x'00' GROUP BY status");
        let of_a_client = plan(
            "SELECT id FROM samples WHERE tenant_id = x'00' AND client_id = x'00' AND status = 'received' ORDER BY id DESC LIMIT 50",
        );
        let newest = plan("SELECT id FROM audit_events WHERE tenant_id = x'00' ORDER BY id DESC LIMIT 50");
        std::fs::remove_file(file).unwrap();
        assert!(
            of_a_sample.contains("results_sample (tenant_id=? AND sample_id=?)"),
            "{of_a_sample}"
        );
        assert!(
            of_a_client.contains("samples_client (tenant_id=? AND client_id=?)"),
            "{of_a_client}"
        );
        assert!(!newest.contains("TEMP B-TREE"), "{newest}");
    }
}
