//! Sessions (ATT-16): one's own, and for administrators the laboratory's.

use crate::http::{Body, Id, May, Params, Problem, SubId, page};
use actix_web::{HttpResponse, delete, get, post, web};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::may;
use attest_store::{Listing, SessionView, Store, UserSessionView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(sessions)
        .service(session_end)
        .service(session_end_others)
        .service(all_sessions)
        .service(user_sessions)
        .service(user_session_end);
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SessionQuery {
    /// Renewed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndOthers {}

/// How many were ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedSessions {
    /// Sessions.
    pub ended: u64,
}

type SessionList = Listing<SessionView>;
type UserSessionList = Listing<UserSessionView>;

/// My sessions
#[utoipa::path(tag = "auth", params(SessionQuery), extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Living sessions, newest first", body = SessionList)))]
#[get("/auth/sessions")]
async fn sessions(
    store: web::Data<Store>,
    may: May<may::Myself>,
    query: Params<SessionQuery>,
) -> Result<web::Json<SessionList>, Problem> {
    let (current, since) = (may.caller.principal().session, query.0.updated_since);
    let page = page(query.0.limit, query.0.after)?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.my_sessions(current, since, &page))
            .await?,
    ))
}

/// End one of my sessions
#[utoipa::path(tag = "auth", params(("id" = String, Path, format = Uuid, description = "The session")), extensions(("x-permission" = json!("login"))),
    responses((status = 204, description = "Ended")))]
#[delete("/auth/sessions/{id}")]
async fn session_end(
    store: web::Data<Store>,
    may: May<may::Myself>,
    id: Id<SessionId>,
) -> Result<HttpResponse, Problem> {
    store.write(may.permit, None, move |tx| tx.my_session_end(id.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all my other sessions
///
/// This one goes on.
#[utoipa::path(tag = "auth", request_body = EndOthers, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "Ended", body = EndedSessions)))]
#[post("/auth/sessions/end-others")]
async fn session_end_others(
    store: web::Data<Store>,
    may: May<may::Myself>,
    _body: Body<EndOthers>,
) -> Result<web::Json<EndedSessions>, Problem> {
    let current = may.caller.principal().session;
    let ended = store.my_other_sessions_end(may.permit, current).await?;
    Ok(web::Json(EndedSessions { ended }))
}

/// Sessions of the laboratory
#[utoipa::path(tag = "people", params(SessionQuery), extensions(("x-permission" = json!("user:manage"))),
    responses((status = 200, description = "Living sessions of everybody, newest first", body = UserSessionList)))]
#[get("/sessions")]
async fn all_sessions(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    query: Params<SessionQuery>,
) -> Result<web::Json<UserSessionList>, Problem> {
    let (current, since) = (may.caller.principal().session, query.0.updated_since);
    let page = page(query.0.limit, query.0.after)?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.session_list(current, since, &page))
            .await?,
    ))
}

/// Sessions of a user
#[utoipa::path(tag = "people", params(("id" = String, Path, format = Uuid, description = "The user"), SessionQuery),
    extensions(("x-permission" = json!("user:manage"))),
    responses((status = 200, description = "Living sessions, newest first", body = SessionList)))]
#[get("/users/{id}/sessions")]
async fn user_sessions(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    id: Id<UserId>,
    query: Params<SessionQuery>,
) -> Result<web::Json<SessionList>, Problem> {
    let (current, since) = (may.caller.principal().session, query.0.updated_since);
    let page = page(query.0.limit, query.0.after)?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.user_session_list(id.0, current, since, &page))
            .await?,
    ))
}

/// End a session of a user
///
/// Counts on its next request.
#[utoipa::path(tag = "people", extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user"), ("session" = String, Path, format = Uuid, description = "The session")),
    responses((status = 204, description = "Ended")))]
#[delete("/users/{id}/sessions/{session}")]
async fn user_session_end(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    id: Id<UserId>,
    session: SubId<SessionId>,
) -> Result<HttpResponse, Problem> {
    store
        .write(may.permit, None, move |tx| tx.user_session_end(id.0, session.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
