//! The regular review of who has access, over HTTP. Whoever may see users may read it; whoever may manage them decides.

use crate::http::{Body, FieldError, Id, IdempotencyKey, IfMatch, May, Params, Problem, Step, SteppedUp, page, tagged};
use crate::press::Press;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::access_review::AccessReviewState;
use attest_domain::ids::AccessReviewId;
use attest_domain::may;
use attest_store::{
    AccessReview, AccessReviewFilter, AccessReviewSummary, ActProof, Listing, NewAccessDecision, NotDecided, Store,
    ToFinish, Written,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(access_reviews)
        .service(access_review_open)
        .service(access_review)
        .service(access_review_decide)
        .service(access_review_finish)
        .service(access_review_document);
}

/// Which reviews.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AccessReviewQuery {
    /// Where it stands; all when absent.
    status: Option<AccessReviewState>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Why a review is opened by hand.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "before the assessment"}))]
pub struct NewAccessReview {
    /// The reason, for the record.
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

/// Decisions on accounts.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"user_id": "01980000-0000-7000-8000-000000000000", "decision": "keep"},
    {"user_id": "01980000-0000-7000-8000-000000000001", "decision": "deactivate", "reason": "left the laboratory", "version": 1}
]}))]
pub struct AccessDecisions {
    /// 1 to 500 accounts; all are decided on, or none.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<NewAccessDecision>,
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishAccessReview {}

type AccessReviewList = Listing<AccessReviewSummary>;

/// Reviews of who has access
#[utoipa::path(tag = "access reviews", params(AccessReviewQuery), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "Newest first", body = AccessReviewList)))]
#[get("/access-reviews")]
async fn access_reviews(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<AccessReviewQuery>,
) -> Result<web::Json<AccessReviewList>, Problem> {
    let AccessReviewQuery {
        status,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (AccessReviewFilter { status, updated_since }, page(limit, after)?);
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.access_review_list(&filter, &page))
            .await?,
    ))
}

/// Open a review of who has access
///
/// Writes down every active account, person or program, with its roles and its last use, and proposes to deactivate what nobody
/// uses. Reviews are also opened by themselves, as often as the laboratory's settings say. One is open at a time; whoever may
/// manage users is told by mail.
#[utoipa::path(tag = "access reviews", request_body = NewAccessReview, extensions(("x-permission" = json!("user:manage"))),
    responses((status = 201, description = "Opened", body = AccessReview)))]
#[post("/access-reviews")]
async fn access_review_open(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    key: IdempotencyKey,
    body: Body<NewAccessReview>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .access_review_open(may.permit, key.once(body.hash), body.value.reason)
        .await?;
    let path = format!("/api/v1/access-reviews/{}", written.value);
    shown(&store, written, Some(path)).await
}

/// A review of who has access
///
/// While it is open, each account says what has changed of it since.
#[utoipa::path(tag = "access reviews", params(("id" = String, Path, format = Uuid, description = "The review")), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "The review with its accounts", body = AccessReview)))]
#[get("/access-reviews/{id}")]
async fn access_review(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    id: Id<AccessReviewId>,
) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.access_review(id.0)).await?;
    Ok(tagged(&found, found.summary.version, None))
}

/// Decide on accounts
///
/// An account that is to be deactivated is deactivated at once, by the rules of `POST /users/{id}/deactivate`, or for a program
/// of `POST /service-accounts/{id}/deactivate`. A decision may be changed until the review is finished, and the account goes
/// with it. Nobody decides on their own access (`/problems/four-eyes`), unless nobody else could.
#[utoipa::path(tag = "access reviews", request_body = AccessDecisions, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The review")), responses((status = 200, description = "Decided", body = AccessReview)))]
#[post("/access-reviews/{id}/decisions")]
async fn access_review_decide(
    store: web::Data<Store>,
    step: Step<may::UserManage, AccessReviewId, AccessDecisions>,
) -> Result<HttpResponse, Problem> {
    // Somebody answers for it with their name: a program cannot.
    step.caller.permit::<may::Myself>()?;
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.access_review_decide(step.id, step.seen, &step.body.items)
        })
        .await?;
    shown(&store, written, None).await
}

/// Finish a review of who has access
///
/// Makes the signed record of who was confirmed and who was removed, by whom and when. While accounts are not decided on it is
/// refused with 409, and `errors` names them by their ids. Needs a confirmed identity (`POST /auth/reauthenticate`). The answer
/// holds the place in the audit log; 202 with `proof: null` when no checkpoint covers it within five seconds.
#[utoipa::path(tag = "access reviews", request_body = FinishAccessReview, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("user:manage"))), params(("id" = String, Path, format = Uuid, description = "The review")),
    responses((status = 200, description = "Finished and provable", body = AccessReview), (status = 202, description = "Finished; the proof is on its way", body = AccessReview)))]
#[post("/access-reviews/{id}/finish")]
async fn access_review_finish(
    store: web::Data<Store>,
    press: web::Data<Press>,
    may: SteppedUp<may::UserManage>,
    id: Id<AccessReviewId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<FinishAccessReview>,
) -> Result<HttpResponse, Problem> {
    let (id, seen, once) = (id.0, seen.0, key.once(body.hash));
    let permit = may.caller.permit::<may::UserManage>()?;
    let document = match store.read(permit, move |tx| tx.access_review_to_finish(id, seen)).await {
        Ok(ToFinish::Undecided(missing)) => return Err(undecided(&missing)),
        Ok(ToFinish::Paper(paper)) => {
            let pdf = press.access_review(&store, &paper).await?;
            Some((paper, pdf))
        }
        // A repeated request finds the review finished: its answer is that of the first one, which the key knows.
        Err(_refused) if once.is_some() => None,
        Err(refused) => return Err(refused.into()),
    };
    let written = store
        .write(may.permit, once, move |tx| tx.access_review_finish(id, seen, document))
        .await?;
    let proof = match written.event {
        Some(event) => store.proven(&written.permit, event).await?.map(ActProof::from),
        None => None,
    };
    let review = store.read(written.permit, move |tx| tx.access_review(id)).await?;
    let review = AccessReview {
        proof: proof.or(review.proof),
        ..review
    };
    let mut answer = if review.proof.is_some() {
        HttpResponse::Ok()
    } else {
        HttpResponse::Accepted()
    };
    if review.proof.is_none() {
        answer.insert_header((LOCATION, format!("/api/v1/access-reviews/{id}")));
    }
    Ok(answer
        .insert_header((ETAG, format!("\"{}\"", review.summary.version)))
        .json(review))
}

/// Download the record of a review
///
/// The bytes that were signed when the review was finished; they never change. Every download is recorded.
#[utoipa::path(tag = "access reviews", params(("id" = String, Path, format = Uuid, description = "The review")), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "Signed PDF/A-3a with its data attached", body = Vec<u8>, content_type = "application/pdf")))]
#[get("/access-reviews/{id}/document")]
async fn access_review_document(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    id: Id<AccessReviewId>,
) -> Result<HttpResponse, Problem> {
    let permit = may.caller.permit::<may::UserRead>()?;
    let document = store.read(permit, move |tx| tx.access_review_document(id.0)).await?;
    store
        .write(may.permit, None, move |tx| tx.access_review_downloaded(id.0))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", document.name),
        ))
        .insert_header((ETAG, format!("\"{}\"", document.sha256)))
        .body(document.pdf))
}

/// Not every account was decided on: which were not.
fn undecided(missing: &[NotDecided]) -> Problem {
    let errors = missing.iter().map(|one| {
        let (code, message) = if one.active_again {
            (
                "active_again",
                "was deactivated in this review and is active again: decide once more",
            )
        } else {
            ("undecided", "is not decided on")
        };
        FieldError {
            path: format!("items.{}", one.account.id),
            code: code.to_owned(),
            message: format!("{} {message}", one.account.name),
        }
    });
    let detail = match missing {
        [one] => format!("{} is still to be decided on", one.account.name),
        many => format!("{} accounts are still to be decided on", many.len()),
    };
    Problem {
        errors: errors.collect(),
        ..Problem::new(409, "conflict-state", "Not possible in this state", detail)
    }
}

async fn shown(
    store: &Store,
    written: Written<may::UserManage, AccessReviewId>,
    created: Option<String>,
) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.access_review(id)).await?;
    Ok(tagged(&found, found.summary.version, created))
}
