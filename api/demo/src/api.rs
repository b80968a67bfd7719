//! The HTTP side: one connection pool, logins with bearer tokens, retries as http.md asks of an integrator.

use std::cell::RefCell;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::{DemoError, Problem};

/// How often a request is repeated when the server says "later" (429, 503, a twin in flight).
const ATTEMPTS: u32 = 6;
/// Authorising typesets and signs a document: the slowest request of all.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The longest page the API gives.
const PAGE: usize = 200;

/// The API of one server.
#[derive(Clone)]
pub(crate) struct Api {
    agent: ureq::Agent,
    base: String,
}

/// One page of a list.
#[derive(Deserialize)]
pub(crate) struct Page<T> {
    pub items: Vec<T>,
    #[serde(default)]
    pub next: Option<String>,
}

/// What every resource has.
#[derive(Deserialize)]
pub(crate) struct Created {
    pub id: String,
}

#[derive(Deserialize)]
struct LoginAnswer {
    access_token: String,
}

struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: String,
}

struct Call<'a> {
    method: &'static str,
    path: &'a str,
    body: Option<&'a str>,
    token: Option<&'a str>,
    if_match: Option<&'a str>,
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

/// One person's login. The token is fetched when it is first needed and again when it has run out.
pub(crate) struct Session {
    api: Api,
    laboratory: String,
    email: String,
    password: String,
    token: RefCell<Option<String>>,
}

impl Session {
    pub(crate) fn new(api: &Api, laboratory: &str, email: &str, password: &str) -> Self {
        Self {
            api: api.clone(),
            laboratory: laboratory.to_owned(),
            email: email.to_owned(),
            password: password.to_owned(),
            token: RefCell::new(None),
        }
    }

    /// The password, which signing asks for once more.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    fn token(&self) -> Result<String, DemoError> {
        if let Some(token) = self.token.borrow().as_ref() {
            return Ok(token.clone());
        }
        let body = json!({
            "email": self.email,
            "password": self.password,
            "laboratory": self.laboratory,
            "mode": "token",
        })
        .to_string();
        let call = Call {
            method: "POST",
            path: "/auth/login",
            body: Some(&body),
            token: None,
            if_match: None,
        };
        let answer: LoginAnswer = read(&call, &self.api.send_patiently(&call)?)?;
        self.token.replace(Some(answer.access_token.clone()));
        Ok(answer.access_token)
    }

    fn call(&self, call: Call<'_>) -> Result<Answer, DemoError> {
        let mut renewed = false;
        let mut stepped_up = false;
        loop {
            let token = self.token()?;
            let answer = self.api.send_patiently(&Call {
                token: Some(&token),
                ..call
            })?;
            if answer.status == 401 && !renewed {
                renewed = true;
                self.token.replace(None);
            } else if answer.status == 403 && !stepped_up && problem(&answer.body).kind == "/problems/step-up-required"
            {
                stepped_up = true;
                self.step_up(&token)?;
            } else {
                return Ok(answer);
            }
        }
    }

    fn step_up(&self, token: &str) -> Result<(), DemoError> {
        let body = json!({ "password": self.password }).to_string();
        let call = Call {
            method: "POST",
            path: "/auth/reauthenticate",
            body: Some(&body),
            token: Some(token),
            if_match: None,
        };
        let _: Value = read(&call, &self.api.send_patiently(&call)?)?;
        Ok(())
    }

    /// GET one resource.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, DemoError> {
        let call = Call {
            method: "GET",
            path,
            body: None,
            token: None,
            if_match: None,
        };
        let answer = self.call(Call { ..call })?;
        read(&call, &answer)
    }

    /// GET a list to its end. `path` may carry a query.
    pub(crate) fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, DemoError> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{joint}limit={PAGE}");
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page: Page<T> = match &after {
                None => self.get(&first)?,
                Some(cursor) => self.get(&format!("{first}&after={}", percent_encoded(cursor)))?,
            };
            items.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(items),
            }
        }
    }

    /// POST and read the answer.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, DemoError> {
        let body = body.to_string();
        let call = Call {
            method: "POST",
            path,
            body: Some(&body),
            token: None,
            if_match: None,
        };
        let answer = self.call(Call { ..call })?;
        read(&call, &answer)
    }

    /// PATCH the version that was read.
    pub(crate) fn patch(&self, path: &str, version: i64, body: &Value) -> Result<(), DemoError> {
        let body = body.to_string();
        let tag = format!("\"{version}\"");
        let call = Call {
            method: "PATCH",
            path,
            body: Some(&body),
            token: None,
            if_match: Some(&tag),
        };
        let answer = self.call(Call { ..call })?;
        let _: Value = read(&call, &answer)?;
        Ok(())
    }
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
        let call = Call {
            method: "POST",
            path: "/orders",
            body: None,
            token: None,
            if_match: None,
        };
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
