//! Versions: `ETag` out, `If-Match` in; a lost update is impossible (ATT-34).

use super::Problem;
use actix_web::http::header::{ETAG, IF_MATCH, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use serde::Serialize;
use std::future::{Ready, ready};

/// The version the caller saw, if they said: honoured by transitions.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i64>);

/// The version the caller saw; needed for PATCH and DELETE (428 without).
#[derive(Debug, Clone, Copy)]
pub struct Versioned(pub i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let Some(value) = request.headers().get(IF_MATCH) else { return ready(Ok(Self(None))) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return ready(Ok(Self(None)));
        }
        let version = text.trim_start_matches("W/").trim_matches('"').parse();
        // An ETag we never gave out cannot match.
        ready(Ok(Self(Some(version.unwrap_or(-1)))))
    }
}

impl FromRequest for Versioned {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let seen = IfMatch::from_request(request, payload).into_inner();
        ready(seen.and_then(|IfMatch(version)| {
            version.map(Self).ok_or_else(|| {
                Problem::new(428, "precondition-required", "If-Match is needed", "read the resource and send its ETag as If-Match, so that nobody's change is overwritten")
            })
        }))
    }
}

/// A resource with its ETag; 201 with Location when `created` names its path.
pub fn tagged<T: Serialize>(resource: &T, version: i64, created: Option<String>) -> HttpResponse {
    let mut answer = if created.is_some() { HttpResponse::Created() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, format!("\"{version}\"")));
    if let Some(path) = created {
        answer.insert_header((LOCATION, path));
    }
    answer.json(resource)
}
