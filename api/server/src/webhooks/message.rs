//! What a receiver gets: Standard Webhooks 1.0.0. Thin, and never personal data: the receiver fetches the rest with its own rights.

use attest_store::{StoreError, WebhookMessage, WebhookObject};
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use uuid::Uuid;

/// The body.
#[derive(Serialize)]
struct Told<'a> {
    id: Uuid,
    #[serde(rename = "type")]
    kind: &'a str,
    laboratory: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_index: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a WebhookObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_url: Option<String>,
}

/// The bytes that are signed and sent; `address` is the one that people see.
pub(super) fn body(message: &WebhookMessage, address: &str) -> Result<Vec<u8>, StoreError> {
    let object = message.object.as_ref();
    let told = Told {
        id: message.event.map_or_else(|| message.id.uuid(), |event| event.uuid()),
        kind: &message.kind,
        laboratory: &message.laboratory,
        at: message.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        log_index: message.log_index,
        object,
        api_url: object.and_then(path).map(|path| format!("{address}/api/v1{path}")),
    };
    serde_json::to_vec(&told).map_err(StoreError::broken)
}

/// Where the thing can be fetched.
fn path(object: &WebhookObject) -> Option<String> {
    let folder = match object.kind.as_str() {
        "sample" => "samples",
        "result" => "results",
        "report" => "reports",
        "order" => "orders",
        "sample_type" => "sample-types",
        "test" => "tests",
        "panel" => "panels",
        "specification" => "specifications",
        // A notice is listed with the others.
        "critical_notice" => return Some("/critical-notices".to_owned()),
        _ => return None,
    };
    Some(format!("/{folder}/{}", object.id))
}

/// Name, time and signatures; a message that is tried again keeps its name and is signed anew.
pub(super) fn headers(message: &WebhookMessage, body: &[u8], at: DateTime<Utc>) -> Result<HeaderMap, StoreError> {
    let (id, seconds) = (message.id.to_string(), at.timestamp());
    let signatures = message
        .secrets
        .iter()
        .map(|secret| secret.sign(&id, seconds, body))
        .collect::<Result<Vec<_>, _>>()?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ] {
        let value = HeaderValue::from_str(&value).map_err(StoreError::broken)?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(headers)
}
