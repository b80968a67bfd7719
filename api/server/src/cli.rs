//! The command line.

mod platform;

use crate::config::Config;
use crate::{api, doctor, serve};
use attest_keyring::Keyring;
use attest_store::{DatabaseUrl, NewLaboratory, Settings, Store, StoreError, migrate};
use clap::{Args, Parser, Subcommand};
use std::error::Error;
use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Attest: the laboratory information management system that can prove what it says.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(Serve),
    /// Bring the database's schema up to date (PostgreSQL: with the owner's role).
    Migrate {
        #[command(flatten)]
        place: Place,
        /// PostgreSQL role that the service runs as; gets exactly the rights it needs.
        #[arg(long, env = "ATTEST_SERVICE_ROLE")]
        service_role: Option<String>,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Keys of a laboratory.
    #[command(subcommand)]
    Keys(Keys),
    /// Laboratories of this installation.
    #[command(subcommand)]
    Laboratory(Laboratory),
    /// People of a laboratory.
    #[command(subcommand)]
    Users(Users),
    /// The platform: those who open, suspend and resume laboratories, and see nothing inside them.
    #[command(subcommand)]
    Platform(platform::Platform),
    /// Check this installation and say what is wrong and what to do.
    Doctor {
        #[command(flatten)]
        place: Place,
    },
    /// Render one document job from standard input to standard output (used by the server itself).
    #[command(hide = true)]
    Render,
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Folder of the database file, keys and exports.
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Folder of the database file, keys and exports [default: ./data].
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// Address and port [default: 127.0.0.1:8080].
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// Load the demonstration laboratories once and write their logins to the data folder.
    #[arg(long)]
    pub demo: bool,
    /// How many patients the medical demonstration gets.
    #[arg(long)]
    pub demo_patients: Option<usize>,
}

#[derive(Debug, Subcommand)]
enum Keys {
    /// Print the key that verifies a laboratory's audit trail; give it to the assessor.
    Show {
        #[command(flatten)]
        place: Place,
        /// The laboratory's short name.
        #[arg(long)]
        laboratory: String,
    },
    /// Put a new key in the place of one in use. Running servers notice within seconds.
    #[command(subcommand)]
    Rotate(RotateKey),
}

#[derive(Debug, Subcommand)]
enum RotateKey {
    /// The key that signs access tokens.
    Tokens {
        #[command(flatten)]
        place: Place,
        /// Minutes for which tokens of the old key stay good. 0 when it may have leaked: sessions go on, with the next refresh.
        #[arg(long, default_value_t = 10, value_parser = overlap)]
        overlap_minutes: u32,
    },
}

/// Nothing, or longer than an access token lives.
fn overlap(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(minutes @ (0 | 6..=1_440)) => Ok(minutes),
        _ => Err("0, or 6 to 1440 minutes (an access token lives 5)".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
enum Users {
    /// Add people from another system, all of them or nobody. Who comes with a password hash goes on with the password they
    /// know; everybody else is invited by mail. A hash is kept as it came until its person's first good login, which replaces it
    /// by Argon2id: a weak one stays weak so long.
    Import {
        #[command(flatten)]
        place: Place,
        /// The laboratory's short name.
        #[arg(long)]
        laboratory: String,
        /// A CSV file with the columns email, name, roles (separated by `;`) and password_hash, or a JSON list of the same.
        #[arg(long)]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Laboratory {
    /// Suspend a laboratory: it answers nobody until it is resumed. Nothing of it is lost.
    Suspend(platform::Suspension),
    /// Resume a laboratory.
    Resume(platform::Suspension),
    /// Open a laboratory with its first administrator, whose password is read from standard input.
    Create {
        #[command(flatten)]
        place: Place,
        /// Short name: lower-case letters, digits, hyphens. Never changes.
        #[arg(long)]
        slug: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// testing or medical.
        #[arg(long)]
        kind: String,
        /// Postal address.
        #[arg(long, default_value = "")]
        address: String,
        /// IANA time zone.
        #[arg(long, default_value = "Europe/Warsaw")]
        timezone: String,
        /// en or pl.
        #[arg(long, default_value = "en")]
        language: String,
        /// The administrator's e-mail address.
        #[arg(long)]
        admin_email: String,
        /// The administrator's name.
        #[arg(long, default_value = "Administrator")]
        admin_name: String,
        /// Read the administrator's password from standard input.
        #[arg(long, required = true)]
        admin_password_stdin: bool,
        /// by_role or off: from whom a second factor is asked for.
        #[arg(long, default_value = "by_role")]
        second_factor: String,
        /// Whether a password that an administrator gives must be changed at the first login.
        #[arg(long, action = clap::ArgAction::Set, default_value_t = true)]
        change_initial: bool,
    },
}

/// Carries out a command.
///
/// # Errors
/// Whatever stands in the way, for the person at the terminal.
pub fn run(cli: Cli) -> Result<(), Box<dyn Error + Send + Sync>> {
    match cli.command {
        Command::Serve(options) => {
            let config = Config::load(options.data_dir.clone(), options.listen)?;
            actix_web::rt::System::new().block_on(serve::serve(config, options))
        }
        Command::Migrate { place, service_role } => {
            let config = Config::load(place.data_dir, None)?;
            std::fs::create_dir_all(&config.data_dir)?;
            let url: DatabaseUrl = config.database_url().parse()?;
            let steps = migrate(&url, service_role.as_deref())?;
            for step in &steps {
                println!("migrated: {step}");
            }
            println!("{:?}: the schema is up to date", url);
            Ok(())
        }
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&api::document())?);
            Ok(())
        }
        Command::Keys(Keys::Show { place, laboratory }) => {
            let config = Config::load(place.data_dir, None)?;
            with_store(&config, async move |store| {
                println!("{}", store.log_key(&laboratory).await?);
                Ok(())
            })
        }
        Command::Keys(Keys::Rotate(RotateKey::Tokens { place, overlap_minutes })) => {
            let config = Config::load(place.data_dir, None)?;
            let now = chrono::Utc::now().timestamp();
            let until = now.saturating_add(i64::from(overlap_minutes).saturating_mul(60));
            let keys = Keyring::rotate_tokens(&config.data_dir.join("keys"), now, until)?;
            println!("access tokens are signed by {} from now on", keys.signing().id());
            for key in keys.retired() {
                let end = chrono::DateTime::from_timestamp(key.until(), 0).unwrap_or_default();
                println!("those of {} are good until {}", key.id(), end.to_rfc3339());
            }
            Ok(())
        }
        Command::Laboratory(Laboratory::Create {
            place,
            slug,
            name,
            kind,
            address,
            timezone,
            language,
            admin_email,
            admin_name,
            admin_password_stdin: _,
            second_factor,
            change_initial,
        }) => {
            let config = Config::load(place.data_dir, None)?;
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password)?;
            let new = NewLaboratory {
                slug,
                name,
                kind: kind.parse()?,
                address,
                timezone,
                language: language.parse()?,
                accreditation_number: None,
                contact: None,
                demonstration: false,
                settings: attest_domain::LaboratorySettings {
                    second_factor: second_factor.parse()?,
                    password: crate::routes::bootstrap::initial_passwords(Some(change_initial)),
                    ..attest_domain::LaboratorySettings::default()
                },
                administrator_email: admin_email,
                administrator_name: admin_name,
                administrator_password: Some(password.trim_end_matches(['\r', '\n']).to_owned()),
            };
            crate::routes::bootstrap::check(&new).map_err(|errors| format!("{errors:?}"))?;
            with_store(&config, async move |store| {
                let created = store.laboratory_create(new).await.map_err(in_full)?;
                println!(
                    "{}",
                    serde_json::json!({"id": created.id, "slug": created.slug, "log_key": created.log_key})
                );
                Ok(())
            })
        }
        Command::Laboratory(Laboratory::Suspend(what)) => what.carry_out(true),
        Command::Laboratory(Laboratory::Resume(what)) => what.carry_out(false),
        Command::Platform(command) => command.carry_out(),
        Command::Users(Users::Import {
            place,
            laboratory,
            file,
        }) => {
            let config = Config::load(place.data_dir, None)?;
            let people = crate::people_file::read(&file)?;
            with_store(&config, async move |store| {
                let done = store.users_import(&laboratory, people).await.map_err(in_full)?;
                println!(
                    "{} added with their password, {} invited",
                    done.with_password, done.invited
                );
                Ok(())
            })
        }
        Command::Doctor { place } => {
            let config = Config::load(place.data_dir, None)?;
            with_store(&config, async move |store| doctor::examine(&store).await)
        }
        Command::Render => {
            let mut job = Vec::new();
            std::io::stdin().read_to_end(&mut job)?;
            let made = attest_documents::render_job(&job)?;
            std::io::Write::write_all(&mut std::io::stdout(), &made)?;
            Ok(())
        }
    }
}

/// Everything that is wrong, a line each, for the person at the terminal.
pub(crate) fn in_full(error: StoreError) -> Box<dyn Error + Send + Sync> {
    match error {
        StoreError::Faults(faults) => {
            let lines: Vec<String> = faults
                .iter()
                .map(|fault| format!("\n  {}: {}", fault.path, fault.message))
                .collect();
            format!("nothing was changed:{}", lines.concat()).into()
        }
        other => other.into(),
    }
}

/// Opens the store beside a running server (no sequencer of its own) for one command.
pub(crate) fn with_store(
    config: &Config,
    act: impl AsyncFnOnce(Store) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = open_store(config, false).await?;
        act(store).await
    })
}

/// Opens keys and database as configured.
///
/// # Errors
/// When a key is exposed or damaged, or the database cannot be reached.
pub async fn open_store(config: &Config, sequencer: bool) -> Result<Store, Box<dyn Error + Send + Sync>> {
    let keyring = Arc::new(Keyring::open(&config.data_dir.join("keys"))?);
    let settings = Settings {
        database: config.database_url().parse()?,
        readers: config.readers,
        hashes_at_once: config.hashes_at_once,
        public_origin: config.public_origin(),
        host_name: config.host_name.clone(),
        sequencer,
    };
    let store = Store::open(settings, keyring).await?;
    // Whatever is done with this database, it is done without the persons who were erased before it was restored.
    store.keep_erased().await?;
    store.seal_written_before().await?;
    Ok(store)
}
