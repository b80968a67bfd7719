//! One transaction, two ledgers. What the platform does to a laboratory, and what a laboratory allows the platform, is recorded on
//! both sides or does not happen (ATT-41).
//!
//! A transaction is behind one realm's wall: its statements name that realm, and on PostgreSQL row-level security shows no other
//! row. [`WriteTx::across`] takes it behind the other wall for one act and back again. The act gets a transaction of that realm
//! with the same actor, no permit and no rights: it can call what is written for it in this folder, and no query of the
//! laboratories' rooms, which hang on permits.

use crate::StoreError;
use crate::db::{Db, row, sql};
use crate::ledger::Event;
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use std::sync::Arc;
use uuid::Uuid;

row! { struct IdRow { id: Uuid } }

/// The platform, once there is one.
pub(super) fn platform(inner: &Inner, db: &mut Db) -> Result<Option<Arc<Tenant>>, StoreError> {
    let found = sql("SELECT id FROM tenants WHERE realm = 'platform'").first::<IdRow>(db)?;
    found.map(|row| inner.tenants.load(db, row.id)).transpose()
}

impl<P> WriteTx<'_, P> {
    /// Acts in another realm within this transaction. When the act fails the transaction must fail: whoever calls hands the error
    /// on.
    pub(super) fn across<T>(
        &mut self,
        there: &Arc<Tenant>,
        act: impl FnOnce(&mut WriteTx<'_, ()>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let home = self.tenant();
        let scope = self.scope.beyond(Arc::clone(there));
        self.db.wall(there.laboratory.id)?;
        let mut tx = WriteTx::new(self.inner, self.db, &scope);
        let outcome = act(&mut tx);
        let tally = tx.tally;
        self.elsewhere.push((there.laboratory.id, tally));
        let value = outcome?;
        self.db.wall(home)?;
        Ok(value)
    }

    /// One entry in another realm's ledger, and nothing else of it.
    pub(super) fn told_in(&mut self, there: &Arc<Tenant>, event: Event) -> Result<(), StoreError> {
        self.across(there, |tx| tx.also(event))
    }

    /// One entry in the platform's ledger, where there is a platform.
    pub(crate) fn platform_told(&mut self, event: Event) -> Result<(), StoreError> {
        match platform(self.inner, self.db)? {
            Some(platform) => self.told_in(&platform, event),
            None => Ok(()),
        }
    }
}
