//! Which identity provider the laboratory trusts.

use crate::http::{Body, May, New, Problem, SteppedUp, Versioned, tagged};
use crate::sign_on::Providers;
use actix_web::{HttpResponse, delete, get, put, web};
use attest_domain::may;
use attest_store::{Permit, SignOnData, SignOnView, Store, StoreError};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .service(laboratory_sign_on)
        .service(sign_on_put)
        .service(sign_on_remove);
}

/// Single sign-on
///
/// The identity provider, or, with `configured: false` and version 0, what a new one begins with. `redirect_uri` is to be
/// registered at the provider.
#[utoipa::path(tag = "laboratory", extensions(("x-permission" = json!("settings:manage"))),
    responses((status = 200, description = "The provider", body = SignOnView)))]
#[get("/laboratory/sign-on")]
async fn laboratory_sign_on(
    store: web::Data<Store>,
    providers: web::Data<Providers>,
    may: May<may::SettingsManage>,
) -> Result<HttpResponse, Problem> {
    shown(&store, &providers, may.permit).await
}

/// Set up single sign-on
///
/// The provider is asked for its discovery document, and what is wrong with it is told at `issuer`. Takes `user:manage` and
/// `role:manage` too, since whose word opens accounts could open anybody's; nobody maps roles that they could not hand out.
/// Needs a confirmed identity (`POST /auth/reauthenticate`).
#[utoipa::path(tag = "laboratory", request_body = SignOnData, security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("settings:manage"))), params(("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Set up", body = SignOnView)))]
#[put("/laboratory/sign-on")]
async fn sign_on_put(
    store: web::Data<Store>,
    providers: web::Data<Providers>,
    may: SteppedUp<may::SettingsManage>,
    seen: Versioned,
    body: Body<New<SignOnData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let data = data.checked()?;
    providers.discovered(&data.issuer).await.map_err(StoreError::from)?;
    let written = store
        .write(may.permit, None, move |tx| tx.sign_on_put(seen.0, data))
        .await?;
    shown(&store, &providers, written.permit).await
}

/// Remove single sign-on
///
/// Accounts stay; who has no password asks for one on the sign-in page. Needs a confirmed identity.
#[utoipa::path(tag = "laboratory", security(("bearer" = ["step-up"]), ("cookie" = ["step-up"])),
    extensions(("x-permission" = json!("settings:manage"))), params(("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 204, description = "Removed")))]
#[delete("/laboratory/sign-on")]
async fn sign_on_remove(
    store: web::Data<Store>,
    may: SteppedUp<may::SettingsManage>,
    seen: Versioned,
) -> Result<HttpResponse, Problem> {
    store
        .write(may.permit, None, move |tx| tx.sign_on_remove(seen.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn shown(
    store: &Store,
    providers: &Providers,
    permit: Permit<may::SettingsManage>,
) -> Result<HttpResponse, Problem> {
    let found = store.read(permit, |tx| tx.sign_on()).await?;
    let found = SignOnView {
        redirect_uri: providers.redirect_uri().to_owned(),
        ..found
    };
    Ok(tagged(&found, found.version, None))
}
