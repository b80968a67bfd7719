//! Judging the paper around a bundle: the signature over the PDF, and whose certificate made it.

use std::str::FromStr;

use attest_ledger::Hash;
use attest_ledger::bundle::{Step, Verdict};

use crate::pdf::{Signature, SignatureError};

const SIGNED: &str = "PDF signature";
const SIGNER: &str = "PDF signer";
const PAGES: &str = "printed pages";

/// SHA-256 of a certificate, as the laboratory gave it to the reader.
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint([u8; 32]);

impl FromStr for Fingerprint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        hex::decode(digits)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or("expected 64 hexadecimal digits: the SHA-256 of a certificate")
    }
}

/// How the printed pages are to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    /// Not at all: only the attached files.
    pub attachments_only: bool,
    /// The certificate that must have signed, or its root.
    pub signer: Option<Fingerprint>,
}

/// The steps about the PDF itself.
pub fn judge(signatures: &Result<Vec<Signature>, SignatureError>, paper: Paper) -> Vec<Step> {
    if paper.attachments_only {
        return vec![step(PAGES, Verdict::Noted, UNJUDGED)];
    }
    let found = match signatures {
        Ok(found) => found,
        Err(problem) => return vec![step(SIGNED, Verdict::Fails, problem.to_string())],
    };
    let mut steps = Vec::new();
    for signature in found {
        let extent = if signature.whole {
            "covers every byte of the file, and holds"
        } else {
            "covers an earlier state of the file, and holds"
        };
        steps.push(step(
            SIGNED,
            Verdict::Holds,
            format!("{extent}: {}", signature.signer.subject),
        ));
    }
    steps.extend(
        found
            .iter()
            .filter(|signature| signature.whole)
            .map(|signature| whose(signature, paper)),
    );
    steps.push(step(
        PAGES,
        Verdict::Noted,
        "unchanged since they were signed; not compared with the attached files",
    ));
    steps
}

const UNJUDGED: &str = "not judged, and neither is the PDF's own signature: check them with a PDF reader or pdfsig";

fn whose(signature: &Signature, paper: Paper) -> Step {
    let signer = &signature.signer;
    let names = format!(
        "certificate {}, root {}",
        signer.certificate.to_hex(),
        signer.root.to_hex()
    );
    match paper.signer {
        None => step(
            SIGNER,
            Verdict::Noted,
            format!("{names}: compare with what the laboratory gave you (--signer); anybody can make a certificate"),
        ),
        Some(wanted) if [signer.certificate, signer.root].contains(&Hash::new(wanted.0)) => {
            step(SIGNER, Verdict::Holds, format!("as given by the reader; {names}"))
        }
        Some(_) => step(
            SIGNER,
            Verdict::Fails,
            format!("not the certificate given by the reader; {names}"),
        ),
    }
}

fn step(name: &'static str, verdict: Verdict, detail: impl Into<String>) -> Step {
    Step {
        name,
        verdict,
        detail: detail.into(),
        file: None,
        index: None,
    }
}
