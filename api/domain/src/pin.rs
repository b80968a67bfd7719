//! The PIN that unlocks one's own screen. It is no password: it opens nothing but a session that a password opened, and five
//! wrong ones end that session.

/// Digits that a PIN has at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=12;

/// Why a PIN was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinRefusal {
    /// Something else than 6 to 12 digits.
    #[error("must have 6 to 12 digits")]
    Shape,
    /// What whoever looks over a shoulder, or guesses five times, would find.
    #[error("must not be a row or a repetition such as 123456, 111111 or 121212")]
    Trivial,
}

impl PinRefusal {
    /// The code of the problem's error entry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            PinRefusal::Shape => "shape",
            PinRefusal::Trivial => "trivial",
        }
    }
}

/// Checks a new PIN.
///
/// # Errors
/// [`PinRefusal`].
pub fn check(pin: &str) -> Result<(), PinRefusal> {
    let digits = pin.as_bytes();
    if !LENGTH.contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(PinRefusal::Shape);
    }
    let steps = |by: u8| {
        let pairs = digits.iter().zip(digits.iter().skip(1));
        pairs
            .into_iter()
            .all(|(one, next)| (one - b'0' + by) % 10 == next - b'0')
    };
    // A block of up to half the digits, said again and again.
    let repeats = |block: usize| {
        digits
            .iter()
            .zip(digits.iter().skip(block))
            .all(|(one, later)| one == later)
    };
    if steps(1) || steps(9) || (1..=digits.len() / 2).any(repeats) {
        return Err(PinRefusal::Trivial);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_enough_of_them() {
        for wrong in ["", "12345", "1234567890123", "12345a", "١٢٣٤٥٦", "40 271", "-40271"] {
            assert_eq!(check(wrong), Err(PinRefusal::Shape), "{wrong:?}");
        }
        for fine in ["402719", "100000", "112233", "314159265358"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn what_everybody_would_try_first() {
        for wrong in [
            "000000", "123456", "890123", "987654", "210987", "121212", "402402", "40274027", "55555555",
        ] {
            assert_eq!(check(wrong), Err(PinRefusal::Trivial), "{wrong}");
        }
    }
}
