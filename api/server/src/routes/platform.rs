//! The platform: laboratories from outside, and the door into one that invited. Its people sign in with the laboratory `platform`.

use super::auth::session::{LoggedIn, opened};
use super::bootstrap::{self, BootstrapLaboratory};
use crate::http::{
    Body, Id, IdempotencyKey, IfMatch, ListQuery, May, Params, Problem, SteppedUp, page, request_source, tagged,
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use attest_domain::identity::SecondFactorPolicy;
use attest_domain::ids::{SupportAccessId, TenantId};
use attest_domain::{LaboratorySettings, may};
use attest_store::{
    LaboratoryFilter, LaboratoryStatus, Listing, PlatformLaboratory, SessionMode, Store, SupportInvitationView, Written,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(laboratories)
        .service(laboratory_open)
        .service(one_laboratory)
        .service(laboratory_suspend)
        .service(laboratory_resume)
        .service(invitations)
        .service(enter);
}

/// Which laboratories.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LaboratoryQuery {
    /// `open` or `suspended`; both when absent.
    #[param(value_type = Option<String>)]
    status: Option<LaboratoryStatus>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A laboratory and its first administrator.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"laboratory": {"name": "Hillside Laboratory", "slug": "hillside", "kind": "testing", "timezone": "Europe/Warsaw", "language": "en"},
    "administrator": {"email": "ada@hillside.example", "name": "Ada Minister"}}))]
pub struct OpenLaboratory {
    /// The laboratory.
    #[validate(nested)]
    pub laboratory: BootstrapLaboratory,
    /// Its first administrator.
    #[validate(nested)]
    pub administrator: InvitedAdministrator,
    /// From whom a second factor is asked for; by role when absent.
    #[serde(default)]
    pub second_factor: SecondFactorPolicy,
}

/// An administrator who is invited by mail to choose a password; nobody else gets to know it, or the link.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitedAdministrator {
    /// E-mail address.
    #[validate(email)]
    pub email: String,
    /// Printed name.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
}

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The contract has ended"}))]
pub struct WhyLaboratory {
    /// The reason, for both ledgers; of a suspension it is also shown to the laboratory's people.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// Nothing more to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enter {}

type PlatformLaboratoryList = Listing<PlatformLaboratory>;
type SupportInvitationList = Listing<SupportInvitationView>;

/// Laboratories of the installation
///
/// From outside: nothing of a laboratory's data.
#[utoipa::path(tag = "platform", operation_id = "platform_laboratories", params(LaboratoryQuery), extensions(("x-permission" = json!("platform:read"))),
    responses((status = 200, description = "By short name", body = PlatformLaboratoryList)))]
#[get("/platform/laboratories")]
async fn laboratories(
    store: web::Data<Store>,
    may: May<may::PlatformRead>,
    query: Params<LaboratoryQuery>,
) -> Result<web::Json<PlatformLaboratoryList>, Problem> {
    let LaboratoryQuery {
        status,
        updated_since,
        limit,
        after,
    } = query.0;
    let (filter, page) = (LaboratoryFilter { status, updated_since }, page(limit, after)?);
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.platform_laboratory_list(&filter, &page))
            .await?,
    ))
}

/// Open a laboratory
///
/// Its first administrator gets an invitation by mail. One entry in the platform's ledger, the first ones in the laboratory's.
/// Needs a confirmed identity.
#[utoipa::path(tag = "platform", operation_id = "platform_laboratory_open", request_body = OpenLaboratory,
    security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("platform:manage"))),
    responses((status = 201, description = "Open", body = PlatformLaboratory)))]
#[post("/platform/laboratories")]
async fn laboratory_open(
    store: web::Data<Store>,
    may: SteppedUp<may::PlatformManage>,
    key: IdempotencyKey,
    body: Body<OpenLaboratory>,
) -> Result<HttpResponse, Problem> {
    let OpenLaboratory {
        laboratory,
        administrator,
        second_factor,
    } = body.value;
    let settings = LaboratorySettings {
        second_factor,
        ..LaboratorySettings::default()
    };
    let new = laboratory.opened_for(administrator.email, administrator.name, settings);
    bootstrap::check(&new).map_err(Problem::validation)?;
    let written = store.laboratory_open(may.permit, key.once(body.hash), new).await?;
    let path = format!("/api/v1/platform/laboratories/{}", written.value);
    shown(&store, written, Some(path)).await
}

/// A laboratory from outside
#[utoipa::path(tag = "platform", operation_id = "platform_laboratory", params(("id" = String, Path, format = Uuid, description = "The laboratory")),
    extensions(("x-permission" = json!("platform:read"))), responses((status = 200, description = "The laboratory", body = PlatformLaboratory)))]
#[get("/platform/laboratories/{id}")]
async fn one_laboratory(
    store: web::Data<Store>,
    may: May<may::PlatformRead>,
    id: Id<TenantId>,
) -> Result<HttpResponse, Problem> {
    let found = store.read(may.permit, move |tx| tx.platform_laboratory(id.0)).await?;
    Ok(tagged(&found, found.version, None))
}

/// Suspend a laboratory
///
/// From the next request on it answers nobody: 403 `/problems/laboratory-suspended` with the reason. Report checks by the public go
/// on, and so does its ledger; nothing is lost. Needs a confirmed identity.
#[utoipa::path(tag = "platform", operation_id = "platform_laboratory_suspend", request_body = WhyLaboratory,
    params(("id" = String, Path, format = Uuid, description = "The laboratory")),
    security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("platform:manage"))),
    responses((status = 200, description = "Suspended", body = PlatformLaboratory)))]
#[post("/platform/laboratories/{id}/suspend")]
async fn laboratory_suspend(
    store: web::Data<Store>,
    may: SteppedUp<may::PlatformManage>,
    id: Id<TenantId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyLaboratory>,
) -> Result<HttpResponse, Problem> {
    switch(&store, may, id.0, seen, key, body, true).await
}

/// Resume a laboratory
///
/// Everything is as it was. Needs a confirmed identity.
#[utoipa::path(tag = "platform", operation_id = "platform_laboratory_resume", request_body = WhyLaboratory,
    params(("id" = String, Path, format = Uuid, description = "The laboratory")),
    security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("platform:manage"))),
    responses((status = 200, description = "Open again", body = PlatformLaboratory)))]
#[post("/platform/laboratories/{id}/resume")]
async fn laboratory_resume(
    store: web::Data<Store>,
    may: SteppedUp<may::PlatformManage>,
    id: Id<TenantId>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyLaboratory>,
) -> Result<HttpResponse, Problem> {
    switch(&store, may, id.0, seen, key, body, false).await
}

async fn switch(
    store: &Store,
    may: SteppedUp<may::PlatformManage>,
    id: TenantId,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<WhyLaboratory>,
    suspend: bool,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| {
            tx.laboratory_switch(id, seen.0, &body.value.reason, suspend)
        })
        .await?;
    shown(store, written, None).await
}

async fn shown(
    store: &Store,
    written: Written<may::PlatformManage, TenantId>,
    created: Option<String>,
) -> Result<HttpResponse, Problem> {
    let id = written.value;
    let found = store.read(written.permit, move |tx| tx.platform_laboratory(id)).await?;
    Ok(tagged(&found, found.version, created))
}

/// My invitations
///
/// The laboratories that invited you, newest first.
#[utoipa::path(tag = "platform", operation_id = "platform_invitations", params(ListQuery), extensions(("x-permission" = json!("platform:read"))),
    responses((status = 200, description = "Newest first", body = SupportInvitationList)))]
#[get("/platform/support-access")]
async fn invitations(
    store: web::Data<Store>,
    may: May<may::PlatformRead>,
    query: Params<ListQuery>,
) -> Result<web::Json<SupportInvitationList>, Problem> {
    let (since, page) = query.0.parts()?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.my_invitations(since, &page))
            .await?,
    ))
}

/// Enter on invitation
///
/// A session in the laboratory, as what it chose, until the invitation is over; in a browser it takes the place of this one.
/// The laboratory is told. Needs a confirmed identity.
#[utoipa::path(tag = "platform", operation_id = "platform_enter", request_body = Enter, params(("id" = String, Path, format = Uuid, description = "The invitation")),
    security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])), extensions(("x-permission" = json!("platform:manage"))),
    responses((status = 200, description = "A session in the laboratory", body = LoggedIn)))]
#[post("/platform/support-access/{id}/enter")]
async fn enter(
    request: HttpRequest,
    store: web::Data<Store>,
    may: SteppedUp<may::PlatformManage>,
    id: Id<SupportAccessId>,
    _body: Body<Enter>,
) -> Result<HttpResponse, Problem> {
    let mode = if may.caller.principal().cookie {
        SessionMode::Cookie
    } else {
        SessionMode::Token
    };
    let tokens = store
        .support_enter(may.permit, id.0, mode, request_source(&request))
        .await?;
    opened(&request, &store, tokens).await
}
