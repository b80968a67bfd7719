//! The public check behind the QR code: is this report genuine? For people a page, for programs JSON; never its contents.

use crate::http::{Allowances, Problem};
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use attest_domain::Language;
use attest_store::{PublicReport, PublicStatus, Store, StoreError};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(check).service(style);
}

/// Check a report
///
/// Whether the report with this verification code is genuine and in force. Groups and misread letters are forgiven.
#[utoipa::path(tag = "public", security(()), params(("code" = String, Path, description = "The code printed on the report")),
    extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "It is genuine; `status` says whether it is in force", content((PublicReport = "application/json"), (String = "text/html")))))]
#[get("/public/reports/{code}")]
async fn check(
    request: HttpRequest,
    store: web::Data<Store>,
    allowances: web::Data<Allowances>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    allowances.unknown_codes.left(&request)?;
    let found = store.public_report(&code).await;
    if matches!(found, Err(StoreError::NotFound)) {
        allowances.unknown_codes.spend(&request)?;
    }
    if !wants_page(&request) {
        let report = found.map_err(|error| match error {
            StoreError::NotFound => Problem::new(
                404,
                "not-found",
                "Unknown report",
                "no report has this code; check the code, and be careful with the paper it is on",
            ),
            other => other.into(),
        })?;
        return Ok(HttpResponse::Ok().insert_header((VARY, "Accept")).json(report));
    }
    let language =
        header(&request, ACCEPT_LANGUAGE).map_or(Language::En, |value| Language::from_accept_language(&value));
    let (mut answer, page) = match found {
        Ok(report) => (HttpResponse::Ok(), page(language, &Told::of(&report, language))),
        Err(StoreError::NotFound) => (HttpResponse::NotFound(), page(language, &Told::unknown(language))),
        Err(other) => return Err(other.into()),
    };
    Ok(answer
        .content_type("text/html; charset=utf-8")
        .insert_header((VARY, "Accept, Accept-Language"))
        .body(page))
}

/// Style of the page
#[utoipa::path(tag = "public", security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 200, description = "CSS", body = String, content_type = "text/css")))]
#[get("/public/check.css")]
async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(include_str!("public.css"))
}

fn header(request: &HttpRequest, name: actix_web::http::header::HeaderName) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// A browser names text/html before anything else.
fn wants_page(request: &HttpRequest) -> bool {
    let accepted = header(request, ACCEPT).unwrap_or_default();
    let first = accepted
        .split(',')
        .find(|kind| kind.contains("text/html") || kind.contains("json"));
    first.is_some_and(|kind| kind.contains("text/html"))
}

/// What the page says.
struct Told {
    tone: &'static str,
    verdict: &'static str,
    advice: &'static str,
    facts: Vec<(&'static str, String)>,
}

impl Told {
    fn of(report: &PublicReport, language: Language) -> Self {
        let (tone, verdict, advice) = match report.status {
            PublicStatus::Genuine => (
                "good",
                language.pick("Genuine", "Autentyczne"),
                language.pick(
                    "This report was released by the laboratory and is in force.",
                    "To sprawozdanie wydało laboratorium; jest aktualne.",
                ),
            ),
            PublicStatus::UnderCorrection => (
                "care",
                language.pick("Genuine, under correction", "Autentyczne, poprawiane"),
                language.pick(
                    "Something this report says is being corrected. Ask the laboratory before you rely on it.",
                    "Treść tego sprawozdania jest poprawiana. Przed wykorzystaniem zapytaj laboratorium.",
                ),
            ),
            PublicStatus::Superseded => (
                "care",
                language.pick("Replaced by a newer version", "Zastąpione nowszą wersją"),
                language.pick(
                    "This report was genuine but is no longer in force. Ask for the newer version.",
                    "To sprawozdanie jest autentyczne, ale już nieaktualne. Poproś o nowszą wersję.",
                ),
            ),
            PublicStatus::Withdrawn => (
                "bad",
                language.pick("Withdrawn", "Wycofane"),
                language.pick(
                    "The laboratory has taken this report back. Do not use it.",
                    "Laboratorium wycofało to sprawozdanie. Nie należy go używać.",
                ),
            ),
        };
        let mut facts = vec![
            (language.pick("Laboratory", "Laboratorium"), report.laboratory.clone()),
            (language.pick("Report", "Sprawozdanie"), report.number.clone()),
            (language.pick("Version", "Wersja"), report.version_no.to_string()),
        ];
        facts.extend(report.released_at.map(|at| {
            (
                language.pick("Released", "Wydano"),
                at.format("%Y-%m-%d %H:%M UTC").to_string(),
            )
        }));
        if report.erased {
            facts.push((
                language.pick("Content", "Treść"),
                language
                    .pick(
                        "Erased with the data of the person it was about; the laboratory cannot read it any more.",
                        "Usunięta wraz z danymi osoby, której dotyczyło; laboratorium nie może jej już odczytać.",
                    )
                    .to_owned(),
            ));
        }
        facts.extend(
            report
                .superseded_by
                .clone()
                .map(|by| (language.pick("Replaced by", "Zastąpione przez"), by)),
        );
        Self {
            tone,
            verdict,
            advice,
            facts,
        }
    }

    fn unknown(language: Language) -> Self {
        Self {
            tone: "bad",
            verdict: language.pick("Unknown", "Nieznane"),
            advice: language.pick(
                "No report has this code. Check that it was typed correctly; if it was, do not trust the paper.",
                "Żadne sprawozdanie nie ma tego kodu. Sprawdź, czy wpisano go poprawnie; jeśli tak, nie ufaj temu dokumentowi.",
            ),
            facts: Vec::new(),
        }
    }
}

fn page(language: Language, told: &Told) -> String {
    let facts: String = told
        .facts
        .iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value)))
        .collect();
    let title = language.pick("Check of a report", "Sprawdzenie sprawozdania");
    let note = language.pick(
        "Compare number and version with the paper in your hand.",
        "Porównaj numer i wersję z dokumentem, który masz w ręku.",
    );
    let note = if told.facts.is_empty() {
        String::new()
    } else {
        format!("<p class=\"note\">{note}</p>")
    };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><title>{title}: {}</title><link rel=\"stylesheet\" href=\"/public/check.css\"></head>\
         <body><main class=\"{}\"><p class=\"what\">{title}</p><h1>{}</h1><p>{}</p><dl>{facts}</dl>{note}</main></body></html>",
        language.as_str(),
        told.verdict,
        told.tone,
        told.verdict,
        told.advice,
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
