//! `attest doctor`: is this installation well, and if not, what to do.

use attest_store::{LogExamination, Store};
use std::error::Error;
use std::fmt::Write;

/// Examines database and logs, and says on standard output what it finds.
///
/// # Errors
/// When anything is wrong, so that the program ends with another code than 0.
pub async fn examine(store: &Store) -> Result<(), Box<dyn Error + Send + Sync>> {
    store.ping().await?;
    println!("database: answers");
    let logs = store.examine_logs().await?;
    if logs.is_empty() {
        println!("laboratories: none yet");
    }
    let mut sick = 0_usize;
    for log in &logs {
        print!("{}", told(log));
        sick = sick.saturating_add(usize::from(!log.findings.is_empty()));
    }
    if sick == 0 {
        Ok(())
    } else {
        Err(format!(
            "the audit log of {sick} of {} laboratories is not well: see above",
            logs.len()
        )
        .into())
    }
}

fn told(log: &LogExamination) -> String {
    let mut text = String::new();
    let state = if log.findings.is_empty() { "well" } else { "NOT WELL" };
    // Writing to a String cannot fail.
    let _infallible = writeln!(
        text,
        "audit log of {}: {state}; {} events, the newest checkpoint covers {}",
        log.laboratory, log.events, log.signed
    );
    let mut advised = None;
    for finding in &log.findings {
        if advised.is_some_and(|advice| advice != finding.advice) {
            advice(&mut text, advised);
        }
        let _infallible = writeln!(text, "  - {}", finding.what);
        advised = Some(finding.advice);
    }
    if log.more > 0 {
        let _infallible = writeln!(text, "  - and {} more", log.more);
    }
    advice(&mut text, advised);
    text
}

fn advice(text: &mut String, advice: Option<&str>) {
    if let Some(advice) = advice {
        let _infallible = writeln!(text, "    What to do: {advice}.");
    }
}
