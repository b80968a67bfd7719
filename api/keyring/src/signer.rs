//! The log's signer: it keeps its own last (size, root) outside the database and signs a larger tree only against a
//! consistency proof from that one (ledger.md, "From event to tree", 3). Rewritten history gets no signature, and neither does a
//! log that tells of a new key which this signer did not make.

use crate::files::{KeyFileError, KeyFolder};
use crate::log_keys::{LogFiles, LogKeys};
use attest_ledger::Hash;
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::merkle::verify_consistency;
use attest_ledger::note::{LocalSigner, Note, NoteError, Signer, VerifierKey};
use attest_ledger::rotation::KeyRotation;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How old what is known of the keys may be: a rotation by another node is noticed so soon.
const KNOWN_FOR: Duration = Duration::from_secs(2);

/// Signs checkpoints and export manifests of one log.
pub struct LogSigner {
    files: LogFiles,
    keys: Mutex<(Arc<LogKeys>, Instant)>,
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
    /// The log tells of a new key that was not made here: the event was forged.
    #[error(
        "event {0} says that the log's key was replaced, but not by a key that was made here: the database was changed behind the program"
    )]
    ForeignRotation(u64),
    /// The log names another key than the one in the folder: an older folder was restored, or events were forged.
    #[error(
        "the log says that {named} signs it, but the key in the folder is another one: put the newest key folder back"
    )]
    OtherKey {
        /// The key that the log names.
        named: VerifierKey,
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
        let files = LogFiles::new(folder, slug, origin);
        Ok(Self {
            keys: Mutex::new((Arc::new(files.keys()?), Instant::now())),
            last: Mutex::new(files.last()?),
            files,
        })
    }

    /// The log's keys, as they lay in the folder a moment ago. A folder that cannot be read for a moment changes nothing.
    pub fn keys(&self) -> Arc<LogKeys> {
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if known.1.elapsed() >= KNOWN_FOR {
            known.1 = Instant::now();
            if let Ok(found) = self.files.keys() {
                known.0 = Arc::new(found);
            }
        }
        Arc::clone(&known.0)
    }

    /// The log's keys as they lie in the folder now.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn keys_now(&self) -> Result<Arc<LogKeys>, KeyFileError> {
        let found = Arc::new(self.files.keys()?);
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = (Arc::clone(&found), Instant::now());
        Ok(found)
    }

    /// The key that readers verify with; they get it from the laboratory, not from a bundle.
    pub fn verifier_key(&self) -> VerifierKey {
        self.keys().current().clone()
    }

    /// As [`LogKeys::judge`]. Where no key that is known signed it, the keys are looked at again: another node may have rotated.
    ///
    /// # Errors
    /// When the note is not this log's.
    pub fn judge(&self, note: &str) -> Result<(Checkpoint, VerifierKey), NoteError> {
        match self.keys().judge(note) {
            Err(unsigned @ NoteError::Unsigned(_)) => self.keys_now().map_err(|_unreadable| unsigned)?.judge(note),
            judged => judged,
        }
    }

    /// Size of the last checkpoint signed; 0 before the first.
    pub fn last_size(&self) -> u64 {
        self.last().map_or(0, |last| last.size)
    }

    /// What was signed last, by this process or by another one with these keys; nothing before the first.
    pub fn last(&self) -> Option<Checkpoint> {
        let kept = self.files.last().ok().flatten();
        newest(&mut self.memory(), kept).clone()
    }

    fn memory(&self) -> MutexGuard<'_, Option<Checkpoint>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rotation that is on its way, with the index of its event: both keys sign until it is finished. `rotations` are all that
    /// the log tells of, in order, each with its index; `covered` is the size of the newest stored checkpoint.
    ///
    /// # Errors
    /// [`SignerError::ForeignRotation`], [`SignerError::OtherKey`]; when the folder cannot be read.
    pub fn on_its_way(
        &self,
        rotations: &[(u64, KeyRotation)],
        covered: u64,
    ) -> Result<Option<(u64, KeyRotation)>, SignerError> {
        let Some((index, last)) = rotations.last() else {
            return Ok(None);
        };
        let keys = self.keys_now()?;
        let mut named: Option<&VerifierKey> = None;
        for (index, rotation) in rotations {
            if named.is_some_and(|named| *named != rotation.from) {
                return Err(SignerError::ForeignRotation(*index));
            }
            named = Some(&rotation.to);
        }
        // Before a checkpoint covers an event, nobody but this signer's own folder vouches for it.
        let uncovered = rotations.iter().filter(|(index, _)| *index >= covered).count();
        let replaced_here = || keys.retired().last().is_some_and(|retired| *retired.key() == last.from);
        if *keys.current() == last.to && (uncovered == 0 || uncovered == 1 && replaced_here()) {
            return Ok(None);
        }
        if *keys.current() == last.from && keys.next() == Some(&last.to) && uncovered <= 1 {
            return Ok(Some((*index, last.clone())));
        }
        match rotations.iter().find(|(index, _)| *index >= covered) {
            Some((index, _)) => Err(SignerError::ForeignRotation(*index)),
            None => Err(SignerError::OtherKey { named: last.to.clone() }),
        }
    }

    /// Signs the tree of `size` leaves with `root`, by both keys of `rotation` where there is one that is not finished. `consistency`
    /// is the RFC 6962 proof from [`last_size`](Self::last_size). The signer's memory is durable before the signature leaves.
    ///
    /// # Errors
    /// As [`SignerError`]; nothing is remembered then.
    pub fn sign(
        &self,
        size: u64,
        root: Hash,
        consistency: &[Hash],
        rotation: Option<&KeyRotation>,
    ) -> Result<SignedCheckpoint, SignerError> {
        let _alone = self.files.lock()?;
        let keys = self.keys_now()?;
        let mut memory = self.memory();
        if let Some(signed) = newest(&mut memory, self.files.last()?) {
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
        let signers = match rotation {
            // Another process may have finished it a moment ago.
            Some(rotation) if *keys.current() != rotation.to => [&rotation.from, &rotation.to]
                .into_iter()
                .map(|key| {
                    keys.signer(key)
                        .ok_or_else(|| SignerError::OtherKey { named: key.clone() })
                })
                .collect::<Result<Vec<_>, _>>()?,
            _ => keys.signer(keys.current()).into_iter().collect(),
        };
        let signers: Vec<&dyn Signer> = signers
            .iter()
            .map(|signer| -> &dyn Signer { signer.as_ref() })
            .collect();
        let checkpoint = Checkpoint::new(keys.current().name(), size, root);
        let note = Note::sign(&checkpoint.to_string(), &signers)?;
        self.files.remember(&checkpoint)?;
        *memory = Some(checkpoint);
        Ok(SignedCheckpoint {
            size,
            root,
            note: note.to_string(),
        })
    }

    /// Makes the key that is to replace the one that signs. It signs nothing before the log names it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn prepare_rotation(&self) -> Result<KeyRotation, KeyFileError> {
        self.files.prepare()
    }

    /// Ends a rotation: `until` is the size of the stored checkpoint that covers its event and bears both signatures. The old private
    /// key is gone when this returns.
    ///
    /// # Errors
    /// [`SignerError::OtherKey`] when the keys in the folder are not those of this rotation; when it cannot be written.
    pub fn finish_rotation(&self, rotation: &KeyRotation, until: u64) -> Result<(), SignerError> {
        let finished = self.files.finish(rotation, until)?;
        self.keys_now()?;
        if finished {
            return Ok(());
        }
        Err(SignerError::OtherKey {
            named: rotation.to.clone(),
        })
    }

    /// Whoever signs with this key: it may be one that replaced the one known a moment ago.
    ///
    /// # Errors
    /// When the folder cannot be read, or has no such key any more.
    pub fn signer(&self, key: &VerifierKey) -> Result<Arc<LocalSigner>, SignerError> {
        let known = self.keys().signer(key);
        known
            .or(self.keys_now()?.signer(key))
            .ok_or_else(|| SignerError::OtherKey { named: key.clone() })
    }
}

/// The later of what is remembered and what was kept: another process may have signed since.
fn newest(memory: &mut Option<Checkpoint>, kept: Option<Checkpoint>) -> &Option<Checkpoint> {
    let remembered = memory.as_ref().map_or(0, |last| last.size);
    if let Some(kept) = kept.filter(|kept| kept.size > remembered || remembered == 0) {
        *memory = Some(kept);
    }
    memory
}
