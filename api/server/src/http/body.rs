//! JSON bodies: bounded, strict, checked; what is wrong is named by its path.

use super::gate::Gate;
use super::{FieldError, Problem};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, dev, web};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::pin::Pin;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// Bytes that a JSON body may have (ATT-31).
const LIMIT: usize = 1_048_576;
/// A body that is too large is read and thrown away up to here: a client that is still sending would see a broken
/// connection instead of the 413.
const DRAINED: usize = 33_554_432;

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
        let json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let mut payload = web::Payload::from_request(request, payload);
        let gate = Gate::of(request);
        let read = async move {
            let mut stream = std::future::poll_fn(|context| Pin::new(&mut payload).poll(context))
                .await
                .map_err(|error| Problem::new(400, "malformed", "The request cannot be read", error.to_string()))?;
            let mut bytes = web::BytesMut::new();
            let mut received = 0usize;
            while let Some(chunk) = stream.next().await {
                let chunk = chunk.map_err(|_cut| {
                    Problem::new(400, "malformed", "The request cannot be read", "the body ended early")
                })?;
                received = received.saturating_add(chunk.len());
                if received <= LIMIT {
                    bytes.extend_from_slice(&chunk);
                } else if received > DRAINED {
                    break;
                }
            }
            if received > LIMIT {
                return Err(Problem::new(
                    413,
                    "too-large",
                    "Too large",
                    format!("a body may have {LIMIT} bytes; send less at a time"),
                ));
            }
            if !json && !bytes.is_empty() {
                return Err(Problem::new(
                    415,
                    "unsupported-media-type",
                    "Unsupported media type",
                    "send JSON with Content-Type: application/json",
                ));
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
            let read = read.await;
            if let (Err(_), Some(gate)) = (&read, gate) {
                gate.passed().await;
            }
            read
        })
    }
}

/// Parses JSON; syntax is 400, shape is 422 with the path.
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    // Syntax first: a body that is cut off is malformed, whatever its first fields are.
    serde_json::from_slice::<serde::de::IgnoredAny>(text).map_err(|error| malformed(&error))?;
    let reader = &mut serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => shape(&path, &inner.to_string()),
            _ => malformed(&inner),
        }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(
        400,
        "malformed",
        "Not JSON",
        format!(
            "the body is not valid JSON: line {}, column {}",
            error.line(),
            error.column()
        ),
    )
}

/// serde's sentence, as a field error.
fn shape(path: &str, message: &str) -> Problem {
    let message = message
        .rsplit_once(" at line ")
        .map_or(message, |(sentence, _)| sentence);
    // `samples[0].collected_at` is written `samples.0.collected_at` everywhere in the interface.
    let path = &if path == "." {
        String::new()
    } else {
        path.replace('[', ".").replace(']', "")
    };
    let named = |prefix: &str| {
        message
            .strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .map(str::to_owned)
    };
    if let Some(field) = named("unknown field `") {
        // serde_path_to_error ends the path with the unknown field itself.
        let path = if path.is_empty() { field } else { path.clone() };
        return Problem::field(path, "unknown_field", "this field does not exist here");
    }
    if let Some(field) = named("missing field `") {
        let path = if path.is_empty() {
            field
        } else {
            format!("{path}.{field}")
        };
        return Problem::field(path, "required", "this field is needed");
    }
    Problem::field(path, "invalid", message)
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
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("must have {min} to {max} characters"),
        ("length", None, Some(max)) => format!("must have at most {max} characters"),
        ("length", Some(min), None) => format!("must have at least {min} characters"),
        ("range", Some(min), Some(max)) => format!("must be between {min} and {max}"),
        ("email", ..) => "must be an e-mail address".to_owned(),
        (code, ..) => format!("is not valid ({code})"),
    }
}
