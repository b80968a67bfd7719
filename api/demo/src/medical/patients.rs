//! The patients: invented names, real ages.

use chrono::{Days, NaiveDate};

use super::source::Row;
use crate::DemoError;
use crate::names::patient_name;
use crate::plan::{IdentifierPlan, PatientPlan};

const DAYS_PER_YEAR: f64 = 365.25;

pub(super) fn patient(place: usize, row: &Row, collected: NaiveDate) -> Result<PatientPlan, DemoError> {
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
