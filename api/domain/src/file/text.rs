//! Text: UTF-8, and nothing in it that a browser or a system would carry out.

use super::{FileKind, FileName, FileRefusal};

/// What begins a page, a drawing, a document of markup, or a script in one of them; in small letters.
const MARKUP: [&str; 10] = [
    "<!doctype",
    "<!entity",
    "<?xml",
    "<?php",
    "<html",
    "<head",
    "<body",
    "<svg",
    "<script",
    "<iframe",
];
/// What begins a program or a document in a language of its own.
const PROGRAMS: [&str; 3] = ["#!", "%!PS", "{\\rtf"];

/// Text or a table of text, told apart by the name, since their content does not differ.
pub(super) fn kind(name: &FileName, content: &[u8]) -> Result<FileKind, FileRefusal> {
    // UTF-16 as spreadsheets save it: text to a person, but not what is taken here.
    if content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff") {
        return Err(FileRefusal::NotUtf8);
    }
    if content.iter().any(|byte| is_binary(*byte)) {
        return Err(FileRefusal::Unknown);
    }
    let text = std::str::from_utf8(content).map_err(|_other| FileRefusal::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if PROGRAMS.iter().any(|mark| text.starts_with(mark)) || has_markup(text) {
        return Err(FileRefusal::Active);
    }
    Ok(match name.extension().as_deref() {
        Some("csv") => FileKind::Csv,
        _ => FileKind::Text,
    })
}

/// Bytes that no text in any encoding based on ASCII has: control characters besides tab, line ends and form feed.
fn is_binary(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
}

/// `<0.01` is a result; `<svg` is not.
fn has_markup(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        MARKUP.iter().any(|mark| {
            rest.get(..mark.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(mark.as_bytes()))
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(name: &str, content: &[u8]) -> Result<FileKind, &'static str> {
        kind(&FileName::parse(name).unwrap(), content).map_err(|refusal| refusal.code())
    }

    #[test]
    fn results_are_text_and_pages_are_not_att_35() {
        assert_eq!(found("run.csv", b"test;value\r\nPb;<0.01\r\n"), Ok(FileKind::Csv));
        assert_eq!(
            found("run.txt", "\u{feff}Próbka 7\tżelazo < 0,05".as_bytes()),
            Ok(FileKind::Text)
        );
        assert_eq!(found("run", b"a < b and b > a"), Ok(FileKind::Text));
        for page in [
            "<html>",
            "  \n<!DOCTYPE html>",
            "<?xml version=\"1.0\"?><svg/>",
            "<SVG onload=alert(1)>",
            "value\n<ScRiPt>alert(1)</script>",
            "#!/bin/sh\nrm -rf /",
            "%!PS-Adobe-3.0",
            "{\\rtf1 x}",
        ] {
            assert_eq!(found("a.txt", page.as_bytes()), Err("active_content"), "{page}");
        }
        assert_eq!(found("a.txt", b"caf\xe9"), Err("not_utf8"));
        assert_eq!(found("a.txt", b"\xff\xfea\0b\0"), Err("not_utf8"));
        assert_eq!(found("a.txt", b"a\0b"), Err("unknown_kind"));
    }
}
