//! A report's life: drafted, signed, released, and never edited again; an amendment supersedes it.

use super::Initiator::{Consequence, Person};
use super::ReasonRule::{NotAsked, Required};
use super::{Guard, Initiator, Transition, Workflow};
use crate::vocabulary::vocabulary;
use crate::{Action, Permission};

vocabulary! {
    /// Where a report stands.
    ReportState {
        /// Being written.
        Draft = "draft", "draft", "projekt";
        /// Signed, not yet given out.
        Authorized = "authorized", "authorised", "autoryzowane";
        /// Given out; its bytes never change.
        Released = "released", "released", "wydane";
        /// Replaced by an amendment.
        Superseded = "superseded", "superseded", "zastąpione";
        /// Taken back.
        Withdrawn = "withdrawn", "withdrawn", "wycofane";
    }
}

vocabulary! {
    /// What is done to a report.
    ReportVerb {
        /// Remarks or opinions of a draft are changed.
        Edit = "edit", "edit", "zmień";
        /// A draft is built again from the results as they are now.
        Refresh = "refresh", "refresh", "odśwież";
        /// It is signed.
        Authorize = "authorize", "authorise", "autoryzuj";
        /// A result on it was retracted: the signature is void.
        VoidSignature = "void_signature", "void the signature of", "unieważnij podpis";
        /// It is given out.
        Release = "release", "release", "wydaj";
        /// It was handed to somebody.
        Deliver = "deliver", "deliver", "przekaż";
        /// A result on it was retracted, or its patient merged.
        MarkUnderCorrection = "mark_under_correction", "mark as under correction", "oznacz jako poprawiane";
        /// A new version is begun.
        Amend = "amend", "amend", "zmień nowym wydaniem";
        /// The new version was released.
        Supersede = "supersede", "supersede", "zastąp";
        /// It is taken back.
        Withdraw = "withdraw", "withdraw", "wycofaj";
    }
}

impl Workflow for ReportState {
    type Verb = ReportVerb;
    const THING: &'static str = "report";

    fn transitions() -> &'static [Transition<Self>] {
        TABLE
    }
}

use ReportState as S;
use ReportVerb as V;

macro_rules! line {
    ($from:ident $verb:ident $to:ident, $permission:ident, $reason:ident, $action:ident, [$($guard:ident),*], $initiator:ident) => {
        Transition {
            from: S::$from, verb: V::$verb, to: S::$to, permission: Permission::$permission, reason: $reason,
            action: Action::$action, guards: &[$(Guard::$guard),*], initiator: $initiator,
        }
    };
}

#[rustfmt::skip]
static TABLE: &[Transition<ReportState>] = &[
    line!(Draft Edit Draft,                        ReportDraft,     NotAsked, ReportEdited,                [], Person),
    line!(Draft Refresh Draft,                     ReportDraft,     NotAsked, ReportRefreshed,             [], Person),
    line!(Draft Authorize Authorized,              ReportAuthorize, NotAsked, ReportAuthorized,            [ResultsVerified, ContentUnchanged, Reauthenticated], Person),
    line!(Authorized VoidSignature Draft,          ResultRetract,   NotAsked, ReportSignatureVoided,       [], Consequence),
    line!(Authorized Release Released,             ReportRelease,   NotAsked, ReportReleased,              [OtherThanSigner], Person),
    line!(Released Deliver Released,               ReportDeliver,   NotAsked, ReportDelivered,             [], Person),
    line!(Released MarkUnderCorrection Released,   ResultRetract,   NotAsked, ReportMarkedUnderCorrection, [], Consequence),
    line!(Released Amend Released,                 ReportDraft,     Required, ReportAmended,               [], Person),
    line!(Released Supersede Superseded,           ReportRelease,   NotAsked, ReportSuperseded,            [], Consequence),
    line!(Released Withdraw Withdrawn,             ReportWithdraw,  Required, ReportWithdrawn,             [], Person),
];

/// What the retraction of one of its results does to a report: a signed one loses its signature, a released one is marked and
/// an amendment is opened; `None` for a draft (which is refreshed before it is signed) and for what is out of force already.
#[must_use]
pub fn report_after_retraction(state: ReportState) -> Option<&'static Transition<ReportState>> {
    let verb = match state {
        S::Authorized => V::VoidSignature,
        S::Released => V::MarkUnderCorrection,
        S::Draft | S::Superseded | S::Withdrawn => return None,
    };
    TABLE
        .iter()
        .find(|line| line.from == state && line.verb == verb && line.initiator == Initiator::Consequence)
}
