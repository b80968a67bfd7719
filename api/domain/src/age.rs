//! How old a patient was when the specimen was taken, in whole days: reference ranges are chosen by it.

use chrono::NaiveDate;

/// Whole days from birth to collection, both in the laboratory's calendar; 0 on the day of birth, `None` when the collection lies
/// before the birth (one of the two dates is wrong, and guessing would choose a wrong range).
#[must_use]
pub fn in_days(birth: NaiveDate, collected: NaiveDate) -> Option<u32> {
    u32::try_from(collected.signed_duration_since(birth).num_days()).ok()
}

/// Whole years, as printed on a report: the birthday counts from its own day on; one born on 29 February has it on 1 March in
/// ordinary years.
#[must_use]
pub fn in_years(birth: NaiveDate, collected: NaiveDate) -> Option<u32> {
    collected.years_since(birth)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_newborn_is_zero_days_old() {
        assert_eq!(in_days(day("2026-11-21"), day("2026-11-21")), Some(0));
        assert_eq!(in_days(day("2026-11-21"), day("2026-12-19")), Some(28));
        assert_eq!(in_days(day("2026-11-21"), day("2026-11-20")), None);
    }

    #[test]
    fn a_year_passes_on_the_birthday() {
        assert_eq!(in_years(day("1980-05-14"), day("2026-05-13")), Some(45));
        assert_eq!(in_years(day("1980-05-14"), day("2026-05-14")), Some(46));
        assert_eq!(in_years(day("2000-02-29"), day("2025-02-28")), Some(24));
        assert_eq!(in_years(day("2000-02-29"), day("2025-03-01")), Some(25));
    }
}
