//! What follows from the results is derived again after each change of one, never set by hand: the sample's state and counts,
//! and with the sample its order.

use crate::db::{row, sql};
use crate::reference::word;
use crate::{Event, StoreError, WriteTx, now};
use attest_domain::ids::{OrderId, SampleId};
use attest_domain::workflow::{OrderState, ResultState, SampleState, derive_order_state, derive_sample_state};
use attest_domain::{Action, ReasonCode};

row! {
    struct StandingRow {
        status: String,
        accession_number: String,
        order_id: Option<OrderId>,
        version: i64,
        critical_open: i64,
    }
}

row! { struct CountRow { status: String, count: i64 } }

row! { struct OrderRow { number: String, status: String, version: i64 } }

row! { struct StatusRow { status: String } }

/// How many results stand where.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    pending: i64,
    entered: i64,
    verified: i64,
    cancelled: i64,
}

impl<P> WriteTx<'_, P> {
    /// Derives state and counts of a sample again, and the state of its order; to be called after its results (or its critical
    /// notices) have changed. Its version grows: whoever saw the sample before saw other results.
    pub(crate) fn sample_touch(&mut self, sample: SampleId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT s.status, s.accession_number, s.order_id, s.version, (SELECT COUNT(*) FROM critical_notices n \
             WHERE n.tenant_id = s.tenant_id AND n.status = 'open' AND n.sample_id = s.id) \
             FROM samples s WHERE s.tenant_id = ? AND s.id = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(sample)
        .one::<StandingRow>(self.db)?;
        let before: SampleState = word(&row.status)?;
        let (states, counts) = self.result_states(sample)?;
        let mut after = derive_sample_state(before, &states, false);
        if after == SampleState::Completed && self.sample_final_report_released(sample)? {
            after = derive_sample_state(before, &states, true);
        }
        sql("UPDATE samples SET status = ?, pending_count = ?, entered_count = ?, verified_count = ?, cancelled_count = ?, \
             critical_open = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(after.as_str())
            .bind(counts.pending)
            .bind(counts.entered)
            .bind(counts.verified)
            .bind(counts.cancelled)
            .bind(row.critical_open)
            .bind(now())
            .bind(tenant)
            .bind(sample)
            .run(self.db)?;
        if before == after {
            return Ok(());
        }
        // Nobody cancelled a sample whose last test was cancelled: nothing is left of it.
        let cancelled = after == SampleState::Cancelled;
        let action = if cancelled {
            Action::SampleCancelled
        } else {
            Action::SampleAdvanced
        };
        let event = Event::new(action, "sample", sample)
            .label(row.accession_number)
            .version(row.version.saturating_add(1))
            .change("status", before.as_str(), after.as_str());
        self.also(if cancelled {
            event.because(None, ReasonCode::Other.as_str(), None)
        } else {
            event
        })?;
        row.order_id.map_or(Ok(()), |order| self.order_touch(order))
    }

    /// Derives the state of an order again after one of its samples has changed state.
    pub(crate) fn order_touch(&mut self, order: OrderId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT number, status, version FROM orders WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(order)
        .one::<OrderRow>(self.db)?;
        let samples = sql("SELECT status FROM samples WHERE tenant_id = ? AND order_id = ?")
            .bind(tenant)
            .bind(order)
            .all::<StatusRow>(self.db)?;
        let states = samples
            .iter()
            .map(|sample| word(&sample.status))
            .collect::<Result<Vec<SampleState>, _>>()?;
        let before: OrderState = word(&row.status)?;
        let after = derive_order_state(before, &states);
        let action = match after {
            _ if after == before => return Ok(()),
            OrderState::Completed => Action::OrderCompleted,
            OrderState::Open => Action::OrderReopened,
            OrderState::Cancelled => Action::OrderCancelled,
        };
        sql("UPDATE orders SET status = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(after.as_str())
            .bind(now())
            .bind(tenant)
            .bind(order)
            .run(self.db)?;
        self.also(
            Event::new(action, "order", order)
                .label(row.number)
                .version(row.version.saturating_add(1))
                .change("status", before.as_str(), after.as_str()),
        )
    }

    /// One of each state that occurs (the derivation asks for any and all, never how many), and the counts.
    fn result_states(&mut self, sample: SampleId) -> Result<(Vec<ResultState>, Counts), StoreError> {
        let rows = sql("SELECT status, COUNT(*) FROM results WHERE tenant_id = ? AND sample_id = ? GROUP BY status")
            .bind(self.tenant())
            .bind(sample)
            .all::<CountRow>(self.db)?;
        let mut counts = Counts::default();
        let mut states = Vec::with_capacity(rows.len());
        for row in rows {
            let state: ResultState = word(&row.status)?;
            match state {
                ResultState::Pending => counts.pending = row.count,
                ResultState::Entered => counts.entered = row.count,
                ResultState::Verified => counts.verified = row.count,
                ResultState::Cancelled => counts.cancelled = row.count,
                ResultState::Retracted => {}
            }
            states.push(state);
        }
        Ok((states, counts))
    }

    /// A final report that was signed before the last verification does not cover the sample any more.
    fn sample_final_report_released(&mut self, sample: SampleId) -> Result<bool, StoreError> {
        row! { struct CoveringRow { count: i64 } }
        let tenant = self.tenant();
        let covering = sql("SELECT COUNT(*) FROM report_samples x JOIN reports p ON p.tenant_id = x.tenant_id AND p.id = x.report_id \
             WHERE x.tenant_id = ? AND x.sample_id = ? AND p.kind = 'final' AND p.status = 'released' AND p.authorized_at >= \
             (SELECT MAX(r.verified_at) FROM results r WHERE r.tenant_id = ? AND r.sample_id = ? AND r.status = 'verified')")
            .bind(tenant)
            .bind(sample)
            .bind(tenant)
            .bind(sample)
            .one::<CoveringRow>(self.db)?;
        Ok(covering.count > 0)
    }
}
