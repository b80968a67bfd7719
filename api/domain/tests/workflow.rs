//! The workflows as laboratories live them: every table as a reviewed snapshot, the derived states rule by rule, and random
//! walks that try to overwrite what was verified.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use attest_domain::workflow::{
    Initiator, OrderState, ReasonRule, ReportState, ReportVerb, ResultState, ResultVerb, SampleState, SampleVerb,
    Workflow, allowed, apply, derive_order_state, derive_sample_state, order_may_be_cancelled, report_after_retraction,
    result_may, sample_accepts_tests,
};
use attest_domain::{Action, Permission, Refusal};
use proptest::prelude::*;
use std::fmt::Write as _;

use ResultState::{Cancelled, Entered, Pending, Retracted, Verified};

fn table<S: Workflow>() -> String {
    let mut text = String::new();
    for line in S::transitions() {
        let guards: Vec<String> = line.guards.iter().map(|guard| format!("{guard:?}")).collect();
        let reason = match line.reason {
            ReasonRule::NotAsked => "",
            ReasonRule::Optional => ", reason optional",
            ReasonRule::Required => ", reason required",
        };
        let by = if line.initiator == Initiator::Consequence {
            ", consequence"
        } else {
            ""
        };
        let from = line.from.to_string();
        let verb = line.verb.to_string();
        let to = line.to.to_string();
        writeln!(
            text,
            "{from:<12} {verb:<22} {to:<12} {} -> {}{reason}{by} [{}]",
            line.permission,
            line.action,
            guards.join(", ")
        )
        .unwrap();
    }
    text
}

#[test]
fn the_tables_are_reviewed() {
    let all = format!(
        "sample\n{}\nresult\n{}\nreport\n{}\norder\n{}",
        table::<SampleState>(),
        table::<ResultState>(),
        table::<ReportState>(),
        table::<OrderState>()
    );
    insta::assert_snapshot!("transitions", all);
}

fn no_state_has_two_ways<S: Workflow>() {
    let lines = S::transitions();
    for (index, line) in lines.iter().enumerate() {
        assert!(
            !lines[index + 1..]
                .iter()
                .any(|other| other.from == line.from && other.verb == line.verb),
            "{} {}: two lines",
            line.from,
            line.verb
        );
    }
}

#[test]
fn what_a_verb_does_in_a_state_is_never_ambiguous() {
    no_state_has_two_ways::<SampleState>();
    no_state_has_two_ways::<ResultState>();
    no_state_has_two_ways::<ReportState>();
    no_state_has_two_ways::<OrderState>();
}

#[test]
fn a_refusal_says_what_would_be_possible() {
    let refused = apply(SampleState::Registered, SampleVerb::Dispose).unwrap_err();
    assert_eq!(refused.state, "registered");
    assert!(
        refused
            .to_string()
            .starts_with("cannot dispose of a sample that is registered; possible now: receive, reject, cancel"),
        "{refused}"
    );
    assert_eq!(Refusal::from(refused).slug(), "conflict-state");
    assert!(
        apply(ResultState::Cancelled, ResultVerb::Enter)
            .unwrap_err()
            .to_string()
            .ends_with("possible now: nothing")
    );
}

#[test]
fn a_required_reason_must_say_something() {
    let reject = apply(SampleState::Received, SampleVerb::Reject).unwrap();
    assert_eq!(reject.check_reason(None), Err(Refusal::ReasonMissing));
    assert_eq!(reject.check_reason(Some(" \t")), Err(Refusal::ReasonMissing));
    assert_eq!(reject.check_reason(Some("leaking")), Ok(()));
    assert_eq!(
        apply(SampleState::Registered, SampleVerb::Receive)
            .unwrap()
            .check_reason(None),
        Ok(())
    );
}

#[test]
fn a_sample_can_be_rejected_at_or_after_reception_and_cancelled_only_before_any_result() {
    use SampleState as S;
    let can = |verb| {
        S::ALL
            .iter()
            .copied()
            .filter(|state| apply(*state, verb).is_ok())
            .collect::<Vec<_>>()
    };
    assert_eq!(can(SampleVerb::Reject), [S::Registered, S::Received, S::InProgress]);
    assert_eq!(can(SampleVerb::Cancel), [S::Registered, S::Received]);
    assert_eq!(can(SampleVerb::Receive), [S::Registered]);
}

#[test]
fn the_middle_of_a_samples_life_is_never_set_by_hand() {
    for line in SampleState::transitions() {
        let by_hand = line.from != line.to && line.verb != SampleVerb::AddTests;
        assert!(
            !by_hand
                || !matches!(
                    line.to,
                    SampleState::InProgress | SampleState::Completed | SampleState::Reported
                )
        );
    }
}

#[test]
fn the_samples_state_follows_from_its_results() {
    use SampleState as S;
    let derive = derive_sample_state;
    assert_eq!(derive(S::Registered, &[Pending, Pending], false), S::Registered);
    assert_eq!(derive(S::Received, &[], false), S::Received);
    assert_eq!(derive(S::Received, &[Pending, Pending], false), S::Received);
    assert_eq!(derive(S::Received, &[Entered, Pending], false), S::InProgress);
    assert_eq!(derive(S::InProgress, &[Verified, Entered], false), S::InProgress);
    assert_eq!(derive(S::InProgress, &[Verified, Cancelled], false), S::Completed);
    assert_eq!(derive(S::Completed, &[Verified, Verified], true), S::Reported);
    assert_eq!(
        derive(S::Reported, &[Verified, Pending], true),
        S::InProgress,
        "a test was added"
    );
    assert_eq!(
        derive(S::Reported, &[Retracted, Pending], true),
        S::InProgress,
        "a result was retracted, its retest waits"
    );
    assert_eq!(
        derive(S::InProgress, &[Retracted, Verified], false),
        S::Completed,
        "the retest is verified"
    );
    assert_eq!(
        derive(S::Reported, &[Verified], false),
        S::Completed,
        "its report was withdrawn"
    );
    assert_eq!(
        derive(S::InProgress, &[Pending], false),
        S::InProgress,
        "a returned value began the work"
    );
    assert_eq!(derive(S::Received, &[Cancelled, Cancelled], false), S::Cancelled);
    assert_eq!(derive(S::InProgress, &[Cancelled, Retracted], false), S::Cancelled);
    for ended in [S::Rejected, S::Cancelled, S::Disposed] {
        assert_eq!(derive(ended, &[Pending, Entered, Verified], true), ended);
    }
}

#[test]
fn results_are_worked_on_only_while_the_sample_is_at_hand() {
    use SampleState as S;
    for verb in [
        ResultVerb::Enter,
        ResultVerb::Correct,
        ResultVerb::Verify,
        ResultVerb::Return,
    ] {
        let at_hand: Vec<_> = S::ALL
            .iter()
            .copied()
            .filter(|state| result_may(verb, *state).is_ok())
            .collect();
        assert_eq!(
            at_hand,
            [S::Received, S::InProgress, S::Completed, S::Reported],
            "{verb}"
        );
    }
    let refused = result_may(ResultVerb::Enter, S::Registered).unwrap_err().to_string();
    assert!(
        refused.contains("registered") && refused.contains("receive the sample"),
        "{refused}"
    );
    assert!(
        S::ALL
            .iter()
            .all(|state| result_may(ResultVerb::Retract, *state).is_ok())
    );
    assert!(sample_accepts_tests(S::Disposed).is_err() && sample_accepts_tests(S::Reported).is_ok());
}

#[test]
fn a_retraction_voids_a_signature_and_marks_what_was_released() {
    let voided = report_after_retraction(ReportState::Authorized).unwrap();
    assert_eq!(
        (voided.to, voided.action),
        (ReportState::Draft, Action::ReportSignatureVoided)
    );
    let marked = report_after_retraction(ReportState::Released).unwrap();
    assert_eq!(
        (marked.to, marked.action),
        (ReportState::Released, Action::ReportMarkedUnderCorrection)
    );
    for untouched in [ReportState::Draft, ReportState::Superseded, ReportState::Withdrawn] {
        assert!(report_after_retraction(untouched).is_none());
    }
}

#[test]
fn only_a_draft_is_edited_and_nobody_asks_for_a_consequence() {
    for line in ReportState::transitions() {
        if matches!(line.verb, ReportVerb::Edit | ReportVerb::Refresh) {
            assert_eq!(line.from, ReportState::Draft);
        }
    }
    assert!(!allowed(ReportState::Authorized).contains(&ReportVerb::VoidSignature));
    assert!(!allowed(ReportState::Released).contains(&ReportVerb::Supersede));
}

#[test]
fn an_order_completes_with_its_samples_and_opens_again_with_them() {
    use SampleState as S;
    assert_eq!(derive_order_state(OrderState::Open, &[]), OrderState::Open);
    assert_eq!(
        derive_order_state(OrderState::Open, &[S::Reported, S::Completed]),
        OrderState::Open
    );
    assert_eq!(
        derive_order_state(OrderState::Open, &[S::Reported, S::Rejected]),
        OrderState::Completed
    );
    assert_eq!(
        derive_order_state(OrderState::Completed, &[S::Reported, S::InProgress]),
        OrderState::Open
    );
    assert_eq!(
        derive_order_state(OrderState::Cancelled, &[S::Reported]),
        OrderState::Cancelled
    );
    assert!(order_may_be_cancelled(&[S::Registered, S::Received, S::Cancelled]).is_ok());
    assert!(order_may_be_cancelled(&[S::Registered, S::InProgress]).is_err());
}

#[test]
fn verification_and_entry_are_different_permissions() {
    for line in ResultState::transitions() {
        assert_eq!(
            line.to == Verified,
            line.permission == Permission::ResultVerify,
            "{} {}",
            line.from,
            line.verb
        );
    }
}

/// A result as the store keeps it: the current state, and every version that was ever written.
struct Kept {
    state: ResultState,
    versions: Vec<(ResultVerb, ResultState)>,
}

proptest! {
    #[test]
    fn no_path_overwrites_a_verified_value(verbs in proptest::collection::vec(proptest::sample::select(ResultVerb::ALL), 0..40)) {
        let mut result = Kept { state: Pending, versions: Vec::new() };
        let mut verified_at = None;
        for verb in verbs {
            if let Ok(line) = apply(result.state, verb) {
                if let Some(at) = verified_at {
                    prop_assert_eq!(verb, ResultVerb::Retract, "after verification at version {}", at);
                    prop_assert_eq!(line.to, Retracted);
                }
                result.state = line.to;
                result.versions.push((verb, line.to));
                if line.to == Verified {
                    verified_at = Some(result.versions.len());
                }
            }
        }
        let writes_after = verified_at.map_or(0, |at| {
            result.versions[at..].iter().filter(|(verb, _)| matches!(verb, ResultVerb::Enter | ResultVerb::Correct)).count()
        });
        prop_assert_eq!(writes_after, 0);
        if matches!(result.state, Retracted | Cancelled) {
            prop_assert!(allowed(result.state).is_empty(), "an end is an end");
        }
    }

    #[test]
    fn the_derived_state_obeys_its_rules(
        current in proptest::sample::select(SampleState::ALL),
        results in proptest::collection::vec(proptest::sample::select(ResultState::ALL), 0..8),
        covered: bool,
    ) {
        use SampleState as S;
        let derived = derive_sample_state(current, &results, covered);
        prop_assert_eq!(derived, derive_sample_state(derived, &results, covered), "deriving twice changes nothing");
        let open = results.iter().any(|result| matches!(result, Pending | Entered));
        if open {
            prop_assert!(!matches!(derived, S::Completed | S::Reported) , "open results, yet {}", derived);
        }
        if derived == S::Reported {
            prop_assert!(covered && results.contains(&Verified));
        }
        if derived == S::Completed {
            prop_assert!(!covered && results.contains(&Verified));
        }
        if !matches!(current, S::Rejected | S::Cancelled | S::Disposed) && results.contains(&Entered) {
            prop_assert_eq!(derived, S::InProgress);
        }
        let mut backwards = results.clone();
        backwards.reverse();
        prop_assert_eq!(derived, derive_sample_state(current, &backwards, covered), "the order of results does not matter");
    }

    #[test]
    fn a_released_report_never_becomes_a_draft_again(verbs in proptest::collection::vec(proptest::sample::select(ReportVerb::ALL), 0..40)) {
        let mut state = ReportState::Draft;
        let mut released = false;
        for verb in verbs {
            if let Ok(line) = apply(state, verb) {
                state = line.to;
                released |= state == ReportState::Released;
                prop_assert!(!released || !matches!(state, ReportState::Draft | ReportState::Authorized));
            }
        }
    }
}
