//! From what an analyst typed to what is stored: understood by the test's rules, judged by the sample's limits. Pure.

use super::judging::Applicable;
use super::view::{NamedThen, ResultBody};
use crate::StoreError;
use crate::catalogue::{Entry as CatalogueEntry, Test};
use attest_domain::ids::InstrumentId;
use attest_domain::judge::{Criteria, Judgement, judge, judge_text};
use attest_domain::reason::ReasonCode;
use attest_domain::terms::Origin;
use attest_domain::text::{LINE_MAX, NOTE_MAX, check_line, check_lines, check_past};
use attest_domain::value::{
    Detection, Entry, LimitKind, Measured, ResultType, Uncertainty, ValueRefusal, measure, parse_decimal,
};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// A value to be entered.
#[derive(Debug, Clone, Default)]
pub struct ResultEntry {
    /// The field as typed.
    pub value: String,
    /// A detection given beside it.
    pub detection: Option<Detection>,
    /// The kind of limit.
    pub limit_kind: Option<LimitKind>,
    /// The dilution factor, as typed.
    pub dilution_factor: Option<String>,
    /// The instrument.
    pub instrument_id: Option<InstrumentId>,
    /// When it was measured.
    pub measured_at: Option<DateTime<Utc>>,
    /// Printed on the report.
    pub remark: Option<String>,
    /// Deviation from the method.
    pub deviation: Option<String>,
    /// Where it comes from; measured here when absent.
    pub origin: Option<Origin>,
    /// The external provider's name.
    pub provider: Option<String>,
    /// Why, when correcting.
    pub reason: Option<String>,
    /// Why, as a code.
    pub reason_code: Option<ReasonCode>,
}

impl ResultEntry {
    /// Checks what does not depend on the test: texts, times, origin.
    pub(super) fn check(&self, collected_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), StoreError> {
        for (path, text) in [
            ("remark", &self.remark),
            ("deviation", &self.deviation),
            ("reason", &self.reason),
        ] {
            if let Some(text) = text {
                check_lines(text, NOTE_MAX)
                    .map_err(|refusal| StoreError::invalid(path, refusal.code(), refusal.to_string()))?;
            }
        }
        if let Some(at) = self.measured_at {
            check_past(at, now)
                .map_err(|refusal| StoreError::invalid("measured_at", refusal.code(), refusal.to_string()))?;
            if collected_at.is_some_and(|collected| at < collected) {
                return Err(StoreError::invalid(
                    "measured_at",
                    "before_collection",
                    "must not lie before the collection of the sample",
                ));
            }
        }
        self.check_origin()
    }

    fn check_origin(&self) -> Result<(), StoreError> {
        let external = self.origin == Some(Origin::External);
        match &self.provider {
            Some(_) if !external => Err(StoreError::invalid(
                "provider",
                "not_external",
                "goes with origin external only",
            )),
            Some(name) => check_line(name, LINE_MAX)
                .map_err(|refusal| StoreError::invalid("provider", refusal.code(), refusal.to_string())),
            None if external => Err(StoreError::invalid(
                "provider",
                "required",
                "a result from outside needs its provider's name; it is printed on the report",
            )),
            None => Ok(()),
        }?;
        if external && self.instrument_id.is_some() {
            return Err(StoreError::invalid(
                "instrument_id",
                "external",
                "an external provider's result has no instrument of this laboratory",
            ));
        }
        Ok(())
    }

    /// What the entry means for this test.
    pub(super) fn understood(&self, test: &CatalogueEntry<Test>) -> Result<Measured, StoreError> {
        let dilution = self
            .dilution_factor
            .as_deref()
            .map(parse_decimal)
            .transpose()
            .map_err(|refusal| StoreError::invalid("dilution_factor", refusal.code(), refusal.to_string()))?;
        let entry = Entry {
            value: &self.value,
            detection: self.detection,
            limit_kind: self.limit_kind,
            dilution,
        };
        measure(&test.data.rules(), &entry).map_err(|refusal| {
            let path = match refusal {
                ValueRefusal::Dilution | ValueRefusal::DilutionNotApplicable => "dilution_factor",
                ValueRefusal::LimitKindNotApplicable => "limit_kind",
                _ => "value",
            };
            StoreError::invalid(path, refusal.code(), refusal.to_string())
        })
    }

    /// What is stored: the value with its judgement, as the catalogue is today. Later changes of the catalogue do not reach it.
    pub(super) fn measured(
        &self,
        test: &CatalogueEntry<Test>,
        instrument: Option<NamedThen>,
        found: Option<&Applicable>,
    ) -> Result<ResultBody, StoreError> {
        let measured = self.understood(test)?;
        let origin = self.origin.unwrap_or(Origin::Measured);
        // The catalogue's uncertainty is this laboratory's own: it says nothing about somebody else's measurement.
        let uncertainty = if origin == Origin::External {
            None
        } else {
            test.data.uncertainty()
        };
        let stated = uncertainty.and_then(
            |u| match (test.data.result_type, measured.detection, measured.sort_key) {
                (ResultType::Numeric, Detection::Equal, Some(value)) => u.text(value, &test.data.unit),
                _ => None,
            },
        );
        let judgement = found
            .map(|found| judged(&measured, found, uncertainty))
            .unwrap_or_default();
        Ok(ResultBody {
            value: measured.value,
            typed: Some(measured.typed),
            detection: Some(measured.detection),
            limit_kind: measured.limit_kind,
            dilution_factor: (measured.dilution != Decimal::ONE).then(|| measured.dilution.to_string()),
            display: Some(measured.display),
            unit: Some(test.data.unit.clone()),
            uncertainty: stated,
            origin: Some(origin),
            provider: self.provider.clone(),
            flags: judgement.flags,
            statement: judgement.statement,
            limits: found.map(|found| found.shown.clone()),
            instrument,
            measured_at: self.measured_at,
            remark: self.remark.clone(),
            deviation: self.deviation.clone(),
            test_version: Some(test.version),
            ..ResultBody::default()
        })
    }
}

/// Codes and words are compared with the expected one, everything else with the limits.
fn judged(measured: &Measured, found: &Applicable, uncertainty: Option<Uncertainty>) -> Judgement {
    if let (Some(expected), None, Some(value)) = (&found.shown.text, measured.unrounded, &measured.value) {
        return Judgement {
            flags: Vec::new(),
            statement: judge_text(value, expected, found.rule),
        };
    }
    judge(
        measured,
        &found.limits,
        &Criteria {
            rule: found.rule,
            judged: found.judged,
            uncertainty,
        },
    )
}
