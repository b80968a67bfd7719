//! The key that signs a laboratory's documents: made at its first use, kept with the other keys (ATT-44).

use attest_documents::{SignError, SigningIdentity};
use attest_keyring::{KeyFileError, Keyring};
use chrono::Utc;

/// Why there is no signing identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The key itself.
    #[error(transparent)]
    Key(#[from] SignError),
}

/// The laboratory's document signing identity; the root certificate beside it is for readers to trust.
///
/// # Errors
/// When the key cannot be made, read, or is damaged.
pub fn identity(keyring: &Keyring, slug: &str, name: &str) -> Result<SigningIdentity, IdentityError> {
    let pem = keyring.document(&format!("documents/{slug}.pem"), || {
        SigningIdentity::generate(name, Utc::now())
            .and_then(|identity| identity.to_pem())
            .map(|pem| pem.as_bytes().to_vec())
    })?;
    let identity = SigningIdentity::from_pem(&String::from_utf8_lossy(&pem))?;
    keyring.document(&format!("documents/{slug}-root.pem"), || {
        identity.root_pem().map(String::into_bytes)
    })?;
    Ok(identity)
}
