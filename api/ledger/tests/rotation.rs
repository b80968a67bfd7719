//! From an older key of the log to the one that signed a bundle: what leads there, and everything that must not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/rotated.rs"]
mod rotated;
mod support;

use attest_ledger::bundle::{Manifest, Members, Report, member, verify_bundle};
use attest_ledger::entry::Entry;
use attest_ledger::note::{LocalSigner, Signer, VerifierKey};
use attest_ledger::rotation::{KeyRotation, RotationProof};
use rotated::{ROTATIONS, SIZE, key, log, log_of, note, proof, proofs, rotation_entry, signed};
use support::{LOG, Log, entry};

fn judge(members: &Members, key: &VerifierKey) -> Report {
    verify_bundle(members, key, None, None)
}

fn failing(report: &Report) -> Vec<String> {
    let told = report.failures().map(|step| format!("{}: {}", step.name, step.detail));
    told.collect()
}

#[track_caller]
fn fails_saying(members: &Members, key: &VerifierKey, words: &str) {
    let report = judge(members, key);
    let told = failing(&report);
    assert!(
        !report.holds() && told.iter().any(|step| step.contains(words)),
        "{told:#?}"
    );
}

fn whole(log: &Log, rotations: Vec<RotationProof>, n: u8) -> Members {
    let last = u64::try_from(log.entries.len()).unwrap() - 1;
    signed(log, log.range(0, last, true), rotations, n)
}

/// ATT-44 A bundle made after two rotations holds under each of the three keys, and says how it got from one to the other.
#[test]
fn every_key_of_the_log_leads_to_the_one_that_signed_att_44() {
    let log = log();
    for export in [
        log.range(0, SIZE - 1, true),
        log.range(10, 11, false),
        log.selection(&[1, 10]),
    ] {
        let members = signed(&log, export, proofs(&log), 2);
        for n in 0..=2 {
            let report = judge(&members, &key(n));
            assert!(report.holds(), "key {n}: {:#?}", failing(&report));
            let steps: Vec<_> = report.steps.iter().filter(|step| step.name == "key rotation").collect();
            assert_eq!(steps.len(), 2, "each step is shown");
            assert!(steps[1].detail.contains(&key(2).to_string()), "{}", steps[1].detail);
        }
        fails_saying(&members, &key(3), "do not come past the key given");
    }
}

/// A bundle made before the rotations knows nothing of them, and holds under the first key alone.
#[test]
fn a_bundle_from_before_is_what_it_was() {
    let before = log_of(4, &|_, entry| entry);
    let members = signed(&before, before.range(0, 3, true), vec![], 0);
    assert!(judge(&members, &key(0)).holds());
    assert!(!members.contains_key(member::ROTATIONS));
    fails_saying(&members, &key(1), "no signature by");
}

#[test]
fn the_manifest_names_the_rotations_and_the_readme_explains_them() {
    let log = log();
    let members = whole(&log, proofs(&log), 2);
    let manifest: Manifest = serde_json::from_slice(&members[member::MANIFEST]).unwrap();
    assert!(manifest.files.contains_key(member::ROTATIONS));
    let readme = String::from_utf8(members[member::README].clone()).unwrap();
    assert_eq!(readme.matches("rotations.jsonl").count(), 2, "in both languages");
    let without = signed(
        &log_of(4, &|_, entry| entry),
        log_of(4, &|_, entry| entry).range(0, 3, true),
        vec![],
        0,
    );
    assert!(!String::from_utf8_lossy(&without[member::README]).contains("rotations"));
}

#[test]
fn a_checkpoint_held_from_any_time_of_any_key_is_judged() {
    let log = log();
    let mut export = log.selection(&[1, 10]);
    export.consistency = Some(log.consistency(5));
    let members = signed(&log, export, proofs(&log), 2);
    let with = |held: &str, n: u8| verify_bundle(&members, &key(n), Some(held.as_bytes()), None);
    for n in 0..=2 {
        let report = with(&note(&log, 5, &[0]), n);
        assert!(report.holds(), "{:#?}", failing(&report));
    }
    // The first key signed nothing beyond the checkpoint of its rotation: what bears its name there was forged with a stolen key.
    for (size, signers) in [(7, [0].as_slice()), (10, &[1]), (12, &[0])] {
        let report = with(&note(&log, size, signers), 2);
        assert!(
            failing(&report).iter().any(|told| told.contains("no signature by")),
            "{size}"
        );
    }
}

/// ATT-40 Whatever is done to the chain of keys, the verifier says what does not hold.
#[test]
fn a_broken_chain_does_not_hold_att_40() {
    let log = log();
    let with = |change: &dyn Fn(&mut Vec<RotationProof>)| {
        let mut rotations = proofs(&log);
        change(&mut rotations);
        whole(&log, rotations, 2)
    };
    let ((first, both_first), (second, both_second)) = (ROTATIONS[0], ROTATIONS[1]);
    // A link is missing: the reader's key is not among those that are named, or the step before is.
    fails_saying(
        &with(&|all| drop(all.remove(0))),
        &key(0),
        "do not come past the key given",
    );
    fails_saying(
        &with(&|all| drop(all.remove(0))),
        &key(2),
        "no rotation of this bundle proves it",
    );
    fails_saying(&with(&|all| drop(all.remove(1))), &key(0), "no signature by");
    fails_saying(
        &with(&|all| drop(all.remove(1))),
        &key(2),
        "do not come past the key given",
    );
    // One of the two signatures is missing.
    let by_one = |n: u8| with(&|all| all[0] = proof(&log, first, both_first, SIZE, &[n]));
    fails_saying(&by_one(1), &key(0), "not signed by the old key");
    fails_saying(&by_one(0), &key(0), "not signed by the new key");
    // The order.
    fails_saying(&with(&|all| all.reverse()), &key(0), "which is the later one");
    // The same step twice.
    fails_saying(
        &with(&|all| all.insert(1, all[0].clone())),
        &key(0),
        "which is the later one",
    );
    // A checkpoint that does not cover the event, and one of the right size over another log.
    fails_saying(
        &with(&|all| all[1].checkpoint = note(&log, second, &[1, 2])),
        &key(0),
        "not in the log that both keys signed",
    );
    fails_saying(
        &with(&|all| all[1].checkpoint = note(&Log::sample(SIZE), both_second, &[1, 2])),
        &key(0),
        "not in the log that both keys signed",
    );
    fails_saying(
        &with(&|all| all[1].consistency.clear()),
        &key(0),
        "not the beginning of this one",
    );
    // Another event with a valid form in the place of the one that is in the log.
    let forged = Log::of(vec![rotation_entry(first, &key(0), &key(3))]);
    fails_saying(
        &with(&|all| all[0].entry = proof(&forged, 0, 1, 1, &[0]).entry),
        &key(0),
        "not signed by the new key",
    );
}

/// A thief of the database tells of a new key that the old one never signed for: in the log, but proven by nothing.
#[test]
fn an_event_that_nobody_signed_for_does_not_hold_att_40() {
    let forged = log_of(SIZE, &|index, entry| match index {
        4 => rotation_entry(index, &key(0), &key(3)),
        _ => entry,
    });
    // The signer went on with the old key.
    fails_saying(
        &whole(&forged, vec![], 0),
        &key(0),
        "no rotation of this bundle proves it",
    );
    // The thief signs alone.
    let rotations = vec![proof(&forged, 4, 6, SIZE, &[3])];
    fails_saying(
        &whole(&forged, rotations.clone(), 3),
        &key(0),
        "not signed by the old key",
    );
    fails_saying(&whole(&forged, rotations, 3), &key(3), "not signed by the old key");
}

/// Two rotations that do not meet: the second replaces a key that the first did not put in place.
#[test]
fn links_that_do_not_meet_do_not_hold() {
    let log = log_of(SIZE, &|index, entry| match index {
        4 => rotation_entry(index, &key(0), &key(1)),
        8 => rotation_entry(index, &key(3), &key(2)),
        _ => entry,
    });
    let rotations = vec![proof(&log, 4, 6, SIZE, &[0, 1]), proof(&log, 8, 9, SIZE, &[3, 2])];
    for n in 0..=3 {
        fails_saying(
            &whole(&log, rotations.clone(), 2),
            &key(n),
            "but the key until then was",
        );
    }
}

/// The event is about this log and names two keys of it, or it is none.
#[test]
fn an_event_of_another_log_or_form_is_no_rotation() {
    let good = rotation_entry(4, &key(0), &key(1));
    let read = |entry: &Entry| KeyRotation::from_entry(entry, LOG).map_err(|why| why.to_string());
    assert_eq!(
        read(&good).unwrap(),
        KeyRotation {
            from: key(0),
            to: key(1)
        }
    );
    let other = "lab.example/audit/other/1";
    let foreign_key = LocalSigner::new(other, &[0x42; 32]).unwrap().key().clone();
    for (what, words) in [
        (
            Entry {
                log: other.to_owned(),
                ..good.clone()
            },
            "of the log lab.example/audit/other/1",
        ),
        (rotation_entry(4, &key(0), &foreign_key), "is no key of it"),
        (rotation_entry(4, &key(0), &key(0)), "both are one"),
        (entry(4), "does not say that the key"),
    ] {
        let refused = read(&what).unwrap_err();
        assert!(refused.contains(words), "{refused}");
    }
    let mut twice = good.clone();
    twice.changes.push(good.changes[0].clone());
    assert!(read(&twice).is_err());
    let mut elsewhere = good;
    elsewhere.object.id = other.to_owned();
    assert!(read(&elsewhere).is_err());
}

/// ATT-40 One flipped byte in the rotations is named, and the step with it.
#[test]
fn a_flipped_byte_in_the_rotations_is_named_att_40() {
    let log = log();
    let members = whole(&log, proofs(&log), 2);
    for place in (0..members[member::ROTATIONS].len()).step_by(7) {
        let mut flipped = members.clone();
        flipped.get_mut(member::ROTATIONS).unwrap()[place] ^= 0x01;
        for n in [0, 2] {
            let report = judge(&flipped, &key(n));
            let named = |step: &&attest_ledger::bundle::Step| step.file.as_deref() == Some(member::ROTATIONS);
            assert!(
                report.failures().any(|step| named(&step)),
                "byte {place}: {:#?}",
                failing(&report)
            );
        }
    }
}
