//! The duty that nobody has to remember: opens reviews that are due, and tells once when one is overdue.

use super::label;
use crate::access::Scope;
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::tenant::Tenant;
use crate::{Event, Permit, ReadTx, Recorded, Store, StoreError, WriteTx, now};
use attest_domain::Action;
use attest_domain::ids::AccessReviewId;
use attest_domain::role::Realm;
use chrono::{DateTime, Utc};
use std::sync::Arc;

row! { struct WaitingRow { id: AccessReviewId, number: i64, due_at: DateTime<Utc>, overdue_at: Option<DateTime<Utc>> } }
row! { struct LastRow { finished_at: Option<DateTime<Utc>> } }
row! { struct CountRow { count: i64 } }

const OPEN: &str = "SELECT id, number, due_at, overdue_at FROM access_reviews WHERE tenant_id = ? AND status = 'open'";

impl WaitingRow {
    fn newly_overdue(&self) -> bool {
        self.overdue_at.is_none() && self.due_at < now()
    }
}

impl Store {
    /// A background duty: in every laboratory, opens the review that is due and tells once of one that is overdue. How many.
    ///
    /// # Errors
    /// The database's. What fails in one laboratory is logged and leaves the others alone.
    pub async fn access_reviews_due(&self) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut done = 0_usize;
        // Nobody is let into a suspended laboratory, nobody could answer there; the platform's own people are no laboratory's.
        let reviewed =
            |room: &Arc<Tenant>| room.laboratory.realm == Realm::Laboratory && room.laboratory.suspended.is_none();
        for tenant in tenants.into_iter().filter(reviewed) {
            let (id, slug) = (tenant.laboratory.id, tenant.laboratory.slug.clone());
            match self.access_review_due_in(tenant).await {
                Ok(true) => {
                    self.inner.post.wake(id);
                    done = done.saturating_add(1);
                }
                // Nothing is due, or another node was quicker.
                Ok(false) | Err(StoreError::NotFound | StoreError::Conflict { .. }) => {}
                Err(error) => tracing::error!(%error, laboratory = %slug, "access reviews could not be looked after"),
            }
        }
        Ok(done)
    }

    async fn access_review_due_in(&self, tenant: Arc<Tenant>) -> Result<bool, StoreError> {
        let scope = Arc::new(Scope::system(tenant, "access reviews"));
        let waiting = self.read(Permit::<()>::of(Arc::clone(&scope)), |tx| tx.access_review_waits());
        if !waiting.await? {
            return Ok(false);
        }
        self.write(Permit::<()>::of(scope), None, |tx| tx.access_review_due())
            .await?;
        Ok(true)
    }
}

impl ReadTx<'_, ()> {
    /// Whether there is anything to do: most of the time there is not, and nobody has to wait for a write.
    fn access_review_waits(&mut self) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        if let Some(open) = sql(OPEN).bind(tenant).first::<WaitingRow>(self.db)? {
            return Ok(open.newly_overdue());
        }
        let last = sql("SELECT MAX(finished_at) FROM access_reviews WHERE tenant_id = ?")
            .bind(tenant)
            .one::<LastRow>(self.db)?;
        let laboratory = self.laboratory();
        let last = last.finished_at.unwrap_or(laboratory.created_at);
        Ok(laboratory.settings.access_review.is_due(last, now()))
    }
}

impl WriteTx<'_, ()> {
    /// Does what is due, if it still is: other nodes look too.
    fn access_review_due(&mut self) -> Result<Recorded<AccessReviewId>, StoreError> {
        self.people_locked()?;
        let tenant = self.tenant();
        let Some(open) = sql(OPEN).bind(tenant).first::<WaitingRow>(self.db)? else {
            let last = self.last_reviewed()?;
            if !self.laboratory().settings.access_review.is_due(last, now()) {
                return Err(StoreError::NotFound);
            }
            let id = self.review_opened(None)?;
            return self.recorded(id);
        };
        if !open.newly_overdue() {
            return Err(StoreError::NotFound);
        }
        // Not a new version: that time has passed takes nothing from what somebody is deciding at this moment.
        sql("UPDATE access_reviews SET overdue_at = ? WHERE tenant_id = ? AND id = ?")
            .bind(now())
            .bind(tenant)
            .bind(open.id)
            .run(self.db)?;
        let undecided =
            sql("SELECT COUNT(*) FROM access_review_items WHERE tenant_id = ? AND review_id = ? AND decision IS NULL")
                .bind(tenant)
                .bind(open.id)
                .one::<CountRow>(self.db)?
                .count;
        let matter = Matter::AccessReviewOverdue {
            review: open.id.uuid(),
            number: label(open.number),
            undecided,
            due_at: open.due_at,
        };
        self.tell_who_decides(&matter)?;
        let event = Event::new(Action::AccessReviewOverdue, "access_review", open.id)
            .label(label(open.number))
            .set("undecided", undecided)
            .set("due_at", open.due_at.to_rfc3339());
        self.record(event, open.id)
    }
}
