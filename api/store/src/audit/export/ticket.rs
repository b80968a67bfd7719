//! In whose name an export is built: who asked for it, with the rights that person has when it is built.

use super::ExportRequest;
use crate::access::{Scope, effective_permissions, only_client};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{RequestSource, StoreError};
use attest_domain::Permission;
use attest_domain::ids::UserId;
use uuid::Uuid;

/// An export that waits to be built, in the name of who asked for it.
#[derive(Debug, Clone)]
pub struct ExportTicket {
    /// The laboratory.
    pub tenant: Uuid,
    /// The export.
    pub id: Uuid,
}

row! {
    /// What was asked for, and by whom.
    pub(super) struct AskedRow {
        pub(super) request: String,
        pub(super) created_by: Uuid,
        pub(super) name: String,
    }
}

/// What was asked for and by whom, with that person's rights of today.
pub(super) fn asked(inner: &Inner, db: &mut Db, ticket: &ExportTicket) -> Result<(Scope, AskedRow), StoreError> {
    let row = sql("SELECT x.request, x.created_by, u.name FROM audit_exports x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.created_by WHERE x.tenant_id = ? AND x.id = ?")
        .bind(ticket.tenant)
        .bind(ticket.id)
        .one::<AskedRow>(db)?;
    let tenant = inner.tenants.load(db, ticket.tenant)?;
    let mut scope = Scope::person(
        tenant,
        UserId::from_uuid(row.created_by),
        None,
        RequestSource::default(),
    );
    scope.only_client = only_client(db, ticket.tenant, row.created_by)?;
    scope.permissions = effective_permissions(db, ticket.tenant, row.created_by)?;
    let request: ExportRequest = serde_json::from_str(&row.request).map_err(StoreError::broken)?;
    if !request.opened {
        // What was asked for without legible patients' data has none, whatever was granted since.
        scope.permissions.remove(Permission::PatientRead);
    }
    if !scope.permissions.contains(Permission::AuditExport) {
        return Err(StoreError::conflict(
            "who asked for this export may not export any more",
        ));
    }
    Ok((scope, row))
}
