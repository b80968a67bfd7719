//! From a path to a bundle's members: ZIP or PDF, told apart by their first bytes.

use std::io::Read as _;
use std::path::Path;

use attest_ledger::bundle::{ArchiveError, Limits, Members, read_zip};

use crate::pdf::{self, Pdf, PdfError, Signature, SignatureError};

/// The largest file that is read into memory.
const MAX_FILE: u64 = 2 << 30;

/// The excerpt itself is refused, before any step of the verification.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// As a ZIP file.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// As a PDF file.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// Neither.
    #[error("neither a ZIP archive nor a PDF")]
    Unknown,
}

impl InputError {
    /// The member concerned, if one is.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Archive(error) => error.member(),
            Self::Pdf(error) => error.member(),
            Self::Unknown => None,
        }
    }
}

/// Reads a whole file, within reason.
pub fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let problem = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .map_err(problem)?
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(problem)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_FILE) {
        Ok(bytes)
    } else {
        Err(format!("{}: larger than 2 GiB", path.display()))
    }
}

/// A file, opened.
pub struct Input {
    /// The bundle's members.
    pub members: Result<Members, InputError>,
    /// Of a PDF: what its own signatures say.
    pub signatures: Option<Result<Vec<Signature>, SignatureError>>,
}

/// Opens a ZIP archive or a PDF.
pub fn open(bytes: &[u8]) -> Input {
    let limits = Limits::default();
    if bytes.starts_with(b"%PDF-") {
        let Pdf { members, signatures } = pdf::read(bytes, &limits);
        return Input {
            members: members.map_err(InputError::from),
            signatures: Some(signatures),
        };
    }
    let members = if bytes.starts_with(b"PK") {
        read_zip(bytes, &limits).map_err(InputError::from)
    } else {
        Err(InputError::Unknown)
    };
    Input {
        members,
        signatures: None,
    }
}
