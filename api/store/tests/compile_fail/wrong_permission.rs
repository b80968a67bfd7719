//~ error[E0599]
//~ no method named `export_request`
//! Reading the audit trail does not allow exporting it.
use attest_domain::may;
use attest_store::{ExportRequest, Permit, Store};

pub async fn wrong(store: Store, permit: Permit<may::AuditRead>) {
    let request = ExportRequest::default();
    let _written = store.write(permit, None, move |tx| tx.export_request(&request)).await;
}
