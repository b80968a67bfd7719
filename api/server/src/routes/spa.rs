//! The single-page application, embedded in the program: its files, and its first page at each of its addresses.

use crate::http::{Problem, not_here};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Assets;

/// What the application's addresses begin with; its own router takes it from there. The empty one is its front page.
const PAGES: [&str; 28] = [
    "",
    "access-reviews",
    "account",
    "audit",
    "bootstrap",
    "catalogue",
    "clients",
    "laboratory",
    "locked",
    "orders",
    "password",
    "patients",
    "platform",
    "reports",
    "results",
    "roles",
    "samples",
    "service-accounts",
    "sessions",
    "set-up",
    "sign-in",
    "signed-on",
    "support-access",
    "switch",
    "two-person-requests",
    "users",
    "verification",
    "webhooks",
];

/// What programs ask for: an answer that is a page would be taken for a healthy one.
const NO_PAGES: [&str; 6] = ["api", "health", "metrics", "public", "status", ".well-known"];

/// Answers what no operation did.
pub async fn fallback(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    let root = path.split('/').next().unwrap_or_default();
    if NO_PAGES.contains(&root) {
        return not_here(&request);
    }
    if *request.method() != Method::GET {
        let problem = Problem::new(
            405,
            "method-not-allowed",
            "Method not allowed",
            "pages are read with GET",
        );
        let mut answer = problem.error_response();
        answer
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    if let Some(file) = Assets::get(path) {
        return asset(&request, path, file);
    }
    let page = PAGES.contains(&root) && !path.contains('.');
    match Assets::get("index.html") {
        Some(file) if page => asset(&request, "index.html", file),
        // The application says it in its own way, to whoever reads pages.
        Some(file) if !path.contains('.') && reads_pages(&request) => HttpResponse::NotFound()
            .content_type("text/html; charset=utf-8")
            .body(file.data.into_owned()),
        None if page => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("This program was built without its pages: run `make web` and build again. The API is at /api/v1.\n"),
        _ => Problem::not_found().error_response(),
    }
}

fn reads_pages(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("text/html"))
}

pub(super) fn asset(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let tag = format!(
        "\"{}\"",
        hex::encode(file.metadata.sha256_hash()).get(..32).unwrap_or_default()
    );
    // Names under assets/ contain a hash of the content.
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    if request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|seen| seen.as_bytes() == tag.as_bytes())
    {
        return HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, caching))
            .finish();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if kind.type_() == mime_guess::mime::TEXT {
        "; charset=utf-8"
    } else {
        ""
    };
    HttpResponse::Ok()
        .content_type(format!("{kind}{charset}"))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .body(file.data.into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{NO_PAGES, PAGES};
    use std::collections::BTreeSet;

    /// The application's router knows its addresses; this list only repeats where they begin.
    #[test]
    fn the_pages_are_those_of_the_application() {
        let tree = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/routeTree.gen.ts");
        let tree = std::fs::read_to_string(tree).unwrap();
        let (_, routes) = tree.split_once("interface FileRoutesByTo {").unwrap();
        let (routes, _) = routes.split_once('}').unwrap();
        let roots: BTreeSet<&str> = routes
            .lines()
            .filter_map(|line| line.trim().strip_prefix("\"/")?.split(['/', '"']).next())
            .collect();
        assert_eq!(roots, BTreeSet::from(PAGES));
        assert!(PAGES.iter().all(|page| !NO_PAGES.contains(page)));
    }
}
