//! A log whose key was replaced twice.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

use crate::support::{LOG, Log, entry, naive_consistency, naive_path, naive_root};
use attest_ledger::bundle::{Export, Members};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::{Change, Entry, ObjectRef};
use attest_ledger::note::{LocalSigner, Note, Signer, VerifierKey};
use attest_ledger::rotation::RotationProof;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

/// Where the key was replaced: the event's index, and the size of the checkpoint that both keys signed.
pub const ROTATIONS: [(u64, u64); 2] = [(4, 6), (8, 9)];
pub const SIZE: u64 = 12;

/// The `n`th key of the log.
pub fn signer(n: u8) -> LocalSigner {
    LocalSigner::new(LOG, &[0x42 + n; 32]).unwrap()
}

pub fn key(n: u8) -> VerifierKey {
    signer(n).key().clone()
}

/// The event at `index`: `from` was replaced by `to`.
pub fn rotation_entry(index: u64, from: &VerifierKey, to: &VerifierKey) -> Entry {
    Entry {
        action: "ledger.key_rotated".to_owned(),
        object: ObjectRef {
            kind: "ledger".to_owned(),
            id: LOG.to_owned(),
            version: None,
            label: None,
        },
        changes: vec![
            Change {
                path: "verifier_key".to_owned(),
                from: Some(json!(from.to_string())),
                to: Some(json!(to.to_string())),
            },
            Change {
                path: "request".to_owned(),
                from: None,
                to: Some(json!("0198f3a0-0000-7000-8000-0000000000bb")),
            },
        ],
        ..entry(index)
    }
}

pub fn log() -> Log {
    log_of(SIZE, &|index, entry| {
        let number = ROTATIONS.iter().position(|(at, _)| *at == index);
        match number.map(|number| u8::try_from(number).unwrap()) {
            Some(number) => rotation_entry(index, &key(number), &key(number + 1)),
            None => entry,
        }
    })
}

pub fn log_of(size: u64, change: &dyn Fn(u64, Entry) -> Entry) -> Log {
    Log::of((0..size).map(|index| change(index, entry(index))).collect())
}

/// The note over the first `size` entries, signed by these keys.
pub fn note(log: &Log, size: u64, signers: &[u8]) -> String {
    let root = naive_root(&log.leaves()[..size as usize]);
    let signers: Vec<LocalSigner> = signers.iter().map(|n| signer(*n)).collect();
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| signer as &dyn Signer).collect();
    let checkpoint = Checkpoint::new(LOG, size, root);
    Note::sign(&checkpoint.to_string(), &signers).unwrap().to_string()
}

/// The proof of the event at `index` under the first `covered` entries, signed by these keys, up to a log of `size`.
pub fn proof(log: &Log, index: u64, covered: u64, size: u64, signers: &[u8]) -> RotationProof {
    let leaves = log.leaves();
    RotationProof {
        index,
        entry: STANDARD.encode(&log.entries[index as usize]),
        path: naive_path(index as usize, &leaves[..covered as usize]),
        checkpoint: note(log, covered, signers),
        consistency: naive_consistency(covered as usize, &leaves[..size as usize], true),
    }
}

pub fn proofs(log: &Log) -> Vec<RotationProof> {
    ROTATIONS
        .iter()
        .zip(0_u8..)
        .map(|((index, covered), n)| proof(log, *index, *covered, SIZE, &[n, n + 1]))
        .collect()
}

/// An export with these rotations, its checkpoint and manifest signed by the `n`th key.
pub fn signed(log: &Log, export: Export, rotations: Vec<RotationProof>, n: u8) -> Members {
    let size = log.entries.len() as u64;
    let export = Export {
        checkpoint: note(log, size, &[n]).into_bytes(),
        rotations,
        ..export
    };
    export.draft().unwrap().sign(&signer(n)).unwrap()
}
