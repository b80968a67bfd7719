//! Which limits concern a sample's test: the agreed specification, else the one for its type and client, else the reference range
//! for the patient's sex and age at collection.

use super::method::stored_decimal;
use super::view::{NamedThen, ResultLimits};
use crate::StoreError;
use attest_domain::ids::{ClientId, SampleTypeId, SpecificationId, TestId};
use attest_domain::judge::{DecisionRule, JudgedValue, LimitRow, Limits, Sex, SpecificationKind, Subject, select};
use serde::Deserialize;

/// A specification with its rows.
#[derive(Debug)]
pub(crate) struct Specification {
    pub(crate) id: SpecificationId,
    pub(crate) name: String,
    pub(crate) version: i64,
    pub(crate) active: bool,
    body: SpecificationBody,
}

/// A specification's JSON (`catalog_items.body`).
#[derive(Debug, Deserialize)]
struct SpecificationBody {
    sample_type_id: Option<SampleTypeId>,
    client_id: Option<ClientId>,
    kind: SpecificationKind,
    decision_rule: Option<DecisionRule>,
    judge: Option<JudgedValue>,
    #[serde(default)]
    limits: Vec<SpecificationRow>,
}

#[derive(Debug, Deserialize)]
struct SpecificationRow {
    test_id: TestId,
    sex: Option<Sex>,
    age_min_days: Option<u32>,
    age_max_days: Option<u32>,
    low: Option<String>,
    high: Option<String>,
    warn_low: Option<String>,
    warn_high: Option<String>,
    critical_low: Option<String>,
    critical_high: Option<String>,
    guard_band: Option<String>,
    text: Option<String>,
}

/// What decides which limits concern a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Concerned {
    pub(crate) specification: Option<SpecificationId>,
    pub(crate) sample_type: SampleTypeId,
    pub(crate) client: Option<ClientId>,
    pub(crate) patient: Option<Subject>,
    /// The decision rule agreed for the order: stands before the specification's.
    pub(crate) agreed_rule: Option<DecisionRule>,
    /// The laboratory's, where nobody says otherwise.
    pub(crate) default_rule: DecisionRule,
}

/// The limits that were found, for judging and for the record.
#[derive(Debug, Clone)]
pub(crate) struct Applicable {
    pub(crate) limits: Limits,
    pub(crate) rule: DecisionRule,
    pub(crate) judged: JudgedValue,
    /// As kept with the result.
    pub(crate) shown: ResultLimits,
}

impl Specification {
    pub(crate) fn read(id: SpecificationId, name: String, version: i64, active: bool, body: &str) -> Result<Self, StoreError> {
        Ok(Self { id, name, version, active, body: serde_json::from_str(body).map_err(StoreError::broken)? })
    }

    /// How well it fits, the best first; `None` when it does not concern the sample at all. A specification that names neither type nor client
    /// is one to be agreed on, it concerns nobody by itself; a reference range without them concerns every patient.
    fn rank(&self, sample: &Concerned) -> Option<u8> {
        if Some(self.id) == sample.specification {
            return Some(0);
        }
        let fits = self.active
            && self.body.sample_type_id.is_none_or(|kind| kind == sample.sample_type)
            && self.body.client_id.is_none_or(|client| Some(client) == sample.client);
        if !fits {
            return None;
        }
        match (self.body.kind, self.body.client_id, self.body.sample_type_id) {
            // What was agreed on stands in the place of every other specification, not of the reference ranges.
            (SpecificationKind::Specification, ..) if sample.specification.is_some() => None,
            (SpecificationKind::Specification, Some(_), Some(_)) => Some(1),
            (SpecificationKind::Specification, Some(_), None) => Some(2),
            (SpecificationKind::Specification, None, Some(_)) => Some(3),
            (SpecificationKind::Specification, None, None) => None,
            (SpecificationKind::ReferenceRange, ..) if sample.patient.is_none() => None,
            (SpecificationKind::ReferenceRange, _, Some(_)) => Some(4),
            (SpecificationKind::ReferenceRange, _, None) => Some(5),
        }
    }

    fn applied(&self, test: TestId, sample: &Concerned) -> Result<Option<Applicable>, StoreError> {
        let of_test: Vec<&SpecificationRow> = self.body.limits.iter().filter(|row| row.test_id == test).collect();
        let rows: Vec<LimitRow> = of_test.iter().map(|row| row.limit_row()).collect::<Result<_, _>>()?;
        let Some(chosen) = select(&rows, sample.patient) else { return Ok(None) };
        let Some(row) = rows.iter().position(|row| std::ptr::eq(row, chosen)).and_then(|at| of_test.get(at)) else { return Ok(None) };
        let rule = sample.agreed_rule.or(self.body.decision_rule).unwrap_or(sample.default_rule);
        let judged = self.body.judge.unwrap_or(JudgedValue::Rounded);
        let shown = ResultLimits {
            low: row.low.clone(),
            high: row.high.clone(),
            warn_low: row.warn_low.clone(),
            warn_high: row.warn_high.clone(),
            critical_low: row.critical_low.clone(),
            critical_high: row.critical_high.clone(),
            text: row.text.clone(),
            guard_band: row.guard_band.clone(),
            decision_rule: Some(rule),
            judge: Some(judged),
            source: Some(NamedThen { id: self.id.uuid(), name: self.name.clone() }),
            source_version: Some(self.version),
        };
        Ok(Some(Applicable { limits: chosen.limits, rule, judged, shown }))
    }
}

impl SpecificationRow {
    fn limit_row(&self) -> Result<LimitRow, StoreError> {
        let decimal = |text: &Option<String>| stored_decimal(text.as_deref());
        Ok(LimitRow {
            sex: self.sex,
            age_min_days: self.age_min_days,
            age_max_days: self.age_max_days,
            limits: Limits {
                low: decimal(&self.low)?,
                high: decimal(&self.high)?,
                warn_low: decimal(&self.warn_low)?,
                warn_high: decimal(&self.warn_high)?,
                critical_low: decimal(&self.critical_low)?,
                critical_high: decimal(&self.critical_high)?,
                guard_band: decimal(&self.guard_band)?,
            },
            text: self.text.clone(),
        })
    }
}

/// The limits for this test: of the specifications that concern the sample, the best fitting one that says anything about it.
/// Of equals the oldest, so that the answer does not depend on the order of reading.
pub(crate) fn limits_for<'a>(
    specifications: impl Iterator<Item = &'a Specification>,
    test: TestId,
    sample: &Concerned,
) -> Result<Option<Applicable>, StoreError> {
    let mut concerned: Vec<(u8, &Specification)> = specifications.filter_map(|one| one.rank(sample).map(|rank| (rank, one))).collect();
    concerned.sort_by_key(|(rank, one)| (*rank, one.id));
    for (_, specification) in concerned {
        if let Some(found) = specification.applied(test, sample)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
