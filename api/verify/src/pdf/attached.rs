//! The files attached to a PDF (ISO 32000-2, 7.11.4): the name tree `EmbeddedFiles` of the catalogue.

use std::collections::BTreeSet;

use attest_ledger::bundle::{Limits, Members};
use lopdf::{Dictionary, Document, Object};

use super::text_of;

/// Nodes of the name tree that are looked at; a bundle's few files fit one.
const NODES: usize = 1_000;

/// Why a PDF gives no bundle; names the attachment where there is one.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The file's structure cannot be read.
    #[error("the PDF cannot be read: {0}")]
    Form(String),
    /// No attachments at all.
    #[error("the PDF has no attached files")]
    Nothing,
    /// No attachments, because another part of the same printed export has them.
    #[error("this is {0} of a printed export: the data are attached to part 1; check that file")]
    LaterPart(String),
    /// Two attachments of one name.
    #[error("the file {0} is attached twice")]
    Duplicate(String),
    /// Too many attachments.
    #[error("more than {0} attached files")]
    TooMany(usize),
    /// An attachment without content, or with content that cannot be unpacked within limits.
    #[error("the attached file {name} is damaged: {problem}")]
    Damaged {
        /// The attachment's name.
        name: String,
        /// What the reader met.
        problem: String,
    },
}

impl PdfError {
    /// The attachment concerned, if one is.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Duplicate(name) | Self::Damaged { name, .. } => Some(name),
            Self::Form(_) | Self::Nothing | Self::LaterPart(_) | Self::TooMany(_) => None,
        }
    }
}

impl From<lopdf::Error> for PdfError {
    fn from(error: lopdf::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// Every attached file, by name.
pub(super) fn attachments(document: &Document, limits: &Limits) -> Result<Members, PdfError> {
    let names = document
        .catalog()?
        .get_deref(b"Names", document)
        .and_then(Object::as_dict);
    let Ok(root) = names
        .and_then(|names| names.get_deref(b"EmbeddedFiles", document))
        .and_then(Object::as_dict)
    else {
        return Err(PdfError::Nothing);
    };
    let mut members = Members::new();
    let mut total = 0_u64;
    for specification in collect(document, root, limits.members)? {
        let name = file_name(document, specification)?;
        let room = limits.member_bytes.min(limits.total_bytes.saturating_sub(total));
        let content = content(document, specification, &name, room, limits.ratio)?;
        total = total.saturating_add(u64::try_from(content.len()).unwrap_or(u64::MAX));
        if members.insert(name.clone(), content).is_some() {
            return Err(PdfError::Duplicate(name));
        }
    }
    if members.is_empty() {
        Err(PdfError::Nothing)
    } else {
        Ok(members)
    }
}

/// Walks the name tree (7.9.6): leaves hold pairs of a name and a file specification, other nodes hold kids. A list of
/// what is still to be seen, not recursion: a chain of nodes must not cost stack.
fn collect<'d>(document: &'d Document, root: &'d Dictionary, most: usize) -> Result<Vec<&'d Dictionary>, PdfError> {
    let mut found = Vec::new();
    let mut visited = BTreeSet::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if let Ok(pairs) = node.get_deref(b"Names", document).and_then(Object::as_array) {
            for specification in pairs.iter().skip(1).step_by(2) {
                if found.len() == most {
                    return Err(PdfError::TooMany(most));
                }
                found.push(document.dereference(specification)?.1.as_dict()?);
            }
        }
        if let Ok(kids) = node.get_deref(b"Kids", document).and_then(Object::as_array) {
            for kid in kids {
                let id = kid.as_reference()?;
                if !visited.insert(id) {
                    return Err(PdfError::Form("its name tree runs in a circle".to_owned()));
                }
                if visited.len() > NODES {
                    return Err(PdfError::Form("its name tree is too large".to_owned()));
                }
                waiting.push(document.get_dictionary(id)?);
            }
        }
    }
    Ok(found)
}

/// `UF` before `F`.
fn file_name(document: &Document, specification: &Dictionary) -> Result<String, PdfError> {
    let raw = [b"UF".as_slice(), b"F".as_slice()]
        .into_iter()
        .find_map(|key| specification.get_deref(key, document).and_then(Object::as_str).ok())
        .ok_or_else(|| PdfError::Form("an attached file has no name".to_owned()))?;
    text_of(raw).ok_or_else(|| PdfError::Form("an attached file has an unreadable name".to_owned()))
}

fn content(
    document: &Document,
    specification: &Dictionary,
    name: &str,
    room: u64,
    ratio: u64,
) -> Result<Vec<u8>, PdfError> {
    let damaged = |problem: String| PdfError::Damaged {
        name: name.to_owned(),
        problem,
    };
    let embedded = specification
        .get_deref(b"EF", document)
        .and_then(Object::as_dict)
        .map_err(|error| damaged(error.to_string()))?;
    let stream = [b"UF".as_slice(), b"F".as_slice()]
        .into_iter()
        .find_map(|key| embedded.get_deref(key, document).and_then(Object::as_stream).ok())
        .ok_or_else(|| damaged("it has no content".to_owned()))?;
    let packed = u64::try_from(stream.content.len()).unwrap_or(u64::MAX);
    let allowed = room.min(packed.saturating_mul(ratio).max(1 << 20));
    let most = usize::try_from(allowed).unwrap_or(usize::MAX);
    stream
        .decompressed_content_with_limit(most)
        .map_err(|error| damaged(error.to_string()))
}
