//! The log's signer: it keeps its own last (size, root) outside the database and signs a larger tree only against a
//! consistency proof from that one (ledger.md, "From event to tree", 3). Rewritten history gets no signature.

use crate::files::{KeyFileError, KeyFolder};
use attest_ledger::Hash;
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::merkle::verify_consistency;
use attest_ledger::note::{LocalSigner, Note, NoteError, Signer, VerifierKey};
use std::sync::{Mutex, PoisonError};

/// Signs checkpoints and export manifests of one log.
pub struct LogSigner {
    folder: KeyFolder,
    state_file: String,
    key: LocalSigner,
    last: Mutex<Option<Checkpoint>>,
}

/// A checkpoint with its signature, as the note that monitors read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// Leaves covered.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// The signed note's text.
    pub note: String,
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The tree is smaller than the last one signed: an older database was restored, or events were removed.
    #[error(
        "the log has {size} events but {signed} were signed already: an older database was restored or events were removed"
    )]
    Shrunk {
        /// Leaves offered.
        size: u64,
        /// Leaves signed before.
        signed: u64,
    },
    /// The tree does not contain the last one signed: history was rewritten.
    #[error("the log of {size} events does not continue the {signed} events signed before: history was rewritten")]
    Rewritten {
        /// Leaves offered.
        size: u64,
        /// Leaves signed before.
        signed: u64,
    },
    /// The key could not sign.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signer's memory could not be kept.
    #[error(transparent)]
    State(#[from] KeyFileError),
}

impl LogSigner {
    pub(crate) fn open(folder: &KeyFolder, slug: &str, origin: &str) -> Result<Self, KeyFileError> {
        let damaged = |name: &str, reason: String| KeyFileError::Damaged {
            path: name.into(),
            reason,
        };
        let key_file = format!("logs/{slug}.key");
        let seed = folder.secret(&key_file)?;
        let key = LocalSigner::new(origin, &seed).map_err(|error| damaged(&key_file, error.to_string()))?;
        let state_file = format!("logs/{slug}.last");
        let last = match folder.read(&state_file)? {
            None => None,
            Some(bytes) => {
                let text = String::from_utf8(bytes).map_err(|error| damaged(&state_file, error.to_string()))?;
                Some(
                    text.parse::<Checkpoint>()
                        .map_err(|error| damaged(&state_file, error.to_string()))?,
                )
            }
        };
        Ok(Self {
            folder: folder.clone(),
            state_file,
            key,
            last: Mutex::new(last),
        })
    }

    /// The key that readers verify with; they get it from the laboratory, not from a bundle.
    pub fn verifier_key(&self) -> &VerifierKey {
        self.key.key()
    }

    /// Size of the last checkpoint signed; 0 before the first.
    pub fn last_size(&self) -> u64 {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map_or(0, |last| last.size)
    }

    /// What was signed last; nothing before the first. Read at start, and kept as this process signs.
    pub fn last(&self) -> Option<Checkpoint> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs the tree of `size` leaves with `root`. `consistency` is the RFC 6962 proof from [`last_size`](Self::last_size).
    /// The signer's memory is durable before the signature leaves.
    ///
    /// # Errors
    /// As [`SignerError`]; nothing is remembered then.
    pub fn sign(&self, size: u64, root: Hash, consistency: &[Hash]) -> Result<SignedCheckpoint, SignerError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signed) = last.as_ref() {
            if size < signed.size {
                return Err(SignerError::Shrunk {
                    size,
                    signed: signed.size,
                });
            }
            if signed.size > 0 {
                verify_consistency(signed.size, &signed.root, size, &root, consistency).map_err(|_any| {
                    SignerError::Rewritten {
                        size,
                        signed: signed.size,
                    }
                })?;
            }
        }
        let checkpoint = Checkpoint::new(self.key.key().name(), size, root);
        let note = self.note(&checkpoint.to_string())?;
        self.folder
            .replace(&self.state_file, checkpoint.to_string().as_bytes())?;
        *last = Some(checkpoint);
        Ok(SignedCheckpoint { size, root, note })
    }

    /// Signs another text with the log's key: an export's manifest.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn note(&self, text: &str) -> Result<String, NoteError> {
        let note = Note::sign(text, &[&self.key])?;
        Ok(String::from_utf8_lossy(&note.to_bytes()).into_owned())
    }

    /// The key as the bundle builder wants it.
    pub fn signer(&self) -> &dyn Signer {
        &self.key
    }
}
