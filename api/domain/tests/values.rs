//! What analysts type, and what comes of it: the table of values by kind of result.
#![allow(clippy::unwrap_used, missing_docs)]

use attest_domain::value::{
    Detection, Entry, LimitKind, Measured, ResultType, Rounding, TestRules, ValueRefusal, measure,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn rules(result_type: ResultType) -> TestRules<'static> {
    TestRules {
        result_type,
        rounding: Rounding::AsTyped,
        lod: None,
        loq: None,
        codes: &[],
    }
}

fn lead() -> TestRules<'static> {
    TestRules {
        rounding: Rounding::Decimals(3),
        lod: Some(dec("0.002")),
        loq: Some(dec("0.005")),
        ..rules(ResultType::Numeric)
    }
}

fn typed(value: &str) -> Entry<'_> {
    Entry {
        value,
        ..Entry::default()
    }
}

fn diluted<'a>(value: &'a str, factor: &str) -> Entry<'a> {
    Entry {
        value,
        dilution: Some(dec(factor)),
        ..Entry::default()
    }
}

fn display(rules: &TestRules<'_>, entry: &Entry<'_>) -> String {
    measure(rules, entry).unwrap().display
}

#[test]
fn a_number_keeps_its_typed_digits_and_is_rounded_once() {
    let Measured {
        typed: kept,
        value,
        detection,
        limit_kind,
        display,
        ..
    } = measure(&lead(), &typed(" 0.01250 ")).unwrap();
    assert_eq!(
        (kept.as_str(), value.as_deref(), display.as_str()),
        ("0.01250", Some("0.013"), "0.013")
    );
    assert_eq!((detection, limit_kind), (Detection::Equal, None));
    assert_eq!(measure(&lead(), &typed("1.2e3")).unwrap().display, "1200.000");
}

#[test]
fn the_result_is_the_typed_value_times_the_dilution() {
    let measured = measure(&lead(), &diluted("0.0125", "10")).unwrap();
    assert_eq!(
        (measured.typed.as_str(), measured.value.as_deref()),
        ("0.0125", Some("0.125"))
    );
    // Rounded after multiplying: 0.0164 x 3 = 0.0492, not 0.016 x 3 = 0.048.
    assert_eq!(display(&lead(), &diluted("0.0164", "3")), "0.049");
}

#[test]
fn below_a_limit_the_limit_is_reported_and_the_digits_are_kept() {
    let below_lod = measure(&lead(), &typed("0.0012")).unwrap();
    assert_eq!(
        (
            below_lod.display.as_str(),
            below_lod.limit_kind,
            below_lod.typed.as_str()
        ),
        ("< 0.002", Some(LimitKind::Lod), "0.0012")
    );
    let below_loq = measure(&lead(), &typed("0.003")).unwrap();
    assert_eq!(
        (below_loq.display.as_str(), below_loq.limit_kind, below_loq.detection),
        ("< 0.005", Some(LimitKind::Loq), Detection::Below)
    );
    assert_eq!(
        display(&lead(), &typed("0.005")),
        "0.005",
        "the limit itself is quantified"
    );
    assert_eq!(
        display(&lead(), &diluted("0.003", "10")),
        "< 0.05",
        "limits scale with dilution"
    );
    assert_eq!(display(&lead(), &diluted("0.0060", "10")), "0.060");
}

#[test]
fn signs_are_read_from_the_field_or_beside_it() {
    let typed_sign = measure(&lead(), &typed("<0.02")).unwrap();
    assert_eq!(
        (
            typed_sign.display.as_str(),
            typed_sign.value.as_deref(),
            typed_sign.limit_kind
        ),
        ("< 0.02", Some("0.02"), Some(LimitKind::Range))
    );
    let beside = measure(
        &lead(),
        &Entry {
            value: "0.02",
            detection: Some(Detection::Below),
            limit_kind: Some(LimitKind::Loq),
            dilution: None,
        },
    )
    .unwrap();
    assert_eq!(
        (beside.display.as_str(), beside.limit_kind),
        ("< 0.02", Some(LimitKind::Loq))
    );
    assert_eq!(
        measure(&lead(), &typed("<0.002")).unwrap().limit_kind,
        Some(LimitKind::Lod)
    );
    assert_eq!(measure(&lead(), &typed("< LOQ")).unwrap().display, "< 0.005");
    assert_eq!(
        measure(&lead(), &typed("<lod")).unwrap().limit_kind,
        Some(LimitKind::Lod)
    );
    assert_eq!(display(&lead(), &diluted("<LOD", "5")), "< 0.01");
    assert_eq!(display(&lead(), &typed("> 100")), "> 100");
    assert_eq!(display(&lead(), &typed("≤0.3")), "≤ 0.3");
    assert_eq!(display(&lead(), &typed(">=0.3")), "≥ 0.3");
    assert_eq!(
        display(&lead(), &typed("<0.0005")),
        "< 0.0005",
        "a limit is never rounded to another one"
    );
}

#[test]
fn nothing_detected_names_the_limit_of_detection_when_there_is_one() {
    for value in ["ND", "nd", "n.d."] {
        let measured = measure(&lead(), &typed(value)).unwrap();
        assert_eq!(
            (measured.detection, measured.limit_kind, measured.display.as_str()),
            (Detection::NotDetected, Some(LimitKind::Lod), "ND")
        );
        assert_eq!(measured.value.as_deref(), Some("0.002"));
    }
    let empty = Entry {
        value: "",
        detection: Some(Detection::NotDetected),
        ..Entry::default()
    };
    assert_eq!(measure(&lead(), &empty).unwrap().typed, "ND");
    let unknown = measure(&rules(ResultType::Numeric), &typed("ND")).unwrap();
    assert_eq!(
        (unknown.value, unknown.limit_kind, unknown.sort_key),
        (None, None, None)
    );
}

#[test]
fn contradictions_are_refused() {
    let refused = |entry: Entry<'_>| measure(&lead(), &entry).unwrap_err();
    assert_eq!(
        refused(Entry {
            value: "<0.02",
            detection: Some(Detection::Above),
            ..Entry::default()
        }),
        ValueRefusal::DetectionConflict
    );
    assert_eq!(
        refused(Entry {
            value: "<0.02",
            detection: Some(Detection::Equal),
            ..Entry::default()
        }),
        ValueRefusal::DetectionConflict
    );
    assert_eq!(
        refused(Entry {
            value: "ND",
            detection: Some(Detection::Below),
            ..Entry::default()
        }),
        ValueRefusal::DetectionConflict
    );
    assert_eq!(
        refused(Entry {
            value: "0.02",
            detection: Some(Detection::NotDetected),
            ..Entry::default()
        }),
        ValueRefusal::DetectionConflict
    );
    assert_eq!(
        refused(Entry {
            value: "0.02",
            limit_kind: Some(LimitKind::Lod),
            ..Entry::default()
        }),
        ValueRefusal::LimitKindNotApplicable
    );
    assert_eq!(refused(typed(">LOD")), ValueRefusal::DetectionConflict);
    assert_eq!(
        measure(&rules(ResultType::Numeric), &typed("<LOD")).unwrap_err(),
        ValueRefusal::NoLod
    );
    assert_eq!(
        measure(&rules(ResultType::Numeric), &typed("<LOQ")).unwrap_err(),
        ValueRefusal::NoLoq
    );
}

#[test]
fn what_is_no_result_is_refused() {
    let code = |value: &str| measure(&lead(), &typed(value)).unwrap_err().code();
    assert_eq!(code("NaN"), "not_finite");
    assert_eq!(code("<inf"), "not_finite");
    assert_eq!(code("0,012"), "decimal_comma");
    assert_eq!(code("<0,02"), "decimal_comma");
    assert_eq!(code("twelve"), "not_a_number");
    assert_eq!(code(""), "empty");
    assert_eq!(code("<"), "empty");
    assert_eq!(code(&"9".repeat(5000)), "out_of_range");
    for factor in ["0", "-2", "1000001"] {
        assert_eq!(
            measure(&lead(), &diluted("1", factor)).unwrap_err(),
            ValueRefusal::Dilution
        );
    }
    assert_eq!(
        measure(&lead(), &diluted("9999999999999999999999999999", "1000")).unwrap_err(),
        ValueRefusal::OutOfRange
    );
}

#[test]
fn a_code_is_one_of_the_list() {
    let codes = ["Detected".to_owned(), "Not detected".to_owned()];
    let coded = TestRules {
        codes: &codes,
        ..rules(ResultType::Coded)
    };
    let measured = measure(&coded, &typed("not DETECTED")).unwrap();
    assert_eq!(
        (measured.typed.as_str(), measured.value.as_deref()),
        ("not DETECTED", Some("Not detected"))
    );
    assert_eq!(measure(&coded, &typed("maybe")).unwrap_err(), ValueRefusal::NotInList);
    assert_eq!(
        measure(&coded, &diluted("Detected", "2")).unwrap_err(),
        ValueRefusal::DilutionNotApplicable
    );
    assert_eq!(
        measure(
            &coded,
            &Entry {
                value: "Detected",
                detection: Some(Detection::Below),
                ..Entry::default()
            }
        )
        .unwrap_err(),
        ValueRefusal::DetectionNotApplicable
    );
}

#[test]
fn a_text_may_have_lines_but_no_tricks() {
    let text = rules(ResultType::Text);
    assert_eq!(
        display(&text, &typed("Growth of E. coli,\nsensitive to …")),
        "Growth of E. coli,\nsensitive to …"
    );
    assert_eq!(
        measure(&text, &typed("a\u{202E}b")).unwrap_err().code(),
        "deceptive_character"
    );
    assert_eq!(
        measure(&text, &typed("a\u{0}b")).unwrap_err().code(),
        "control_character"
    );
    assert_eq!(
        measure(&text, &typed(&"x".repeat(4001))).unwrap_err().code(),
        "too_long"
    );
    assert_eq!(
        measure(&text, &typed(&"ż".repeat(4000)))
            .unwrap()
            .value
            .unwrap()
            .chars()
            .count(),
        4000
    );
}

#[test]
fn a_range_has_two_ends_in_order() {
    let range = rules(ResultType::Range);
    for value in ["0-2", "0 – 2", "0 to 2", "0..2", "0 do 2"] {
        assert_eq!(display(&range, &typed(value)), "0–2", "{value}");
    }
    assert_eq!(
        measure(&range, &typed("-5--2")).unwrap().value.as_deref(),
        Some("-5--2")
    );
    assert_eq!(
        measure(&range, &typed("1e-1-5")).unwrap().value.as_deref(),
        Some("0.1-5")
    );
    assert_eq!(display(&range, &typed("4")), "4");
    assert_eq!(display(&range, &typed(">50")), "> 50");
    assert_eq!(measure(&range, &typed("5-1")).unwrap_err(), ValueRefusal::RangeReversed);
    assert_eq!(measure(&range, &typed("few")).unwrap_err(), ValueRefusal::NotARange);
    assert_eq!(measure(&range, &typed("1-")).unwrap_err(), ValueRefusal::NotARange);
    assert_eq!(measure(&range, &typed("0-NaN")).unwrap_err(), ValueRefusal::NotFinite);
}

#[test]
fn a_titre_is_one_to_something() {
    let titre = rules(ResultType::Titre);
    let measured = measure(&titre, &typed("1 : 160")).unwrap();
    assert_eq!(
        (measured.value.as_deref(), measured.sort_key),
        (Some("1:160"), Some(dec("160")))
    );
    assert_eq!(display(&titre, &typed("<1:20")), "< 1:20");
    let beside = Entry {
        value: "1:640",
        detection: Some(Detection::Above),
        ..Entry::default()
    };
    assert_eq!(display(&titre, &beside), "> 1:640");
    for wrong in ["160", "2:160", "1:0", "1:+5", "1:", "1:1.5"] {
        assert_eq!(
            measure(&titre, &typed(wrong)).unwrap_err(),
            ValueRefusal::NotATitre,
            "{wrong}"
        );
    }
}

proptest! {
    #[test]
    fn anything_typed_is_answered_without_panic(value in "\\PC{0,60}", kind in proptest::sample::select(ResultType::ALL), factor in 1i64..1_000_000) {
        let entry = Entry { value: &value, dilution: Some(Decimal::from(factor)), ..Entry::default() };
        let _ = measure(&TestRules { result_type: kind, ..lead() }, &entry);
        let _ = measure(&TestRules { result_type: kind, ..lead() }, &typed(&value));
    }

    #[test]
    fn a_stored_entry_reads_the_same_again(mantissa in 0i64..1_000_000, scale in 0u32..7, factor in 1i64..1000, sign in "[<>]?") {
        let value = format!("{sign}{}", Decimal::new(mantissa, scale));
        let entry = Entry { value: &value, dilution: Some(Decimal::from(factor)), ..Entry::default() };
        let first = measure(&lead(), &entry).unwrap();
        let again = measure(&lead(), &Entry { value: &first.typed, dilution: Some(first.dilution), ..Entry::default() }).unwrap();
        prop_assert_eq!(&first, &again);
        prop_assert_eq!(first.typed, value);
    }

    #[test]
    fn no_number_is_reported_below_a_limit(mantissa in 0i64..100_000, scale in 0u32..7, factor in 1i64..100) {
        let value = Decimal::new(mantissa, scale).to_string();
        let entry = Entry { value: &value, dilution: Some(Decimal::from(factor)), ..Entry::default() };
        let measured = measure(&lead(), &entry).unwrap();
        let exact = Decimal::new(mantissa, scale) * Decimal::from(factor);
        let loq = dec("0.005") * Decimal::from(factor);
        prop_assert_eq!(measured.detection == Detection::Equal, exact >= loq);
    }
}
