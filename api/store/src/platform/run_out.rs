//! Support access that nobody ended: when its time is over the account it was for is shut, and both ledgers say so, also of an
//! invitation that was never used.

use super::invitations::shut;
use crate::access::Scope;
use crate::db::{row, sql};
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use crate::{Event, Permit, ReadTx, Recorded, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::{SupportAccessId, UserId};
use attest_domain::role::Realm;
use chrono::{DateTime, SecondsFormat, Utc};
use std::sync::Arc;

row! {
    struct OverRow {
        id: SupportAccessId,
        user_id: UserId,
        operator_email: String,
        until: DateTime<Utc>,
        entered_at: Option<DateTime<Utc>>,
    }
}

/// Over, and not recorded so far: the account of each invitation is open until then.
const OVER: &str = "SELECT s.id, s.user_id, s.operator_email, s.until, s.entered_at FROM support_access s \
     JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
     WHERE s.tenant_id = ? AND s.ended_at IS NULL AND s.until <= ? AND u.active = ? ORDER BY s.id LIMIT 1";

impl Store {
    /// A background duty: records in every laboratory, and in the platform, what support access has run out. How many.
    ///
    /// # Errors
    /// The database's. What fails in one laboratory is logged and leaves the others alone.
    pub async fn support_runs_out(&self) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut done = 0_usize;
        for tenant in tenants
            .into_iter()
            .filter(|tenant| tenant.laboratory.realm == Realm::Laboratory)
        {
            let slug = tenant.laboratory.slug.clone();
            match self.support_runs_out_in(&tenant).await {
                Ok(count) => done = done.saturating_add(count),
                Err(error) => tracing::error!(%error, laboratory = %slug, "support access could not be looked after"),
            }
        }
        Ok(done)
    }

    async fn support_runs_out_in(&self, tenant: &Arc<Tenant>) -> Result<usize, StoreError> {
        let scope = Arc::new(Scope::system(Arc::clone(tenant), "support access"));
        let mut done = 0_usize;
        while self
            .read(Permit::<()>::of(Arc::clone(&scope)), |tx| tx.support_is_over())
            .await?
        {
            let recorded = self
                .write(Permit::<()>::of(Arc::clone(&scope)), None, |tx| tx.support_ran_out())
                .await;
            match recorded {
                Ok(_written) => done = done.saturating_add(1),
                // Another node was quicker.
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

impl ReadTx<'_, ()> {
    fn support_is_over(&mut self) -> Result<bool, StoreError> {
        let over = sql(OVER)
            .bind(self.tenant())
            .bind(now())
            .bind(true)
            .first::<OverRow>(self.db)?;
        Ok(over.is_some())
    }
}

impl WriteTx<'_, ()> {
    fn support_ran_out(&mut self) -> Result<Recorded<SupportAccessId>, StoreError> {
        let row = sql(OVER)
            .bind(self.tenant())
            .bind(now())
            .bind(true)
            .first::<OverRow>(self.db)?
            .ok_or(StoreError::NotFound)?;
        if !shut(self, row.user_id, "support access ran out")? {
            return Err(StoreError::NotFound);
        }
        let event = Event::new(Action::SupportRanOut, "support_access", row.id)
            .label(&self.laboratory().slug)
            .set("operator", row.operator_email)
            .set("until", row.until.to_rfc3339_opts(SecondsFormat::Secs, true))
            .set("entered", row.entered_at.is_some());
        self.platform_told(event.clone())?;
        self.record(event, row.id)
    }
}
