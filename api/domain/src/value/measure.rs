//! From the typed field to the measured value, by the test's kind of result.

use rust_decimal::Decimal;

use super::interval::range;
use super::numeric::numeric;
use super::titre::titre;
use super::{Detection, Entry, Measured, ResultType, TestRules, ValueRefusal};
use crate::text;

/// The greatest dilution that is believed.
const MAX_DILUTION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Understands what was typed. The same entry under the same rules always means the same, so that a stored entry can be read again.
///
/// Numbers: a value below the limit of detection becomes `< LOD`, one below the limit of quantification `< LOQ`, both scaled by
/// the dilution; what was typed stays in `typed`. Limits are never rounded: `< 0.005` to two decimals would claim another limit.
///
/// # Errors
/// [`ValueRefusal`], for the path `value`.
pub fn measure(rules: &TestRules<'_>, entry: &Entry<'_>) -> Result<Measured, ValueRefusal> {
    let dilution = checked_dilution(rules.result_type, entry.dilution)?;
    let typed = entry.value.trim();
    match rules.result_type {
        ResultType::Numeric => numeric(rules, entry, typed, dilution),
        ResultType::Range => range(rules, entry, typed, dilution),
        ResultType::Titre => titre(entry, typed),
        ResultType::Coded => {
            no_detection(entry)?;
            let code = rules
                .codes
                .iter()
                .find(|code| same_word(code, typed))
                .ok_or(ValueRefusal::NotInList)?;
            Ok(worded(typed, code))
        }
        ResultType::Text => {
            no_detection(entry)?;
            text::check_lines(typed, text::LONG_MAX)?;
            Ok(worded(typed, typed))
        }
    }
}

fn checked_dilution(kind: ResultType, dilution: Option<Decimal>) -> Result<Decimal, ValueRefusal> {
    match dilution {
        None => Ok(Decimal::ONE),
        Some(factor) if factor <= Decimal::ZERO || factor > MAX_DILUTION => Err(ValueRefusal::Dilution),
        Some(factor) if factor != Decimal::ONE && !matches!(kind, ResultType::Numeric | ResultType::Range) => {
            Err(ValueRefusal::DilutionNotApplicable)
        }
        Some(factor) => Ok(factor),
    }
}

pub(super) fn no_detection(entry: &Entry<'_>) -> Result<(), ValueRefusal> {
    if entry.detection.is_some_and(|detection| detection != Detection::Equal) || entry.limit_kind.is_some() {
        return Err(ValueRefusal::DetectionNotApplicable);
    }
    Ok(())
}

fn same_word(code: &str, typed: &str) -> bool {
    code.trim().to_lowercase() == typed.to_lowercase()
}

fn worded(typed: &str, value: &str) -> Measured {
    Measured {
        typed: typed.to_owned(),
        value: Some(value.to_owned()),
        detection: Detection::Equal,
        limit_kind: None,
        dilution: Decimal::ONE,
        display: value.to_owned(),
        sort_key: None,
        unrounded: None,
        rounded: None,
    }
}

/// Undiluted digits stay as they are; a product loses the zeros that multiplication appends.
pub(super) fn diluted(value: Decimal, dilution: Decimal) -> Result<Decimal, ValueRefusal> {
    if dilution == Decimal::ONE {
        return Ok(value);
    }
    value
        .checked_mul(dilution)
        .map(|product| product.normalize())
        .ok_or(ValueRefusal::OutOfRange)
}
