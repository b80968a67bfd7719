//! Files that people attach to orders, samples and results (ATT-35).
//!
//! The bytes are in the database on both engines (ADR 11): they commit with their row and their audit event, are backed up with
//! them, and every node reaches them. They are encrypted chunk by chunk under a key of the file's own, which the patient's key
//! wraps where there is a patient, else the laboratory's. Nothing is overwritten: what was attached by mistake is withdrawn, and
//! stays.

mod attach;
mod change;
mod content;
mod follow;
mod holder;
mod read;

pub use attach::SealedFile;
pub use content::FileContent;
pub use holder::{AttachesFiles, FileHolder, SeesFiles};
pub use read::{AttachedFile, FileWithdrawal};

use attest_domain::file::FileKind;
use attest_domain::ids::FileId;
use serde::{Deserialize, Serialize};

/// What is kept of a file under its own key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Details {
    name: String,
    kind: FileKind,
    /// Of the content, hexadecimal.
    sha256: String,
}

/// Where the details are kept; bound into their seal.
fn details_place(file: FileId) -> String {
    format!("files/{file}/details")
}

/// Where the reason of a withdrawal is kept.
fn reason_place(file: FileId) -> String {
    format!("files/{file}/withdrawn")
}
