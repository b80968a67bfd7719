//! The Ed25519 keys behind access tokens (ATT-11, RFC 8037): one that signs, and those that signed until lately.
//!
//! `token.key` holds the seed of the one that signs. `token.retired` has a line for each that a rotation replaced: its public
//! half and until when tokens of it are good. The private half of a retired key is not kept: there is nothing left to steal.

use crate::files::{KeyFileError, KeyFolder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

const CURRENT: &str = "token.key";
const RETIRED: &str = "token.retired";

/// Signs access tokens and shows the public half.
pub struct TokenKey {
    key: SigningKey,
    id: String,
}

/// A key that signs no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredKey {
    id: String,
    public: VerifyingKey,
    until: i64,
}

/// The keys at one moment.
pub struct TokenKeys {
    signing: TokenKey,
    retired: Vec<RetiredKey>,
}

impl TokenKey {
    pub(crate) fn new(key: SigningKey) -> Self {
        let id = thumbprint(&key.verifying_key());
        Self { key, id }
    }

    /// The key id (`kid`): the RFC 7638 thumbprint.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs the message.
    pub fn sign(&self, message: &[u8]) -> Signature {
        self.key.sign(message)
    }

    /// The public key.
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The private key as PKCS#8 DER, the form the token library wants.
    pub fn pkcs8(&self) -> Vec<u8> {
        // RFC 8410 section 7: version 0, id-Ed25519, the seed as a nested OCTET STRING.
        const HEAD: [u8; 16] = [
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ];
        [HEAD.as_slice(), self.key.as_bytes()].concat()
    }
}

impl RetiredKey {
    /// The key id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public key.
    pub fn public(&self) -> VerifyingKey {
        self.public
    }

    /// Tokens that it signed are good until then, in seconds since 1970.
    pub fn until(&self) -> i64 {
        self.until
    }

    fn parse(line: &str) -> Option<Self> {
        let (public, until) = line.split_once(' ')?;
        let public: [u8; 32] = hex::decode(public).ok()?.try_into().ok()?;
        let public = VerifyingKey::from_bytes(&public).ok()?;
        Some(Self {
            id: thumbprint(&public),
            public,
            until: until.trim().parse().ok()?,
        })
    }
}

impl TokenKeys {
    /// Reads them, making the first one.
    pub(crate) fn read(folder: &KeyFolder) -> Result<Self, KeyFileError> {
        let signing = TokenKey::new(SigningKey::from_bytes(&folder.secret(CURRENT)?));
        let lines = folder.read(RETIRED)?.unwrap_or_default();
        let mut retired = Vec::new();
        for line in String::from_utf8_lossy(&lines).lines().filter(|line| !line.is_empty()) {
            let key = RetiredKey::parse(line).ok_or_else(|| KeyFileError::Damaged {
                path: RETIRED.into(),
                reason: "a line is not `public-key-in-hex seconds`".to_owned(),
            })?;
            // Between the two writes of a rotation the key that signs is in both files.
            if key.id != signing.id {
                retired.push(key);
            }
        }
        Ok(Self { signing, retired })
    }

    /// Puts a new key in the place of the one that signs, whose tokens stay good until `until`. Those that were retired before
    /// stay as long as they were to, and no longer than that.
    pub(crate) fn rotate(folder: &KeyFolder, now: i64, until: i64) -> Result<Self, KeyFileError> {
        let old = Self::read(folder)?;
        let mut retired = old.retired;
        retired.push(RetiredKey {
            id: old.signing.id.clone(),
            public: old.signing.public(),
            until,
        });
        for key in &mut retired {
            key.until = key.until.min(until);
        }
        retired.retain(|key| key.until > now);
        let lines: String = retired
            .iter()
            .map(|key| format!("{} {}\n", hex::encode(key.public.as_bytes()), key.until))
            .collect();
        // In this order: whoever reads in between still knows every key that signed.
        folder.replace(RETIRED, lines.as_bytes())?;
        folder.replace(CURRENT, hex::encode(crate::random::<32>()).as_bytes())?;
        Self::read(folder)
    }

    /// The key that signs.
    pub fn signing(&self) -> &TokenKey {
        &self.signing
    }

    /// Those that signed before and are good for a while; some may be over.
    pub fn retired(&self) -> &[RetiredKey] {
        &self.retired
    }

    /// Whether a token may name this one.
    pub fn knows(&self, id: &str) -> bool {
        self.signing.id == id || self.retired.iter().any(|key| key.id == id)
    }

    /// Whether these are the same keys, for as long.
    pub fn same_as(&self, other: &Self) -> bool {
        self.signing.id == other.signing.id && self.retired == other.retired
    }
}

/// RFC 7638 over the required members in lexical order.
fn thumbprint(public: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(public.as_bytes());
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members.as_bytes()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_keeps_the_public_half_for_a_while_att_11() {
        let path = std::env::temp_dir().join(format!("attest-keys-{}", hex::encode(crate::random::<8>())));
        let folder = KeyFolder::open(&path).unwrap();
        let first = TokenKeys::read(&folder).unwrap();
        let second = TokenKeys::rotate(&folder, 100, 700).unwrap();
        assert_ne!(first.signing().id(), second.signing().id());
        let kept: Vec<_> = second
            .retired()
            .iter()
            .map(|key| (key.id().to_owned(), key.until()))
            .collect();
        assert_eq!(kept, [(first.signing().id().to_owned(), 700)]);
        assert!(second.same_as(&TokenKeys::read(&folder).unwrap()));
        let seed = hex::encode(first.signing().key.as_bytes());
        let files = std::fs::read_dir(&path).unwrap();
        assert!(
            files
                .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
                .all(|text| !text.contains(&seed))
        );
        // At once: nothing older is good any more.
        let third = TokenKeys::rotate(&folder, 200, 200).unwrap();
        assert!(third.retired().is_empty(), "{:?}", third.retired());
        std::fs::remove_dir_all(path).unwrap();
    }
}
