//! Keys that live outside the database (ATT-44): signing, wrapping, outbox, blind index and token keys.
//!
//! The store and the server borrow them from here and never write them to a table or a log. The file
//! store keeps one key a file, mode 0600, and refuses a key that somebody else could read.

mod attachment;
mod erased;
mod files;
mod log_keys;
mod personal;
mod signer;
mod tokens;

pub use attachment::{FILE_CHUNK, FileKey};
pub use erased::ErasedPerson;
pub use files::{KeyFileError, KeyFolder};
pub use log_keys::{LogKeys, RetiredLogKey};
pub use personal::{SealError, SubjectKey};
pub use signer::{LogSigner, SignedCheckpoint, SignerError};
pub use tokens::{RetiredKey, TokenKey, TokenKeys};

use hmac::{Hmac, Mac};
use rand::{RngCore, rngs::OsRng};
use sha2::Sha256;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How old what is known of the token keys may be: a rotation reaches every running node so soon.
const TOKEN_KEYS_KNOWN_FOR: Duration = Duration::from_secs(2);
/// For a token of a key that is not known: it may have been made a moment ago, on another node.
const TOKEN_KEYS_LOOKED_AT_AGAIN: Duration = Duration::from_millis(100);

/// Every key of one installation, opened once at start.
pub struct Keyring {
    folder: KeyFolder,
    wrapping: [u8; 32],
    outbox: [u8; 32],
    outbox_id: String,
    blind: [u8; 32],
    cursor: [u8; 32],
    tokens: Mutex<(Arc<TokenKeys>, Instant)>,
    /// One at a time adds to the list of erased persons.
    erasing: Mutex<()>,
}

impl Keyring {
    /// Opens the folder, making the keys that are missing (a first start).
    ///
    /// # Errors
    /// When a file cannot be read or written, is malformed, or is readable by others.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let folder = KeyFolder::open(path)?;
        let outbox = folder.secret("outbox.key")?;
        Ok(Self {
            wrapping: folder.secret("wrapping.key")?,
            outbox_id: fingerprint(&outbox),
            outbox,
            blind: folder.secret("blind-index.key")?,
            cursor: folder.secret("cursor.key")?,
            tokens: Mutex::new((Arc::new(TokenKeys::read(&folder)?), Instant::now())),
            erasing: Mutex::new(()),
            folder,
        })
    }

    /// The outbox key with the name that a mac carries (ledger.md, "From event to tree").
    pub fn outbox(&self) -> (&str, &[u8; 32]) {
        (&self.outbox_id, &self.outbox)
    }

    /// The keys of access tokens, as they lay in the folder a moment ago.
    pub fn tokens(&self) -> Arc<TokenKeys> {
        self.tokens_known_for(TOKEN_KEYS_KNOWN_FOR)
    }

    /// The same, looked at again for a key that is not among them.
    pub fn tokens_with(&self, id: &str) -> Arc<TokenKeys> {
        let known = self.tokens();
        if known.knows(id) {
            known
        } else {
            self.tokens_known_for(TOKEN_KEYS_LOOKED_AT_AGAIN)
        }
    }

    /// A folder that cannot be read for a moment changes nothing: the keys that are known stay.
    fn tokens_known_for(&self, long: Duration) -> Arc<TokenKeys> {
        let mut known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if known.1.elapsed() >= long {
            known.1 = Instant::now();
            if let Ok(found) = TokenKeys::read(&self.folder)
                && !found.same_as(&known.0)
            {
                known.0 = Arc::new(found);
            }
        }
        Arc::clone(&known.0)
    }

    /// Puts a new key for access tokens into the folder; tokens of the old one stay good until `until` (seconds since 1970).
    /// Running servers notice by themselves.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn rotate_tokens(path: &Path, now: i64, until: i64) -> Result<TokenKeys, KeyFileError> {
        TokenKeys::rotate(&KeyFolder::open(path)?, now, until)
    }

    /// The key that makes list cursors unforgeable.
    pub fn cursor(&self) -> &[u8; 32] {
        &self.cursor
    }

    /// The key that wraps the per-person keys stored in the database.
    pub(crate) fn wrapping(&self) -> &[u8; 32] {
        &self.wrapping
    }

    /// A searchable, keyed fingerprint of a normalised value; useless without the key and different in every laboratory.
    pub fn blind_index(&self, tenant: Uuid, field: &str, normalised: &str) -> [u8; 32] {
        let mut mac = hmac(&self.blind);
        mac.update(tenant.as_bytes());
        mac.update(&[0]);
        mac.update(field.as_bytes());
        mac.update(&[0]);
        mac.update(normalised.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The signer of one laboratory's log, with its own memory of the last signed size and root.
    ///
    /// # Errors
    /// When the key or its state file cannot be read or written.
    pub fn log_signer(&self, slug: &str, origin: &str) -> Result<LogSigner, KeyFileError> {
        LogSigner::open(&self.folder, slug, origin)
    }

    /// A named secret document (for instance a PKCS#8 identity), made by `make` when it does not exist yet.
    ///
    /// # Errors
    /// When the file cannot be read or written, is readable by others, or `make` fails.
    pub fn document<E>(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Vec<u8>, KeyFileError>
    where
        E: std::fmt::Display,
    {
        self.folder.document(name, make)
    }
}

/// Random bytes for nonces, tokens and keys, from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// HMAC-SHA-256 with a 32-byte key, which cannot be refused for its length.
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0u8; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into())
}

fn fingerprint(key: &[u8; 32]) -> String {
    let mut mac = hmac(key);
    mac.update(b"attest.key-name/v1");
    mac.finalize()
        .into_bytes()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
