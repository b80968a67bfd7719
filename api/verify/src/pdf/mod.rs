//! A PDF export: the bundle attached to it, and the signature over the file. The signature is what binds the printed
//! pages to whoever signed; the attached bundle carries the log's own.

mod attached;
mod cms;
mod signature;

use std::panic::{AssertUnwindSafe, catch_unwind};

use attest_ledger::bundle::{Limits, Members};
use lopdf::{Document, Object};

pub use attached::PdfError;
pub use signature::{Signature, SignatureError};

/// What a PDF holds.
pub struct Pdf {
    /// The attached files, by name.
    pub members: Result<Members, PdfError>,
    /// Every signature over it, the one that covers the whole file among them.
    pub signatures: Result<Vec<Signature>, SignatureError>,
}

impl Pdf {
    fn unreadable(why: &str) -> Self {
        Self {
            members: Err(PdfError::Form(why.to_owned())),
            signatures: Err(SignatureError::Form(why.to_owned())),
        }
    }
}

/// Reads a PDF's attachments and checks its signatures.
pub fn read(bytes: &[u8], limits: &Limits) -> Pdf {
    // A PDF parser is a large thing to hand a hostile file; if it gives up, that is a verdict too, not a crash.
    catch_unwind(AssertUnwindSafe(|| open(bytes, limits)))
        .unwrap_or_else(|_panic| Pdf::unreadable("the reader gave up"))
}

fn open(bytes: &[u8], limits: &Limits) -> Pdf {
    let document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => return Pdf::unreadable(&error.to_string()),
    };
    // A repaired file is the reader's guess, and another reader may guess otherwise.
    if document.xref_recovery.is_some() {
        return Pdf::unreadable("its cross-reference table is damaged");
    }
    let members = attached::attachments(&document, limits).map_err(|error| match (error, later_part(&document)) {
        (PdfError::Nothing, Some(part)) => PdfError::LaterPart(part),
        (error, _) => error,
    });
    Pdf {
        members,
        signatures: signature::signatures(&document, bytes),
    }
}

/// Which part of a printed export this is: its title ends with "part 2 of 3", or its subject is the trail of a log and
/// yet it has no data with it, as files made before the title said so.
fn later_part(document: &Document) -> Option<String> {
    let info = document
        .trailer
        .get_deref(b"Info", document)
        .and_then(Object::as_dict)
        .ok()?;
    let says = |key: &[u8]| {
        let text = info.get_deref(key, document).and_then(Object::as_str).ok();
        text.and_then(text_of).unwrap_or_default()
    };
    if let Some((part, parts)) = numbered(&says(b"Title")) {
        return (1 < part && part <= parts).then(|| format!("part {part} of {parts}"));
    }
    let subject = says(b"Subject");
    ["Audit trail ", "Ślad audytowy "]
        .iter()
        .any(|begin| subject.starts_with(begin))
        .then(|| "a later part".to_owned())
}

/// "…, part 2 of 3", or the same in Polish.
fn numbered(title: &str) -> Option<(u32, u32)> {
    let (_, number) = ["part ", "część "].iter().find_map(|word| title.rsplit_once(word))?;
    let (part, parts) = [" of ", " z "].iter().find_map(|word| number.split_once(word))?;
    Some((part.parse().ok()?, parts.parse().ok()?))
}

/// A text string (7.9.2.2): UTF-16 with a byte order mark, UTF-8 with one, or plain ASCII.
fn text_of(raw: &[u8]) -> Option<String> {
    if let Some(wide) = raw.strip_prefix(b"\xfe\xff") {
        let units: Vec<u16> = wide
            .chunks_exact(2)
            .filter_map(|pair| Some(u16::from_be_bytes(*pair.first_chunk()?)))
            .collect();
        String::from_utf16(&units).ok()
    } else {
        String::from_utf8(raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw).to_vec()).ok()
    }
}
