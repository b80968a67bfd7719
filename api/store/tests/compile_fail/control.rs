//! What is allowed: a permit from a caller, used once, for what it names; a write that records its event.
use attest_domain::may;
use attest_store::{Caller, ExportRequest, Store};

pub async fn allowed(store: Store, caller: Caller) {
    let permit = caller.permit::<may::AuditExport>().unwrap();
    let request = ExportRequest::default();
    let _written = store.write(permit, None, move |tx| tx.export_request(&request)).await;
}
