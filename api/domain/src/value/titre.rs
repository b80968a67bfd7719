//! Results that are a titre: the greatest dilution that still reacts.

use rust_decimal::Decimal;

use super::sign::{agreed, extent_of, printed_sign, split_sign};
use super::{Detection, Entry, Extent, LimitKind, Measured, ValueRefusal};

/// `1:160`; sorted and judged by its denominator.
pub(super) fn titre(entry: &Entry<'_>, typed: &str) -> Result<Measured, ValueRefusal> {
    let signed = split_sign(typed);
    let detection = agreed(signed.detection, entry.detection)?;
    if detection == Detection::NotDetected || (detection == Detection::Equal && entry.limit_kind.is_some()) {
        return Err(ValueRefusal::DetectionNotApplicable);
    }
    if signed.rest.is_empty() {
        return Err(ValueRefusal::Empty);
    }
    let (one, denominator) = signed.rest.split_once(':').ok_or(ValueRefusal::NotATitre)?;
    let denominator = denominator.trim();
    let digits = denominator.chars().all(|character| character.is_ascii_digit()) && denominator.len() <= 9;
    let number = denominator.parse::<u32>().ok().filter(|number| *number > 0 && digits);
    let (true, Some(number)) = (one.trim() == "1", number) else {
        return Err(ValueRefusal::NotATitre);
    };
    let value = format!("1:{number}");
    let number = Decimal::from(number);
    let kind = (detection != Detection::Equal).then(|| entry.limit_kind.unwrap_or(LimitKind::Range));
    let extent = match detection {
        Detection::Equal => Extent::point(number),
        _ => extent_of(detection, number, kind, signed.limit_included),
    };
    let display = match detection {
        Detection::Equal => value.clone(),
        _ => format!("{} {value}", printed_sign(detection, signed.limit_included)),
    };
    Ok(Measured {
        typed: typed.to_owned(),
        value: Some(value),
        detection,
        limit_kind: kind,
        dilution: Decimal::ONE,
        display,
        sort_key: Some(number),
        unrounded: Some(extent),
        rounded: Some(extent),
    })
}
