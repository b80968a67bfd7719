//! How numbers, days and times are written on paper.

use attest_domain::Language;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Days listed one by one; more become a span.
const LISTED_DAYS: usize = 3;

/// A language and a time zone.
pub(super) struct Form {
    pub(super) language: Language,
    pub(super) zone: Tz,
}

impl Form {
    pub(super) fn new(language: Language, zone: &str) -> Self {
        Self {
            language,
            zone: zone.parse().unwrap_or(Tz::UTC),
        }
    }

    /// One of two texts.
    pub(super) fn pick(&self, en: &'static str, pl: &'static str) -> &'static str {
        self.language.pick(en, pl)
    }

    /// `2026-11-21`.
    pub(super) fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d").to_string()
    }

    /// `2026-11-21 14:05 +01:00`.
    pub(super) fn minute(&self, at: DateTime<Utc>) -> String {
        minus(&at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M %:z").to_string())
    }

    /// `2026-11-21 14:05:09 +01:00`.
    pub(super) fn second(&self, at: DateTime<Utc>) -> String {
        minus(&at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S %:z").to_string())
    }

    /// The day in the laboratory's calendar.
    pub(super) fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// A few days one by one, many as a span.
    pub(super) fn days(&self, moments: impl Iterator<Item = DateTime<Utc>>) -> Option<String> {
        let mut days: Vec<String> = moments.map(|at| self.day(at)).collect();
        days.sort();
        days.dedup();
        match days.as_slice() {
            [] => None,
            [first, .., last] if days.len() > LISTED_DAYS => Some(format!("{first} – {last}")),
            few => Some(few.join(", ")),
        }
    }

    /// Every number in the text with the language's decimal mark and a true minus sign. Words are left alone.
    pub(super) fn number(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        chars
            .iter()
            .enumerate()
            .map(|(at, c)| match c {
                '.' if self.language == Language::Pl && digit(at.checked_sub(1)) && digit(at.checked_add(1)) => ',',
                '-' if digit(at.checked_add(1))
                    && !at
                        .checked_sub(1)
                        .and_then(|before| chars.get(before))
                        .is_some_and(|c| c.is_alphanumeric()) =>
                {
                    '−'
                }
                other => *other,
            })
            .collect()
    }
}

/// The offset's hyphen is a minus; the date's hyphens stay.
fn minus(text: &str) -> String {
    text.rsplit_once(" -")
        .map_or_else(|| text.to_owned(), |(time, offset)| format!("{time} −{offset}"))
}

/// A text's lines without empty ones.
pub(super) fn lines(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// With a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// In groups of four, as one reads it aloud.
pub(super) fn grouped(code: &str) -> String {
    let chars: Vec<char> = code.chars().collect();
    chars
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_the_laboratorys_with_their_offset() {
        let warsaw = Form::new(Language::Pl, "Europe/Warsaw");
        assert_eq!(warsaw.minute(at("2026-07-01T23:30:00Z")), "2026-07-02 01:30 +02:00");
        assert_eq!(warsaw.second(at("2026-12-01T10:00:09Z")), "2026-12-01 11:00:09 +01:00");
        let chicago = Form::new(Language::En, "America/Chicago");
        assert_eq!(chicago.minute(at("2026-07-01T02:30:00Z")), "2026-06-30 21:30 −05:00");
    }

    #[test]
    fn polish_numbers_have_a_comma_and_words_are_left_alone() {
        let polish = Form::new(Language::Pl, "UTC");
        assert_eq!(polish.number("< 0.0002"), "< 0,0002");
        assert_eq!(polish.number("± 0.003 mg/L (k = 2)"), "± 0,003 mg/L (k = 2)");
        assert_eq!(polish.number("not detected. See note"), "not detected. See note");
        assert_eq!(polish.number("-0.5"), "−0,5");
        assert_eq!(polish.number("COVID-19"), "COVID-19");
        assert_eq!(Form::new(Language::En, "UTC").number("2.400"), "2.400");
    }

    #[test]
    fn many_days_become_a_span() {
        let form = Form::new(Language::En, "UTC");
        let day = |n: u32| at(&format!("2026-01-{n:02}T12:00:00Z"));
        assert_eq!(
            form.days([day(2), day(1), day(2)].into_iter()).unwrap(),
            "2026-01-01, 2026-01-02"
        );
        assert_eq!(form.days((1..=5).map(day)).unwrap(), "2026-01-01 – 2026-01-05");
        assert_eq!(form.days(std::iter::empty()), None);
    }

    #[test]
    fn a_code_is_grouped() {
        assert_eq!(grouped("ABCDEFGH12"), "ABCD-EFGH-12");
    }
}
