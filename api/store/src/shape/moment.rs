//! Times and dates: which ones are read, and what is wrong with the others.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

const TIME: &str = "write a time like 2026-11-22T10:00:00Z, between the years 1900 and 9999";
const DATE: &str = "write a date like 2026-11-22, between the years 1900 and 9999";

/// Times that a laboratory can mean. Beyond them a typing error is certain, and the databases' own limits are not far.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// What is wrong with a time.
pub(super) fn wrong_time(text: &str) -> Option<(&'static str, String)> {
    if let Ok(at) = text.parse::<DateTime<Utc>>() {
        return (!YEARS.contains(&at.year())).then(|| ("range", TIME.to_owned()));
    }
    let because = |why: &str| Some(("invalid", format!("{why}; {TIME}")));
    if text.parse::<NaiveDate>().is_ok() {
        return because("the time of day is missing");
    }
    if text.parse::<NaiveDateTime>().is_ok() {
        return because("the offset from UTC is missing (Z, or +01:00)");
    }
    if text.replace(' ', "+").parse::<DateTime<Utc>>().is_ok() {
        return because("in an address a + is written %2B");
    }
    if no_such_day(text) {
        return because("there is no such day");
    }
    let code = if far_year(text) { "range" } else { "invalid" };
    Some((code, TIME.to_owned()))
}

/// What is wrong with a date.
pub(super) fn wrong_date(text: &str) -> Option<(&'static str, String)> {
    match text.parse::<NaiveDate>() {
        Ok(day) if YEARS.contains(&day.year()) => None,
        Ok(_) => Some(("range", DATE.to_owned())),
        Err(_) if no_such_day(text) => Some(("invalid", format!("there is no such day; {DATE}"))),
        Err(_) if far_year(text) => Some(("range", DATE.to_owned())),
        Err(_) => Some(("invalid", DATE.to_owned())),
    }
}

/// Written like a date, but not in the calendar.
fn no_such_day(text: &str) -> bool {
    let day = text.get(..10).unwrap_or_default();
    let written = day.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    written && day.len() == 10 && day.parse::<NaiveDate>().is_err()
}

/// A year of five digits or more, or one with a sign.
fn far_year(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 4 && text.as_bytes().get(digits) == Some(&b'-') || text.starts_with(['+', '-'])
}

pub(super) const fn time() -> &'static str {
    TIME
}

pub(super) const fn date() -> &'static str {
    DATE
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_time_is_told_why() {
        for (text, words) in [
            ("30000-01-01T00:00:00Z", "between the years 1900 and 9999"),
            ("+30000-01-01T00:00:00Z", "between the years 1900 and 9999"),
            ("0001-01-01T00:00:00Z", "between the years 1900 and 9999"),
            ("1899-12-31T23:59:59Z", "between the years 1900 and 9999"),
            ("2026-02-30T10:00:00Z", "no such day"),
            ("2026-11-22", "time of day"),
            ("2026-11-22T10:00:00", "offset"),
            ("2026-11-22T10:00:00 01:00", "%2B"),
            ("yesterday", "like 2026-11-22T10:00:00Z"),
            ("", "like 2026-11-22T10:00:00Z"),
        ] {
            let (_, message) = wrong_time(text).unwrap();
            assert!(message.contains(words), "{text}: {message}");
        }
        for fine in [
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00.123+01:00",
            "1900-01-01T00:00:00Z",
        ] {
            assert_eq!(wrong_time(fine), None);
        }
        assert!(wrong_date("2026-02-30").unwrap().1.contains("no such day"));
        assert!(wrong_date("1850-02-03").unwrap().1.contains("1900"));
        assert_eq!(wrong_date("1950-02-03"), None);
    }
}
