//! Writing PDF objects by hand (ISO 32000-1, 7.3), because a signature needs
//! to know the offset of every byte it leaves out.

use std::io::Write;

use chrono::{DateTime, FixedOffset};
use lopdf::{Dictionary, Object, StringFormat};

/// Appends an object. Strings are written in hexadecimal: no escapes to get wrong.
pub(super) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => append(out, value),
        Object::Integer(value) => append(out, value),
        Object::Real(value) => append(out, value),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, _) => {
            out.push(b'<');
            out.extend_from_slice(hex::encode_upper(bytes).as_bytes());
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write_object(out, item);
                out.push(b' ');
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        // A stream cannot stand inside another object (7.3.8.1), and none is
        // ever rewritten by a signature.
        Object::Stream(stream) => write_dictionary(out, &stream.dict),
        Object::Reference((number, generation)) => append(out, format_args!("{number} {generation} R")),
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        let regular = byte.is_ascii_graphic() && !b"#/()<>[]{}%".contains(&byte);
        if regular {
            out.push(byte);
        } else {
            append(out, format_args!("#{byte:02X}"));
        }
    }
}

/// Formatted text at the end of a buffer. Writing to memory cannot fail.
pub(super) fn append(out: &mut Vec<u8>, text: impl std::fmt::Display) {
    let _infallible = write!(out, "{text}");
}

/// A text string (7.9.2.2): ASCII as it is, anything else as UTF-16BE.
pub(super) fn text_string(text: &str) -> Object {
    let bytes = if text.is_ascii() {
        text.as_bytes().to_vec()
    } else {
        std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect()
    };
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A date string (7.9.4), e.g. `D:20261121231800+01'00'`.
pub(super) fn date_string(at: DateTime<FixedOffset>) -> Object {
    let minutes = at.offset().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let text = format!("D:{}{sign}{hours:02}'{rest:02}'", at.format("%Y%m%d%H%M%S"));
    Object::String(text.into_bytes(), StringFormat::Hexadecimal)
}
