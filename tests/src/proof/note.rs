//! Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint).

use super::tree::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use sha2::{Digest, Sha256};

/// A checkpoint whose signature held.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The log's origin.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
}

/// Opens a signed note with a verifier key (`name+hash+key`) and returns its text.
///
/// # Errors
/// Why it cannot be believed.
pub fn open_note(note: &str, verifier_key: &str) -> Result<String, String> {
    let mut parts = verifier_key.splitn(3, '+');
    let (name, hash, key) = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(hash), Some(key)) => (name, hash, key),
        _ => return Err("not a verifier key".into()),
    };
    let key = STANDARD.decode(key).map_err(|_| "the key is not base64")?;
    let public: [u8; 32] = match key.split_first() {
        Some((1, public)) => public.try_into().map_err(|_| "an Ed25519 key has 32 bytes")?,
        _ => return Err("not an Ed25519 verifier key".into()),
    };
    let id = Sha256::new()
        .chain_update(name)
        .chain_update([0x0a, 1])
        .chain_update(public)
        .finalize();
    if hex::encode(&id[..4]) != hash {
        return Err(format!("the key hash {hash} does not belong to the key"));
    }
    let (text, signatures) = note.split_once("\n\n").ok_or("no blank line before the signatures")?;
    let text = format!("{text}\n");
    let public = VerifyingKey::from_bytes(&public).map_err(|_| "not a point of the curve")?;
    for line in signatures.lines() {
        let Some((signer, signature)) = line.strip_prefix("— ").and_then(|rest| rest.rsplit_once(' ')) else {
            continue;
        };
        let signature = STANDARD.decode(signature).map_err(|_| "a signature is not base64")?;
        if signer != name || signature.len() != 68 || signature[..4] != id[..4] {
            continue;
        }
        let signature = Signature::from_slice(&signature[4..]).map_err(|_| "not a signature")?;
        return public
            .verify(text.as_bytes(), &signature)
            .map(|()| text)
            .map_err(|_| "the signature is wrong".into());
    }
    Err(format!("no signature by {name}"))
}

/// Opens a checkpoint.
///
/// # Errors
/// Why it cannot be believed.
pub fn open_checkpoint(note: &str, verifier_key: &str) -> Result<Checkpoint, String> {
    let text = open_note(note, verifier_key)?;
    let lines: Vec<&str> = text.lines().collect();
    let [origin, size, root] = lines.as_slice() else {
        return Err(format!("a checkpoint has three lines: {text:?}"));
    };
    let (name, _) = verifier_key.split_once('+').ok_or("not a verifier key")?;
    if *origin != name {
        return Err(format!("checkpoint of {origin}, key of {name}"));
    }
    Ok(Checkpoint {
        origin: (*origin).to_owned(),
        size: size.parse().map_err(|_| "size")?,
        root: hash(root)?,
    })
}

/// Reads a hash in base64.
///
/// # Errors
/// When it is not one.
pub fn hash(text: &str) -> Result<Hash, String> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(format!("not a hash: {text}"))
}
