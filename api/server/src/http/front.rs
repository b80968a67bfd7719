//! Around every request: an id, how fast it may come, the security headers (ATT-18), and problems completed with the id.

use super::evidence::refused;
use super::problem::{Problem, complete};
use super::{Origins, Pace, pace};
use crate::config::Config;
use crate::door::Pulse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use attest_store::{Caller, RequestSource};
use std::future::{Future, Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use uuid::Uuid;

/// The request's id, taken from the client when it sent a sensible one.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The middleware.
#[derive(Clone)]
pub struct Front {
    pace: web::Data<Pace>,
    origins: Origins,
    /// People see this over TLS, ended here or by a proxy in front.
    encrypted: bool,
}

/// Its service.
pub struct FrontService<S> {
    next: Rc<S>,
    front: Front,
}

impl Front {
    /// As configured.
    pub fn new(config: &Config, pace: web::Data<Pace>) -> Self {
        Self {
            pace,
            origins: Origins::new(&config.cors_origins),
            encrypted: config.public_origin().starts_with("https://"),
        }
    }

    /// The answer to a request that goes no further.
    fn answered(&self, request: &HttpRequest) -> Option<HttpResponse> {
        if let Err(problem) = self.pace.address(request) {
            return Some(complete(request, problem).error_response());
        }
        self.origins.preflight(request)
    }

    /// What every answer carries.
    fn headers(&self, request: &HttpRequest, id: &RequestId, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&id.0) {
            headers.insert(HeaderName::from_static("x-request-id"), value);
        }
        // What somebody signed in was told is in no cache, whatever the handler thought.
        if request.extensions().contains::<Caller>() {
            headers.remove(header::CACHE_CONTROL);
        }
        let strict = self.encrypted.then_some(&STRICT_TRANSPORT);
        for (name, value) in SECURITY.iter().chain(strict) {
            if !headers.contains_key(*name) {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        pace::told(request, headers);
        self.origins.told(request, headers);
    }
}

impl<S, B> Transform<S, ServiceRequest> for Front
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = FrontService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, next: S) -> Self::Future {
        ready(Ok(FrontService {
            next: Rc::new(next),
            front: self.clone(),
        }))
    }
}

impl<S, B> Service<ServiceRequest> for FrontService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(next);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let id = RequestId(request_id(request.request()));
        request.extensions_mut().insert(id.clone());
        let (next, front) = (Rc::clone(&self.next), self.front.clone());
        let beat = request.request().conn_data::<Rc<Pulse>>().map(Pulse::begin);
        let (method, path, begun) = (
            request.method().clone(),
            request.path().to_owned(),
            std::time::Instant::now(),
        );
        // HEAD is GET without the body (RFC 9110, 9.3.2): the protocol's own layer, which read the method for itself, leaves it out.
        if method == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        Box::pin(async move {
            let _beat = beat;
            let mut response = match front.answered(request.request()) {
                Some(answer) => request.into_response(answer).map_into_right_body(),
                None => {
                    let response = next.call(request).await?;
                    refused(response.request(), response.response()).await;
                    with_problem(response)
                }
            };
            told(&method, &path, response.status(), &id, begun);
            let request = response.request().clone();
            front.headers(&request, &id, response.headers_mut());
            Ok(response)
        })
    }
}

/// A line in the log: what changes something or fails; plain reading only at the level debug, and so is who asks too fast,
/// or the log would be the flood. Never a query, which may hold a name that somebody searched for.
fn told(method: &Method, path: &str, status: StatusCode, id: &RequestId, begun: std::time::Instant) {
    let took = begun.elapsed().as_micros();
    let (status, id) = (status.as_u16(), id.0.as_str());
    if status >= 500 {
        tracing::warn!(%method, path, status, request_id = id, micros = took, "answered");
    } else if status != 429 && (status >= 400 || !matches!(*method, Method::GET | Method::HEAD)) {
        tracing::info!(%method, path, status, request_id = id, micros = took, "answered");
    } else {
        tracing::debug!(%method, path, status, request_id = id, micros = took, "answered");
    }
}

/// A problem's body is written once the request's id is known.
fn with_problem<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    let problem = response.response().extensions().get::<Problem>().cloned();
    match problem {
        Some(problem) => {
            let mut completed = complete(response.request(), problem).error_response();
            // Headers that a handler added to its problem (Allow, RateLimit) are kept.
            for (name, value) in response.headers() {
                if !completed.headers().contains_key(name) && name != header::CONTENT_LENGTH {
                    completed.headers_mut().append(name.clone(), value.clone());
                }
            }
            response.into_response(completed).map_into_right_body()
        }
        None => response.map_into_left_body(),
    }
}

/// Two years, as the preload list wants it. Browsers heed it over TLS only (RFC 6797, 8.1).
const STRICT_TRANSPORT: (&str, &str) = (
    "strict-transport-security",
    "max-age=63072000; includeSubDomains; preload",
);

const SECURITY: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
         worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self' blob:; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), \
         display-capture=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-permitted-cross-domain-policies", "none"),
    ("origin-agent-cluster", "?1"),
    ("cache-control", "no-store"),
];

fn request_id(request: &HttpRequest) -> String {
    request
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (8..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// The client's address: the connection's, or what a configured proxy says; never a client's own word (ATT-32).
pub fn client_ip(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let proxies = request
        .app_data::<web::Data<Config>>()
        .map(|config| config.trusted_proxies.as_slice())
        .unwrap_or_default();
    if !proxies.contains(&peer) {
        return Some(peer);
    }
    let forwarded = request
        .headers()
        .get_all(header::HeaderName::from_static("x-forwarded-for"));
    let chain: Vec<&str> = forwarded
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    // From the right: the first address that is not one of our proxies is the client's. What our own proxy wrote and cannot
    // be read ends the search: to its left is only what the client says of itself.
    for part in chain.into_iter().rev() {
        match address_in(part.trim()) {
            Some(address) if proxies.contains(&address) => {}
            Some(address) => return Some(address),
            None => break,
        }
    }
    Some(peer)
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`: proxies write all of them.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse().ok();
    let address = address.or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// What counts as one customer: an IPv4 address, and of IPv6 the /64.
pub fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

/// Where the request came from, for the audit trail.
pub fn request_source(request: &HttpRequest) -> RequestSource {
    RequestSource {
        ip: client_ip(request).map(|ip| ip.to_string()),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
        user_agent: request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_spelling_of_an_address_is_read() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
        ] {
            assert_eq!(address_in(text), address.parse().ok(), "{text}");
        }
        for wrong in ["", "unknown", "_hidden", "192.0.2", "192.0.2.1, 192.0.2.2"] {
            assert_eq!(address_in(wrong), None, "{wrong}");
        }
    }
}
