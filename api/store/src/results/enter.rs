//! Entering values: the guards, the judgement, the new version, and what follows from a critical one.

use super::bench::OnBench;
use super::bulk::Bulk;
use super::entry::ResultEntry;
use super::judging::{Applicable, Concerned, limits_for};
use super::step::Step;
use super::view::NamedThen;
use crate::reference::word;
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::competence::{Period, require_calibrated, require_current};
use attest_domain::ids::{InstrumentId, ResultId, TestId};
use attest_domain::judge::Subject;
use attest_domain::may;
use attest_domain::workflow::{ResultState, ResultVerb};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// One item of a bulk.
#[derive(Debug, Clone)]
pub struct EntryItem {
    /// The result.
    pub result_id: ResultId,
    /// The version the caller saw.
    pub version: Option<i64>,
    /// What to enter.
    pub entry: ResultEntry,
}

/// Competences of the person who enters, by test: read once in a request, however many results it enters.
type Competences = HashMap<TestId, Vec<Period>>;

impl WriteTx<'_, may::ResultEnter> {
    /// Enters one value; a correction when there is one already.
    ///
    /// # Errors
    /// 404, 409 (state, competence, calibration), 412, 422.
    pub fn result_enter(
        &mut self,
        id: ResultId,
        seen: Option<i64>,
        entry: &ResultEntry,
    ) -> Result<Recorded<ResultId>, StoreError> {
        let on = self.bench_one(id)?;
        let known = self.competences(std::slice::from_ref(&on))?;
        self.enter_one(&on, seen, entry, &known)?;
        self.sample_touch(on.sample)?;
        self.recorded(id)
    }

    /// Enters many values. All or nothing, the error naming its item; or, with `partial`, each for itself: the errors of
    /// those that could not be entered are handed back beside the ids of the others.
    ///
    /// # Errors
    /// As [`result_enter`](Self::result_enter), with the item's path; [`StoreError::EveryItem`] when no item could be done.
    pub fn results_enter(&mut self, items: &[EntryItem], partial: bool) -> Result<Recorded<Bulk>, StoreError> {
        let asked: Vec<_> = items.iter().map(|item| (item.result_id, item.version)).collect();
        let mut known = None;
        self.bulk("items", &asked, partial, |tx, all, on, place| {
            if known.is_none() {
                known = Some(tx.competences(all)?);
            }
            let (Some(item), Some(known)) = (items.get(place), &known) else {
                return Err(StoreError::NotFound);
            };
            tx.enter_one(on, item.version, &item.entry, known)
        })
    }

    fn enter_one(
        &mut self,
        on: &OnBench,
        seen: Option<i64>,
        entry: &ResultEntry,
        known: &Competences,
    ) -> Result<(), StoreError> {
        let at = now();
        let verb = if on.state == ResultState::Entered {
            ResultVerb::Correct
        } else {
            ResultVerb::Enter
        };
        let transition = on.may(verb, seen, entry.reason.as_deref())?;
        let by = self.user().ok_or(StoreError::NotFound)?;
        entry.check(on.collected_at, at)?;
        require_current(known.get(&on.test).map(Vec::as_slice).unwrap_or_default(), self.day(at))?;
        let measured_on = self.day(entry.measured_at.unwrap_or(at));
        let instrument = entry
            .instrument_id
            .map(|id| calibrated(on, id, measured_on))
            .transpose()?;
        let limits = applicable(on, self.whose_specimen(on)?)?;
        let mut body = entry.measured(on.test_entry()?, instrument, limits.as_ref())?;
        body.retest_of = on.body.retest_of;
        body.reason.clone_from(&entry.reason);
        body.reason_code = entry.reason_code;
        let step = Step {
            action: transition.action,
            to: transition.to,
            body: &body,
            entered: Some((by, at)),
            verified: None,
            at,
        };
        self.step(on, &step)?;
        self.critical_after_entry(on, &body, at)
    }

    fn competences(&mut self, results: &[OnBench]) -> Result<Competences, StoreError> {
        let by = self.user().ok_or(StoreError::NotFound)?;
        let mut tests: Vec<TestId> = results.iter().map(|on| on.test).collect();
        tests.sort();
        tests.dedup();
        self.competence_periods(by, &tests)
    }
}

/// The limits that concern this result.
fn applicable(on: &OnBench, patient: Option<Subject>) -> Result<Option<Applicable>, StoreError> {
    let concerned = Concerned {
        specification: on.specification,
        sample_type: on.sample_type,
        client: on.client,
        patient,
        agreed_rule: on.agreed_rule.as_deref().map(word).transpose()?,
    };
    Ok(limits_for(on.catalogue.specifications(), on.test, &concerned))
}

/// ISO/IEC 17025, 6.4.13: the instrument is within its calibration on the day of measurement.
fn calibrated(on: &OnBench, id: InstrumentId, day: NaiveDate) -> Result<NamedThen, StoreError> {
    let instrument = on.catalogue.active_instrument(id, "instrument_id")?;
    require_calibrated(instrument.data.calibrated_until, day)?;
    Ok(NamedThen {
        id: instrument.id,
        name: instrument.data.name.clone(),
    })
}

impl<P> WriteTx<'_, P> {
    /// The laboratory's calendar day.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        let zone: chrono_tz::Tz = self.laboratory().timezone.parse().unwrap_or(chrono_tz::UTC);
        at.with_timezone(&zone).date_naive()
    }
}
