//! JSON bodies: bounded, strict, checked; what is wrong is named by its path.

use super::gate::Gate;
use super::{FieldError, Problem};
use crate::config::Config;
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, dev, web};
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// Bytes that a JSON body may have (ATT-31).
const LIMIT: usize = 1_048_576;
/// Where nobody has to be signed in: credentials, not data.
const LIMIT_AT_THE_DOOR: usize = 65_536;
/// A body that is too large is read and thrown away up to so many times its limit: a client that is still sending would see
/// a broken connection instead of the 413.
const DRAINED: usize = 32;
/// Objects and lists within one another; nothing in the interface needs ten.
const DEPTH: usize = 32;
/// Where there are no settings.
const PATIENCE: Duration = Duration::from_secs(30);

/// The media type of merge patches.
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// Rules beyond the shape of a request.
pub trait Checked {
    /// Everything that is wrong.
    fn wrong(&self) -> Vec<FieldError>;
}

impl<T: Validate> Checked for T {
    fn wrong(&self) -> Vec<FieldError> {
        let mut found = Vec::new();
        if let Err(errors) = self.validate() {
            flatten("", &errors, &mut found);
        }
        found
    }
}

/// A request's body, parsed and checked, with the fingerprint an Idempotency-Key is bound to.
#[derive(Debug)]
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
}

impl<T: DeserializeOwned + Checked + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let kind = Kind::of(request);
        let coded = is_coded(request);
        let mut payload = web::Payload::from_request(request, payload);
        let gate = Gate::of(request);
        let limit = limit(request);
        let patience = request
            .app_data::<web::Data<Config>>()
            .map_or(PATIENCE, |config| Duration::from_secs(config.body_seconds));
        let read = async move {
            let mut stream = std::future::poll_fn(|context| Pin::new(&mut payload).poll(context))
                .await
                .map_err(|error| Problem::new(400, "malformed", "The request cannot be read", error.to_string()))?;
            let bytes = whole(&mut stream, limit, limit.saturating_mul(DRAINED)).await?;
            if !bytes.is_empty() {
                kind?;
                if coded {
                    return Err(compressed());
                }
            }
            // Transitions without anything to say may come without a body.
            let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
            let value = parse::<T>(text)?;
            let wrong = value.wrong();
            if wrong.is_empty() {
                Ok(Self {
                    value,
                    hash: Sha256::digest(text).into(),
                })
            } else {
                Err(Problem::validation(wrong))
            }
        };
        Box::pin(async move {
            let read = tokio::time::timeout(patience, read)
                .await
                .unwrap_or_else(|_slow| Err(too_slow(patience)));
            if let (Err(_), Some(gate)) = (&read, gate) {
                gate.passed().await;
            }
            read
        })
    }
}

/// A body of at most so many bytes; of a larger one `drained` are read, all in all.
pub(super) async fn whole<S>(stream: &mut S, limit: usize, drained: usize) -> Result<web::BytesMut, Problem>
where
    S: Stream<Item = Result<web::Bytes, PayloadError>> + Unpin,
{
    let mut bytes = web::BytesMut::new();
    let mut received = 0usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk
            .map_err(|_cut| Problem::new(400, "malformed", "The request cannot be read", "the body ended early"))?;
        received = received.saturating_add(chunk.len());
        if received <= limit {
            bytes.extend_from_slice(&chunk);
        } else if received > drained {
            break;
        }
    }
    if received > limit {
        Err(too_large(limit))
    } else {
        Ok(bytes)
    }
}

/// More than may be sent here.
pub(super) fn too_large(limit: usize) -> Problem {
    Problem::new(
        413,
        "too-large",
        "Too large",
        format!("a body may have {limit} bytes here; send less at a time"),
    )
}

fn limit(request: &HttpRequest) -> usize {
    let path = request.path();
    let at_the_door = path.starts_with("/api/v1/auth/") || path.starts_with("/api/v1/bootstrap");
    if at_the_door { LIMIT_AT_THE_DOOR } else { LIMIT }
}

pub(super) fn too_slow(patience: Duration) -> Problem {
    let seconds = patience.as_secs();
    Problem::new(
        408,
        "request-timeout",
        "Too slow",
        format!("the body did not come within {seconds} seconds; nothing was done"),
    )
}

/// Whether the body is compressed, or says so. Nothing here is ever unpacked, so that nothing small becomes something large.
pub(super) fn is_coded(request: &HttpRequest) -> bool {
    let coding = request.headers().get(CONTENT_ENCODING);
    coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Of a compressed body.
pub(super) fn compressed() -> Problem {
    unsupported("send the body as it is: no Content-Encoding is read here")
}

/// The media types a body may have. Merge patches have one of their own (RFC 7396); the plain one is taken for them too.
struct Kind;

impl Kind {
    fn of(request: &HttpRequest) -> Result<(), Problem> {
        let sent = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .trim();
        let patch = request.method() == Method::PATCH;
        if sent.eq_ignore_ascii_case("application/json") || patch && sent.eq_ignore_ascii_case(MERGE_PATCH) {
            Ok(())
        } else if patch {
            Err(unsupported(
                "send JSON with Content-Type: application/merge-patch+json, or application/json",
            ))
        } else {
            Err(unsupported("send JSON with Content-Type: application/json"))
        }
    }
}

pub(super) fn unsupported(detail: &str) -> Problem {
    Problem::new(415, "unsupported-media-type", "Unsupported media type", detail)
}

/// Parses JSON; syntax is 400, shape is 422 with the path.
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let byte = error.valid_up_to();
        malformed(format!(
            "the body is not UTF-8 text (byte {byte}); JSON is sent in UTF-8, uncompressed"
        ))
    })?;
    if text.starts_with('\u{feff}') {
        return Err(malformed(
            "the body begins with a byte order mark; leave it out".to_owned(),
        ));
    }
    if depth(text) > DEPTH {
        return Err(malformed(format!("the body is nested more than {DEPTH} levels deep")));
    }
    // Syntax first: a body that is cut off is malformed, whatever its first fields are.
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        malformed(format!("the body is not valid JSON: line {line}, column {column}"))
    })?;
    let mut reader = serde_json::Deserializer::from_str(text);
    attest_store::shape::read(&mut reader).map_err(|(wrong, error)| {
        // What the look at the syntax passes over, because it reads no value.
        let sentence = error.to_string();
        let says = |words: &str| sentence.contains(words);
        if error.classify() == serde_json::error::Category::Data {
            Problem::field(wrong.path, wrong.code, wrong.message)
        } else if says("number out of range") {
            Problem::field(wrong.path, "range", "this number is too large")
        } else if says("recursion limit") {
            malformed("the body is nested too deeply".to_owned())
        } else if says("surrogate") || says("unicode") || says("hex escape") {
            Problem::field(
                wrong.path,
                "invalid",
                "this text holds half a character (a lone \\ud800 to \\udfff)",
            )
        } else {
            Problem::field(wrong.path, wrong.code, wrong.message)
        }
    })
}

/// How deep lists and objects lie within one another, in text that need not be JSON yet. Brackets in texts do not count.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0usize, 0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn malformed(detail: String) -> Problem {
    Problem::new(400, "malformed", "Not JSON", detail)
}

fn flatten(prefix: &str, errors: &ValidationErrors, found: &mut Vec<FieldError>) {
    let at = |name: &str| {
        if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}.{name}")
        }
    };
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by_key(|(name, _)| name.to_string());
    for (name, kind) in fields {
        match kind {
            ValidationErrorsKind::Field(list) => found.extend(list.iter().map(|error| {
                FieldError {
                    path: at(name),
                    code: error.code.to_string(),
                    message: error
                        .message
                        .as_ref()
                        .map_or_else(|| describe(error), ToString::to_string),
                }
            })),
            ValidationErrorsKind::Struct(inner) => flatten(&at(name), inner, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    flatten(&format!("{}.{index}", at(name)), inner, found);
                }
            }
        }
    }
}

fn describe(error: &validator::ValidationError) -> String {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    let many = error.params.get("value").is_some_and(serde_json::Value::is_array);
    let of = if many { "items" } else { "characters" };
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("must have {min} to {max} {of}"),
        ("length", None, Some(max)) => format!("must have at most {max} {of}"),
        ("length", Some(min), None) => format!("must have at least {min} {of}"),
        ("range", Some(min), Some(max)) => format!("must be between {min} and {max}"),
        ("email", ..) => "must be an e-mail address".to_owned(),
        (code, ..) => format!("is not valid ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_are_counted_but_not_those_in_texts_att_31() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth(r#"{"a": [1, {"b": []}], "c": {}}"#), 4);
        assert_eq!(depth(r#"{"a": "[[[[\"[["}"#), 1);
        assert_eq!(depth(&"[".repeat(1_000_000)), 1_000_000);
    }
}
