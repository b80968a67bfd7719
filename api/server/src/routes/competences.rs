//! Who is competent for which test.

use crate::http::{Body, IdempotencyKey, May, New, Params, Problem, page};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::{TestId, UserId};
use attest_domain::may;
use attest_store::{CompetenceFilter, CompetenceView, Listing, NewCompetences, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(competences).service(competences_record);
}

/// Which competences.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CompetenceQuery {
    /// Of this person.
    user_id: Option<UserId>,
    /// For this test.
    test_id: Option<TestId>,
    /// Recorded since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompetencesRecorded {
    /// The competences, in the order of the tests sent.
    pub items: Vec<CompetenceView>,
}

type CompetenceList = Listing<CompetenceView>;

/// Competences
#[utoipa::path(tag = "people", params(CompetenceQuery), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "In the order they were recorded", body = CompetenceList)))]
#[get("/competences")]
async fn competences(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<CompetenceQuery>,
) -> Result<web::Json<CompetenceList>, Problem> {
    let CompetenceQuery {
        user_id,
        test_id,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (
        CompetenceFilter {
            user: user_id,
            test: test_id,
            updated_since,
        },
        page(limit, after)?,
    );
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.competence_list(&filter, &page))
            .await?,
    ))
}

/// Record competences
///
/// Sent again for the same person, test and first day, it gives the competence a new last day.
#[utoipa::path(tag = "people", request_body = NewCompetences, extensions(("x-permission" = json!("competence:manage"))),
    responses((status = 201, description = "Recorded", body = CompetencesRecorded)))]
#[post("/competences")]
async fn competences_record(
    store: web::Data<Store>,
    may: May<may::CompetenceManage>,
    key: IdempotencyKey,
    body: Body<New<NewCompetences>>,
) -> Result<HttpResponse, Problem> {
    let New(new) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.competences_record(&new))
        .await?;
    let ids = written.value;
    let items = store.read(written.permit, move |tx| tx.competences_of(&ids)).await?;
    Ok(HttpResponse::Created().json(CompetencesRecorded { items }))
}
