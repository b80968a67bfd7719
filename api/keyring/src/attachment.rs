//! Attached files: a key for each, and chunks that open in their own place only (ATT-35).
//!
//! The construction is that of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with random nonces of 192 bits: each chunk is
//! bound to its file, its number, and whether it is the last. Chunks that were moved, left out, repeated or cut off do not open.

use crate::personal::{SealError, SubjectKey, decrypt, encrypt};
use crate::{Keyring, random};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a file in one chunk, before encryption.
pub const FILE_CHUNK: usize = 256 * 1024;

/// Domain separation from everything else that is sealed.
const CONTEXT: &[u8] = b"attest.file/v1\0";

/// The key of one file. Never leaves the process unwrapped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; 32]);

impl FileKey {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(random())
    }

    /// Encrypts a chunk of the file.
    ///
    /// # Errors
    /// See [`SubjectKey::seal`].
    pub fn seal_chunk(&self, file: Uuid, index: u32, last: bool, chunk: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(&self.0, &place(file, index, last), chunk)
    }

    /// Decrypts what [`seal_chunk`](Self::seal_chunk) made for the same place.
    ///
    /// # Errors
    /// When key, place or bytes do not fit.
    pub fn open_chunk(&self, file: Uuid, index: u32, last: bool, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        decrypt(&self.0, &place(file, index, last), sealed)
    }

    /// Encrypts something about the file: its name, why it was withdrawn.
    ///
    /// # Errors
    /// See [`SubjectKey::seal`].
    pub fn seal(&self, what: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(&self.0, what.as_bytes(), value)
    }

    /// Decrypts what [`seal`](Self::seal) made under the same name.
    ///
    /// # Errors
    /// When key, name or bytes do not fit.
    pub fn open(&self, what: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        decrypt(&self.0, what.as_bytes(), sealed)
    }

    /// For the database: under the key of the person whom the file tells about, or of the laboratory. Bound to its file.
    ///
    /// # Errors
    /// See [`SubjectKey::seal`].
    pub fn wrapped(
        &self,
        keyring: &Keyring,
        tenant: Uuid,
        person: Option<&SubjectKey>,
        file: Uuid,
    ) -> Result<Vec<u8>, SealError> {
        match person {
            Some(person) => person.seal(&key_place(file), &self.0),
            None => keyring.seal_file(tenant, &key_place(file), &self.0),
        }
    }

    /// Back from the database.
    ///
    /// # Errors
    /// When another key wrapped it, or the row was changed or moved.
    pub fn unwrapped(
        keyring: &Keyring,
        tenant: Uuid,
        person: Option<&SubjectKey>,
        file: Uuid,
        wrapped: &[u8],
    ) -> Result<Self, SealError> {
        let raw = match person {
            Some(person) => person.open(&key_place(file), wrapped)?,
            None => keyring.open_file(tenant, &key_place(file), wrapped)?,
        };
        raw.try_into().map(Self).map_err(|_wrong_length| SealError)
    }
}

fn key_place(file: Uuid) -> String {
    format!("files/{file}/key")
}

fn place(file: Uuid, index: u32, last: bool) -> Vec<u8> {
    [CONTEXT, file.as_bytes(), &index.to_be_bytes(), &[u8::from(last)]].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_opens_in_its_own_place_only_att_35() {
        let (key, file) = (FileKey::generate(), Uuid::now_v7());
        let sealed = key.seal_chunk(file, 3, false, b"chunk").unwrap();
        assert_eq!(key.open_chunk(file, 3, false, &sealed).unwrap(), b"chunk");
        assert!(key.open_chunk(file, 2, false, &sealed).is_err(), "moved");
        assert!(
            key.open_chunk(file, 3, true, &sealed).is_err(),
            "what followed was cut off"
        );
        assert!(
            key.open_chunk(Uuid::now_v7(), 3, false, &sealed).is_err(),
            "in another file"
        );
        assert!(FileKey::generate().open_chunk(file, 3, false, &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open_chunk(file, 3, false, &changed).is_err());
        assert!(key.open("details", &sealed).is_err());
    }

    #[test]
    fn a_wrapped_key_belongs_to_its_file_and_person_att_43() {
        let (key, file) = (FileKey::generate(), Uuid::now_v7());
        let person = SubjectKey::generate();
        let wrapped = person.seal(&key_place(file), &key.0).unwrap();
        assert!(person.open(&key_place(file), &wrapped).is_ok());
        assert!(person.open(&key_place(Uuid::now_v7()), &wrapped).is_err());
        assert!(SubjectKey::generate().open(&key_place(file), &wrapped).is_err());
    }
}
