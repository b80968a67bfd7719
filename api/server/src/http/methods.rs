//! 405 with `Allow`, from the document: a known path asked with another method is not "not found".

use super::Problem;
use crate::api;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use std::sync::LazyLock;
use utoipa::openapi::PathItem;

/// Path templates, split at the slashes, with the methods they know.
static KNOWN: LazyLock<Vec<(Vec<String>, String)>> = LazyLock::new(|| {
    let paths = api::document().paths.paths;
    paths
        .iter()
        .map(|(path, item)| (path.split('/').map(str::to_owned).collect(), methods(item)))
        .collect()
});

fn methods(item: &PathItem) -> String {
    let known = [
        ("GET", &item.get),
        // Every GET answers HEAD too.
        ("HEAD", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    known
        .iter()
        .filter(|(_, operation)| operation.is_some())
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The methods that this path knows; nothing for an unknown path.
fn allowed(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |template: &[String]| {
        template.len() == segments.len()
            && template
                .iter()
                .zip(&segments)
                .all(|(part, segment)| (part.starts_with('{') && !segment.is_empty()) || part == segment)
    };
    // Several templates may fit (`/samples/{id}`, `/samples/batch`); a client may use the methods of each.
    let found: Vec<&str> = KNOWN
        .iter()
        .filter(|(template, _)| fits(template))
        .map(|(_, methods)| methods.as_str())
        .collect();
    if found.is_empty() { None } else { Some(found.join(", ")) }
}

/// 405 for a known path, else 404.
pub fn not_here(request: &HttpRequest) -> HttpResponse {
    let Some(methods) = allowed(request.path()) else {
        return Problem::not_found().error_response();
    };
    let problem = Problem::new(
        405,
        "method-not-allowed",
        "Method not allowed",
        format!("this path knows {methods}"),
    );
    let mut answer = problem.error_response();
    if let Ok(value) = HeaderValue::from_str(&methods) {
        answer.headers_mut().insert(ALLOW, value);
    }
    answer
}
