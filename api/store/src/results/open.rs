//! Opening results for the tests that were asked for, and cancelling those that will not be done.

use crate::db::{Rows, row, sql};
use crate::{Entry, Event, StoreError, Test, WriteTx, now};
use attest_domain::ids::{ResultId, SampleId};
use attest_domain::workflow::ResultState;
use attest_domain::{Action, ReasonCode};
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

/// Pending results on their way into their table.
pub(crate) type PendingRows = Rows<'static, 10>;

/// None yet.
pub(crate) fn pending_rows() -> PendingRows {
    Rows::new(
        "INSERT INTO results (tenant_id, id, sample_id, test_id, status, position, due_at, created_at, created_by, updated_at)",
    )
}

row! { struct OpenRow { id: ResultId, version: i64, status: String, accession_number: String, name: String } }

impl<P> WriteTx<'_, P> {
    /// Opens one pending result for each test, in this order. The caller has checked that the tests exist and are active,
    /// records the event, and updates the sample's counts.
    pub(crate) fn results_open(
        &mut self,
        sample: &SampleFacts,
        tests: &[&Entry<Test>],
    ) -> Result<Vec<ResultId>, StoreError> {
        let mut rows = pending_rows();
        let opened = self.results_pending(&mut rows, sample, tests);
        rows.insert(self.db)?;
        Ok(opened)
    }

    /// The rows of pending results, one for each test, for whoever inserts more than one sample's.
    pub(crate) fn results_pending(
        &self,
        rows: &mut PendingRows,
        sample: &SampleFacts,
        tests: &[&Entry<Test>],
    ) -> Vec<ResultId> {
        let (tenant, at, by) = (self.tenant(), now(), self.user());
        let mut opened = Vec::with_capacity(tests.len());
        for (position, test) in (sample.results_so_far..).zip(tests) {
            let id = ResultId::new();
            let due = test
                .data
                .turnaround_hours
                .and_then(|hours| sample.asked_at.checked_add_signed(TimeDelta::hours(i64::from(hours))));
            rows.add([
                tenant.into(),
                id.into(),
                sample.id.into(),
                test.id.into(),
                ResultState::Pending.as_str().into(),
                position.into(),
                due.into(),
                at.into(),
                by.into(),
                at.into(),
            ]);
            opened.push(id);
        }
        opened
    }

    /// Cancels whatever of the sample is still pending or entered, because the sample itself is rejected or cancelled. The
    /// sample's event says why; each result has one of its own. The number of results cancelled.
    pub(crate) fn results_cancel_open(&mut self, sample: SampleId, code: ReasonCode) -> Result<usize, StoreError> {
        let (tenant, at, by) = (self.tenant(), now(), self.user());
        let open = sql(
            "SELECT r.id, r.version, r.status, s.accession_number, t.name FROM results r \
             JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id \
             JOIN catalog_items t ON t.tenant_id = r.tenant_id AND t.id = r.test_id \
             WHERE r.tenant_id = ? AND r.sample_id = ? AND r.status IN ('pending', 'entered') ORDER BY r.position, r.id",
        )
        .bind(tenant)
        .bind(sample)
        .all::<OpenRow>(self.db)?;
        for result in open {
            let event = Event::new(Action::ResultCancelled, "result", result.id)
                .label(result.accession_number)
                .version(result.version.saturating_add(1))
                .because(None, code.as_str(), None)
                .set("test", result.name)
                .change("status", result.status, ResultState::Cancelled.as_str());
            self.also(event)?;
        }
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
