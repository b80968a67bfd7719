//! Which limits concern a sample's test: the agreed specification, else the one for its type and client, else the reference range
//! for the patient's sex and age at collection.

use super::view::{NamedThen, ResultLimits};
use crate::catalogue::{Entry, Limit, Specification};
use attest_domain::ids::{ClientId, SampleTypeId, SpecificationId, TestId};
use attest_domain::judge::{DecisionRule, JudgedValue, LimitRow, Limits, SpecificationKind, Subject, select};

/// What decides which limits concern a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Concerned {
    /// The specification that was agreed on for the sample.
    pub(crate) specification: Option<SpecificationId>,
    pub(crate) sample_type: SampleTypeId,
    pub(crate) client: Option<ClientId>,
    /// Sex and age at collection; nothing for samples of things.
    pub(crate) patient: Option<Subject>,
    /// The decision rule agreed for the order: stands before the specification's.
    pub(crate) agreed_rule: Option<DecisionRule>,
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

/// How well a specification fits, the best first; nothing when it does not concern the sample. One that names neither type nor
/// client is there to be agreed on and concerns nobody by itself; a reference range without them concerns every patient.
fn rank(one: &Entry<Specification>, sample: &Concerned) -> Option<u8> {
    let agreed = sample.specification.is_some();
    if sample.specification.is_some_and(|agreed| agreed.uuid() == one.id) {
        return Some(0);
    }
    let own = &one.data;
    let fits = own.active
        && own.sample_type_id.is_none_or(|kind| kind == sample.sample_type)
        && own.client_id.is_none_or(|client| Some(client) == sample.client);
    if !fits {
        return None;
    }
    match (own.kind, own.client_id.is_some(), own.sample_type_id.is_some()) {
        // What was agreed on stands in the place of every other specification, not of the reference ranges.
        (SpecificationKind::Specification, ..) if agreed => None,
        (SpecificationKind::Specification, true, true) => Some(1),
        (SpecificationKind::Specification, true, false) => Some(2),
        (SpecificationKind::Specification, false, true) => Some(5),
        (SpecificationKind::Specification, false, false) => None,
        (SpecificationKind::ReferenceRange, ..) if sample.patient.is_none() => None,
        // A patient's age and sex say more than what holds for the specimen in general.
        (SpecificationKind::ReferenceRange, _, true) => Some(3),
        (SpecificationKind::ReferenceRange, _, false) => Some(4),
    }
}

/// The limits for this test: of the specifications that concern the sample, the best fitting one that says anything about it.
/// Of equals the oldest, so that the answer does not depend on the order of reading.
pub(crate) fn limits_for<'a>(
    specifications: impl Iterator<Item = &'a Entry<Specification>>,
    test: TestId,
    sample: &Concerned,
) -> Option<Applicable> {
    let mut concerned: Vec<(u8, &Entry<Specification>)> = specifications
        .filter_map(|one| rank(one, sample).map(|rank| (rank, one)))
        .collect();
    concerned.sort_by_key(|(rank, one)| (*rank, one.id));
    concerned
        .into_iter()
        .find_map(|(_, specification)| applied(specification, test, sample))
}

fn applied(specification: &Entry<Specification>, test: TestId, sample: &Concerned) -> Option<Applicable> {
    let of_test: Vec<&Limit> = specification
        .data
        .limits
        .iter()
        .filter(|limit| limit.test_id == test)
        .collect();
    let rows: Vec<LimitRow> = of_test.iter().map(|limit| limit.row()).collect();
    let chosen = select(&rows, sample.patient)?;
    let place = rows.iter().position(|row| std::ptr::eq(row, chosen))?;
    let limit = of_test.get(place)?;
    let rule = sample.agreed_rule.unwrap_or(specification.data.decision_rule);
    let text = |decimal: Option<crate::Dec>| decimal.map(|decimal| decimal.to_string());
    let shown = ResultLimits {
        low: text(limit.low),
        high: text(limit.high),
        warn_low: text(limit.warn_low),
        warn_high: text(limit.warn_high),
        critical_low: text(limit.critical_low),
        critical_high: text(limit.critical_high),
        text: limit.text.clone(),
        guard_band: text(limit.guard_band),
        decision_rule: Some(rule),
        judge: Some(specification.data.judge),
        source: Some(NamedThen {
            id: specification.id,
            name: specification.data.name.clone(),
        }),
        source_version: Some(specification.version),
    };
    Some(Applicable {
        limits: chosen.limits,
        rule,
        judged: specification.data.judge,
        shown,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use attest_domain::judge::Sex;
    use serde_json::json;

    fn specification(
        kind: &str,
        client: Option<ClientId>,
        sample_type: Option<SampleTypeId>,
        limits: serde_json::Value,
    ) -> Entry<Specification> {
        let data = json!({"name": "S", "kind": kind, "decision_rule": "simple", "judge": "rounded", "client_id": client,
            "sample_type_id": sample_type, "limits": limits});
        Entry {
            id: SpecificationId::new().uuid(),
            version: 3,
            data: serde_json::from_value(data).unwrap(),
        }
    }

    fn sample() -> Concerned {
        Concerned {
            specification: None,
            sample_type: SampleTypeId::new(),
            client: Some(ClientId::new()),
            patient: None,
            agreed_rule: None,
        }
    }

    #[test]
    fn the_clients_own_specification_stands_before_the_general_one() {
        let (test, sample) = (TestId::new(), sample());
        let general = specification(
            "specification",
            None,
            Some(sample.sample_type),
            json!([{"test_id": test, "high": "10"}]),
        );
        let own = specification(
            "specification",
            sample.client,
            None,
            json!([{"test_id": test, "high": "5"}]),
        );
        let all = [general, own];
        let found = limits_for(all.iter(), test, &sample).unwrap();
        assert_eq!(found.shown.high.as_deref(), Some("5"));
        assert_eq!(found.shown.source_version, Some(3));
        assert!(limits_for(all.iter(), TestId::new(), &sample).is_none());
    }

    #[test]
    fn what_was_agreed_on_stands_before_everything() {
        let (test, mut sample) = (TestId::new(), sample());
        let own = specification(
            "specification",
            sample.client,
            None,
            json!([{"test_id": test, "high": "5"}]),
        );
        let agreed = specification("specification", None, None, json!([{"test_id": test, "high": "7"}]));
        let all = [own, agreed];
        assert_eq!(
            limits_for(all.iter(), test, &sample).unwrap().shown.high.as_deref(),
            Some("5"),
            "concerns nobody by itself"
        );
        sample.specification = Some(SpecificationId::from_uuid(all[1].id));
        assert_eq!(
            limits_for(all.iter(), test, &sample).unwrap().shown.high.as_deref(),
            Some("7")
        );
        sample.agreed_rule = Some(DecisionRule::GuardBand);
        assert_eq!(
            limits_for(all.iter(), test, &sample).unwrap().rule,
            DecisionRule::GuardBand,
            "the order's rule"
        );
    }

    #[test]
    fn a_patient_is_judged_by_sex_and_age() {
        let (test, mut sample) = (TestId::new(), sample());
        let range = specification(
            "reference_range",
            None,
            None,
            json!([{"test_id": test, "sex": "female", "high": "104"}, {"test_id": test, "sex": "male", "age_min_days": 6570, "high": "129"}]),
        );
        let all = [range];
        assert!(
            limits_for(all.iter(), test, &sample).is_none(),
            "a thing has no reference range"
        );
        sample.patient = Some(Subject {
            sex: Sex::Male,
            age_days: Some(20_000),
        });
        assert_eq!(
            limits_for(all.iter(), test, &sample).unwrap().shown.high.as_deref(),
            Some("129")
        );
        sample.patient = Some(Subject {
            sex: Sex::Male,
            age_days: None,
        });
        assert!(
            limits_for(all.iter(), test, &sample).is_none(),
            "what is not known is not guessed"
        );
    }
}
