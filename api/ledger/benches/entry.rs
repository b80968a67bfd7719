//! `cargo bench -p attest-ledger --bench entry`: what one typical event costs. The aim is under 5 µs for `to_bytes`, which
//! is on the path of every write.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::as_conversions)]

use std::hint::black_box;
use std::time::Instant;

use attest_ledger::entry::{Actor, ActorKind, Assurance, Change, Entry, ObjectRef, Reason, Source, Writer};
use attest_ledger::{merkle, outbox};
use serde_json::json;

fn main() {
    let entry = Entry {
        id: uuid::Uuid::now_v7(),
        log: "lab.example/audit/river-water/1".into(),
        at: chrono::Utc::now(),
        actor: Actor {
            kind: ActorKind::User,
            id: Some(uuid::Uuid::now_v7().to_string()),
            session: Some(uuid::Uuid::now_v7().to_string()),
            assurance: Assurance::Password,
        },
        source: Source {
            ip: Some("192.0.2.17".into()),
            request_id: Some(uuid::Uuid::now_v7().to_string()),
            user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into()),
        },
        action: "result.corrected".into(),
        object: ObjectRef {
            kind: "result".into(),
            id: uuid::Uuid::now_v7().to_string(),
            version: Some(3),
            label: Some("W-2026-000123".into()),
        },
        reason: Some(Reason {
            code: "transcription".into(),
            text: Some("copied from the wrong line".into()),
        }),
        changes: vec![
            Change {
                path: "value".into(),
                from: Some(json!("0.021")),
                to: Some(json!("0.012")),
            },
            Change {
                path: "unit".into(),
                from: Some(json!("mg/L")),
                to: Some(json!("mg/L")),
            },
            Change {
                path: "flags".into(),
                from: Some(json!(["high"])),
                to: Some(json!([])),
            },
        ],
        sealed: vec![],
        signature: None,
        writer: Writer {
            node: "9f86d081884c7d65".into(),
            seq: 123_456,
        },
        code: "0.1.0".into(),
    };
    let bytes = entry.to_bytes().unwrap();
    println!("entry of {} bytes", bytes.len());
    time("to_bytes", || black_box(&entry).to_bytes().unwrap().len());
    time("from_bytes", || {
        Entry::from_bytes(black_box(&bytes)).unwrap().changes.len()
    });
    time("outbox mac", || {
        usize::from(outbox::mac(&[7; 32], black_box(&bytes))[0])
    });
    time("leaf hash", || {
        usize::from(merkle::leaf_hash(black_box(&bytes)).as_bytes()[0])
    });
}

fn time(name: &str, mut work: impl FnMut() -> usize) {
    const ROUNDS: u32 = 200_000;
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        black_box(work());
    }
    println!(
        "{name:<12} {:>8.3} µs",
        begin.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
    );
}
