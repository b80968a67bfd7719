//! Contents for tests, and the tests of the format itself.

use super::*;
use attest_domain::role::LaboratoryKind;
use attest_domain::terms::Origin;
use attest_domain::value::{Detection, Uncertainty, UncertaintyKind};

/// A content with one sample and no results.
pub(in crate::reports) fn blank() -> ReportContent {
    ReportContent {
        v: FORMAT.to_owned(),
        nonce: "00".repeat(32),
        number: "R-2026-000001".to_owned(),
        version_no: 1,
        kind: ReportKind::Final,
        language: Language::En,
        laboratory: ContentLaboratory {
            name: "Riverside".to_owned(),
            kind: LaboratoryKind::Testing,
            address: String::new(),
            accreditation_number: None,
            contact: None,
            timezone: "Europe/Warsaw".to_owned(),
        },
        client: None,
        patient: None,
        orders: Vec::new(),
        samples: vec![ContentSample {
            id: Uuid::nil(),
            accession_number: "S-2026-000001-11".to_owned(),
            sample_type: "River water".to_owned(),
            client_reference: None,
            description: None,
            collected_at: None,
            collected_by: None,
            collection_place: None,
            received_at: None,
            condition: None,
            condition_note: None,
            temperature_c: None,
            deviations: Vec::new(),
            results: Vec::new(),
        }],
        pending_tests: Vec::new(),
        remarks: None,
        opinions: Vec::new(),
        amends: None,
    }
}

/// A verified measured value.
pub(in crate::reports) fn measured(id: u128, test: &str, value: &str) -> ContentResult {
    ContentResult {
        id: Uuid::from_u128(id),
        version: 3,
        code: test.to_uppercase(),
        test: test.to_owned(),
        method: "ISO 1".to_owned(),
        accredited: true,
        value: Some(value.to_owned()),
        detection: Some(Detection::Equal),
        limit_kind: None,
        display: Some(value.to_owned()),
        unit: "mg/L".to_owned(),
        uncertainty: None,
        expanded_uncertainty: None,
        limits: None,
        flags: Vec::new(),
        statement: None,
        decision_rule: None,
        origin: Origin::Measured,
        provider: None,
        deviation: None,
        hold_time_exceeded: false,
        remark: None,
        measured_at: None,
        verified_at: None,
        self_verified: false,
        cancelled: None,
    }
}

#[test]
fn content_reads_back_from_its_canonical_bytes() {
    let content = blank();
    let bytes = content.canonical().unwrap();
    assert_eq!(ReportContent::parse(&bytes).unwrap(), content);
    assert_eq!(jcs::parse(&bytes).unwrap()["number"], "R-2026-000001");
}

#[test]
fn another_nonce_is_another_hash() {
    let (one, mut other) = (blank(), blank());
    other.nonce = ReportContent::new_nonce();
    assert_ne!(sha256(&one.canonical().unwrap()), sha256(&other.canonical().unwrap()));
}

#[test]
fn an_uncertainty_is_read_back_in_figures() {
    for (kind, unit, expected) in [
        (UncertaintyKind::Absolute, "mg/L", ("15", None)),
        (UncertaintyKind::Absolute, "", ("15", None)),
        (UncertaintyKind::Percent, "10^9/L (blood)", ("1.8", Some("15"))),
    ] {
        let stated = Uncertainty {
            value: 15.into(),
            kind,
            k: 2.into(),
        };
        let text = stated.text(12.into(), unit).unwrap();
        let read = ContentUncertainty::read(&text, unit).unwrap();
        assert_eq!((read.value.as_str(), read.percent.as_deref()), expected, "{text}");
        assert_eq!((read.unit.as_str(), read.k.as_str()), (unit, "2"));
    }
    assert_eq!(ContentUncertainty::read("about a tenth", "mg/L"), None);
}

#[test]
fn a_content_from_before_a_field_was_added_keeps_its_hash() {
    let mut old = blank();
    old.samples[0].results.push(measured(1, "lead", "0.1"));
    let bytes = old.canonical().unwrap();
    assert!(
        !String::from_utf8(bytes.clone())
            .unwrap()
            .contains("expanded_uncertainty")
    );
    assert_eq!(ReportContent::parse(&bytes).unwrap().canonical().unwrap(), bytes);
}
