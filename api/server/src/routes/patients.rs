//! Patients over HTTP. Every look is recorded before its answer leaves.

use super::two_person_requests::halfway;
use crate::exports::Exporter;
use crate::http::{
    Body, Id, IdempotencyKey, IfMatch, May, New, Params, Patch, Problem, SteppedUp, Versioned, page, tagged,
};
use actix_web::{HttpResponse, get, patch, post, web};
use attest_domain::four_eyes::TwoPersonState;
use attest_domain::ids::PatientId;
use attest_domain::{ReasonCode, may};
use attest_store::{ActProof, Erasure, Listing, Page, Patient, PatientData, PatientDuplicate, Store, TwoPersonRequest};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(patients)
        .service(patient_search)
        .service(patient_register)
        .service(patient_one)
        .service(patient_edit)
        .service(patient_merge)
        .service(patient_erase);
}

type PatientList = Listing<Patient>;
type PatientChange = Patch<PatientData>;

/// Which patients.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PatientQuery {
    /// A whole family name, a whole name (family, then given), or a number; case, accents and spacing do not matter, but parts of
    /// names find nothing: names are encrypted. The address of a request is written down by proxies and browsers: people's names
    /// are better sent by `POST /patients/search`.
    q: Option<String>,
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// `-created_at`, newest first: the only order.
    sort: Option<String>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Whom to look for; nothing of it stands in an address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"q": "Nowak Anna"}))]
pub struct PatientSearch {
    /// As `q` of `GET /patients`.
    #[validate(length(min = 1, max = 200))]
    pub q: String,
    /// Rows, 1 to 200; 50 when absent.
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    #[validate(length(max = 500))]
    pub after: Option<String>,
}

/// A patient who was just registered.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisteredPatient {
    /// The patient.
    #[serde(flatten)]
    pub patient: Patient,
    /// People with the same whole name or number: perhaps the same person.
    pub possible_duplicates: Vec<PatientDuplicate>,
}

/// Which record stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientMerge {
    /// The record that stays.
    pub into: PatientId,
    /// Why; needed.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

/// Why a person is erased.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "asked for it in writing on 3 November", "reason_code": "requested_by_person", "released_reports": true}))]
pub struct PatientErasure {
    /// Why, in words, for the second person; needed, and destroyed with everything else.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
    /// Why, as a code: `requested_by_person` when absent. It stays in the audit trail.
    pub reason_code: Option<ReasonCode>,
    /// Needed when reports were released on the person: they become unreadable too, and need not be kept any longer.
    #[serde(default)]
    pub released_reports: bool,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureAnswer {
    /// The request: `requested` while a second person has to ask for the same, `done` when the person is erased.
    #[serde(flatten)]
    pub request: TwoPersonRequest,
    /// That the erasure is in the audit log; null while it is only asked for, when the signer is away, and when a request is
    /// repeated.
    pub proof: Option<ActProof>,
}

/// Patients
#[utoipa::path(tag = "patients", params(PatientQuery), extensions(("x-permission" = json!("patient:read"))),
    responses((status = 200, description = "A page of patients, newest first", body = PatientList)))]
#[get("/patients")]
async fn patients(
    store: web::Data<Store>,
    may: May<may::PatientRead>,
    query: Params<PatientQuery>,
) -> Result<web::Json<PatientList>, Problem> {
    let PatientQuery {
        q,
        updated_since,
        sort,
        limit,
        after,
    } = query.0;
    if sort.is_some_and(|sort| sort != "-created_at") {
        return Err(Problem::field("sort", "invalid", "must be -created_at"));
    }
    let page = page(limit, after)?;
    listed(&store, may, q, updated_since, page).await
}

/// Search for patients
///
/// As `GET /patients?q=`, with the name in the body: it stays out of addresses, and so out of histories and logs on the way.
/// Changes nothing but the audit trail, which records who was looked at.
#[utoipa::path(tag = "patients", request_body = PatientSearch, extensions(("x-permission" = json!("patient:read"))),
    responses((status = 200, description = "A page of patients, newest first", body = PatientList)))]
#[post("/patients/search")]
async fn patient_search(
    store: web::Data<Store>,
    may: May<may::PatientRead>,
    body: Body<PatientSearch>,
) -> Result<web::Json<PatientList>, Problem> {
    let PatientSearch { q, limit, after } = body.value;
    let page = page(limit, after)?;
    listed(&store, may, Some(q), None, page).await
}

async fn listed(
    store: &Store,
    may: May<may::PatientRead>,
    q: Option<String>,
    updated_since: Option<DateTime<Utc>>,
    page: Page,
) -> Result<web::Json<PatientList>, Problem> {
    let found = store
        .read(may.permit, move |tx| {
            tx.patient_list(q.as_deref(), updated_since, &page)
        })
        .await?;
    store
        .patients_viewed(&may.caller, found.items.iter().map(|patient| patient.id))
        .await?;
    Ok(web::Json(found))
}

/// Register a patient
///
/// People who may be the same person are named beside the new record.
#[utoipa::path(tag = "patients", request_body = PatientData, extensions(("x-permission" = json!("patient:manage"))),
    responses((status = 201, description = "Registered", body = RegisteredPatient)))]
#[post("/patients")]
async fn patient_register(
    store: web::Data<Store>,
    may: May<may::PatientManage>,
    key: IdempotencyKey,
    body: Body<New<PatientData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.patient_register(&data))
        .await?;
    let id = written.value;
    let answer = store
        .read(written.permit, move |tx| {
            let patient = tx.patient(id)?;
            Ok(RegisteredPatient {
                possible_duplicates: tx.patient_duplicates(&patient)?,
                patient,
            })
        })
        .await?;
    let named = answer
        .possible_duplicates
        .iter()
        .filter(|twin| twin.family_name.is_some())
        .map(|twin| twin.id);
    store.patients_viewed(&may.caller, named.collect::<Vec<_>>()).await?;
    Ok(tagged(
        &answer,
        answer.patient.version,
        Some(format!("/api/v1/patients/{id}")),
    ))
}

/// A patient
#[utoipa::path(tag = "patients", operation_id = "patient", params(("id" = String, Path, format = Uuid, description = "The patient")), extensions(("x-permission" = json!("patient:read"))),
    responses((status = 200, description = "The patient", body = Patient)))]
#[get("/patients/{id}")]
async fn patient_one(
    store: web::Data<Store>,
    may: May<may::PatientRead>,
    id: Id<PatientId>,
) -> Result<HttpResponse, Problem> {
    let patient = store.read(may.permit, move |tx| tx.patient(id.0)).await?;
    store.patients_viewed(&may.caller, [patient.id]).await?;
    Ok(tagged(&patient, patient.version, None))
}

/// Change what is known about a patient
#[utoipa::path(tag = "patients", request_body = PatientChange, extensions(("x-permission" = json!("patient:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The patient"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = Patient)))]
#[patch("/patients/{id}")]
async fn patient_edit(
    store: web::Data<Store>,
    may: May<may::PatientManage>,
    id: Id<PatientId>,
    seen: Versioned,
    key: IdempotencyKey,
    body: Body<PatientChange>,
) -> Result<HttpResponse, Problem> {
    let change = body.value.members;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.patient_edit(id.0, seen.0, &change)
        })
        .await?;
    let id = written.value;
    let patient = store.read(written.permit, move |tx| tx.patient(id)).await?;
    Ok(tagged(&patient, patient.version, None))
}

/// Merge two records of one patient
///
/// Takes two people: the first asks (202), another one sends the same and thereby does it (200). Samples and orders move to the
/// record that stays; released reports are marked as under correction.
#[utoipa::path(tag = "patients", request_body = PatientMerge, extensions(("x-permission" = json!("patient:merge"))),
    params(("id" = String, Path, format = Uuid, description = "The record that is given up")),
    responses((status = 202, description = "Asked for; another person has to confirm", body = TwoPersonRequest), (status = 200, description = "Done", body = TwoPersonRequest)))]
#[post("/patients/{id}/merge")]
async fn patient_merge(
    store: web::Data<Store>,
    may: May<may::PatientMerge>,
    id: Id<PatientId>,
    key: IdempotencyKey,
    body: Body<PatientMerge>,
) -> Result<HttpResponse, Problem> {
    let PatientMerge { into, reason } = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.patient_merge(id.0, into, reason.as_deref())
        })
        .await?;
    let request = written.value;
    let asked = store
        .read(written.permit, move |tx| tx.two_person_request(request))
        .await?;
    Ok(halfway(&asked))
}

/// Erase a person
///
/// Takes two people, each with a confirmed identity: the first asks (202, `requested`), another one sends the same and thereby
/// does it (200 with the proof, or 202 with `proof: null` when the signer is away). The person's key is destroyed, and with it
/// everything that tells about them: name, numbers, values, remarks, reports, and what the audit trail holds of them; records that
/// were merged into this one go too. The record stays as a tombstone (`erased_at`), the log still verifies, and the public check
/// still says that a report is genuine. Refused (409) while a sample of the person is in work or a signed report is not released,
/// and, without `released_reports`, when reports were released. It cannot be undone.
#[utoipa::path(tag = "patients", request_body = PatientErasure, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("patient:erase"))),
    params(("id" = String, Path, format = Uuid, description = "The patient"), ("If-Match" = Option<String>, Header, description = "The ETag you saw")),
    responses((status = 202, description = "Asked for, another person has to confirm; or done, and the proof is on its way", body = ErasureAnswer),
        (status = 200, description = "Erased and provable", body = ErasureAnswer)))]
#[post("/patients/{id}/erase")]
async fn patient_erase(
    store: web::Data<Store>,
    exporter: web::Data<Exporter>,
    may: SteppedUp<may::PatientErase>,
    id: Id<PatientId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<PatientErasure>,
) -> Result<HttpResponse, Problem> {
    let wanted = Erasure {
        code: body.value.reason_code.unwrap_or(ReasonCode::RequestedByPerson),
        reason: body.value.reason,
        released_reports: body.value.released_reports,
    };
    let written = store
        .patient_erase(may.permit, key.once(body.hash), id.0, seen.0, wanted)
        .await?;
    let done = !written.value.subjects.is_empty();
    if done {
        exporter.forget(may.caller.laboratory().id);
    }
    let proof = match written.event.filter(|_| done) {
        Some(event) => store.proven(&written.permit, event).await?.map(ActProof::from),
        None => None,
    };
    let request = written.value.request;
    let request = store
        .read(written.permit, move |tx| tx.two_person_request(request))
        .await?;
    let provable = request.status == TwoPersonState::Done && (proof.is_some() || written.replayed);
    let mut answer = if provable {
        HttpResponse::Ok()
    } else {
        HttpResponse::Accepted()
    };
    Ok(answer.json(ErasureAnswer { request, proof }))
}
