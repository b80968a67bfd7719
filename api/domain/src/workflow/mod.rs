//! What may happen to a sample, a result, a report, an order: states and transitions as data. Every transition names its
//! permission, its guards, whether it needs a reason, and its audit action; nobody else decides these.

mod order;
mod report;
mod result;
mod sample;

pub use order::{OrderState, OrderVerb, derive_order_state, order_may_be_cancelled};
pub use report::{ReportState, ReportVerb, report_after_retraction};
pub use result::{ResultState, ResultVerb, result_may};
pub use sample::{SampleState, SampleVerb, derive_sample_state, sample_accepts_tests};

use crate::{Action, Permission};

/// Does a transition ask for a reason?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonRule {
    /// None is asked for.
    NotAsked,
    /// One may be given.
    Optional,
    /// Without one the transition is refused.
    Required,
}

/// Who sets a transition in motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator {
    /// A person (or service account) asks for it.
    Person,
    /// It follows from another change, in the same transaction, and cannot be asked for.
    Consequence,
}

/// A condition beyond state and permission. The caller checks each with the function named behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guard {
    /// The sample is in a state in which its results may be worked on ([`result_may`]).
    SampleAtHand,
    /// The person has a current competence for the test ([`crate::competence::require_current`]).
    Competent,
    /// The instrument, if one is named, is within its calibration ([`crate::competence::require_calibrated`]).
    InstrumentCalibrated,
    /// The verifier did not enter the value ([`crate::four_eyes::verification`]).
    OtherThanEnterer,
    /// The test allows self-verification and a reason is given ([`crate::four_eyes::verification`]).
    SelfVerificationAllowed,
    /// The signer has proven who they are, now.
    Reauthenticated,
    /// The content is the one that was previewed.
    ContentUnchanged,
    /// All results on the report are verified; a final report leaves no test open.
    ResultsVerified,
    /// The releaser did not sign, where the laboratory wants four eyes ([`crate::four_eyes::release`]).
    OtherThanSigner,
    /// A second person confirms what a first one asked for ([`crate::four_eyes::second_person`]).
    SecondPerson,
    /// No result has been entered.
    NoResultYet,
    /// Every sample of the order can be cancelled or has ended ([`order_may_be_cancelled`]).
    SamplesCancellable,
}

/// One line of a workflow's table.
#[derive(Debug, Clone, Copy)]
pub struct Transition<S: Workflow> {
    /// The state it starts in.
    pub from: S,
    /// What is done.
    pub verb: S::Verb,
    /// The state it ends in.
    pub to: S,
    /// The permission that the person needs.
    pub permission: Permission,
    /// Whether a reason is needed.
    pub reason: ReasonRule,
    /// The audit action that records it.
    pub action: Action,
    /// Conditions beyond state and permission.
    pub guards: &'static [Guard],
    /// Who sets it in motion.
    pub initiator: Initiator,
}

/// A kind of object with states, and the table of what may happen to it.
pub trait Workflow: Copy + Eq + std::fmt::Debug + std::fmt::Display + Send + Sync + 'static {
    /// What can be done to it.
    type Verb: Copy + Eq + std::fmt::Debug + std::fmt::Display + Send + Sync + 'static;

    /// What the object is called: `sample`, `result`, `report`, `order`.
    const THING: &'static str;

    /// The whole table.
    fn transitions() -> &'static [Transition<Self>];
}

/// The transition is not in the table (409, `conflict-state`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {} that is {state}; possible now: {}", done_to(verb, thing), possible(.allowed))]
pub struct Refused {
    /// `sample`, `result`, `report` or `order`.
    pub thing: &'static str,
    /// The state the object is in.
    pub state: String,
    /// What was asked for.
    pub verb: String,
    /// What a person could ask for instead.
    pub allowed: Vec<String>,
}

/// `receive a sample`, `cancel an order`, `add tests to a sample`.
fn done_to(verb: &str, thing: &str) -> String {
    let article = if thing.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    let to = match verb {
        "add tests" => " to",
        "dispose" => " of",
        _ => "",
    };
    format!("{verb}{to} {article} {thing}")
}

fn possible(allowed: &[String]) -> String {
    if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    }
}

impl Refused {
    pub(crate) fn new<S: Workflow>(state: S, verb: S::Verb) -> Self {
        Refused {
            thing: S::THING,
            state: words(state),
            verb: words(verb),
            allowed: allowed(state)
                .into_iter()
                .filter(|other| *other != verb)
                .map(words)
                .collect(),
        }
    }
}

fn words(name: impl std::fmt::Display) -> String {
    name.to_string().replace('_', " ")
}

/// The line of the table for doing `verb` in `state`.
///
/// # Errors
/// [`Refused`] when the table has none.
pub fn apply<S: Workflow>(state: S, verb: S::Verb) -> Result<&'static Transition<S>, Refused> {
    S::transitions()
        .iter()
        .find(|transition| transition.from == state && transition.verb == verb)
        .ok_or_else(|| Refused::new(state, verb))
}

/// What a person may ask for in `state`, before permissions and guards.
#[must_use]
pub fn allowed<S: Workflow>(state: S) -> Vec<S::Verb> {
    S::transitions()
        .iter()
        .filter(|transition| transition.from == state && transition.initiator == Initiator::Person)
        .map(|transition| transition.verb)
        .collect()
}

impl<S: Workflow> Transition<S> {
    /// Is the reason there that the workflow asks for?
    ///
    /// # Errors
    /// [`crate::Refusal::ReasonMissing`] when one is required and none, or an empty one, was given.
    pub fn check_reason(&self, reason: Option<&str>) -> Result<(), crate::Refusal> {
        let given = reason.is_some_and(|text| !text.trim().is_empty());
        if self.reason == ReasonRule::Required && !given {
            return Err(crate::Refusal::ReasonMissing);
        }
        Ok(())
    }
}
