//! The interface: every operation is registered here once, which both serves and documents it.

use crate::http::{MERGE_PATCH, Problem};
use crate::routes;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Attest",
        description = "The laboratory information management system that can prove what it says. \
            Sign in with `POST /api/v1/auth/login`, send the access token as `Authorization: Bearer`. \
            Lists are keyset pages: pass `next` as `after`. Send an `Idempotency-Key` with creating requests and transitions; \
            send `If-Match` with what you change. Changes are JSON merge patches (RFC 7396), sent as \
            `application/merge-patch+json` or `application/json`. Times lie between the years 1900 and 9999. Every GET answers HEAD. \
            Errors are RFC 9457 problems. Every answer has an `X-Request-Id`: your own, when you sent one of 8 to 64 letters, \
            digits, `-` or `_`, else a new one; it is in problems and in the audit trail.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    security(("bearer" = []), ("cookie" = []))
)]
struct Head;

/// Registers every operation.
pub fn operations(config: &mut ServiceConfig) {
    config.service(
        scope::scope("/api/v1")
            .configure(routes::access::operations)
            .configure(routes::access_reviews::operations)
            .configure(routes::audit::operations)
            .configure(routes::auth::operations)
            .configure(routes::bootstrap::operations)
            .configure(routes::catalogue::operations)
            .configure(routes::competences::operations)
            .configure(routes::critical::operations)
            .configure(routes::documentation::operations)
            .configure(routes::files::operations)
            .configure(routes::laboratory::operations)
            .configure(routes::orders::operations)
            .configure(routes::patients::operations)
            .configure(routes::platform::operations)
            .configure(routes::reports::operations)
            .configure(routes::results::operations)
            .configure(routes::roles::operations)
            .configure(routes::samples::operations)
            .configure(routes::separation::operations)
            .configure(routes::service_accounts::operations)
            .configure(routes::sessions::operations)
            .configure(routes::support::operations)
            .configure(routes::sign_on::operations)
            .configure(routes::two_person_requests::operations)
            .configure(routes::users::operations)
            .configure(routes::webhooks::operations)
            .configure(routes::work::operations),
    );
    config
        .configure(routes::health::operations)
        .configure(routes::documentation::pages)
        .configure(routes::public::operations);
}

/// The OpenAPI document, completed with what every operation shares.
pub fn document() -> Document {
    let (_app, found) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(operations)
        .split_for_parts();
    complete(found)
}

/// Operations that do not say who may use them; the server does not start with one (ATT-20).
pub fn undeclared(document: &Document) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ] {
            let declared = |operation: &Operation| {
                operation
                    .extensions
                    .as_ref()
                    .is_some_and(|extensions| extensions.contains_key("x-permission"))
            };
            if operation.as_ref().is_some_and(|operation| !declared(operation)) {
                found.push(format!("{method} {path}"));
            }
        }
    }
    found
}

/// Adds the problems that any operation may answer with, so that no handler has to repeat them.
fn complete(mut document: Document) -> Document {
    if let Some(components) = document.components.as_mut() {
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .build(),
            ),
        );
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-attest_access"))),
        );
    }
    for (path, item) in &mut document.paths.paths {
        if let Some(body) = item.patch.as_mut().and_then(|patch| patch.request_body.as_mut())
            && let Some(plain) = body.content.get("application/json").cloned()
        {
            body.content.insert(MERGE_PATCH.to_owned(), plain);
        }
        let own = path.starts_with("/api/v1");
        for operation in [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ]
        .into_iter()
        .flatten()
        {
            let shared: &[(&str, &str)] = if own { PROBLEMS } else { PUBLIC_PROBLEMS };
            let slow = operation.request_body.is_some().then_some(&SLOW_BODY);
            for (status, meaning) in shared.iter().chain(slow) {
                operation
                    .responses
                    .responses
                    .entry((*status).to_owned())
                    .or_insert_with(|| {
                        let content = ContentBuilder::new()
                            .schema(Some(Ref::from_schema_name("Problem")))
                            .build();
                        RefOr::T(
                            ResponseBuilder::new()
                                .description(*meaning)
                                .content("application/problem+json", content)
                                .build(),
                        )
                    });
            }
        }
    }
    crate::flat::open(&mut document);
    crate::examples::fill(&mut document);
    document
}

const PROBLEMS: &[(&str, &str)] = &[
    ("400", "The request cannot be read"),
    ("401", "Not signed in"),
    ("403", "Not allowed"),
    ("404", "Not there, or not yours to see"),
    ("409", "Not possible in this state, or already there"),
    ("412", "Changed meanwhile"),
    ("413", "Too large"),
    ("415", "Not JSON"),
    ("422", "A value is wrong; `errors` says which"),
    ("428", "If-Match is needed"),
    ("429", "Too many requests; Retry-After says when"),
    ("503", "Busy, or the database is away; Retry-After says when"),
];

/// Of operations that read a body.
const SLOW_BODY: (&str, &str) = ("408", "The body came too slowly");

const PUBLIC_PROBLEMS: &[(&str, &str)] = &[("404", "Unknown"), ("429", "Too many requests"), ("503", "Not ready")];
