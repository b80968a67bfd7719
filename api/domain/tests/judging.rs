//! Flags and statements of conformity, case by case, and what must hold for every value.
#![allow(clippy::unwrap_used, missing_docs)]

use attest_domain::judge::{
    Criteria, DecisionRule, Flag, JudgedValue, LimitRow, Limits, Sex, Statement, Subject, judge, judge_text, select,
};
use attest_domain::value::{Entry, Measured, ResultType, Rounding, TestRules, Uncertainty, UncertaintyKind, measure};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn value(typed: &str) -> Measured {
    let rules = TestRules {
        result_type: ResultType::Numeric,
        rounding: Rounding::Decimals(2),
        lod: Some(dec("0.05")),
        loq: None,
        codes: &[],
    };
    measure(
        &rules,
        &Entry {
            value: typed,
            ..Entry::default()
        },
    )
    .unwrap()
}

fn criteria(rule: DecisionRule) -> Criteria {
    Criteria {
        rule,
        judged: JudgedValue::Rounded,
        uncertainty: None,
    }
}

/// pH of drinking water: 6.5 to 9.5, warned within half a unit.
fn ph() -> Limits {
    Limits {
        low: Some(dec("6.5")),
        high: Some(dec("9.5")),
        warn_low: Some(dec("7.0")),
        warn_high: Some(dec("9.0")),
        ..Limits::default()
    }
}

fn potassium() -> Limits {
    Limits {
        low: Some(dec("3.5")),
        high: Some(dec("5.1")),
        critical_low: Some(dec("2.8")),
        critical_high: Some(dec("6.2")),
        ..Limits::default()
    }
}

fn flags(typed: &str, limits: &Limits) -> Vec<Flag> {
    judge(&value(typed), limits, &criteria(DecisionRule::Simple)).flags
}

fn says(typed: &str, limits: &Limits, rule: DecisionRule) -> Statement {
    judge(&value(typed), limits, &criteria(rule)).statement.unwrap()
}

#[test]
fn a_limit_itself_is_within() {
    assert_eq!(flags("6.5", &ph()), [Flag::WarnLow]);
    assert_eq!(flags("6.49", &ph()), [Flag::Low]);
    assert_eq!(flags("7.0", &ph()), []);
    assert_eq!(flags("9.01", &ph()), [Flag::WarnHigh]);
    assert_eq!(flags("9.51", &ph()), [Flag::High]);
}

#[test]
fn a_critical_value_must_be_told() {
    assert_eq!(flags("2.79", &potassium()), [Flag::VeryLow, Flag::CriticalLow]);
    assert_eq!(flags("2.8", &potassium()), [Flag::Low]);
    assert_eq!(flags("6.21", &potassium()), [Flag::VeryHigh, Flag::CriticalHigh]);
    assert!(judge(&value("7.9"), &potassium(), &criteria(DecisionRule::None)).critical());
    assert!(!judge(&value("5.0"), &potassium(), &criteria(DecisionRule::None)).critical());
    assert!(judge(&value(">6.2"), &potassium(), &criteria(DecisionRule::None)).critical());
}

#[test]
fn simple_acceptance_is_pass_or_fail() {
    assert_eq!(says("9.5", &ph(), DecisionRule::Simple), Statement::Pass);
    assert_eq!(says("9.51", &ph(), DecisionRule::Simple), Statement::Fail);
    assert_eq!(says("6.49", &ph(), DecisionRule::Simple), Statement::Fail);
}

#[test]
fn a_guard_band_makes_the_four_statements_of_ilac_g8() {
    let limits = Limits {
        guard_band: Some(dec("0.2")),
        ..ph()
    };
    for (typed, expected) in [
        ("9.3", Statement::Pass),
        ("9.31", Statement::ConditionalPass),
        ("9.5", Statement::ConditionalPass),
        ("9.51", Statement::ConditionalFail),
        ("9.7", Statement::ConditionalFail),
        ("9.71", Statement::Fail),
        ("6.7", Statement::Pass),
        ("6.69", Statement::ConditionalPass),
        ("6.49", Statement::ConditionalFail),
        ("6.29", Statement::Fail),
    ] {
        assert_eq!(says(typed, &limits, DecisionRule::GuardBand), expected, "{typed}");
    }
}

#[test]
fn without_a_width_the_guard_band_is_the_uncertainty() {
    let uncertainty = Some(Uncertainty {
        value: dec("10"),
        kind: UncertaintyKind::Percent,
        k: Decimal::TWO,
    });
    let limits = Limits {
        high: Some(dec("10")),
        ..Limits::default()
    };
    let with = |typed: &str, uncertainty| {
        judge(
            &value(typed),
            &limits,
            &Criteria {
                uncertainty,
                ..criteria(DecisionRule::GuardBand)
            },
        )
        .statement
    };
    assert_eq!(with("9.05", uncertainty), Some(Statement::Pass));
    assert_eq!(with("9.5", uncertainty), Some(Statement::ConditionalPass));
    assert_eq!(with("10.5", uncertainty), Some(Statement::ConditionalFail));
    assert_eq!(with("12", uncertainty), Some(Statement::Fail));
    assert_eq!(
        with("9.05", None),
        Some(Statement::NoStatement),
        "neither width nor uncertainty"
    );
}

#[test]
fn a_limit_above_the_specification_allows_no_statement() {
    let limits = Limits {
        high: Some(dec("0.1")),
        ..Limits::default()
    };
    assert_eq!(says("<0.2", &limits, DecisionRule::Simple), Statement::NoStatement);
    assert_eq!(flags("<0.2", &limits), []);
    assert_eq!(says("<0.1", &limits, DecisionRule::Simple), Statement::Pass);
    assert_eq!(
        says("ND", &limits, DecisionRule::Simple),
        Statement::Pass,
        "below the limit of detection 0.05"
    );
    assert_eq!(says(">0.1", &limits, DecisionRule::Simple), Statement::Fail);
    assert_eq!(flags(">0.1", &limits), [Flag::High]);
    assert_eq!(says("≥0.1", &limits, DecisionRule::Simple), Statement::NoStatement);
    assert_eq!(says(">0.05", &limits, DecisionRule::Simple), Statement::NoStatement);
    let at_least = Limits {
        low: Some(dec("0.5")),
        ..Limits::default()
    };
    assert_eq!(says("<0.5", &at_least, DecisionRule::Simple), Statement::Fail);
    assert_eq!(flags("<0.5", &at_least), [Flag::Low]);
    assert_eq!(says("<0.9", &at_least, DecisionRule::Simple), Statement::NoStatement);
    let from_zero = Limits {
        low: Some(dec("0")),
        high: Some(dec("1")),
        ..Limits::default()
    };
    assert_eq!(
        says("<LOD", &from_zero, DecisionRule::Simple),
        Statement::Pass,
        "an amount is not negative"
    );
    let none_at_all = Limits {
        high: Some(dec("0")),
        ..Limits::default()
    };
    assert_eq!(flags("<LOD", &none_at_all), [], "it may be nothing, so it is not high");
    assert_eq!(says("<LOD", &none_at_all, DecisionRule::Simple), Statement::NoStatement);
}

#[test]
fn nothing_known_is_no_statement_and_no_rule_is_none() {
    let rules = TestRules {
        result_type: ResultType::Numeric,
        rounding: Rounding::AsTyped,
        lod: None,
        loq: None,
        codes: &[],
    };
    let unknown = measure(
        &rules,
        &Entry {
            value: "ND",
            ..Entry::default()
        },
    )
    .unwrap();
    assert_eq!(judge(&unknown, &ph(), &criteria(DecisionRule::Simple)).statement, None);
    assert_eq!(judge(&value("7"), &ph(), &criteria(DecisionRule::None)).statement, None);
    assert_eq!(
        judge(&value("7"), &Limits::default(), &criteria(DecisionRule::Simple)).statement,
        None
    );
}

#[test]
fn extreme_limits_are_judged_without_panic() {
    for (high, width) in [(Decimal::MAX, Decimal::MAX), (Decimal::MIN, Decimal::MAX)] {
        let limits = Limits {
            low: Some(Decimal::MIN),
            high: Some(high),
            guard_band: Some(width),
            ..Limits::default()
        };
        for typed in [
            "7",
            "<7",
            ">7",
            "-79228162514264337593543950",
            "79228162514264337593543950",
        ] {
            let _ = judge(&value(typed), &limits, &criteria(DecisionRule::GuardBand));
        }
    }
}

#[test]
fn the_specification_says_which_value_is_judged() {
    let measured = value("9.504");
    let by = |judged| {
        judge(
            &measured,
            &ph(),
            &Criteria {
                judged,
                ..criteria(DecisionRule::Simple)
            },
        )
        .statement
    };
    assert_eq!(by(JudgedValue::Rounded), Some(Statement::Pass));
    assert_eq!(by(JudgedValue::Unrounded), Some(Statement::Fail));
}

#[test]
fn a_code_is_compared_with_the_expected_one() {
    assert_eq!(
        judge_text("Not Detected", "not detected", DecisionRule::Simple),
        Some(Statement::Pass)
    );
    assert_eq!(
        judge_text("detected", "not detected", DecisionRule::GuardBand),
        Some(Statement::Fail)
    );
    assert_eq!(judge_text("detected", "not detected", DecisionRule::None), None);
}

#[test]
fn limits_lie_in_their_order() {
    assert!(ph().check().is_ok() && potassium().check().is_ok());
    let reversed = Limits {
        low: Some(dec("9")),
        high: Some(dec("6")),
        ..Limits::default()
    };
    assert_eq!(
        reversed.check().unwrap_err().to_string(),
        "low must not be greater than high"
    );
    assert!(
        Limits {
            guard_band: Some(dec("-1")),
            ..Limits::default()
        }
        .check()
        .is_err()
    );
}

fn row(sex: Option<Sex>, ages: Option<(u32, u32)>, high: &str) -> LimitRow {
    LimitRow {
        sex,
        age_min_days: ages.map(|(first, _)| first),
        age_max_days: ages.map(|(_, last)| last),
        limits: Limits {
            high: Some(dec(high)),
            ..Limits::default()
        },
        text: None,
    }
}

#[test]
fn the_reference_range_is_chosen_by_sex_and_age_at_collection() {
    let rows = [
        row(None, None, "1"),
        row(Some(Sex::Female), None, "2"),
        row(Some(Sex::Male), None, "3"),
        row(None, Some((0, 28)), "4"),
        row(Some(Sex::Female), Some((0, 28)), "5"),
        row(Some(Sex::Female), Some((29, 6_574)), "6"),
    ];
    let chosen = |sex, age_days| {
        select(&rows, Some(Subject { sex, age_days }))
            .unwrap()
            .limits
            .high
            .unwrap()
            .to_string()
    };
    assert_eq!(chosen(Sex::Female, Some(28)), "5");
    assert_eq!(chosen(Sex::Female, Some(29)), "6");
    assert_eq!(chosen(Sex::Female, Some(20_000)), "2");
    assert_eq!(chosen(Sex::Male, Some(20_000)), "3");
    assert_eq!(
        chosen(Sex::Male, Some(3)),
        "3",
        "a range for the sex goes before one for the age alone"
    );
    assert_eq!(chosen(Sex::Unknown, Some(3)), "4");
    assert_eq!(chosen(Sex::Unknown, None), "1");
    assert_eq!(chosen(Sex::Female, None), "2");
    assert_eq!(
        select(&rows, None).unwrap().limits.high,
        Some(dec("1")),
        "a sample of a thing"
    );
    assert!(
        select(
            &[row(Some(Sex::Male), None, "1")],
            Some(Subject {
                sex: Sex::Unknown,
                age_days: None
            })
        )
        .is_none()
    );
}

fn any_value() -> impl Strategy<Value = Decimal> {
    (0i64..2000).prop_map(|hundredths| Decimal::new(hundredths, 2))
}

proptest! {
    #[test]
    fn a_statement_about_a_limit_holds_for_every_value_it_may_stand_for(
        limit in any_value(), low in any_value(), width in any_value(), rule in proptest::sample::select(DecisionRule::ALL),
        above: bool, samples in proptest::collection::vec(any_value(), 20),
    ) {
        let limits = Limits { low: Some(low), high: Some(low + width), guard_band: Some(dec("0.7")), ..Limits::default() };
        let sign = if above { ">" } else { "<" };
        let open = judge(&value(&format!("{sign}{limit}")), &limits, &criteria(rule));
        for sample in samples {
            let covered = if above { sample > limit } else { sample < limit };
            if !covered || sample < dec("0.05") {
                continue;
            }
            let exact = judge(&value(&sample.to_string()), &limits, &criteria(rule));
            match open.statement {
                Some(Statement::Pass) => prop_assert_eq!(exact.statement, Some(Statement::Pass)),
                Some(Statement::ConditionalPass) => prop_assert!(exact.statement <= Some(Statement::ConditionalPass)),
                Some(Statement::ConditionalFail) => prop_assert!(matches!(exact.statement, Some(Statement::ConditionalFail | Statement::Fail))),
                Some(Statement::Fail) => prop_assert_eq!(exact.statement, Some(Statement::Fail)),
                Some(Statement::NoStatement) | None => {}
            }
            for flag in [Flag::Low, Flag::High] {
                prop_assert!(!open.flags.contains(&flag) || exact.flags.contains(&flag));
            }
        }
    }

    #[test]
    fn a_guard_band_never_accepts_more_than_simple_acceptance(number in any_value(), low in any_value(), width in any_value(), band in any_value()) {
        let limits = Limits { low: Some(low), high: Some(low + width), guard_band: Some(band), ..Limits::default() };
        let measured = value(&number.to_string());
        prop_assume!(measured.limit_kind.is_none());
        let simple = judge(&measured, &limits, &criteria(DecisionRule::Simple)).statement.unwrap();
        let guarded = judge(&measured, &limits, &criteria(DecisionRule::GuardBand)).statement.unwrap();
        prop_assert!(simple == Statement::Pass || simple == Statement::Fail);
        let accepted = guarded <= Statement::ConditionalPass;
        prop_assert_eq!(accepted, simple == Statement::Pass, "{:?} {:?}", simple, guarded);
    }

    #[test]
    fn a_value_is_never_low_and_high_at_once(number in any_value(), low in any_value(), width in any_value()) {
        let limits = Limits { low: Some(low), high: Some(low + width), ..Limits::default() };
        let flags = judge(&value(&number.to_string()), &limits, &criteria(DecisionRule::Simple)).flags;
        prop_assert!(flags.len() <= 1);
    }
}
