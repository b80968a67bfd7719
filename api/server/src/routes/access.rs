//! Who may do what, and why; two roles or persons side by side. Registered before the roles: `compare` is no role's id.

use crate::http::{Id, May, Params, Problem};
use actix_web::{get, web};
use attest_domain::ids::UserId;
use attest_domain::may;
use attest_store::{AccessView, ComparisonView, Holder, Store};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(user_access).service(roles_compare);
}

/// What is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CompareQuery {
    /// `role:<id>` or `user:<id>`.
    left: String,
    /// `role:<id>` or `user:<id>`.
    right: String,
}

/// Why a user may
///
/// Every permission there is, with what gives it (roles, single permissions) and what takes it away. Also for service accounts.
#[utoipa::path(tag = "people", params(("id" = String, Path, format = Uuid, description = "The user, or the service account")),
    extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "All permissions, grouped by area", body = AccessView)))]
#[get("/users/{id}/access")]
async fn user_access(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    id: Id<UserId>,
) -> Result<web::Json<AccessView>, Problem> {
    Ok(web::Json(store.read(may.permit, move |tx| tx.access_view(id.0)).await?))
}

/// Compare roles or users
///
/// What one may do and the other may not; a user's side is what they may do at this moment.
#[utoipa::path(tag = "people", params(CompareQuery), extensions(("x-permission" = json!("user:read"))),
    responses((status = 200, description = "All permissions, grouped by area", body = ComparisonView)))]
#[get("/roles/compare")]
async fn roles_compare(
    store: web::Data<Store>,
    may: May<may::UserRead>,
    query: Params<CompareQuery>,
) -> Result<web::Json<ComparisonView>, Problem> {
    let holder = |path: &str, text: &str| {
        text.parse::<Holder>()
            .map_err(|expected| Problem::field(path, "invalid", expected))
    };
    let (left, right) = (holder("left", &query.0.left)?, holder("right", &query.0.right)?);
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.comparison(left, right)).await?,
    ))
}
