//~ error[E0616]
//~ private
//! The database connection cannot be reached from outside.
use attest_store::Store;

pub fn raw(store: &Store) {
    let _pool = &store.inner;
}
