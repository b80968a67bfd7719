//! What the laboratory can test, and what it judges by.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::COMPUTED;
use super::source::Row;
use crate::DemoError;
use crate::data::{rows, some};
use crate::plan::{ContainerPlan, LimitPlan, PanelPlan, SampleTypePlan, TestPlan, UncertaintyPlan};

const TESTS: &str = include_str!("../../data/water-tests.csv");
const LIMITS: &str = include_str!("../../data/water-limits.csv");

#[derive(Deserialize)]
struct TestRow {
    pcode: String,
    name: String,
    decimals: Option<u8>,
    significant_figures: Option<u8>,
    ucum: String,
    hold_time_hours: Option<u32>,
    turnaround_hours: u32,
    accredited: bool,
    uncertainty: String,
    uncertainty_kind: String,
}

#[derive(Deserialize)]
struct LimitRow {
    pcode: String,
    low: Option<String>,
    high: Option<String>,
    source: String,
}

pub(super) fn sample_types() -> Vec<SampleTypePlan> {
    let plain = |name, matrix| SampleTypePlan {
        name,
        matrix,
        requires_temperature: false,
        temperature_min: None,
        temperature_max: None,
        containers: "Polyethylene bottle, 1 L",
    };
    vec![
        plain("Drinking water", "Water, treated"),
        SampleTypePlan {
            name: "Drinking water, microbiology",
            matrix: "Water, treated",
            requires_temperature: true,
            temperature_min: Some("1"),
            temperature_max: Some("8"),
            containers: "Sterile bottle, 120 mL",
        },
        plain("Surface water", "Water, surface"),
    ]
}

pub(super) fn containers() -> Vec<ContainerPlan> {
    vec![
        ContainerPlan {
            name: "Polyethylene bottle, 1 L",
            volume: "1 L",
            additive: None,
        },
        ContainerPlan {
            name: "Sterile bottle, 120 mL",
            volume: "120 mL",
            additive: Some("sodium thiosulphate"),
        },
    ]
}

/// The distinct tests of the source, by parameter code: analyte, fraction, basis, method and unit go together.
pub(super) fn tests(source: &[Row]) -> Result<Vec<TestPlan>, DemoError> {
    let catalogue: Vec<TestRow> = rows(TESTS)?;
    catalogue
        .into_iter()
        .map(|entry| {
            let row = source
                .iter()
                .find(|row| row.code() == entry.pcode)
                .ok_or_else(|| DemoError::Data(format!("no result for {}", entry.pcode)))?;
            let lod = source
                .iter()
                .filter(|row| row.code() == entry.pcode)
                .find_map(|row| some(&row.detection_limit));
            Ok(TestPlan {
                code: entry.pcode,
                name: entry.name,
                analyte: row.characteristic.clone(),
                fraction: some(&row.fraction),
                basis: some(&row.basis),
                method: row.method(),
                unit: row.unit().to_owned(),
                specimen: None,
                result_type: "numeric",
                decimals: entry.decimals,
                significant_figures: entry.significant_figures,
                lod,
                uncertainty: some(&entry.uncertainty).map(|value| UncertaintyPlan {
                    value,
                    kind: entry.uncertainty_kind,
                    k: "2",
                }),
                hold_time_hours: entry.hold_time_hours,
                turnaround_hours: entry.turnaround_hours,
                accredited: entry.accredited,
                loinc: None,
                ucum: entry.ucum,
                self_verification_allowed: false,
            })
        })
        .collect()
}

pub(super) fn panels(source: &[Row]) -> Vec<PanelPlan> {
    let of_group = |group: &str| {
        let codes: BTreeMap<u32, String> = source
            .iter()
            .filter(|row| row.group == group && row.method_code != COMPUTED)
            .map(|row| (row.parameter, row.code()))
            .collect();
        codes.into_values().collect::<Vec<_>>()
    };
    vec![
        PanelPlan {
            name: "Nutrients",
            code: "NUT",
            tests: of_group("Nutrient"),
        },
        PanelPlan {
            name: "Field measurements",
            code: "FIELD",
            tests: of_group("Physical"),
        },
    ]
}

pub(super) fn limits() -> Result<Vec<LimitPlan>, DemoError> {
    let limits: Vec<LimitRow> = rows(LIMITS)?;
    Ok(limits
        .into_iter()
        .map(|row| LimitPlan {
            test: row.pcode,
            sex: None,
            age_min_days: None,
            age_max_days: None,
            low: row.low,
            high: row.high,
            critical_low: None,
            critical_high: None,
            text: Some(row.source),
        })
        .collect())
}
