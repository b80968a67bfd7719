//! What an assessor finds in the record of a review of who has access.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use attest_documents::access_review::{AccessReviewRecord, MAX_ACCOUNTS, ReviewedAccount};
use attest_documents::{Language, RenderError, render_access_review};
use support::{attachments, page_count, words};

fn record(accounts: usize) -> AccessReviewRecord {
    let mut record: AccessReviewRecord =
        serde_json::from_str(include_str!("../examples/samples/access-review-pl.json")).unwrap();
    let first = record.accounts[1].clone();
    record
        .accounts
        .extend((record.accounts.len()..accounts).map(|index| ReviewedAccount {
            name: format!("Osoba numer {index}."),
            ..first.clone()
        }));
    record
}

#[test]
fn every_account_stands_on_the_record_with_its_decision() {
    let pdf = render_access_review(&record(0)).unwrap();
    let Some(words) = words(&pdf) else { return };
    for wanted in [
        "Protokół przeglądu uprawnień",
        "AR-3",
        "Konta dezaktywowane",
        "Konta zachowane",
        "odeszła z laboratorium",
        "proponowano dezaktywację",
        "od dawna nieużywane",
        "konto usługowe",
        "własny dostęp",
        "Koniec protokołu AR-3",
    ] {
        assert!(words.contains(wanted), "{wanted:?} is not on the record:\n{words}");
    }
}

#[test]
fn a_long_list_names_everybody_once() {
    let pdf = render_access_review(&record(200)).unwrap();
    assert!(page_count(&pdf) > 5);
    let Some(words) = words(&pdf) else { return };
    for index in [10, 57, 199] {
        assert_eq!(words.matches(&format!("Osoba numer {index}.")).count(), 1, "{index}");
    }
}

#[test]
fn machines_get_the_same_and_twice_the_same_bytes() {
    let record = record(0);
    let pdf = render_access_review(&record).unwrap();
    assert_eq!(pdf, render_access_review(&record).unwrap());
    let twin: serde_json::Value = serde_json::from_slice(&attachments(&pdf)["access-review.json"]).unwrap();
    assert_eq!(twin, record.data);
}

#[test]
fn an_english_record_is_english_throughout() {
    let english = AccessReviewRecord {
        language: Language::En,
        ..record(0)
    };
    let Some(words) = words(&render_access_review(&english).unwrap()) else {
        return;
    };
    assert!(words.contains("Record of an access review") && words.contains("End of record AR-3"));
    assert!(!words.contains("Protokół przeglądu") && !words.contains("Kto i kiedy"));
}

#[test]
fn there_is_a_limit() {
    let refused = render_access_review(&record(MAX_ACCOUNTS + 1));
    assert!(matches!(refused, Err(RenderError::Input(_))));
}
