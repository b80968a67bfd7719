//! Test vectors for whoever writes another implementation: `testdata/*.json`, made by this program, compared with what is
//! committed. `ATTEST_WRITE_VECTORS=1 cargo test -p attest-ledger --test vectors` writes them anew; the formats are
//! frozen, so a difference is a mistake until shown otherwise.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

#[path = "support/rotated.rs"]
mod rotated;
mod support;

use std::path::Path;

use attest_ledger::bundle::{Limits, Members, member, read_zip, verify_bundle, write_zip};
use attest_ledger::entry::{Entry, Reason, SignatureMark, Voided};
use attest_ledger::merkle::{compact_range, leaf_hash};
use attest_ledger::note::Signer as _;
use attest_ledger::seal::{self, Side};
use attest_ledger::{jcs, outbox};
use serde_json::{Value, json};
use support::{LOG, Log, SUBJECT_KEY, entry, id, key, naive_root, signed, signer};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

#[track_caller]
fn committed(name: &str, bytes: &[u8]) {
    let path = folder().join(name);
    if std::env::var_os("ATTEST_WRITE_VECTORS").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    assert!(committed == bytes, "testdata/{name} is not what this program makes");
}

/// Members are compared, not the archive: how well deflate packs is its own affair.
#[track_caller]
fn committed_zip(name: &str, members: &Members) {
    let path = folder().join(name);
    let read = || read_zip(&std::fs::read(&path).unwrap_or_default(), &Limits::default());
    if std::env::var_os("ATTEST_WRITE_VECTORS").is_some() && read().as_ref() != Ok(members) {
        std::fs::write(&path, write_zip(members).unwrap()).unwrap();
    }
    assert!(
        read().as_ref() == Ok(members),
        "testdata/{name} does not hold what this program makes"
    );
}

#[track_caller]
fn committed_json(name: &str, value: &Value) {
    committed(
        name,
        format!("{}\n", serde_json::to_string_pretty(value).unwrap()).as_bytes(),
    );
}

fn signed_entry() -> Entry {
    let mut entry = entry(7);
    entry.action = "report.authorised".into();
    entry.actor.session = Some("s-1".into());
    entry.source.request_id = Some("r-1".into());
    entry.source.user_agent = Some("curl/8 \"x\\y\"\t\u{7f}\u{2028}ż😀".into());
    entry.reason = Some(Reason {
        code: "amendment".into(),
        text: Some("dawka omyłkowa".into()),
    });
    entry.changes[0].from = Some(Value::Null);
    entry.signature = Some(SignatureMark {
        meaning: "authorised".into(),
        content_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        method: "password".into(),
    });
    support::seal_into(&mut entry, 7, "patient.name", json!("Maria Nowak"));
    entry
}

fn voided_entry() -> Entry {
    let (object, changes) = Voided {
        node: "9f86d081".into(),
        numbers: vec![4, 7],
    }
    .event();
    Entry {
        action: "writer.voided".into(),
        object,
        changes,
        ..entry(8)
    }
}

#[test]
fn entries() {
    let vectors: Vec<Value> = [entry(0), signed_entry(), voided_entry()]
        .iter()
        .map(|entry| {
            let bytes = entry.to_bytes().unwrap();
            json!({"entry": String::from_utf8(bytes.clone()).unwrap(), "leaf_hash": leaf_hash(&bytes)})
        })
        .collect();
    committed_json("entries.json", &json!(vectors));
}

#[test]
fn seals() {
    let values = [
        json!("Maria Nowak"),
        json!(null),
        json!({"b": "2", "a": ["1.50", true]}),
    ];
    let mut vectors = vec![];
    for (value, path) in values.iter().zip(["patient.name", "remark", "żółć"]) {
        for side in [Side::From, Side::To] {
            let r = seal::blinding(&SUBJECT_KEY, &id(7), path, side);
            let bytes = jcs::to_vec(value).unwrap();
            vectors.push(json!({
                "log": LOG, "id": id(7), "path": path, "side": side, "value": value,
                "subject_key": hex::encode(SUBJECT_KEY),
                "r": hex::encode(r),
                "commitment": seal::commit(LOG, &id(7), path, &r, &bytes),
                "value_key_sealed": hex::encode(seal::value_key(&SUBJECT_KEY, "sealed")),
                "value_place": hex::encode(seal::value_place(LOG, &id(7), path, side)),
            }));
        }
    }
    committed_json("seals.json", &json!(vectors));
}

#[test]
fn the_outbox() {
    let app_key = [0x11; 32];
    let bytes = entry(0).to_bytes().unwrap();
    let mac = outbox::mac(&app_key, &bytes);
    assert!(outbox::verify(&app_key, &bytes, &mac).is_ok());
    assert!(outbox::verify(&app_key, &bytes[1..], &mac).is_err());
    assert!(outbox::verify(&[0x12; 32], &bytes, &mac).is_err());
    assert!(outbox::verify(&app_key, &bytes, &mac[..31]).is_err());
    let entry = String::from_utf8(bytes).unwrap();
    committed_json(
        "outbox.json",
        &json!({"app_key": hex::encode(app_key), "entry": entry, "mac": hex::encode(mac)}),
    );
}

#[test]
fn trees() {
    let log = Log::sample(11);
    let leaves = log.leaves();
    let trees: Vec<Value> = (0..=11)
        .map(|size: usize| {
            let log = Log {
                entries: log.entries[..size].to_vec(),
                openings: vec![],
            };
            let mut reader = log.reader();
            let last = size.saturating_sub(1) as u64;
            json!({
                "size": size,
                "root": naive_root(&leaves[..size]),
                "inclusion_of_the_middle": (size > 0).then(|| {
                    let index = last / 2;
                    json!({"index": index, "path": reader.inclusion(index).unwrap()})
                }),
                "consistency_from_the_middle": (size > 1).then(|| {
                    let from = (size / 2) as u64;
                    json!({"from": from, "path": reader.consistency(from).unwrap()})
                }),
                "range": (size > 3).then(|| {
                    let (left, right) = reader.range_sides(3, last).unwrap();
                    json!({"first": 3, "last": last, "left": left, "right": right})
                }),
                "compact_range_from_0": compact_range(0..size as u64)
                    .iter().map(|node| json!({"level": node.level, "index": node.index})).collect::<Vec<_>>(),
            })
        })
        .collect();
    committed_json("trees.json", &json!({"leaves": leaves, "trees": trees}));
}

#[test]
fn notes() {
    let checkpoint = String::from_utf8(Log::sample(11).checkpoint(11)).unwrap();
    let vector =
        json!({"seed": hex::encode([0x42; 32]), "verifier_key": signer().key().to_string(), "checkpoint": checkpoint});
    committed_json("notes.json", &vector);
}

#[test]
fn whole_bundles() {
    let log = Log::sample(11);
    let mut selection = log.selection(&[1, 4, 6, 9]);
    selection.consistency = Some(log.consistency(5));
    for (name, members) in [
        ("selection.attest.zip", signed(selection)),
        ("range.attest.zip", signed(log.range(3, 8, true))),
        ("range-without-paths.attest.zip", signed(log.range(3, 8, false))),
    ] {
        assert!(verify_bundle(&members, &key(), None, None).holds());
        assert!(members.contains_key(member::README));
        committed_zip(name, &members);
    }
    let log = rotated::log();
    let members = rotated::signed(&log, log.range(0, rotated::SIZE - 1, true), rotated::proofs(&log), 2);
    for n in 0..=2 {
        assert!(verify_bundle(&members, &rotated::key(n), None, None).holds());
    }
    committed_zip("two-rotations.attest.zip", &members);
    let keys: Vec<String> = (0..=2).map(|n| rotated::key(n).to_string()).collect();
    let checkpoint = String::from_utf8(members[member::CHECKPOINT].clone()).unwrap();
    let vector = json!({"keys": keys, "rotations": rotated::proofs(&log), "checkpoint": checkpoint});
    committed_json("rotations.json", &vector);
    let keys: String = (0..=2).map(|n| format!("{}\n", rotated::key(n))).collect();
    committed("two-rotations.keys.txt", keys.as_bytes());
    let log = Log::sample(11);
    committed("held-5.checkpoint", &log.checkpoint(5));
    committed("key.txt", format!("{}\n", key()).as_bytes());
}
