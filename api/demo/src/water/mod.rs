//! The water laboratory: three samples of one stream, as the U.S. Geological Survey measured them in 2023, judged by
//! drinking-water limits. `data/README.md` says what is real and what is assumed.

mod catalogue;
mod source;
#[cfg(test)]
mod tests;
mod visits;

use chrono::{DateTime, Days, Utc};

use crate::DemoError;
use crate::data::rows;
use crate::plan::{ClientPlan, InstrumentPlan, LaboratoryPlan, LocationPlan, SpecificationPlan};
use catalogue::{containers, limits, panels, sample_types, tests};
use source::Row;
use visits::visits;

const CLIENT: &str = "TVWC";
/// The source marks values that it computed from other results with this method.
const COMPUTED: &str = "ALGOR";

/// Everything the water laboratory gets. `now` dates the samples that are still to be worked on.
pub(crate) fn plan(now: DateTime<Utc>) -> Result<LaboratoryPlan, DemoError> {
    let rows: Vec<Row> = rows(source::SAMPLES)?;
    Ok(LaboratoryPlan {
        sample_types: sample_types(),
        containers: containers(),
        location: LocationPlan {
            name: "Cold room A, shelf 1",
            description: "2 to 6 °C",
        },
        instrument: InstrumentPlan {
            name: "Discrete analyser DA-2",
            serial_number: "DEMO-0002",
            calibrated_until: now.date_naive() + Days::new(365),
        },
        tests: tests(&rows)?,
        panels: panels(&rows),
        specification: SpecificationPlan {
            name: "Drinking water: Directive (EU) 2020/2184 and US EPA MCL",
            kind: "specification",
            decision_rule: "simple",
            limits: limits()?,
        },
        clients: vec![ClientPlan {
            name: "Talbot Valley Water Cooperative",
            code: CLIENT,
            address: "14 Millrace Lane\nBlack Earth, WI 53515\nUnited States",
            email: "quality@talbot-valley.example",
            phone: "+1 608 555 0142",
        }],
        patients: Vec::new(),
        visits: visits(&rows, now),
        told: "",
    })
}
