//! An independent verifier of the ledger: RFC 6962 proofs, signed notes and bundles, written from the published format
//! and from the RFC alone. It shares no line with the program.

mod act;
mod bundle;
mod note;
mod range;
mod rotation;
mod tree;

pub use act::proven;
pub use bundle::{Proven, members, pack, verify_bundle};
pub use note::{Checkpoint, hash, open_checkpoint, open_note};
pub use tree::{Hash, is_consistent, leaf_hash, node_hash, root_from_inclusion, root_of};
