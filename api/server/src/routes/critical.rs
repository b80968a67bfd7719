//! Critical values: which are open, and who was told of them.

use crate::http::{Body, Id, IdempotencyKey, May, Params, Problem, ShortQuery, page, tagged};
use actix_web::{HttpResponse, get, post, web};
use attest_domain::ids::ResultId;
use attest_domain::may;
use attest_domain::terms::{NoticeChannel, NoticeState};
use attest_store::{CriticalNotice, Listing, NewAttempt, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(notices).service(of_result).service(attempt);
}

/// Which notices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoticeQuery {
    /// `open`, `notified`, `acknowledged` or `closed`.
    status: Option<NoticeState>,
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A page of critical notices.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeList {
    /// The longest waiting first.
    items: Vec<CriticalNotice>,
    /// To be passed as `after`; null at the end.
    next: Option<String>,
}

/// An attempt to tell somebody of a critical value.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"told": "Dr Ewa Lis, ward 3", "channel": "phone", "read_back": true, "reached": true}))]
struct AttemptRequest {
    /// Who was told, or was to be told.
    #[validate(length(min = 1, max = 200))]
    told: String,
    /// How.
    channel: NoticeChannel,
    /// The person read the value back.
    read_back: bool,
    /// The person was reached.
    reached: bool,
    /// More about it.
    #[validate(length(max = 2000))]
    note: Option<String>,
}

/// List critical values
#[utoipa::path(tag = "results", operation_id = "critical_notice_list", extensions(("x-permission" = json!("result:read"))), params(NoticeQuery),
    responses((status = 200, description = "A page of notices", body = NoticeList)))]
#[get("/critical-notices")]
async fn notices(
    store: web::Data<Store>,
    may: May<may::ResultRead>,
    query: Params<NoticeQuery>,
) -> Result<web::Json<NoticeList>, Problem> {
    let NoticeQuery {
        status,
        updated_since,
        limit,
        after,
    } = query.0;
    let page = page(limit, after)?;
    let listing = store
        .read(may.permit, move |tx| {
            tx.critical_notice_list(status, updated_since, &page)
        })
        .await?;
    Ok(web::Json(NoticeList {
        items: listing.items,
        next: listing.next,
    }))
}

/// Critical notices of a result
#[utoipa::path(tag = "results", operation_id = "critical_notices_of_result", extensions(("x-permission" = json!("result:read"))),
    params(("id" = String, Path, format = Uuid, description = "The result"), ShortQuery), responses((status = 200, description = "Its notices, oldest first", body = NoticeList)))]
#[get("/results/{id}/critical-notices")]
async fn of_result(
    store: web::Data<Store>,
    may: May<may::ResultRead>,
    id: Id<ResultId>,
    query: Params<ShortQuery>,
) -> Result<web::Json<NoticeList>, Problem> {
    let page = query.0.page()?;
    let Listing { items, next } = store
        .read(may.permit, move |tx| {
            let all = tx.result_notices(id.0)?;
            let list = format!("results/{}/critical-notices", id.0);
            tx.page_of(&list, all, &page, |one| one.id.to_string())
        })
        .await?;
    Ok(web::Json(NoticeList { items, next }))
}

/// Record that somebody was told
///
/// Or that nobody was reached: the notice stays open then. A value that was read back counts as acknowledged.
#[utoipa::path(tag = "results", operation_id = "critical_attempt", extensions(("x-permission" = json!("critical:notify"))),
    params(("id" = String, Path, format = Uuid, description = "The result")), request_body = AttemptRequest,
    responses((status = 200, description = "The notice", body = CriticalNotice)))]
#[post("/results/{id}/critical-notices")]
async fn attempt(
    store: web::Data<Store>,
    may: May<may::CriticalNotify>,
    id: Id<ResultId>,
    key: IdempotencyKey,
    body: Body<AttemptRequest>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(body.hash);
    let AttemptRequest {
        told,
        channel,
        read_back,
        reached,
        note,
    } = body.value;
    let attempt = NewAttempt {
        told,
        channel,
        read_back,
        reached,
        note,
    };
    let written = store
        .write(may.permit, once, move |tx| tx.critical_attempt(id.0, &attempt))
        .await?;
    let notice = store
        .read(written.permit, move |tx| tx.critical_notice(written.value))
        .await?;
    Ok(tagged(&notice, notice.version, None))
}
