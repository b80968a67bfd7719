//! Statements of conformity with their decision rule (ILAC-G8:09/2019, 4.2).

use rust_decimal::Decimal;

use super::{Criteria, DecisionRule, Limits};
use crate::value::Extent;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What is said about conformity. From pass to fail, what may be claimed for the value grows worse.
    Statement {
        /// Within the limits, with the guard band kept.
        Pass = "pass", "pass", "zgodny";
        /// Within the limits, but nearer than the guard band.
        ConditionalPass = "conditional_pass", "conditional pass", "warunkowo zgodny";
        /// Beyond a limit, but nearer than the guard band.
        ConditionalFail = "conditional_fail", "conditional fail", "warunkowo niezgodny";
        /// Beyond a limit.
        Fail = "fail", "fail", "niezgodny";
        /// The value does not allow one.
        NoStatement = "no_statement", "no statement", "brak stwierdzenia";
    }
}

/// The least that holds for every value of the extent: for acceptance the worst of its statements, for refusal the mildest.
pub(super) fn statement(extent: Extent, limits: &Limits, criteria: &Criteria) -> Option<Statement> {
    if criteria.rule == DecisionRule::None || (limits.low.is_none() && limits.high.is_none()) {
        return None;
    }
    let Some(width) = guard_band(extent, limits, criteria) else {
        return Some(Statement::NoStatement);
    };
    let by_high = limits.high.map(|limit| span(extent, limit, width));
    let by_low = limits.low.map(|limit| span(mirrored(extent), -limit, width));
    let spans = [by_high, by_low].into_iter().flatten();
    let (best, worst) = spans.fold((Statement::Pass, Statement::Pass), |(best, worst), (mild, bad)| {
        (best.max(mild), worst.max(bad))
    });
    Some(if worst <= Statement::ConditionalPass {
        worst
    } else if best >= Statement::ConditionalFail {
        best
    } else {
        Statement::NoStatement
    })
}

/// w; 0 under simple acceptance. `None` when a guard band is wanted and neither w nor an uncertainty is known.
fn guard_band(extent: Extent, limits: &Limits, criteria: &Criteria) -> Option<Decimal> {
    match criteria.rule {
        DecisionRule::GuardBand => limits.guard_band.or_else(|| {
            let value = extent.high.or(extent.low)?;
            criteria.uncertainty.as_ref()?.at(value)
        }),
        DecisionRule::Simple | DecisionRule::None => Some(Decimal::ZERO),
    }
}

/// The mildest and the worst statement within the extent, by an upper limit.
fn span(extent: Extent, limit: Decimal, width: Decimal) -> (Statement, Statement) {
    let open_low = extent.open && extent.high.is_none();
    let mildest = extent
        .low
        .map_or(Statement::Pass, |low| zone(low, limit, width, open_low));
    let worst = extent
        .high
        .map_or(Statement::Fail, |high| zone(high, limit, width, false));
    (mildest, worst)
}

/// The statement for a value by an upper limit; `beyond`: for the values just above it.
fn zone(value: Decimal, limit: Decimal, width: Decimal, beyond: bool) -> Statement {
    let within = |edge: Decimal| if beyond { value < edge } else { value <= edge };
    if within(limit.saturating_sub(width)) {
        Statement::Pass
    } else if within(limit) {
        Statement::ConditionalPass
    } else if within(limit.saturating_add(width)) {
        Statement::ConditionalFail
    } else {
        Statement::Fail
    }
}

/// The same extent seen from the other side: a lower limit is an upper one for the negated value.
fn mirrored(extent: Extent) -> Extent {
    Extent {
        low: extent.high.map(|high| -high),
        high: extent.low.map(|low| -low),
        open: extent.open,
    }
}

/// Judges a code or a text against the one that is expected, ignoring case; `None` without a rule.
#[must_use]
pub fn judge_text(value: &str, expected: &str, rule: DecisionRule) -> Option<Statement> {
    if rule == DecisionRule::None {
        return None;
    }
    let same = value.trim().to_lowercase() == expected.trim().to_lowercase();
    Some(if same { Statement::Pass } else { Statement::Fail })
}
