//! Attest.
