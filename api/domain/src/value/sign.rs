//! `<`, `>`, `≤`, `≥` in front of a value, and what a limit says about the truth.

use rust_decimal::Decimal;

use super::{Detection, Extent, LimitKind, Measured, ValueRefusal};

/// A sign in front of the value, and what is left behind it.
pub(super) struct Signed<'a> {
    /// What the sign says; `None` without a sign.
    pub detection: Option<Detection>,
    /// `≤` and `≥`: the limit itself belongs to it.
    pub limit_included: bool,
    /// What stands behind it.
    pub rest: &'a str,
}

pub(super) fn split_sign(typed: &str) -> Signed<'_> {
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
            return Signed {
                detection: Some(detection),
                limit_included,
                rest: rest.trim_start(),
            };
        }
    }
    Signed {
        detection: None,
        limit_included: false,
        rest: typed,
    }
}

pub(super) fn agreed(sign: Option<Detection>, given: Option<Detection>) -> Result<Detection, ValueRefusal> {
    match (sign, given) {
        (Some(sign), Some(given)) if sign != given => Err(ValueRefusal::DetectionConflict),
        (Some(detection), _) | (None, Some(detection)) => Ok(detection),
        (None, None) => Ok(Detection::Equal),
    }
}

pub(super) fn limited(
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

pub(super) const fn printed_sign(detection: Detection, limit_included: bool) -> &'static str {
    match (detection, limit_included) {
        (Detection::Above, true) => "≥",
        (Detection::Above, false) => ">",
        (_, true) => "≤",
        (_, false) => "<",
    }
}

/// What is below a limit of detection or quantification is an amount, and no amount is negative; another limit has no other end.
pub(super) fn extent_of(detection: Detection, limit: Decimal, kind: Option<LimitKind>, limit_included: bool) -> Extent {
    let open = !limit_included;
    if detection == Detection::Above {
        return Extent {
            low: Some(limit),
            high: None,
            open,
        };
    }
    let an_amount = matches!(kind, Some(LimitKind::Lod | LimitKind::Loq)) && limit > Decimal::ZERO;
    Extent {
        low: an_amount.then_some(Decimal::ZERO),
        high: Some(limit),
        open,
    }
}
