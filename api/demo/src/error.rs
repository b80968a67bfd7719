//! What can go wrong while the demonstration is loaded.

use serde::Deserialize;

/// Why loading the demonstration stopped. Loading can be started again: it continues where it stopped.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server could not be reached, or the connection broke.
    #[error("{method} {path}: {source}")]
    Transport {
        /// The HTTP method of the request.
        method: &'static str,
        /// The path below the API's base.
        path: String,
        /// What the HTTP client saw.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The server answered with a problem (RFC 9457).
    #[error("{method} {path}: {status} {problem}")]
    Refused {
        /// The HTTP method of the request.
        method: &'static str,
        /// The path below the API's base.
        path: String,
        /// The HTTP status.
        status: u16,
        /// The problem as the server told it.
        problem: Box<Problem>,
    },
    /// The server's answer does not have the shape that the contract promises.
    #[error("{method} {path}: unexpected answer: {reason}")]
    Unexpected {
        /// The HTTP method of the request.
        method: &'static str,
        /// The path below the API's base.
        path: String,
        /// What was missing or wrong.
        reason: String,
    },
    /// No role of the laboratory holds the permissions that a step needs.
    #[error("nobody in {laboratory} holds {permissions}")]
    NobodyMay {
        /// The laboratory's slug.
        laboratory: String,
        /// The permissions that were looked for, comma separated.
        permissions: String,
    },
    /// The data inside the crate do not fit together.
    #[error("demonstration data: {0}")]
    Data(String),
    /// The laboratory or its administrator could not be created.
    #[error("laboratory {laboratory}: {source}")]
    Invite {
        /// The laboratory's slug.
        laboratory: String,
        /// What the callback said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The part of a problem document that helps to understand a refusal.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Problem {
    /// The problem's type, e.g. `/problems/validation`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The sentence for this occurrence.
    #[serde(default)]
    pub detail: Option<String>,
    /// The members that were refused.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The server's number of the request, to find it in its log.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// One refused member of a request.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldError {
    /// Path of the member.
    pub path: String,
    /// Stable code of the reason.
    pub code: String,
    /// The reason for people.
    #[serde(default)]
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        for error in &self.errors {
            write!(f, "; {} ({}): {}", error.path, error.code, error.message)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}
