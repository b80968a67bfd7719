//! Roles and permissions.

use crate::http::{
    Body, Id, IdempotencyKey, May, New, Params, Patch, Problem, ShortQuery, SteppedUp, Versioned, page, tagged,
};
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use attest_domain::ids::RoleId;
use attest_domain::{Language, Permission, may};
use attest_store::{Listing, RoleData, RoleView, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(permissions)
        .service(roles)
        .service(role_add)
        .service(role)
        .service(role_edit)
        .service(role_delete);
}

/// Which roles.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RoleQuery {
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// One thing that somebody may be allowed to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionView {
    /// `thing:act`.
    pub id: Permission,
    /// The thing.
    pub area: &'static str,
    /// In words.
    pub description: &'static str,
}

/// The closed list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionList {
    /// All permissions, grouped by area.
    pub items: Vec<PermissionView>,
    /// Where the next page begins; null at the end.
    pub next: Option<String>,
}

type RoleList = Listing<RoleView>;
type RoleChange = Patch<RoleData>;

/// Permissions
///
/// In the language of `Accept-Language` (en or pl).
#[utoipa::path(tag = "people", params(("Accept-Language" = Option<String>, Header, description = "en or pl"), ShortQuery), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "The closed list", body = PermissionList)))]
#[get("/permissions")]
async fn permissions(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<ShortQuery>,
) -> Result<HttpResponse, Problem> {
    let page = query.0.page()?;
    let asked = request
        .headers()
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let language = Language::from_accept_language(asked);
    // Only what can be held here: a laboratory has no use for the platform's.
    let held_here = may.caller.laboratory().realm.permissions();
    let all: Vec<PermissionView> = held_here
        .iter()
        .map(|known| PermissionView {
            id: known,
            area: known.area(),
            description: known.description(language),
        })
        .collect();
    let Listing { items, next } = store
        .read(may.permit, move |tx| {
            tx.page_of("permissions", all, &page, |known| known.id.as_str().to_owned())
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Language", language.as_str()))
        .json(PermissionList { items, next }))
}

/// Roles
#[utoipa::path(tag = "people", params(RoleQuery), extensions(("x-permission" = json!("user:read"))), responses((status = 200, description = "By short name", body = RoleList)))]
#[get("/roles")]
async fn roles(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<RoleQuery>,
) -> Result<web::Json<RoleList>, Problem> {
    let RoleQuery {
        updated_since,
        limit,
        after,
    } = query.0;
    let page = page(limit, after)?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.role_list(updated_since, &page))
            .await?,
    ))
}

/// Add a role
///
/// With permissions that you hold yourself. Needs a confirmed identity (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "people", request_body = RoleData, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("role:manage"))),
    responses((status = 201, description = "Added", body = RoleView)))]
#[post("/roles")]
async fn role_add(
    store: web::Data<Store>,
    may: SteppedUp<may::RoleManage>,
    key: IdempotencyKey,
    body: Body<New<RoleData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.role_create(&data))
        .await?;
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.role(id)).await?;
    Ok(tagged(&found, found.version, Some(format!("/api/v1/roles/{id}"))))
}

/// A role
#[utoipa::path(tag = "people", params(("id" = String, Path, format = Uuid, description = "The role")), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "The role", body = RoleView)))]
#[get("/roles/{id}")]
async fn role(store: web::Data<Store>, may: May<may::UserRead>, id: Id<RoleId>) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.role(id.0)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Change a role
///
/// Counts on the next request of everybody who has it. Of the roles administrator and auditor only
/// `second_factor` can be changed. Needs a confirmed identity (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "people", request_body = RoleChange, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("role:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The role"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = RoleView)))]
#[patch("/roles/{id}")]
async fn role_edit(
    store: web::Data<Store>,
    may: SteppedUp<may::RoleManage>,
    id: Id<RoleId>,
    seen: Versioned,
    body: Body<RoleChange>,
) -> Result<HttpResponse, Problem> {
    let id = id.0;
    let written = store
        .write(may.permit, None, move |tx| {
            tx.role_edit(id, seen.0, &body.value.members)
        })
        .await?;
    let found = store.read(written.permit, move |tx| tx.role(id)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Delete a role
///
/// Only one that nobody has and that did not come with the program. Needs a confirmed identity
/// (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "people", security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("role:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The role"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 204, description = "Deleted")))]
#[delete("/roles/{id}")]
async fn role_delete(
    store: web::Data<Store>,
    may: SteppedUp<may::RoleManage>,
    id: Id<RoleId>,
    seen: Versioned,
) -> Result<HttpResponse, Problem> {
    store
        .write(may.permit, None, move |tx| tx.role_delete(id.0, seen.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
