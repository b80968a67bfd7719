//~ error[E0451]
//~ private
//! A caller comes from a valid token only.
use attest_store::{Caller, Principal};

pub fn forged(principal: Principal, other: Caller) -> Caller {
    Caller { principal, ..other }
}
