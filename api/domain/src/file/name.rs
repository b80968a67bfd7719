//! Names of files: what a person may read in a list and save under, and nothing that a system could take for a place.

use super::{FileKind, FileRefusal};
use crate::text::{LINE_MAX, check_line};
use unicode_normalization::UnicodeNormalization;

/// What file systems keep (ext4, APFS and NTFS alike, in their own units).
const BYTES_MAX: usize = 255;

/// A name that is fit to show and to save under, in Unicode's composed form (NFC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Reads a name as it was sent.
    ///
    /// # Errors
    /// Parts of a path, control characters, characters that turn the direction of reading, nothing at all, too much.
    pub fn parse(text: &str) -> Result<Self, FileRefusal> {
        let name: String = text.trim().nfc().collect();
        if name.contains(['/', '\\']) || name == "." || name == ".." {
            return Err(FileRefusal::Path);
        }
        if name.chars().count() > LINE_MAX || name.len() > BYTES_MAX {
            return Err(FileRefusal::LongName);
        }
        check_line(&name, LINE_MAX).map_err(FileRefusal::Name)?;
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its ending, in small letters: one to five letters and digits with a letter among them (`scan 12.03` has none).
    pub(super) fn extension(&self) -> Option<String> {
        let (_, ending) = self.0.rsplit_once('.')?;
        let plausible = (1..=5).contains(&ending.len())
            && ending.chars().all(|character| character.is_ascii_alphanumeric())
            && ending.chars().any(|character| character.is_ascii_alphabetic());
        plausible.then(|| ending.to_ascii_lowercase())
    }

    /// With an ending that fits what the file is.
    pub(super) fn fitting(self, kind: FileKind) -> Result<Self, FileRefusal> {
        let right = kind.extensions();
        match self.extension() {
            Some(extension) if right.contains(&extension.as_str()) => Ok(self),
            Some(extension) => Err(FileRefusal::Extension {
                extension,
                found: kind.label(crate::Language::En),
                right: right.first().copied().unwrap_or_default(),
            }),
            None => Self::parse(&format!(
                "{}.{}",
                self.0.trim_end_matches('.'),
                right.first().copied().unwrap_or_default()
            )),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_line_and_no_place_att_35() {
        for (wrong, code) in [
            ("", "empty"),
            ("  ", "empty"),
            ("..", "path"),
            ("../../etc/passwd", "path"),
            ("C:\\Users\\form.pdf", "path"),
            ("a\r\nX-Evil: 1.pdf", "control_character"),
            ("a\0.pdf", "control_character"),
            ("photo\u{202e}gpj.exe", "deceptive_character"),
            ("a\u{200b}.pdf", "deceptive_character"),
        ] {
            assert_eq!(FileName::parse(wrong).unwrap_err().code(), code, "{wrong:?}");
        }
        assert_eq!(FileName::parse(&"a".repeat(201)).unwrap_err().code(), "too_long");
        assert_eq!(
            FileName::parse(&"ż".repeat(128)).unwrap_err().code(),
            "too_long",
            "256 bytes"
        );
        for right in [
            "zażółć gęślą jaźń.pdf",
            "Form \"final\" (2).pdf",
            "日本語.txt",
            ".profile",
            "a;b=c.txt",
        ] {
            assert_eq!(FileName::parse(right).unwrap().as_str(), right);
        }
        assert_eq!(FileName::parse("z\u{307}.txt").unwrap().as_str(), "ż.txt", "composed");
    }
}
