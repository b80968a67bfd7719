//! Sealed values: the log commits to personal data without holding it. Erasing a person destroys their key; the
//! commitment stays, cannot be guessed from, and cannot be opened to two values.
//!
//! Pure over key bytes: the keys live in `keyring`, the encrypted values in `store`.

use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::Hash;

/// Which side of a change a sealed value stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The value before.
    From,
    /// The value after.
    To,
}

impl Side {
    /// `"from"` or `"to"`, as it is hashed and as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
        }
    }
}

/// The length prefix `u32be(len)`. Nothing hashed here comes near 4 GiB: an entry ends at 64 KiB.
fn length(text: &str) -> [u8; 4] {
    u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// The blinding `r = HMAC-SHA-256(subject_key, "attest.blind/v1" ‖ 0x00 ‖ id ‖ u32be(len(path)) ‖ path ‖ side)`.
///
/// Derived rather than stored: who has the subject's key can open every seal of the subject, nobody else any.
pub fn blinding(subject_key: &[u8; 32], id: &Uuid, path: &str, side: Side) -> [u8; 32] {
    let mut block = [0_u8; 64];
    block.iter_mut().zip(subject_key).for_each(|(to, from)| *to = *from);
    let mut hmac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
    hmac.update(b"attest.blind/v1\0");
    hmac.update(id.as_bytes());
    hmac.update(&length(path));
    hmac.update(path.as_bytes());
    hmac.update(side.as_str().as_bytes());
    hmac.finalize().into_bytes().into()
}

/// The commitment `SHA-256("attest.seal/v1" ‖ 0x00 ‖ u32be(len(log)) ‖ log ‖ id ‖ u32be(len(path)) ‖ path ‖ r ‖ value)`;
/// `value_jcs` is the canonical JSON of the value ([`crate::jcs::to_vec`]).
pub fn commit(log: &str, id: &Uuid, path: &str, r: &[u8; 32], value_jcs: &[u8]) -> Hash {
    Hash::of(&[
        b"attest.seal/v1\0",
        &length(log),
        log.as_bytes(),
        id.as_bytes(),
        &length(path),
        path.as_bytes(),
        r,
        value_jcs,
    ])
}

/// The XChaCha20-Poly1305 key for a subject's values: HKDF-SHA-256 of the subject's key, no salt, info
/// `"attest.value/v1" ‖ 0x00 ‖ purpose`. One purpose for each kind of thing encrypted ("sealed", "report", ...).
pub fn value_key(subject_key: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut key = [0_u8; 32];
    // HKDF refuses only outputs beyond 255 blocks; 32 bytes are one.
    let _infallible =
        Hkdf::<Sha256>::new(None, subject_key).expand_multi_info(&[b"attest.value/v1\0", purpose.as_bytes()], &mut key);
    key
}

/// Associated data that ties a ciphertext to its place, so that rows cannot be swapped:
/// `u32be(len(log)) ‖ log ‖ id ‖ u32be(len(path)) ‖ path ‖ side`.
pub fn value_place(log: &str, id: &Uuid, path: &str, side: Side) -> Vec<u8> {
    let mut place = Vec::with_capacity(log.len() + path.len() + 28);
    place.extend_from_slice(&length(log));
    place.extend_from_slice(log.as_bytes());
    place.extend_from_slice(id.as_bytes());
    place.extend_from_slice(&length(path));
    place.extend_from_slice(path.as_bytes());
    place.extend_from_slice(side.as_str().as_bytes());
    place
}
