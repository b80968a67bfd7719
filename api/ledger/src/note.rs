//! Signed notes (C2SP signed-note): a text, a blank line, and lines `— <name> <base64(key hash ‖ signature)>`.
//! Ed25519 keys (type 0x01) sign logs and manifests; timestamped cosignatures (type 0x04, tlog-cosignature) are what
//! witnesses add.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::Hash;

/// More signatures than any honest note carries; a bound on work for hostile ones.
const MAX_SIGNATURES: usize = 100;

/// What kind of statement a key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 0x01: plain Ed25519 over the note's text.
    Ed25519,
    /// 0x04: Ed25519 over `cosignature/v1`, a time and the text.
    Cosignature,
}

impl Algorithm {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A public key with its name, as the verifier key string `<name>+<8 hex>+<base64(type ‖ public key)>` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    public: VerifyingKey,
    hash: [u8; 4],
}

/// What is wrong with a key, a note or a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Empty, or holds a space or a plus sign.
    #[error("{0:?} is not a key name (no spaces, no plus sign)")]
    Name(String),
    /// Not `<name>+<hash>+<key>`, a wrong hash, or a type we do not know.
    #[error("not a verifier key: {0}")]
    Key(&'static str),
    /// The note's outer form is broken.
    #[error("not a signed note: {0}")]
    Form(&'static str),
    /// No line carries this key's name and hash.
    #[error("no signature by {0}")]
    Unsigned(String),
    /// A line carries this key's name and hash, but does not verify.
    #[error("the signature by {0} does not verify")]
    Forged(String),
    /// The signer could not sign (hardware, a lost lease, …).
    #[error("the signer failed: {0}")]
    Signer(String),
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

impl VerifierKey {
    /// A key for `name`; the hash follows from both.
    ///
    /// # Errors
    /// A name with spaces or a plus sign, or 32 bytes that are no Ed25519 point or one of small order.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Name(name.to_owned()));
        }
        let public_key =
            VerifyingKey::from_bytes(public).map_err(|_no_point| NoteError::Key("the bytes are no Ed25519 key"))?;
        if public_key.is_weak() {
            return Err(NoteError::Key("the key is of small order"));
        }
        let digest = Hash::of(&[name.as_bytes(), b"\n", &[algorithm.byte()], public]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        Ok(Self {
            name: name.to_owned(),
            algorithm,
            public: public_key,
            hash: [a, b, c, d],
        })
    }

    /// The key's name; for a log it is the origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of statement the key makes.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// First 4 bytes of `SHA-256(name ‖ 0x0A ‖ type ‖ public key)`.
    pub const fn key_hash(&self) -> [u8; 4] {
        self.hash
    }

    /// Checks `signature`, the bytes after the key hash, over a note's text. A cosignature yields its time, in seconds
    /// of POSIX time.
    fn check(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteError> {
        let forged = || NoteError::Forged(self.name.clone());
        let strict = |message: &[u8], bytes: &[u8]| {
            let signature = Signature::from_slice(bytes).map_err(|_length| forged())?;
            self.public
                .verify_strict(message, &signature)
                .map_err(|_mismatch| forged())
        };
        match self.algorithm {
            Algorithm::Ed25519 => strict(text.as_bytes(), signature).map(|()| None),
            Algorithm::Cosignature => {
                let (time, bytes) = signature.split_first_chunk::<8>().ok_or_else(forged)?;
                let time = u64::from_be_bytes(*time);
                strict(format!("cosignature/v1\ntime {time}\n{text}").as_bytes(), bytes).map(|()| Some(time))
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.algorithm.byte()];
        key.extend_from_slice(self.public.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.hash), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text
            .split_once('+')
            .ok_or(NoteError::Key("expected <name>+<hash>+<key>"))?;
        let (hash, key) = rest
            .split_once('+')
            .ok_or(NoteError::Key("expected <name>+<hash>+<key>"))?;
        let bytes = STANDARD
            .decode(key)
            .map_err(|_undecodable| NoteError::Key("the key is not base64"))?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::Key("the key is empty"))?;
        let algorithm = match kind {
            0x01 => Algorithm::Ed25519,
            0x04 => Algorithm::Cosignature,
            _ => {
                return Err(NoteError::Key(
                    "unknown type; 1 (Ed25519) and 4 (cosignature) are known",
                ));
            }
        };
        let public = public
            .try_into()
            .map_err(|_length| NoteError::Key("an Ed25519 key has 32 bytes"))?;
        let parsed = Self::new(name, algorithm, public)?;
        if hex::encode(parsed.hash) == hash {
            Ok(parsed)
        } else {
            Err(NoteError::Key("its hash does not belong to its name and key"))
        }
    }
}

/// Whoever holds a private key: a file, a hardware module, another process.
pub trait Signer {
    /// The public side.
    fn key(&self) -> &VerifierKey;
    /// An Ed25519 signature over exactly these bytes.
    ///
    /// # Errors
    /// [`NoteError::Signer`] when the key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError>;
}

/// A signer whose private key is in memory.
pub struct LocalSigner {
    key: VerifierKey,
    secret: SigningKey,
}

impl LocalSigner {
    /// The log key `name` with this 32-byte Ed25519 seed.
    ///
    /// # Errors
    /// A name that is no key name.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let secret = SigningKey::from_bytes(seed);
        let key = VerifierKey::new(name, Algorithm::Ed25519, secret.verifying_key().as_bytes())?;
        Ok(Self { key, secret })
    }
}

impl Signer for LocalSigner {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError> {
        Ok(self.secret.sign(message).to_bytes())
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The signing key's name.
    pub name: String,
    /// The signing key's hash.
    pub key_hash: [u8; 4],
    /// What follows the hash: 64 bytes, or 72 with a cosignature's time.
    pub signature: Vec<u8>,
}

/// A text and its signatures. That it parsed says nothing about who signed it: ask [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs `text`, which must end with a newline, with every signer in turn.
    ///
    /// # Errors
    /// A text that no note can carry, or a signer that failed.
    pub fn sign(text: &str, signers: &[&dyn Signer]) -> Result<Self, NoteError> {
        let mut note = Self::unsigned(text)?;
        signers.iter().try_for_each(|signer| note.add_signature(*signer))?;
        Ok(note)
    }

    fn unsigned(text: &str) -> Result<Self, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Form("the text does not end with a newline"));
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Form("the text holds a control character"));
        }
        Ok(Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        })
    }

    /// Adds one more signature over the same text (key rotation: old and new key).
    ///
    /// # Errors
    /// What the signer says.
    pub fn add_signature(&mut self, signer: &dyn Signer) -> Result<(), NoteError> {
        let signature = signer.sign(self.text.as_bytes())?.to_vec();
        let key = signer.key();
        self.signatures.push(NoteSignature {
            name: key.name.clone(),
            key_hash: key.hash,
            signature,
        });
        Ok(())
    }

    /// Adds a line that somebody else made, a witness's cosignature for example; it is not checked.
    pub fn attach(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }

    /// Reads a note. Strict about form; does not judge signatures.
    ///
    /// # Errors
    /// [`NoteError::Form`] with what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let whole = std::str::from_utf8(bytes).map_err(|_encoding| NoteError::Form("it is not UTF-8"))?;
        let blank = whole
            .rfind("\n\n")
            .ok_or(NoteError::Form("no blank line before the signatures"))?;
        let (text, after) = whole.split_at(blank + 1);
        let mut note = Self::unsigned(text)?;
        let lines = after
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or(NoteError::Form("the last line does not end with a newline"))?;
        for line in lines.split('\n') {
            if note.signatures.len() == MAX_SIGNATURES {
                return Err(NoteError::Form("too many signatures"));
            }
            note.signatures.push(parse_signature(line)?);
        }
        Ok(note)
    }

    /// The signed text, its last newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines, known and unknown, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Holds when at least one line carries the key's name and hash and every such line verifies. A cosignature yields
    /// the latest of its times (seconds of POSIX time).
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] or [`NoteError::Forged`].
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<u64>, NoteError> {
        let mut found = None;
        for line in self
            .signatures
            .iter()
            .filter(|line| line.name == key.name && line.key_hash == key.hash)
        {
            let time = key.check(&self.text, &line.signature)?;
            found = found.max(Some(time));
        }
        found.ok_or_else(|| NoteError::Unsigned(key.name.clone()))
    }

    /// The note's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            let mut bytes = line.key_hash.to_vec();
            bytes.extend_from_slice(&line.signature);
            writeln!(f, "— {} {}", line.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

fn parse_signature(line: &str) -> Result<NoteSignature, NoteError> {
    let rest = line
        .strip_prefix("— ")
        .ok_or(NoteError::Form("a signature line does not begin with a dash"))?;
    let (name, encoded) = rest
        .split_once(' ')
        .ok_or(NoteError::Form("a signature line has no signature"))?;
    if !is_name(name) {
        return Err(NoteError::Name(name.to_owned()));
    }
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_undecodable| NoteError::Form("a signature is not base64"))?;
    match bytes.split_first_chunk::<4>() {
        Some((hash, signature)) if !signature.is_empty() => Ok(NoteSignature {
            name: name.to_owned(),
            key_hash: *hash,
            signature: signature.to_vec(),
        }),
        _ => Err(NoteError::Form("a signature is too short")),
    }
}
