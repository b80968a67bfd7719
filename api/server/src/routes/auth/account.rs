//! One's own account.

use super::password::PasswordRules;
use crate::http::{Body, Present, Problem, Signed};
use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, patch, web};
use attest_domain::identity::{SecondFactorPolicy, SetUp};
use attest_domain::role::Realm;
use attest_domain::{Language, Permission};
use attest_store::{Caller, Store, SupportNotice};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(me).service(me_edit);
}

/// Changes to one's own account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// Language of screens.
    pub language: Option<Language>,
    /// Title printed with signatures.
    #[validate(length(max = 100))]
    pub title: Option<String>,
}

/// The signed-in person, what they may do, and where.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user's id.
    pub id: Uuid,
    /// E-mail address.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    pub title: Option<String>,
    /// Language of screens.
    pub language: Language,
    /// Roles.
    pub roles: Vec<RoleRef>,
    /// Effective permissions.
    pub permissions: Vec<Permission>,
    /// The laboratory.
    pub laboratory: MyLaboratory,
    /// The session.
    pub session: MySession,
    /// To be sent as `X-CSRF-Token`; cookie mode only.
    pub csrf_token: Option<String>,
    /// What must be set up before anything but one's own account is open; empty for almost everybody.
    pub must: Vec<SetUp>,
    /// The screen is locked: nothing is open before it is unlocked.
    pub locked: bool,
    /// There is a PIN that unlocks it.
    pub has_pin: bool,
    /// There is a passkey, which unlocks it too.
    pub has_passkey: bool,
    /// 256 bits (base64url) with which this person's browser encrypts what was typed and not sent, so that the next person at
    /// the same computer cannot read it. The same every time; for sessions in cookies, and not while the screen is locked.
    pub draft_key: Option<String>,
    /// There is a password. Without one the person confirms who they are at the identity provider.
    pub has_password: bool,
    /// The identity provider that the account is linked with, as its button says; null without one.
    pub sign_on: Option<String>,
    /// A service account, not a person.
    pub service: bool,
    /// Support of the platform is in the laboratory at this moment, on its invitation; null almost always.
    pub support_access: Option<SupportNotice>,
    /// Policies that concern the person.
    pub policy: MyPolicy,
}

/// A role.
#[derive(Serialize, ToSchema)]
pub struct RoleRef {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub slug: String,
}

/// The person's laboratory.
#[derive(Serialize, ToSchema)]
pub struct MyLaboratory {
    /// Its id.
    pub id: Uuid,
    /// Short name.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// A laboratory, or the platform that runs them.
    pub realm: Realm,
    /// `testing` or `medical`.
    pub kind: &'static str,
    /// IANA time zone.
    pub timezone: String,
    /// Loaded by `--demo`: not for real work.
    pub demonstration: bool,
}

/// The person's session.
#[derive(Serialize, ToSchema)]
pub struct MySession {
    /// Its id.
    pub id: Uuid,
    /// Absolute end.
    pub expires_at: DateTime<Utc>,
    /// Seconds without activity until it ends.
    pub idle_timeout_seconds: i64,
    /// Until when the identity counts as confirmed.
    pub step_up_until: Option<DateTime<Utc>>,
}

/// Policies that concern the person.
#[derive(Serialize, ToSchema)]
pub struct MyPolicy {
    /// Who verifies is not who entered.
    pub four_eyes_verification: bool,
    /// Who releases is not who authorised.
    pub four_eyes_release: bool,
    /// Minutes without activity until a session ends.
    pub idle_minutes: u16,
    /// From whom the laboratory asks for a second factor.
    pub second_factor: SecondFactorPolicy,
    /// The rules of passwords.
    pub password: PasswordRules,
}

/// Who am I
#[utoipa::path(tag = "auth", extensions(("x-permission" = json!("login"))), responses((status = 200, description = "The signed-in person", body = Me)))]
#[get("/me")]
async fn me(store: web::Data<Store>, present: Present) -> Result<HttpResponse, Problem> {
    described(&store, &present.0).await
}

/// Change my account
#[utoipa::path(tag = "auth", request_body = MeChange, extensions(("x-permission" = json!("login"))),
    responses((status = 200, description = "The signed-in person", body = Me)))]
#[patch("/me")]
async fn me_edit(store: web::Data<Store>, signed: Signed, body: Body<MeChange>) -> Result<HttpResponse, Problem> {
    let MeChange { language, title } = body.value;
    store.my_account_edit(&signed.0, language, title).await?;
    described(&store, &signed.0).await
}

/// The person with an ETag of the content: roles, permissions, laboratory and session are parts of it, and none of them has
/// its version in the person's row.
async fn described(store: &Store, caller: &Caller) -> Result<HttpResponse, Problem> {
    let person = describe(store, caller).await?;
    let bytes = serde_json::to_vec(&person).map_err(|error| Problem::internal(&error))?;
    let digest = hex::encode(Sha256::digest(&bytes));
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{}\"", digest.get(..32).unwrap_or_default())))
        .content_type("application/json")
        .body(bytes))
}

/// The person as `/me` and a login show them.
pub(super) async fn describe(store: &Store, caller: &Caller) -> Result<Me, Problem> {
    let account = store.my_account(caller).await?;
    let (principal, laboratory) = (caller.principal(), caller.laboratory());
    Ok(Me {
        id: principal.user.uuid(),
        email: account.email,
        name: account.name,
        title: account.title,
        language: account.language,
        roles: account
            .roles
            .into_iter()
            .map(|role| RoleRef {
                id: role.id,
                name: role.name,
                slug: role.slug,
            })
            .collect(),
        permissions: principal.permissions.iter().collect(),
        laboratory: MyLaboratory {
            id: laboratory.id,
            slug: laboratory.slug.clone(),
            name: laboratory.name.clone(),
            realm: laboratory.realm,
            kind: laboratory.kind.as_str(),
            timezone: laboratory.timezone.clone(),
            demonstration: laboratory.demonstration,
        },
        session: MySession {
            id: principal.session.uuid(),
            expires_at: principal.expires_at,
            idle_timeout_seconds: i64::from(laboratory.settings.idle_minutes).saturating_mul(60),
            step_up_until: principal.step_up_until,
        },
        csrf_token: principal.cookie.then(|| principal.csrf.clone()),
        must: principal.must.clone(),
        locked: principal.locked,
        has_pin: account.has_pin,
        has_passkey: account.has_passkey,
        draft_key: store.draft_key(caller)?,
        has_password: account.has_password,
        sign_on: account.sign_on,
        service: principal.service,
        support_access: account.support_access,
        policy: MyPolicy {
            four_eyes_verification: laboratory.settings.four_eyes_verification,
            four_eyes_release: laboratory.settings.four_eyes_release,
            idle_minutes: laboratory.settings.idle_minutes,
            second_factor: laboratory.settings.second_factor,
            password: PasswordRules::from(&laboratory.settings.password),
        },
    })
}
