//! Is it alive, is it ready; the public keys; how to report a weakness.

use crate::config::Config;
use crate::http::Problem;
use crate::serve::Readiness;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use attest_store::Store;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::Serialize;
use std::sync::LazyLock;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    LazyLock::force(&STARTED);
    config
        .service(live)
        .service(ready)
        .service(status)
        .service(keys)
        .service(security_text);
}

/// When this process began to answer.
static STARTED: LazyLock<DateTime<Utc>> = LazyLock::new(Utc::now);

/// How it stands.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or what is being waited for.
    pub status: String,
}

/// How it stands, for a status page. Nothing about laboratories or people.
#[derive(Serialize, ToSchema)]
pub struct Status {
    /// `ok`, `starting` or `degraded`.
    pub status: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// When this process began to answer.
    pub started_at: DateTime<Utc>,
    /// `ok`, or `away`.
    pub database: &'static str,
}

/// Public keys for access tokens (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<PublicKey>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    /// `OKP`
    pub kty: &'static str,
    /// `Ed25519`
    pub crv: &'static str,
    /// `EdDSA`
    pub alg: &'static str,
    /// `sig`
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The key, base64url.
    pub x: String,
}

/// The process runs
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))), responses((status = 200, description = "Alive", body = Health)))]
#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health {
        status: "ok".to_owned(),
    })
}

/// Requests will be answered
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))), responses((status = 200, description = "Ready", body = Health)))]
#[get("/health/ready")]
async fn ready(store: web::Data<Store>, readiness: web::Data<Readiness>) -> Result<HttpResponse, Problem> {
    if let Some(waiting) = readiness.waiting_for() {
        return Err(Problem {
            retry_after: Some(1),
            ..Problem::new(503, "not-ready", "Not ready", waiting)
        });
    }
    store.ping().await?;
    if let Some(reason) = unsigned(&store) {
        return Err(Problem {
            retry_after: Some(60),
            ..Problem::new(503, "log-unsigned", "The audit log is not being signed", reason)
        });
    }
    Ok(HttpResponse::Ok().json(Health {
        status: "ok".to_owned(),
    }))
}

/// Work goes on without signatures, but nobody should believe that all is well.
fn unsigned(store: &Store) -> Option<String> {
    let troubles = store.log_troubles();
    let first = troubles.first()?;
    Some(format!(
        "requests are answered, but the audit log of {} cannot be sequenced or signed: {}; run `attest doctor`",
        first.laboratory, first.reason
    ))
}

/// How the service stands
///
/// For people and status pages; whoever decides by the answer alone asks `/health/ready`.
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "It works", body = Status), (status = 503, description = "It does not, or not yet", body = Status)))]
#[get("/status")]
async fn status(store: web::Data<Store>, readiness: web::Data<Readiness>) -> HttpResponse {
    let database = store.ping().await.is_ok();
    let (status, mut answer) = match (database, readiness.waiting_for()) {
        (false, _) => ("degraded", HttpResponse::ServiceUnavailable()),
        (true, Some(_)) => ("starting", HttpResponse::ServiceUnavailable()),
        (true, None) => ("ok", HttpResponse::Ok()),
    };
    answer.json(Status {
        status,
        version: env!("CARGO_PKG_VERSION"),
        started_at: *STARTED,
        database: if database { "ok" } else { "away" },
    })
}

/// Public keys of access tokens
///
/// The one that signs first; after a rotation those before it for as long as their tokens are good.
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))), responses((status = 200, description = "JWK set", body = KeySet)))]
#[get("/.well-known/jwks.json")]
async fn keys(store: web::Data<Store>) -> HttpResponse {
    let (keys, now) = (store.keyring().tokens(), Utc::now().timestamp());
    let retired = keys.retired().iter().filter(|key| now < key.until());
    let all = std::iter::once((keys.signing().id(), keys.signing().public()))
        .chain(retired.map(|key| (key.id(), key.public())));
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .json(KeySet {
            keys: all
                .map(|(kid, public)| PublicKey {
                    kty: "OKP",
                    crv: "Ed25519",
                    alg: "EdDSA",
                    usage: "sig",
                    kid: kid.to_owned(),
                    x: URL_SAFE_NO_PAD.encode(public.as_bytes()),
                })
                .collect(),
        })
}

/// How to report a weakness (RFC 9116)
#[utoipa::path(tag = "operation", security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "security.txt", body = String, content_type = "text/plain")))]
#[get("/.well-known/security.txt")]
async fn security_text(config: web::Data<Config>) -> HttpResponse {
    // Good for about half a year, as the standard recommends less than one; the same text for a whole month.
    let later = Utc::now().date_naive() + TimeDelta::days(180);
    let expires = later.with_day(1).unwrap_or(later);
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(format!(
            "Contact: {}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: en, pl\nCanonical: {}/.well-known/security.txt\n",
            config.security_contact(),
            config.public_origin()
        ))
}
