//! Entries: canonical bytes equal to a general canonicaliser's, and nothing but canonical bytes read back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use attest_ledger::Hash;
use attest_ledger::entry::{
    Actor, ActorKind, Assurance, Change, Entry, EntryError, JcsError, MAX_BYTES, ObjectRef, Reason, Sealed,
    SignatureMark, Source, VERSION, Voided, Writer,
};
use attest_ledger::jcs;
use chrono::DateTime;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

const SAFE: i64 = 9_007_199_254_740_991;

fn text() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![
            Just('"'),
            Just('\\'),
            Just('\u{7f}'),
            Just('\u{2028}'),
            Just('😀'),
            any::<char>(),
            proptest::char::range('\0', ' '),
            proptest::char::range('a', 'z')
        ],
        0..12,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

fn word() -> impl Strategy<Value = String> {
    (any::<char>(), text()).prop_map(|(first, rest)| format!("{first}{rest}"))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-SAFE..=SAFE).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map("[ -~]{0,6}", inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash::new)
}

prop_compose! {
    fn head()(id in any::<u128>(), log in word(), micros in 0_i64..253_402_300_799_999_999, action in word(),
              code in word(), node in word(), seq in 0_u64..=9_007_199_254_740_991,
              actor in (0_u8..5, option::of(text()), option::of(text()), 0_u8..5),
              source in (option::of(text()), option::of(text()), option::of(text())))
             -> Entry {
        let kinds = [ActorKind::User, ActorKind::Service, ActorKind::Operator, ActorKind::System, ActorKind::Anonymous];
        let assurances =
            [Assurance::Password, Assurance::Mfa, Assurance::Token, Assurance::System, Assurance::None];
        let version_7 = (id & !(0xf_u128 << 76) & !(0b11_u128 << 62)) | (7_u128 << 76) | (0b10_u128 << 62);
        Entry {
            id: Uuid::from_u128(version_7),
            log,
            at: DateTime::from_timestamp_micros(micros).unwrap(),
            actor: Actor {
                kind: kinds[usize::from(actor.0)],
                id: actor.1,
                session: actor.2,
                assurance: assurances[usize::from(actor.3)],
            },
            source: Source { ip: source.0, request_id: source.1, user_agent: source.2 },
            action,
            object: ObjectRef { kind: "x".into(), id: "y".into(), version: None, label: None },
            reason: None,
            changes: vec![],
            sealed: vec![],
            signature: None,
            writer: Writer { node, seq },
            code,
        }
    }
}

prop_compose! {
    fn any_entry()(head in head(), kind in word(), id in word(),
                   version in option::of(0_u64..=9_007_199_254_740_991), label in option::of(text()),
                   reason in option::of((text(), option::of(text()))),
                   changes in vec((text(), option::of(value()), option::of(value())), 0..4),
                   sealed in vec((text(), text(), option::of(hash()), hash()), 0..3),
                   signature in option::of((text(), hash(), text())))
                  -> Entry {
        Entry {
            object: ObjectRef { kind, id, version, label },
            reason: reason.map(|(code, text)| Reason { code, text }),
            changes: changes.into_iter().map(|(path, from, to)| Change { path, from, to }).collect(),
            sealed: sealed.into_iter().map(|(subject, path, from, to)| Sealed { subject, path, from, to: Some(to) }).collect(),
            signature: signature.map(|(meaning, content, method)| {
                SignatureMark { meaning, content_sha256: content.to_hex(), method }
            }),
            ..head
        }
    }
}

/// The same entry by the general route: derived serialisation, then a general canonicaliser.
fn by_the_general_route(entry: &Entry) -> Vec<u8> {
    let mut object = json!({
        "v": VERSION,
        "id": entry.id,
        "log": entry.log,
        "at": entry.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        "actor": entry.actor,
        "source": entry.source,
        "action": entry.action,
        "object": entry.object,
        "changes": entry.changes,
        "sealed": entry.sealed,
        "writer": entry.writer,
        "code": entry.code,
    });
    if let Some(reason) = &entry.reason {
        object["reason"] = json!(reason);
    }
    if let Some(signature) = &entry.signature {
        object["signature"] = json!(signature);
    }
    serde_json_canonicalizer::to_vec(&object).unwrap()
}

proptest! {
    #[test]
    fn values_are_canonical_as_a_general_canonicaliser_makes_them(value in value()) {
        let bytes = jcs::to_vec(&value).unwrap();
        prop_assert_eq!(&bytes, &serde_json_canonicalizer::to_vec(&value).unwrap());
        prop_assert_eq!(jcs::parse(&bytes).unwrap(), value);
    }

    #[test]
    fn entries_are_canonical_and_come_back_whole(entry in any_entry()) {
        let bytes = entry.to_bytes().unwrap();
        prop_assert_eq!(&bytes, &by_the_general_route(&entry));
        prop_assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry);
    }

    #[test]
    fn arbitrary_bytes_never_panic_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Entry::from_bytes(&bytes);
        let _ = jcs::parse(&bytes);
    }
}

fn changed(edit: impl FnOnce(&mut Entry)) -> Result<Vec<u8>, EntryError> {
    let mut entry = support::entry(3);
    edit(&mut entry);
    entry.to_bytes()
}

#[test]
fn what_the_ledger_cannot_carry_is_refused_by_name() {
    let value = |to: Value| changed(|entry| entry.changes[0].to = Some(to));
    assert!(matches!(value(json!(1.5)), Err(EntryError::Value(JcsError::Float(_)))));
    assert!(matches!(value(json!(-0.0)), Err(EntryError::Value(JcsError::Float(_)))));
    assert!(matches!(
        value(json!(SAFE + 1)),
        Err(EntryError::Value(JcsError::Integer(_)))
    ));
    assert!(matches!(
        value(json!(-SAFE - 1)),
        Err(EntryError::Value(JcsError::Integer(_)))
    ));
    assert!(value(json!([SAFE, -SAFE])).is_ok());
    assert!(matches!(
        value(json!({"ż": 1})),
        Err(EntryError::Value(JcsError::Key(_)))
    ));
    assert_eq!(
        value(json!("x".repeat(MAX_BYTES))),
        Err(EntryError::TooLong(value(json!("")).unwrap().len() + MAX_BYTES))
    );
    let room = MAX_BYTES - value(json!("")).unwrap().len();
    assert_eq!(value(json!("x".repeat(room))).unwrap().len(), MAX_BYTES);
    assert_eq!(changed(|entry| entry.id = Uuid::nil()), Err(EntryError::Id));
    assert_eq!(changed(|entry| entry.log.clear()), Err(EntryError::Field("log")));
    assert!(matches!(
        changed(|entry| entry.writer.seq = u64::MAX),
        Err(EntryError::Value(JcsError::Integer(_)))
    ));
    let mark = |digits: &str| SignatureMark {
        meaning: "m".into(),
        content_sha256: digits.into(),
        method: "p".into(),
    };
    for digits in ["", "AB", &"A".repeat(64), &"a".repeat(63)] {
        let refused = changed(|entry| entry.signature = Some(mark(digits)));
        assert_eq!(refused, Err(EntryError::Field("signature.content_sha256")));
    }
    let deep = (0..70).fold(json!(1), |inner, _| json!([inner]));
    assert!(matches!(value(deep), Err(EntryError::Value(JcsError::Depth))));
}

#[test]
fn times_lose_what_is_finer_than_a_microsecond() {
    let bytes = changed(|entry| entry.at = "2026-11-21T21:18:00.123456789Z".parse().unwrap()).unwrap();
    assert!(
        String::from_utf8(bytes)
            .unwrap()
            .contains("\"at\":\"2026-11-21T21:18:00.123456Z\"")
    );
    let before_christ = DateTime::from_timestamp(-99_999_999_999, 0).unwrap();
    assert_eq!(changed(|entry| entry.at = before_christ), Err(EntryError::Time));
}

#[test]
fn another_spelling_of_an_entry_is_not_the_entry() {
    let canonical = String::from_utf8(support::entry(3).to_bytes().unwrap()).unwrap();
    assert!(Entry::from_bytes(canonical.as_bytes()).is_ok());
    let spellings = [
        ("a space", ",\"at\"", ", \"at\""),
        ("an escape that is not needed", "result.entered", "result.enter\\u0065d"),
        (
            "upper-case id",
            "0198f3a0-0000-7000-8000-000000000003",
            "0198F3A0-0000-7000-8000-000000000003",
        ),
        (
            "id without hyphens",
            "0198f3a0-0000-7000-8000-000000000003",
            "0198f3a0000070008000000000000003",
        ),
        ("three decimals", "03:00.123456Z", "03:00.123Z"),
        ("another way to say UTC", ".123456Z", ".123456+00:00"),
        ("a null for nothing", "\"path\"", "\"from\":null,\"path\""),
        ("a reason that is null", ",\"sealed\"", ",\"reason\":null,\"sealed\""),
        (
            "a field twice",
            "\"code\":\"0.1.0\"",
            "\"code\":\"0.1.0\",\"code\":\"0.1.0\"",
        ),
        (
            "an unknown field",
            "\"code\":\"0.1.0\"",
            "\"cod\":\"1\",\"code\":\"0.1.0\"",
        ),
        ("a field missing", ",\"sealed\":[]", ""),
        (
            "a sealed value with neither side",
            "\"sealed\":[]",
            "\"sealed\":[{\"path\":\"name\",\"subject\":\"s\"}]",
        ),
        ("another version", "attest.audit/v1", "attest.audit/v2"),
        ("an exponent", "\"seq\":3", "\"seq\":3e0"),
        ("a leading zero", "\"seq\":3", "\"seq\":03"),
        ("a fraction", "\"seq\":3", "\"seq\":3.0"),
        ("not a number", "\"seq\":3", "\"seq\":NaN"),
        ("an infinite value", "\"0.003\"", "1e999"),
        ("a lone surrogate", "\"0.003\"", "\"\\ud800\""),
        ("another kind of actor", "\"user\"", "\"robot\""),
    ];
    for (what, from, to) in spellings {
        assert!(canonical.contains(from), "{what}: the test replaces nothing");
        let other = canonical.replace(from, to);
        // A null `from` is a value of its own, and so canonical where `from` may stand.
        let refused = Entry::from_bytes(other.as_bytes());
        if what == "a null for nothing" {
            assert_eq!(refused.unwrap().changes[0].from, Some(Value::Null));
        } else {
            assert!(refused.is_err(), "{what} was accepted: {other}");
        }
    }
    for extra in [" ", "\n", "\0", "{}"] {
        assert!(Entry::from_bytes(format!("{canonical}{extra}").as_bytes()).is_err());
    }
    assert!(Entry::from_bytes(&vec![b' '; MAX_BYTES + 1]).is_err());
}

#[test]
fn lost_numbers_are_named_and_read_back() {
    let voided = Voided {
        node: "9f86d081".into(),
        numbers: vec![4, 7],
    };
    let (object, changes) = voided.event();
    let event = Entry {
        action: "writer.voided".into(),
        object,
        changes,
        ..support::entry(9)
    };
    let back = Entry::from_bytes(&event.to_bytes().unwrap()).unwrap();
    assert_eq!(Voided::from_entry(&back), Some(voided));
    assert_eq!(Voided::from_entry(&support::entry(9)), None);
}
