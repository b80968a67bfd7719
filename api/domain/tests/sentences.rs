//! The audit trail in words: every action has a sentence in both languages, and none shows a column's name or an id.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;

use attest_domain::Language;
use attest_domain::action::{Action, ActorKind, ChangePart, SentenceParts, field_label};

fn change<'a>(path: &'a str, from: Option<&'a str>, to: Option<&'a str>) -> ChangePart<'a> {
    ChangePart {
        path,
        from,
        to,
        withheld: false,
    }
}

fn anna<'a>() -> SentenceParts<'a> {
    SentenceParts {
        actor_kind: ActorKind::User,
        actor_name: Some("Anna Nowak"),
        ..SentenceParts::default()
    }
}

#[test]
fn every_action_survives_its_text() {
    for action in Action::ALL {
        assert_eq!(action.as_str().parse::<Action>().unwrap(), *action);
        let json = serde_json::to_string(action).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&json).unwrap(), *action);
        assert_ne!(
            action.description(Language::En),
            action.description(Language::Pl),
            "{action}"
        );
    }
    let mut names: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Action::ALL.len(), "two actions of one name");
}

#[test]
fn all_sentences_are_reviewed() {
    let mut text = String::new();
    let parts = SentenceParts {
        object_label: Some("W-1"),
        subject: Some("Lead"),
        ..anna()
    };
    for action in Action::ALL {
        writeln!(
            text,
            "{action}\n  {}\n  {}",
            action.sentence(Language::En, &parts),
            action.sentence(Language::Pl, &parts)
        )
        .unwrap();
    }
    insta::assert_snapshot!("sentences", text);
}

#[test]
fn no_sentence_has_a_hole_when_little_is_known() {
    for action in Action::ALL {
        for language in Language::ALL {
            let sentence = action.sentence(*language, &SentenceParts::default());
            assert!(!sentence.contains(['{', '}', '_']), "{sentence}");
            assert!(
                !sentence.contains("  ") && !sentence.contains(" ,") && !sentence.contains(" ."),
                "{sentence}"
            );
        }
    }
}

#[test]
fn a_correction_tells_both_values_with_the_unit() {
    let parts = SentenceParts {
        object_type: "result",
        object_label: Some("W-2026-000123-87"),
        subject: Some("Lead"),
        unit: Some("mg/L"),
        changes: &[
            change("value", Some("0.010"), Some("0.012")),
            change("typed", Some("0.0101"), Some("0.0121")),
        ],
        reason: Some("typing error"),
        ..anna()
    };
    assert_eq!(
        Action::ResultCorrected.sentence(Language::En, &parts),
        "Anna Nowak changed Lead from 0.010 to 0.012 mg/L, sample W-2026-000123-87. Reason: typing error."
    );
    assert_eq!(
        Action::ResultCorrected.sentence(Language::Pl, &parts),
        "Anna Nowak: zmieniono wynik badania Lead z 0.010 na 0.012 mg/L, próbka W-2026-000123-87. Powód: typing error."
    );
}

#[test]
fn an_entry_tells_the_value_as_printed_and_what_came_with_it() {
    let parts = SentenceParts {
        object_type: "result",
        object_label: Some("W-1"),
        subject: Some("Lead"),
        unit: Some("mg/L"),
        changes: &[
            change("value", None, Some("0.02")),
            change("display", None, Some("< 0.02")),
            change("remark", None, Some("turbid")),
            change("instrument_id", None, Some("01900000-0000-7000-8000-000000000000")),
        ],
        ..anna()
    };
    assert_eq!(
        Action::ResultEntered.sentence(Language::En, &parts),
        "Anna Nowak entered < 0.02 mg/L for Lead, sample W-1: remark “turbid”; instrument set."
    );
}

#[test]
fn what_is_sealed_stays_sealed() {
    let sealed = [ChangePart {
        path: "value",
        from: None,
        to: None,
        withheld: true,
    }];
    let parts = SentenceParts {
        object_type: "result",
        object_label: Some("M-1"),
        subject: Some("Potassium"),
        changes: &sealed,
        ..anna()
    };
    assert_eq!(
        Action::ResultEntered.sentence(Language::En, &parts),
        "Anna Nowak entered the result of Potassium, sample M-1: result (withheld)."
    );
    assert_eq!(
        Action::ResultEntered.sentence(Language::Pl, &parts),
        "Anna Nowak: wprowadzono wynik badania Potassium, próbka M-1: wynik (niejawne)."
    );
}

#[test]
fn changes_are_told_in_words() {
    let changes = [
        change("/settings/four_eyes_release", Some("false"), Some("true")),
        change("settings.idle_minutes", Some("720"), Some("30")),
        change("/name", Some("Aqua"), Some("Aqua Nova")),
        change("/contact", Some("Jan"), None),
    ];
    let parts = SentenceParts {
        object_type: "laboratory",
        changes: &changes,
        ..anna()
    };
    assert_eq!(
        Action::SettingsEdited.sentence(Language::En, &parts),
        "Anna Nowak changed the laboratory's settings: four eyes for release from no to yes; minutes until a pause ends the session \
         from 720 to 30; name from “Aqua” to “Aqua Nova”; contact “Jan” removed."
    );
    assert_eq!(
        Action::SettingsEdited.sentence(Language::Pl, &parts),
        "Anna Nowak: zmieniono ustawienia laboratorium: wydanie przez drugą osobę z nie na tak; minuty bezczynności do wylogowania \
         z 720 na 30; nazwa z „Aqua” na „Aqua Nova”; kontakt „Jan” (usunięto)."
    );
}

#[test]
fn a_long_list_of_changes_is_cut_and_says_so() {
    let paths = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
    let changes: Vec<_> = paths.iter().map(|path| change(path, None, Some("1"))).collect();
    let parts = SentenceParts {
        object_type: "test",
        object_label: Some("Pb"),
        changes: &changes,
        ..anna()
    };
    assert_eq!(
        Action::TestEdited.sentence(Language::En, &parts),
        "Anna Nowak changed test Pb: a1 1; a2 1; a3 1; a4 1; a5 1; further changes: 2."
    );
}

#[test]
fn words_of_a_vocabulary_are_translated() {
    let changes = [
        change("condition", None, Some("compromised")),
        change("temperature_c", None, Some("8.5")),
        change("status", Some("registered"), Some("received")),
    ];
    let parts = SentenceParts {
        object_type: "sample",
        object_label: Some("W-1"),
        changes: &changes,
        ..anna()
    };
    assert_eq!(
        Action::SampleReceived.sentence(Language::En, &parts),
        "Anna Nowak received sample W-1: condition on receipt compromised; temperature (°C) 8.5."
    );
    assert_eq!(
        Action::SampleReceived.sentence(Language::Pl, &parts),
        "Anna Nowak: przyjęto próbkę W-1: stan przy przyjęciu naruszony; temperatura (°C) 8.5."
    );
}

#[test]
fn an_unnamed_actor_is_named_by_kind() {
    let parts = SentenceParts {
        actor_kind: ActorKind::Anonymous,
        ..SentenceParts::default()
    };
    assert_eq!(
        Action::LoginFailed.sentence(Language::En, &parts),
        "Somebody who was not signed in failed to sign in."
    );
    assert_eq!(
        Action::LedgerOpened.sentence(Language::Pl, &SentenceParts::default()),
        "System: otwarto dziennik audytu."
    );
}

#[test]
fn fields_are_called_by_their_names() {
    assert_eq!(
        field_label("specification", "/limits/0/high", Language::En),
        "limits 1: upper limit"
    );
    assert_eq!(
        field_label("specification", "limits.0.high", Language::Pl),
        "limity 1: górny limit"
    );
    assert_eq!(
        field_label("test", "uncertainty/value", Language::En),
        "uncertainty: value"
    );
    assert_eq!(field_label("result", "value", Language::En), "result");
    assert_eq!(
        field_label("sample", "never_heard_of_id", Language::En),
        "never heard of"
    );
}
