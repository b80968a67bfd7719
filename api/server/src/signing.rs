//! The key that signs a laboratory's documents: made at its first use, kept with the other keys (ATT-44).

use attest_documents::{SignError, SigningIdentity};
use attest_keyring::{KeyFileError, Keyring};
use attest_store::{Laboratory, Store, StoreError};
use chrono::Utc;
use sha2::{Digest, Sha256};

/// Why there is no signing identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The key itself.
    #[error(transparent)]
    Key(#[from] SignError),
    /// The laboratory's log, which names every key that signs for it.
    #[error(transparent)]
    Log(#[from] StoreError),
    /// The thread that read it died.
    #[error("the key could not be read: {0}")]
    Unread(#[from] tokio::task::JoinError),
}

/// The laboratory's document signing identity; the root certificate beside it is for readers to trust. The log names the
/// key, by the SHA-256 of its certificate, before anything is signed with it.
///
/// # Errors
/// When the key cannot be made, read, noted, or is damaged.
pub async fn identity(store: &Store, laboratory: &Laboratory) -> Result<SigningIdentity, IdentityError> {
    let (keys, slug, name) = (store.clone(), laboratory.slug.clone(), laboratory.name.clone());
    let identity = tokio::task::spawn_blocking(move || read_or_make(keys.keyring(), &slug, &name)).await??;
    let certificate = identity.leaf_der()?;
    let fingerprint = hex::encode(Sha256::digest(&certificate));
    store.key_noted(laboratory.id, "documents", fingerprint).await?;
    Ok(identity)
}

fn read_or_make(keyring: &Keyring, slug: &str, name: &str) -> Result<SigningIdentity, IdentityError> {
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
