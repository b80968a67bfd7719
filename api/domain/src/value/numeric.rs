//! Results that are a number: measured, below or above a limit, or nothing detected.

use rust_decimal::Decimal;

use super::measure::diluted;
use super::sign::{agreed, extent_of, limited, split_sign};
use super::{Detection, Entry, Extent, LimitKind, Measured, TestRules, ValueRefusal, parse_decimal, round};

pub(super) fn numeric(
    rules: &TestRules<'_>,
    entry: &Entry<'_>,
    typed: &str,
    dilution: Decimal,
) -> Result<Measured, ValueRefusal> {
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
        (Some(LimitKind::Loq | LimitKind::Range), _) => {
            return Err(ValueRefusal::LimitKindNotApplicable);
        }
        (Some(LimitKind::Lod), None) => return Err(ValueRefusal::NoLod),
        (_, Some(_)) => Some(LimitKind::Lod),
        (None, None) => None,
    };
    let extent = limit.map(|limit| extent_of(Detection::Below, limit, kind, false));
    Ok(Measured {
        typed: if typed.is_empty() {
            "ND".to_owned()
        } else {
            typed.to_owned()
        },
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
