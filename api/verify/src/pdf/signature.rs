//! The signatures over a PDF (ISO 32000-2, 12.8): each names the bytes it covers, and one of them must cover the whole
//! file but the hole in which its own value stands. So no byte of the file can differ without being noticed.

use std::collections::BTreeSet;
use std::ops::Range;

use attest_ledger::Hash;
use lopdf::{Dictionary, Document, Object};

use super::cms;
pub use super::cms::Signer;

/// Form fields that are looked at.
const FIELDS: usize = 1_000;
/// Signatures that are checked; each costs a hash over the file.
const SIGNATURES: usize = 16;

/// A signature that holds.
#[derive(Debug)]
pub struct Signature {
    /// By whom, as far as the file itself says.
    pub signer: Signer,
    /// Whether it covers every byte of the file.
    pub whole: bool,
}

/// Why the PDF's signature does not hold.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The file cannot be read.
    #[error("the PDF cannot be read: {0}")]
    Form(String),
    /// There is none.
    #[error("the PDF is not signed: anybody can have made its printed pages")]
    Unsigned,
    /// There are signatures, but bytes were added behind the last one.
    #[error("the signature does not cover the whole file: something was added after signing")]
    Partial,
    /// One does not hold.
    #[error("the PDF's signature does not hold: {0}")]
    Broken(String),
}

impl From<lopdf::Error> for SignatureError {
    fn from(error: lopdf::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// Checks every signature of the file.
pub(super) fn signatures(document: &Document, bytes: &[u8]) -> Result<Vec<Signature>, SignatureError> {
    let found = dictionaries(document)?;
    if found.is_empty() {
        return Err(SignatureError::Unsigned);
    }
    let mut signatures = Vec::new();
    for dictionary in found {
        signatures.push(check(document, dictionary, bytes).map_err(SignatureError::Broken)?);
    }
    if signatures.iter().any(|signature| signature.whole) {
        Ok(signatures)
    } else {
        Err(SignatureError::Partial)
    }
}

/// The values of the form's fields that are signatures.
fn dictionaries(document: &Document) -> Result<Vec<&Dictionary>, SignatureError> {
    let Ok(form) = document
        .catalog()?
        .get_deref(b"AcroForm", document)
        .and_then(Object::as_dict)
    else {
        return Ok(Vec::new());
    };
    let kids = |node: &'_ Dictionary, key: &[u8]| -> Vec<Object> {
        let kids = node.get_deref(key, document).and_then(Object::as_array);
        kids.cloned().unwrap_or_default()
    };
    let mut found = Vec::new();
    let mut visited = BTreeSet::new();
    let mut waiting = kids(form, b"Fields");
    while let Some(field) = waiting.pop() {
        let id = field.as_reference()?;
        if !visited.insert(id) || visited.len() > FIELDS {
            return Err(SignatureError::Form(
                "its form is too large or runs in a circle".to_owned(),
            ));
        }
        let field = document.get_dictionary(id)?;
        waiting.extend(kids(field, b"Kids"));
        let value = field.get_deref(b"V", document).and_then(Object::as_dict);
        found.extend(value.ok().filter(|value| value.has(b"ByteRange")));
        if found.len() > SIGNATURES {
            return Err(SignatureError::Form("it has too many signatures".to_owned()));
        }
    }
    Ok(found)
}

fn check(document: &Document, dictionary: &Dictionary, bytes: &[u8]) -> Result<Signature, String> {
    let hole = hole(document, dictionary, bytes.len())?;
    let form = || "its value is not where its byte range leaves room for it".to_owned();
    let value = bytes.get(hole.value.clone()).and_then(hexadecimal).ok_or_else(form)?;
    let stated = dictionary
        .get_deref(b"Contents", document)
        .and_then(Object::as_str)
        .map_err(|error| error.to_string())?;
    if stated != value {
        return Err(form());
    }
    let (before, behind) = (bytes.get(..hole.value.start), bytes.get(hole.value.end..hole.end));
    let (before, behind) = before.zip(behind).ok_or_else(form)?;
    Ok(Signature {
        signer: cms::verify(&value, &Hash::of(&[before, behind]))?,
        whole: hole.end == bytes.len(),
    })
}

/// What a signature leaves out, and where its cover ends.
struct Hole {
    value: Range<usize>,
    end: usize,
}

/// `[0 a b c]`: from the beginning to the value, and from behind the value on.
fn hole(document: &Document, dictionary: &Dictionary, length: usize) -> Result<Hole, String> {
    let range: Option<Vec<usize>> = dictionary
        .get_deref(b"ByteRange", document)
        .and_then(Object::as_array)
        .map_err(|error| error.to_string())?
        .iter()
        .map(|number| usize::try_from(number.as_i64().ok()?).ok())
        .collect();
    match range.as_deref() {
        Some([0, begin, behind, rest]) if begin < behind => behind
            .checked_add(*rest)
            .filter(|end| *end <= length)
            .map(|end| Hole {
                value: *begin..*behind,
                end,
            })
            .ok_or_else(|| "its byte range reaches beyond the file".to_owned()),
        _ => Err("its byte range is malformed".to_owned()),
    }
}

/// `<0a1b…>`, in one case: a digit whose case was changed is a changed byte as well.
fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"<")?.strip_suffix(b">")?;
    if digits.iter().any(u8::is_ascii_lowercase) && digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    hex::decode(digits).ok()
}
