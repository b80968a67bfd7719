//! Canonical bytes to entry, strictly: what does not come back as the same bytes when written again is refused. That one
//! rule covers order, spaces, escapes, duplicate keys, nulls, other spellings of ids and times, and unknown fields.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Actor, Change, Entry, EntryError, MAX_BYTES, ObjectRef, Reason, Sealed, SignatureMark, Source, VERSION, Writer,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: String,
    id: Uuid,
    log: String,
    #[serde(deserialize_with = "time")]
    at: DateTime<Utc>,
    actor: Actor,
    source: Source,
    action: String,
    object: ObjectRef,
    reason: Option<Reason>,
    changes: Vec<Change>,
    sealed: Vec<Sealed>,
    signature: Option<SignatureMark>,
    writer: Writer,
    code: String,
}

impl Entry {
    /// Reads an entry from its stored bytes.
    ///
    /// # Errors
    /// [`EntryError::Syntax`] for what is no entry, [`EntryError::NotCanonical`] for another spelling of one, and those
    /// of [`Entry::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > MAX_BYTES {
            return Err(EntryError::TooLong(bytes.len()));
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(|error| EntryError::Syntax(error.to_string()))?;
        if wire.v != VERSION {
            return Err(EntryError::Syntax(format!(
                "version {:?}, expected {VERSION:?}",
                wire.v
            )));
        }
        let entry = Self {
            id: wire.id,
            log: wire.log,
            at: wire.at,
            actor: wire.actor,
            source: wire.source,
            action: wire.action,
            object: wire.object,
            reason: wire.reason,
            changes: wire.changes,
            sealed: wire.sealed,
            signature: wire.signature,
            writer: wire.writer,
            code: wire.code,
        };
        if entry.to_bytes()? == bytes {
            Ok(entry)
        } else {
            Err(EntryError::NotCanonical)
        }
    }
}

/// Keeps a `null` that is written apart from a field that is not.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.6fZ")
        .map(|naive| naive.and_utc())
        .map_err(|_unreadable| de::Error::custom("expected a time like 2026-11-21T21:18:00.123456Z"))
}
