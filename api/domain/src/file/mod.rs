//! Files that people attach (ATT-35): which kinds there are, how each is told from its content, and what a name may be.
//!
//! What the sender says about a file counts for nothing. The list of kinds is closed: what is none of them, or two things at
//! once, is refused. Archives are none of them (nor are Office documents, which are archives): nothing here ever unpacks.

mod image;
mod name;
mod text;

pub use name::FileName;

use crate::text::TextRefusal;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a file is, found out from its content.
    FileKind {
        /// A document.
        Pdf = "pdf", "PDF document", "dokument PDF";
        /// A picture.
        Png = "png", "PNG picture", "obraz PNG";
        /// A photograph.
        Jpeg = "jpeg", "JPEG photograph", "zdjęcie JPEG";
        /// A picture.
        WebP = "webp", "WebP picture", "obraz WebP";
        /// A scan, or an instrument's picture.
        Tiff = "tiff", "TIFF picture", "obraz TIFF";
        /// A photograph of a phone.
        Heic = "heic", "HEIC photograph", "zdjęcie HEIC";
        /// Text in columns.
        Csv = "csv", "CSV table", "tabela CSV";
        /// Plain text in UTF-8.
        Text = "text", "text", "tekst";
    }
}

impl FileKind {
    /// The media type it is served as, whatever it was sent as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::WebP => "image/webp",
            FileKind::Tiff => "image/tiff",
            FileKind::Heic => "image/heic",
            FileKind::Csv => "text/csv; charset=utf-8",
            FileKind::Text => "text/plain; charset=utf-8",
        }
    }

    /// Endings that a name of this kind may have; the first is given to a name without one.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Png => &["png"],
            FileKind::Jpeg => &["jpg", "jpeg", "jfif"],
            FileKind::WebP => &["webp"],
            FileKind::Tiff => &["tif", "tiff"],
            FileKind::Heic => &["heic", "heif"],
            FileKind::Csv => &["csv"],
            FileKind::Text => &["txt", "log", "tsv", "asc", "dat"],
        }
    }
}

/// Why a file was refused; `code` for programs, the display for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    /// No bytes.
    #[error("is empty")]
    Empty,
    /// None of the kinds.
    #[error("is none of the kinds that can be attached: PDF, PNG, JPEG, WebP, TIFF, HEIC, CSV and plain text")]
    Unknown,
    /// HTML, SVG, XML, a script: what a browser or a system could carry out.
    #[error("holds markup or a script; attach it as a PDF or a picture")]
    Active,
    /// It begins as one kind and does not go on as one.
    #[error("begins as a {0}, but is damaged or not whole")]
    Damaged(&'static str),
    /// Something else lies behind its end, or in front.
    #[error("is two things at once: a {0} with something else behind its end")]
    TwoThings(&'static str),
    /// Text in another encoding.
    #[error("looks like text, but not in UTF-8; save it as UTF-8, or attach it as a PDF")]
    NotUtf8,
    /// The name says something else than the content.
    #[error("is named .{extension}, but its content is a {found}; rename it to .{right}")]
    Extension {
        /// The ending it has.
        extension: String,
        /// What it is.
        found: &'static str,
        /// The ending it should have.
        right: &'static str,
    },
    /// The name has parts of a path.
    #[error("must have a name without parts of a path (/ and \\)")]
    Path,
    /// The name is more than a file system can keep.
    #[error("must have a name of at most 200 characters and 255 bytes")]
    LongName,
    /// The name is no line of text.
    #[error("must have a name that is fit to read: it {0}")]
    Name(TextRefusal),
}

impl FileRefusal {
    /// The code of the problem's error entry.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            FileRefusal::Empty => "empty",
            FileRefusal::Unknown => "unknown_kind",
            FileRefusal::Active => "active_content",
            FileRefusal::Damaged(_) => "damaged",
            FileRefusal::TwoThings(_) => "two_things",
            FileRefusal::NotUtf8 => "not_utf8",
            FileRefusal::Extension { .. } => "extension",
            FileRefusal::Path => "path",
            FileRefusal::LongName => "too_long",
            FileRefusal::Name(refusal) => refusal.code(),
        }
    }
}

/// What a file is, and the name it is kept under.
///
/// # Errors
/// [`FileRefusal`].
pub fn inspect(name: &str, content: &[u8]) -> Result<(FileName, FileKind), FileRefusal> {
    let name = FileName::parse(name)?;
    let kind = kind(&name, content)?;
    Ok((name.fitting(kind)?, kind))
}

fn kind(name: &FileName, content: &[u8]) -> Result<FileKind, FileRefusal> {
    if content.is_empty() {
        return Err(FileRefusal::Empty);
    }
    let found = match image::kind(content)? {
        Some(kind) => kind,
        None if content.starts_with(b"%PDF-") => pdf(content)?,
        None => return text::kind(name, content),
    };
    // The oldest of these tricks: archives are read from their end, everything else from its beginning.
    if ends_as_archive(content) {
        return Err(FileRefusal::TwoThings(found.label(crate::Language::En)));
    }
    Ok(found)
}

/// A PDF with its header at the very beginning (readers forgive up to a kilobyte of something else before it, which is how a page
/// or a program hides in one) and its end mark at the end (ISO 32000-2, 7.5).
fn pdf(content: &[u8]) -> Result<FileKind, FileRefusal> {
    let versioned = matches!(content.get(5..8), Some([b'1' | b'2', b'.', b'0'..=b'9']));
    let tail = content.get(content.len().saturating_sub(1024)..).unwrap_or(content);
    if versioned && contains(tail, b"%%EOF") {
        Ok(FileKind::Pdf)
    } else {
        Err(FileRefusal::Damaged("PDF"))
    }
}

/// Whether there is the end record of a ZIP archive (APPNOTE 4.3.16) where programs look for it: in the last 64 KiB, with its
/// directory in front of it, or, of an empty archive, with the comment behind it whose length it names.
fn ends_as_archive(content: &[u8]) -> bool {
    const RECORD: usize = 22;
    let from = content.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let tail = content.get(from..).unwrap_or(content);
    tail.windows(RECORD).enumerate().any(|(place, record)| {
        let directory = field::<4>(record, 12).map(u32::from_le_bytes);
        let comment = field::<2>(record, 20).map_or(0, u16::from_le_bytes);
        let begin = directory
            .filter(|length| *length > 0)
            .and_then(|length| from.saturating_add(place).checked_sub(usize::try_from(length).ok()?));
        record.starts_with(b"PK\x05\x06")
            && (begin.is_some_and(|begin| field(content, begin) == Some(*b"PK\x01\x02"))
                || place.saturating_add(RECORD).saturating_add(usize::from(comment)) == tail.len())
    })
}

/// The `N` bytes at a place.
fn field<const N: usize>(content: &[u8], place: usize) -> Option<[u8; N]> {
    content.get(place..)?.first_chunk::<N>().copied()
}

/// Whether `part` is somewhere in `whole`.
fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

    #[test]
    fn a_name_gets_the_ending_of_its_content_or_is_refused_att_35() {
        let named = |name: &str| inspect(name, PDF).map(|(name, kind)| (name.as_str().to_owned(), kind));
        assert_eq!(
            named("request form").unwrap(),
            ("request form.pdf".to_owned(), FileKind::Pdf)
        );
        assert_eq!(named("Form.PDF").unwrap().0, "Form.PDF");
        assert_eq!(named("scan 12.03.2026").unwrap().0, "scan 12.03.2026.pdf");
        for wrong in ["form.png", "form.pdf.exe", "form.html", "form.pdf.js"] {
            assert_eq!(named(wrong).unwrap_err().code(), "extension", "{wrong}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_refused_att_35() {
        let code = |content: &[u8]| inspect("a", content).map(|(_, kind)| kind).unwrap_err().code();
        assert_eq!(code(b""), "empty");
        assert_eq!(code(b"PK\x03\x04\x14\0\0\0"), "unknown_kind");
        assert_eq!(code(b"MZ\x90\0\x03\0\0\0"), "unknown_kind");
        assert_eq!(code(b"\x7fELF\x02\x01\x01\0"), "unknown_kind");
        assert_eq!(code(b"GIF89a\x01\0\x01\0\0"), "unknown_kind");
        assert_eq!(code(b"%PDF-1.7\n cut off"), "damaged");
        assert_eq!(code(b"%PDF-x\n%%EOF"), "damaged");
    }

    #[test]
    fn an_archive_behind_a_document_is_seen_att_35() {
        let mut end = b"PK\x05\x06".to_vec();
        end.extend([0; 18]);
        let both = [PDF, &end].concat();
        assert_eq!(inspect("a.pdf", &both).unwrap_err().code(), "two_things");
        end[20] = 4;
        let with_comment = [PDF, &end, b"\n%%E"].concat();
        assert_eq!(inspect("a.pdf", &with_comment).unwrap_err().code(), "two_things");
        let directory = b"PK\x01\x02 a directory";
        let mut end = b"PK\x05\x06".to_vec();
        end.extend([0; 8]);
        end.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
        end.extend([0; 6]);
        let hidden = [PDF, directory, &end, b"\n%%EOF\n"].concat();
        assert_eq!(inspect("a.pdf", &hidden).unwrap_err().code(), "two_things");
        let mentioned = [b"%PDF-1.7\nPK\x05\x06".as_slice(), &[7; 40], b"\n%%EOF\n"].concat();
        assert!(
            inspect("a.pdf", &mentioned).is_ok(),
            "the four letters alone are no archive"
        );
    }
}
