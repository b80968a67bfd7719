//! Attest.
fn main() {}
