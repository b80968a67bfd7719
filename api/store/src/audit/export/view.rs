//! How an export stands, for those who may export.

use super::ExportRequest;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::ids::ExportId;
use attest_domain::may;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An export, as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportView {
    /// Its id.
    pub id: Uuid,
    /// queued, running, ready or failed.
    pub status: String,
    /// Percent.
    pub progress: i64,
    /// range or selection.
    pub kind: String,
    /// Index of the first event.
    pub first: Option<i64>,
    /// Index of the last event.
    pub last: Option<i64>,
    /// Events.
    pub count: Option<i64>,
    /// Parts of the PDF, about a thousand events each.
    pub parts: Option<i64>,
    /// Whether patients' data are legible in it; fetching it takes `patient:read` then.
    pub opened: bool,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: ExportOwner,
    /// Row version.
    pub version: i64,
}

/// Who asked for an export.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportOwner {
    /// The user.
    pub id: Uuid,
    /// Printed name.
    pub name: String,
}

row! {
    struct ExportRow {
        id: Uuid,
        status: String,
        progress: i64,
        kind: String,
        first_index: Option<i64>,
        last_index: Option<i64>,
        event_count: Option<i64>,
        parts: Option<i64>,
        error: Option<String>,
        created_at: DateTime<Utc>,
        created_by: Uuid,
        creator: String,
        version: i64,
        request: String,
    }
}

impl From<ExportRow> for ExportView {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            progress: row.progress,
            kind: row.kind,
            first: row.first_index,
            last: row.last_index,
            count: row.event_count,
            parts: row.parts,
            opened: serde_json::from_str::<ExportRequest>(&row.request).is_ok_and(|request| request.opened),
            error: row.error,
            created_at: row.created_at,
            created_by: ExportOwner {
                id: row.created_by,
                name: row.creator,
            },
            version: row.version,
        }
    }
}

const COLUMNS: &str = "SELECT x.id, x.status, x.progress, x.kind, x.first_index, x.last_index, x.event_count, x.parts, x.error, x.created_at, x.created_by, u.name, x.version, x.request \
     FROM audit_exports x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.created_by WHERE x.tenant_id = ?";

impl ReadTx<'_, may::AuditExport> {
    /// One export.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn export(&mut self, id: ExportId) -> Result<ExportView, StoreError> {
        Ok(sql(format!("{COLUMNS} AND x.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<ExportRow>(self.db)?
            .into())
    }

    /// Exports, newest first.
    ///
    /// # Errors
    /// When the cursor is not ours; the database's.
    pub fn exports(
        &mut self,
        changed_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<ExportView>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "audit/exports");
        let mut query = sql(COLUMNS).bind(self.tenant());
        if let Some(since) = changed_since {
            query.push(" AND x.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND x.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY x.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ExportRow>(self.db)?;
        Ok(cursors
            .finish(page, rows, |row| Position {
                key: String::new(),
                id: row.id,
            })?
            .map(ExportView::from))
    }
}
