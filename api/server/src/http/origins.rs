//! Other sites' pages (CORS): closed, but for the origins that the operator names. They use bearer tokens: cookies are never
//! offered to them, because `Access-Control-Allow-Credentials` is never sent.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;

/// What such a page may send.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Headers it may send.
const SENT: &str =
    "authorization, content-type, if-match, if-none-match, idempotency-key, x-request-id, accept-language";
/// Headers of answers it may read.
const READ: &str = "etag, x-request-id, retry-after, ratelimit, ratelimit-policy, content-disposition, allow";

/// The origins named in `cors_origins`.
#[derive(Debug, Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// These, exactly.
    pub fn new(named: &[String]) -> Self {
        Self(named.into())
    }

    /// The origin of the page that sent this, if it is one of those.
    fn of(&self, request: &HttpRequest) -> Option<HeaderValue> {
        let origin = request.headers().get(ORIGIN)?;
        self.0
            .iter()
            .any(|named| named.as_bytes() == origin.as_bytes())
            .then(|| origin.clone())
    }

    /// The answer to a browser that asks before it sends (a preflight), if it may.
    pub fn preflight(&self, request: &HttpRequest) -> Option<HttpResponse> {
        if *request.method() != Method::OPTIONS || !request.headers().contains_key("access-control-request-method") {
            return None;
        }
        self.of(request)?;
        Some(
            HttpResponse::build(StatusCode::NO_CONTENT)
                .insert_header(("access-control-allow-methods", METHODS))
                .insert_header(("access-control-allow-headers", SENT))
                .insert_header(("access-control-max-age", "600"))
                .finish(),
        )
    }

    /// Lets the page read the answer, if it may; and tells caches that the answer depends on who asks.
    pub fn told(&self, request: &HttpRequest, headers: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = self.of(request) {
            headers.insert(HeaderName::from_static("access-control-allow-origin"), origin);
            headers.insert(
                HeaderName::from_static("access-control-expose-headers"),
                HeaderValue::from_static(READ),
            );
        }
    }
}
