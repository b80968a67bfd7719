//! The proof room of Attest: what an audit entry is, byte for byte, how entries become a Merkle tree, how the tree is
//! signed, and how an export proves itself to somebody who was never online.
//!
//! Pure: no files, no clock, no network, no randomness. `store` keeps the rows, `keyring` keeps the keys, `server` and
//! `attest-verify` do the talking. Sources: RFC 6962 and 9162 (tree, proofs), RFC 8785 (JCS), C2SP signed-note,
//! tlog-checkpoint, tlog-tiles, tlog-cosignature and tlog-policy.

pub mod bundle;
pub mod checkpoint;
pub mod entry;
pub mod hash;
pub mod jcs;
pub mod merkle;
pub mod note;
pub mod outbox;
pub mod policy;
pub mod rotation;
pub mod seal;

pub use hash::Hash;
