//! Asking for an export, and fetching it: both are events of the trail themselves.

use super::ExportRequest;
use super::proof::held;
use crate::db::sql;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::ExportId;
use attest_domain::{Action, Permission, may};

impl WriteTx<'_, may::AuditExport> {
    /// Asks for an export. The export itself is an event of the trail.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the held checkpoint is not one of this log.
    pub fn export_request(&mut self, request: &ExportRequest) -> Result<Recorded<ExportId>, StoreError> {
        if let Some(note) = &request.held_checkpoint {
            held(note, &self.tenant_room().signer)?;
        }
        let (tenant, id, at) = (self.tenant(), ExportId::new(), now());
        let user = self
            .user()
            .ok_or_else(|| StoreError::broken("exports are asked for by people"))?;
        let request = &ExportRequest {
            opened: self.may(Permission::PatientRead),
            ..request.clone()
        };
        let kind = if request.selection { "selection" } else { "range" };
        sql("INSERT INTO audit_exports (tenant_id, id, status, kind, request, created_at, created_by, updated_at) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(kind)
            .bind(serde_json::to_string(request).map_err(StoreError::broken)?)
            .bind(at)
            .bind(user)
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::AuditExported, "audit_export", id)
            .set("kind", kind)
            .set("from", request.from.map(|at| at.to_rfc3339()))
            .set("to", request.to.map(|at| at.to_rfc3339()))
            .set("actor_id", request.actor_id.map(|id| id.to_string()))
            .set("action", request.action.clone())
            .set("object_type", request.object_type.clone())
            .set("object_id", request.object_id.clone())
            .set("held_checkpoint", request.held_checkpoint.clone())
            .set("opened", request.opened);
        self.record(event, id)
    }

    /// Records that a finished export was fetched.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; a conflict while it is not ready; refused where it holds more than the caller may see.
    pub fn export_fetch(&mut self, id: ExportId, what: &str) -> Result<Recorded<ExportId>, StoreError> {
        let export = self.look().export(id)?;
        if export.opened && !self.may(Permission::PatientRead) {
            return Err(StoreError::Refused {
                slug: "forbidden",
                status: 403,
                detail: "patients' data are legible in this export, which takes the permission patient:read; ask for an export of your own"
                    .to_owned(),
            });
        }
        if export.status != "ready" {
            return Err(StoreError::conflict(format!(
                "the export is {}; wait until it is ready",
                export.status
            )));
        }
        self.record(
            Event::new(Action::ExportDownloaded, "audit_export", id).set("file", what),
            id,
        )
    }
}
