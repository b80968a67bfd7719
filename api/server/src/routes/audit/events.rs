//! Events in words: the list, one by its place in the log, its proof, and the closed list of what can happen.

use crate::http::{Held, May, Params, Problem, page};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, get, web};
use attest_domain::{Action, Language, may};
use attest_store::{EventFilter, EventView, Listing, ProofView, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// By this user.
    actor_id: Option<Uuid>,
    /// Of this kind, from GET /audit/actions.
    action: Option<String>,
    /// On things of this type, e.g. `sample`.
    object_type: Option<String>,
    /// On this thing.
    object_id: Option<String>,
    /// Not before.
    from: Option<DateTime<Utc>>,
    /// Not after.
    to: Option<DateTime<Utc>>,
    /// Not before (as on every list).
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A page of events.
#[derive(Serialize, ToSchema)]
struct EventList {
    /// Newest first.
    items: Vec<EventView>,
    /// To be passed as `after`.
    next: Option<String>,
}

/// Everything that can be in the trail.
#[derive(Serialize, ToSchema)]
struct ActionList {
    /// The closed list.
    items: Vec<ActionView>,
}

/// A kind of event.
#[derive(Serialize, ToSchema)]
struct ActionView {
    /// As in `action`.
    id: &'static str,
    /// In words.
    description: &'static str,
}

/// List audit events
#[utoipa::path(tag = "audit", params(EventQuery), extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "Events, newest first", body = EventList)))]
#[get("/audit/events")]
pub(super) async fn events(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    query: Params<EventQuery>,
) -> Result<web::Json<EventList>, Problem> {
    let asked = query.0;
    if let Some(action) = &asked.action
        && action.parse::<Action>().is_err()
    {
        return Err(Problem::field(
            "action",
            "unknown",
            "must be one of GET /api/v1/audit/actions",
        ));
    }
    let page = page(asked.limit, asked.after)?;
    let filter = EventFilter {
        actor: asked.actor_id,
        action: asked.action,
        object_type: asked.object_type,
        object_id: asked.object_id,
        from: asked.from.max(asked.updated_since),
        to: asked.to,
    };
    let language = language(&request, may.caller.principal().language);
    let Listing { items, next } = store
        .read(may.permit, move |tx| tx.events(&filter, &page, language))
        .await?;
    store.audit_viewed(&may.caller).await?;
    Ok(web::Json(EventList { items, next }))
}

/// Read one audit event
#[utoipa::path(tag = "audit", params(("index" = u64, Path, description = "Place in the log, from 0")), extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "The event", body = EventView)))]
#[get("/audit/events/{index}")]
pub(super) async fn event(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    index: Place,
) -> Result<web::Json<EventView>, Problem> {
    let language = language(&request, may.caller.principal().language);
    let event = store.read(may.permit, move |tx| tx.event_at(index.0, language)).await?;
    store.audit_viewed(&may.caller).await?;
    Ok(web::Json(event))
}

/// Prove one audit event
///
/// An RFC 6962 audit path from the entry to the root of the newest signed checkpoint.
#[utoipa::path(tag = "audit", params(("index" = u64, Path, description = "Place in the log, from 0")), extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "The proof", body = ProofView)))]
#[get("/audit/events/{index}/proof")]
pub(super) async fn event_proof(
    store: web::Data<Store>,
    may: May<may::AuditRead>,
    index: Place,
) -> Result<web::Json<ProofView>, Problem> {
    let index = u64::try_from(index.0).map_err(|_negative| Problem::not_found())?;
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.event_proof(index)).await?,
    ))
}

/// List kinds of audit events
#[utoipa::path(tag = "audit", extensions(("x-permission" = json!("audit:read"))), responses((status = 200, description = "The closed list", body = ActionList)))]
#[get("/audit/actions")]
pub(super) async fn actions(request: HttpRequest, may: May<may::AuditRead>) -> web::Json<ActionList> {
    let language = language(&request, may.caller.principal().language);
    web::Json(ActionList {
        items: Action::ALL
            .iter()
            .map(|action| ActionView {
                id: action.as_str(),
                description: action.description(language),
            })
            .collect(),
    })
}

/// The language that the browser asks for, else the person's own.
fn language(request: &HttpRequest, fallback: Language) -> Language {
    request
        .headers()
        .get("accept-language")
        .and_then(|value| value.to_str().ok())
        .map_or(fallback, Language::from_accept_language)
}

/// The place in a path: a number, else nothing is there.
struct Place(i64);

impl FromRequest for Place {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let index = request
            .match_info()
            .get("index")
            .and_then(|text| text.parse().ok())
            .filter(|index| *index >= 0);
        Held::new(request, index.map(Self).ok_or_else(Problem::not_found))
    }
}
