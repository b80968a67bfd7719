//! How a result ends other than well: retracted, which opens a retest, or cancelled.

use super::bench::OnBench;
use super::review::Reason;
use super::step::Step;
use super::view::ResultBody;
use crate::db::sql;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::ResultId;
use attest_domain::workflow::{ResultState, ResultVerb};
use attest_domain::{Action, may};

impl WriteTx<'_, may::ResultRetract> {
    /// Takes a value back and opens a retest that names it. Reports that cover it lose their signature, or are marked as under
    /// correction when they were released. Answers the retracted result and the retest.
    ///
    /// # Errors
    /// 404, 409, 412, 422 without a reason.
    pub fn result_retract(
        &mut self,
        id: ResultId,
        seen: Option<i64>,
        reason: Reason,
    ) -> Result<Recorded<Vec<ResultId>>, StoreError> {
        reason.check()?;
        let on = self.bench_one(id)?;
        let transition = on.may(ResultVerb::Retract, seen, reason.text.as_deref())?;
        let why = reason.text.clone().unwrap_or_default();
        self.ended(&on, transition.action, transition.to, reason)?;
        let retest = self.retest_open(&on)?;
        self.reports_after_retraction(on.sample, id, &why)?;
        self.sample_touch(on.sample)?;
        self.recorded(vec![id, retest])
    }

    /// The retest stands in the place of the retracted result, and is due when that one was.
    fn retest_open(&mut self, on: &OnBench) -> Result<ResultId, StoreError> {
        let (tenant, at, retest) = (self.tenant(), now(), ResultId::new());
        let body = ResultBody {
            retest_of: Some(on.id),
            ..ResultBody::default()
        };
        sql("INSERT INTO results (tenant_id, id, sample_id, test_id, status, position, body, due_at, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(retest)
            .bind(on.sample)
            .bind(on.test)
            .bind(ResultState::Pending.as_str())
            .bind(on.position)
            .bind(body.kept(on.subject.as_ref(), retest)?)
            .bind(on.due_at)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::ResultRetestOpened, "result", retest)
            .label(&on.accession_number)
            .version(1)
            .set("test", on.test_name.as_str())
            .set("retest_of", on.id.to_string());
        self.also(event)?;
        Ok(retest)
    }
}

impl WriteTx<'_, may::ResultCancel> {
    /// Cancels a test that will not be done.
    ///
    /// # Errors
    /// 404, 409, 412, 422 without a reason.
    pub fn result_cancel(
        &mut self,
        id: ResultId,
        seen: Option<i64>,
        reason: Reason,
    ) -> Result<Recorded<ResultId>, StoreError> {
        reason.check()?;
        let on = self.bench_one(id)?;
        let transition = on.may(ResultVerb::Cancel, seen, reason.text.as_deref())?;
        self.ended(&on, transition.action, transition.to, reason)?;
        self.sample_touch(on.sample)?;
        self.recorded(id)
    }
}

impl<P> WriteTx<'_, P> {
    /// The value stays as it was, beside the reason; whoever still waits to be told of it need not be.
    fn ended(&mut self, on: &OnBench, action: Action, to: ResultState, reason: Reason) -> Result<(), StoreError> {
        let at = now();
        let body = ResultBody {
            reason: reason.text,
            reason_code: reason.code,
            ..on.body.clone()
        };
        let entered = on.entered_by.zip(on.entered_at);
        let verified = on.verified_by.zip(on.verified_at);
        self.step(
            on,
            &Step {
                action,
                to,
                body: &body,
                entered,
                verified,
                at,
            },
        )?;
        self.critical_close(on, at)
    }
}
