//! JSON Canonicalization Scheme (RFC 8785), for the JSON that the ledger allows: ASCII keys, no floating point, integers
//! within ±(2^53−1). Written here rather than taken from a general canonicaliser because it is on the path of every write;
//! property tests hold it equal to `serde_json_canonicalizer`.

use std::io::Write as _;

use serde_json::{Map, Value};

/// The largest integer that every JSON reader keeps exactly: 2^53 − 1.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// Deeper nesting than any honest entry has; readers stop at 128.
const MAX_DEPTH: u32 = 64;

/// Why a value cannot be written canonically, or why bytes are not canonical.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JcsError {
    /// Decimals travel as strings in the ledger.
    #[error("floating-point number {0}")]
    Float(String),
    /// Outside ±(2^53−1).
    #[error("integer {0} outside ±(2^53−1)")]
    Integer(String),
    /// Keys are ASCII, so that byte order is JCS order.
    #[error("key {0:?} is not ASCII")]
    Key(String),
    /// Nested more than 64 levels.
    #[error("nested too deeply")]
    Depth,
    /// Not JSON at all.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// JSON, but not the one canonical spelling of it (order, spaces, escapes, duplicate keys).
    #[error("not in canonical form (RFC 8785)")]
    NotCanonical,
}

/// The canonical bytes of `value`.
///
/// # Errors
/// A float, a large integer, a key outside ASCII, or nesting beyond 64 levels.
pub fn to_vec(value: &Value) -> Result<Vec<u8>, JcsError> {
    let mut out = Vec::with_capacity(128);
    write_value(&mut out, value)?;
    Ok(out)
}

/// Reads JSON and refuses it unless its bytes are already canonical.
///
/// # Errors
/// [`JcsError::Syntax`] for what is not JSON, [`JcsError::NotCanonical`] for another spelling, and those of [`to_vec`].
pub fn parse(bytes: &[u8]) -> Result<Value, JcsError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| JcsError::Syntax(error.to_string()))?;
    if to_vec(&value)? == bytes {
        Ok(value)
    } else {
        Err(JcsError::NotCanonical)
    }
}

/// Appends the canonical bytes of `value` to `out`.
///
/// # Errors
/// As [`to_vec`]; `out` may then hold a part.
pub fn write_value(out: &mut Vec<u8>, value: &Value) -> Result<(), JcsError> {
    write_nested(out, value, 0)
}

fn write_nested(out: &mut Vec<u8>, value: &Value, depth: u32) -> Result<(), JcsError> {
    if depth > MAX_DEPTH {
        return Err(JcsError::Depth);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::String(text) => write_string(out, text),
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            match magnitude {
                None => return Err(JcsError::Float(number.to_string())),
                Some(magnitude) if magnitude > MAX_SAFE_INTEGER => {
                    return Err(JcsError::Integer(number.to_string()));
                }
                Some(magnitude) => {
                    if number.as_i64().is_some_and(i64::is_negative) {
                        out.push(b'-');
                    }
                    write_u64(out, magnitude);
                }
            }
        }
        Value::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_nested(out, item, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(out, map, depth)?,
    }
    Ok(())
}

fn write_object(out: &mut Vec<u8>, map: &Map<String, Value>, depth: u32) -> Result<(), JcsError> {
    // serde_json sorts its maps unless some crate in the build turns on `preserve_order`; do not depend on it.
    let mut members: Vec<(&String, &Value)> = map.iter().collect();
    members.sort_unstable_by_key(|(key, _)| *key);
    out.push(b'{');
    for (position, (key, value)) in members.into_iter().enumerate() {
        if !key.is_ascii() {
            return Err(JcsError::Key(key.clone()));
        }
        if position > 0 {
            out.push(b',');
        }
        write_string(out, key);
        out.push(b':');
        write_nested(out, value, depth + 1)?;
    }
    out.push(b'}');
    Ok(())
}

/// Appends an integer in decimal. The caller has checked the bound.
pub(crate) fn write_u64(out: &mut Vec<u8>, number: u64) {
    // Writing to a Vec cannot fail.
    let _infallible = write!(out, "{number}");
}

/// Appends a JSON string with the escapes of RFC 8785, 3.2.2.2: the short ones where JSON has them, `\u00xx` for other
/// control characters, everything else as it is.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest
        .iter()
        .position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\')
    {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = special.split_first() else {
            break;
        };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0C => out.extend_from_slice(b"\\f"),
            0x0D => out.extend_from_slice(b"\\r"),
            control => {
                let _infallible = write!(out, "\\u{control:04x}");
            }
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}
