//! Versions: `ETag` out, `If-Match` in; a lost update is impossible (ATT-34).

use super::Problem;
use super::gate::Held;
use actix_web::http::header::{ETAG, IF_MATCH, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use attest_store::ANY_VERSION;
use serde::Serialize;
use std::future::{Ready, ready};

/// The version the caller saw, if they said: honoured by transitions.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i64>);

/// The version the caller saw, or any (`*`); needed for PATCH and DELETE (428 without).
#[derive(Debug, Clone, Copy)]
pub struct Versioned(pub i64);

/// What an ETag says that we never gave out: it cannot match.
const NONE_OF_OURS: i64 = -1;

/// The version in `If-Match`, if there is one. Of several the newest: versions only grow, so that no other can still be there.
fn seen(request: &HttpRequest) -> Option<i64> {
    let mut lines = request.headers().get_all(IF_MATCH).peekable();
    lines.peek()?;
    let tags = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    tags.map(|tag| match tag.trim() {
        "*" => ANY_VERSION,
        tag => tag
            .trim_start_matches("W/")
            .strip_prefix('"')
            .and_then(|tag| tag.strip_suffix('"'))
            .and_then(|version| version.parse().ok())
            .filter(|version| *version >= 0)
            .unwrap_or(NONE_OF_OURS),
    })
    .reduce(|one, other| match (one, other) {
        (ANY_VERSION, _) | (_, ANY_VERSION) => ANY_VERSION,
        (one, other) => one.max(other),
    })
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self(seen(request).filter(|version| *version != ANY_VERSION))))
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

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn any_of_several_and_none_of_ours() {
        let seen_in = |text: &str| seen(&TestRequest::default().insert_header((IF_MATCH, text)).to_http_request());
        assert_eq!(seen(&TestRequest::default().to_http_request()), None);
        for (text, version) in [
            ("\"3\"", 3),
            ("W/\"3\"", 3),
            ("*", ANY_VERSION),
            ("\"a\", \"2\", \"1\"", 2),
            ("\"banana\"", NONE_OF_OURS),
            ("\"-9\"", NONE_OF_OURS),
            ("3", NONE_OF_OURS),
        ] {
            assert_eq!(seen_in(text), Some(version), "{text}");
        }
    }
}
