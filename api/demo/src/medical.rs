//! The medical laboratory: real values of patients of the Mayo Clinic's trial in primary biliary cholangitis under
//! invented names. `data/README.md` says what is real and what is assumed.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, SubsecRound, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::DemoError;
use crate::names::patient_name;
use crate::plan::{
    ContainerPlan, IdentifierPlan, InstrumentPlan, LaboratoryPlan, LimitPlan, LocationPlan, Measurement, Orderer,
    Outcome, PanelPlan, PatientPlan, Reading, Reception, ReportPlan, ReportStage, SampleTypePlan, SpecificationPlan,
    Specimen, TestPlan, Visit,
};

const PATIENTS: &str = include_str!("../data/clinical-pbc.csv");
const TESTS: &str = include_str!("../data/medical-tests.csv");
const RANGES: &str = include_str!("../data/medical-ranges.csv");

/// How many patients the source has.
pub const PATIENTS_AVAILABLE: usize = 418;
/// What the source writes where nothing was measured.
const NOT_MEASURED: &str = "NA";
const NOT_MEASURED_REASON: &str = "Not measured: the source has no value (NA)";
const DAYS_PER_YEAR: f64 = 365.25;
/// How many orders wait for reception, and as many for entry.
const WAITING: usize = 4;

const SERUM: &str = "Serum";
const EDTA: &str = "EDTA whole blood";
const URINE: &str = "Urine, 24 h collection";
const CITRATE: &str = "Citrate plasma";

/// Specimen, its container, and what its label adds to the order's number.
const SPECIMENS: [(&str, &str, &str); 4] = [
    (SERUM, "Serum gel tube, 5 mL", "S"),
    (EDTA, "K2-EDTA tube, 3 mL", "E"),
    (URINE, "Urine container, 3 L", "U"),
    (CITRATE, "Citrate tube, 2.7 mL", "C"),
];

const REQUESTERS: [&str; 4] = [
    "Dr Ewa Majchrzak, Hepatology",
    "Dr Piotr Żuraw, Internal medicine",
    "Dr Helen Ashby, Hepatology",
    "Dr Jan Ślusarczyk, Outpatients",
];

/// One patient of the source. Values stay text: a number would lose its digits.
struct Row {
    id: usize,
    /// Years at collection.
    age: f64,
    female: bool,
    /// Every column by its name.
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct TestRow {
    code: String,
    name: String,
    analyte: String,
    column: String,
    unit: String,
    ucum: String,
    specimen: String,
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

impl Row {
    fn read(values: BTreeMap<String, String>) -> Result<Self, DemoError> {
        let column = |name: &str| {
            values
                .get(name)
                .map(String::as_str)
                .ok_or_else(|| DemoError::Data(format!("no column {name}")))
        };
        let number = |e: &dyn std::fmt::Display| DemoError::Data(e.to_string());
        Ok(Self {
            id: column("id")?.parse().map_err(|e| number(&e))?,
            age: column("age")?.parse().map_err(|e| number(&e))?,
            female: column("sex")? == "f",
            values,
        })
    }

    fn case(&self) -> String {
        format!("PBC-{:04}", self.id)
    }
}

fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, DemoError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| DemoError::Data(e.to_string()))
}

/// Everything the medical laboratory gets, for the first `patients` patients of the source. Specimens were collected
/// the day before `now`; birth dates follow from the real age at collection.
pub(crate) fn plan(now: DateTime<Utc>, patients: usize) -> Result<LaboratoryPlan, DemoError> {
    let catalogue: Vec<TestRow> = rows(TESTS)?;
    let source: Vec<BTreeMap<String, String>> = rows(PATIENTS)?;
    let chosen: Vec<Row> = source
        .into_iter()
        .take(patients)
        .map(Row::read)
        .collect::<Result<_, _>>()?;
    let collected = now.trunc_subsecs(0) - Duration::hours(26);
    let visits = chosen
        .iter()
        .enumerate()
        .map(|(place, row)| visit(place, chosen.len(), row, &catalogue, collected))
        .collect::<Result<_, _>>()?;
    Ok(LaboratoryPlan {
        sample_types: sample_types(),
        containers: containers(),
        location: LocationPlan {
            name: "Refrigerator R1",
            description: "2 to 8 °C",
        },
        instrument: InstrumentPlan {
            name: "Chemistry analyser CA-1",
            serial_number: "DEMO-0001",
            calibrated_until: now.date_naive() + Days::new(365),
        },
        panels: vec![PanelPlan {
            name: "Liver profile",
            code: "LIVER",
            tests: ["ALP", "AST", "SALB", "SBIL"].map(str::to_owned).to_vec(),
        }],
        tests: catalogue.into_iter().map(test).collect(),
        specification: SpecificationPlan {
            name: "Adult reference intervals",
            kind: "reference_range",
            decision_rule: "none",
            limits: limits()?,
        },
        clients: Vec::new(),
        patients: chosen
            .iter()
            .enumerate()
            .map(|(place, row)| patient(place, row, collected.date_naive()))
            .collect::<Result<_, _>>()?,
        visits,
        told: "Dr Ewa Majchrzak, Hepatology",
    })
}

fn sample_types() -> Vec<SampleTypePlan> {
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

fn containers() -> Vec<ContainerPlan> {
    let container = |name, volume, additive| ContainerPlan { name, volume, additive };
    vec![
        container("Serum gel tube, 5 mL", "5 mL", Some("clot activator, gel")),
        container("K2-EDTA tube, 3 mL", "3 mL", Some("K2-EDTA")),
        container("Urine container, 3 L", "3 L", None),
        container("Citrate tube, 2.7 mL", "2.7 mL", Some("sodium citrate 3.2 %")),
    ]
}

fn test(row: TestRow) -> TestPlan {
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

fn limits() -> Result<Vec<LimitPlan>, DemoError> {
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

fn patient(place: usize, row: &Row, collected: NaiveDate) -> Result<PatientPlan, DemoError> {
    let name = patient_name(place, row.female);
    Ok(PatientPlan {
        family_name: name.family.to_owned(),
        given_name: name.given.to_owned(),
        birth_date: birth_date(row.age, collected)?,
        sex: if row.female { "female" } else { "male" },
        identifiers: vec![
            IdentifierPlan {
                system: "hospital",
                value: format!("H{:07}", 1_000_000 + row.id * 137),
            },
            IdentifierPlan {
                system: "case",
                value: row.case(),
            },
        ],
    })
}

fn birth_date(age: f64, collected: NaiveDate) -> Result<NaiveDate, DemoError> {
    let refuse = || DemoError::Data(format!("an age of {age} years"));
    // The text of a rounded float is the way to an integer that no cast can get wrong.
    let days: u64 = format!("{:.0}", age * DAYS_PER_YEAR).parse().ok().ok_or_else(refuse)?;
    collected.checked_sub_days(Days::new(days)).ok_or_else(refuse)
}

/// Where the order at this place stands: the last ones wait for reception, those before for entry, those before for
/// verification; the first three have reports.
fn visit(
    place: usize,
    count: usize,
    row: &Row,
    catalogue: &[TestRow],
    start: DateTime<Utc>,
) -> Result<Visit, DemoError> {
    let waiting = WAITING.min(count / 8);
    let received = place + waiting < count;
    let entered = place + 2 * waiting < count;
    let verified = place * 20 < count * 11;
    let minutes = i64::try_from(place).map_err(|e| DemoError::Data(e.to_string()))?;
    let collected_at = start + Duration::minutes(minutes);
    let specimens = SPECIMENS
        .iter()
        .map(|&(sample_type, container, label)| {
            let tests: Vec<&TestRow> = catalogue.iter().filter(|t| t.specimen == sample_type).collect();
            Ok(Specimen {
                sample_type,
                container,
                reference: format!("{}-{label}", row.case()),
                description: None,
                collected_at,
                collected_by: Some("Ward staff".to_owned()),
                collection_place: None,
                tests: tests.iter().map(|t| t.code.clone()).collect(),
                remark: None,
                reception: received.then(|| reception(sample_type)),
                readings: if entered {
                    tests
                        .iter()
                        .map(|t| reading(row, t, verified))
                        .collect::<Result<_, _>>()?
                } else {
                    Vec::new()
                },
            })
        })
        .collect::<Result<_, DemoError>>()?;
    Ok(Visit {
        external_id: format!("demo-{}", row.case()),
        orderer: Orderer::Patient(place),
        requester: REQUESTERS
            .iter()
            .cycle()
            .nth(place % REQUESTERS.len())
            .copied()
            .unwrap_or_default()
            .to_owned(),
        priority: if place % 10 == 3 { "urgent" } else { "routine" },
        specimens,
        report: verified.then(|| report(place)).flatten(),
    })
}

fn reception(sample_type: &str) -> Reception {
    Reception {
        condition: "acceptable",
        condition_note: None,
        temperature_c: (sample_type == URINE).then_some("5.0"),
        deviations: Vec::new(),
        received_at: None,
    }
}

fn reading(row: &Row, test: &TestRow, verified: bool) -> Result<Reading, DemoError> {
    let value = row
        .values
        .get(&test.column)
        .ok_or_else(|| DemoError::Data(format!("no column {}", test.column)))?;
    let outcome = if value == NOT_MEASURED {
        Outcome::NotMeasured(NOT_MEASURED_REASON)
    } else {
        Outcome::Measured(Measurement {
            value: value.clone(),
            limit_kind: None,
            measured_at: None,
            remark: None,
            deviation: None,
            origin: "measured",
            provider: None,
            on_instrument: test.specimen == SERUM,
        })
    };
    Ok(Reading {
        test: test.code.clone(),
        outcome,
        verified,
    })
}

fn report(place: usize) -> Option<ReportPlan> {
    let stage = match place {
        0 => ReportStage::Released,
        1 => ReportStage::Authorized,
        2 => ReportStage::Drafted,
        _ => return None,
    };
    Some(ReportPlan {
        stage,
        language: if place == 2 { "pl" } else { "en" },
        remarks: None,
        opinion: (place == 0).then_some("Cholestatic pattern; follow-up of bilirubin advised."),
    })
}

#[cfg(test)]
#[path = "medical_tests.rs"]
mod tests;
