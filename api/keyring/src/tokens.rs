//! The Ed25519 key behind access tokens (ATT-11, RFC 8037).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Signs access tokens and shows the public half.
pub struct TokenKey {
    key: SigningKey,
    id: String,
}

impl TokenKey {
    pub(crate) fn new(key: SigningKey) -> Self {
        // RFC 7638 thumbprint over the required members in lexical order.
        let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(members.as_bytes()));
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
