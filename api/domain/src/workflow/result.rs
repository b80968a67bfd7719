//! A result's life: one test on one sample. Nothing is overwritten: a correction is a new version, and what was verified can
//! only be retracted, which opens a retest.

use super::Initiator::Person;
use super::ReasonRule::{NotAsked, Required};
use super::{Guard, Refused, SampleState, Transition, Workflow};
use crate::vocabulary::vocabulary;
use crate::{Action, Permission};

vocabulary! {
    /// Where a result stands.
    ResultState {
        /// Asked for, no value yet, or returned.
        Pending = "pending", "pending", "oczekuje";
        /// A value is there.
        Entered = "entered", "entered", "wprowadzony";
        /// A second person has verified it.
        Verified = "verified", "verified", "zweryfikowany";
        /// Taken back; a retest names it.
        Retracted = "retracted", "retracted", "wycofany";
        /// Will not be done.
        Cancelled = "cancelled", "cancelled", "anulowany";
    }
}

vocabulary! {
    /// What is done to a result.
    ResultVerb {
        /// The first value, or a new one after a return.
        Enter = "enter", "enter", "wprowadź";
        /// A new version of an entered value.
        Correct = "correct", "correct", "popraw";
        /// A second person accepts it.
        Verify = "verify", "verify", "zweryfikuj";
        /// The person who entered it accepts it, alone at night, where the test allows that.
        SelfVerify = "self_verify", "verify one's own", "zweryfikuj własny";
        /// It should be looked at again.
        Return = "return", "return", "zwróć";
        /// It is taken back and a retest is opened.
        Retract = "retract", "retract", "wycofaj";
        /// The test will not be done.
        Cancel = "cancel", "cancel", "anuluj";
    }
}

impl Workflow for ResultState {
    type Verb = ResultVerb;
    const THING: &'static str = "result";

    fn transitions() -> &'static [Transition<Self>] {
        TABLE
    }
}

use ResultState as S;
use ResultVerb as V;

macro_rules! line {
    ($from:ident $verb:ident $to:ident, $permission:ident, $reason:ident, $action:ident, [$($guard:ident),*]) => {
        Transition {
            from: S::$from, verb: V::$verb, to: S::$to, permission: Permission::$permission, reason: $reason,
            action: Action::$action, guards: &[$(Guard::$guard),*], initiator: Person,
        }
    };
}

#[rustfmt::skip]
static TABLE: &[Transition<ResultState>] = &[
    line!(Pending Enter Entered,        ResultEnter,   NotAsked, ResultEntered,      [SampleAtHand, Competent, InstrumentCalibrated]),
    line!(Entered Correct Entered,      ResultEnter,   Required, ResultCorrected,    [SampleAtHand, Competent, InstrumentCalibrated]),
    line!(Entered Verify Verified,      ResultVerify,  NotAsked, ResultVerified,     [SampleAtHand, OtherThanEnterer]),
    line!(Entered SelfVerify Verified,  ResultVerify,  Required, ResultSelfVerified, [SampleAtHand, SelfVerificationAllowed]),
    line!(Entered Return Pending,       ResultReturn,  Required, ResultReturned,     [SampleAtHand]),
    line!(Entered Retract Retracted,    ResultRetract, Required, ResultRetracted,    []),
    line!(Verified Retract Retracted,   ResultRetract, Required, ResultRetracted,    []),
    line!(Pending Cancel Cancelled,     ResultCancel,  Required, ResultCancelled,    []),
    line!(Entered Cancel Cancelled,     ResultCancel,  Required, ResultCancelled,    []),
];

/// May the results of a sample in this state be worked on so ([`Guard::SampleAtHand`])? A value can only be entered, verified or
/// returned while the sample is in the house; retracting and cancelling are possible always.
///
/// # Errors
/// [`Refused`], naming the sample's state.
pub fn result_may(verb: ResultVerb, sample: SampleState) -> Result<(), Refused> {
    use SampleState::{Cancelled, Disposed, Registered, Rejected};
    let needs_the_sample = matches!(verb, V::Enter | V::Correct | V::Verify | V::SelfVerify | V::Return);
    if needs_the_sample && matches!(sample, Registered | Rejected | Cancelled | Disposed) {
        return Err(Refused {
            thing: "result of a sample",
            state: sample.as_str().to_owned(),
            verb: verb.as_str().replace('_', " "),
            allowed: super::allowed(sample)
                .into_iter()
                .map(|other| format!("{} the sample", super::words(other)))
                .collect(),
        });
    }
    Ok(())
}
