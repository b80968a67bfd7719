//~ error[E0521]
//~ borrowed data escapes
//! A transaction, and what hangs on it, cannot be carried out of its closure into another one.
use attest_domain::may;
use attest_store::{Permit, ReadTx, Store};
use std::sync::Mutex;

pub async fn stolen(store: Store, permit: Permit<may::AuditRead>, place: &'static Mutex<Option<&'static mut ReadTx<'static, may::AuditRead>>>) {
    let _read = store
        .read(permit, move |tx| {
            *place.lock().unwrap() = Some(tx);
            Ok(())
        })
        .await;
}
