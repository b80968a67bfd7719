//! The report for a person, and for a program.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use attest_ledger::bundle::{Kind, Report, SealState, Step, Verdict};
use serde_json::{Value, json};

use crate::input::InputError;

/// Everything that was found out about a file.
pub struct Outcome {
    /// About the PDF around the bundle; nothing for a ZIP.
    pub paper: Vec<Step>,
    /// About the bundle.
    pub bundle: Result<Report, InputError>,
}

impl Outcome {
    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        self.paper.iter().all(Step::ok) && self.bundle.as_ref().is_ok_and(Report::holds)
    }
}

/// Writes to standard output; a closed pipe is no reason to panic.
pub fn out(text: &str) -> Result<(), String> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| error.to_string())
}

/// `{"holds":…,"steps":[…],…}`; a file that cannot be opened as a bundle is one failed step named `archive`.
pub fn json(outcome: &Outcome) -> String {
    let mut value = match &outcome.bundle {
        Ok(report) => serde_json::to_value(report).unwrap_or_default(),
        Err(problem) => {
            let mut step = json!({"name": "archive", "ok": false, "verdict": "fails", "detail": problem.to_string()});
            if let (Value::Object(step), Some(member)) = (&mut step, problem.member()) {
                step.insert("file".to_owned(), member.into());
            }
            json!({"steps": [step]})
        }
    };
    if let Value::Object(value) = &mut value {
        value.insert("holds".to_owned(), outcome.holds().into());
        if let Some(Value::Array(steps)) = value.get_mut("steps") {
            let paper = outcome.paper.iter().filter_map(|step| serde_json::to_value(step).ok());
            steps.splice(0..0, paper);
        }
    }
    format!("{value:#}\n")
}

/// One line a step, then what stays closed, then the verdict.
pub fn text(file: &Path, outcome: &Outcome) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _infallible = write_text(&mut text, file, outcome);
    text
}

fn write_text(text: &mut String, file: &Path, outcome: &Outcome) -> std::fmt::Result {
    writeln!(text, "{}\n", clean(&file.display().to_string()))?;
    write_steps(text, &outcome.paper)?;
    let report = match &outcome.bundle {
        Ok(report) => report,
        Err(problem) => {
            writeln!(text, "  FAILS  archive: {}", clean(&problem.to_string()))?;
            return writeln!(text, "\nDOES NOT HOLD. There is no excerpt to judge.");
        }
    };
    write_steps(text, &report.steps)?;
    write_sealed(text, report)?;
    let failures = outcome
        .paper
        .iter()
        .chain(&report.steps)
        .filter(|step| !step.ok())
        .count();
    if failures == 0 {
        let scope = match report.kind {
            Kind::Range => "Nothing was changed, removed, added or moved between its first and its last entry.",
            Kind::Selection => {
                "Each entry stands in the log exactly as it is in entries.jsonl; what was not selected is not judged."
            }
        };
        writeln!(
            text,
            "\nHOLDS. {} entries of {}.\n{scope}",
            report.entries,
            clean(&report.log)
        )?;
        if !outcome.paper.is_empty() {
            writeln!(
                text,
                "Judged are the attached files. The printed pages are worth what whoever signed them is worth."
            )?;
        }
        writeln!(
            text,
            "Not proven: that what was entered was true, or that everything was entered."
        )
    } else {
        writeln!(
            text,
            "\nDOES NOT HOLD. {failures} {} above.",
            if failures == 1 { "step fails" } else { "steps fail" }
        )
    }
}

fn write_steps(text: &mut String, steps: &[Step]) -> std::fmt::Result {
    for step in steps {
        let (mark, place) = (mark(step.verdict), place(step));
        writeln!(text, "  {mark}  {}{place}: {}", step.name, clean(&step.detail))?;
    }
    Ok(())
}

fn write_sealed(text: &mut String, report: &Report) -> std::fmt::Result {
    if report.sealed.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nSealed values:")?;
    for value in &report.sealed {
        let index = value.index.map_or_else(|| "?".to_owned(), |index| index.to_string());
        let state = match value.state {
            SealState::Opened => "opened",
            SealState::Withheld => "withheld",
            SealState::Erased => "erased",
        };
        let shown = value
            .value
            .as_ref()
            .map_or_else(String::new, |value| format!(": {value}"));
        let line = format!(
            "index {index}, {} ({}), {state}{shown}",
            value.path,
            value.side.as_str()
        );
        writeln!(text, "  {}", clean(&line))?;
    }
    Ok(())
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "ok   ",
        Verdict::Noted => "note ",
        Verdict::Fails => "FAILS",
    }
}

fn place(step: &Step) -> String {
    match (&step.file, step.index) {
        (Some(file), Some(index)) => format!(" ({}, index {index})", clean(file)),
        (Some(file), None) => format!(" ({})", clean(file)),
        (None, Some(index)) => format!(" (index {index})"),
        (None, None) => String::new(),
    }
}

/// Text from the excerpt must not steer the reader's terminal, nor pretend to be a line of the report.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || unseen(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Characters that are not seen themselves but turn around, break or join what is: marks of direction, separators of
/// lines, and what has no width.
const fn unseen(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
