//! Entry to canonical bytes. Keys stand in the source in the order JCS wants, so nothing is sorted at run time.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use super::{Actor, ActorKind, Assurance, Change, Entry, EntryError, MAX_BYTES, Sealed, VERSION};
use crate::Hash;
use crate::jcs::{JcsError, MAX_SAFE_INTEGER, write_string, write_u64, write_value};

impl Entry {
    /// The entry's one serialisation: JCS, UTF-8, no newline.
    ///
    /// # Errors
    /// Too long, an id that is no UUIDv7, a time out of range, an empty field that must not be, a value with floating
    /// point, a large integer or a key outside ASCII.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        self.check()?;
        let mut out = Vec::with_capacity(1024);
        let w = &mut out;
        raw(w, "{\"action\":");
        write_string(w, &self.action);
        raw(w, ",\"actor\":");
        write_actor(w, &self.actor);
        raw(w, ",\"at\":\"");
        write_time(w, self.at)?;
        raw(w, "\",\"changes\":[");
        list(w, &self.changes, write_change)?;
        raw(w, "],\"code\":");
        write_string(w, &self.code);
        raw(w, ",\"id\":\"");
        raw(w, self.id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()));
        raw(w, "\",\"log\":");
        write_string(w, &self.log);
        raw(w, ",\"object\":{\"id\":");
        write_string(w, &self.object.id);
        optional(w, ",\"label\":", self.object.label.as_deref());
        raw(w, ",\"type\":");
        write_string(w, &self.object.kind);
        if let Some(version) = self.object.version {
            raw(w, ",\"version\":");
            write_u64(w, safe(version)?);
        }
        if let Some(reason) = &self.reason {
            raw(w, "},\"reason\":{\"code\":");
            write_string(w, &reason.code);
            optional(w, ",\"text\":", reason.text.as_deref());
        }
        raw(w, "},\"sealed\":[");
        list(w, &self.sealed, write_sealed)?;
        raw(w, "]");
        if let Some(signature) = &self.signature {
            raw(w, ",\"signature\":{\"content_sha256\":");
            write_string(w, &signature.content_sha256);
            raw(w, ",\"meaning\":");
            write_string(w, &signature.meaning);
            raw(w, ",\"method\":");
            write_string(w, &signature.method);
            raw(w, "}");
        }
        raw(w, ",\"source\":{");
        let mut separator = "";
        for (key, value) in [
            ("\"ip\":", &self.source.ip),
            ("\"request_id\":", &self.source.request_id),
            ("\"user_agent\":", &self.source.user_agent),
        ] {
            if let Some(value) = value {
                raw(w, separator);
                raw(w, key);
                write_string(w, value);
                separator = ",";
            }
        }
        raw(w, "},\"v\":\"");
        raw(w, VERSION);
        raw(w, "\",\"writer\":{\"node\":");
        write_string(w, &self.writer.node);
        raw(w, ",\"seq\":");
        write_u64(w, safe(self.writer.seq)?);
        raw(w, "}}");
        if out.len() > MAX_BYTES {
            Err(EntryError::TooLong(out.len()))
        } else {
            Ok(out)
        }
    }

    fn check(&self) -> Result<(), EntryError> {
        if self.id.get_version_num() != 7 {
            return Err(EntryError::Id);
        }
        for (name, text) in [
            ("log", &self.log),
            ("action", &self.action),
            ("object.type", &self.object.kind),
            ("object.id", &self.object.id),
            ("writer.node", &self.writer.node),
            ("code", &self.code),
        ] {
            if text.is_empty() {
                return Err(EntryError::Field(name));
            }
        }
        if self
            .sealed
            .iter()
            .any(|sealed| sealed.from.is_none() && sealed.to.is_none())
        {
            return Err(EntryError::Field("sealed"));
        }
        if let Some(signature) = &self.signature {
            let digits = signature.content_sha256.as_bytes();
            if digits.len() != 64 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(EntryError::Field("signature.content_sha256"));
            }
        }
        Ok(())
    }
}

fn raw(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn optional(out: &mut Vec<u8>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        raw(out, key);
        write_string(out, value);
    }
}

fn list<T>(
    out: &mut Vec<u8>,
    items: &[T],
    write: fn(&mut Vec<u8>, &T) -> Result<(), EntryError>,
) -> Result<(), EntryError> {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(out, item)?;
    }
    Ok(())
}

fn safe(number: u64) -> Result<u64, EntryError> {
    if number > MAX_SAFE_INTEGER {
        Err(JcsError::Integer(number.to_string()).into())
    } else {
        Ok(number)
    }
}

fn write_actor(out: &mut Vec<u8>, actor: &Actor) {
    raw(out, "{\"assurance\":\"");
    raw(
        out,
        match actor.assurance {
            Assurance::Password => "password",
            Assurance::Mfa => "mfa",
            Assurance::Token => "token",
            Assurance::System => "system",
            Assurance::None => "none",
        },
    );
    raw(out, "\"");
    optional(out, ",\"id\":", actor.id.as_deref());
    raw(out, ",\"kind\":\"");
    raw(
        out,
        match actor.kind {
            ActorKind::User => "user",
            ActorKind::Service => "service",
            ActorKind::Operator => "operator",
            ActorKind::System => "system",
            ActorKind::Anonymous => "anonymous",
        },
    );
    raw(out, "\"");
    optional(out, ",\"session\":", actor.session.as_deref());
    raw(out, "}");
}

fn write_change(out: &mut Vec<u8>, change: &Change) -> Result<(), EntryError> {
    raw(out, "{");
    if let Some(from) = &change.from {
        raw(out, "\"from\":");
        write_value(out, from)?;
        raw(out, ",");
    }
    raw(out, "\"path\":");
    write_string(out, &change.path);
    if let Some(to) = &change.to {
        raw(out, ",\"to\":");
        write_value(out, to)?;
    }
    raw(out, "}");
    Ok(())
}

fn write_sealed(out: &mut Vec<u8>, sealed: &Sealed) -> Result<(), EntryError> {
    let commitment = |hash: Option<Hash>| hash.map(|hash| hash.to_base64());
    raw(out, "{");
    if let Some(from) = commitment(sealed.from) {
        raw(out, "\"from\":\"");
        raw(out, &from);
        raw(out, "\",");
    }
    raw(out, "\"path\":");
    write_string(out, &sealed.path);
    raw(out, ",\"subject\":");
    write_string(out, &sealed.subject);
    optional(out, ",\"to\":", commitment(sealed.to).as_deref());
    raw(out, "}");
    Ok(())
}

/// `2026-11-21T21:18:00.123456Z`. By hand: chrono's formatter costs more than the rest of the entry.
pub(crate) fn write_time(out: &mut Vec<u8>, at: DateTime<Utc>) -> Result<(), EntryError> {
    let year = u32::try_from(at.year())
        .ok()
        .filter(|year| *year <= 9999)
        .ok_or(EntryError::Time)?;
    let micros = at.nanosecond() / 1_000;
    if micros > 999_999 {
        return Err(EntryError::Time);
    }
    for (number, width, after) in [
        (year, 4, b'-'),
        (at.month(), 2, b'-'),
        (at.day(), 2, b'T'),
        (at.hour(), 2, b':'),
        (at.minute(), 2, b':'),
        (at.second(), 2, b'.'),
        (micros, 6, b'Z'),
    ] {
        let mut place = 10_u32.pow(width - 1);
        while place > 0 {
            let digit = u8::try_from(number / place % 10).unwrap_or(0);
            out.push(b'0' + digit);
            place /= 10;
        }
        out.push(after);
    }
    Ok(())
}
