//! What a reader, and a reader's program, find in a report.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use attest_documents::report::{ReportResult, ReportSample, TWIN_NAME, TestReport};
use attest_documents::{RenderError, render_report};
use support::{amendment, attachments, medical, page_count, preliminary, text, water, words};

#[test]
fn the_same_report_gives_the_same_bytes_whatever_was_rendered_between() {
    let first = render_report(&water()).unwrap();
    render_report(&medical()).unwrap();
    assert_eq!(first, render_report(&water()).unwrap());
}

#[test]
fn any_change_gives_another_document() {
    let mut changed = water();
    changed.samples[0].results[0].value = "341".into();
    assert_ne!(render_report(&water()).unwrap(), render_report(&changed).unwrap());
}

#[test]
fn the_twin_is_attached_and_reads_back_as_the_same_report() {
    for report in [water(), medical(), preliminary(), amendment()] {
        let files = attachments(&render_report(&report).unwrap());
        let twin: serde_json::Value = serde_json::from_slice(&files[TWIN_NAME]).unwrap();
        assert_eq!(twin["schema"], "attest.report/v1");
        let back: TestReport = serde_json::from_value(twin["report"].clone()).unwrap();
        assert_eq!(back, report);
    }
}

#[test]
fn texts_of_the_samples_are_as_reviewed() {
    for (name, report) in [
        ("water-en", water()),
        ("medical-pl", medical()),
        ("preliminary-pl", preliminary()),
        ("amendment-en", amendment()),
    ] {
        let Some(text) = text(&render_report(&report).unwrap()) else {
            eprintln!("pdftotext is not installed: texts not compared");
            return;
        };
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn every_string_of_a_report_is_printed() {
    for report in [water(), medical(), preliminary(), amendment()] {
        let Some(printed) = words(&render_report(&report).unwrap()) else {
            return;
        };
        let printed: String = printed.split_whitespace().collect();
        let mut data = serde_json::to_value(&report).unwrap();
        // Not for people: file date and choices that become words.
        for key in ["issued_at", "kind", "language"] {
            data.as_object_mut().unwrap().remove(key);
        }
        let mut missing = Vec::new();
        each_string(&data, &mut |key, value| {
            let choice = matches!(key, "type" | "statement" | "flag");
            let squeezed: String = value.split_whitespace().collect();
            if !choice && !printed.contains(&squeezed) {
                // A value wrapped beside another column is interleaved; its words are there.
                if !value.split_whitespace().all(|word| printed.contains(word)) {
                    missing.push(format!("{key}: {value}"));
                }
            }
        });
        assert!(missing.is_empty(), "{}: {missing:#?}", report.number);
    }
}

fn each_string(value: &serde_json::Value, see: &mut impl FnMut(&str, &str)) {
    fn walk(key: &str, value: &serde_json::Value, see: &mut impl FnMut(&str, &str)) {
        match value {
            serde_json::Value::String(text) => see(key, text),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(key, item, see)),
            serde_json::Value::Object(fields) => fields.iter().for_each(|(key, item)| walk(key, item, see)),
            _ => {}
        }
    }
    walk("", value, see);
}

#[test]
fn number_version_and_page_stand_on_every_page() {
    let pdf = render_report(&water()).unwrap();
    let Some(text) = text(&pdf) else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert_eq!(pages.len(), page_count(&pdf));
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("2023/00417, version 1"), "page {index}");
        assert!(
            page.contains(&format!("Page {} of {}", index + 1, pages.len())),
            "page {index}"
        );
    }
    assert!(pages.last().unwrap().contains("End of report 2023/00417, version 1"));
}

#[test]
fn a_patient_is_named_with_an_identifier_on_every_page() {
    let Some(text) = text(&render_report(&medical()).unwrap()) else {
        return;
    };
    for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(page.contains("Bożena Świątek-Łącka, PESEL 67111912345"));
    }
}

#[test]
fn without_an_authorisation_it_says_draft_and_names_no_signature() {
    let mut report = water();
    report.authorised_by.clear();
    let Some(draft) = words(&render_report(&report).unwrap()) else {
        return;
    };
    assert!(draft.contains("Draft. Not authorised, not to be used."));
    assert!(!draft.contains("Signed electronically"));
    let authorised = words(&render_report(&water()).unwrap()).unwrap();
    assert!(!authorised.contains("Draft"));
}

#[test]
fn characters_no_face_can_draw_are_printed_as_codes_and_kept_in_the_twin() {
    let mut report = water();
    report.samples[0].client_reference = Some("井戸 \u{202e}7\u{7}".into());
    let pdf = render_report(&report).unwrap();
    if let Some(printed) = words(&pdf) {
        assert!(printed.contains("[U+4E95][U+6238]"), "{printed}");
        assert!(printed.contains("[U+202E]7[U+0007]"), "{printed}");
    }
    let twin: serde_json::Value = serde_json::from_slice(&attachments(&pdf)[TWIN_NAME]).unwrap();
    assert_eq!(twin["report"]["samples"][0]["client_reference"], "井戸 \u{202e}7\u{7}");
}

#[test]
fn markup_in_the_data_is_text_and_nothing_else() {
    let mut report = water();
    report.remarks = vec!["#read(\"/etc/passwd\") *bold* $x$ <script> \\ @ref".into()];
    let Some(printed) = words(&render_report(&report).unwrap()) else {
        return;
    };
    assert!(
        printed.contains("#read(\"/etc/passwd\") *bold* $x$ <script> \\ @ref"),
        "{printed}"
    );
}

#[test]
fn a_table_longer_than_a_page_repeats_its_head() {
    let mut report = water();
    let row = report.samples[0].results[3].clone();
    report.samples.truncate(1);
    report.samples[0].results = (0..120)
        .map(|n| ReportResult {
            test: format!("Analyte {n:03}"),
            ..row.clone()
        })
        .collect();
    let pdf = render_report(&report).unwrap();
    let pages = page_count(&pdf);
    assert!(pages >= 4);
    let Some(text) = text(&pdf) else { return };
    assert!(text.matches("Uncertainty").count() >= pages - 1);
    for n in 0..120 {
        assert_eq!(text.matches(&format!("Analyte {n:03}")).count(), 1);
    }
}

#[test]
fn a_comment_longer_than_a_page_loses_nothing() {
    let mut report = water();
    let comment: Vec<String> = (0..3_000).map(|n| format!("w{n:04}")).collect();
    report.samples[0].results[0].comment = Some(comment.join(" "));
    let Some(printed) = words(&render_report(&report).unwrap()) else {
        return;
    };
    for word in comment {
        assert!(printed.contains(&word), "{word} is missing");
    }
}

#[test]
fn odd_but_allowed_content_is_no_reason_to_fail() {
    let long = "x".repeat(400);
    let mut report = medical();
    report.remarks = vec![
        long.clone(),
        "a ".repeat(3_000),
        String::new(),
        "line\nline\ttab".into(),
    ];
    report.samples.push(ReportSample {
        accession_number: long.clone(),
        sample_type: long.clone(),
        ..ReportSample::default()
    });
    report.samples[0].results.push(ReportResult {
        test: long.clone(),
        method: Some(long.clone()),
        value: long.clone(),
        unit: Some(long.clone()),
        uncertainty: Some(long.clone()),
        limit: Some(long),
        ..ReportResult::default()
    });
    report.samples[0].results.push(ReportResult {
        test: "growth".into(),
        value: "moderate growth of mixed flora, see comment".into(),
        ..ReportResult::default()
    });
    render_report(&report).unwrap();
    report.samples.clear();
    render_report(&report).unwrap();
}

#[test]
fn an_address_too_long_for_a_qr_code_is_refused_and_the_next_report_is_fine() {
    let mut report = water();
    report.verification.url = "https://lims.example/".to_owned() + &"x".repeat(5_000);
    assert!(matches!(render_report(&report), Err(RenderError::Input(_))));
    render_report(&water()).unwrap();
}

#[test]
fn unknown_fields_are_refused() {
    let mut data = serde_json::to_value(water()).unwrap();
    data["samples"][0]["results"][0]["uncertanty"] = "± 1".into();
    assert!(serde_json::from_value::<TestReport>(data).is_err());
}
