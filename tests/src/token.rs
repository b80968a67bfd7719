//! Access tokens as a forger would make them (ATT-11).

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

/// A token taken apart.
#[derive(Clone, Debug)]
pub struct Token {
    /// JOSE header.
    pub header: Value,
    /// Claims.
    pub claims: Value,
    /// Signature as it came, base64url.
    pub signature: String,
}

impl Token {
    /// Takes a compact token apart.
    pub fn parse(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3, "a JWT has three parts");
        let decode =
            |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON");
        Self {
            header: decode(parts[0]),
            claims: decode(parts[1]),
            signature: parts[2].to_owned(),
        }
    }

    fn signed_part(&self) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }

    /// The token with the signature it came with, which no longer fits if anything was changed.
    pub fn with_old_signature(&self) -> String {
        format!("{}.{}", self.signed_part(), self.signature)
    }

    /// The token without any signature.
    pub fn unsigned(&self) -> String {
        format!("{}.", self.signed_part())
    }

    /// The token signed with HMAC-SHA-256, the classic confusion when `secret` is the public key.
    pub fn with_hmac(&self, secret: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
        mac.update(self.signed_part().as_bytes());
        format!(
            "{}.{}",
            self.signed_part(),
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    /// The token signed with a key that is not the server's.
    pub fn with_foreign_key(&self) -> String {
        let key = SigningKey::from_bytes(&[7; 32]);
        format!(
            "{}.{}",
            self.signed_part(),
            URL_SAFE_NO_PAD.encode(key.sign(self.signed_part().as_bytes()).to_bytes())
        )
    }
}

impl Token {
    /// The token signed with this key: what the server itself would have issued.
    pub fn with_key(&self, key: &SigningKey) -> String {
        format!(
            "{}.{}",
            self.signed_part(),
            URL_SAFE_NO_PAD.encode(key.sign(self.signed_part().as_bytes()).to_bytes())
        )
    }
}

/// Finds the private half of a published key in a data folder, whatever the files look like (raw, PKCS#8, PEM, hex,
/// base64): every run of 32 bytes is tried as a seed. A test needs it to sign what only the server could sign.
pub fn signing_key_in(folder: &Path, jwks: &Value) -> Option<SigningKey> {
    let published: Vec<Vec<u8>> = jwks["keys"]
        .as_array()?
        .iter()
        .filter_map(|key| URL_SAFE_NO_PAD.decode(key["x"].as_str()?).ok())
        .collect();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).ok()?.flatten().map(|entry| entry.path()));
            continue;
        }
        let Ok(content) = fs::read(&path) else {
            continue;
        };
        if content.len() > 16 * 1024 {
            continue;
        }
        for bytes in readings(&content) {
            for seed in bytes.windows(32) {
                let key = SigningKey::from_bytes(seed.try_into().ok()?);
                if published
                    .iter()
                    .any(|public| public[..] == key.verifying_key().to_bytes())
                {
                    return Some(key);
                }
            }
        }
    }
    None
}

/// The bytes of a file, and of every word in it that may be base64 or hex.
fn readings(content: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(content);
    let words = text
        .split(|c: char| c.is_whitespace() || "\"',:{}[]".contains(c))
        .filter(|word| word.len() >= 43);
    let decoded = words.flat_map(|word| {
        [
            STANDARD.decode(word).ok(),
            URL_SAFE_NO_PAD.decode(word).ok(),
            hex::decode(word).ok(),
        ]
        .into_iter()
        .flatten()
    });
    std::iter::once(content.to_vec()).chain(decoded).collect()
}
