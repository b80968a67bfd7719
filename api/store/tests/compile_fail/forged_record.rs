//~ error[E0423]
//~ Recorded
//! The proof that an event was recorded cannot be made by hand.
use attest_store::Recorded;

pub fn forged() -> Recorded<u8> {
    Recorded(1)
}
