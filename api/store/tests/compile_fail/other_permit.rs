//~ error[E0308]
//~ mismatched types
//! A permit for one thing is not a permit for another.
use attest_domain::may;
use attest_store::Permit;

pub fn other(real: Permit<may::AuditRead>) -> Permit<may::UserManage> {
    real
}
