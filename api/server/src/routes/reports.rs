//! Reports over HTTP: drafted, signed, released, amended, withdrawn.

use crate::http::{Body, Id, IdempotencyKey, IfMatch, May, Params, Problem, Versioned, page, tagged};
use crate::paper::public_address;
use crate::press::Press;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpResponse, get, patch, post, web};
use attest_domain::ids::{ClientId, PatientId, ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::text::{LINE_MAX, LONG_MAX, NOTE_MAX, TextRefusal, check_line, check_lines};
use attest_domain::workflow::ReportState;
use attest_domain::{Language, may};
use attest_store::{
    Document, Listing, LoginRefused, NewReport, Permit, Report, ReportChange, ReportFilter, ReportProof, ReportSummary,
    SeesReports, Signing, Store, Written,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(draft)
        .service(report_list)
        .service(report_read)
        .service(edit)
        .service(refresh)
        .service(authorize)
        .service(release)
        .service(amend)
        .service(withdraw);
}

/// An opinion or interpretation, given by the caller.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionText {
    /// What is said.
    #[validate(custom(function = "long_text"))]
    pub text: String,
}

/// A report to be drafted.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sample_ids": ["0197a0b2-6f00-7000-8000-000000000001"], "kind": "final", "language": "en", "remarks": "Sampled by the client."}))]
pub struct ReportDraft {
    /// The samples, all of one client or patient.
    #[validate(length(min = 1, max = 100))]
    #[schema(value_type = Vec<String>)]
    pub sample_ids: Vec<SampleId>,
    /// `final` unless said otherwise; a preliminary one names what is pending.
    pub kind: Option<ReportKind>,
    /// Language; the laboratory's by default.
    pub language: Option<Language>,
    /// Remarks of the laboratory.
    #[validate(custom(function = "note_text"))]
    pub remarks: Option<String>,
    /// Opinions and interpretations.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    pub opinions: Vec<OpinionText>,
}

/// Changes to a draft, as a merge patch.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportPatch {
    /// Remarks; null removes them.
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = "note_text"))]
    #[schema(value_type = Option<String>)]
    pub remarks: Option<Option<String>>,
    /// All opinions; null or an empty list removes them.
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = "opinion_texts"))]
    #[schema(value_type = Option<Vec<OpinionText>>)]
    pub opinions: Option<Option<Vec<OpinionText>>>,
    /// Language.
    pub language: Option<Language>,
}

/// An electronic signature.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"meaning": "Results reviewed and authorised for reporting", "password": "…", "content_sha256": "9f2d…"}))]
pub struct Signature {
    /// What the signature means; printed with it.
    #[validate(custom(function = "line_text"))]
    pub meaning: String,
    /// The signer's password: who signs proves who they are, now.
    #[validate(length(min = 1, max = 128))]
    pub password: String,
    /// One-time code, once a second factor is enrolled.
    #[validate(length(max = 16))]
    pub otp: Option<String>,
    /// `content_sha256` of the draft that the signer saw.
    #[validate(length(min = 64, max = 64))]
    pub content_sha256: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "client's name corrected"}))]
pub struct ReportReason {
    /// The reason, as it will be told.
    #[validate(custom(function = "note_text"))]
    pub reason: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingMore {}

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// In these states; repeat it or separate with commas.
    #[serde(default)]
    status: Vec<String>,
    /// Of this client.
    #[param(value_type = Option<String>, format = Uuid)]
    client_id: Option<ClientId>,
    /// Of this patient.
    #[param(value_type = Option<String>, format = Uuid)]
    patient_id: Option<PatientId>,
    /// That cover this sample.
    #[param(value_type = Option<String>, format = Uuid)]
    sample_id: Option<SampleId>,
    /// Something they say was retracted.
    under_correction: Option<bool>,
    /// Whose numbers begin so.
    q: Option<String>,
    /// Changed at or after this moment.
    updated_since: Option<DateTime<Utc>>,
    /// Order of the list.
    #[param(inline)]
    sort: Option<ReportSort>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum ReportSort {
    /// The newest first.
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// A page of reports, without what is written in them.
#[derive(Serialize, ToSchema)]
struct ReportList {
    /// The reports.
    items: Vec<ReportSummary>,
    /// Where the next page begins; null at the end.
    next: Option<String>,
}

/// Draft a report
///
/// A snapshot of the verified results of one client's or patient's samples. A final report leaves no test open.
#[utoipa::path(tag = "reports", request_body = ReportDraft, extensions(("x-permission" = json!("report:draft"))),
    responses((status = 201, description = "Drafted", body = Report)))]
#[post("/reports")]
async fn draft(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportDraft>,
    key: IdempotencyKey,
    body: Body<ReportDraft>,
) -> Result<HttpResponse, Problem> {
    let asked = body.value;
    if let Some(twice) = asked
        .sample_ids
        .iter()
        .enumerate()
        .position(|(position, id)| asked.sample_ids.iter().take(position).any(|before| before == id))
    {
        return Err(Problem::field(
            format!("sample_ids.{twice}"),
            "duplicate",
            "this sample is named twice",
        ));
    }
    let new = NewReport {
        samples: asked.sample_ids,
        kind: asked.kind.unwrap_or(ReportKind::Final),
        language: asked.language,
        remarks: asked.remarks,
        opinions: asked.opinions.into_iter().map(|opinion| opinion.text).collect(),
    };
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.report_draft(new))
        .await?;
    created(&store, &press, written).await
}

/// List reports
#[utoipa::path(tag = "reports", params(ReportQuery), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "The newest first", body = ReportList)))]
#[get("/reports")]
async fn report_list(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRead>,
    query: Params<ReportQuery>,
) -> Result<web::Json<ReportList>, Problem> {
    let asked = query.0;
    let page = page(asked.limit, asked.after)?;
    let filter = ReportFilter {
        status: states(&asked.status)?,
        client: asked.client_id,
        patient: asked.patient_id,
        sample: asked.sample_id,
        number: asked
            .q
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
        under_correction: asked.under_correction,
        updated_since: asked.updated_since,
        oldest_first: asked.sort == Some(ReportSort::OldestFirst),
    };
    let Listing { items, next } = store.read(may.permit, move |tx| tx.reports(&filter, &page)).await?;
    let items: Vec<ReportSummary> = items.into_iter().map(|summary| addressed(summary, &press)).collect();
    store.patients_viewed(&may.caller, seen_patients(&items)).await?;
    Ok(web::Json(ReportList { items, next }))
}

/// Read a report
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), extensions(("x-permission" = json!("report:read"))),
    responses((status = 200, description = "The report with its content", body = Report)))]
#[get("/reports/{id}")]
async fn report_read(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRead>,
    id: Id<ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(&store, &press, may.permit, id.0).await?;
    store
        .patients_viewed(&may.caller, seen_patients(std::slice::from_ref(&report.summary)))
        .await?;
    Ok(tagged(&report, report.summary.version, None))
}

/// Edit a draft
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportPatch,
    extensions(("x-permission" = json!("report:draft"))), responses((status = 200, description = "Changed", body = Report)))]
#[patch("/reports/{id}")]
async fn edit(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportDraft>,
    id: Id<ReportId>,
    seen: Versioned,
    key: IdempotencyKey,
    body: Body<ReportPatch>,
) -> Result<HttpResponse, Problem> {
    let asked = body.value;
    let change = ReportChange {
        remarks: asked.remarks,
        opinions: asked.opinions.map(|list| {
            list.unwrap_or_default()
                .into_iter()
                .map(|opinion| opinion.text)
                .collect()
        }),
        language: asked.language,
    };
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.report_edit(id.0, Some(seen.0), change)
        })
        .await?;
    changed(&store, &press, written).await
}

/// Rebuild a draft
///
/// From the samples and results as they are now; what people wrote stays.
#[utoipa::path(operation_id = "report_refresh", tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = NothingMore,
    extensions(("x-permission" = json!("report:draft"))), responses((status = 200, description = "Rebuilt", body = Report)))]
#[post("/reports/{id}/refresh")]
async fn refresh(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportDraft>,
    id: Id<ReportId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<NothingMore>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.report_refresh(id.0, seen.0)
        })
        .await?;
    changed(&store, &press, written).await
}

/// Sign a report
///
/// An electronic signature over the exact content: the signer's password, what the signature means, and the hash of what was seen.
/// Refused with `/problems/content-changed` when anything changed since. The answer holds the place in the audit log; 202 with
/// `proof: null` when no checkpoint covers it within five seconds: the signature stands.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = Signature,
    extensions(("x-permission" = json!("report:authorize"))),
    responses((status = 200, description = "Signed and provable", body = Report), (status = 202, description = "Signed; the proof is on its way", body = Report)))]
#[post("/reports/{id}/authorize")]
async fn authorize(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportAuthorize>,
    id: Id<ReportId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<Signature>,
) -> Result<HttpResponse, Problem> {
    // What does not exist is not worth a password; and guessing passwords by signing is counted as at the door.
    let permit = may.caller.permit::<may::ReportAuthorize>()?;
    store.read(permit, move |tx| tx.report(id.0).map(|_there| ())).await?;
    store
        .confirm_password(&may.caller, &body.value.password)
        .await
        .map_err(|refused| match refused {
            LoginRefused::Credentials => Problem::new(
                403,
                "reauthentication-failed",
                "Identity not confirmed",
                "the password is not right; nothing was signed",
            ),
            other => other.into(),
        })?;
    let signing = Signing {
        meaning: body.value.meaning.trim().to_owned(),
        content_sha256: body.value.content_sha256,
    };
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.report_authorize(id.0, seen.0, &signing)
        })
        .await?;
    proven(&store, &press, written).await
}

/// Release a report
///
/// Makes the signed PDF, opens the public check and supersedes the version that this one amends.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = NothingMore,
    extensions(("x-permission" = json!("report:release"))),
    responses((status = 200, description = "Released and provable", body = Report), (status = 202, description = "Released; the proof is on its way", body = Report)))]
#[post("/reports/{id}/release")]
async fn release(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportRelease>,
    id: Id<ReportId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<NothingMore>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(body.hash);
    let permit = may.caller.permit::<may::ReportRelease>()?;
    let document = match store.read(permit, move |tx| tx.report_to_release(id.0, seen.0)).await {
        Ok(paper) => {
            let pdf = press.signed(&store, may.caller.laboratory(), &paper).await?;
            Some(Document { paper, pdf })
        }
        // A repeated request finds the report released: its answer is that of the first one, which the key knows.
        Err(_refused) if once.is_some() => None,
        Err(refused) => return Err(refused.into()),
    };
    let written = store
        .write(may.permit, once, move |tx| tx.report_release(id.0, seen.0, document))
        .await?;
    proven(&store, &press, written).await
}

/// Amend a released report
///
/// Begins a new version that names what it replaces and what changed. The released one stays in force until the new one is released.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportReason,
    extensions(("x-permission" = json!("report:draft"))), responses((status = 201, description = "The new version, a draft", body = Report)))]
#[post("/reports/{id}/amend")]
async fn amend(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportDraft>,
    id: Id<ReportId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<ReportReason>,
) -> Result<HttpResponse, Problem> {
    let reason = body.value.reason;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.report_amend(id.0, seen.0, &reason)
        })
        .await?;
    created(&store, &press, written).await
}

/// Withdraw a released report
///
/// Its bytes stay; the public check says that it is withdrawn.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportReason,
    extensions(("x-permission" = json!("report:withdraw"))), responses((status = 200, description = "Withdrawn", body = Report)))]
#[post("/reports/{id}/withdraw")]
async fn withdraw(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: May<may::ReportWithdraw>,
    id: Id<ReportId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<ReportReason>,
) -> Result<HttpResponse, Problem> {
    let reason = body.value.reason;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.report_withdraw(id.0, seen.0, &reason)
        })
        .await?;
    changed(&store, &press, written).await
}

async fn shown<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    permit: Permit<P>,
    id: ReportId,
) -> Result<Report, Problem> {
    let report = store.read(permit, move |tx| tx.report(id)).await?;
    Ok(Report {
        summary: addressed(report.summary, press),
        ..report
    })
}

async fn changed<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(store, press, written.permit, written.value).await?;
    Ok(tagged(&report, report.summary.version, None))
}

async fn created<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let report = shown(store, press, written.permit, written.value).await?;
    let path = format!("/api/v1/reports/{}", report.summary.id);
    Ok(tagged(&report, report.summary.version, Some(path)))
}

/// The answer of an act that must be provable at once (ledger.md, "From event to tree", 4).
async fn proven<P: SeesReports + Send + 'static>(
    store: &Store,
    press: &Press,
    written: Written<P, ReportId>,
) -> Result<HttpResponse, Problem> {
    let fresh = written.event;
    let position = match fresh {
        Some(event) => store.proven(&written.permit, event).await?,
        None => None,
    };
    let mut report = shown(store, press, written.permit, written.value).await?;
    if fresh.is_some() {
        report.proof = position.map(ReportProof::from);
    }
    let mut answer = if report.proof.is_some() {
        HttpResponse::Ok()
    } else {
        HttpResponse::Accepted()
    };
    if report.proof.is_none() {
        answer.insert_header((LOCATION, format!("/api/v1/reports/{}", report.summary.id)));
    }
    Ok(answer
        .insert_header((ETAG, format!("\"{}\"", report.summary.version)))
        .json(report))
}

fn addressed(summary: ReportSummary, press: &Press) -> ReportSummary {
    let public_url = summary
        .verification_code
        .as_ref()
        .map(|code| public_address(press.public_url(), code));
    ReportSummary { public_url, ..summary }
}

/// Patients whose names an answer shows: every look at a patient is recorded.
fn seen_patients(reports: &[ReportSummary]) -> Vec<PatientId> {
    reports
        .iter()
        .filter_map(|report| report.patient.as_ref())
        .filter(|patient| patient.name.is_some())
        .map(|patient| patient.id)
        .collect()
}

fn states(words: &[String]) -> Result<Vec<ReportState>, Problem> {
    words
        .iter()
        .flat_map(|words| words.split(','))
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.trim()
                .parse()
                .map_err(|unknown: attest_domain::vocabulary::UnknownWord| {
                    Problem::field("status", "unknown", unknown.to_string())
                })
        })
        .collect()
}

/// Tells null from absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn refused(refusal: TextRefusal) -> ValidationError {
    ValidationError::new(refusal.code()).with_message(Cow::Owned(refusal.to_string()))
}

pub(super) fn line_text(text: &str) -> Result<(), ValidationError> {
    check_line(text, LINE_MAX).map_err(refused)
}

pub(super) fn note_text(text: &str) -> Result<(), ValidationError> {
    check_lines(text, NOTE_MAX).map_err(refused)
}

fn long_text(text: &str) -> Result<(), ValidationError> {
    check_lines(text, LONG_MAX).map_err(refused)
}

fn opinion_texts(opinions: &[OpinionText]) -> Result<(), ValidationError> {
    if opinions.len() > 20 {
        return Err(ValidationError::new("length").with_message(Cow::Borrowed("at most 20 opinions")));
    }
    opinions.iter().try_for_each(|opinion| long_text(&opinion.text))
}
