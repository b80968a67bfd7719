//! The audit trail's storage: writing events with the change they tell of, and turning them into the signed tree.

mod complaints;
mod examine;
mod journal;
mod keys;
mod proof;
mod record;
mod rotation;
mod sequencer;
mod tree;
mod writers;

pub use complaints::LogTrouble;
pub use examine::{LogExamination, LogFinding};
pub(crate) use journal::{InDoubt, Journal, RecordTally};
pub use proof::{InclusionProof, LogPosition};
pub(crate) use proof::{inclusion, newest_checkpoint, proof_of};
pub use record::{Event, Recorded};
pub(crate) use rotation::{StoredRotation, covering, rotation_proofs, rotations};
pub(crate) use sequencer::{Sequencing, log_size, start};
pub(crate) use tree::{LogTree, TreeError};
pub(crate) use writers::watch;
