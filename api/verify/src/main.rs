//! `attest-verify`: checks an excerpt of an Attest audit log, offline. It reads a bundle, as a ZIP file or attached to a
//! PDF, and trusts nothing in it: the log's key comes from the reader.
//!
//! Exit code 0: every step holds. 1: something does not. 2: it was called wrongly, or a file cannot be read.

mod input;
mod paper;
mod pdf;
mod print;

use std::path::PathBuf;
use std::process::ExitCode;

use attest_ledger::bundle::verify_bundle;
use attest_ledger::note::VerifierKey;
use attest_ledger::policy::Policy;
use clap::Parser;

use paper::{Fingerprint, Paper};
use print::Outcome;

/// Check an excerpt of an Attest audit log, offline.
///
/// Prints every step and its verdict. Exit code 0 when all hold, 1 when something does not, 2 for a wrong call.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The excerpt: a .attest.zip, or a PDF export with the same files attached.
    file: PathBuf,

    /// The log's verifier key, <name>+<hash>+<key>, as the laboratory gave it to you; never taken from the excerpt.
    #[arg(long, value_name = "VKEY")]
    key: VerifierKey,

    /// Which witnesses must have cosigned (a C2SP tlog-policy file).
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,

    /// A checkpoint of the log that you kept from earlier.
    #[arg(long, value_name = "CHECKPOINT")]
    held: Option<PathBuf>,

    /// PDF: SHA-256 of the certificate that signed it, or of its root, as the laboratory gave it to you.
    #[arg(long, value_name = "SHA256")]
    signer: Option<Fingerprint>,

    /// PDF: judge the attached files only, not the printed pages nor the PDF's own signature.
    #[arg(long, conflicts_with = "signer")]
    attachments_only: bool,

    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    // clap prints its own errors and ends with 2.
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("attest-verify: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let policy = arguments
        .policy
        .as_ref()
        .map(|path| {
            let bytes = input::read_file(path)?;
            let text = String::from_utf8(bytes).map_err(|_encoding| "the policy is not UTF-8".to_owned())?;
            text.parse::<Policy>().map_err(|error| error.to_string())
        })
        .transpose()?;
    let held = arguments.held.as_ref().map(|path| input::read_file(path)).transpose()?;
    let bytes = input::read_file(&arguments.file)?;
    let input = input::open(&bytes);
    let outcome = Outcome {
        paper: input.signatures.map_or_else(Vec::new, |signatures| {
            let wanted = Paper {
                attachments_only: arguments.attachments_only,
                signer: arguments.signer,
            };
            paper::judge(&signatures, wanted)
        }),
        bundle: input
            .members
            .map(|members| verify_bundle(&members, &arguments.key, held.as_deref(), policy.as_ref())),
    };
    let text = if arguments.json {
        print::json(&outcome)
    } else {
        print::text(&arguments.file, &outcome)
    };
    print::out(&text)?;
    Ok(outcome.holds())
}
