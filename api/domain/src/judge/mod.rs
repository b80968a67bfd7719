//! Is it within its limits? Flags for the eye, a statement of conformity for the report (ILAC-G8:09/2019), and whether it is
//! critical.

mod reference;
mod statement;

pub use reference::{LimitRow, Sex, Subject, select};
pub use statement::{Statement, judge_text};

use rust_decimal::Decimal;

use crate::value::{Extent, Measured, Uncertainty};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// How a statement of conformity takes the uncertainty into account (ISO/IEC 17025:2017, 3.7 and 7.8.6).
    DecisionRule {
        /// No statement is made.
        None = "none", "no statement", "bez stwierdzenia zgodności";
        /// Simple acceptance: the value is compared with the limit as it is (shared risk).
        Simple = "simple", "simple acceptance", "prosta akceptacja";
        /// Acceptance with guard band w around the limit: pass and fail are clear, what is between is conditional.
        GuardBand = "guard_band", "guard band", "pasmo ochronne";
    }
}

vocabulary! {
    /// Which value is judged.
    JudgedValue {
        /// The one on the report.
        Rounded = "rounded", "the rounded value", "wartość zaokrąglona";
        /// The one before rounding.
        Unrounded = "unrounded", "the unrounded value", "wartość niezaokrąglona";
    }
}

vocabulary! {
    /// What kind of limits they are.
    SpecificationKind {
        /// What a product or a water must keep.
        Specification = "specification", "specification", "specyfikacja";
        /// What is usual in healthy people of that sex and age.
        ReferenceRange = "reference_range", "reference range", "zakres referencyjny";
    }
}

vocabulary! {
    /// A mark beside a value.
    Flag {
        /// Below the lower limit.
        Low = "L", "low", "poniżej limitu";
        /// Above the upper limit.
        High = "H", "high", "powyżej limitu";
        /// Critically low; stands in the place of `L`.
        VeryLow = "LL", "critically low", "krytycznie niski";
        /// Critically high; stands in the place of `H`.
        VeryHigh = "HH", "critically high", "krytycznie wysoki";
        /// Somebody must be told.
        CriticalLow = "critical_low", "critical value (low)", "wartość krytyczna (niska)";
        /// Somebody must be told.
        CriticalHigh = "critical_high", "critical value (high)", "wartość krytyczna (wysoka)";
        /// Within the limits, but near the lower one.
        WarnLow = "warn_low", "near the lower limit", "blisko dolnego limitu";
        /// Within the limits, but near the upper one.
        WarnHigh = "warn_high", "near the upper limit", "blisko górnego limitu";
    }
}

/// The limits of one test. A limit itself is still within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Lower limit.
    pub low: Option<Decimal>,
    /// Upper limit.
    pub high: Option<Decimal>,
    /// Below it a warning.
    pub warn_low: Option<Decimal>,
    /// Above it a warning.
    pub warn_high: Option<Decimal>,
    /// Below it somebody is told at once.
    pub critical_low: Option<Decimal>,
    /// Above it somebody is told at once.
    pub critical_high: Option<Decimal>,
    /// w of the guard band; the expanded uncertainty when absent.
    pub guard_band: Option<Decimal>,
}

/// How a specification judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Criteria {
    /// The decision rule.
    pub rule: DecisionRule,
    /// Which value.
    pub judged: JudgedValue,
    /// The test's uncertainty, for a guard band without a w of its own.
    pub uncertainty: Option<Uncertainty>,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Marks beside the value, at most one for each side and kind.
    pub flags: Vec<Flag>,
    /// The statement of conformity; `None` when no rule asks for one or there is no limit to conform to.
    pub statement: Option<Statement>,
}

impl Judgement {
    /// Must somebody be told at once?
    #[must_use]
    pub fn critical(&self) -> bool {
        self.flags
            .iter()
            .any(|flag| matches!(flag, Flag::CriticalLow | Flag::CriticalHigh))
    }
}

/// Judges a value by its limits. Codes and texts have no extent: see [`judge_text`].
///
/// What a value with `<` or `>` may still be decides: a flag is set only when the whole extent lies beyond the limit, and a
/// statement is made only when it would be the same for every value in it, so a `<` limit above the specification is
/// `no_statement`.
#[must_use]
pub fn judge(measured: &Measured, limits: &Limits, criteria: &Criteria) -> Judgement {
    let judged = match criteria.judged {
        JudgedValue::Rounded => measured.rounded,
        JudgedValue::Unrounded => measured.unrounded,
    };
    let Some(extent) = judged else {
        return Judgement::default();
    };
    Judgement {
        flags: flags(extent, limits),
        statement: statement::statement(extent, limits, criteria),
    }
}

/// Is every value of the extent below the limit?
fn lies_below(extent: Extent, limit: Decimal) -> bool {
    extent
        .high
        .is_some_and(|high| high < limit || (high == limit && extent.open))
}

/// Is every value of the extent above the limit? The end at 0 of an amount below its limit of detection belongs to it.
fn lies_above(extent: Extent, limit: Decimal) -> bool {
    let open_low = extent.open && extent.high.is_none();
    extent.low.is_some_and(|low| low > limit || (low == limit && open_low))
}

fn flags(extent: Extent, limits: &Limits) -> Vec<Flag> {
    let below = |limit: Option<Decimal>| limit.is_some_and(|limit| lies_below(extent, limit));
    let above = |limit: Option<Decimal>| limit.is_some_and(|limit| lies_above(extent, limit));
    let mut flags = Vec::new();
    if below(limits.critical_low) {
        flags.extend([Flag::VeryLow, Flag::CriticalLow]);
    } else if below(limits.low) {
        flags.push(Flag::Low);
    } else if below(limits.warn_low) {
        flags.push(Flag::WarnLow);
    }
    if above(limits.critical_high) {
        flags.extend([Flag::VeryHigh, Flag::CriticalHigh]);
    } else if above(limits.high) {
        flags.push(Flag::High);
    } else if above(limits.warn_high) {
        flags.push(Flag::WarnHigh);
    }
    flags
}

/// Limits that contradict each other (422).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{lower} must not be greater than {upper}")]
pub struct LimitsRefusal {
    /// The field that should hold the smaller value.
    pub lower: &'static str,
    /// The field that should hold the greater value.
    pub upper: &'static str,
}

impl Limits {
    /// Do the limits lie in their order: critical_low ≤ low ≤ warn_low ≤ warn_high ≤ high ≤ critical_high, as far as given?
    ///
    /// # Errors
    /// [`LimitsRefusal`], naming the first pair that does not.
    pub fn check(&self) -> Result<(), LimitsRefusal> {
        let in_order = [
            ("critical_low", self.critical_low),
            ("low", self.low),
            ("warn_low", self.warn_low),
            ("warn_high", self.warn_high),
            ("high", self.high),
            ("critical_high", self.critical_high),
        ];
        let mut last: Option<(&'static str, Decimal)> = None;
        for (name, limit) in in_order {
            let Some(limit) = limit else { continue };
            if let Some((lower, smaller)) = last
                && smaller > limit
            {
                return Err(LimitsRefusal { lower, upper: name });
            }
            last = Some((name, limit));
        }
        if self.guard_band.is_some_and(|width| width < Decimal::ZERO) {
            return Err(LimitsRefusal {
                lower: "0",
                upper: "guard_band",
            });
        }
        Ok(())
    }
}
