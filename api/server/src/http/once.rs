//! `Idempotency-Key`: the same request sent twice is carried out once (ATT-33).

use super::Problem;
use super::gate::Held;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, dev};
use attest_store::{Once, is_service_token};
use sha2::{Digest, Sha256};

/// The key, if one was sent, with the operation it was sent to.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: Option<String>,
    route: String,
    path: String,
}

impl IdempotencyKey {
    /// The key bound to this body.
    pub fn once(self, body_hash: [u8; 32]) -> Option<Once> {
        let Self { key, route, path } = self;
        key.map(|key| {
            let mut hash = Sha256::new();
            hash.update(path.as_bytes());
            hash.update([0]);
            hash.update(body_hash);
            Once {
                route,
                key,
                request: hash.finalize().into(),
            }
        })
    }
}

/// Whether the credential is a service account's token; whether it is a living one is decided before this matters.
fn is_service(request: &HttpRequest) -> bool {
    let credential = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    credential
        .and_then(|text| text.split_once(' '))
        .is_some_and(|(_scheme, token)| is_service_token(token.trim()))
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let route = format!("{} {}", request.method(), request.match_pattern().unwrap_or_default());
        let key = match request.headers().get("Idempotency-Key") {
            None if is_service(request) => {
                return Held::new(
                    request,
                    Err(Problem::new(
                        400,
                        "idempotency-key-required",
                        "Idempotency-Key is needed",
                        "a program tries again when an answer is lost: send an Idempotency-Key (a UUID is a good one), so that it is carried out once",
                    )),
                );
            }
            None => None,
            Some(value) => match value.to_str().map(str::trim) {
                Ok(text) if (1..=200).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic()) => {
                    Some(text.to_owned())
                }
                _ => {
                    return Held::new(
                        request,
                        Err(Problem::field(
                            "Idempotency-Key",
                            "invalid",
                            "must have 1 to 200 visible ASCII characters; a UUID is a good key",
                        )),
                    );
                }
            },
        };
        let path = request.path().to_owned();
        Held::new(request, Ok(Self { key, route, path }))
    }
}
