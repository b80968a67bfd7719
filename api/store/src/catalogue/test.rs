//! Tests (analysis services): what is measured, how, in which unit, and how a value of it is understood.

use super::kind::{Kind, Names, yes};
use crate::Dec;
use crate::check::Faults;
use attest_domain::Action;
use attest_domain::ids::TestId;
use attest_domain::text::{CODE_MAX, LINE_MAX};
use attest_domain::value::{ResultType, Rounding, TestRules, Uncertainty, UncertaintyKind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;

/// Words that a coded test's list may have.
const CODES_MAX: usize = 100;
/// Ten years: longer waiting and turnaround times are typing errors.
const HOURS_MAX: u32 = 87_600;

/// A test of the catalogue: analyte + fraction + basis + method + unit + specimen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "NO3", "name": "Nitrate", "analyte": "Nitrate", "basis": "NO3", "method": "ISO 10304-1", "unit": "mg/L",
    "result_type": "numeric", "decimals": 2, "lod": "0.05", "loq": "0.10", "uncertainty": {"value": "10", "kind": "percent", "k": "2"},
    "turnaround_hours": 72, "accredited": true, "active": true}))]
pub struct Test {
    /// Short code, unique in the laboratory.
    pub code: String,
    /// Name.
    pub name: String,
    /// What is determined.
    pub analyte: String,
    /// Fraction: total, dissolved.
    #[serde(default)]
    pub fraction: Option<String>,
    /// Expressed as: ammonia as N is not ammonia as NH4.
    #[serde(default)]
    pub basis: Option<String>,
    /// Method.
    pub method: String,
    /// Unit as printed; empty where there is none.
    pub unit: String,
    /// Specimen or matrix.
    #[serde(default)]
    pub specimen: Option<String>,
    /// Kind of value.
    pub result_type: ResultType,
    /// Decimals of the result.
    #[serde(default)]
    #[schema(maximum = 12)]
    pub decimals: Option<u32>,
    /// Significant figures of the result; not together with decimals.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 12)]
    pub significant_figures: Option<u32>,
    /// The words of a coded result.
    #[serde(default)]
    pub codes: Option<Vec<String>>,
    /// Limit of detection, undiluted, in the unit.
    #[serde(default)]
    pub lod: Option<Dec>,
    /// Limit of quantification, undiluted, in the unit.
    #[serde(default)]
    pub loq: Option<Dec>,
    /// Expanded uncertainty.
    #[serde(default)]
    pub uncertainty: Option<TestUncertainty>,
    /// Hours between collection and measurement.
    #[serde(default)]
    pub hold_time_hours: Option<u32>,
    /// Hours from receipt to the verified result.
    #[serde(default)]
    pub turnaround_hours: Option<u32>,
    /// Within the scope of accreditation.
    #[serde(default)]
    pub accredited: bool,
    /// LOINC code.
    #[serde(default)]
    pub loinc: Option<String>,
    /// Unit in UCUM.
    #[serde(default)]
    pub ucum: Option<String>,
    /// Whoever entered may verify, with a reason.
    #[serde(default)]
    pub self_verification_allowed: bool,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Expanded uncertainty U = k·u (JCGM 100).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestUncertainty {
    /// U, in the unit or in percent of the result.
    pub value: Dec,
    /// Which of the two.
    pub kind: UncertaintyKind,
    /// Coverage factor.
    pub k: Dec,
}

impl Test {
    /// How a typed value of this test is understood.
    pub fn rules(&self) -> TestRules<'_> {
        TestRules {
            result_type: self.result_type,
            rounding: Rounding::from_catalogue(self.decimals, self.significant_figures),
            lod: self.lod.map(|limit| limit.0),
            loq: self.loq.map(|limit| limit.0),
            codes: self.codes.as_deref().unwrap_or_default(),
        }
    }

    /// The expanded uncertainty.
    pub fn uncertainty(&self) -> Option<Uncertainty> {
        self.uncertainty.map(|given| Uncertainty {
            value: given.value.0,
            kind: given.kind,
            k: given.k.0,
        })
    }
}

impl Kind for Test {
    const KIND: &'static str = "test";
    const CREATED: Action = Action::TestCreated;
    const EDITED: Action = Action::TestEdited;
    type Id = TestId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn code(&self) -> Option<&str> {
        Some(&self.code)
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("code", &self.code, CODE_MAX);
        wrong.line("name", &self.name, LINE_MAX);
        wrong.line("analyte", &self.analyte, LINE_MAX);
        wrong.line("method", &self.method, LINE_MAX);
        wrong.maybe_line("unit", Some(&self.unit).filter(|unit| !unit.is_empty()), CODE_MAX);
        for (path, text) in [
            ("fraction", &self.fraction),
            ("basis", &self.basis),
            ("specimen", &self.specimen),
        ] {
            wrong.maybe_line(path, text.as_ref(), LINE_MAX);
        }
        for (path, text) in [("loinc", &self.loinc), ("ucum", &self.ucum)] {
            wrong.maybe_line(path, text.as_ref(), CODE_MAX);
        }
        self.check_digits(wrong);
        self.check_codes(wrong);
        self.check_limits(wrong);
        for (path, hours) in [
            ("hold_time_hours", self.hold_time_hours),
            ("turnaround_hours", self.turnaround_hours),
        ] {
            let fits = hours.is_none_or(|hours| (1..=HOURS_MAX).contains(&hours));
            wrong.unless(fits, path, "range", format!("must be between 1 and {HOURS_MAX}"));
        }
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}

impl Test {
    fn check_digits(&self, wrong: &mut Faults) {
        wrong.unless(
            self.decimals.is_none_or(|digits| digits <= 12),
            "decimals",
            "range",
            "must be between 0 and 12",
        );
        let fits = self.significant_figures.is_none_or(|digits| (1..=12).contains(&digits));
        wrong.unless(fits, "significant_figures", "range", "must be between 1 and 12");
        let one = self.decimals.is_none() || self.significant_figures.is_none();
        wrong.unless(
            one,
            "significant_figures",
            "contradiction",
            "a result is rounded to decimals or to significant figures, not to both",
        );
    }

    fn check_codes(&self, wrong: &mut Faults) {
        let codes = self.codes.as_deref().unwrap_or_default();
        if self.result_type == ResultType::Coded {
            wrong.unless(
                (1..=CODES_MAX).contains(&codes.len()),
                "codes",
                "required",
                format!("a coded test needs a list of 1 to {CODES_MAX} words"),
            );
        } else {
            wrong.unless(
                codes.is_empty(),
                "codes",
                "not_applicable",
                "only coded tests have a list of words",
            );
        }
        let mut seen = HashSet::new();
        for (index, code) in codes.iter().enumerate() {
            wrong.line(format!("codes.{index}"), code, LINE_MAX);
            wrong.unless(
                seen.insert(code.trim().to_lowercase()),
                format!("codes.{index}"),
                "duplicate",
                "this word is in the list already",
            );
        }
    }

    fn check_limits(&self, wrong: &mut Faults) {
        for (path, limit) in [("lod", self.lod), ("loq", self.loq)] {
            wrong.unless(
                limit.is_none_or(|limit| limit.0 > Decimal::ZERO),
                path,
                "range",
                "must be greater than 0",
            );
        }
        let ordered = self.lod.zip(self.loq).is_none_or(|(lod, loq)| lod <= loq);
        wrong.unless(ordered, "loq", "order", "must not be lower than lod");
        if let Some(uncertainty) = self.uncertainty {
            wrong.unless(
                uncertainty.value.0 >= Decimal::ZERO,
                "uncertainty.value",
                "range",
                "must not be negative",
            );
            wrong.unless(
                uncertainty.k.0 > Decimal::ZERO,
                "uncertainty.k",
                "range",
                "must be greater than 0",
            );
        }
    }
}
