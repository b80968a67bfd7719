//! Reading a number exactly: every typed digit counts, and what is not a number is said to be none.

use rust_decimal::Decimal;

use super::ValueRefusal;

/// No number that fits has more characters than this.
const MAX_LENGTH: usize = 64;

/// Reads a decimal number and keeps its digits: `0.050` has three decimals, `1.20e1` is `12.0`. Accepts a sign, a decimal point
/// and an exponent. Nothing is rounded: what does not fit into 28 digits is refused.
///
/// # Errors
/// [`ValueRefusal::Empty`], `NotANumber`, `DecimalComma`, `NotFinite` or `OutOfRange`.
pub fn parse_decimal(text: &str) -> Result<Decimal, ValueRefusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueRefusal::Empty);
    }
    let (negative, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(unsigned.to_ascii_lowercase().as_str(), "nan" | "inf" | "infinity" | "∞") {
        return Err(ValueRefusal::NotFinite);
    }
    if is_decimal_comma(unsigned) {
        return Err(ValueRefusal::DecimalComma);
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let only_digits = whole
        .chars()
        .chain(fraction.chars())
        .all(|character| character.is_ascii_digit());
    if !only_digits || whole.is_empty() || mantissa.ends_with('.') {
        return Err(ValueRefusal::NotANumber);
    }
    if text.chars().count() > MAX_LENGTH {
        return Err(ValueRefusal::OutOfRange);
    }
    let plain = shift_point(whole, fraction, exponent);
    let mut value = Decimal::from_str_exact(&plain).map_err(|_| ValueRefusal::OutOfRange)?;
    value.set_sign_negative(negative && !value.is_zero());
    Ok(value)
}

fn is_decimal_comma(text: &str) -> bool {
    text.matches(',').count() == 1
        && !text.contains('.')
        && text
            .split(',')
            .all(|part| part.starts_with(|first: char| first.is_ascii_digit()))
}

fn parse_exponent(text: &str) -> Result<i32, ValueRefusal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|character| character.is_ascii_digit()) {
        return Err(ValueRefusal::NotANumber);
    }
    match text.parse::<i32>() {
        Ok(exponent) if exponent.abs() <= 28 => Ok(exponent),
        _ => Err(ValueRefusal::OutOfRange),
    }
}

/// `whole.fraction × 10^exponent` written without exponent.
fn shift_point(whole: &str, fraction: &str, exponent: i32) -> String {
    let mut before: String = whole.to_owned();
    let mut after: String = fraction.to_owned();
    for _ in 0..exponent {
        before.push(if after.is_empty() { '0' } else { after.remove(0) });
    }
    for _ in exponent..0 {
        after.insert(0, before.pop().unwrap_or('0'));
    }
    let before = before.trim_start_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    if after.is_empty() {
        before.to_owned()
    } else {
        format!("{before}.{after}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, ValueRefusal> {
        parse_decimal(text).map(|value| value.to_string())
    }

    #[test]
    fn digits_are_kept() {
        for (typed, meant) in [
            ("0.050", "0.050"),
            ("12", "12"),
            ("1.2e3", "1200"),
            ("1.20e1", "12.0"),
            ("1.2E-3", "0.0012"),
            ("+5.0", "5.0"),
            ("-0.30", "-0.30"),
            ("\u{2212}4", "-4"),
            (" 7.10 ", "7.10"),
            ("007", "7"),
            ("-0.0", "0.0"),
            ("1e0", "1"),
            ("0e5", "0"),
        ] {
            assert_eq!(read(typed).as_deref(), Ok(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_by_name() {
        for typed in ["NaN", "nan", "inf", "-Infinity", "+inf", "∞"] {
            assert_eq!(read(typed), Err(ValueRefusal::NotFinite), "{typed}");
        }
        for typed in ["0,012", "-1,5", "12,50"] {
            assert_eq!(read(typed), Err(ValueRefusal::DecimalComma), "{typed}");
        }
        for typed in [
            "1,234.5", "1,2,3", "abc", "1.2.3", "1 2", "1_000", "0x1f", ".", "5.", ".5", "--1", "e5", "1e", "1e1.5",
            "٣", "=1+1", "1e+-3",
        ] {
            assert_eq!(read(typed), Err(ValueRefusal::NotANumber), "{typed}");
        }
        for typed in [
            "1e29",
            "1e999999999999",
            "99999999999999999999999999999",
            "0.00000000000000000000000000001",
            "1e-29",
        ] {
            assert_eq!(read(typed), Err(ValueRefusal::OutOfRange), "{typed}");
        }
        assert_eq!(read("  "), Err(ValueRefusal::Empty));
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC{0,80}") {
            let _ = parse_decimal(&text);
        }

        #[test]
        fn a_plain_number_reads_as_itself(mantissa in 0i64..1_000_000_000, scale in 0u32..12) {
            let number = Decimal::new(mantissa, scale);
            prop_assert_eq!(parse_decimal(&number.to_string()).unwrap().to_string(), number.to_string());
        }

        #[test]
        fn an_exponent_only_moves_the_point(mantissa in 1i64..1_000_000, exponent in -10i32..10) {
            let power = Decimal::from_scientific(&format!("1e{exponent}")).unwrap();
            let read = parse_decimal(&format!("{mantissa}e{exponent}")).unwrap();
            prop_assert_eq!(read, Decimal::from(mantissa) * power);
        }
    }
}
