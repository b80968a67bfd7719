//! Reports being written: drafted, edited, rebuilt, and begun again as an amendment.

use super::texts::{long_text, note_text};
use super::{NothingMore, ReportReason, changed, created};
use crate::http::{Body, Id, IdempotencyKey, May, Problem, Step, Versioned};
use crate::press::Press;
use actix_web::{HttpResponse, patch, post, web};
use attest_domain::ids::{ReportId, SampleId};
use attest_domain::terms::ReportKind;
use attest_domain::{Language, may};
use attest_store::{NewReport, Report, ReportChange, Store};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

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

/// Draft a report
///
/// A snapshot of the verified results of one client's or patient's samples. A final report leaves no test open.
#[utoipa::path(tag = "reports", request_body = ReportDraft, extensions(("x-permission" = json!("report:draft"))),
    responses((status = 201, description = "Drafted", body = Report)))]
#[post("/reports")]
pub(super) async fn draft(
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

/// Edit a draft
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportPatch,
    extensions(("x-permission" = json!("report:draft"))), responses((status = 200, description = "Changed", body = Report)))]
#[patch("/reports/{id}")]
pub(super) async fn edit(
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
pub(super) async fn refresh(
    store: web::Data<Store>,
    press: web::Data<Press>,
    step: Step<may::ReportDraft, ReportId, NothingMore>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(step.permit, step.once, move |tx| tx.report_refresh(step.id, step.seen))
        .await?;
    changed(&store, &press, written).await
}

/// Amend a released report
///
/// Begins a new version that names what it replaces and what changed. The released one stays in force until the new one is released.
#[utoipa::path(tag = "reports", params(("id" = String, Path, format = Uuid, description = "The report")), request_body = ReportReason,
    extensions(("x-permission" = json!("report:draft"))), responses((status = 201, description = "The new version, a draft", body = Report)))]
#[post("/reports/{id}/amend")]
pub(super) async fn amend(
    store: web::Data<Store>,
    press: web::Data<Press>,
    step: Step<may::ReportDraft, ReportId, ReportReason>,
) -> Result<HttpResponse, Problem> {
    let reason = step.body.reason;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.report_amend(step.id, step.seen, &reason)
        })
        .await?;
    created(&store, &press, written).await
}

/// Tells null from absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn opinion_texts(opinions: &[OpinionText]) -> Result<(), ValidationError> {
    if opinions.len() > 20 {
        return Err(ValidationError::new("length").with_message(Cow::Borrowed("at most 20 opinions")));
    }
    opinions.iter().try_for_each(|opinion| long_text(&opinion.text))
}
