//! Problems (RFC 9457): one shape for everything that goes wrong, with a stable type and what to do next.

use super::RequestId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use attest_domain::Language;
use attest_domain::identity::{Factor, SetUp};
use attest_store::{Forbidden, HashingLoad, LoginRefused, StoreError, TokenRefused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong, as `application/problem+json`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"type": "/problems/validation", "title": "The request is not valid", "status": 422,
    "detail": "one value is wrong", "request_id": "0197…", "errors": [{"path": "collected_at", "code": "future", "message": "must not be in the future"}]}))]
pub struct Problem {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This case in words, with what to do.
    pub detail: String,
    /// To find it in the server's log.
    #[serde(default)]
    pub request_id: String,
    /// Which values are wrong, and what would be right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Where an e-mail address belongs to several laboratories: which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laboratories: Vec<LaboratoryChoice>,
    /// What must be set up before anything but one's own account is open (`/problems/setup-required`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<SetUp>,
    /// Second factors that could be shown (`/problems/mfa-required`, `/problems/second-factor-required`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Factor>,
    /// Of a login whose password was right: with it a passkey completes the login (`/problems/mfa-required`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa_token: Option<String>,
    /// Seconds to wait; also the `Retry-After` header.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u32>,
    /// The `RateLimit-Policy` and `RateLimit` headers of a 429.
    #[serde(skip)]
    #[schema(ignore)]
    pub rate_limit: Option<Box<(String, String)>>,
}

/// One wrong value.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, PartialEq, Eq)]
pub struct FieldError {
    /// Path in the request, e.g. `samples.0.collected_at`.
    pub path: String,
    /// Stable code.
    pub code: String,
    /// What would be right.
    pub message: String,
}

/// A laboratory to choose.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LaboratoryChoice {
    /// Short name, to be sent as `laboratory`.
    pub slug: String,
    /// Full name.
    pub name: String,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(status: u16, slug: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{slug}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
            laboratories: Vec::new(),
            must: Vec::new(),
            methods: Vec::new(),
            mfa_token: None,
            retry_after: None,
            rate_limit: None,
        }
    }

    /// Wrong values.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.path.is_empty() => one.message.clone(),
            [one] => format!("{}: {}", one.path, one.message),
            many => format!("{} values are wrong", many.len()),
        };
        Self {
            errors,
            ..Self::new(422, "validation", "The request is not valid", detail)
        }
    }

    /// One wrong value.
    pub fn field(path: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError {
            path: path.into(),
            code: code.to_owned(),
            message: message.into(),
        }])
    }

    /// Not there, or not the caller's to know.
    pub fn not_found() -> Self {
        Self::new(
            404,
            "not-found",
            "Not found",
            "there is nothing here, or it is not yours to see",
        )
    }

    /// Of one item: a repeated request finds what was done the first time, not why the rest was not.
    pub fn not_done_then() -> Self {
        Self::new(
            409,
            "conflict-state",
            "Not possible in this state",
            "this item could not be done when the request was first sent; send it again with a new Idempotency-Key",
        )
    }

    /// No login, or one that is over.
    pub fn unauthenticated() -> Self {
        Self::new(
            401,
            "unauthenticated",
            "Not signed in",
            "sign in and send the access token, or refresh the session",
        )
    }

    /// Come back later.
    pub fn overloaded() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(
                503,
                "overloaded",
                "Too much at once",
                "the server is busy; try again in a second",
            )
        }
    }

    /// Something of ours broke; the log knows what.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal problem");
        Self::new(
            500,
            "internal",
            "Something went wrong on our side",
            "nothing was changed; tell your administrator the request_id",
        )
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.title, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some((policy, state)) = self.rate_limit.as_deref() {
            answer
                .insert_header(("RateLimit-Policy", policy.as_str()))
                .insert_header(("RateLimit", state.as_str()));
        }
        if self.status == 401 {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.extensions_mut().insert(self.clone());
        answer
            .content_type("application/problem+json")
            .body(serde_json::to_string(self).unwrap_or_default())
    }
}

/// Puts the request's id into a problem that was made where the request was not known.
pub fn complete(request: &HttpRequest, mut problem: Problem) -> Problem {
    if let Some(id) = request.extensions().get::<RequestId>() {
        problem.request_id.clone_from(&id.0);
    }
    problem
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Stale { expected, found } => Self::new(
                412,
                "stale",
                "Changed meanwhile",
                if expected < 0 {
                    format!(
                        "the ETag in If-Match is none of this resource's; it is now version {found}: read it and send its ETag"
                    )
                } else {
                    format!(
                        "you saw version {expected}, it is now version {found}; read it again and repeat your change"
                    )
                },
            ),
            StoreError::Conflict { detail } => Self::new(409, "conflict-state", "Not possible in this state", detail),
            StoreError::Duplicate { field } => {
                let mut problem = Self::new(
                    409,
                    "duplicate",
                    "Already there",
                    format!("another record has this {field}"),
                );
                problem.errors.push(FieldError {
                    path: field,
                    code: "duplicate".to_owned(),
                    message: "must be unique in the laboratory".to_owned(),
                });
                problem
            }
            StoreError::Refused { slug, status, detail } => Self::new(status, slug, refusal_title(slug), detail),
            StoreError::Invalid { path, code, message } => Self::field(path, code, message),
            StoreError::Faults(faults) => Self::validation(
                faults
                    .into_iter()
                    .map(|fault| FieldError {
                        path: fault.path,
                        code: fault.code,
                        message: fault.message,
                    })
                    .collect(),
            ),
            StoreError::EveryItem(errors) => errors.into_iter().next().map_or_else(Self::not_found, Self::from),
            StoreError::KeyReused => Self::new(
                422,
                "idempotency-mismatch",
                "Idempotency-Key reused",
                "this key was sent with another request; use a new key for a new request",
            ),
            StoreError::KeyInFlight => Self {
                retry_after: Some(1),
                ..Self::new(
                    409,
                    "idempotency-in-flight",
                    "Still running",
                    "a request that must finish first is still running; repeat in a moment",
                )
            },
            StoreError::Overloaded => Self::overloaded(),
            StoreError::Unavailable(cause) => {
                tracing::error!(%cause, "the database is unavailable");
                Self {
                    retry_after: Some(5),
                    ..Self::new(
                        503,
                        "unavailable",
                        "The database is away",
                        "nothing was changed; try again in a few seconds",
                    )
                }
            }
            error @ (StoreError::Broken(_) | StoreError::Database(_)) => Self::internal(&error),
        }
    }
}

fn refusal_title(slug: &str) -> &'static str {
    match slug {
        "four-eyes" => "A second person is needed",
        "forbidden" => "Not allowed",
        "unknown-reference" => "Unknown reference",
        "content-changed" => "The content changed",
        "reauthentication-failed" => "Identity not confirmed",
        "step-up-required" => "Confirm your identity",
        "bootstrap-link-invalid" => "The link does not work",
        "validation" => "The request is not valid",
        "laboratory-suspended" => "The laboratory is suspended",
        "duplicate" => "Already there",
        "erased" => "Erased",
        "storage-full" => "No room left",
        "log-damaged" => "The audit log is damaged",
        _ => "Not possible in this state",
    }
}

impl From<Forbidden> for Problem {
    fn from(refusal: Forbidden) -> Self {
        match refusal {
            Forbidden::Lacks(permission) => Self::new(
                403,
                "forbidden",
                "Not allowed",
                format!("this needs the permission {permission}; an administrator can grant it"),
            ),
            Forbidden::StepUp => Self::new(
                403,
                "step-up-required",
                "Confirm your identity",
                "confirm your identity with POST /api/v1/auth/reauthenticate, then repeat within five minutes",
            ),
            Forbidden::Locked => Self::new(
                403,
                "locked",
                "The screen is locked",
                "unlock it with POST /api/v1/auth/unlock, or sign out",
            ),
            Forbidden::PersonsOnly => Self::new(
                403,
                "person-required",
                "A person must do this",
                "a service account has no password to confirm, no session and no factor: sign in as a person",
            ),
            Forbidden::NotForVisitors => Self::new(
                403,
                "not-for-support",
                "Not for invited support",
                "this needs an account of the laboratory: what support may do ends with its invitation",
            ),
            Forbidden::SetUp(must) => {
                let what: Vec<&str> = must.iter().map(|what| what.label(Language::En)).collect();
                Self {
                    detail: format!(
                        "set up {} first; until then only your own account is open",
                        what.join(" and ")
                    ),
                    must,
                    ..Self::new(403, "setup-required", "Something must be set up first", "")
                }
            }
        }
    }
}

impl From<TokenRefused> for Problem {
    fn from(refusal: TokenRefused) -> Self {
        match refusal {
            TokenRefused::Invalid | TokenRefused::Dead => Self::unauthenticated(),
            TokenRefused::Store(error) => error.into(),
        }
    }
}

impl From<HashingLoad> for Problem {
    fn from(load: HashingLoad) -> Self {
        match load {
            HashingLoad::Full => Self::overloaded(),
            HashingLoad::Failed => Self::internal(&load),
        }
    }
}

impl From<LoginRefused> for Problem {
    fn from(refusal: LoginRefused) -> Self {
        match refusal {
            LoginRefused::Credentials => Self::new(
                401,
                "invalid-credentials",
                "Not signed in",
                "the e-mail address or the password is not right, or the account waits after too many attempts",
            ),
            LoginRefused::Waits(until) => {
                let seconds = (until - chrono::Utc::now()).num_seconds().clamp(1, 86_400);
                let minutes = seconds.saturating_add(59) / 60;
                Self {
                    retry_after: u32::try_from(seconds).ok(),
                    ..Self::new(
                        429,
                        "account-waits",
                        "The account waits",
                        format!("too many wrong passwords; nothing was done, try again in {minutes} min"),
                    )
                }
            }
            LoginRefused::WhichLaboratory(places) => Self {
                laboratories: places
                    .into_iter()
                    .map(|(slug, name)| LaboratoryChoice { slug, name })
                    .collect(),
                ..Self::new(
                    409,
                    "laboratory-required",
                    "Which laboratory?",
                    "this address works in several laboratories; send `laboratory`",
                )
            },
            LoginRefused::SignOnRequired => Self::new(
                403,
                "sign-on-required",
                "Use single sign-on",
                "passwords open nothing in this laboratory: sign in with its identity provider (POST /api/v1/auth/sign-on)",
            ),
            LoginRefused::SecondFactor(needed) => {
                let detail = if needed.wrong {
                    "the second factor is not right, or was used before"
                } else {
                    "the password is right; repeat with `otp`, or use a passkey with `mfa_token`"
                };
                let wrong = FieldError {
                    path: "otp".to_owned(),
                    code: "wrong".to_owned(),
                    message: detail.to_owned(),
                };
                Self {
                    errors: needed.wrong.then_some(wrong).into_iter().collect(),
                    methods: needed.methods,
                    mfa_token: Some(needed.ticket),
                    ..Self::new(401, "mfa-required", "Second factor needed", detail)
                }
            }
            LoginRefused::FactorMissing(methods) => Self {
                methods,
                ..Self::new(
                    403,
                    "second-factor-required",
                    "Second factor needed",
                    "you have a second factor: show it here, in `otp` or `passkey`",
                )
            },
            LoginRefused::Busy(load) => load.into(),
            LoginRefused::Store(error) => error.into(),
        }
    }
}
