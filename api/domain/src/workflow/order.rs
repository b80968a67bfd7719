//! An order's life; it completes with its samples.

use super::Initiator::{Consequence, Person};
use super::ReasonRule::{NotAsked, Required};
use super::{Guard, Initiator, Refused, SampleState, SampleVerb, Transition, Workflow};
use crate::vocabulary::vocabulary;
use crate::{Action, Permission};

vocabulary! {
    /// Where an order stands.
    OrderState {
        /// Work is left.
        Open = "open", "open", "otwarte";
        /// Every sample has been reported or has ended otherwise.
        Completed = "completed", "completed", "zakończone";
        /// Called off.
        Cancelled = "cancelled", "cancelled", "anulowane";
    }
}

vocabulary! {
    /// What is done to an order.
    OrderVerb {
        /// Its last sample has ended.
        Complete = "complete", "complete", "zakończ";
        /// One of its samples is being worked on again.
        Reopen = "reopen", "reopen", "otwórz ponownie";
        /// It is called off, and its samples with it.
        Cancel = "cancel", "cancel", "anuluj";
    }
}

impl Workflow for OrderState {
    type Verb = OrderVerb;
    const THING: &'static str = "order";

    fn transitions() -> &'static [Transition<Self>] {
        TABLE
    }
}

const fn line(
    (from, verb, to): (OrderState, OrderVerb, OrderState),
    permission: Permission,
    action: Action,
    initiator: Initiator,
) -> Transition<OrderState> {
    let (reason, guards): (_, &'static [Guard]) = match verb {
        OrderVerb::Cancel => (Required, &[Guard::SamplesCancellable]),
        OrderVerb::Complete | OrderVerb::Reopen => (NotAsked, &[]),
    };
    Transition {
        from,
        verb,
        to,
        permission,
        reason,
        action,
        guards,
        initiator,
    }
}

use OrderState as S;
use OrderVerb as V;

static TABLE: &[Transition<OrderState>] = &[
    line(
        (S::Open, V::Complete, S::Completed),
        Permission::ReportRelease,
        Action::OrderCompleted,
        Consequence,
    ),
    line(
        (S::Completed, V::Reopen, S::Open),
        Permission::SampleRegister,
        Action::OrderReopened,
        Consequence,
    ),
    line(
        (S::Open, V::Cancel, S::Cancelled),
        Permission::OrderCancel,
        Action::OrderCancelled,
        Person,
    ),
];

/// The state that follows from an order's samples: `completed` when every sample is reported, rejected, cancelled or disposed of,
/// and `open` otherwise. Only a person cancels an order, and a cancelled one stays so.
#[must_use]
pub fn derive_order_state(current: OrderState, samples: &[SampleState]) -> OrderState {
    if current == S::Cancelled || samples.is_empty() {
        return current;
    }
    if samples.iter().all(|sample| ended(*sample)) {
        S::Completed
    } else {
        S::Open
    }
}

/// May the order be cancelled ([`Guard::SamplesCancellable`])? Each sample must have ended or still be cancellable itself.
///
/// # Errors
/// [`Refused`], naming the state of the first sample that stands in the way.
pub fn order_may_be_cancelled(samples: &[SampleState]) -> Result<(), Refused> {
    for sample in samples.iter().filter(|sample| !ended(**sample)) {
        super::apply(*sample, SampleVerb::Cancel)?;
    }
    Ok(())
}

const fn ended(sample: SampleState) -> bool {
    matches!(
        sample,
        SampleState::Reported | SampleState::Rejected | SampleState::Cancelled | SampleState::Disposed
    )
}
