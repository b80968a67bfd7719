//! PostgreSQL's planner learns of growth while it happens.
//!
//! Without statistics it plans for empty tables and keeps those plans; autovacuum brings statistics a minute later at best,
//! which is too late for whoever loads 100,000 samples into a new laboratory. (SQLite is given fixed numbers instead: `statistics.sql`.)

use super::cell::row;
use super::engine::Backend;
use super::sql::sql;
use crate::StoreError;
use std::time::Duration;

/// Between two looks. A look that finds nothing grown reads a view of some sixty rows.
const ROUND: Duration = Duration::from_secs(2);

row! { struct RefreshedRow { refreshed: i64 } }

/// Starts the duty; it ends with the process. Every node may run it: one at a time does the work.
pub(crate) fn start(backend: &Backend) {
    if !backend.is_postgres() {
        return;
    }
    let backend = backend.clone();
    tokio::spawn(async move {
        let mut well = true;
        loop {
            tokio::time::sleep(ROUND).await;
            match refresh(&backend).await {
                Ok(tables) => {
                    well = true;
                    if tables > 0 {
                        tracing::debug!(tables, "PostgreSQL has new statistics of tables that grew");
                    }
                }
                Err(error) if well => {
                    well = false;
                    tracing::warn!(%error, "PostgreSQL's statistics could not be refreshed; autovacuum will do it later");
                }
                Err(_again) => {}
            }
        }
    });
}

/// How many tables have new statistics.
async fn refresh(backend: &Backend) -> Result<i64, StoreError> {
    backend
        .write(None, |db| {
            let row = sql("SELECT refresh_statistics() AS refreshed").first::<RefreshedRow>(db)?;
            Ok(row.map_or(0, |row| row.refreshed))
        })
        .await
}
