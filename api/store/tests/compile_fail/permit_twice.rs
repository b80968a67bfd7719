//~ error[E0382]
//~ use of moved value: `permit`
//! One permit opens one transaction.
use attest_domain::may;
use attest_store::{Permit, Store};

pub async fn twice(store: Store, permit: Permit<may::AuditRead>) {
    let _first = store.read(permit, |tx| tx.checkpoint()).await;
    let _second = store.read(permit, |tx| tx.checkpoint()).await;
}
