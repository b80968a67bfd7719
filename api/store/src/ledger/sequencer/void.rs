//! Numbers lost to rollbacks are named in the log, so that any other gap is evidence.

use super::DUTY;
use crate::access::Scope;
use crate::db::{Db, row, sql};
use crate::ledger::journal::Numbered;
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use crate::{Event, StoreError};
use std::sync::Arc;
use uuid::Uuid;

row! { struct Known { id: Uuid } }

/// Records the numbers in doubt that no entry carries; keeps them in doubt when that fails.
pub(super) fn record_void(inner: &Inner, db: &mut Db, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let id = tenant.laboratory.id;
    let doubted = inner.journal.take_void(id);
    if doubted.is_empty() {
        return Ok(());
    }
    let recorded = record(inner, db, tenant, &doubted);
    if recorded.is_err() {
        inner.journal.doubt(id, doubted);
    }
    recorded
}

fn record(inner: &Inner, db: &mut Db, tenant: &Arc<Tenant>, doubted: &[Numbered]) -> Result<(), StoreError> {
    let mut numbers = Vec::new();
    for (number, event) in doubted {
        if !committed(db, tenant.laboratory.id, *event)? {
            numbers.push(*number);
        }
    }
    if numbers.is_empty() {
        return Ok(());
    }
    let event = Event::voided(inner.journal.node(), numbers);
    let scope = Scope::system(Arc::clone(tenant), DUTY);
    WriteTx::<()>::new(inner, db, &scope).also(event)
}

/// A commit whose answer was lost may have happened all the same.
fn committed(db: &mut Db, tenant: Uuid, event: Uuid) -> Result<bool, StoreError> {
    let found = sql("SELECT id FROM audit_events WHERE tenant_id = ? AND id = ?")
        .bind(tenant)
        .bind(event)
        .first::<Known>(db)?;
    Ok(found.is_some_and(|known| known.id == event))
}
