//! Accession numbers: `W-2026-000123-87`. Prefix of the laboratory, year, running number, two check digits.
//!
//! The check digits (ISO/IEC 7064, MOD 97-10, as in an IBAN) cover everything before them: one digit or letter mistyped for
//! another, or two neighbouring digits in the wrong order, never leads to another patient's sample.

use std::fmt;
use std::str::FromStr;

/// An accession number whose check digits are right.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccessionNumber {
    prefix: String,
    year: u16,
    sequence: u32,
}

/// Why something is not an accession number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessionRefusal {
    /// 1 to 8 capital letters or digits.
    #[error("the prefix must be 1 to 8 capital letters A-Z or digits")]
    Prefix,
    /// 1900 to 9999.
    #[error("the year must have four digits")]
    Year,
    /// From 1 on.
    #[error("the running number must be at least 1")]
    Sequence,
    /// The parts are not there.
    #[error("an accession number looks like W-2026-000123-87")]
    Shape,
    /// Mistyped.
    #[error("the check digits do not fit: a character is wrong or two are swapped")]
    Check,
}

impl AccessionNumber {
    /// Puts a number together.
    ///
    /// # Errors
    /// [`AccessionRefusal`] when a part is out of its range.
    pub fn new(prefix: &str, year: u16, sequence: u32) -> Result<Self, AccessionRefusal> {
        check_prefix(prefix)?;
        if !(1900..=9999).contains(&year) {
            return Err(AccessionRefusal::Year);
        }
        if sequence == 0 {
            return Err(AccessionRefusal::Sequence);
        }
        Ok(AccessionNumber {
            prefix: prefix.to_owned(),
            year,
            sequence,
        })
    }

    /// The year it was given in.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The running number within prefix and year.
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence
    }

    fn body(&self) -> String {
        format!("{}-{}-{:06}", self.prefix, self.year, self.sequence)
    }
}

/// Is it a prefix for accession numbers: 1 to 8 of A-Z and 0-9?
///
/// # Errors
/// [`AccessionRefusal::Prefix`].
pub fn check_prefix(prefix: &str) -> Result<(), AccessionRefusal> {
    let fits = (1..=8).contains(&prefix.len())
        && prefix
            .chars()
            .all(|character| character.is_ascii_uppercase() || character.is_ascii_digit());
    if fits { Ok(()) } else { Err(AccessionRefusal::Prefix) }
}

impl fmt::Display for AccessionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        write!(f, "{body}-{}", check_digits(&body))
    }
}

impl FromStr for AccessionNumber {
    type Err = AccessionRefusal;

    /// Reads what was scanned or typed; small letters and surrounding space do not matter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let (body, check) = text.rsplit_once('-').ok_or(AccessionRefusal::Shape)?;
        let mut parts = body.splitn(3, '-');
        let (Some(prefix), Some(year), Some(sequence)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(AccessionRefusal::Shape);
        };
        let digits = |part: &str| !part.is_empty() && part.chars().all(|character| character.is_ascii_digit());
        if !digits(year) || !digits(sequence) || sequence.len() < 6 {
            return Err(AccessionRefusal::Shape);
        }
        if check != check_digits(body) {
            return Err(AccessionRefusal::Check);
        }
        let year = year.parse().map_err(|_| AccessionRefusal::Year)?;
        let sequence = sequence.parse().map_err(|_| AccessionRefusal::Sequence)?;
        AccessionNumber::new(prefix, year, sequence)
    }
}

/// The two check digits of ISO/IEC 7064 MOD 97-10 over the letters (A is 10, Z is 35) and digits of `body`; hyphens only separate.
fn check_digits(body: &str) -> String {
    let remainder = body
        .chars()
        .filter_map(|character| character.to_digit(36))
        .fold(0, |remainder, value| {
            let width = if value < 10 { 10 } else { 100 };
            (remainder * width + value) % 97
        });
    format!("{:02}", 98 - remainder * 100 % 97)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_published_example_checks() {
        // The IBAN of ISO 13616, GB82 WEST 1234 5698 7654 32: its check digits are those over the number, then the country.
        assert_eq!(check_digits("WEST12345698765432GB"), "82");
    }

    #[test]
    fn a_number_is_read_back_as_typed_or_scanned() {
        let number = AccessionNumber::new("W", 2026, 123).unwrap();
        let text = number.to_string();
        assert_eq!(text, "W-2026-000123-87");
        assert_eq!(text.parse::<AccessionNumber>().unwrap(), number);
        assert_eq!(
            format!(" {} ", text.to_lowercase()).parse::<AccessionNumber>().unwrap(),
            number
        );
        let long = AccessionNumber::new("W", 2026, 1_234_567).unwrap();
        assert_eq!(
            long.to_string().parse::<AccessionNumber>().unwrap().sequence(),
            1_234_567
        );
    }

    #[test]
    fn parts_out_of_range_are_refused() {
        assert_eq!(AccessionNumber::new("w", 2026, 1), Err(AccessionRefusal::Prefix));
        assert_eq!(AccessionNumber::new("", 2026, 1), Err(AccessionRefusal::Prefix));
        assert_eq!(AccessionNumber::new("W", 26, 1), Err(AccessionRefusal::Year));
        assert_eq!(AccessionNumber::new("W", 2026, 0), Err(AccessionRefusal::Sequence));
        assert_eq!("W-2026".parse::<AccessionNumber>(), Err(AccessionRefusal::Shape));
        assert_eq!(
            "W-2026-0123-40".parse::<AccessionNumber>(),
            Err(AccessionRefusal::Shape)
        );
    }

    proptest! {
        #[test]
        fn one_wrong_digit_or_letter_is_noticed(sequence in 1u32..9_999_999, year in 2000u16..2100, place in 0usize..17, wrong in "[A-Z][0-9]") {
            let mut characters: Vec<char> = AccessionNumber::new("MED", year, sequence).unwrap().to_string().chars().collect();
            if let Some(spot) = characters.get_mut(place) {
                let wrong = wrong.chars().find(|other| other.is_ascii_digit() == spot.is_ascii_digit()).unwrap();
                prop_assume!(*spot != '-' && *spot != wrong);
                *spot = wrong;
            }
            prop_assume!(place < characters.len());
            prop_assert!(characters.into_iter().collect::<String>().parse::<AccessionNumber>().is_err());
        }

        #[test]
        fn two_neighbouring_digits_swapped_are_noticed(sequence in 1u32..999_999, year in 2000u16..2100, place in 2usize..16) {
            let mut characters: Vec<char> = AccessionNumber::new("W", year, sequence).unwrap().to_string().chars().collect();
            let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
            prop_assume!(digit(place) && digit(place + 1) && characters.get(place) != characters.get(place + 1));
            characters.swap(place, place + 1);
            prop_assert!(characters.into_iter().collect::<String>().parse::<AccessionNumber>().is_err());
        }
    }
}
