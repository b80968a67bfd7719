//! An audit entry: who did what to which object, when, and what changed. Serialised once, stored as those bytes, hashed
//! as those bytes, never serialised again.

mod read;
mod voided;
mod write;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::Hash;
pub use crate::jcs::JcsError;
pub use voided::{VOIDED_ACTION, Voided};
pub(crate) use write::write_time;

/// The version every entry begins life with.
pub const VERSION: &str = "attest.audit/v1";

/// The largest entry, in bytes: the length fits the 16 bits that tlog-tiles gives it.
pub const MAX_BYTES: usize = 65_535;

/// Why an entry cannot be written, or why bytes are no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// More than [`MAX_BYTES`].
    #[error("the entry has {0} bytes, more than 65,535")]
    TooLong(usize),
    /// `id` is not a UUID of version 7.
    #[error("the id is not a UUIDv7")]
    Id,
    /// `at` lies outside the years 0 to 9999, or within a leap second.
    #[error("the time cannot be written")]
    Time,
    /// A field that must say something is empty or malformed; names it.
    #[error("the field {0} is empty or malformed")]
    Field(&'static str),
    /// A value that JCS or the ledger cannot carry.
    #[error(transparent)]
    Value(#[from] JcsError),
    /// Bytes that are not an entry; says what the reader met.
    #[error("not an entry: {0}")]
    Syntax(String),
    /// An entry, but not in its one canonical spelling.
    #[error("the entry is not in canonical form (RFC 8785)")]
    NotCanonical,
}

/// One audit event. `source`, `changes` and `sealed` are always written, empty when there is nothing to say; every
/// other optional part is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// UUIDv7, unique in the log.
    pub id: Uuid,
    /// The log's origin, e.g. `lab.example/audit/acme/1`.
    pub log: String,
    /// The server's clock, UTC; written with six decimals, finer digits are cut off.
    pub at: DateTime<Utc>,
    /// Who acted.
    pub actor: Actor,
    /// From where.
    pub source: Source,
    /// What was done, e.g. `sample.registered`; the closed list is in `domain`.
    pub action: String,
    /// To what.
    pub object: ObjectRef,
    /// Why, where the workflow asks.
    pub reason: Option<Reason>,
    /// What changed, in plain values.
    pub changes: Vec<Change>,
    /// What changed, in commitments to personal data.
    pub sealed: Vec<Sealed>,
    /// The electronic signature that the event is.
    pub signature: Option<SignatureMark>,
    /// Which process wrote it, and its how-manieth entry for this log it is.
    pub writer: Writer,
    /// Version of the program that wrote it.
    pub code: String,
}

/// Who acted. Typed login names are never logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Kind of actor.
    pub kind: ActorKind,
    /// Pseudonymous id; absent for anonymous ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Session id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// How sure we are.
    pub assurance: Assurance,
}

/// Kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A person with an account.
    User,
    /// An integration's account.
    Service,
    /// Somebody at the server's command line.
    Operator,
    /// Attest itself, a background duty.
    System,
    /// Nobody known: a failed login, a refusal, the public check.
    Anonymous,
}

/// How the actor was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// Password alone.
    Password,
    /// Password and a second factor.
    Mfa,
    /// A service's token.
    Token,
    /// The process itself.
    System,
    /// Not at all.
    None,
}

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Address from the connection or a configured proxy only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The request's id, to find its log lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What the client called itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// What was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRef {
    /// Kind of thing, e.g. `sample`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its version after the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Accession or report number, never a person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Why something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// A code from the laboratory's list.
    pub code: String,
    /// Free text; sealed instead when the object is tied to a patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One changed value. `None` is absence; `Some(Value::Null)` is the value null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which field.
    pub path: String,
    /// Value before; decimals as strings.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub from: Option<Value>,
    /// Value after; decimals as strings.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub to: Option<Value>,
}

/// Commitments to a changed value of personal data ([`crate::seal::commit`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Pseudonymous id of the person.
    pub subject: String,
    /// Which field.
    pub path: String,
    /// Commitment to the value before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Hash>,
    /// Commitment to the value after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Hash>,
}

/// What an electronic signature says and covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureMark {
    /// Meaning, e.g. `authorised`.
    pub meaning: String,
    /// SHA-256 of what was signed, 64 lower-case hexadecimal digits.
    pub content_sha256: String,
    /// How the signer was recognised, e.g. `password`.
    pub method: String,
}

/// The writing process and its dense sequence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writer {
    /// Random per process start.
    pub node: String,
    /// Dense per (log, node).
    pub seq: u64,
}
