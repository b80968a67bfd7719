//! Text that people type: how long it may be, and which characters never belong in a record.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

/// Names of things and persons, codes, references: one line.
pub const LINE_MAX: usize = 200;
/// Codes and numbers.
pub const CODE_MAX: usize = 64;
/// Reasons, remarks, notes: several lines.
pub const NOTE_MAX: usize = 2_000;
/// Text results, opinions.
pub const LONG_MAX: usize = 4_000;

/// Why a text was refused; `code` for programs, the display for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than the field holds.
    #[error("must not be longer than {max} characters")]
    TooLong {
        /// The greatest number of characters (Unicode scalar values).
        max: usize,
    },
    /// A control character, or a line break in a one-line field.
    #[error("must not contain control characters")]
    Control,
    /// A character that turns the direction of the text around it, so that a record would read otherwise than it is stored
    /// (CVE-2021-42574), or an invisible one.
    #[error("must not contain invisible or direction-changing characters")]
    Deceptive,
}

impl TextRefusal {
    /// The code of the problem's error entry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            TextRefusal::Empty => "empty",
            TextRefusal::TooLong { .. } => "too_long",
            TextRefusal::Control => "control_character",
            TextRefusal::Deceptive => "deceptive_character",
        }
    }
}

/// Checks a one-line field.
///
/// # Errors
/// [`TextRefusal`].
pub fn check_line(text: &str, max: usize) -> Result<(), TextRefusal> {
    check(text, max, |_| false)
}

/// Checks a field of several lines: line breaks and tabs are allowed.
///
/// # Errors
/// [`TextRefusal`].
pub fn check_lines(text: &str, max: usize) -> Result<(), TextRefusal> {
    check(text, max, |character| matches!(character, '\n' | '\r' | '\t'))
}

fn check(text: &str, max: usize, allowed_control: impl Fn(char) -> bool) -> Result<(), TextRefusal> {
    if text.trim().is_empty() {
        return Err(TextRefusal::Empty);
    }
    if text.chars().count() > max {
        return Err(TextRefusal::TooLong { max });
    }
    if text
        .chars()
        .any(|character| character.is_control() && !allowed_control(character))
    {
        return Err(TextRefusal::Control);
    }
    if text.chars().any(is_deceptive) {
        return Err(TextRefusal::Deceptive);
    }
    Ok(())
}

/// Bidirectional overrides, embeddings, isolates and marks, line and paragraph separators, zero-width characters, the byte order
/// mark, tags and noncharacters.
#[must_use]
pub const fn is_deceptive(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// A time that cannot have been meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImplausibleTime {
    /// Before 1900.
    #[error("must not be before the year 1900")]
    TooEarly,
    /// More than a day ahead: clocks differ, but not by that much.
    #[error("must not lie in the future")]
    InTheFuture,
    /// Too far ahead even for something that is planned.
    #[error("must not be after the year 2200")]
    TooLate,
}

impl ImplausibleTime {
    /// The code of the problem's error entry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ImplausibleTime::TooEarly => "too_early",
            ImplausibleTime::InTheFuture => "in_the_future",
            ImplausibleTime::TooLate => "too_late",
        }
    }
}

/// Checks when something happened (collection, reception, measurement): from 1900 to a day from now.
///
/// # Errors
/// [`ImplausibleTime`].
pub fn check_past(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), ImplausibleTime> {
    if at.year() < 1900 {
        return Err(ImplausibleTime::TooEarly);
    }
    if at > now + Duration::days(1) {
        return Err(ImplausibleTime::InTheFuture);
    }
    Ok(())
}

/// Checks a date of birth: from 1900 (the oldest living person is younger) to tomorrow, which somewhere is today.
///
/// # Errors
/// [`ImplausibleTime`].
pub fn check_birth_date(day: NaiveDate, today: NaiveDate) -> Result<(), ImplausibleTime> {
    if day.year() < 1900 {
        return Err(ImplausibleTime::TooEarly);
    }
    if day > today + Duration::days(1) {
        return Err(ImplausibleTime::InTheFuture);
    }
    Ok(())
}

/// Checks a date that may lie ahead: end of a calibration or competence.
///
/// # Errors
/// [`ImplausibleTime`].
pub fn check_planned(day: NaiveDate) -> Result<(), ImplausibleTime> {
    match day.year() {
        year if year < 1900 => Err(ImplausibleTime::TooEarly),
        year if year > 2200 => Err(ImplausibleTime::TooLate),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_in_any_script_passes() {
        for text in ["Łódź, ul. Żółta 7", "β-Estradiol", "水", "O'Neill", "µg/L ≤ 0.5"] {
            assert_eq!(check_line(text, LINE_MAX), Ok(()), "{text}");
        }
        assert_eq!(check_lines("first\nsecond\tthird", NOTE_MAX), Ok(()));
    }

    #[test]
    fn what_would_deceive_a_reader_is_refused() {
        assert_eq!(check_line("invoice\u{202E}fdp.exe", 200), Err(TextRefusal::Deceptive));
        assert_eq!(check_line("ad\u{200B}min", 200), Err(TextRefusal::Deceptive));
        assert_eq!(check_line("a\u{0}b", 200), Err(TextRefusal::Control));
        assert_eq!(check_line("two\nlines", 200), Err(TextRefusal::Control));
        assert_eq!(check_line(" \u{a0} ", 200), Err(TextRefusal::Empty));
        assert_eq!(check_line("zażółć", 5), Err(TextRefusal::TooLong { max: 5 }));
        assert_eq!(check_line("zażółć", 6), Ok(()), "characters, not bytes");
    }

    #[test]
    fn the_year_30000_did_not_happen() {
        let now: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().unwrap();
        assert_eq!(
            check_past("+30000-01-01T00:00:00Z".parse().unwrap(), now),
            Err(ImplausibleTime::InTheFuture)
        );
        assert_eq!(
            check_past("1899-12-31T23:59:59Z".parse().unwrap(), now),
            Err(ImplausibleTime::TooEarly)
        );
        assert_eq!(check_past("2026-11-22T11:59:00Z".parse().unwrap(), now), Ok(()));
        assert_eq!(
            check_past("2026-11-22T12:00:01Z".parse().unwrap(), now),
            Err(ImplausibleTime::InTheFuture)
        );
        assert_eq!(
            check_planned(NaiveDate::from_ymd_opt(2201, 1, 1).unwrap()),
            Err(ImplausibleTime::TooLate)
        );
    }
}
