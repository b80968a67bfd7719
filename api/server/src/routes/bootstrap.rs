//! The first laboratory, by the one-time link that `attest serve` prints (ATT-09).

use crate::http::{Body, FieldError, Problem};
use actix_web::{HttpResponse, post, web};
use attest_domain::identity::SecondFactorPolicy;
use attest_domain::password::PasswordPolicy;
use attest_domain::role::{LaboratoryKind, Realm};
use attest_domain::{LaboratorySettings, Language};
use attest_store::{NewLaboratory, Store};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(bootstrap);
}

/// The link's token, the laboratory and its first administrator.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BootstrapRequest {
    /// From the link.
    #[validate(length(min = 1, max = 100))]
    pub token: String,
    /// The laboratory.
    #[validate(nested)]
    pub laboratory: BootstrapLaboratory,
    /// Its first administrator.
    #[validate(nested)]
    pub administrator: BootstrapAdministrator,
    /// From whom a second factor is asked for; by role when absent.
    #[serde(default)]
    pub second_factor: SecondFactorPolicy,
    /// Whether a password that an administrator gives must be changed at the first login; yes when absent.
    #[serde(default)]
    pub change_initial: Option<bool>,
}

/// A laboratory.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BootstrapLaboratory {
    /// Full name.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Short name: lower-case letters, digits, hyphens. Never changes.
    pub slug: String,
    /// Testing or medical.
    pub kind: LaboratoryKind,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Language.
    pub language: Option<Language>,
    /// Postal address.
    #[validate(length(max = 500))]
    pub address: Option<String>,
    /// Number of the accreditation certificate.
    #[validate(length(max = 100))]
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    #[validate(length(max = 200))]
    pub contact: Option<String>,
}

impl BootstrapLaboratory {
    /// With its first administrator, who has no password yet.
    pub(super) fn opened_for(self, email: String, name: String, settings: LaboratorySettings) -> NewLaboratory {
        NewLaboratory {
            slug: self.slug,
            name: self.name,
            kind: self.kind,
            address: self.address.unwrap_or_default(),
            timezone: self.timezone.unwrap_or_else(|| "Europe/Warsaw".to_owned()),
            language: self.language.unwrap_or(Language::En),
            accreditation_number: self.accreditation_number,
            contact: self.contact,
            demonstration: false,
            settings,
            administrator_email: email,
            administrator_name: name,
            administrator_password: None,
        }
    }
}

/// An administrator.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BootstrapAdministrator {
    /// E-mail address.
    #[validate(email)]
    pub email: String,
    /// Printed name.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Password.
    pub password: String,
}

/// The laboratory is open.
#[derive(Serialize, ToSchema)]
pub struct Bootstrapped {
    /// The laboratory.
    pub laboratory: BootstrappedLaboratory,
    /// The administrator's id.
    pub user_id: Uuid,
}

/// The laboratory that was opened.
#[derive(Serialize, ToSchema)]
pub struct BootstrappedLaboratory {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// The key that verifies its audit trail: keep it outside this system.
    pub log_key: String,
}

/// Open the first laboratory
#[utoipa::path(tag = "auth", request_body = BootstrapRequest, security(()), extensions(("x-permission" = json!("public"))),
    responses((status = 201, description = "The laboratory and its administrator exist", body = Bootstrapped)))]
#[post("/bootstrap")]
async fn bootstrap(store: web::Data<Store>, body: Body<BootstrapRequest>) -> Result<HttpResponse, Problem> {
    let BootstrapRequest {
        token,
        laboratory,
        administrator,
        second_factor,
        change_initial,
    } = body.value;
    let settings = LaboratorySettings {
        second_factor,
        password: initial_passwords(change_initial),
        ..LaboratorySettings::default()
    };
    let new = NewLaboratory {
        administrator_password: Some(administrator.password),
        ..laboratory.opened_for(administrator.email, administrator.name, settings)
    };
    check(&new).map_err(Problem::validation)?;
    let created = store.bootstrap(&token, new).await?;
    Ok(HttpResponse::Created().json(Bootstrapped {
        laboratory: BootstrappedLaboratory {
            id: created.id,
            slug: created.slug,
            log_key: created.log_key,
        },
        user_id: created.administrator.uuid(),
    }))
}

/// The policy of a new laboratory.
pub fn initial_passwords(change_initial: Option<bool>) -> PasswordPolicy {
    let standard = PasswordPolicy::default();
    PasswordPolicy {
        change_initial: change_initial.unwrap_or(standard.change_initial),
        ..standard
    }
}

/// What must hold for a new laboratory, wherever it comes from, before its administrator's password is looked at.
///
/// # Errors
/// Everything that is wrong.
pub fn check(new: &NewLaboratory) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut say = |path: &str, code: &str, message: String| {
        wrong.push(FieldError {
            path: path.to_owned(),
            code: code.to_owned(),
            message,
        })
    };
    let slug_fits = (2..=40).contains(&new.slug.len())
        && new.slug.starts_with(|c: char| c.is_ascii_lowercase())
        && new
            .slug
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if new.slug == Realm::PLATFORM_SLUG {
        say(
            "laboratory.slug",
            "reserved",
            "is the short name that the platform's operators sign in to".to_owned(),
        );
    }
    if !slug_fits {
        say(
            "laboratory.slug",
            "invalid",
            "must have 2 to 40 lower-case letters, digits or hyphens and begin with a letter".to_owned(),
        );
    }
    if new.timezone.parse::<chrono_tz::Tz>().is_err() {
        say(
            "laboratory.timezone",
            "unknown",
            "must be an IANA time zone such as Europe/Warsaw".to_owned(),
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
