//! Which limits concern this patient: by sex and by age at collection.

use super::Limits;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Sex as reference ranges know it.
    Sex {
        /// Female.
        Female = "female", "female", "kobieta";
        /// Male.
        Male = "male", "male", "mężczyzna";
        /// Not known: only ranges for everybody apply.
        Unknown = "unknown", "unknown", "nieznana";
    }
}

/// One row of a specification for one test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LimitRow {
    /// Only for this sex; for everybody when `None`.
    pub sex: Option<Sex>,
    /// From this age in days on, included.
    pub age_min_days: Option<u32>,
    /// Up to this age in days, included.
    pub age_max_days: Option<u32>,
    /// The limits.
    pub limits: Limits,
    /// The expected code, or words printed in the place of limits.
    pub text: Option<String>,
}

/// Whom the specimen is from. `None` for samples of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Sex.
    pub sex: Sex,
    /// Age at collection in days; `None` when birth date or collection time is unknown.
    pub age_days: Option<u32>,
}

impl LimitRow {
    fn concerns(&self, subject: Option<Subject>) -> bool {
        let sex_fits = match self.sex {
            None | Some(Sex::Unknown) => true,
            Some(sex) => subject.is_some_and(|person| person.sex == sex),
        };
        let age_fits = match subject.and_then(|person| person.age_days) {
            Some(age) => {
                self.age_min_days.is_none_or(|first| first <= age) && self.age_max_days.is_none_or(|last| age <= last)
            }
            None => self.age_min_days.is_none() && self.age_max_days.is_none(),
        };
        sex_fits && age_fits
    }

    /// For one sex before for both, then the narrower span of age.
    fn breadth(&self) -> (bool, u32) {
        let span = self
            .age_max_days
            .unwrap_or(u32::MAX)
            .saturating_sub(self.age_min_days.unwrap_or(0));
        (matches!(self.sex, None | Some(Sex::Unknown)), span)
    }
}

/// The row that concerns the subject: of several the most particular one, of equals the first. `None` when no row does; a range
/// that depends on what is not known about the patient is not guessed.
#[must_use]
pub fn select(rows: &[LimitRow], subject: Option<Subject>) -> Option<&LimitRow> {
    rows.iter()
        .filter(|row| row.concerns(subject))
        .min_by_key(|row| row.breadth())
}
