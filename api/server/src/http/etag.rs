//! Versions: `ETag` out, `If-Match` in; a lost update is impossible (ATT-34).

use super::Problem;
use super::gate::Held;
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

/// The version in `If-Match`, if there is one.
fn seen(request: &HttpRequest) -> Option<i64> {
    let text = request.headers().get(IF_MATCH)?.to_str().unwrap_or_default().trim();
    if text == "*" {
        return None;
    }
    // An ETag we never gave out cannot match.
    Some(text.trim_start_matches("W/").trim_matches('"').parse().unwrap_or(-1))
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self(seen(request))))
    }
}

impl FromRequest for Versioned {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let found = seen(request).map(Self).ok_or_else(|| {
            Problem::new(
                428,
                "precondition-required",
                "If-Match is needed",
                "read the resource and send its ETag as If-Match, so that nobody's change is overwritten",
            )
        });
        Held::new(request, found)
    }
}

/// A resource with its ETag; 201 with Location when `created` names its path.
pub fn tagged<T: Serialize>(resource: &T, version: i64, created: Option<String>) -> HttpResponse {
    let mut answer = if created.is_some() {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    answer.insert_header((ETAG, format!("\"{version}\"")));
    if let Some(path) = created {
        answer.insert_header((LOCATION, path));
    }
    answer.json(resource)
}
