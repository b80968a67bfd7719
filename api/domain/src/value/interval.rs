//! Results that are a range: so many cells per field.

use rust_decimal::Decimal;

use super::measure::{diluted, no_detection};
use super::sign::{agreed, limited, split_sign};
use super::{Detection, Entry, Extent, LimitKind, Measured, TestRules, ValueRefusal, parse_decimal, round};

pub(super) fn range(
    rules: &TestRules<'_>,
    entry: &Entry<'_>,
    typed: &str,
    dilution: Decimal,
) -> Result<Measured, ValueRefusal> {
    let signed = split_sign(typed);
    let detection = agreed(signed.detection, entry.detection)?;
    if matches!(detection, Detection::Below | Detection::Above) {
        let limit = diluted(parse_decimal(signed.rest)?, dilution)?;
        let kind = Some(entry.limit_kind.unwrap_or(LimitKind::Range));
        return Ok(limited(typed, detection, limit, kind, dilution, signed.limit_included));
    }
    no_detection(entry)?;
    let (low, high) = split_range(typed)?;
    let (low, high) = (diluted(low, dilution)?, diluted(high, dilution)?);
    if low > high {
        return Err(ValueRefusal::RangeReversed);
    }
    let (from, to) = (round(low, rules.rounding), round(high, rules.rounding));
    let one = from == to;
    Ok(Measured {
        typed: typed.to_owned(),
        value: Some(if one { from.to_string() } else { format!("{from}-{to}") }),
        detection: Detection::Equal,
        limit_kind: None,
        dilution,
        display: if one {
            from.to_string()
        } else {
            format!("{from}–{to}")
        },
        sort_key: Some(from),
        unrounded: Some(Extent {
            low: Some(low),
            high: Some(high),
            open: false,
        }),
        rounded: Some(Extent {
            low: Some(from),
            high: Some(to),
            open: false,
        }),
    })
}

/// `0-2`, `0–2`, `1 to 5`, `1..5`, `-5 - -2`, or one number.
fn split_range(typed: &str) -> Result<(Decimal, Decimal), ValueRefusal> {
    if typed.is_empty() {
        return Err(ValueRefusal::Empty);
    }
    let lower = typed.to_lowercase();
    let words = [" to ", " do ", "..", "–", "—"];
    let parts = words
        .iter()
        .find_map(|word| lower.split_once(word))
        .or_else(|| split_at_hyphen(&lower));
    let Some((low, high)) = parts else {
        let single = parse_decimal(typed).map_err(as_range)?;
        return Ok((single, single));
    };
    Ok((
        parse_decimal(low).map_err(as_range)?,
        parse_decimal(high).map_err(as_range)?,
    ))
}

/// The hyphen that separates is the first one behind a digit; the others are signs or belong to an exponent.
fn split_at_hyphen(text: &str) -> Option<(&str, &str)> {
    let mut last = None;
    for (place, character) in text.char_indices() {
        if character == '-' && last.is_some_and(|before: char| before.is_ascii_digit()) {
            let (low, rest) = text.split_at_checked(place)?;
            return Some((low, rest.strip_prefix('-')?));
        }
        if !character.is_whitespace() {
            last = Some(character);
        }
    }
    None
}

const fn as_range(refusal: ValueRefusal) -> ValueRefusal {
    match refusal {
        ValueRefusal::NotANumber | ValueRefusal::Empty => ValueRefusal::NotARange,
        other => other,
    }
}
