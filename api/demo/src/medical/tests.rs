#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{PATIENTS_AVAILABLE, plan};
use crate::plan::{LaboratoryPlan, Outcome, Reading, ReportStage, Visit};

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn readings(plan: &LaboratoryPlan) -> impl Iterator<Item = &Reading> {
    plan.visits.iter().flat_map(|v| &v.specimens).flat_map(|s| &s.readings)
}

#[test]
fn all_418_patients_can_be_loaded_each_with_a_name_of_their_own() {
    let plan = plan(now(), PATIENTS_AVAILABLE).unwrap();
    assert_eq!(plan.patients.len(), 418);
    let names: BTreeSet<_> = plan
        .patients
        .iter()
        .map(|p| (&p.family_name, &p.given_name, p.sex))
        .collect();
    let numbers: BTreeSet<_> = plan.patients.iter().map(|p| &p.identifiers[0].value).collect();
    assert_eq!((names.len(), numbers.len()), (418, 418));
    assert_eq!(plan.patients.iter().filter(|p| p.sex == "male").count(), 44);
}

#[test]
fn real_values_arrive_digit_for_digit_and_na_is_cancelled() {
    let plan = plan(now(), 40).unwrap();
    let first: Vec<_> = plan.visits[0]
        .specimens
        .iter()
        .flat_map(|s| s.readings.iter().map(|r| (s.sample_type, r)))
        .map(|(specimen, r)| match &r.outcome {
            Outcome::Measured(m) => (specimen, r.test.as_str(), m.value.as_str()),
            Outcome::NotMeasured(reason) => (specimen, r.test.as_str(), *reason),
        })
        .collect();
    assert_eq!(
        first,
        [
            ("Serum", "ALP", "1718"),
            ("Serum", "AST", "137.95"),
            ("Serum", "CHOL", "261"),
            ("Serum", "SALB", "2.6"),
            ("Serum", "SBIL", "14.5"),
            ("Serum", "TRIG", "172"),
            ("EDTA whole blood", "PLT", "190"),
            ("Urine, 24 h collection", "UCU", "156"),
            ("Citrate plasma", "PT", "12.2"),
        ]
    );
    let cancelled: Vec<_> = plan
        .visits
        .iter()
        .flat_map(|v| {
            v.specimens
                .iter()
                .flat_map(|s| &s.readings)
                .map(move |r| (&v.external_id, r))
        })
        .filter(|(_, r)| matches!(r.outcome, Outcome::NotMeasured(_)))
        .map(|(id, r)| (id.as_str(), r.test.as_str()))
        .collect();
    assert_eq!(
        cancelled,
        [
            ("demo-PBC-0006", "PLT"),
            ("demo-PBC-0014", "CHOL"),
            ("demo-PBC-0014", "TRIG")
        ]
    );
}

#[test]
fn every_stage_of_work_is_there() {
    let plan = plan(now(), 40).unwrap();
    let all = |f: fn(&Visit) -> bool| plan.visits.iter().filter(|v| f(v)).count();
    assert_eq!(all(|v| v.specimens.iter().all(|s| s.reception.is_none())), 4);
    assert_eq!(
        all(|v| v
            .specimens
            .iter()
            .all(|s| s.reception.is_some() && s.readings.is_empty())),
        4
    );
    assert_eq!(
        all(|v| v.specimens.iter().all(|s| s.readings.iter().any(|r| !r.verified))),
        10
    );
    assert_eq!(
        all(|v| v
            .specimens
            .iter()
            .all(|s| !s.readings.is_empty() && s.readings.iter().all(|r| r.verified))),
        22
    );
    let stages: Vec<_> = plan
        .visits
        .iter()
        .filter_map(|v| v.report.as_ref())
        .map(|r| r.stage)
        .collect();
    assert_eq!(
        stages,
        [ReportStage::Released, ReportStage::Authorized, ReportStage::Drafted]
    );
}

#[test]
fn three_bilirubins_are_critical_among_the_first_forty() {
    let plan = plan(now(), 40).unwrap();
    let limit: f64 = plan
        .specification
        .limits
        .iter()
        .find(|l| l.test == "SBIL")
        .and_then(|l| l.critical_high.as_ref())
        .unwrap()
        .parse()
        .unwrap();
    let critical = readings(&plan)
        .filter(|r| r.test == "SBIL")
        .filter(|r| matches!(&r.outcome, Outcome::Measured(m) if m.value.parse::<f64>().unwrap() > limit))
        .count();
    assert_eq!(critical, 3);
}

#[test]
fn age_at_collection_is_the_real_one() {
    let plan = plan(now(), 1).unwrap();
    let collected = plan.visits[0].specimens[0].collected_at.date_naive();
    let days = (collected - plan.patients[0].birth_date).num_days();
    // 58.7652 years
    assert_eq!(days, 21464);
}

#[test]
fn the_age_bands_of_albumin_meet_without_gap_or_overlap() {
    let plan = plan(now(), 1).unwrap();
    let bands: Vec<_> = plan
        .specification
        .limits
        .iter()
        .filter(|l| l.test == "SALB")
        .map(|l| (l.age_min_days, l.age_max_days))
        .collect();
    assert_eq!(bands, [(Some(6575), Some(21914)), (Some(21915), None)]);
}

#[test]
fn what_scripts_rely_on_holds_in_creation_code_and_name_order() {
    let plan = plan(now(), 1).unwrap();
    assert!(!plan.sample_types[0].requires_temperature);
    let mut by_type: Vec<_> = plan.sample_types.iter().collect();
    by_type.sort_by_key(|t| t.name);
    assert!(!by_type[0].requires_temperature);
    assert!(plan.tests.is_sorted_by_key(|t| &t.code));
    let mut by_name: Vec<_> = plan.tests.iter().collect();
    by_name.sort_by_key(|t| &t.name);
    let first = plan.tests.iter().take(3).chain(by_name.into_iter().take(3));
    for test in first {
        assert_eq!(test.result_type, "numeric");
        assert!(
            plan.specification
                .limits
                .iter()
                .filter(|l| l.test == test.code)
                .all(|l| l.critical_low.is_none() && l.critical_high.is_none()),
            "{} has critical limits",
            test.code
        );
    }
}

#[test]
fn every_test_has_a_reference_interval_and_every_specimen_tests() {
    let plan = plan(now(), 1).unwrap();
    for test in &plan.tests {
        assert!(
            plan.specification.limits.iter().any(|l| l.test == test.code),
            "{}",
            test.code
        );
    }
    assert!(plan.visits[0].specimens.iter().all(|s| !s.tests.is_empty()));
}
