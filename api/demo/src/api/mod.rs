//! The HTTP side: one connection pool, logins with bearer tokens, retries as http.md asks of an integrator.

mod session;

pub(crate) use session::Session;

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::{DemoError, Problem};

/// How often a request is repeated when the server says "later" (429, 503, a twin in flight).
const ATTEMPTS: u32 = 6;
/// Authorising typesets and signs a document: the slowest request of all.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The API of one server.
#[derive(Clone)]
pub(crate) struct Api {
    agent: ureq::Agent,
    base: String,
}

/// What every resource has.
#[derive(Deserialize)]
pub(crate) struct Created {
    pub id: String,
}

struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: String,
}

/// One request.
#[derive(Clone, Copy)]
struct Call<'a> {
    method: &'static str,
    path: &'a str,
    body: Option<&'a str>,
    token: Option<&'a str>,
    if_match: Option<&'a str>,
}

impl<'a> Call<'a> {
    fn get(path: &'a str) -> Self {
        Self {
            method: "GET",
            path,
            body: None,
            token: None,
            if_match: None,
        }
    }

    fn post(path: &'a str, body: &'a str) -> Self {
        Self {
            method: "POST",
            body: Some(body),
            ..Self::get(path)
        }
    }

    /// A change of the version with this tag.
    fn patch(path: &'a str, tag: &'a str, body: &'a str) -> Self {
        Self {
            method: "PATCH",
            body: Some(body),
            if_match: Some(tag),
            ..Self::get(path)
        }
    }
}

impl Api {
    /// `base_url` is scheme, host and port, with or without the trailing slash.
    pub(crate) fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // The server is this very machine: a proxy from the environment must not see the logins.
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .user_agent("attest-demo")
            .build();
        Self {
            agent: config.into(),
            base: format!("{}/api/v1", base_url.trim_end_matches('/')),
        }
    }

    fn send(&self, call: &Call<'_>) -> Result<Answer, DemoError> {
        let transport = |source: ureq::Error| DemoError::Transport {
            method: call.method,
            path: call.path.to_owned(),
            source: Box::new(source),
        };
        let mut request = ureq::http::Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.base, call.path))
            .header("Accept", "application/json, application/problem+json");
        if let Some(token) = call.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(tag) = call.if_match {
            request = request.header("If-Match", tag);
        }
        let sent = match call.body {
            Some(body) => {
                request = request
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", idempotency_key(call, body));
                request
                    .body(body.to_owned())
                    .map_err(|e| transport(e.into()))
                    .and_then(|r| self.agent.run(r).map_err(transport))
            }
            None => request
                .body(())
                .map_err(|e| transport(e.into()))
                .and_then(|r| self.agent.run(r).map_err(transport)),
        };
        let mut response = sent?;
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.parse().ok());
        let body = response
            .body_mut()
            .with_config()
            .limit(64 * 1024 * 1024)
            .read_to_string()
            .map_err(transport)?;
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after,
            body,
        })
    }

    /// Sends until the server has an answer that is not "later".
    fn send_patiently(&self, call: &Call<'_>) -> Result<Answer, DemoError> {
        let mut attempt = 1;
        loop {
            let answer = self.send(call)?;
            let later = matches!(answer.status, 429 | 503)
                || (answer.status == 409 && problem(&answer.body).kind == "/problems/idempotency-in-flight");
            if !later || attempt == ATTEMPTS {
                return Ok(answer);
            }
            attempt += 1;
            std::thread::sleep(Duration::from_secs(answer.retry_after.unwrap_or(1).min(30)));
        }
    }
}

/// Same request, same key: a request whose answer was lost, even by a process that died, is answered again instead of
/// being done twice. The body is part of it, so a key is never used for anything else.
fn idempotency_key(call: &Call<'_>, body: &str) -> String {
    let mut hash = Sha256::new();
    for part in [call.method, "\n", call.path, "\n", body] {
        hash.update(part.as_bytes());
    }
    let mut key = hex::encode(hash.finalize());
    key.truncate(40);
    format!("demo-{key}")
}

fn problem(body: &str) -> Problem {
    serde_json::from_str(body).unwrap_or_else(|_| Problem {
        detail: Some(body.chars().take(300).collect()),
        ..Problem::default()
    })
}

fn read<T: DeserializeOwned>(call: &Call<'_>, answer: &Answer) -> Result<T, DemoError> {
    if !(200..300).contains(&answer.status) {
        return Err(DemoError::Refused {
            method: call.method,
            path: call.path.to_owned(),
            status: answer.status,
            problem: Box::new(problem(&answer.body)),
        });
    }
    serde_json::from_str(&answer.body).map_err(|e| DemoError::Unexpected {
        method: call.method,
        path: call.path.to_owned(),
        reason: e.to_string(),
    })
}

/// A value for a query (RFC 3986, unreserved characters stay).
pub(crate) fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_request_has_the_same_key_and_another_body_another() {
        let call = Call::post("/orders", "");
        assert_eq!(idempotency_key(&call, "{}"), idempotency_key(&call, "{}"));
        assert_ne!(idempotency_key(&call, "{}"), idempotency_key(&call, "{\"a\":1}"));
    }

    #[test]
    fn a_problem_is_told_with_its_fields() {
        let told = problem(
            r#"{"type":"/problems/validation","title":"x","status":422,"detail":"refused",
                "errors":[{"path":"samples.0.test_ids","code":"unknown","message":"no such test"}]}"#,
        )
        .to_string();
        assert_eq!(
            told,
            "/problems/validation: refused; samples.0.test_ids (unknown): no such test"
        );
    }

    #[test]
    fn cursors_are_encoded_for_the_query() {
        assert_eq!(percent_encoded("a+b/c=~"), "a%2Bb%2Fc%3D~");
    }
}
