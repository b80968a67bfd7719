//~ error[E0451]
//~ private
//! A permit cannot be put together by hand, not even from the pieces of another.
use attest_domain::may;
use attest_store::Permit;

pub fn forged(real: Permit<may::AuditRead>) -> Permit<may::AuditRead> {
    Permit { ..real }
}
