//! Bundles: what verifies, and everything that must not. The centre is the plainest attack: one byte flipped, anywhere.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use attest_ledger::Hash;
use attest_ledger::bundle::{
    BundleError, Export, Kind, Language, Manifest, Members, Proof, Report, SealState, Verdict, member, verify_bundle,
};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::{Entry, Voided};
use attest_ledger::jcs;
use attest_ledger::note::{LocalSigner, Note, Signer};
use attest_ledger::policy::Policy;
use chrono::TimeDelta;
use serde_json::json;
use support::{LOG, Log, SUBJECT, entry, key, signed, signer};

fn judge(members: &Members) -> Report {
    verify_bundle(members, &key(), None, None)
}

fn failing(report: &Report) -> String {
    report.failures().map(|step| format!("{step:?}\n")).collect()
}

#[track_caller]
fn holds(report: &Report) {
    assert!(report.holds(), "{}", failing(report));
}

/// The step `name` fails, naming the file and the index.
#[track_caller]
fn fails(report: &Report, name: &str, file: Option<&str>, index: Option<u64>) {
    let found = report
        .failures()
        .any(|step| step.name == name && step.file.as_deref() == file && (index.is_none() || step.index == index));
    assert!(
        found,
        "wanted {name} to fail at {file:?} {index:?}, got:\n{}",
        failing(report)
    );
}

fn full() -> Log {
    Log::sample(11)
}

fn with_consistency(mut export: Export) -> Export {
    export.consistency = Some(full().consistency(5));
    export.timestamp = Some(b"a token".to_vec());
    export
}

fn kinds() -> [(&'static str, Members); 3] {
    let log = full();
    [
        ("selection", signed(with_consistency(log.selection(&[1, 4, 6, 9])))),
        ("range", signed(with_consistency(log.range(3, 8, true)))),
        (
            "range without audit paths",
            signed(with_consistency(log.range(3, 8, false))),
        ),
    ]
}

#[test]
fn honest_bundles_hold() {
    let log = full();
    for (what, members) in kinds() {
        let report = verify_bundle(&members, &key(), Some(&log.checkpoint(5)), None);
        assert!(report.holds(), "{what}: {}", failing(&report));
    }
    for first in 0..11 {
        for last in first..11 {
            holds(&judge(&signed(log.range(first, last, first % 2 == 0))));
        }
        holds(&judge(&signed(log.selection(&[first]))));
    }
    let report = judge(&signed(log.range(3, 8, true)));
    assert_eq!(
        (report.kind, report.first, report.last, report.entries),
        (Kind::Range, Some(3), Some(8), 6)
    );
    assert_eq!(report.checkpoint_size, Some(11));
}

#[test]
fn the_manifest_is_canonical_and_lists_every_other_member() {
    let members = signed(full().selection(&[1, 4]));
    let value = jcs::parse(&members[member::MANIFEST]).unwrap();
    let manifest: Manifest = serde_json::from_value(value).unwrap();
    assert_eq!((manifest.v.as_str(), manifest.log.as_str()), ("attest.bundle/v1", LOG));
    assert_eq!((manifest.kind, manifest.first, manifest.last), (Kind::Selection, 1, 4));
    assert_eq!(manifest.created_at, "2026-11-22T08:00:00.123456Z");
    let listed: Vec<&String> = manifest.files.keys().collect();
    assert_eq!(listed.len() + 2, members.len());
    let note = Note::parse(&members[member::MANIFEST_NOTE]).unwrap();
    assert_eq!(
        note.text(),
        format!("{LOG}/export\n{}\n", Hash::of(&[&members[member::MANIFEST]]))
    );
}

#[test]
fn the_readme_speaks_the_laboratorys_language_and_english() {
    let polish = signed(full().selection(&[1])).remove(member::README).unwrap();
    let polish = String::from_utf8(polish).unwrap();
    assert!(polish.contains("WYCIĄG Z DZIENNIKA") && polish.contains("AUDIT TRAIL EXCERPT"));
    let mut export = full().range(0, 3, false);
    export.language = Language::English;
    let english = String::from_utf8(signed(export).remove(member::README).unwrap()).unwrap();
    assert!(!english.contains("WYCIĄG") && english.contains("nothing is missing") && english.contains(LOG));
}

/// Where a flipped byte of a line-wise member lies, in indices of the log.
fn index_of(members: &Members, name: &str, place: usize) -> Option<u64> {
    let line = members[name][..place].iter().filter(|byte| **byte == b'\n').count();
    match name {
        member::ENTRIES | member::PROOFS => {
            let manifest: Manifest = serde_json::from_slice(&members[member::MANIFEST]).unwrap();
            match manifest.kind {
                Kind::Range => Some(manifest.first + u64::try_from(line).unwrap()),
                Kind::Selection => Some([1, 4, 6, 9][line]),
            }
        }
        member::OPENINGS => Some(4),
        _ => None,
    }
}

#[test]
fn one_flipped_byte_anywhere_fails_and_names_the_member_and_the_index() {
    for (what, members) in kinds() {
        let located = members.contains_key(member::PROOFS);
        for name in members.keys() {
            for place in 0..members[name].len() {
                // Only its hash protects the readme, so one kind of flip shows as much as three.
                let flips: &[u8] = if name == member::README {
                    &[0x01]
                } else {
                    &[0x01, 0x20, 0xff]
                };
                for flip in flips {
                    let mut broken = members.clone();
                    broken.get_mut(name).unwrap()[place] ^= flip;
                    let report = judge(&broken);
                    assert!(
                        !report.holds(),
                        "{what}: {name} byte {place} ^ {flip:#x} went unnoticed"
                    );
                    let named: Vec<_> = report
                        .failures()
                        .filter(|step| step.file.as_deref() == Some(name.as_str()))
                        .collect();
                    assert!(!named.is_empty(), "{what}: {name} byte {place}: {}", failing(&report));
                    let index = index_of(&members, name, place);
                    // A range without audit paths cannot tell which entry changed when the line still is an entry;
                    // a digit of an index in a selection's proofs or in openings changes what the line is about.
                    let tells = match name.as_str() {
                        member::ENTRIES => located,
                        member::PROOFS | member::OPENINGS => !in_number(&members[name], place),
                        _ => false,
                    };
                    if tells {
                        assert!(
                            named.iter().any(|step| step.index == index),
                            "{what}: {name} byte {place} ^ {flip:#x}: index {index:?} is not named: {}",
                            failing(&report)
                        );
                    }
                }
            }
        }
    }
}

/// Whether the byte belongs to the `"index":n` part of its line.
fn in_number(bytes: &[u8], place: usize) -> bool {
    let begin = bytes[..place]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let end = bytes[place..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |at| place + at);
    let line = &bytes[begin..end];
    let key = line.windows(8).position(|window| window == b"\"index\":");
    // The newline itself joins this line to the next.
    key.is_none_or(|key| (begin + key..begin + key + 11).contains(&place)) || bytes[place] == b'\n'
}

fn lines(members: &Members, name: &str) -> Vec<Vec<u8>> {
    members[name]
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

fn with_lines(members: &Members, name: &str, lines: &[Vec<u8>]) -> Members {
    let mut changed = members.clone();
    changed.insert(name.to_owned(), lines.concat());
    changed
}

#[test]
fn lines_dropped_added_swapped_or_repeated_fail_where_it_happened() {
    let log = full();
    for (what, members, indices) in [
        ("selection", signed(log.selection(&[1, 4, 6, 9])), vec![1, 4, 6, 9]),
        ("range", signed(log.range(3, 8, true)), (3..=8).collect()),
    ] {
        let whole = lines(&members, member::ENTRIES);
        for (place, index) in indices.iter().enumerate() {
            let mut dropped = whole.clone();
            dropped.remove(place);
            let report = judge(&with_lines(&members, member::ENTRIES, &dropped));
            fails(&report, "extent", Some(member::ENTRIES), Some(*index));

            let mut repeated = whole.clone();
            repeated.insert(place, whole[place].clone());
            let report = judge(&with_lines(&members, member::ENTRIES, &repeated));
            fails(&report, "extent", Some(member::ENTRIES), None);
            fails(&report, "entries", Some(member::ENTRIES), None);

            let mut added = whole.clone();
            let mut stranger = entry(*index);
            stranger.id = support::id(999);
            added.insert(place, [stranger.to_bytes().unwrap(), b"\n".to_vec()].concat());
            let report = judge(&with_lines(&members, member::ENTRIES, &added));
            fails(&report, "inclusion", Some(member::ENTRIES), Some(*index));
            fails(&report, "extent", Some(member::ENTRIES), Some(*index));

            if place > 0 {
                let mut swapped = whole.clone();
                swapped.swap(place - 1, place);
                let report = judge(&with_lines(&members, member::ENTRIES, &swapped));
                fails(&report, "inclusion", Some(member::ENTRIES), Some(*index));
                fails(&report, "inclusion", Some(member::ENTRIES), Some(indices[place - 1]));
            }
        }
        let paths = lines(&members, member::PROOFS);
        let report = judge(&with_lines(&members, member::PROOFS, &paths[1..]));
        assert!(!report.holds(), "{what}");
        let report = judge(&with_lines(&members, member::ENTRIES, &[]));
        fails(&report, "entries", Some(member::ENTRIES), None);
    }
}

/// Lets an attacker who has everything but the key make the rest of the bundle agree.
fn reconciled(mut members: Members, edit: impl FnOnce(&mut Manifest)) -> Members {
    let mut manifest: Manifest = serde_json::from_slice(&members[member::MANIFEST]).unwrap();
    manifest.files = members
        .iter()
        .filter(|(name, _)| !name.starts_with("manifest."))
        .map(|(name, bytes)| (name.clone(), Hash::of(&[bytes]).to_hex()))
        .collect();
    edit(&mut manifest);
    let bytes = jcs::to_vec(&serde_json::to_value(&manifest).unwrap()).unwrap();
    members.insert(member::MANIFEST.to_owned(), bytes);
    members
}

/// Lets an attacker who has stolen the key sign the manifest, but not undo the checkpoint.
fn re_signed(members: Members, edit: impl FnOnce(&mut Manifest)) -> Members {
    let mut members = reconciled(members, edit);
    let text = format!("{LOG}/export\n{}\n", Hash::of(&[&members[member::MANIFEST]]));
    members.insert(
        member::MANIFEST_NOTE.to_owned(),
        Note::sign(&text, &[&signer()]).unwrap().to_bytes(),
    );
    members
}

#[test]
fn a_rewritten_manifest_does_not_help() {
    let log = full();
    let members = signed(log.range(3, 8, false));
    let mut whole = lines(&members, member::ENTRIES);
    whole.remove(5);
    let shorter = with_lines(&members, member::ENTRIES, &whole);
    let report = judge(&reconciled(shorter.clone(), |manifest| manifest.last = 7));
    fails(&report, "manifest signature", Some(member::MANIFEST), None);
    // Even the log's own key cannot make a shorter range lead to the signed root.
    let mut sides: serde_json::Value = serde_json::from_slice(&shorter[member::RANGE]).unwrap();
    sides["last"] = json!(7);
    let mut agreeing = shorter;
    agreeing.insert(member::RANGE.to_owned(), jcs::to_vec(&sides).unwrap());
    let report = judge(&re_signed(agreeing, |manifest| manifest.last = 7));
    fails(&report, "completeness", Some(member::ENTRIES), None);
    assert_eq!(report.failures().count(), 1, "{}", failing(&report));
}

#[test]
fn members_too_many_or_too_few_are_named() {
    for (_, members) in kinds() {
        for name in members.keys() {
            let mut fewer = members.clone();
            fewer.remove(name);
            let report = judge(&fewer);
            assert!(
                report.failures().any(|step| step.file.as_deref() == Some(name)),
                "{name}: {}",
                failing(&report)
            );
        }
        for extra in ["notes.txt", "ENTRIES.jsonl", "../manifest.json", ""] {
            let mut more = members.clone();
            more.insert(extra.to_owned(), b"{}".to_vec());
            fails(&judge(&more), "members", Some(extra), None);
        }
    }
    assert!(!judge(&Members::new()).holds());
    let unlisted = re_signed(signed(full().selection(&[1])), |manifest| {
        manifest.files.remove(member::PROOFS);
    });
    fails(&judge(&unlisted), "members", Some(member::PROOFS), None);
}

#[test]
fn a_member_of_a_later_version_is_noted_when_the_log_signed_for_it() {
    let mut members = signed(full().selection(&[1]));
    members.insert("later.json".to_owned(), b"{}".to_vec());
    let report = judge(&re_signed(members, |_| ()));
    holds(&report);
    assert!(
        report
            .steps
            .iter()
            .any(|step| step.verdict == Verdict::Noted && step.detail.contains("later.json"))
    );
}

#[test]
fn another_key_fails_wherever_it_signed() {
    let members = signed(full().selection(&[1]));
    for (name, seed) in [(LOG, 0x43), ("other.example/audit/x/1", 0x42)] {
        let other = LocalSigner::new(name, &[seed; 32]).unwrap().key().clone();
        let report = verify_bundle(&members, &other, None, None);
        fails(&report, "manifest signature", Some(member::MANIFEST_NOTE), None);
        fails(&report, "checkpoint signature", Some(member::CHECKPOINT), None);
    }
    let mut two = members;
    let mut note = Note::parse(&two[member::MANIFEST_NOTE]).unwrap();
    note.add_signature(&LocalSigner::new("x", &[1; 32]).unwrap()).unwrap();
    two.insert(member::MANIFEST_NOTE.to_owned(), note.to_bytes());
    fails(&judge(&two), "manifest signature", Some(member::MANIFEST_NOTE), None);
    let foreign = full()
        .selection(&[1])
        .draft()
        .unwrap()
        .sign(&LocalSigner::new("x", &[1; 32]).unwrap());
    assert!(matches!(foreign, Err(BundleError::ForeignKey { .. })));
}

#[test]
fn the_checkpoint_the_reader_holds_decides() {
    let log = full();
    let with = |export: Export| signed(with_consistency(export));
    let judged = |members: &Members, held: &[u8]| verify_bundle(members, &key(), Some(held), None);
    let selection = with(log.selection(&[1, 4]));
    holds(&judged(&selection, &log.checkpoint(5)));
    holds(&judged(&selection, &log.checkpoint(11)));
    fails(
        &judged(&selection, &log.checkpoint(6)),
        "consistency",
        Some(member::CONSISTENCY),
        None,
    );

    // A log whose third entry was rewritten after the reader kept a checkpoint.
    let mut entries: Vec<Entry> = (0..11).map(entry).collect();
    entries[2].changes[0].to = Some(json!("0.999"));
    let other = Log::of(entries);
    fails(
        &judged(&selection, &other.checkpoint(5)),
        "consistency",
        Some(member::CONSISTENCY),
        None,
    );
    fails(
        &judged(&selection, &other.checkpoint(11)),
        "consistency",
        Some(member::CHECKPOINT),
        None,
    );

    // A range from the very beginning proves it without a proof of its own.
    let range = signed(log.range(0, 8, false));
    holds(&judged(&range, &log.checkpoint(7)));
    holds(&judged(&range, &log.checkpoint(9)));
    fails(
        &judged(&range, &other.checkpoint(7)),
        "consistency",
        Some(member::ENTRIES),
        None,
    );
    let unconnected = judged(&range, &log.checkpoint(10));
    fails(&unconnected, "consistency", None, None);
    assert!(failing(&unconnected).contains("ask for an export that names your checkpoint"));
    let old = signed(Log::sample(9).selection(&[1]));
    let older = judged(&old, &log.checkpoint(10));
    fails(&older, "consistency", None, None);
    assert!(failing(&older).contains("older than what you hold (9 entries, yours 10)"));

    // A later checkpoint than the bundle's, with the proof between them.
    let later = Log::sample(20);
    let mut export = log.selection(&[1]);
    export.consistency = Some(later.consistency(11));
    holds(&judged(&signed(export), &later.checkpoint(20)));

    let stranger = LocalSigner::new(LOG, &[0x44; 32]).unwrap();
    let text = Note::parse(&log.checkpoint(5)).unwrap().text().to_owned();
    let forged = Note::sign(&text, &[&stranger]).unwrap().to_bytes();
    fails(&judged(&selection, &forged), "consistency", None, None);
    fails(&judged(&selection, b"nonsense"), "consistency", None, None);
}

#[test]
fn a_policy_decides_about_witnesses() {
    let members = signed(full().selection(&[1]));
    let witness = LocalSigner::new("witness.example", &[9; 32]).unwrap();
    let policy: Policy = format!("log {}\nwitness w {}\nquorum w\n", key(), witness.key())
        .parse()
        .unwrap();
    fails(
        &verify_bundle(&members, &key(), None, Some(&policy)),
        "witnesses",
        Some(member::CHECKPOINT),
        None,
    );
    let mut export = full().selection(&[1]);
    let mut note = Note::parse(&export.checkpoint).unwrap();
    note.add_signature(&witness).unwrap();
    export.checkpoint = note.to_bytes();
    holds(&verify_bundle(&signed(export), &key(), None, Some(&policy)));
    let other: Policy = format!("log {}\nquorum none\n", witness.key()).parse().unwrap();
    fails(&verify_bundle(&members, &key(), None, Some(&other)), "key", None, None);
}

fn log_with(edit: impl FnOnce(&mut Vec<Entry>)) -> Log {
    let mut entries = (0..10).map(entry).collect();
    edit(&mut entries);
    Log::of(entries)
}

fn range(log: &Log, first: u64, last: u64) -> Report {
    judge(&signed(log.range(first, last, true)))
}

#[test]
fn entries_of_another_log_or_with_a_used_id_fail_even_under_a_valid_root() {
    let log = log_with(|entries| {
        entries[3].log = "lab.example/audit/other/1".into();
        entries[6].id = entries[5].id;
    });
    let report = range(&log, 0, 9);
    fails(&report, "entries", Some(member::ENTRIES), Some(3));
    fails(&report, "entries", Some(member::ENTRIES), Some(6));
    assert_eq!(report.failures().count(), 2, "{}", failing(&report));
}

#[test]
fn entries_that_are_not_canonical_fail_even_under_a_valid_root() {
    for (from, to) in [
        ("\"0.004\"", "4.5"),
        ("\"0.004\"", "NaN"),
        ("{\"action\"", "{ \"action\""),
        ("\"0.004\"", "1e999"),
    ] {
        let mut log = log_with(|_| ());
        let text = String::from_utf8(log.entries[4].clone()).unwrap();
        assert!(text.contains(from));
        log.entries[4] = text.replace(from, to).into_bytes();
        let report = range(&log, 0, 9);
        fails(&report, "entries", Some(member::ENTRIES), Some(4));
        assert_eq!(report.failures().filter(|step| step.name == "inclusion").count(), 0);
    }
}

#[test]
fn a_gap_in_a_writers_numbers_is_evidence_unless_it_was_declared() {
    let without_five = |entries: &mut Vec<Entry>| {
        entries.iter_mut().skip(4).for_each(|entry| entry.writer.seq += 1);
    };
    let gap = log_with(without_five);
    let report = range(&gap, 0, 9);
    fails(&report, "writer sequence", Some(member::ENTRIES), Some(4));
    assert!(failing(&report).contains("number 4 is missing"));
    fails(&range(&gap, 2, 8), "writer sequence", Some(member::ENTRIES), Some(4));
    holds(&range(&gap, 4, 9));
    holds(&judge(&signed(gap.selection(&[1, 3, 4, 9]))));

    let declared = |numbers: Vec<u64>| {
        log_with(|entries| {
            without_five(entries);
            let (object, changes) = Voided {
                node: "9f86d081".into(),
                numbers,
            }
            .event();
            entries[8].action = "writer.voided".into();
            (entries[8].object, entries[8].changes) = (object, changes);
        })
    };
    holds(&range(&declared(vec![4]), 0, 9));
    fails(
        &range(&declared(vec![50]), 0, 9),
        "writer sequence",
        Some(member::ENTRIES),
        Some(4),
    );
    fails(
        &range(&declared(vec![4, 6]), 0, 9),
        "writer sequence",
        Some(member::ENTRIES),
        Some(5),
    );

    let twice = log_with(|entries| entries[7].writer.seq = 6);
    fails(&range(&twice, 0, 9), "writer sequence", Some(member::ENTRIES), None);
    fails(
        &judge(&signed(twice.selection(&[6, 7]))),
        "writer sequence",
        Some(member::ENTRIES),
        Some(7),
    );

    // A log's first entries: numbers before the first one are missing too; in the middle nobody can tell.
    let late_start = log_with(|entries| entries.iter_mut().for_each(|entry| entry.writer.seq += 1));
    fails(
        &range(&late_start, 0, 9),
        "writer sequence",
        Some(member::ENTRIES),
        Some(0),
    );
    holds(&range(&late_start, 1, 9));
    let two_writers = |begin: u64| {
        log_with(move |entries| {
            for (number, entry) in (begin..).zip(entries.iter_mut().skip(5)) {
                entry.writer.node = "another".into();
                entry.writer.seq = number;
            }
        })
    };
    holds(&range(&two_writers(0), 0, 9));
    let first_event_lost = range(&two_writers(1), 0, 9);
    fails(&first_event_lost, "writer sequence", Some(member::ENTRIES), Some(5));
    assert!(failing(&first_event_lost).contains("writer another: number 0 is missing before number 1"));
    let huge = log_with(|entries| entries[9].writer.seq = 9_007_199_254_740_991);
    assert!(
        range(&huge, 0, 9)
            .steps
            .iter()
            .any(|step| step.detail.contains("9007199254740982 numbers from 9"))
    );
}

#[test]
fn a_gap_within_seconds_of_the_edge_is_noted_because_late_commits_cross_it() {
    let log = log_with(|entries| {
        entries[9].writer.seq = 10;
        entries[1].at = entries[0].at + TimeDelta::seconds(1);
    });
    let report = range(&log, 0, 9);
    holds(&report);
    assert!(
        report
            .steps
            .iter()
            .any(|step| step.verdict == Verdict::Noted && step.detail.contains("number 9 is missing"))
    );
    // Entries that commit out of order are no gap.
    let crossed = log_with(|entries| {
        entries[4].writer.seq = 5;
        entries[5].writer.seq = 4;
    });
    holds(&range(&crossed, 0, 9));
}

#[test]
fn time_that_runs_back_is_reported_and_beyond_skew_fails() {
    let back = |by: TimeDelta| log_with(move |entries| entries[5].at = entries[4].at - by);
    let report = range(&back(TimeDelta::seconds(90)), 0, 9);
    holds(&report);
    let noted = report
        .steps
        .iter()
        .find(|step| step.name == "time order" && step.verdict == Verdict::Noted)
        .unwrap();
    assert!(noted.detail.contains("at most 90000 ms"), "{}", noted.detail);
    fails(
        &range(&back(TimeDelta::minutes(6)), 0, 9),
        "time order",
        Some(member::ENTRIES),
        Some(5),
    );
}

#[test]
fn sealed_values_are_opened_withheld_or_erased() {
    let state = |report: &Report, path: &str| {
        report
            .sealed
            .iter()
            .find(|value| value.path == path)
            .map(|value| (value.index, value.state))
    };
    let report = judge(&signed(full().range(3, 8, true)));
    holds(&report);
    assert_eq!(state(&report, "name"), Some((Some(4), SealState::Opened)));
    assert_eq!(report.sealed[0].value, Some(json!("Maria Nowak")));
    assert_eq!(state(&report, "remark"), Some((Some(6), SealState::Withheld)));

    let mut entries: Vec<Entry> = (0..9).map(entry).collect();
    support::seal_into(&mut entries[2], 2, "name", json!("Maria Nowak"));
    entries[7].action = "subject.erased".into();
    entries[7].object.id = SUBJECT.into();
    let log = Log::of(entries);
    assert_eq!(
        state(&judge(&signed(log.range(0, 8, true))), "name"),
        Some((Some(2), SealState::Erased))
    );
    assert_eq!(
        state(&judge(&signed(log.range(0, 6, true))), "name"),
        Some((Some(2), SealState::Withheld))
    );
}

#[test]
fn an_opening_of_something_else_fails_even_when_the_log_signed_the_bundle() {
    let edit = |change: fn(&mut attest_ledger::bundle::Opening)| {
        let mut export = full().selection(&[1, 4, 6]);
        change(&mut export.openings[0]);
        judge(&signed(export))
    };
    fails(
        &edit(|opening| opening.value = json!("Anna Kowalska")),
        "openings",
        Some(member::OPENINGS),
        Some(4),
    );
    fails(
        &edit(|opening| opening.path = "remark".into()),
        "openings",
        Some(member::OPENINGS),
        Some(4),
    );
    fails(
        &edit(|opening| opening.index = 6),
        "openings",
        Some(member::OPENINGS),
        Some(6),
    );
    fails(
        &edit(|opening| opening.index = 5),
        "openings",
        Some(member::OPENINGS),
        Some(5),
    );
    fails(
        &edit(|opening| opening.r = Hash::new([0; 32])),
        "openings",
        Some(member::OPENINGS),
        Some(4),
    );
    fails(
        &edit(|opening| opening.side = attest_ledger::seal::Side::From),
        "openings",
        Some(member::OPENINGS),
        Some(4),
    );
}

#[test]
fn a_builder_refuses_what_would_prove_nothing() {
    let log = full();
    assert!(matches!(log.range(2, 5, true).draft(), Ok(draft) if !draft.text().is_empty()));
    let mut export = log.selection(&[1, 4]);
    export.entries.clear();
    assert_eq!(export.draft().unwrap_err(), BundleError::Empty);
    let mut export = log.selection(&[1, 4]);
    export.entries.swap(0, 1);
    assert_eq!(export.draft().unwrap_err(), BundleError::Order(1));
    let mut export = log.range(2, 5, false);
    export.entries.remove(1);
    assert_eq!(export.draft().unwrap_err(), BundleError::Order(4));
    let mut export = log.selection(&[1, 4]);
    export.proof = Proof::Selection { paths: vec![] };
    assert_eq!(export.draft().unwrap_err(), BundleError::Paths { paths: 0, entries: 2 });
    let mut export = log.selection(&[1]);
    export.filter = Some(json!({"limit": 0.5}));
    assert!(matches!(export.draft().unwrap_err(), BundleError::Value(_)));
}

#[test]
fn a_forked_checkpoint_or_another_origin_fails() {
    let mut export = full().selection(&[1]);
    let text = Checkpoint::new("lab.example/audit/other/1", 11, Hash::new([1; 32])).to_string();
    export.checkpoint = Note::sign(&text, &[&signer()]).unwrap().to_bytes();
    let report = judge(&signed(export));
    fails(&report, "checkpoint signature", Some(member::CHECKPOINT), None);
    fails(&report, "inclusion", None.or(Some(member::CHECKPOINT)), Some(1));
}
