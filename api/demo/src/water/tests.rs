#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use super::plan;
use super::source::{Row, SAMPLES};
use crate::data::rows;
use crate::plan::{LaboratoryPlan, Measurement, Outcome, Reading, Specimen};

fn the_plan() -> LaboratoryPlan {
    plan("2026-03-01T12:00:00Z".parse().unwrap()).unwrap()
}

fn measurements(plan: &LaboratoryPlan) -> Vec<(&Specimen, &Reading, &Measurement)> {
    plan.visits
        .iter()
        .flat_map(|visit| &visit.specimens)
        .flat_map(|specimen| specimen.readings.iter().map(move |reading| (specimen, reading)))
        .filter_map(|(specimen, reading)| match &reading.outcome {
            Outcome::Measured(measurement) => Some((specimen, reading, measurement)),
            Outcome::NotMeasured(_) => None,
        })
        .collect()
}

#[test]
fn all_67_results_of_the_3_samples_are_entered() {
    let plan = the_plan();
    assert_eq!(measurements(&plan).len(), 67);
    let samples: Vec<_> = plan
        .visits
        .iter()
        .flat_map(|visit| &visit.specimens)
        .filter(|specimen| !specimen.readings.is_empty())
        .collect();
    assert_eq!(samples.len(), 3);
    for sample in samples {
        let ordered: BTreeSet<_> = sample.tests.iter().collect();
        assert_eq!(
            ordered.len(),
            sample.readings.len(),
            "a test twice in {}",
            sample.reference
        );
    }
}

#[test]
fn the_4_non_detects_keep_their_limits() {
    let plan = the_plan();
    let mut found: Vec<_> = measurements(&plan)
        .into_iter()
        .filter(|(_, _, m)| m.value.starts_with('<'))
        .map(|(s, r, m)| (s.reference.as_str(), r.test.as_str(), m.value.as_str(), m.limit_kind))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("BEC 2023-06-20", "00608", "<0.02", Some("LOD")),
            ("BEC 2023-07-25", "00605", "<0.22", None),
            ("BEC 2023-07-25", "00608", "<0.02", Some("LOD")),
            ("BEC 2023-07-25", "71846", "<0.026", None),
        ]
    );
}

#[test]
fn the_catalogue_is_exactly_the_distinct_tests_of_the_source() {
    let source: Vec<Row> = rows(SAMPLES).unwrap();
    let distinct: BTreeSet<_> = source
        .iter()
        .map(|r| {
            (
                r.code(),
                r.characteristic.clone(),
                r.fraction.clone(),
                r.basis.clone(),
                r.method(),
                r.unit().to_owned(),
            )
        })
        .collect();
    let plan = the_plan();
    let catalogue: BTreeSet<_> = plan
        .tests
        .iter()
        .map(|t| {
            let text = |o: &Option<String>| o.clone().unwrap_or_default();
            (
                t.code.clone(),
                t.analyte.clone(),
                text(&t.fraction),
                text(&t.basis),
                t.method.clone(),
                t.unit.clone(),
            )
        })
        .collect();
    assert_eq!(catalogue.len(), 27);
    assert_eq!(catalogue, distinct);
}

#[test]
fn ammonia_as_n_is_not_ammonia_as_nh4() {
    let plan = the_plan();
    let basis = |code: &str| {
        let test = plan.tests.iter().find(|t| t.code == code).unwrap();
        (test.basis.clone().unwrap(), test.lod.clone())
    };
    assert_eq!(basis("00608"), ("as N".to_owned(), Some("0.02".to_owned())));
    assert_eq!(basis("71846"), ("as NH4".to_owned(), None));
}

#[test]
fn conditions_on_receipt_and_hold_times_come_from_the_remarks() {
    let plan = the_plan();
    let reception = |reference: &str| {
        plan.visits
            .iter()
            .flat_map(|v| &v.specimens)
            .find(|s| s.reference == reference)
            .and_then(|s| s.reception.as_ref())
            .unwrap()
    };
    let frozen = reception("BEC 2023-07-25");
    assert_eq!(frozen.condition, "compromised");
    assert_eq!(frozen.deviations, ["received partially frozen"]);
    assert_eq!(
        frozen.condition_note.as_deref(),
        Some("WATER MICROBIOLOGY SAMPLE RECEIVED PARTIALLY FROZEN. RESULTS UNCERTAIN")
    );
    assert_eq!(reception("BEC 2023-06-20").deviations, ["received warm"]);
    let august = reception("BEC 2023-08-22");
    assert_eq!(
        (august.deviations.as_slice(), &august.condition_note),
        (["received warm".to_owned()].as_slice(), &None)
    );
    let late = measurements(&plan)
        .into_iter()
        .filter(|(_, _, m)| m.deviation.as_deref().is_some_and(|d| d.starts_with("Hold time")))
        .count();
    assert_eq!(late, 14);
}

#[test]
fn nothing_is_received_before_it_is_taken_or_measured_before_it_is_received() {
    for (specimen, reading, measurement) in measurements(&the_plan()) {
        let received = specimen.reception.as_ref().unwrap().received_at.unwrap();
        assert!(specimen.collected_at < received);
        assert!(
            measurement.measured_at.is_none_or(|at| at > received),
            "{}",
            reading.test
        );
    }
}

#[test]
fn external_results_name_their_provider() {
    let plan = the_plan();
    for (_, reading, measurement) in measurements(&plan) {
        assert_eq!(
            measurement.origin == "external",
            measurement.provider.is_some(),
            "{}",
            reading.test
        );
    }
    let external = measurements(&plan)
        .iter()
        .filter(|(_, _, m)| m.origin == "external")
        .count();
    assert_eq!(external, 6);
}

#[test]
fn every_limit_names_a_test_of_the_catalogue_and_its_source_and_none_is_critical() {
    let plan = the_plan();
    assert_eq!(plan.specification.limits.len(), 9);
    for limit in &plan.specification.limits {
        assert!(plan.tests.iter().any(|t| t.code == limit.test));
        assert!(limit.low.is_some() || limit.high.is_some());
        assert!(limit.text.is_some());
        assert!(limit.critical_low.is_none() && limit.critical_high.is_none());
    }
}

#[test]
fn what_scripts_rely_on_holds_in_creation_and_in_name_order() {
    let plan = the_plan();
    assert!(!plan.sample_types[0].requires_temperature);
    assert!(plan.sample_types.is_sorted_by_key(|t| t.name));
    assert!(plan.tests.is_sorted_by_key(|t| &t.code));
    assert!(plan.tests.iter().all(|t| t.result_type == "numeric"));
}
