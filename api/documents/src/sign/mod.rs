//! PAdES baseline signatures (ETSI EN 319 142-1, level B-B) on PDF files.
//!
//! The signature is an incremental update: the document's bytes stay as an
//! exact prefix, so what was typeset and hashed is still in the signed file.
//! It is an approval signature, not a certification: further people can sign.

mod cms;
mod identity;
mod pdf_syntax;
mod revision;

use chrono::{DateTime, FixedOffset};

pub use identity::SigningIdentity;

/// What the signature says about itself. None of it is proof: the proof is the
/// certificate, and the time is the signer's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureInfo {
    /// Printed name of the person or laboratory.
    pub name: String,
    /// Meaning of the signature, e.g. `Authorised for release`.
    pub reason: String,
    /// Where, usually the laboratory's name and town.
    pub location: String,
    /// When; goes into `/M`, to the second.
    pub at: DateTime<FixedOffset>,
}

/// Why a document could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The bytes are not a PDF that can take a signature.
    #[error("the document cannot be signed: {0}")]
    Document(String),
    /// The key or a certificate is unusable, or they do not belong together.
    #[error("the signing identity is unusable: {0}")]
    Identity(String),
    /// The signature structure could not be built.
    #[error("the signature could not be built: {0}")]
    Structure(String),
}

impl From<lopdf::Error> for SignError {
    fn from(error: lopdf::Error) -> Self {
        Self::Document(error.to_string())
    }
}

impl From<der::Error> for SignError {
    fn from(error: der::Error) -> Self {
        Self::Structure(error.to_string())
    }
}

/// Signs a PDF: returns its bytes followed by a revision with the signature,
/// which covers everything but the signature value itself. ECDSA here is
/// deterministic (RFC 6979), so the same input gives the same bytes.
///
/// # Errors
/// [`SignError::Document`] when the bytes are not an unencrypted PDF with a
/// classic cross-reference table (what this crate makes is one);
/// [`SignError::Structure`] when the certificates are too large for the room
/// kept for the signature.
pub fn sign_pdf(pdf: &[u8], identity: &SigningIdentity, info: &SignatureInfo) -> Result<Vec<u8>, SignError> {
    let mut revision = revision::Revision::prepare(pdf, info)?;
    let signature = cms::detached_signature(&revision.digest(), identity)?;
    revision.embed(&signature)
}
