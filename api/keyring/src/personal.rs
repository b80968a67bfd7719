//! Personal data: a key per person, wrapped by a key that is not in the database (ATT-43).
//!
//! Destroying the wrapped key makes everything sealed under it unreadable, in the database, its journal and
//! its backups alike.

use crate::{Keyring, random};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A sealed value cannot be opened: wrong key, wrong place, or changed bytes.
#[derive(Debug, thiserror::Error)]
#[error("sealed value cannot be opened: wrong key or changed bytes")]
pub struct SealError;

/// The key of one person. Never leaves the process unwrapped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SubjectKey([u8; 32]);

impl SubjectKey {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(random())
    }

    /// The raw key, for the ledger's blinding factors.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Encrypts a value for one place; `place` (table, column, row) is authenticated, so a value cannot be moved.
    ///
    /// # Errors
    /// Only when the value is larger than the cipher allows (256 GiB).
    pub fn seal(&self, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(&self.derived(), place.as_bytes(), value)
    }

    /// Decrypts what [`seal`](Self::seal) made for the same place.
    ///
    /// # Errors
    /// When key, place or bytes do not fit.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        decrypt(&self.derived(), place.as_bytes(), sealed)
    }

    fn derived(&self) -> [u8; 32] {
        let mut key = [0u8; 32];
        // 32 bytes are always within HKDF-SHA-256's limit of 255 blocks; were they not, a random key would fail every open.
        if Hkdf::<Sha256>::new(None, &self.0)
            .expand(b"attest.personal/v1", &mut key)
            .is_err()
        {
            key = random();
        }
        key
    }
}

impl Keyring {
    /// Wraps a person's key for storage in the database; bound to its laboratory and person.
    ///
    /// # Errors
    /// Never in practice; see [`SubjectKey::seal`].
    pub fn wrap(&self, tenant: Uuid, subject: Uuid, key: &SubjectKey) -> Result<Vec<u8>, SealError> {
        encrypt(self.wrapping(), &binding(tenant, subject), key.bytes())
    }

    /// Unwraps a person's key.
    ///
    /// # Errors
    /// When the wrapping key is another one or the row was changed or moved.
    pub fn unwrap_key(&self, tenant: Uuid, subject: Uuid, wrapped: &[u8]) -> Result<SubjectKey, SealError> {
        let raw = decrypt(self.wrapping(), &binding(tenant, subject), wrapped)?;
        <[u8; 32]>::try_from(raw)
            .map(SubjectKey)
            .map_err(|_wrong_length| SealError)
    }
}

impl Keyring {
    /// Encrypts a file that belongs to a laboratory (ATT-35); `name` is its place, so that files cannot be swapped.
    ///
    /// # Errors
    /// See [`SubjectKey::seal`].
    pub fn seal_file(&self, tenant: Uuid, name: &str, content: &[u8]) -> Result<Vec<u8>, SealError> {
        self.file_key(tenant)?.seal(name, content)
    }

    /// Decrypts what [`seal_file`](Self::seal_file) made for the same place.
    ///
    /// # Errors
    /// When key, place or bytes do not fit.
    pub fn open_file(&self, tenant: Uuid, name: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.file_key(tenant)?.open(name, sealed)
    }

    fn file_key(&self, tenant: Uuid) -> Result<SubjectKey, SealError> {
        let mut key = [0u8; 32];
        Hkdf::<Sha256>::new(Some(tenant.as_bytes()), self.wrapping())
            .expand(b"attest.files/v1", &mut key)
            .map_err(|_length| SealError)?;
        Ok(SubjectKey(key))
    }
}

fn binding(tenant: Uuid, subject: Uuid) -> Vec<u8> {
    [tenant.as_bytes().as_slice(), subject.as_bytes().as_slice()].concat()
}

pub(crate) fn encrypt(key: &[u8; 32], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; 24] = random();
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg, aad })
        .map_err(|_too_long| SealError)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(crate) fn decrypt(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, msg) = sealed.split_at_checked(24).ok_or(SealError)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg, aad })
        .map_err(|_forged| SealError)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_at_its_own_place_att_43() {
        let key = SubjectKey::generate();
        let sealed = key.seal("patients/1", "Zażółć".as_bytes()).unwrap();
        assert_eq!(key.open("patients/1", &sealed).unwrap(), "Zażółć".as_bytes());
        assert!(key.open("patients/2", &sealed).is_err());
        assert!(SubjectKey::generate().open("patients/1", &sealed).is_err());
    }
}
