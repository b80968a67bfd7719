//! From the typed field to the measured value, by the test's kind of result.

use rust_decimal::Decimal;

use super::{Detection, Entry, Extent, LimitKind, Measured, ResultType, TestRules, ValueRefusal, parse_decimal, round};
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
            let code = rules.codes.iter().find(|code| same_word(code, typed)).ok_or(ValueRefusal::NotInList)?;
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

fn no_detection(entry: &Entry<'_>) -> Result<(), ValueRefusal> {
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

/// A sign in front of the value, and what is left behind it.
struct Signed<'a> {
    detection: Option<Detection>,
    /// `≤` and `≥`: the limit itself belongs to it.
    limit_included: bool,
    rest: &'a str,
}

fn split_sign(typed: &str) -> Signed<'_> {
    let signs: [(&str, Detection, bool); 6] = [
        ("<=", Detection::Below, true),
        (">=", Detection::Above, true),
        ("≤", Detection::Below, true),
        ("≥", Detection::Above, true),
        ("<", Detection::Below, false),
        (">", Detection::Above, false),
    ];
    for (sign, detection, limit_included) in signs {
        if let Some(rest) = typed.strip_prefix(sign) {
            return Signed { detection: Some(detection), limit_included, rest: rest.trim_start() };
        }
    }
    Signed { detection: None, limit_included: false, rest: typed }
}

fn agreed(sign: Option<Detection>, given: Option<Detection>) -> Result<Detection, ValueRefusal> {
    match (sign, given) {
        (Some(sign), Some(given)) if sign != given => Err(ValueRefusal::DetectionConflict),
        (Some(detection), _) | (None, Some(detection)) => Ok(detection),
        (None, None) => Ok(Detection::Equal),
    }
}

fn numeric(rules: &TestRules<'_>, entry: &Entry<'_>, typed: &str, dilution: Decimal) -> Result<Measured, ValueRefusal> {
    let not_detected = matches!(typed.to_ascii_uppercase().as_str(), "ND" | "N.D.");
    if not_detected || (entry.detection == Some(Detection::NotDetected) && typed.is_empty()) {
        agreed(Some(Detection::NotDetected), entry.detection)?;
        return nothing_detected(rules, entry, typed, dilution);
    }
    let signed = split_sign(typed);
    match agreed(signed.detection, entry.detection)? {
        Detection::Equal if entry.limit_kind.is_some() => Err(ValueRefusal::LimitKindNotApplicable),
        Detection::Equal => number(rules, typed, dilution),
        Detection::NotDetected => Err(ValueRefusal::DetectionConflict),
        detection => {
            let (limit, kind) = named_limit(rules, entry, signed.rest, detection, dilution)?;
            Ok(limited(typed, detection, limit, kind, dilution, signed.limit_included))
        }
    }
}

fn number(rules: &TestRules<'_>, typed: &str, dilution: Decimal) -> Result<Measured, ValueRefusal> {
    let exact = diluted(parse_decimal(typed)?, dilution)?;
    for (limit, kind) in [(rules.lod, LimitKind::Lod), (rules.loq, LimitKind::Loq)] {
        let Some(limit) = limit else { continue };
        let limit = diluted(limit, dilution)?;
        if exact < limit {
            return Ok(limited(typed, Detection::Below, limit, Some(kind), dilution, false));
        }
    }
    let value = round(exact, rules.rounding);
    Ok(Measured {
        typed: typed.to_owned(),
        value: Some(value.to_string()),
        detection: Detection::Equal,
        limit_kind: None,
        dilution,
        display: value.to_string(),
        sort_key: Some(value),
        unrounded: Some(Extent::point(exact)),
        rounded: Some(Extent::point(value)),
    })
}

/// `ND`: below the limit of detection where the test has one; else nothing more is known.
fn nothing_detected(
    rules: &TestRules<'_>,
    entry: &Entry<'_>,
    typed: &str,
    dilution: Decimal,
) -> Result<Measured, ValueRefusal> {
    let limit = rules.lod.map(|lod| diluted(lod, dilution)).transpose()?;
    let kind = match (entry.limit_kind, limit) {
        (Some(LimitKind::Loq | LimitKind::Range), _) => return Err(ValueRefusal::LimitKindNotApplicable),
        (Some(LimitKind::Lod), None) => return Err(ValueRefusal::NoLod),
        (_, Some(_)) => Some(LimitKind::Lod),
        (None, None) => None,
    };
    let extent = limit.map(|limit| extent_of(Detection::Below, limit, kind, false));
    Ok(Measured {
        typed: if typed.is_empty() { "ND".to_owned() } else { typed.to_owned() },
        value: limit.map(|limit| limit.to_string()),
        detection: Detection::NotDetected,
        limit_kind: kind,
        dilution,
        display: "ND".to_owned(),
        sort_key: limit,
        unrounded: extent,
        rounded: extent,
    })
}

/// The limit behind a sign: `<0.02`, `<LOD`, `<LOQ`.
fn named_limit(
    rules: &TestRules<'_>,
    entry: &Entry<'_>,
    rest: &str,
    detection: Detection,
    dilution: Decimal,
) -> Result<(Decimal, Option<LimitKind>), ValueRefusal> {
    let by_name = match rest.to_ascii_uppercase().as_str() {
        "LOD" => Some((rules.lod.ok_or(ValueRefusal::NoLod)?, LimitKind::Lod)),
        "LOQ" => Some((rules.loq.ok_or(ValueRefusal::NoLoq)?, LimitKind::Loq)),
        _ => None,
    };
    if let Some((limit, kind)) = by_name {
        if detection != Detection::Below || entry.limit_kind.is_some_and(|given| given != kind) {
            return Err(ValueRefusal::DetectionConflict);
        }
        return Ok((diluted(limit, dilution)?, Some(kind)));
    }
    let limit = parse_decimal(rest)?;
    let recognised = match detection {
        Detection::Below if rules.lod == Some(limit) => LimitKind::Lod,
        Detection::Below if rules.loq == Some(limit) => LimitKind::Loq,
        _ => LimitKind::Range,
    };
    Ok((diluted(limit, dilution)?, Some(entry.limit_kind.unwrap_or(recognised))))
}

fn limited(
    typed: &str,
    detection: Detection,
    limit: Decimal,
    kind: Option<LimitKind>,
    dilution: Decimal,
    limit_included: bool,
) -> Measured {
    let extent = extent_of(detection, limit, kind, limit_included);
    Measured {
        typed: typed.to_owned(),
        value: Some(limit.to_string()),
        detection,
        limit_kind: kind,
        dilution,
        display: format!("{} {limit}", printed_sign(detection, limit_included)),
        sort_key: Some(limit),
        unrounded: Some(extent),
        rounded: Some(extent),
    }
}

const fn printed_sign(detection: Detection, limit_included: bool) -> &'static str {
    match (detection, limit_included) {
        (Detection::Above, true) => "≥",
        (Detection::Above, false) => ">",
        (_, true) => "≤",
        (_, false) => "<",
    }
}

/// What is below a limit of detection or quantification is an amount, and no amount is negative; another limit has no other end.
fn extent_of(detection: Detection, limit: Decimal, kind: Option<LimitKind>, limit_included: bool) -> Extent {
    let open = !limit_included;
    if detection == Detection::Above {
        return Extent { low: Some(limit), high: None, open };
    }
    let an_amount = matches!(kind, Some(LimitKind::Lod | LimitKind::Loq)) && limit > Decimal::ZERO;
    Extent { low: an_amount.then_some(Decimal::ZERO), high: Some(limit), open }
}

/// Undiluted digits stay as they are; a product loses the zeros that multiplication appends.
fn diluted(value: Decimal, dilution: Decimal) -> Result<Decimal, ValueRefusal> {
    if dilution == Decimal::ONE {
        return Ok(value);
    }
    value.checked_mul(dilution).map(|product| product.normalize()).ok_or(ValueRefusal::OutOfRange)
}

fn range(rules: &TestRules<'_>, entry: &Entry<'_>, typed: &str, dilution: Decimal) -> Result<Measured, ValueRefusal> {
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
        display: if one { from.to_string() } else { format!("{from}–{to}") },
        sort_key: Some(from),
        unrounded: Some(Extent { low: Some(low), high: Some(high), open: false }),
        rounded: Some(Extent { low: Some(from), high: Some(to), open: false }),
    })
}

/// `0-2`, `0–2`, `1 to 5`, `1..5`, `-5 - -2`, or one number.
fn split_range(typed: &str) -> Result<(Decimal, Decimal), ValueRefusal> {
    if typed.is_empty() {
        return Err(ValueRefusal::Empty);
    }
    let lower = typed.to_lowercase();
    let words = [" to ", " do ", "..", "–", "—"];
    let parts = words.iter().find_map(|word| lower.split_once(word)).or_else(|| split_at_hyphen(&lower));
    let Some((low, high)) = parts else {
        let single = parse_decimal(typed).map_err(as_range)?;
        return Ok((single, single));
    };
    Ok((parse_decimal(low).map_err(as_range)?, parse_decimal(high).map_err(as_range)?))
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

/// `1:160`; sorted and judged by its denominator.
fn titre(entry: &Entry<'_>, typed: &str) -> Result<Measured, ValueRefusal> {
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
