//! The laboratory's users.

use crate::http::{
    Body, Id, IdempotencyKey, IfMatch, May, New, Params, Patch, Problem, Step, SteppedUp, Versioned, page, tagged,
};
use actix_web::{HttpResponse, get, patch, post, web};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::may;
use attest_store::{Listing, NewUser, Store, UserData, UserFilter, UserView, Written};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(users)
        .service(user_add)
        .service(user)
        .service(user_edit)
        .service(user_deactivate)
        .service(user_reactivate)
        .service(user_end_sessions)
        .service(user_reset_second_factor)
        .service(user_reset_password)
        .service(user_invite);
}

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UserQuery {
    /// Beginning of a word of the name, or of the e-mail address; case and accents do not matter.
    q: Option<String>,
    /// May sign in or not; both when absent.
    active: Option<bool>,
    /// Has this role.
    role_id: Option<RoleId>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "left the company"}))]
pub struct WhyUser {
    /// The reason, for the audit trail.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// A link is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkSent {
    /// How long it works.
    pub expires_at: DateTime<Utc>,
    /// It went by mail, to the person alone.
    pub mailed: bool,
}

/// Nothing to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

type UserList = Listing<UserView>;
type UserChange = Patch<UserData>;

/// Users
#[utoipa::path(tag = "people", params(UserQuery), extensions(("x-permission" = json!("user:read"))), responses((status = 200, description = "By name", body = UserList)))]
#[get("/users")]
async fn users(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<UserQuery>,
) -> Result<web::Json<UserList>, Problem> {
    let UserQuery {
        q,
        active,
        role_id,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (
        UserFilter {
            q,
            active,
            role: role_id,
            updated_since,
        },
        page(limit, after)?,
    );
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.user_list(&filter, &page)).await?,
    ))
}

/// Add a user
///
/// Needs a confirmed identity (`POST /auth/reauthenticate`) when a role manages users, roles or settings or exports the audit
/// trail.
#[utoipa::path(tag = "people", request_body = NewUser, extensions(("x-permission" = json!("user:manage"))),
    responses((status = 201, description = "Added", body = UserView)))]
#[post("/users")]
async fn user_add(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    key: IdempotencyKey,
    body: Body<New<NewUser>>,
) -> Result<HttpResponse, Problem> {
    let written = store.user_create(may.permit, key.once(body.hash), body.value.0).await?;
    let path = format!("/api/v1/users/{}", written.value);
    shown(&store, written, Some(path)).await
}

/// A user
#[utoipa::path(tag = "people", params(("id" = String, Path, format = Uuid, description = "The user")), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "The user", body = UserView)))]
#[get("/users/{id}")]
async fn user(store: web::Data<Store>, may: May<may::UserRead>, id: Id<UserId>) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.user_view(id.0)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Change a user
///
/// Roles and single permissions count on the person's next request. Nobody gives what they may not give, and whoever changes
/// them confirms their identity first (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "people", request_body = UserChange, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = UserView)))]
#[patch("/users/{id}")]
async fn user_edit(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    id: Id<UserId>,
    seen: Versioned,
    body: Body<UserChange>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, None, move |tx| {
            tx.user_edit(id.0, seen.0, &body.value.members)
        })
        .await?;
    shown(&store, written, None).await
}

/// Deactivate a user
///
/// Ends the person's sessions; counts on the next request.
#[utoipa::path(tag = "people", request_body = WhyUser, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 200, description = "Deactivated", body = UserView)))]
#[post("/users/{id}/deactivate")]
async fn user_deactivate(
    store: web::Data<Store>,
    step: Step<may::UserManage, UserId, WhyUser>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.user_deactivate(step.id, step.seen, &step.body.reason)
        })
        .await?;
    shown(&store, written, None).await
}

/// Reactivate a user
#[utoipa::path(tag = "people", request_body = WhyUser, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 200, description = "Reactivated", body = UserView)))]
#[post("/users/{id}/reactivate")]
async fn user_reactivate(
    store: web::Data<Store>,
    step: Step<may::UserManage, UserId, WhyUser>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(step.permit, step.once, move |tx| {
            tx.user_reactivate(step.id, step.seen, &step.body.reason)
        })
        .await?;
    shown(&store, written, None).await
}

/// End a user's sessions
#[utoipa::path(tag = "people", request_body = Nothing, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 204, description = "Signed out everywhere")))]
#[post("/users/{id}/end-sessions")]
async fn user_end_sessions(
    store: web::Data<Store>,
    may: May<may::UserManage>,
    id: Id<UserId>,
    key: IdempotencyKey,
    body: Body<Nothing>,
) -> Result<HttpResponse, Problem> {
    store
        .write(may.permit, key.once(body.hash), move |tx| tx.user_end_sessions(id.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Have a user choose a new password
///
/// Sends the person a link by mail, or their invitation again while they have no password yet. Nobody chooses a password for
/// somebody else.
#[utoipa::path(tag = "people", request_body = Nothing, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 202, description = "The mail is on its way", body = LinkSent)))]
#[post("/users/{id}/reset-password")]
async fn user_reset_password(
    store: web::Data<Store>,
    step: Step<may::UserManage, UserId, Nothing>,
) -> Result<HttpResponse, Problem> {
    link_sent(&store, step, false).await
}

/// Invite a user again
///
/// For people who were added without a password and have not chosen one yet; the link before stops working.
#[utoipa::path(tag = "people", request_body = Nothing, extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 202, description = "The mail is on its way", body = LinkSent)))]
#[post("/users/{id}/invite")]
async fn user_invite(
    store: web::Data<Store>,
    step: Step<may::UserManage, UserId, Nothing>,
) -> Result<HttpResponse, Problem> {
    link_sent(&store, step, true).await
}

async fn link_sent(
    store: &Store,
    step: Step<may::UserManage, UserId, Nothing>,
    invitation: bool,
) -> Result<HttpResponse, Problem> {
    let sent = store
        .user_send_link(step.permit, step.once, step.id, step.seen, invitation)
        .await?;
    let link = sent.value.first().copied().unwrap_or_default();
    let expires_at = store.read(sent.permit, move |tx| tx.link_expiry(link)).await?;
    Ok(HttpResponse::Accepted().json(LinkSent {
        expires_at,
        mailed: true,
    }))
}

/// Remove a user's second factors
///
/// For somebody who lost them. Ends the person's sessions and tells them by mail; where a role asks for a second factor, the
/// next login leads to setting one up. Needs a confirmed identity (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "people", request_body = WhyUser, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("user:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The user")), responses((status = 200, description = "Removed", body = UserView)))]
#[post("/users/{id}/reset-second-factor")]
async fn user_reset_second_factor(
    store: web::Data<Store>,
    may: SteppedUp<may::UserManage>,
    id: Id<UserId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyUser>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .user_reset_second_factor(may.permit, key.once(body.hash), id.0, seen.0, body.value.reason)
        .await?;
    shown(&store, written, None).await
}

async fn shown(
    store: &Store,
    written: Written<may::UserManage, UserId>,
    created: Option<String>,
) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.user_view(id)).await?;
    Ok(tagged(&found, found.version, created))
}
