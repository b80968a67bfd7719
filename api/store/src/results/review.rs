//! The second pair of eyes: verifying an entered value, or returning it to be looked at again.

use super::bench::OnBench;
use super::bulk::Bulk;
use super::step::Step;
use super::view::ResultBody;
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::four_eyes::{Verification, verification};
use attest_domain::ids::ResultId;
use attest_domain::may;
use attest_domain::reason::ReasonCode;
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::workflow::ResultVerb;

/// One verification of a bulk.
#[derive(Debug, Clone)]
pub struct VerifyItem {
    /// The result.
    pub result_id: ResultId,
    /// The version the caller saw.
    pub version: Option<i64>,
    /// Why it is verified by the person who entered it.
    pub reason: Option<String>,
}

/// A reason as it came: text and code.
#[derive(Debug, Clone, Default)]
pub struct Reason {
    /// In words.
    pub text: Option<String>,
    /// As a code.
    pub code: Option<ReasonCode>,
}

impl Reason {
    /// Checks the text, if there is one.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match &self.text {
            Some(text) if !text.trim().is_empty() => check_lines(text, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string())),
            _ => Ok(()),
        }
    }
}

impl WriteTx<'_, may::ResultVerify> {
    /// Verifies one value.
    ///
    /// # Errors
    /// 404, 409 (state, four eyes), 412, 422.
    pub fn result_verify(
        &mut self,
        id: ResultId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<ResultId>, StoreError> {
        let on = self.bench_one(id)?;
        self.verify_one(&on, seen, reason)?;
        self.sample_touch(on.sample)?;
        self.recorded(id)
    }

    /// Verifies many. All or nothing, the error naming its item as `{path}.{place}`; or, with `partial`, each for itself.
    ///
    /// # Errors
    /// As [`result_verify`](Self::result_verify); [`StoreError::EveryItem`] when no item could be done.
    pub fn results_verify(
        &mut self,
        path: &str,
        items: &[VerifyItem],
        partial: bool,
    ) -> Result<Recorded<Bulk>, StoreError> {
        let asked: Vec<_> = items.iter().map(|item| (item.result_id, item.version)).collect();
        self.bulk(path, &asked, partial, |tx, _all, on, place| {
            let item = items.get(place).ok_or(StoreError::NotFound)?;
            tx.verify_one(on, item.version, item.reason.as_deref())
        })
    }

    fn verify_one(&mut self, on: &OnBench, seen: Option<i64>, reason: Option<&str>) -> Result<(), StoreError> {
        let at = now();
        let by = self.user().ok_or(StoreError::NotFound)?;
        let given = Reason {
            text: reason.map(str::to_owned),
            code: None,
        };
        given.check()?;
        // The state is asked first: whoever did enter it, a pending value cannot be verified.
        on.may(ResultVerb::Verify, seen, None)?;
        let enterer = on
            .entered_by
            .ok_or_else(|| StoreError::broken("an entered value that nobody entered"))?;
        let four_eyes = self.laboratory().settings.four_eyes_verification;
        let how = verification(
            by,
            enterer,
            four_eyes,
            on.test_entry()?.data.self_verification_allowed,
            reason,
        )?;
        let alone = how == Verification::ByEnterer;
        let verb = if alone {
            ResultVerb::SelfVerify
        } else {
            ResultVerb::Verify
        };
        let transition = on.may(verb, seen, reason)?;
        let body = ResultBody {
            self_verified: alone,
            reason: given.text.filter(|text| !text.trim().is_empty()),
            reason_code: alone.then_some(ReasonCode::AloneOnDuty),
            ..on.body.clone()
        };
        let step = Step {
            action: transition.action,
            to: transition.to,
            body: &body,
            entered: on.entered_by.zip(on.entered_at),
            verified: Some((by, at)),
            at,
        };
        self.step(on, &step).map(|_version| ())
    }
}

impl WriteTx<'_, may::ResultReturn> {
    /// Returns an entered value to be looked at again; it stays among the versions.
    ///
    /// # Errors
    /// 404, 409, 412, 422 without a reason.
    pub fn result_return(
        &mut self,
        id: ResultId,
        seen: Option<i64>,
        reason: Reason,
    ) -> Result<Recorded<ResultId>, StoreError> {
        reason.check()?;
        let on = self.bench_one(id)?;
        let transition = on.may(ResultVerb::Return, seen, reason.text.as_deref())?;
        let body = ResultBody {
            retest_of: on.body.retest_of,
            reason: reason.text,
            reason_code: reason.code,
            ..ResultBody::default()
        };
        self.step(
            &on,
            &Step {
                action: transition.action,
                to: transition.to,
                body: &body,
                entered: None,
                verified: None,
                at: now(),
            },
        )?;
        self.sample_touch(on.sample)?;
        self.recorded(id)
    }
}
