//! An erasure reaches beyond its transaction: into the engine's journal, and past backups that were made before it.

use super::erase::{Erased, Erasure};
use super::label;
use crate::access::Scope;
use crate::db::{row, sql};
use crate::tenant::Tenant;
use crate::{Event, Once, Permit, ReadTx, Recorded, Store, StoreError, WriteTx, Written};
use attest_domain::ids::PatientId;
use attest_domain::{Action, ReasonCode, may};
use attest_keyring::ErasedPerson;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often, and how many times, the journal is tried again while somebody still reads from it.
const TRY_AGAIN: Duration = Duration::from_secs(1);
const TRIES: u32 = 600;

impl Store {
    /// Asks for erasing a person, or does it: see [`WriteTx::patient_erase`]. When this returns, the erased person is on the list
    /// outside the database.
    ///
    /// # Errors
    /// Those of [`WriteTx::patient_erase`]; [`StoreError::Unavailable`] when the person was erased but the list could not be
    /// written: a repeated request, or the next start, writes it.
    pub async fn patient_erase(
        &self,
        permit: Permit<may::PatientErase>,
        once: Option<Once>,
        id: PatientId,
        seen: Option<i64>,
        wanted: Erasure,
    ) -> Result<Written<may::PatientErase, Erased>, StoreError> {
        let tenant = permit.scope().tenant.laboratory.id;
        let written = self
            .write(permit, once, move |tx| tx.patient_erase(id, seen, &wanted))
            .await?;
        if !written.value.subjects.is_empty() {
            self.remember_erased(tenant, &written.value.subjects).await?;
            self.forget().await;
        }
        Ok(written)
    }

    /// Before anything is served: whoever was erased before this database was restored is erased in it again, and whoever is
    /// erased in it is on the list. How many were erased again.
    ///
    /// # Errors
    /// The database's, and those of the list: without it nothing may be served.
    pub async fn keep_erased(&self) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let listed = self.inner.keyring.erased().map_err(StoreError::broken)?;
        let mut again = 0_usize;
        for tenant in tenants {
            let id = tenant.laboratory.id;
            let listed: HashSet<Uuid> = listed
                .iter()
                .filter(|person| person.tenant == id)
                .map(|person| person.subject)
                .collect();
            let erased = self.erased_in(&tenant).await?;
            let unlisted: Vec<Uuid> = erased
                .iter()
                .filter(|subject| !listed.contains(subject))
                .copied()
                .collect();
            self.remember_erased(id, &unlisted).await?;
            let back: Vec<Uuid> = listed.into_iter().filter(|subject| !erased.contains(subject)).collect();
            if back.is_empty() {
                continue;
            }
            let permit = Permit::<()>::of(Arc::new(Scope::system(tenant, "erasures")));
            let written = self.write(permit, None, move |tx| tx.erase_again(&back)).await;
            match written {
                Ok(written) => again = again.saturating_add(written.value.len()),
                // Nobody of the list is in this database: it is older than they are.
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        if again > 0 {
            self.forget().await;
        }
        Ok(again)
    }

    async fn erased_in(&self, tenant: &Arc<Tenant>) -> Result<HashSet<Uuid>, StoreError> {
        let scope = Arc::new(Scope::system(Arc::clone(tenant), "erasures"));
        self.read(Permit::<()>::of(scope), |tx| tx.erased_subjects()).await
    }

    async fn remember_erased(&self, tenant: Uuid, subjects: &[Uuid]) -> Result<(), StoreError> {
        let persons: Vec<ErasedPerson> = subjects
            .iter()
            .map(|subject| ErasedPerson {
                tenant,
                subject: *subject,
            })
            .collect();
        if persons.is_empty() {
            return Ok(());
        }
        let keyring = Arc::clone(&self.inner.keyring);
        tokio::task::spawn_blocking(move || keyring.remember_erased(&persons))
            .await
            .map_err(StoreError::broken)?
            .map_err(|error| {
                tracing::error!(%error, "a person was erased, and the list of erased persons could not be written");
                StoreError::Unavailable(error.to_string())
            })
    }

    /// The journal still has the pages from before. As long as somebody reads from it, it cannot be cut off.
    pub(super) async fn forget(&self) {
        if matches!(self.inner.backend.forget().await, Ok(true)) {
            return;
        }
        let backend = self.inner.backend.clone();
        tokio::spawn(async move {
            for _try in 0..TRIES {
                tokio::time::sleep(TRY_AGAIN).await;
                if matches!(backend.forget().await, Ok(true)) {
                    return;
                }
            }
            tracing::error!(
                "the journal still holds pages from before an erasure: it could not be cut off; restart to do it"
            );
        });
    }
}

row! { struct IdRow { id: Uuid } }
row! { struct BackRow { id: Uuid, patient_id: PatientId } }

impl ReadTx<'_, ()> {
    fn erased_subjects(&mut self) -> Result<HashSet<Uuid>, StoreError> {
        let rows = sql("SELECT id FROM subjects WHERE tenant_id = ? AND erased_at IS NOT NULL")
            .bind(self.tenant())
            .all::<IdRow>(self.db)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}

impl WriteTx<'_, ()> {
    /// Destroys keys that a restored database brought back.
    fn erase_again(&mut self, subjects: &[Uuid]) -> Result<Recorded<Vec<Uuid>>, StoreError> {
        let mut query = sql(
            "SELECT k.id, p.id FROM subjects k JOIN patients p ON p.tenant_id = k.tenant_id AND p.subject_id = k.id \
             WHERE k.tenant_id = ? AND k.wrapped_key IS NOT NULL AND k.id IN (",
        )
        .bind(self.tenant());
        query.list(subjects.iter().copied()).push(")");
        let back = query.all::<BackRow>(self.db)?;
        if back.is_empty() {
            return Err(StoreError::NotFound);
        }
        self.persons_gone(&back.iter().map(|row| (row.patient_id, row.id)).collect::<Vec<_>>())?;
        for row in &back {
            let event = Event::new(Action::SubjectErased, "subject", row.id)
                .label(label(row.patient_id))
                .because(None, ReasonCode::Restored.as_str(), None)
                .set("patient_id", row.patient_id.to_string());
            self.also(event)?;
        }
        tracing::warn!(
            persons = back.len(),
            "persons who were erased before were in the database again; erased again"
        );
        self.recorded(back.into_iter().map(|row| row.id).collect())
    }
}
