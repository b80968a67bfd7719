//! The report: steps with verdicts, and the fate of every sealed value.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};
use serde_json::Value;

use crate::Hash;
use crate::bundle::Kind;
use crate::seal::Side;

/// After this many failures of one step the rest are counted, not listed.
const LISTED: usize = 20;

/// What a step found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Checked, and it holds.
    Holds,
    /// Worth knowing, or not judged; no failure.
    Noted,
    /// Does not hold.
    Fails,
}

/// One step of the verification. Serialised with `ok`, which is false only for [`Verdict::Fails`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was checked.
    pub name: &'static str,
    /// What was found.
    pub verdict: Verdict,
    /// The finding in words.
    pub detail: String,
    /// The member concerned.
    pub file: Option<String>,
    /// The entry concerned, by its index in the log.
    pub index: Option<u64>,
}

impl Step {
    /// Whether nothing is wrong here.
    pub fn ok(&self) -> bool {
        self.verdict != Verdict::Fails
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut step = serializer.serialize_struct("Step", 6)?;
        step.serialize_field("name", self.name)?;
        step.serialize_field("ok", &self.ok())?;
        step.serialize_field("verdict", &self.verdict)?;
        step.serialize_field("detail", &self.detail)?;
        if let Some(file) = &self.file {
            step.serialize_field("file", file)?;
        }
        if let Some(index) = self.index {
            step.serialize_field("index", &index)?;
        }
        step.end()
    }
}

/// What became of a sealed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SealState {
    /// The bundle opens it, and the opening holds.
    Opened,
    /// The bundle does not open it.
    Withheld,
    /// The bundle does not open it, and holds the event that the person was erased.
    Erased,
}

/// A sealed value in one of the entries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SealedValue {
    /// The entry's index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Pseudonymous id of the person.
    pub subject: String,
    /// Which field.
    pub path: String,
    /// Which side of the change.
    pub side: Side,
    /// Its fate.
    pub state: SealState,
    /// The value, when opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The log, by the reader's key.
    pub log: String,
    /// Range or selection.
    pub kind: Kind,
    /// Lowest index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Highest index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// Number of entries.
    pub entries: usize,
    /// Leaves under the checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_size: Option<u64>,
    /// The checkpoint's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_root: Option<Hash>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// Every sealed value.
    pub sealed: Vec<SealedValue>,
}

impl Report {
    /// Whether every step holds or is only noted.
    pub fn holds(&self) -> bool {
        self.steps.iter().all(Step::ok)
    }

    /// The steps that fail.
    pub fn failures(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.ok())
    }
}

/// Collects steps.
#[derive(Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    pub(super) fn finish(self) -> Vec<Step> {
        self.0
    }

    fn push(&mut self, name: &'static str, verdict: Verdict, file: Option<&str>, index: Option<u64>, detail: String) {
        self.0.push(Step {
            name,
            verdict,
            detail,
            file: file.map(str::to_owned),
            index,
        });
    }

    pub(super) fn hold(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, Verdict::Holds, None, None, detail.into());
    }

    pub(super) fn note(
        &mut self,
        name: &'static str,
        file: Option<&str>,
        index: Option<u64>,
        detail: impl Into<String>,
    ) {
        self.push(name, Verdict::Noted, file, index, detail.into());
    }

    pub(super) fn fail(
        &mut self,
        name: &'static str,
        file: Option<&str>,
        index: Option<u64>,
        detail: impl Into<String>,
    ) {
        self.push(name, Verdict::Fails, file, index, detail.into());
    }

    /// Begins a step that may fail many times.
    pub(super) fn check(&mut self, name: &'static str, file: &'static str) -> Check<'_> {
        Check {
            steps: self,
            name,
            file,
            failures: 0,
        }
    }
}

/// A step over many lines: lists the first failures, counts the rest, holds when there are none.
pub(super) struct Check<'s> {
    steps: &'s mut Steps,
    name: &'static str,
    file: &'static str,
    failures: usize,
}

impl Check<'_> {
    pub(super) fn fail(&mut self, index: Option<u64>, detail: impl Into<String>) {
        self.fail_in(self.file, index, detail);
    }

    pub(super) fn fail_in(&mut self, file: &str, index: Option<u64>, detail: impl Into<String>) {
        self.failures += 1;
        if self.failures <= LISTED {
            self.steps.fail(self.name, Some(file), index, detail);
        }
    }

    pub(super) fn note(&mut self, index: Option<u64>, detail: impl Into<String>) {
        self.steps.note(self.name, Some(self.file), index, detail);
    }

    pub(super) fn done(self, detail: impl FnOnce() -> String) {
        if self.failures == 0 {
            self.steps.hold(self.name, detail());
        } else if self.failures > LISTED {
            let more = self.failures - LISTED;
            self.steps
                .fail(self.name, Some(self.file), None, format!("and {more} more like these"));
        }
    }
}
