//! Rotation of the log's key: the event `ledger.key_rotated` names the old and the new key, and the checkpoint that covers it is
//! signed by both. Whoever trusts the old key finds the new one in a log that the old key signed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::Hash;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{Change, Entry, EntryError};
use crate::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use crate::note::{Algorithm, Note, NoteError, VerifierKey};

/// The action of the event.
pub const KEY_ROTATED_ACTION: &str = "ledger.key_rotated";

/// The path of the event's change that names both keys.
pub const KEY_PATH: &str = "verifier_key";

/// One key in the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotation {
    /// The key that signed until then.
    pub from: VerifierKey,
    /// The key that signs from then on.
    pub to: VerifierKey,
}

/// What is wrong with a rotation, or with the proof of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// The event is another one, or about something else than the log's key.
    #[error("the event does not say that the key of this log was replaced")]
    Event,
    /// The event is of another log.
    #[error("the event is of the log {0}")]
    ForeignLog(String),
    /// The event does not name two different keys of this log.
    #[error("the event does not name two keys of this log: {0}")]
    Keys(String),
    /// The bytes are no base64.
    #[error("the entry is not base64")]
    Encoding,
    /// The bytes are no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The note is no note.
    #[error("its checkpoint: {0}")]
    Note(NoteError),
    /// One of the two signatures is missing or forged.
    #[error("its checkpoint is not signed by the {which} key: {problem}")]
    Unsigned {
        /// `old` or `new`.
        which: &'static str,
        /// What the note says.
        problem: NoteError,
    },
    /// The note's text is no checkpoint.
    #[error("its checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another log.
    #[error("its checkpoint is about the log {0}")]
    ForeignCheckpoint(String),
    /// The event is not in the tree that both keys signed.
    #[error("the event is not in the log that both keys signed: {0}")]
    NotIncluded(String),
    /// The tree that both keys signed is not the beginning of the newer one.
    #[error("the log that both keys signed is not the beginning of this one: {0}")]
    NotConsistent(String),
}

impl KeyRotation {
    /// Reads the event: its action, the log that it is in and about, and one change with both keys.
    ///
    /// # Errors
    /// [`RotationError::Event`], [`RotationError::ForeignLog`] or [`RotationError::Keys`].
    pub fn from_entry(entry: &Entry, log: &str) -> Result<Self, RotationError> {
        if entry.log != log {
            return Err(RotationError::ForeignLog(entry.log.clone()));
        }
        if entry.action != KEY_ROTATED_ACTION || entry.object.kind != "ledger" || entry.object.id != log {
            return Err(RotationError::Event);
        }
        let mut changes = entry.changes.iter().filter(|change| change.path == KEY_PATH);
        let (Some(Change { from, to, .. }), None) = (changes.next(), changes.next()) else {
            return Err(RotationError::Event);
        };
        let key = |value: &Option<serde_json::Value>| -> Result<VerifierKey, RotationError> {
            let text = value
                .as_ref()
                .and_then(serde_json::Value::as_str)
                .ok_or(RotationError::Event)?;
            let key: VerifierKey = text
                .parse()
                .map_err(|error: NoteError| RotationError::Keys(error.to_string()))?;
            if key.name() == log && key.algorithm() == Algorithm::Ed25519 {
                Ok(key)
            } else {
                Err(RotationError::Keys(format!("{text} is no key of it")))
            }
        };
        let (from, to) = (key(from)?, key(to)?);
        if from == to {
            return Err(RotationError::Keys("both are one".to_owned()));
        }
        Ok(Self { from, to })
    }

    /// The checkpoint, when both keys signed this note and it is about their log.
    ///
    /// # Errors
    /// What is missing.
    pub fn covered_by(&self, note: &str) -> Result<Checkpoint, RotationError> {
        let note = Note::parse(note.as_bytes()).map_err(RotationError::Note)?;
        for (which, key) in [("old", &self.from), ("new", &self.to)] {
            note.verify(key)
                .map_err(|problem| RotationError::Unsigned { which, problem })?;
        }
        let checkpoint: Checkpoint = note.text().parse()?;
        if checkpoint.origin == self.from.name() {
            Ok(checkpoint)
        } else {
            Err(RotationError::ForeignCheckpoint(checkpoint.origin))
        }
    }
}

/// One line of `rotations.jsonl`: what leads from the old key to the new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotationProof {
    /// The event's index in the log.
    pub index: u64,
    /// The event's exact bytes, base64.
    pub entry: String,
    /// RFC 6962 audit path to the root of `checkpoint`.
    pub path: Vec<Hash>,
    /// The signed note of the checkpoint that covers the event, with the signatures of both keys.
    pub checkpoint: String,
    /// RFC 6962 consistency proof from that checkpoint to a newer one; empty when it is that one.
    pub consistency: Vec<Hash>,
}

impl RotationProof {
    /// The event's bytes.
    ///
    /// # Errors
    /// [`RotationError::Encoding`].
    pub fn entry_bytes(&self) -> Result<Vec<u8>, RotationError> {
        STANDARD
            .decode(&self.entry)
            .map_err(|_alphabet| RotationError::Encoding)
    }

    /// What the event says, without any judgement on who says so.
    ///
    /// # Errors
    /// When the bytes are no such event of this log.
    pub fn says(&self, log: &str) -> Result<KeyRotation, RotationError> {
        KeyRotation::from_entry(&Entry::from_bytes(&self.entry_bytes()?)?, log)
    }

    /// The rotation and the checkpoint that both keys signed over it, when the event is in that checkpoint's tree and that tree is
    /// the beginning of the tree of `newer`. Whether the old key is one to trust is for the caller to know.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self, log: &str, newer: &Checkpoint) -> Result<(KeyRotation, Checkpoint), RotationError> {
        let rotation = self.says(log)?;
        let covering = rotation.covered_by(&self.checkpoint)?;
        let leaf = leaf_hash(&self.entry_bytes()?);
        verify_inclusion(&leaf, self.index, covering.size, &self.path, &covering.root)
            .map_err(|problem| RotationError::NotIncluded(problem.to_string()))?;
        verify_consistency(
            covering.size,
            &covering.root,
            newer.size,
            &newer.root,
            &self.consistency,
        )
        .map_err(|problem| RotationError::NotConsistent(problem.to_string()))?;
        Ok((rotation, covering))
    }
}
