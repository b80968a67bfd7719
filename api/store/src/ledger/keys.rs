//! Keys outside the database, named in the log: whose signature stood on what, from when on.

use crate::access::Scope;
use crate::db::{row, sql};
use crate::{Event, Permit, Store, StoreError};
use attest_domain::Action;
use std::sync::Arc;
use uuid::Uuid;

row! { struct SeenRow { seen: i64 } }

impl Store {
    /// Says in the laboratory's log that this key signs for it, once for each key. `fingerprint` is the SHA-256 of what
    /// others know the key by (its certificate), in hexadecimal.
    ///
    /// # Errors
    /// The database's.
    pub async fn key_noted(
        &self,
        laboratory: Uuid,
        purpose: &'static str,
        fingerprint: String,
    ) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let key = fingerprint.clone();
        let (tenant, known) = self
            .inner
            .backend
            .read(Some(laboratory), move |db| {
                let known =
                    sql("SELECT count(*) FROM audit_events WHERE tenant_id = ? AND object_id = ? AND action = ?")
                        .bind(laboratory)
                        .bind(key)
                        .bind(Action::KeyCreated.as_str())
                        .one::<SeenRow>(db)?;
                Ok((inner.tenants.load(db, laboratory)?, known.seen > 0))
            })
            .await?;
        if known {
            return Ok(());
        }
        let permit = Permit::<()>::of(Arc::new(Scope::system(tenant, "keys")));
        self.write(permit, None, move |tx| {
            let event = Event::new(Action::KeyCreated, "key", fingerprint).label(purpose);
            tx.record(event, ())
        })
        .await
        .map(|_written| ())
    }
}
