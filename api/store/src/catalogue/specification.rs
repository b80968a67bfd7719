//! Specifications and reference ranges: the limits that results are judged by.

use super::kind::{Kind, Names, Reference, yes};
use crate::Dec;
use crate::check::Faults;
use attest_domain::Action;
use attest_domain::ids::{ClientId, SampleTypeId, SpecificationId, TestId};
use attest_domain::judge::{Criteria, DecisionRule, JudgedValue, LimitRow, Limits, Sex, SpecificationKind};
use attest_domain::text::LINE_MAX;
use attest_domain::value::Uncertainty;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rows that a specification may have: its audit event has 64 KiB.
const LIMITS_MAX: usize = 250;
/// 150 years: beyond it an age is a typing error.
const AGE_MAX_DAYS: u32 = 54_787;

/// Limits that results are judged by.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Drinking water directive", "kind": "specification", "decision_rule": "simple", "judge": "rounded", "active": true,
    "limits": [{"test_id": "01980000-0000-7000-8000-000000000000", "low": "6.5", "high": "9.5"}]}))]
pub struct Specification {
    /// Name.
    pub name: String,
    /// Only for this sample type.
    #[serde(default)]
    pub sample_type_id: Option<SampleTypeId>,
    /// Only for this client.
    #[serde(default)]
    pub client_id: Option<ClientId>,
    /// Specification or reference range.
    pub kind: SpecificationKind,
    /// How a statement of conformity takes the uncertainty into account.
    pub decision_rule: DecisionRule,
    /// Which value is judged.
    pub judge: JudgedValue,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
    /// The limits, by test.
    pub limits: Vec<Limit>,
}

/// Sex in a reference range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RangeSex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// The limits of one test, for everybody or for one sex and age. A limit itself is still within.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The test.
    pub test_id: TestId,
    /// Only for this sex.
    #[serde(default)]
    pub sex: Option<RangeSex>,
    /// From this age in days on, included.
    #[serde(default)]
    pub age_min_days: Option<u32>,
    /// Up to this age in days, included.
    #[serde(default)]
    pub age_max_days: Option<u32>,
    /// Lower limit, in the test's unit.
    #[serde(default)]
    pub low: Option<Dec>,
    /// Upper limit, in the test's unit.
    #[serde(default)]
    pub high: Option<Dec>,
    /// Below it a warning.
    #[serde(default)]
    pub warn_low: Option<Dec>,
    /// Above it a warning.
    #[serde(default)]
    pub warn_high: Option<Dec>,
    /// Below it somebody is told at once.
    #[serde(default)]
    pub critical_low: Option<Dec>,
    /// Above it somebody is told at once.
    #[serde(default)]
    pub critical_high: Option<Dec>,
    /// w of the guard band, in the test's unit; the expanded uncertainty when absent.
    #[serde(default)]
    pub guard_band: Option<Dec>,
    /// The expected code, or words printed in the place of limits.
    #[serde(default)]
    pub text: Option<String>,
}

impl Limit {
    /// The numbers.
    pub fn limits(&self) -> Limits {
        let plain = |dec: Option<Dec>| dec.map(|dec| dec.0);
        Limits {
            low: plain(self.low),
            high: plain(self.high),
            warn_low: plain(self.warn_low),
            warn_high: plain(self.warn_high),
            critical_low: plain(self.critical_low),
            critical_high: plain(self.critical_high),
            guard_band: plain(self.guard_band),
        }
    }

    /// As the rules of judging want it.
    pub fn row(&self) -> LimitRow {
        LimitRow {
            sex: self.sex.map(|sex| match sex {
                RangeSex::Female => Sex::Female,
                RangeSex::Male => Sex::Male,
            }),
            age_min_days: self.age_min_days,
            age_max_days: self.age_max_days,
            limits: self.limits(),
            text: self.text.clone(),
        }
    }
}

impl Specification {
    /// The rows of one test, for [`attest_domain::judge::select`].
    pub fn rows(&self, test: TestId) -> Vec<LimitRow> {
        self.limits
            .iter()
            .filter(|limit| limit.test_id == test)
            .map(Limit::row)
            .collect()
    }

    /// Whether it says anything about a test.
    pub fn covers(&self, test: TestId) -> bool {
        self.limits.iter().any(|limit| limit.test_id == test)
    }

    /// How it judges a test of this uncertainty.
    pub fn criteria(&self, uncertainty: Option<Uncertainty>) -> Criteria {
        Criteria {
            rule: self.decision_rule,
            judged: self.judge,
            uncertainty,
        }
    }
}

impl Kind for Specification {
    const KIND: &'static str = "specification";
    const CREATED: Action = Action::SpecificationCreated;
    const EDITED: Action = Action::SpecificationEdited;
    type Id = SpecificationId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.unless(
            self.limits.len() <= LIMITS_MAX,
            "limits",
            "length",
            format!("must have at most {LIMITS_MAX} rows"),
        );
        for (index, limit) in self.limits.iter().enumerate() {
            let at = |field: &str| format!("limits.{index}.{field}");
            if let Err(refusal) = limit.limits().check() {
                wrong.say(
                    at(if refusal.upper == "guard_band" {
                        "guard_band"
                    } else {
                        refusal.lower
                    }),
                    "order",
                    refusal.to_string(),
                );
            }
            let ordered = limit
                .age_min_days
                .zip(limit.age_max_days)
                .is_none_or(|(from, to)| from <= to);
            wrong.unless(
                ordered,
                at("age_max_days"),
                "order",
                "must not be lower than age_min_days",
            );
            for (field, days) in [
                ("age_min_days", limit.age_min_days),
                ("age_max_days", limit.age_max_days),
            ] {
                wrong.unless(
                    days.is_none_or(|days| days <= AGE_MAX_DAYS),
                    at(field),
                    "range",
                    format!("must be at most {AGE_MAX_DAYS} days"),
                );
            }
            wrong.maybe_line(at("text"), limit.text.as_ref(), LINE_MAX);
            let twin = self.limits.iter().take(index).any(|other| {
                (other.test_id, other.sex, other.age_min_days, other.age_max_days)
                    == (limit.test_id, limit.sex, limit.age_min_days, limit.age_max_days)
            });
            wrong.unless(
                !twin,
                at("test_id"),
                "duplicate",
                "there is a row for this test, sex and age already",
            );
        }
    }

    fn references(&self) -> Vec<Reference> {
        let tests = self
            .limits
            .iter()
            .enumerate()
            .map(|(index, limit)| Reference::item(format!("limits.{index}.test_id"), "test", limit.test_id.uuid()));
        let sample_type = self
            .sample_type_id
            .map(|id| Reference::item("sample_type_id".to_owned(), "sample_type", id.uuid()));
        let client = self
            .client_id
            .map(|id| Reference::client("client_id".to_owned(), id.uuid()));
        tests.chain(sample_type).chain(client).collect()
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}
