//! The platform's people and laboratories, from the server's command line. Each act is in the platform's ledger; the actor is the
//! command line, whoever sits at it.

use super::{Place, in_full, with_store};
use crate::config::Config;
use attest_domain::Language;
use clap::{Args, Subcommand};
use std::error::Error;

/// What can be done about the platform.
#[derive(Debug, Subcommand)]
pub enum Platform {
    /// Its operators. They sign in with the laboratory `platform`.
    #[command(subcommand)]
    Operator(OperatorCommand),
}

/// What can be done about operators.
#[derive(Debug, Subcommand)]
pub enum OperatorCommand {
    /// Add an operator, and print the one-time link with which they choose a password. The first one sets up the platform.
    Create {
        #[command(flatten)]
        place: Place,
        /// E-mail address, with which they sign in.
        #[arg(long)]
        email: String,
        /// Printed name.
        #[arg(long)]
        name: String,
        /// en or pl.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// List everybody who is or was an operator.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Remove the second factors of an operator who lost theirs. Their sessions end, and they are told by mail; at the next login, with
    /// the password, they set up a new one before anything else opens. Make sure that it is they who ask.
    ResetSecondFactor {
        #[command(flatten)]
        place: Place,
        /// The operator's e-mail address.
        #[arg(long)]
        email: String,
        /// Why, for the ledger.
        #[arg(long)]
        reason: String,
    },
    /// Shut an operator out, at once and everywhere.
    Deactivate {
        #[command(flatten)]
        place: Place,
        /// The operator's e-mail address.
        #[arg(long)]
        email: String,
        /// Why, for the ledger.
        #[arg(long)]
        reason: String,
    },
}

/// Which laboratory, and why.
#[derive(Debug, Args)]
pub struct Suspension {
    #[command(flatten)]
    place: Place,
    /// The laboratory's short name.
    #[arg(long)]
    laboratory: String,
    /// Why, for the ledgers; of a suspension it is shown to the laboratory's people.
    #[arg(long)]
    reason: String,
}

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

impl Platform {
    /// Does it.
    ///
    /// # Errors
    /// Whatever stands in the way, for the person at the terminal.
    pub fn carry_out(self) -> Outcome {
        let Self::Operator(command) = self;
        match command {
            OperatorCommand::Create {
                place,
                email,
                name,
                language,
            } => {
                let config = Config::load(place.data_dir, None)?;
                let language: Language = language.parse()?;
                let address = config.public_url();
                with_store(&config, async move |store| {
                    let link = store.operator_create(&email, &name, language).await.map_err(in_full)?;
                    let (token, until) = (link.token, link.expires_at.to_rfc3339());
                    println!("{address}/password#token={token}");
                    println!(
                        "Open this link once, until {until}, to choose a password. Then sign in with the laboratory `platform`"
                    );
                    println!("and set up a second factor: nothing else is open before.");
                    Ok(())
                })
            }
            OperatorCommand::List { place } => {
                let config = Config::load(place.data_dir, None)?;
                with_store(&config, async move |store| {
                    for operator in store.operator_list().await.map_err(in_full)? {
                        let state = match (operator.active, operator.second_factor) {
                            (false, _) => "inactive",
                            (true, false) => "no second factor yet",
                            (true, true) => "active",
                        };
                        let last = operator
                            .last_login_at
                            .map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
                        println!("{}\t{}\t{state}\tlast login: {last}", operator.email, operator.name);
                    }
                    Ok(())
                })
            }
            OperatorCommand::ResetSecondFactor { place, email, reason } => {
                let config = Config::load(place.data_dir, None)?;
                with_store(&config, async move |store| {
                    store
                        .operator_reset_second_factor(&email, reason)
                        .await
                        .map_err(in_full)?;
                    println!("{email} has no second factor any more and sets one up at the next login");
                    Ok(())
                })
            }
            OperatorCommand::Deactivate { place, email, reason } => {
                let config = Config::load(place.data_dir, None)?;
                with_store(&config, async move |store| {
                    store.operator_deactivate(&email, reason).await.map_err(in_full)?;
                    println!("{email} is shut out");
                    Ok(())
                })
            }
        }
    }
}

impl Suspension {
    /// Suspends or resumes.
    ///
    /// # Errors
    /// As [`Platform::carry_out`].
    pub fn carry_out(self, suspend: bool) -> Outcome {
        let Self {
            place,
            laboratory,
            reason,
        } = self;
        let config = Config::load(place.data_dir, None)?;
        with_store(&config, async move |store| {
            store
                .laboratory_switch_at_the_server(&laboratory, reason, suspend)
                .await
                .map_err(in_full)?;
            println!("{laboratory} is {}", if suspend { "suspended" } else { "open again" });
            Ok(())
        })
    }
}
