//! The keys of one laboratory's log, as files: the one that signs, the one that a rotation prepared, and what is left of those
//! before. Each step of a rotation is one durable write, so that a power cut leaves a state from which it goes on (ledger.md,
//! "Rotation of the key"):
//!
//! 1. `<slug>.next`: the new key, made before the event that names it is written. Without such an event it means nothing, and the
//!    next rotation replaces it.
//! 2. The signer signs with both keys until a checkpoint that covers the event is stored.
//! 3. `<slug>.retired`: a line with the old public key and the size of that checkpoint, the last one it signed.
//! 4. `<slug>.next` becomes `<slug>.key` in one rename; of the old private key no file is left.

use crate::files::{KeyFileError, KeyFolder};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::note::{LocalSigner, Note, NoteError, Signer, VerifierKey};
use attest_ledger::rotation::KeyRotation;
use std::sync::Arc;

/// A key that signs no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredLogKey {
    key: VerifierKey,
    until: u64,
}

impl RetiredLogKey {
    /// The key.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The size of the last checkpoint that it signed, together with its successor.
    pub fn until(&self) -> u64 {
        self.until
    }
}

/// The keys at one moment.
pub struct LogKeys {
    current: Arc<LocalSigner>,
    next: Option<Arc<LocalSigner>>,
    retired: Vec<RetiredLogKey>,
}

/// Where the keys of one log lie.
#[derive(Clone)]
pub(crate) struct LogFiles {
    folder: KeyFolder,
    slug: String,
    origin: String,
}

impl LogKeys {
    /// The key that signs.
    pub fn current(&self) -> &VerifierKey {
        self.current.key()
    }

    /// The key that a rotation prepared.
    pub fn next(&self) -> Option<&VerifierKey> {
        self.next.as_ref().map(|next| next.key())
    }

    /// Those before, the oldest first.
    pub fn retired(&self) -> &[RetiredLogKey] {
        &self.retired
    }

    /// Whoever signs with this key, while it is here.
    pub fn signer(&self, key: &VerifierKey) -> Option<Arc<LocalSigner>> {
        [Some(&self.current), self.next.as_ref()]
            .into_iter()
            .flatten()
            .find(|signer| signer.key() == key)
            .map(Arc::clone)
    }

    /// The checkpoint in this note, and which of the log's keys vouches for it. A key that was replaced vouches for nothing larger
    /// than the last checkpoint it signed: whoever got hold of it later cannot add to the log.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] when no key of this log signed it; what else is wrong with it.
    pub fn judge(&self, note: &str) -> Result<(Checkpoint, VerifierKey), NoteError> {
        let note = Note::parse(note.as_bytes())?;
        let checkpoint: Checkpoint = note
            .text()
            .parse()
            .map_err(|_form| NoteError::Form("it is no checkpoint"))?;
        if checkpoint.origin != self.current().name() {
            return Err(NoteError::Form("it is about another log"));
        }
        let here = [Some(self.current()), self.next()].into_iter().flatten();
        let before = self.retired.iter().filter(|retired| checkpoint.size <= retired.until);
        for key in here.chain(before.map(RetiredLogKey::key)) {
            match note.verify(key) {
                Ok(_) => return Ok((checkpoint, key.clone())),
                Err(NoteError::Unsigned(_)) => {}
                Err(problem) => return Err(problem),
            }
        }
        Err(NoteError::Unsigned(self.current().name().to_owned()))
    }
}

impl LogFiles {
    pub(crate) fn new(folder: &KeyFolder, slug: &str, origin: &str) -> Self {
        Self {
            folder: folder.clone(),
            slug: slug.to_owned(),
            origin: origin.to_owned(),
        }
    }

    fn name(&self, kind: &str) -> String {
        format!("logs/{}.{kind}", self.slug)
    }

    /// Reads them, making the first one.
    pub(crate) fn keys(&self) -> Result<LogKeys, KeyFileError> {
        // In this order: a rename between the two reads shows as a new key without a successor, never as an old one without.
        let next = self
            .folder
            .secret_if_there(&self.name("next"))?
            .map(|seed| self.key("next", &seed))
            .transpose()?;
        let current = self.key("key", &self.folder.secret(&self.name("key"))?)?;
        let lines = self.folder.read(&self.name("retired"))?.unwrap_or_default();
        let mut retired = Vec::new();
        for line in String::from_utf8_lossy(&lines).lines() {
            let key = line
                .rsplit_once(' ')
                .and_then(|(key, until)| {
                    Some(RetiredLogKey {
                        key: key.parse().ok()?,
                        until: until.parse().ok()?,
                    })
                })
                .ok_or_else(|| self.damaged("retired", "a line is not `verifier-key size`".to_owned()))?;
            // Between the last two steps of a rotation the key that signs has its line already.
            if key.key != *current.key() {
                retired.push(key);
            }
        }
        Ok(LogKeys {
            // Between reading the one and the other it may have been renamed.
            next: next.filter(|next| next.key() != current.key()),
            current,
            retired,
        })
    }

    fn key(&self, kind: &str, seed: &[u8; 32]) -> Result<Arc<LocalSigner>, KeyFileError> {
        LocalSigner::new(&self.origin, seed)
            .map(Arc::new)
            .map_err(|error| self.damaged(kind, error.to_string()))
    }

    fn damaged(&self, kind: &str, reason: String) -> KeyFileError {
        KeyFileError::Damaged {
            path: self.name(kind).into(),
            reason,
        }
    }

    /// What was signed last.
    pub(crate) fn last(&self) -> Result<Option<Checkpoint>, KeyFileError> {
        let Some(bytes) = self.folder.read(&self.name("last"))? else {
            return Ok(None);
        };
        let text = String::from_utf8(bytes).map_err(|error| self.damaged("last", error.to_string()))?;
        text.parse::<Checkpoint>()
            .map(Some)
            .map_err(|error| self.damaged("last", error.to_string()))
    }

    /// Remembers what is about to be signed.
    pub(crate) fn remember(&self, checkpoint: &Checkpoint) -> Result<(), KeyFileError> {
        self.folder
            .replace(&self.name("last"), checkpoint.to_string().as_bytes())
    }

    /// Kept from other processes with these keys until what is returned is dropped.
    pub(crate) fn lock(&self) -> Result<std::fs::File, KeyFileError> {
        self.folder.lock(&self.name("lock"))
    }

    /// Step 1: a new key beside the one that signs, in the place of one that was prepared before.
    pub(crate) fn prepare(&self) -> Result<KeyRotation, KeyFileError> {
        let _alone = self.lock()?;
        self.folder
            .replace(&self.name("next"), hex::encode(crate::random::<32>()).as_bytes())?;
        let keys = self.keys()?;
        let to = keys
            .next()
            .cloned()
            .ok_or_else(|| self.damaged("next", "it vanished".to_owned()))?;
        Ok(KeyRotation {
            from: keys.current().clone(),
            to,
        })
    }

    /// Steps 3 and 4, after the checkpoint of `until` events, signed by both keys, is stored. False when it is not the rotation that
    /// was prepared here; true also when it was finished before.
    pub(crate) fn finish(&self, rotation: &KeyRotation, until: u64) -> Result<bool, KeyFileError> {
        let _alone = self.lock()?;
        let keys = self.keys()?;
        if *keys.current() == rotation.to {
            return Ok(true);
        }
        if *keys.current() != rotation.from || keys.next() != Some(&rotation.to) {
            return Ok(false);
        }
        self.retire(&keys, rotation, until)?;
        self.folder.rename(&self.name("next"), &self.name("key"))?;
        Ok(true)
    }

    fn retire(&self, keys: &LogKeys, rotation: &KeyRotation, until: u64) -> Result<(), KeyFileError> {
        let mut lines: String = keys
            .retired
            .iter()
            .map(|retired| format!("{} {}\n", retired.key, retired.until))
            .collect();
        lines.push_str(&format!("{} {until}\n", rotation.from));
        self.folder.replace(&self.name("retired"), lines.as_bytes())
    }
}
