//! `attest serve`: from settings to answering requests.

use crate::cli::{Serve, open_store};
use crate::config::Config;
use crate::exports::Exporter;
use crate::http::{Allowances, Front, Pace, Uploads};
use crate::mail::Postman;
use crate::press::Press;
use crate::sign_on::Providers;
use crate::webhooks::Courier;
use crate::{api, door, routes};
use actix_web::{App, web};
use attest_store::{DatabaseUrl, Store, migrate};
use std::error::Error;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use utoipa_actix_web::AppExt;

/// What readiness waits for, if anything.
#[derive(Debug, Default)]
pub struct Readiness {
    waiting: Mutex<Option<String>>,
}

impl Readiness {
    /// What is being waited for.
    pub fn waiting_for(&self) -> Option<String> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something is being waited for, or nothing any more.
    pub fn wait_for(&self, what: Option<&str>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = what.map(str::to_owned);
    }
}

/// Serves until the process is told to stop.
///
/// # Errors
/// When keys, database or port cannot be had.
pub async fn serve(config: Config, options: Serve) -> Result<(), Box<dyn Error + Send + Sync>> {
    start_logging(&config);
    let undeclared = api::undeclared(&api::document());
    if !undeclared.is_empty() {
        return Err(format!(
            "these operations do not declare their permission: {}",
            undeclared.join(", ")
        )
        .into());
    }
    private_folder(&config.data_dir)?;
    let url: DatabaseUrl = config.database_url().parse()?;
    if let DatabaseUrl::Sqlite(file) = &url {
        private_file(file)?;
        // Embedded: there is no owner's role, the program looks after its own file.
        migrate(&url, None)?;
    }
    if !options.demo && config.data_dir.join(crate::serve_demo::CREDENTIALS).exists() {
        eprintln!(
            "WARNING: {} holds the demonstration, whose passwords lie in a file. It is not for real work.",
            config.data_dir.display()
        );
        if !config.listen.ip().is_loopback() {
            return Err(
                "a demonstration is served on loopback addresses only; use another data folder for real work".into(),
            );
        }
    }
    let store = open_store(&config, true).await?;
    let readiness = web::Data::new(Readiness::default());
    if options.demo {
        readiness.wait_for(Some("the demonstration is being loaded"));
    }
    let exporter = Exporter::new(&config, &store);
    exporter.resume().await?;
    watch_critical(store.clone());
    watch_access(store.clone());
    Postman::new(&config, &store)?.start();
    let courier = Courier::new(&config, &store)?;
    courier.clone().start();
    let server = listen(&config, store.clone(), readiness.clone(), exporter, courier)?;
    tracing::info!(address = %config.listen, database = ?url, "listening");
    if options.demo {
        crate::serve_demo::start(&config, &store, readiness, options.demo_patients);
    } else if store.is_empty().await? {
        let token = store.bootstrap_token().await?;
        println!("bootstrap: {}/bootstrap#token={token}", config.public_url());
        println!("Open this link once, within 24 hours, to create the first laboratory and its administrator.");
    }
    server.await?;
    Ok(())
}

/// Critical values that nobody was told of in time escalate; each node looks once a minute, one of them does it.
fn watch_critical(store: Store) {
    tokio::spawn(async move {
        let mut minute = tokio::time::interval(Duration::from_secs(60));
        loop {
            minute.tick().await;
            match store.critical_escalate_due().await {
                Ok(0) => {}
                Ok(count) => tracing::warn!(count, "critical values nobody was told of in time"),
                Err(error) => tracing::error!(%error, "critical values could not be looked through"),
            }
        }
    });
}

/// Reviews of who has access are opened when they are due, and told of when they are overdue; support access that has run out is
/// recorded. Also right after the start.
fn watch_access(store: Store) {
    tokio::spawn(async move {
        let mut round = tokio::time::interval(Duration::from_secs(600));
        loop {
            round.tick().await;
            match store.access_reviews_due().await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "reviews of access opened or overdue"),
                Err(error) => tracing::error!(%error, "reviews of access could not be looked after"),
            }
            match store.support_runs_out().await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "support access ran out"),
                Err(error) => tracing::error!(%error, "support access could not be looked after"),
            }
        }
    });
}

fn listen(
    config: &Config,
    store: Store,
    readiness: web::Data<Readiness>,
    exporter: Exporter,
    courier: Courier,
) -> Result<actix_server::Server, Box<dyn Error + Send + Sync>> {
    let shared = web::Data::new(config.clone());
    let store = web::Data::new(store);
    let exporter = web::Data::new(exporter);
    let courier = web::Data::new(courier);
    let press = web::Data::new(Press::new(config));
    let allowances = web::Data::new(Allowances::default());
    let providers = web::Data::new(Providers::new(config)?);
    let pace = web::Data::new(Pace::new(config));
    let uploads = web::Data::new(Uploads::new(config.uploads_at_once));
    let front = Front::new(config, pace.clone());
    door::open(config, move || {
        let (app, _document) = App::new()
            .into_utoipa_app()
            .app_data(store.clone())
            .app_data(shared.clone())
            .app_data(readiness.clone())
            .app_data(allowances.clone())
            .app_data(pace.clone())
            .app_data(uploads.clone())
            .app_data(exporter.clone())
            .app_data(courier.clone())
            .app_data(press.clone())
            .app_data(providers.clone())
            .app_data(web::PayloadConfig::new(64 * 1_048_576))
            .configure(api::operations)
            .split_for_parts();
        app.default_service(web::to(routes::spa::fallback)).wrap(front.clone())
    })
}

/// The data folder is for this program's user alone.
fn private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// SQLite gives its journal files the database file's own mode.
fn private_file(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

fn start_logging(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| EnvFilter::new(&config.log));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second call (tests in one process) keeps the first setting.
    let _already_set = if config.log_format == "json" {
        logs.json().try_init()
    } else {
        logs.try_init()
    };
}
