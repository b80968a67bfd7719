//! The seal on the outbox: between the business transaction and the sequencer an entry lies in a table that a database
//! administrator could write to. The application's key, which is not in the database, tells its rows from theirs.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

const CONTEXT: &[u8] = b"attest.outbox/v1\0";

/// The row's code does not belong to these entry bytes under this key: quarantine the row and raise an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the outbox code does not belong to this entry")]
pub struct WrongMac;

fn hasher(app_key: &[u8; 32], entry: &[u8]) -> Hmac<Sha256> {
    // A 32-byte key is within HMAC's block, so it is used as it is; `new` takes a full 64-byte block.
    let mut block = [0_u8; 64];
    block.iter_mut().zip(app_key).for_each(|(to, from)| *to = *from);
    let mut hmac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
    hmac.update(CONTEXT);
    hmac.update(entry);
    hmac
}

/// `HMAC-SHA-256(app_key, "attest.outbox/v1" ‖ 0x00 ‖ entry)`.
pub fn mac(app_key: &[u8; 32], entry: &[u8]) -> [u8; 32] {
    hasher(app_key, entry).finalize().into_bytes().into()
}

/// Checks a stored code in constant time.
///
/// # Errors
/// [`WrongMac`] when it does not belong to the entry, whatever its length.
pub fn verify(app_key: &[u8; 32], entry: &[u8], code: &[u8]) -> Result<(), WrongMac> {
    hasher(app_key, entry).verify_slice(code).map_err(|_mismatch| WrongMac)
}
