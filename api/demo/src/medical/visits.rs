//! The orders, and how far the work on each has come.

use chrono::{DateTime, Duration, Utc};

use super::catalogue::{CITRATE, EDTA, SERUM, TestRow, URINE};
use super::source::{NOT_MEASURED, Row};
use crate::DemoError;
use crate::plan::{Measurement, Orderer, Outcome, Reading, Reception, ReportPlan, ReportStage, Specimen, Visit};

const NOT_MEASURED_REASON: &str = "Not measured: the source has no value (NA)";
/// How many orders wait for reception, and as many for entry.
const WAITING: usize = 4;

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

/// Where the order at this place stands: the last ones wait for reception, those before for entry, those before for
/// verification; the first three have reports.
pub(super) fn visit(
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
