//! The single-page application, embedded in the program. Any path that is not the API's is the application's.

use crate::http::{Problem, not_here};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Assets;

/// Answers what no operation did.
pub async fn fallback(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if path.starts_with("api/")
        || path.starts_with("health/")
        || path.starts_with(".well-known/")
        || path.starts_with("public/")
    {
        return not_here(&request);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(
            405,
            "method-not-allowed",
            "Method not allowed",
            "pages are read with GET",
        )
        .error_response();
    }
    match Assets::get(path) {
        Some(file) => asset(&request, path, file),
        // A page of the application: its own router takes it from here.
        None if !path.contains('.') => match Assets::get("index.html") {
            Some(file) => asset(&request, "index.html", file),
            None => HttpResponse::NotFound().content_type("text/plain").body(
                "This program was built without its pages: run `make web` and build again. The API is at /api/v1.\n",
            ),
        },
        None => Problem::not_found().error_response(),
    }
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
    HttpResponse::Ok()
        .content_type(kind.as_ref())
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .body(file.data.into_owned())
}
