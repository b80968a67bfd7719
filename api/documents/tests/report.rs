//! What a reader, and a reader's program, find in a report.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use attest_documents::report::{LimitMark, Recipient, ReportResult, ReportSample, TWIN_NAME, TWIN_SCHEMA, TestReport};
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
fn the_data_are_attached_as_they_are_and_not_printed() {
    let mut report = water();
    report.data = serde_json::json!({"schema": TWIN_SCHEMA, "ż": ["0.050", null, 3], "unprinted": "Zażółć-1234"});
    let pdf = render_report(&report).unwrap();
    let twin: serde_json::Value = serde_json::from_slice(&attachments(&pdf)[TWIN_NAME]).unwrap();
    assert_eq!(twin, report.data);
    if let Some(printed) = words(&pdf) {
        assert!(!printed.contains("Zażółć-1234"));
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
        for key in ["issued_at", "kind", "language", "data"] {
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
    for only_of_a_signed_one in [
        "Signed electronically",
        "Issued",
        "Check that this is genuine",
        &report.verification.url,
    ] {
        assert!(!draft.contains(only_of_a_signed_one), "{only_of_a_signed_one}");
    }
    let authorised = words(&render_report(&water()).unwrap()).unwrap();
    assert!(!authorised.contains("Draft"));
}

#[test]
fn characters_no_face_can_draw_are_printed_as_codes_and_kept_in_the_data() {
    let mut report = water();
    let name = "井戸 \u{202e}7\u{7}";
    report.samples[0].client_reference = Some(name.into());
    report.data = serde_json::json!({ "client_reference": name });
    let pdf = render_report(&report).unwrap();
    if let Some(printed) = words(&pdf) {
        assert!(printed.contains("[U+4E95][U+6238]"), "{printed}");
        assert!(printed.contains("[U+202E]7[U+0007]"), "{printed}");
    }
    let twin: serde_json::Value = serde_json::from_slice(&attachments(&pdf)[TWIN_NAME]).unwrap();
    assert_eq!(twin["client_reference"], name);
}

#[test]
fn every_script_people_write_in_can_be_typeset() {
    let mut report = medical();
    for (sample, name) in report.samples.iter_mut().zip(["水样 一号", "عينة नमूना"]) {
        sample.client_reference = Some(name.into());
    }
    report.remarks = vec!["Проба Δείγμα ตัวอย่าง 서울 🧪 ﬁ ½ e\u{301} \u{fe0f}".into()];
    let Some(printed) = words(&render_report(&report).unwrap()) else {
        return;
    };
    assert!(
        printed.contains("[U+6C34]") && printed.contains("Проба Δείγμα"),
        "{printed}"
    );
}

#[test]
fn every_mark_is_explained_once() {
    let mut report = water();
    report.samples.truncate(1);
    report.samples[0].customer_supplied = true;
    let result = ReportResult {
        test: "Lead".into(),
        value: "< 0.02".into(),
        accredited: true,
        ..ReportResult::default()
    };
    report.samples[0].results = [LimitMark::Lod, LimitMark::Loq, LimitMark::Range]
        .map(|mark| ReportResult {
            limit_mark: Some(mark),
            ..result.clone()
        })
        .to_vec();
    let Some(printed) = words(&render_report(&report).unwrap()) else {
        return;
    };
    for (mark, meaning) in [
        ("(LOD)", "LOD below the limit of detection"),
        ("(LOQ)", "LOQ below the limit of quantification"),
        ("(RL)", "RL below the measuring range"),
        ("Collected C", "C supplied by the customer"),
    ] {
        assert!(printed.contains(mark), "{mark}: {printed}");
        assert_eq!(printed.matches(meaning).count(), 1, "{meaning}: {printed}");
    }
}

#[test]
fn marks_and_coverage_factors_are_not_torn_off() {
    let mut report = water();
    report.samples.truncate(1);
    report.samples[0].results = vec![ReportResult {
        test: "Dissolved oxygen, percent of saturation, unfiltered".into(),
        value: "95.11".into(),
        uncertainty: Some("± 10.1234 (10 %, k = 2)".into()),
        unit: Some("standard units of something".into()),
        limit: Some("between one and another".into()),
        calculated: true,
        ..ReportResult::default()
    }];
    let Some(text) = text(&render_report(&report).unwrap()) else {
        return;
    };
    assert!(text.contains("(10 %, k = 2)"), "{text}");
    assert!(
        text.lines()
            .any(|line| line.contains("unfiltered") && line.contains("N K")),
        "{text}"
    );
}

#[test]
fn a_client_without_an_address_is_said_to_have_given_none() {
    let mut report = water();
    let Recipient::Client(client) = &mut report.recipient else {
        panic!("a client's report")
    };
    client.address.clear();
    let Some(printed) = words(&render_report(&report).unwrap()) else {
        return;
    };
    assert!(printed.contains("address not given"));
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
