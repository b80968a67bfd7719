//! Rounding, once, at the end. A half is rounded away from zero (ISO 80000-1:2009, annex B, rule B): the rule that laboratories'
//! own instructions use, and the one an assessor can redo by hand.

use rust_decimal::{Decimal, RoundingStrategy};

/// How a test's results are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// Not at all: the digits as typed.
    #[default]
    AsTyped,
    /// To so many decimals.
    Decimals(u32),
    /// To so many significant figures (at least one).
    SignificantFigures(u32),
}

impl Rounding {
    /// From the catalogue's two fields; decimals win when both are given.
    #[must_use]
    pub const fn from_catalogue(decimals: Option<u32>, significant_figures: Option<u32>) -> Self {
        match (decimals, significant_figures) {
            (Some(decimals), _) => Rounding::Decimals(decimals),
            (None, Some(figures)) => Rounding::SignificantFigures(figures),
            (None, None) => Rounding::AsTyped,
        }
    }
}

const HALF_AWAY_FROM_ZERO: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

/// The greatest number of decimals that a number can have.
const MAX_SCALE: u32 = 28;

/// Rounds, and pads with zeros to the same number of digits: the digits of a result say how well it is known.
#[must_use]
pub fn round(value: Decimal, rounding: Rounding) -> Decimal {
    match rounding {
        Rounding::AsTyped => value,
        Rounding::Decimals(decimals) => {
            with_scale(value.round_dp_with_strategy(decimals, HALF_AWAY_FROM_ZERO), decimals)
        }
        Rounding::SignificantFigures(figures) => {
            let figures = figures.max(1);
            let rounded = value
                .round_sf_with_strategy(figures, HALF_AWAY_FROM_ZERO)
                .unwrap_or(value);
            // 9.996 to three figures is 10.0: the place of the last figure follows from the rounded number.
            match i64::from(figures) - 1 - magnitude(rounded) {
                decimals if decimals >= 0 => with_scale(rounded, u32::try_from(decimals).unwrap_or(MAX_SCALE)),
                _ => with_scale(rounded, 0),
            }
        }
    }
}

fn with_scale(mut value: Decimal, scale: u32) -> Decimal {
    value.rescale(scale.min(MAX_SCALE));
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    value
}

/// The power of ten of the first figure: 0 for 1 to 9.99, -2 for 0.05; 0 for zero.
fn magnitude(value: Decimal) -> i64 {
    match value.mantissa().unsigned_abs().checked_ilog10() {
        Some(power) => i64::from(power) - i64::from(value.scale()),
        None => 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rounded(text: &str, rounding: Rounding) -> String {
        round(text.parse().unwrap(), rounding).to_string()
    }

    #[test]
    fn decimals() {
        for (typed, decimals, meant) in [
            ("0.125", 2, "0.13"),
            ("-0.125", 2, "-0.13"),
            ("2.5", 0, "3"),
            ("3.5", 0, "4"),
            ("7", 2, "7.00"),
            ("0.004", 2, "0.00"),
            ("-0.004", 2, "0.00"),
            ("0.0149999", 2, "0.01"),
            ("99.995", 2, "100.00"),
        ] {
            assert_eq!(rounded(typed, Rounding::Decimals(decimals)), meant, "{typed}");
        }
    }

    #[test]
    fn significant_figures() {
        for (typed, figures, meant) in [
            ("0.012345", 3, "0.0123"),
            ("12345", 3, "12300"),
            ("9.996", 3, "10.0"),
            ("0.09996", 3, "0.100"),
            ("7", 3, "7.00"),
            ("0.05", 1, "0.05"),
            ("0", 3, "0.00"),
            ("-1.255", 3, "-1.26"),
            ("99999", 2, "100000"),
            ("100.4", 3, "100"),
            ("0.5", 0, "0.5"),
        ] {
            assert_eq!(rounded(typed, Rounding::SignificantFigures(figures)), meant, "{typed}");
        }
    }

    #[test]
    fn the_greatest_and_smallest_numbers_round_without_panic() {
        for number in [
            Decimal::MAX,
            Decimal::MIN,
            Decimal::new(1, 28),
            Decimal::new(-99, 28),
            Decimal::ZERO,
        ] {
            for digits in [0, 1, 28, 29, 1000, u32::MAX] {
                let _ = round(number, Rounding::Decimals(digits));
                let _ = round(number, Rounding::SignificantFigures(digits));
            }
        }
    }

    proptest! {
        #[test]
        fn rounding_moves_a_value_by_at_most_half_a_digit(mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..10, decimals in 0u32..8) {
            let value = Decimal::new(mantissa, scale);
            let result = round(value, Rounding::Decimals(decimals));
            prop_assert!((result - value).abs() * Decimal::TWO <= Decimal::new(1, decimals));
            prop_assert_eq!(result.scale(), decimals);
        }

        #[test]
        fn rounding_twice_is_rounding_once(mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..10, figures in 1u32..8) {
            let once = round(Decimal::new(mantissa, scale), Rounding::SignificantFigures(figures));
            prop_assert_eq!(round(once, Rounding::SignificantFigures(figures)).to_string(), once.to_string());
        }

        #[test]
        fn significant_figures_are_as_many_as_asked_for(mantissa in 1i64..1_000_000_000, scale in 0u32..10, figures in 1u32..8) {
            let value = Decimal::new(mantissa, scale);
            let result = round(value, Rounding::SignificantFigures(figures));
            let step = Decimal::from_scientific(&format!("1e{}", magnitude(value) + 1 - i64::from(figures))).unwrap();
            prop_assert!((result - value).abs() * Decimal::TWO <= step, "{} -> {}", value, result);
        }
    }
}
