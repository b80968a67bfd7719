//! Expanded measurement uncertainty as the catalogue states it (ISO/IEC 17025:2017, 7.8.3.1 c; JCGM 100).

use rust_decimal::Decimal;

use super::rounding::{Rounding, round};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// How the uncertainty is given.
    UncertaintyKind {
        /// In the unit of the result.
        Absolute = "absolute", "in the unit", "w jednostce wyniku";
        /// In percent of the result.
        Percent = "percent", "in percent", "w procentach";
    }
}

/// Expanded uncertainty U with its coverage factor k.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncertainty {
    /// U, in the unit or in percent; not negative.
    pub value: Decimal,
    /// Which of the two.
    pub kind: UncertaintyKind,
    /// The coverage factor, mostly 2.
    pub k: Decimal,
}

impl Uncertainty {
    /// U in the unit of the result, at that result; `None` beyond 28 digits.
    #[must_use]
    pub fn at(&self, value: Decimal) -> Option<Decimal> {
        match self.kind {
            UncertaintyKind::Absolute => Some(self.value),
            UncertaintyKind::Percent => value.abs().checked_mul(self.value)?.checked_div(Decimal::ONE_HUNDRED),
        }
    }

    /// As printed behind a measured result: `± 0.003 mg/L (k = 2)`, `± 0.0018 mg/L (15 %, k = 2)`. A percentage is turned into
    /// the unit with two significant figures (JCGM 100, 7.2.6).
    #[must_use]
    pub fn text(&self, value: Decimal, unit: &str) -> Option<String> {
        let k = self.k.normalize();
        let amount = self.at(value)?;
        let (amount, note) = match self.kind {
            UncertaintyKind::Absolute => (amount, format!("k = {k}")),
            UncertaintyKind::Percent => (
                round(amount, Rounding::SignificantFigures(2)),
                format!("{} %, k = {k}", self.value.normalize()),
            ),
        };
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!(" {unit}")
        };
        Some(format!("± {amount}{unit} ({note})"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn uncertainty(value: &str, kind: UncertaintyKind) -> Uncertainty {
        Uncertainty {
            value: value.parse().unwrap(),
            kind,
            k: Decimal::TWO,
        }
    }

    #[test]
    fn it_is_printed_in_the_unit() {
        let text = |u: Uncertainty, value: &str, unit| u.text(value.parse().unwrap(), unit).unwrap();
        assert_eq!(
            text(uncertainty("0.003", UncertaintyKind::Absolute), "0.012", "mg/L"),
            "± 0.003 mg/L (k = 2)"
        );
        assert_eq!(
            text(uncertainty("15", UncertaintyKind::Percent), "0.012", "mg/L"),
            "± 0.0018 mg/L (15 %, k = 2)"
        );
        assert_eq!(
            text(uncertainty("0.1", UncertaintyKind::Absolute), "7.2", ""),
            "± 0.1 (k = 2)"
        );
        assert_eq!(
            text(uncertainty("10", UncertaintyKind::Percent), "-5.0", "°C"),
            "± 0.50 °C (10 %, k = 2)"
        );
    }
}
