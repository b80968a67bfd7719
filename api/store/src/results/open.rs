//! Opening results for the tests that were asked for, and cancelling those that will not be done.

use crate::db::sql;
use crate::{Entry, StoreError, Test, WriteTx, now};
use attest_domain::ids::{ResultId, SampleId};
use attest_domain::workflow::ResultState;
use chrono::{DateTime, TimeDelta, Utc};

/// What the results' room needs to know of a sample.
#[derive(Debug, Clone)]
pub(crate) struct SampleFacts {
    pub(crate) id: SampleId,
    /// Results that the sample already has: the new ones stand behind them.
    pub(crate) results_so_far: i64,
    /// From here the turnaround time runs.
    pub(crate) asked_at: DateTime<Utc>,
}

impl<P> WriteTx<'_, P> {
    /// Opens one pending result for each test, in this order. The caller has checked that the tests exist and are active,
    /// records the event, and updates the sample's counts.
    pub(crate) fn results_open(
        &mut self,
        sample: &SampleFacts,
        tests: &[&Entry<Test>],
    ) -> Result<Vec<ResultId>, StoreError> {
        let (tenant, at, by) = (self.tenant(), now(), self.user());
        let mut opened = Vec::with_capacity(tests.len());
        for (position, test) in (sample.results_so_far..).zip(tests) {
            let id = ResultId::new();
            let due = test
                .data
                .turnaround_hours
                .and_then(|hours| sample.asked_at.checked_add_signed(TimeDelta::hours(i64::from(hours))));
            sql("INSERT INTO results (tenant_id, id, sample_id, test_id, status, position, due_at, created_at, created_by, updated_at) \
                 VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(sample.id)
                .bind(test.id)
                .bind(position)
                .bind(due)
                .bind(at)
                .bind(by)
                .bind(at)
                .run(self.db)?;
            opened.push(id);
        }
        Ok(opened)
    }

    /// Cancels whatever of the sample is still pending or entered, because the sample itself is rejected or cancelled. The
    /// sample's event tells it; the number of results cancelled.
    pub(crate) fn results_cancel_open(&mut self, sample: SampleId) -> Result<usize, StoreError> {
        let (tenant, at, by) = (self.tenant(), now(), self.user());
        self.critical_close_sample(sample)?;
        // Every version is kept: the open ones are copied as they are, then closed.
        sql(
            "INSERT INTO result_versions (tenant_id, result_id, version, action, status, body, at, by_user) \
             SELECT tenant_id, id, version + 1, 'cancelled', 'cancelled', body, ?, ? FROM results \
             WHERE tenant_id = ? AND sample_id = ? AND status IN ('pending', 'entered')",
        )
        .bind(at)
        .bind(by)
        .bind(tenant)
        .bind(sample)
        .run(self.db)?;
        sql("UPDATE results SET status = ?, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND sample_id = ? AND status IN ('pending', 'entered')")
        .bind(ResultState::Cancelled.as_str())
        .bind(at)
        .bind(tenant)
        .bind(sample)
        .run(self.db)
    }
}
