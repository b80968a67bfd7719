//! The plain data an audit export is made of.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::Language;

/// Most rows one part may have. A row costs about 100 kB while it is rendered,
/// so a part stays under 150 MB.
pub const MAX_ROWS: usize = 1_000;

/// One part of an export of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditExport {
    /// Language of everything this crate adds to the caller's strings.
    #[serde(default)]
    pub language: Language,
    /// Name of the laboratory.
    pub laboratory: String,
    /// The log's origin, e.g. `lab.example/audit/<slug>/1`.
    pub log: String,
    /// Moment of the export with the laboratory's offset; date of the PDF.
    pub created_at: DateTime<FixedOffset>,
    /// The same, formatted for the reader.
    pub created: String,
    /// Who exported.
    pub created_by: String,
    /// What is inside, e.g. `Events 0 to 999, 2026-11-01 to 2026-11-21`.
    pub range: String,
    /// Chosen events only: says so, and what that cannot prove.
    #[serde(default)]
    pub selection: bool,
    /// Filter that was applied, when it is a selection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The signed checkpoint (C2SP signed note), verbatim, lines and all.
    pub checkpoint: String,
    /// Verifier key `<name>+<8 hex>+<base64>`.
    pub verifier_key: String,
    /// How to check it, a paragraph each; empty takes the crate's own text.
    #[serde(default)]
    pub how_to_verify: Vec<String>,
    /// This part, from 1.
    pub part: u32,
    /// Number of parts.
    pub parts: u32,
    /// Events in index order, at most [`MAX_ROWS`].
    pub rows: Vec<AuditRow>,
}

/// One event as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRow {
    /// Index in the log, from 0.
    pub index: u64,
    /// When, formatted with offset.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What, the same sentence as on screen.
    pub sentence: String,
    /// On which object, e.g. `sample 26-000123`.
    pub object: String,
    /// From where: address, request.
    pub source: String,
    /// Changes, reasons, seals; a line each, set in the code face.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// A file attached to the PDF: a member of the evidence bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// File name, e.g. `entries.jsonl`; no folders.
    pub name: String,
    /// Media type, e.g. `application/jsonl`.
    pub mime: String,
    /// Content; base64 where serialised.
    #[serde(with = "crate::base64_bytes")]
    pub bytes: Vec<u8>,
}
