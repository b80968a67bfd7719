//! A sample's life. Reception and its ends are asked for by persons; `in_progress`, `completed` and `reported` follow from the
//! results and are never set by hand.

use super::Initiator::Person;
use super::ReasonRule::{NotAsked, Optional, Required};
use super::{Guard, Refused, ResultState, Transition, Workflow};
use crate::vocabulary::vocabulary;
use crate::{Action, Permission};

vocabulary! {
    /// Where a sample stands.
    SampleState {
        /// Announced; not yet here.
        Registered = "registered", "registered", "zarejestrowana";
        /// Here, its condition recorded.
        Received = "received", "received", "przyjęta";
        /// At least one result has been entered.
        InProgress = "in_progress", "in progress", "w trakcie badań";
        /// Every result is verified or cancelled.
        Completed = "completed", "completed", "zakończona";
        /// A released final report covers it.
        Reported = "reported", "reported", "ujęta w sprawozdaniu";
        /// Refused at or after reception.
        Rejected = "rejected", "rejected", "odrzucona";
        /// Called off, or all its tests were.
        Cancelled = "cancelled", "cancelled", "anulowana";
        /// Gone, after its retention.
        Disposed = "disposed", "disposed of", "zutylizowana";
    }
}

vocabulary! {
    /// What is done to a sample.
    SampleVerb {
        /// It arrives and its condition is recorded.
        Receive = "receive", "receive", "przyjmij";
        /// It is refused; its open results are cancelled.
        Reject = "reject", "reject", "odrzuć";
        /// It is called off before any result.
        Cancel = "cancel", "cancel", "anuluj";
        /// What is recorded about it is changed.
        Edit = "edit", "edit", "zmień";
        /// Further tests are asked for.
        AddTests = "add_tests", "add tests", "dodaj badania";
        /// It is moved to another order.
        Relink = "relink", "move to another order", "przenieś do innego zlecenia";
        /// It is thrown away.
        Dispose = "dispose", "dispose of", "zutylizuj";
    }
}

impl Workflow for SampleState {
    type Verb = SampleVerb;
    const THING: &'static str = "sample";

    fn transitions() -> &'static [Transition<Self>] {
        TABLE
    }
}

use SampleState as S;
use SampleVerb as V;

macro_rules! line {
    ($from:ident $verb:ident $to:ident, $permission:ident, $reason:ident, $action:ident, [$($guard:ident),*]) => {
        Transition {
            from: S::$from, verb: V::$verb, to: S::$to, permission: Permission::$permission, reason: $reason,
            action: Action::$action, guards: &[$(Guard::$guard),*], initiator: Person,
        }
    };
}

/// Rejection ends with the last open result: what is completed has verified results, and a verified value is retracted, not
/// rejected along with the sample.
#[rustfmt::skip]
static TABLE: &[Transition<SampleState>] = &[
    line!(Registered Receive Received,     SampleReceive,  NotAsked, SampleReceived,  []),
    line!(Registered Reject Rejected,      SampleReject,   Required, SampleRejected,  []),
    line!(Received Reject Rejected,        SampleReject,   Required, SampleRejected,  []),
    line!(InProgress Reject Rejected,      SampleReject,   Required, SampleRejected,  []),
    line!(Registered Cancel Cancelled,     SampleCancel,   Required, SampleCancelled, [NoResultYet]),
    line!(Received Cancel Cancelled,       SampleCancel,   Required, SampleCancelled, [NoResultYet]),
    line!(Registered Edit Registered,      SampleEdit,     Optional, SampleEdited,    []),
    line!(Received Edit Received,          SampleEdit,     Optional, SampleEdited,    []),
    line!(InProgress Edit InProgress,      SampleEdit,     Optional, SampleEdited,    []),
    line!(Completed Edit Completed,        SampleEdit,     Optional, SampleEdited,    []),
    line!(Reported Edit Reported,          SampleEdit,     Optional, SampleEdited,    []),
    line!(Registered AddTests Registered,  SampleRegister, NotAsked, ResultsAdded,    []),
    line!(Received AddTests Received,      SampleRegister, NotAsked, ResultsAdded,    []),
    line!(InProgress AddTests InProgress,  SampleRegister, NotAsked, ResultsAdded,    []),
    line!(Completed AddTests InProgress,   SampleRegister, NotAsked, ResultsAdded,    []),
    line!(Reported AddTests InProgress,    SampleRegister, NotAsked, ResultsAdded,    []),
    line!(Registered Relink Registered,    SampleRelink,   Required, SampleRelinked,  [SecondPerson]),
    line!(Received Relink Received,        SampleRelink,   Required, SampleRelinked,  [SecondPerson]),
    line!(InProgress Relink InProgress,    SampleRelink,   Required, SampleRelinked,  [SecondPerson]),
    line!(Completed Relink Completed,      SampleRelink,   Required, SampleRelinked,  [SecondPerson]),
    line!(Reported Relink Reported,        SampleRelink,   Required, SampleRelinked,  [SecondPerson]),
    line!(Completed Dispose Disposed,      SampleDispose,  Optional, SampleDisposed,  []),
    line!(Reported Dispose Disposed,       SampleDispose,  Optional, SampleDisposed,  []),
    line!(Rejected Dispose Disposed,       SampleDispose,  Optional, SampleDisposed,  []),
    line!(Cancelled Dispose Disposed,      SampleDispose,  Optional, SampleDisposed,  []),
];

/// The state that follows from a sample's results.
///
/// - A rejected, cancelled or disposed sample stays what it is.
/// - A retracted result does not count: the retest that names it stands in its place.
/// - All results cancelled cancels the sample.
/// - Every result verified or cancelled: `completed`, or `reported` when a released final report covers it. Such a report that is
///   under correction does not cover it; pass `false`.
/// - Otherwise `in_progress` from the first value on, also when that value was returned since.
#[must_use]
pub fn derive_sample_state(current: SampleState, results: &[ResultState], final_report_released: bool) -> SampleState {
    if matches!(current, S::Rejected | S::Cancelled | S::Disposed) {
        return current;
    }
    let live = || results.iter().filter(|result| **result != ResultState::Retracted);
    if !results.is_empty() && live().all(|result| *result == ResultState::Cancelled) {
        return S::Cancelled;
    }
    if live().count() > 0 && live().all(|result| matches!(result, ResultState::Verified | ResultState::Cancelled)) {
        return if final_report_released {
            S::Reported
        } else {
            S::Completed
        };
    }
    let begun = matches!(current, S::InProgress | S::Completed | S::Reported)
        || results.iter().any(|result| {
            matches!(
                result,
                ResultState::Entered | ResultState::Verified | ResultState::Retracted
            )
        });
    if begun { S::InProgress } else { current }
}

/// May tests be added?
///
/// # Errors
/// [`Refused`] for a sample that has ended.
pub fn sample_accepts_tests(state: SampleState) -> Result<(), Refused> {
    super::apply(state, V::AddTests).map(|_| ())
}
