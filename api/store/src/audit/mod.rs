//! Reading the audit trail: events in words, proofs, tiles, exports.

mod events;
mod export;
mod openings;
mod tree;
mod view;

pub use events::EventFilter;
pub use export::{ExportBuild, ExportRequest, ExportTicket, ExportView, zip as bundle_zip};
pub use tree::{CheckpointView, ConsistencyView, ProofView};
pub use view::EventView;
pub(crate) use view::{StoredEvent, describe};
