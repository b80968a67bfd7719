//! The medical laboratory: real values of patients of the Mayo Clinic's trial in primary biliary cholangitis under
//! invented names. `data/README.md` says what is real and what is assumed.

mod catalogue;
mod patients;
mod source;
#[cfg(test)]
mod tests;
mod visits;

pub use source::PATIENTS_AVAILABLE;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, SubsecRound, Utc};

use crate::DemoError;
use crate::data::rows;
use crate::plan::{InstrumentPlan, LaboratoryPlan, LocationPlan, PanelPlan, SpecificationPlan};
use catalogue::{TestRow, containers, limits, sample_types, test};
use patients::patient;
use source::Row;
use visits::visit;

/// Everything the medical laboratory gets, for the first `patients` patients of the source. Specimens were collected
/// the day before `now`; birth dates follow from the real age at collection.
pub(crate) fn plan(now: DateTime<Utc>, patients: usize) -> Result<LaboratoryPlan, DemoError> {
    let catalogue: Vec<TestRow> = rows(catalogue::TESTS)?;
    let source: Vec<BTreeMap<String, String>> = rows(source::PATIENTS)?;
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
