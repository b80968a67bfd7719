//! Loads the demonstration: a water laboratory and a medical one, with real data.
//!
//! The crate is a client of the HTTP API like any integrator's: it logs in, keeps its tokens, sends Idempotency-Keys,
//! and never touches the database. Only the laboratory and its administrator come from the server's own bootstrap,
//! through a callback, because no API call can create the first login.
//!
//! Loading converges: every step looks at what is there and adds what is missing. After an interruption, call it again.

mod api;
mod bench;
mod catalogue;
mod data;
mod error;
mod medical;
mod names;
mod password;
mod plan;
mod registration;
mod reporting;
mod staff;
mod water;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use error::{DemoError, FieldError, Problem};
pub use medical::PATIENTS_AVAILABLE;

use api::Api;
use plan::LaboratoryPlan;
use staff::Staff;

/// How many patients the medical laboratory gets unless told otherwise.
pub const PATIENTS_BY_DEFAULT: usize = 40;

/// A laboratory that the callback of [`load`] has to create, marked as demonstration, with an administrator.
#[derive(Debug, Clone, Copy)]
pub struct LaboratorySeed {
    /// Name for people.
    pub name: &'static str,
    /// Name in addresses and in the ledger's origin; unique on the installation.
    pub slug: &'static str,
    /// `testing` or `medical`.
    pub kind: &'static str,
    /// Postal address, lines separated by `\n`.
    pub address: &'static str,
    /// Number under which the laboratory is accredited (invented).
    pub accreditation_number: &'static str,
    /// How clients reach it.
    pub contact: &'static str,
    /// IANA time zone.
    pub timezone: &'static str,
    /// `en` or `pl`.
    pub language: &'static str,
    /// What accession numbers begin with.
    pub accession_prefix: &'static str,
    /// Whether the verifier of a result must be another person than the one who entered it.
    pub four_eyes_verification: bool,
    /// Whether the one who releases a report must be another person than its signer.
    pub four_eyes_release: bool,
    /// Decision rule for orders that name none.
    pub default_decision_rule: &'static str,
    /// The administrator's login.
    pub admin_email: &'static str,
    /// The administrator's name.
    pub admin_name: &'static str,
    /// Domain of the other logins, as in `analyst@<domain>`.
    pub mail_domain: &'static str,
}

/// What the callback of [`load`] gives back.
#[derive(Debug, Clone)]
pub struct AdminAccess {
    /// The laboratory's slug, as created.
    pub laboratory: String,
    /// Verifier key of the laboratory's log (C2SP signed note).
    pub log_key: String,
    /// The administrator's login.
    pub email: String,
    /// The administrator's password.
    pub password: String,
}

/// How far loading has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The laboratory's name.
    pub laboratory: &'static str,
    /// What is being loaded, e.g. `orders`.
    pub step: &'static str,
    /// How many of it are there.
    pub done: usize,
    /// How many there will be.
    pub total: usize,
}

/// The logins of the demonstration; serialises to the content of `demo-credentials.json`.
#[derive(Debug, Serialize)]
pub struct Credentials {
    /// Water first, medical second.
    pub laboratories: Vec<LaboratoryCredentials>,
}

/// The logins of one laboratory.
#[derive(Debug, Serialize)]
pub struct LaboratoryCredentials {
    /// Name for people.
    pub name: String,
    /// The laboratory's slug, for the login.
    pub slug: String,
    /// Verifier key of its log.
    pub log_key: String,
    /// One user per role.
    pub users: Vec<UserCredentials>,
}

/// One login.
#[derive(Debug, Serialize)]
pub struct UserCredentials {
    /// Login name.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// Slugs of the roles; always exactly one.
    pub roles: Vec<String>,
    /// Freshly generated password.
    pub password: String,
}

/// The error type of the callback.
pub type InviteError = Box<dyn std::error::Error + Send + Sync>;

/// Loads both laboratories with the default number of patients; see [`load_patients`].
///
/// # Errors
/// As [`load_patients`].
pub fn load(
    base_url: &str,
    invite: impl FnMut(&LaboratorySeed) -> Result<AdminAccess, InviteError>,
    renew: impl Fn(&LaboratorySeed, &str, &str) -> Result<(), InviteError>,
    progress: impl Fn(Progress),
) -> Result<Credentials, DemoError> {
    load_patients(base_url, PATIENTS_BY_DEFAULT, invite, renew, progress)
}

/// Loads both laboratories through the API at `base_url` (scheme, host, port), the medical one with the first
/// `patients` patients (at most [`PATIENTS_AVAILABLE`]).
///
/// `invite` creates the laboratory and its administrator. It must succeed again for a laboratory that is there already
/// (loading was interrupted) and give the administrator a new password then. `renew` gives a user with this address this
/// password: those of an interrupted run were lost with it, and nobody but a person changes a password over the interface.
///
/// # Errors
/// The first refusal or broken connection ends loading; what was done stays, and calling again continues.
pub fn load_patients(
    base_url: &str,
    patients: usize,
    mut invite: impl FnMut(&LaboratorySeed) -> Result<AdminAccess, InviteError>,
    renew: impl Fn(&LaboratorySeed, &str, &str) -> Result<(), InviteError>,
    progress: impl Fn(Progress),
) -> Result<Credentials, DemoError> {
    let now = Utc::now();
    let api = Api::new(base_url);
    let plans = plans(now, patients)?;
    let mut laboratories = Vec::new();
    for (seed, plan) in plans {
        let admin = invite(&seed).map_err(|source| DemoError::Invite {
            laboratory: seed.slug.to_owned(),
            source,
        })?;
        let renew = |email: &str, password: &str| {
            renew(&seed, email, password).map_err(|source| DemoError::Invite {
                laboratory: seed.slug.to_owned(),
                source,
            })
        };
        laboratories.push(load_laboratory(&api, &seed, admin, &plan, &renew, &progress)?);
    }
    Ok(Credentials { laboratories })
}

fn plans(now: DateTime<Utc>, patients: usize) -> Result<[(LaboratorySeed, LaboratoryPlan); 2], DemoError> {
    Ok([(WATER, water::plan(now)?), (MEDICAL, medical::plan(now, patients)?)])
}

fn load_laboratory(
    api: &Api,
    seed: &LaboratorySeed,
    admin: AdminAccess,
    plan: &LaboratoryPlan,
    renew: &staff::Renew<'_>,
    progress: &impl Fn(Progress),
) -> Result<LaboratoryCredentials, DemoError> {
    let tell = |step, done, total| {
        progress(Progress {
            laboratory: seed.name,
            step,
            done,
            total,
        });
    };
    let staff = Staff::settle(api, seed, &admin, renew, &tell)?;
    let catalogue = catalogue::settle(&staff, plan, &tell)?;
    staff.make_competent(&catalogue.test_ids(), &tell)?;
    let orderers = registration::settle_orderers(&staff, plan, &tell)?;
    let samples = registration::settle_orders(&staff, plan, &catalogue, &orderers, &tell)?;
    bench::work(&staff, plan, &catalogue, &samples, &tell)?;
    reporting::notify(&staff, plan, &tell)?;
    reporting::report(&staff, plan, &samples, &tell)?;
    Ok(LaboratoryCredentials {
        name: seed.name.to_owned(),
        slug: admin.laboratory,
        log_key: admin.log_key,
        users: staff.into_credentials(),
    })
}

const WATER: LaboratorySeed = LaboratorySeed {
    name: "Riverbend Water Laboratory",
    slug: "riverbend-water",
    kind: "testing",
    address: "7 Quarry Road\nBlack Earth, WI 53515\nUnited States",
    accreditation_number: "DEMO-T-0417",
    contact: "+1 608 555 0117, office@riverbend-water.example",
    timezone: "America/Chicago",
    language: "en",
    accession_prefix: "RW",
    four_eyes_verification: true,
    four_eyes_release: false,
    default_decision_rule: "simple",
    admin_email: "administrator@riverbend-water.example",
    admin_name: "Alice Mercer",
    mail_domain: "riverbend-water.example",
};

const MEDICAL: LaboratorySeed = LaboratorySeed {
    name: "Wiślana Medical Laboratory",
    slug: "wislana-medical",
    kind: "medical",
    address: "ul. Przykładowa 12\n00-999 Warszawa\nPoland",
    accreditation_number: "DEMO-M-0231",
    contact: "+48 22 555 01 12, office@wislana-medical.example",
    timezone: "Europe/Warsaw",
    language: "en",
    accession_prefix: "WM",
    four_eyes_verification: true,
    four_eyes_release: false,
    default_decision_rule: "none",
    admin_email: "administrator@wislana-medical.example",
    admin_name: "Urszula Błaszczyk",
    mail_domain: "wislana-medical.example",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_serialise_to_what_scripts_rely_on() {
        let credentials = Credentials {
            laboratories: vec![LaboratoryCredentials {
                name: "N".to_owned(),
                slug: "s".to_owned(),
                log_key: "k".to_owned(),
                users: vec![UserCredentials {
                    email: "e".to_owned(),
                    name: "n".to_owned(),
                    roles: vec!["analyst".to_owned()],
                    password: "p".to_owned(),
                }],
            }],
        };
        assert_eq!(
            serde_json::to_value(credentials).ok(),
            Some(
                serde_json::json!({"laboratories": [{"name": "N", "slug": "s", "log_key": "k",
                "users": [{"email": "e", "name": "n", "roles": ["analyst"], "password": "p"}]}]})
            )
        );
    }

    #[test]
    fn the_time_zones_exist_and_verification_needs_two_people() {
        for seed in [WATER, MEDICAL] {
            assert!(seed.timezone.parse::<chrono_tz::Tz>().is_ok());
            assert!(seed.four_eyes_verification && !seed.four_eyes_release);
        }
        assert_eq!((WATER.kind, MEDICAL.kind), ("testing", "medical"));
    }
}
