//! Reading the audit trail: events in words, proofs, tiles, exports.

mod describe;
mod events;
mod export;
mod keys;
mod openings;
mod sentence;
mod tree;
mod view;

pub(crate) use describe::{StoredEvent, describe};
pub use events::EventFilter;
pub use export::{ExportBuild, ExportRequest, ExportTicket, ExportView, zip as bundle_zip};
pub use keys::{KeyRotationProof, KeyRotationView, LogKeyView, LogKeysView};
pub use tree::{ActProof, CheckpointView, ConsistencyView, ProofView};
pub use view::EventView;
