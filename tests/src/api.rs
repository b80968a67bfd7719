//! An HTTP client of the interface, as an integrator would write one, and assertions on what it answers.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request};

/// Access tokens live five minutes at most; renew well before.
const RENEW_AFTER: Duration = Duration::from_secs(200);

/// Roots that do not live under `/api/v1`.
const ROOTS: [&str; 7] = [
    "/api/",
    "/health",
    "/public",
    "/.well-known",
    "/metrics",
    "/status",
    "/bootstrap",
];

/// A client of one server, logged in or not. Clones share the login.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    agent: ureq::Agent,
    login: Option<Arc<Mutex<Login>>>,
    headers: Vec<(String, String)>,
}

#[derive(Debug)]
struct Login {
    access: String,
    refresh: String,
    renewed: Instant,
}

/// One answer of the server, body read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for the message of a failed assertion.
    pub question: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Api {
    /// A client without login.
    pub fn new(base: String) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self {
            base,
            agent,
            login: None,
            headers: Vec::new(),
        }
    }

    /// Logs in with a token and returns a client that stays logged in.
    pub fn log_in(&self, laboratory: &str, email: &str, password: &str) -> Self {
        let body = json!({"email": email, "password": password, "laboratory": laboratory, "mode": "token"});
        let answer = self.without_login().post("/auth/login", &body).expect(200);
        self.signed_in(&answer)
    }

    /// A client that stays logged in, from what a login answered.
    pub fn signed_in(&self, answer: &Value) -> Self {
        Self {
            login: Some(Arc::new(Mutex::new(Login {
                access: text(answer, "access_token"),
                refresh: text(answer, "refresh_token"),
                renewed: Instant::now(),
            }))),
            ..self.clone()
        }
    }

    /// The same server, nobody logged in.
    pub fn without_login(&self) -> Self {
        Self {
            login: None,
            ..self.clone()
        }
    }

    /// The same server with a credential of the test's own making.
    pub fn with_token(&self, token: &str) -> Self {
        self.without_login().with("Authorization", &format!("Bearer {token}"))
    }

    /// The same login, with one more header on every request.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// The access token in use.
    pub fn access_token(&self) -> String {
        self.login
            .as_ref()
            .map(|login| self.fresh_token(login))
            .expect("logged in")
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// `GET`, or nothing when the server cannot be reached.
    pub fn try_get(&self, path: &str) -> Option<Answer> {
        self.try_send("GET", path, None).ok()
    }

    /// `POST` with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body.to_string().into_bytes()))
    }

    /// `POST`, or nothing when the connection broke before an answer.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.try_send("POST", path, Some(body.to_string().into_bytes())).ok()
    }

    /// `POST` with these bytes, called JSON.
    pub fn post_bytes(&self, path: &str, body: &[u8]) -> Answer {
        self.send("POST", path, Some(body.to_vec()))
    }

    /// `PATCH` with `If-Match`.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.with("If-Match", etag)
            .send("PATCH", path, Some(body.to_string().into_bytes()))
    }

    /// Any method, with a JSON body or none.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.send(method, path, body.map(|body| body.to_string().into_bytes()))
    }

    /// Raises the session, which exports and role changes ask for.
    pub fn step_up(&self, password: &str) -> &Self {
        self.post("/auth/reauthenticate", &json!({"password": password}))
            .expect(200);
        self
    }

    /// All items of a list, page by page.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after = String::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{joint}limit=200{after}")).expect(200);
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={}", percent_encoded(next)),
                None => return items,
            }
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answer {
        self.try_send(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: no answer: {error}"))
    }

    fn try_send(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let prefix = if ROOTS.iter().any(|root| path.starts_with(root)) {
            ""
        } else {
            "/api/v1"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{prefix}{path}", self.base));
        if let Some(login) = &self.login {
            request = request.header("Authorization", format!("Bearer {}", self.fresh_token(login)));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = match body {
            Some(body) => {
                let json = !self
                    .headers
                    .iter()
                    .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
                if json {
                    request = request.header("Content-Type", "application/json");
                }
                let request = self
                    .agent
                    .configure_request(request.body(body)?)
                    .allow_non_standard_methods(true);
                self.agent.run(request.build())
            }
            None => self.agent.run(request.body(())?),
        };
        let mut answer = answer?;
        let body = answer.body_mut().with_config().limit(256 * 1024 * 1024).read_to_vec()?;
        Ok(Answer {
            question: format!("{method} {path}"),
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body,
        })
    }

    fn fresh_token(&self, login: &Mutex<Login>) -> String {
        let mut login = login.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if login.renewed.elapsed() > RENEW_AFTER {
            let answer = self
                .without_login()
                .post("/auth/refresh", &json!({"refresh_token": login.refresh}))
                .expect(200);
            login.access = text(&answer, "access_token");
            login.refresh = text(&answer, "refresh_token");
            login.renewed = Instant::now();
        }
        login.access.clone()
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "{}: {}: not JSON ({error}): {}",
                self.question,
                self.status,
                self.text()
            )
        })
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// One header, or the empty string.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }

    /// Its `ETag`, which must be there.
    pub fn etag(&self) -> String {
        let etag = self.header("etag");
        assert!(etag.starts_with('"'), "{}: no ETag ({etag:?})", self.question);
        etag
    }

    /// Asserts the status and returns the JSON (null when there is no body).
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.question, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts the status, for answers that are not JSON, and returns the answer.
    #[track_caller]
    pub fn expect_bytes(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.question, self.text());
        self
    }

    /// Asserts a problem (RFC 9457) of this status and kind, with everything ATT-30 asks of it, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(
            self.status,
            status,
            "{}: wanted {slug}, got: {}",
            self.question,
            self.text()
        );
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.question
        );
        let problem = self.json();
        assert_eq!(
            problem["type"],
            format!("/problems/{slug}"),
            "{}: {problem}",
            self.question
        );
        assert_eq!(problem["status"], status, "{}: {problem}", self.question);
        for member in ["title", "detail", "request_id"] {
            let filled = problem[member].as_str().is_some_and(|text| !text.is_empty());
            assert!(filled, "{}: no {member}: {problem}", self.question);
        }
        let lower = self.text().to_lowercase();
        for leak in [
            "diesel",
            "sqlite",
            "postgres",
            "panicked",
            "select ",
            "insert into",
            ".rs:",
            "/src/",
        ] {
            assert!(
                !lower.contains(leak),
                "{}: the problem leaks {leak:?}: {problem}",
                self.question
            );
        }
        problem
    }

    /// Asserts a 422 that names this field, and returns the error's code.
    #[track_caller]
    pub fn names_field(&self, field: &str) -> String {
        let problem = self.problem(422, "validation");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let named = errors
            .iter()
            .find(|error| error["path"].as_str().is_some_and(|path| path_ends_with(path, field)));
        let named = named.unwrap_or_else(|| panic!("{}: no error names {field:?}: {problem}", self.question));
        assert!(
            named["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{problem}"
        );
        text(named, "code")
    }
}

/// Whether a path like `items[2].value` or `/items/2/value` ends with a field's name.
fn path_ends_with(path: &str, field: &str) -> bool {
    path == field
        || path
            .strip_suffix(field)
            .is_some_and(|front| front.ends_with(['.', '/', ']']))
}

/// A member that must be a text.
#[track_caller]
pub fn text(value: &Value, member: &str) -> String {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("no text {member:?} in {value}"))
        .to_owned()
}

/// A resource's id.
#[track_caller]
pub fn id(value: &Value) -> String {
    text(value, "id")
}

/// Encodes a value for a query string.
pub fn percent_encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}
