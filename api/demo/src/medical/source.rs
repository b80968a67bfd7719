//! The source: one line for each patient of the trial. Values stay text: a number would lose its digits.

use std::collections::BTreeMap;

use crate::DemoError;

pub(super) const PATIENTS: &str = include_str!("../../data/clinical-pbc.csv");

/// How many patients the source has.
pub const PATIENTS_AVAILABLE: usize = 418;
/// What the source writes where nothing was measured.
pub(super) const NOT_MEASURED: &str = "NA";

/// One patient of the source.
pub(super) struct Row {
    pub(super) id: usize,
    /// Years at collection.
    pub(super) age: f64,
    pub(super) female: bool,
    /// Every column by its name.
    pub(super) values: BTreeMap<String, String>,
}

impl Row {
    pub(super) fn read(values: BTreeMap<String, String>) -> Result<Self, DemoError> {
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

    pub(super) fn case(&self) -> String {
        format!("PBC-{:04}", self.id)
    }
}
