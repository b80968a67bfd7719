//! One's own sessions (ATT-16).

use crate::http::{Id, May, Params, Problem, page};
use actix_web::{HttpResponse, delete, get, web};
use attest_domain::ids::SessionId;
use attest_domain::may;
use attest_store::{Listing, SessionView, Store};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(sessions).service(session_end);
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

type SessionList = Listing<SessionView>;

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
