//~ error[E0308]
//~ expected `Result<Recorded<_>, StoreError>`
//! A write that records no event does not commit (ATT-41).
use attest_domain::may;
use attest_store::{Permit, Store, StoreError};

pub async fn silent(store: Store, permit: Permit<may::AuditExport>) {
    let _written = store.write(permit, None, |_tx| { let done: Result<(), StoreError> = Ok(()); done }).await;
}
