//! Exports from before a person was erased: they may hold values that are to be gone, and are given out no more.

use crate::db::{Db, row, sql};
use crate::{Store, StoreError, WriteTx, now};
use uuid::Uuid;

/// What whoever asked for it is told.
const WHY: &str = "a person was erased since this was built, and it may have told about them; ask for it again";

row! { struct IdRow { id: Uuid } }

impl<P> WriteTx<'_, P> {
    /// Nobody fetches any more what was built of legible values before now.
    pub(crate) fn exports_outdated(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        outdate(self.db, tenant)
    }
}

impl Store {
    /// Outdated exports, whose files are to be removed; also those that were still being built when the person was erased.
    ///
    /// # Errors
    /// The database's.
    pub async fn exports_outdated(&self, tenant: Uuid) -> Result<Vec<Uuid>, StoreError> {
        self.inner
            .backend
            .write(Some(tenant), move |db| {
                outdate(db, tenant)?;
                let rows = sql("SELECT id FROM audit_exports WHERE tenant_id = ? AND status = 'failed' AND error = ?")
                    .bind(tenant)
                    .bind(WHY)
                    .all::<IdRow>(db)?;
                Ok(rows.into_iter().map(|row| row.id).collect())
            })
            .await
    }
}

/// Legible ones that were asked for before the newest erasure; before this moment, while that is being written.
fn outdate(db: &mut Db, tenant: Uuid) -> Result<(), StoreError> {
    sql(
        "UPDATE audit_exports SET status = 'failed', error = ?, updated_at = ?, version = version + 1 \
         WHERE tenant_id = ? AND status = 'ready' AND request LIKE '%\"opened\":true%' \
         AND created_at <= COALESCE((SELECT MAX(k.erased_at) FROM subjects k WHERE k.tenant_id = ?), created_at)",
    )
    .bind(WHY)
    .bind(now())
    .bind(tenant)
    .bind(tenant)
    .run(db)
    .map(|_rows| ())
}
