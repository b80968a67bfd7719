//! What the laboratory can test, in which specimens, and what it judges by.

use serde::Deserialize;

use crate::DemoError;
use crate::data::rows;
use crate::plan::{ContainerPlan, LimitPlan, SampleTypePlan, TestPlan};

pub(super) const TESTS: &str = include_str!("../../data/medical-tests.csv");
const RANGES: &str = include_str!("../../data/medical-ranges.csv");

pub(super) const SERUM: &str = "Serum";
pub(super) const EDTA: &str = "EDTA whole blood";
pub(super) const URINE: &str = "Urine, 24 h collection";
pub(super) const CITRATE: &str = "Citrate plasma";

#[derive(Deserialize)]
pub(super) struct TestRow {
    pub(super) code: String,
    name: String,
    analyte: String,
    pub(super) column: String,
    unit: String,
    ucum: String,
    pub(super) specimen: String,
    method: String,
    decimals: u8,
    loinc: Option<String>,
    turnaround_hours: u32,
}

#[derive(Deserialize)]
struct RangeRow {
    code: String,
    sex: Option<String>,
    age_min_years: Option<u32>,
    age_max_years: Option<u32>,
    low: Option<String>,
    high: Option<String>,
    critical_low: Option<String>,
    critical_high: Option<String>,
}

pub(super) fn sample_types() -> Vec<SampleTypePlan> {
    let plain = |name, matrix, containers| SampleTypePlan {
        name,
        matrix,
        requires_temperature: false,
        temperature_min: None,
        temperature_max: None,
        containers,
    };
    vec![
        plain(SERUM, "Blood", "Serum gel tube, 5 mL"),
        plain(EDTA, "Blood", "K2-EDTA tube, 3 mL"),
        SampleTypePlan {
            name: URINE,
            matrix: "Urine",
            requires_temperature: true,
            temperature_min: Some("2"),
            temperature_max: Some("8"),
            containers: "Urine container, 3 L",
        },
        plain(CITRATE, "Blood", "Citrate tube, 2.7 mL"),
    ]
}

pub(super) fn containers() -> Vec<ContainerPlan> {
    let container = |name, volume, additive| ContainerPlan { name, volume, additive };
    vec![
        container("Serum gel tube, 5 mL", "5 mL", Some("clot activator, gel")),
        container("K2-EDTA tube, 3 mL", "3 mL", Some("K2-EDTA")),
        container("Urine container, 3 L", "3 L", None),
        container("Citrate tube, 2.7 mL", "2.7 mL", Some("sodium citrate 3.2 %")),
    ]
}

pub(super) fn test(row: TestRow) -> TestPlan {
    TestPlan {
        code: row.code,
        name: row.name,
        analyte: row.analyte,
        fraction: None,
        basis: None,
        method: row.method,
        unit: row.unit,
        specimen: Some(row.specimen),
        result_type: "numeric",
        decimals: Some(row.decimals),
        significant_figures: None,
        lod: None,
        uncertainty: None,
        hold_time_hours: None,
        turnaround_hours: row.turnaround_hours,
        accredited: true,
        loinc: row.loinc,
        ucum: row.ucum,
        self_verification_allowed: false,
    }
}

pub(super) fn limits() -> Result<Vec<LimitPlan>, DemoError> {
    let ranges: Vec<RangeRow> = rows(RANGES)?;
    Ok(ranges
        .into_iter()
        .map(|row| LimitPlan {
            test: row.code,
            sex: row.sex,
            age_min_days: row.age_min_years.map(first_day_of_age),
            // "Below 60" ends on the day before the sixtieth birthday.
            age_max_days: row.age_max_years.map(|y| first_day_of_age(y) - 1),
            low: row.low,
            high: row.high,
            critical_low: row.critical_low,
            critical_high: row.critical_high,
            text: None,
        })
        .collect())
}

/// Days after birth on which a person has lived this many years of 365.25 days.
fn first_day_of_age(years: u32) -> u32 {
    (years * 1461).div_ceil(4)
}
