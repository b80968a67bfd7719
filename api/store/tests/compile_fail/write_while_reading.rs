//~ error[E0599]
//~ no method named `export_request`
//! A reading transaction cannot change anything, whatever its permit.
use attest_domain::may;
use attest_store::{ExportRequest, Permit, Store};

pub async fn wrong(store: Store, permit: Permit<may::AuditExport>) {
    let request = ExportRequest::default();
    let _read = store.read(permit, move |tx| tx.export_request(&request).map(|_recorded| ())).await;
}
