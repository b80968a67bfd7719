//! What waits for whom: the counts of the home page. Each stops at [`MOST`], so that none has to count a whole table.

use crate::db::{Sql, row, sql};
use crate::{ReadTx, StoreError, now};
use attest_domain::{Permission, may};
use serde::Serialize;
use utoipa::ToSchema;

/// No count goes beyond it.
const MOST: i64 = 1000;

/// What waits. Each number stops at 1000, and is 0 for work that the caller may not see.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Work {
    /// Samples that are registered and not received.
    pub to_receive: i64,
    /// Samples received, with tests that have no value.
    pub to_enter: i64,
    /// Results that wait for verification.
    pub to_verify: i64,
    /// Draft reports.
    pub to_authorize: i64,
    /// Signed reports that are not released.
    pub to_release: i64,
    /// Critical values nobody was told of.
    pub critical_open: i64,
    /// Results that are past the time promised.
    pub overdue: i64,
    /// Released reports that are under correction.
    pub under_correction: i64,
    /// Reviews of who has access that are open, for whoever decides in them.
    pub access_reviews: i64,
    /// Those of them that are overdue.
    pub access_reviews_overdue: i64,
    /// Requests for acts of two people that others made and the caller could confirm.
    pub two_person_requests: i64,
}

row! { struct CountRow { count: i64 } }

impl ReadTx<'_, may::SignedIn> {
    /// What waits in the laboratory, as far as the caller may see it.
    ///
    /// # Errors
    /// The database's.
    pub fn work(&mut self) -> Result<Work, StoreError> {
        let (samples, results, reports) = (
            self.may(Permission::SampleRead),
            self.may(Permission::ResultRead),
            self.may(Permission::ReportRead),
        );
        let mut work = Work::default();
        if samples {
            work.to_receive = self.up_to_most("samples WHERE tenant_id = ? AND status = 'registered'")?;
        }
        if results {
            work.to_enter = self.up_to_most(
                "samples s JOIN results r ON r.tenant_id = s.tenant_id AND r.sample_id = s.id \
                 WHERE s.tenant_id = ? AND s.status IN ('received', 'in_progress') AND s.pending_count > 0 AND r.status = 'pending'",
            )?;
            work.to_verify = self.up_to_most("results WHERE tenant_id = ? AND status = 'entered'")?;
            work.critical_open = self.up_to_most("critical_notices WHERE tenant_id = ? AND status = 'open'")?;
            let overdue = counting("results WHERE tenant_id = ? AND status IN ('pending', 'entered') AND due_at < ?")
                .bind(self.tenant())
                .bind(now())
                .bind(MOST);
            work.overdue = overdue.one::<CountRow>(self.db)?.count;
        }
        if reports {
            work.to_authorize = self.up_to_most("reports WHERE tenant_id = ? AND status = 'draft'")?;
            work.to_release = self.up_to_most("reports WHERE tenant_id = ? AND status = 'authorized'")?;
            work.under_correction =
                self.up_to_most("reports WHERE tenant_id = ? AND status = 'released' AND under_correction")?;
        }
        if self.may(Permission::UserManage) {
            work.access_reviews = self.up_to_most("access_reviews WHERE tenant_id = ? AND status = 'open'")?;
            let overdue = counting("access_reviews WHERE tenant_id = ? AND status = 'open' AND due_at < ?")
                .bind(self.tenant())
                .bind(now())
                .bind(MOST);
            work.access_reviews_overdue = overdue.one::<CountRow>(self.db)?.count;
        }
        work.two_person_requests = self.requests_waiting(MOST)?;
        Ok(work)
    }

    fn up_to_most(&mut self, rows: &str) -> Result<i64, StoreError> {
        Ok(counting(rows)
            .bind(self.tenant())
            .bind(MOST)
            .one::<CountRow>(self.db)?
            .count)
    }
}

fn counting<'a>(rows: &str) -> Sql<'a> {
    sql(format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {rows} LIMIT ?) AS counted"
    ))
}
