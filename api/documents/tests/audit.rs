//! What an assessor finds in an audit export, and what a job is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use attest_documents::audit::{Attachment, AuditExport, AuditRow, MAX_ROWS};
use attest_documents::{Job, JobError, Language, RenderError, render_audit, render_job};
use support::{attachments, page_count, text, words};

fn export(rows: usize) -> AuditExport {
    AuditExport {
        language: Language::Pl,
        laboratory: "Laboratorium Medyczne Wisła".into(),
        log: "lab.example/audit/wisla/1".into(),
        created_at: chrono::DateTime::parse_from_rfc3339("2026-11-21T18:40:00+01:00").unwrap(),
        created: "2026-11-21 18:40 +01:00".into(),
        created_by: "M. Kwiatkowska".into(),
        range: format!("Zdarzenia 0 – {rows}"),
        selection: true,
        filter: Some("result.corrected".into()),
        checkpoint: "lab.example/audit/wisla/1\n1204\nq1cT9n0m=\n\n— lab.example/audit/wisla/1 8Zk3qg9m\n".into(),
        verifier_key: "lab.example/audit/wisla/1+f19937aa+AW6mPq1c".into(),
        how_to_verify: Vec::new(),
        part: 2,
        parts: 3,
        rows: (0..rows).map(row).collect(),
    }
}

fn row(index: usize) -> AuditRow {
    AuditRow {
        index: u64::try_from(index).unwrap(),
        at: "2026-11-21 07:02:11.512 +01:00".into(),
        actor: "A. Wójcik".into(),
        sentence: format!("Poprawiono wynik numer {index}."),
        object: "próbka 26-018931".into(),
        source: "10.4.1.22".into(),
        details: vec!["value: 0.19 → 0.019".into()],
    }
}

fn members() -> Vec<Attachment> {
    vec![
        Attachment {
            name: "entries.jsonl".into(),
            mime: "application/jsonl".into(),
            bytes: "{\"ż\":1}\n".repeat(500).into_bytes(),
        },
        Attachment {
            name: "blob.tsr".into(),
            mime: "application/timestamp-reply".into(),
            bytes: (0..=255).collect(),
        },
    ]
}

#[test]
fn members_of_the_bundle_come_out_exactly_as_they_went_in() {
    let pdf = render_audit(&export(3), members()).unwrap();
    let found = attachments(&pdf);
    assert_eq!(found.len(), 2);
    for member in members() {
        assert_eq!(found[&member.name], member.bytes);
    }
}

#[test]
fn every_event_is_printed_once_under_a_repeated_head() {
    let pdf = render_audit(&export(200), members()).unwrap();
    let Some(text) = text(&pdf) else { return };
    for index in 0..200 {
        assert_eq!(
            text.matches(&format!("Poprawiono wynik numer {index}.")).count(),
            1,
            "{index}"
        );
    }
    assert!(text.matches("Co się stało").count() >= page_count(&pdf) - 1);
    let words = words(&pdf).unwrap();
    assert!(words.contains("część 2 z 3"));
    assert!(words.contains("— lab.example/audit/wisla/1 8Zk3qg9m"));
    assert!(words.contains("lab.example/audit/wisla/1+f19937aa+AW6mPq1c"));
}

#[test]
fn an_export_without_events_says_so() {
    let pdf = render_audit(&export(0), Vec::new()).unwrap();
    if let Some(words) = words(&pdf) {
        assert!(words.contains("Brak zdarzeń w tym zakresie."));
    }
}

#[test]
fn the_first_part_is_given_to_the_program_as_it_is_and_a_further_one_names_it() {
    let mut export = export(3);
    export.language = Language::En;
    export.selection = false;
    let Some(further) = words(&render_audit(&export, Vec::new()).unwrap()) else {
        return;
    };
    assert!(further.contains("This is part 2 of 3."), "{further}");
    assert!(further.contains("attached to part 1 and not to this file"));
    assert!(!further.contains("attached to this PDF"));
    export.part = 1;
    let first = words(&render_audit(&export, members()).unwrap()).unwrap();
    assert!(first.contains("attached to this PDF as data"), "{first}");
    assert!(first.contains("attest-verify FILE.pdf --key KEY"));
    assert!(!first.contains("zip"));
}

#[test]
fn a_selection_says_what_it_cannot_prove() {
    let mut export = export(3);
    let Some(polish) = words(&render_audit(&export, Vec::new()).unwrap()) else {
        return;
    };
    assert!(polish.contains("To jest wybór") && polish.contains("Nie może dowieść, że wybór jest kompletny"));
    assert!(!polish.contains("nie usunięto"));
    export.selection = false;
    let range = words(&render_audit(&export, Vec::new()).unwrap()).unwrap();
    assert!(range.contains("nie usunięto") && !range.contains("To jest wybór"));
}

#[test]
fn a_part_has_a_thousand_rows_at_most() {
    assert!(matches!(
        render_audit(&export(MAX_ROWS + 1), Vec::new()),
        Err(RenderError::Input(_))
    ));
}

#[test]
fn a_repeated_member_is_refused() {
    let twice = [members(), members()].concat();
    assert!(render_audit(&export(1), twice).is_err());
}

#[test]
fn a_job_is_the_same_document_on_the_other_side_of_a_pipe() {
    let direct = render_audit(&export(5), members()).unwrap();
    let job = Job::Audit {
        export: Box::new(export(5)),
        attachments: members(),
    };
    assert_eq!(render_job(&serde_json::to_vec(&job).unwrap()).unwrap(), direct);

    let report = Job::Report {
        report: Box::new(support::water()),
    };
    let bytes = render_job(&serde_json::to_vec(&report).unwrap()).unwrap();
    assert_eq!(bytes, attest_documents::render_report(&support::water()).unwrap());
}

#[test]
fn what_is_not_a_job_is_refused() {
    for input in ["", "{}", "{\"job\":\"shell\"}", "{\"job\":\"audit\",\"export\":{}}"] {
        assert!(
            matches!(render_job(input.as_bytes()), Err(JobError::Malformed(_))),
            "{input}"
        );
    }
}
