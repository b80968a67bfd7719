//! The bundle: an excerpt of a log that proves itself offline. Built by the server, verified by `attest-verify` and by
//! anybody who reads the format.

mod archive;
mod build;
mod readme;
mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Hash;
use crate::seal::Side;
pub use archive::{ArchiveError, Limits, read_zip, write_zip};
pub use build::{BundleError, Draft, Export, IndexedEntry, Proof};
pub use readme::Language;
pub use verify::{Report, SealState, SealedValue, Step, Verdict, verify_bundle};

/// The manifest's version.
pub const VERSION: &str = "attest.bundle/v1";

/// Member names and their bytes.
pub type Members = BTreeMap<String, Vec<u8>>;

/// The names of a bundle's members.
pub mod member {
    /// What the bundle holds; canonical JSON.
    pub const MANIFEST: &str = "manifest.json";
    /// The log key's signature over the manifest.
    pub const MANIFEST_NOTE: &str = "manifest.note";
    /// The checkpoint that every proof leads to.
    pub const CHECKPOINT: &str = "checkpoint.note";
    /// The entries, one a line.
    pub const ENTRIES: &str = "entries.jsonl";
    /// An audit path for each line of the entries.
    pub const PROOFS: &str = "proofs.jsonl";
    /// The hashes beside a range.
    pub const RANGE: &str = "range.json";
    /// A consistency proof from a checkpoint that the reader holds.
    pub const CONSISTENCY: &str = "consistency.json";
    /// Proofs of the rotations of the log's key, from the first key to the one that signed the bundle.
    pub const ROTATIONS: &str = "rotations.jsonl";
    /// Openings of sealed values.
    pub const OPENINGS: &str = "openings.jsonl";
    /// An RFC 3161 token over the checkpoint's note.
    pub const TIMESTAMP: &str = "timestamp.tsr";
    /// For people.
    pub const README: &str = "README.txt";

    /// Every member that this version of the format knows.
    pub const ALL: [&str; 11] = [
        MANIFEST,
        MANIFEST_NOTE,
        CHECKPOINT,
        ENTRIES,
        PROOFS,
        RANGE,
        CONSISTENCY,
        ROTATIONS,
        OPENINGS,
        TIMESTAMP,
        README,
    ];
}

/// What an excerpt claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Every entry from first to last: proves that nothing is missing between.
    Range,
    /// Chosen entries: proves each of them.
    Selection,
}

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`VERSION`].
    pub v: String,
    /// The log's origin.
    pub log: String,
    /// When, UTC, six decimals.
    pub created_at: String,
    /// Pseudonymous id of who asked for it.
    pub created_by: String,
    /// Range or selection.
    pub kind: Kind,
    /// Index of the first entry, from 0.
    pub first: u64,
    /// Index of the last entry, itself inside.
    pub last: u64,
    /// How a selection was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    /// SHA-256, in hexadecimal, of every member but the manifest and its note.
    pub files: BTreeMap<String, String>,
}

/// One line of `proofs.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofLine {
    /// The leaf's index, from 0.
    pub index: u64,
    /// RFC 6962 audit path, leaf to root.
    pub path: Vec<Hash>,
}

/// `range.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeSides {
    /// Index of the first entry.
    pub first: u64,
    /// Index of the last entry, itself inside.
    pub last: u64,
    /// Compact range `[0, first)`, left to right.
    pub left: Vec<Hash>,
    /// Compact range `[last + 1, size)`, left to right.
    pub right: Vec<Hash>,
}

/// `consistency.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// The smaller size.
    pub from: u64,
    /// The larger size.
    pub to: u64,
    /// RFC 6962 consistency proof.
    pub path: Vec<Hash>,
}

/// One line of `openings.jsonl`: a sealed value made readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The entry's index.
    pub index: u64,
    /// The sealed value's path in the entry.
    pub path: String,
    /// Which side.
    pub side: Side,
    /// The blinding ([`crate::seal::blinding`]).
    pub r: Hash,
    /// The value itself.
    pub value: Value,
}

/// `"<log>/export\n" ‖ base64(SHA-256(manifest.json)) ‖ "\n"`: what the log key signs.
fn manifest_text(log: &str, manifest: &[u8]) -> String {
    format!("{log}/export\n{}\n", Hash::of(&[manifest]))
}
