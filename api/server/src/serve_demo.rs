//! `--demo`: two demonstration laboratories, loaded once through the API as any integrator would, and their logins.

use crate::config::Config;
use crate::serve::Readiness;
use actix_web::web;
use attest_demo::{AdminAccess, Credentials, LaboratorySeed, PATIENTS_BY_DEFAULT};
use attest_domain::LaboratorySettings;
use attest_domain::identity::SecondFactorPolicy;
use attest_store::{NewLaboratory, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tokio::runtime::Handle;

type Failed = Box<dyn Error + Send + Sync>;

/// The file with the demonstration's logins.
pub const CREDENTIALS: &str = "demo-credentials.json";

/// Loads in the background; readiness waits for it.
pub fn start(config: &Config, store: &Store, readiness: web::Data<Readiness>, patients: Option<usize>) {
    let (config, store) = (config.clone(), store.clone());
    let file = config.data_dir.join(CREDENTIALS);
    if file.exists() {
        readiness.wait_for(None);
        announce(&config, &file);
        return;
    }
    let runtime = Handle::current();
    std::thread::spawn(
        move || match load(&config, &store, &runtime, patients.unwrap_or(PATIENTS_BY_DEFAULT)) {
            Ok(credentials) => match write(&file, &credentials) {
                Ok(()) => {
                    readiness.wait_for(None);
                    announce(&config, &file);
                }
                Err(error) => tracing::error!(%error, "the demonstration's logins could not be written"),
            },
            Err(error) => {
                readiness.wait_for(Some(
                    "the demonstration could not be loaded; see the log, then start again",
                ));
                tracing::error!(%error, "the demonstration could not be loaded; start again to go on where it stopped");
            }
        },
    );
}

fn load(config: &Config, store: &Store, runtime: &Handle, patients: usize) -> Result<Credentials, Failed> {
    let address = format!("http://{}", config.listen);
    println!("Loading the demonstration: two laboratories with real data. This takes some seconds.");
    let credentials = attest_demo::load_patients(
        &address,
        patients,
        |seed| open(store, runtime, seed),
        |seed, email, password| Ok(runtime.block_on(store.operator_set_password(seed.slug, email, password))?),
        |progress| {
            println!(
                "  {}: {} ({} of {})",
                progress.laboratory, progress.step, progress.done, progress.total
            )
        },
    )?;
    Ok(credentials)
}

/// A demonstration laboratory with its administrator; a fresh password when it is there already.
fn open(store: &Store, runtime: &Handle, seed: &LaboratorySeed) -> Result<AdminAccess, Failed> {
    let password = format!("{}-7a", URL_SAFE_NO_PAD.encode(attest_keyring::random::<15>()));
    let settings = LaboratorySettings {
        four_eyes_verification: seed.four_eyes_verification,
        four_eyes_release: seed.four_eyes_release,
        accession_prefix: seed.accession_prefix.to_owned(),
        default_decision_rule: seed.default_decision_rule.parse()?,
        second_factor: SecondFactorPolicy::Off,
        password: crate::routes::bootstrap::initial_passwords(Some(false)),
        ..LaboratorySettings::default()
    };
    let new = NewLaboratory {
        slug: seed.slug.to_owned(),
        name: seed.name.to_owned(),
        kind: seed.kind.parse()?,
        address: seed.address.to_owned(),
        timezone: seed.timezone.to_owned(),
        language: seed.language.parse()?,
        accreditation_number: Some(seed.accreditation_number.to_owned()),
        contact: Some(seed.contact.to_owned()),
        demonstration: true,
        settings,
        administrator_email: seed.admin_email.to_owned(),
        administrator_name: seed.admin_name.to_owned(),
        administrator_password: Some(password.clone()),
    };
    let log_key = match runtime.block_on(store.laboratory_create(new)) {
        Ok(created) => created.log_key,
        Err(StoreError::Duplicate { .. }) => {
            runtime.block_on(store.operator_set_password(seed.slug, seed.admin_email, &password))?;
            runtime.block_on(store.log_key(seed.slug))?
        }
        Err(error) => return Err(error.into()),
    };
    Ok(AdminAccess {
        laboratory: seed.slug.to_owned(),
        log_key,
        email: seed.admin_email.to_owned(),
        password,
    })
}

/// Whole or not at all: scripts wait for this file.
fn write(file: &Path, credentials: &Credentials) -> Result<(), Failed> {
    let partial: PathBuf = file.with_extension("json.new");
    let mut out = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)?;
    out.write_all(&serde_json::to_vec_pretty(credentials)?)?;
    out.sync_all()?;
    std::fs::rename(&partial, file)?;
    Ok(())
}

fn announce(config: &Config, file: &Path) {
    println!("\nAttest is ready: {}\n", config.public_url());
    if let Some(table) = table(file) {
        println!("{table}");
    }
    println!(
        "These logins are also in {}. They are for trying things out only.",
        file.display()
    );
}

/// The logins as a table for the terminal.
fn table(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let credentials: serde_json::Value = serde_json::from_str(&text).ok()?;
    let mut lines = Vec::new();
    for laboratory in credentials.get("laboratories")?.as_array()? {
        lines.push(format!("  {}", laboratory.get("name")?.as_str()?));
        for user in laboratory.get("users")?.as_array()? {
            lines.push(format!(
                "    {:<42} {}",
                user.get("email")?.as_str()?,
                user.get("password")?.as_str()?
            ));
        }
        lines.push(String::new());
    }
    Some(lines.join("\n"))
}
