//! What an analyst typed, and what it means: the typed digits are kept, the result is typed value × dilution factor, rounded
//! once, with the limits of detection and quantification scaled along.

mod interval;
mod measure;
mod number;
mod numeric;
mod rounding;
mod sign;
mod titre;
mod uncertainty;

pub use measure::measure;
pub use number::parse_decimal;
pub use rounding::{Rounding, round};
pub use uncertainty::{Uncertainty, UncertaintyKind};

use rust_decimal::Decimal;

use crate::text::TextRefusal;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of value a test has.
    ResultType {
        /// A number with a unit.
        Numeric = "numeric", "numeric", "liczbowy";
        /// One of the test's list: detected, not detected, growth …
        Coded = "coded", "coded", "z listy";
        /// Free text.
        Text = "text", "text", "tekstowy";
        /// From … to …: cells per field.
        Range = "range", "range", "zakres";
        /// The greatest dilution that still reacts: 1:160.
        Titre = "titre", "titre", "miano";
    }
}

vocabulary! {
    /// How the value stands to the truth.
    Detection {
        /// It was measured.
        Equal = "=", "measured", "zmierzono";
        /// It is below the value given.
        Below = "<", "below", "poniżej";
        /// It is above the value given.
        Above = ">", "above", "powyżej";
        /// Nothing was detected.
        NotDetected = "ND", "not detected", "nie wykryto";
    }
}

vocabulary! {
    /// Which limit a `<` or `>` names.
    LimitKind {
        /// Limit of detection.
        Lod = "LOD", "limit of detection", "granica wykrywalności";
        /// Limit of quantification.
        Loq = "LOQ", "limit of quantification", "granica oznaczalności";
        /// End of the measuring range, or another limit that the analyst gave.
        Range = "range", "end of the measuring range", "granica zakresu pomiarowego";
    }
}

/// What the catalogue says about a test's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestRules<'a> {
    /// Kind of value.
    pub result_type: ResultType,
    /// How the result is rounded.
    pub rounding: Rounding,
    /// Limit of detection, undiluted, in the test's unit.
    pub lod: Option<Decimal>,
    /// Limit of quantification, undiluted, in the test's unit.
    pub loq: Option<Decimal>,
    /// The list, for coded values.
    pub codes: &'a [String],
}

/// What the analyst typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entry<'a> {
    /// The field as typed: `0.012`, `<0.02`, `ND`, `1:160`, `detected`.
    pub value: &'a str,
    /// A detection given beside it; must agree with a sign in the field.
    pub detection: Option<Detection>,
    /// The kind of limit, where the analyst says so.
    pub limit_kind: Option<LimitKind>,
    /// The factor that the sample was diluted by; 1 when absent.
    pub dilution: Option<Decimal>,
}

/// Where the true value lies as far as the entry tells; `None` is without end. A measured number is a single point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Nothing below it.
    pub low: Option<Decimal>,
    /// Nothing above it.
    pub high: Option<Decimal>,
    /// The end that a `<` or `>` names does not itself belong to it.
    pub open: bool,
}

impl Extent {
    /// A measured number.
    #[must_use]
    pub const fn point(value: Decimal) -> Self {
        Extent {
            low: Some(value),
            high: Some(value),
            open: false,
        }
    }
}

/// A value understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What was typed, trimmed, digit for digit.
    pub typed: String,
    /// The result: diluted and rounded number, canonical code, titre, range or text. For `<`, `>` and `ND` the limit it names,
    /// `None` when `ND` names none.
    pub value: Option<String>,
    /// How it stands to the truth.
    pub detection: Detection,
    /// Which limit, for `<`, `>` and `ND`.
    pub limit_kind: Option<LimitKind>,
    /// The dilution factor; 1 when undiluted.
    pub dilution: Decimal,
    /// How it is printed: `0.012`, `< 0.02`, `ND`, `0–2`.
    pub display: String,
    /// For sorting; `None` for codes, text and an `ND` without limit.
    pub sort_key: Option<Decimal>,
    /// Before rounding, for judging; `None` for codes and text.
    pub unrounded: Option<Extent>,
    /// After rounding, for judging; `None` for codes and text.
    pub rounded: Option<Extent>,
}

/// Why a value was refused (422, path `value`); the display says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueRefusal {
    /// Nothing was typed.
    #[error("a value is needed")]
    Empty,
    /// Not a number.
    #[error("this is not a number; write it like 0.012, 1.2e3, <0.02 or ND")]
    NotANumber,
    /// A comma where the point belongs.
    #[error("write the decimal sign as a point, not as a comma")]
    DecimalComma,
    /// NaN or infinite.
    #[error("a result must be a finite number")]
    NotFinite,
    /// More digits than can be kept.
    #[error("this number has too many digits or too large an exponent (at most 28 digits)")]
    OutOfRange,
    /// The sign and the field `detection` disagree.
    #[error("the sign in the value and the detection contradict each other")]
    DetectionConflict,
    /// A detection or limit on a kind of value that has none.
    #[error("this kind of result takes no <, > or ND")]
    DetectionNotApplicable,
    /// A kind of limit on a value that names none.
    #[error("a limit kind goes with <, > or ND only")]
    LimitKindNotApplicable,
    /// `<LOD` without one.
    #[error("the test has no limit of detection; type the limit as a number, like <0.02")]
    NoLod,
    /// `<LOQ` without one.
    #[error("the test has no limit of quantification; type the limit as a number, like <0.02")]
    NoLoq,
    /// Dilution out of range.
    #[error("the dilution factor must be greater than 0 and at most 1000000")]
    Dilution,
    /// A dilution on a kind of value that has none.
    #[error("this kind of result takes no dilution factor")]
    DilutionNotApplicable,
    /// Not in the list.
    #[error("this is not one of the values of the test's list")]
    NotInList,
    /// Not a range.
    #[error("this is not a range; write it like 0-2 or 1 to 5")]
    NotARange,
    /// Ends in the wrong order.
    #[error("the range must begin with its smaller end")]
    RangeReversed,
    /// Not a titre.
    #[error("this is not a titre; write it like 1:160")]
    NotATitre,
    /// The text holds what a record must not.
    #[error("{0}")]
    Text(#[from] TextRefusal),
}

impl ValueRefusal {
    /// The code of the problem's error entry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ValueRefusal::Empty => "empty",
            ValueRefusal::NotANumber => "not_a_number",
            ValueRefusal::DecimalComma => "decimal_comma",
            ValueRefusal::NotFinite => "not_finite",
            ValueRefusal::OutOfRange => "out_of_range",
            ValueRefusal::DetectionConflict => "detection_conflict",
            ValueRefusal::DetectionNotApplicable => "detection_not_applicable",
            ValueRefusal::LimitKindNotApplicable => "limit_kind_not_applicable",
            ValueRefusal::NoLod => "no_lod",
            ValueRefusal::NoLoq => "no_loq",
            ValueRefusal::Dilution => "dilution",
            ValueRefusal::DilutionNotApplicable => "dilution_not_applicable",
            ValueRefusal::NotInList => "not_in_list",
            ValueRefusal::NotARange => "not_a_range",
            ValueRefusal::RangeReversed => "range_reversed",
            ValueRefusal::NotATitre => "not_a_titre",
            ValueRefusal::Text(refusal) => refusal.code(),
        }
    }
}
