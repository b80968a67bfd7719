//! Who may perform a test, and with which instrument (ISO/IEC 17025:2017, 6.2.5 and 6.4.13; ISO 15189:2022, 6.2.3 and 6.5).

use chrono::NaiveDate;

use crate::Refusal;

/// A recorded competence of one person for one test; both days are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; open when `None`.
    pub valid_until: Option<NaiveDate>,
}

impl Period {
    /// Does it hold on that day?
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|last| day <= last)
    }
}

/// One of a person's competences for the test must hold on that day (the laboratory's calendar day).
///
/// # Errors
/// [`Refusal::NotCompetent`].
pub fn require_current(competences: &[Period], day: NaiveDate) -> Result<(), Refusal> {
    if competences.iter().any(|period| period.covers(day)) {
        Ok(())
    } else {
        Err(Refusal::NotCompetent)
    }
}

/// An instrument must be within its calibration on the day of measurement; one without a date needs none.
///
/// # Errors
/// [`Refusal::InstrumentOutOfCalibration`].
pub fn require_calibrated(calibrated_until: Option<NaiveDate>, day: NaiveDate) -> Result<(), Refusal> {
    match calibrated_until {
        Some(last) if day > last => Err(Refusal::InstrumentOutOfCalibration { calibrated_until: last }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_competence_holds_from_its_first_to_its_last_day() {
        let period = Period {
            valid_from: day("2026-01-10"),
            valid_until: Some(day("2026-03-01")),
        };
        assert_eq!(
            require_current(&[period], day("2026-01-09")),
            Err(Refusal::NotCompetent)
        );
        assert_eq!(require_current(&[period], day("2026-01-10")), Ok(()));
        assert_eq!(require_current(&[period], day("2026-03-01")), Ok(()));
        assert_eq!(
            require_current(&[period], day("2026-03-02")),
            Err(Refusal::NotCompetent)
        );
        assert_eq!(require_current(&[], day("2026-02-01")), Err(Refusal::NotCompetent));
    }

    #[test]
    fn an_instrument_out_of_calibration_refuses() {
        assert_eq!(require_calibrated(None, day("2026-02-01")), Ok(()));
        assert_eq!(require_calibrated(Some(day("2026-02-01")), day("2026-02-01")), Ok(()));
        assert!(require_calibrated(Some(day("2026-01-31")), day("2026-02-01")).is_err());
    }
}
