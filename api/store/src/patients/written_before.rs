//! What was written on patients' samples and orders before such texts were sealed (migration 19) is sealed at the first start
//! afterwards: that takes the persons' keys, which SQL alone does not have.

use crate::access::Scope;
use crate::db::{row, sql};
use crate::orders::texts as orders;
use crate::samples::texts as samples;
use crate::tenant::Tenant;
use crate::{Store, StoreError, WriteTx};
use attest_domain::ids::{OrderId, PatientId, SampleId};
use std::sync::Arc;
use uuid::Uuid;

/// Rows of one transaction at most.
const AT_ONCE: i64 = 500;
/// Remembers, beside the running numbers, that a laboratory has nothing of the kind any more.
const DONE: &str = "texts-sealed";

row! { struct PlainRow { id: Uuid, patient_id: PatientId } }
row! { struct CountRow { count: i64 } }

impl Store {
    /// Seals what is still plain; how many samples and orders there were. No event: nothing is said otherwise than before.
    ///
    /// # Errors
    /// The database's.
    pub async fn seal_written_before(&self) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut sealed = 0_usize;
        for tenant in tenants {
            loop {
                let some = self.seal_some(&tenant).await?;
                sealed = sealed.saturating_add(some);
                if some == 0 {
                    break;
                }
            }
        }
        if sealed > 0 {
            tracing::info!(rows = sealed, "texts on patients' samples and orders are sealed now");
            self.forget().await;
        }
        Ok(sealed)
    }

    async fn seal_some(&self, tenant: &Arc<Tenant>) -> Result<usize, StoreError> {
        let (inner, scope) = (
            Arc::clone(&self.inner),
            Scope::system(Arc::clone(tenant), "sealing of texts"),
        );
        self.inner
            .backend
            .write(Some(tenant.laboratory.id), move |db| {
                WriteTx::<()>::new(&inner, db, &scope).seal_some()
            })
            .await
    }
}

impl WriteTx<'_, ()> {
    /// Seals a few rows; none are left when it was none.
    fn seal_some(&mut self) -> Result<usize, StoreError> {
        let tenant = self.tenant();
        let done = sql("SELECT COUNT(*) FROM counters WHERE tenant_id = ? AND name = ?")
            .bind(tenant)
            .bind(DONE)
            .one::<CountRow>(self.db)?;
        if done.count > 0 {
            return Ok(0);
        }
        let samples = self.plain_rows(samples::TABLE, &samples::COLUMNS)?;
        for row in &samples {
            if let Some(person) = self.patient_subject(row.patient_id)? {
                self.sample_texts_follow(SampleId::from_uuid(row.id), Some(&person))?;
            }
        }
        let orders = self.plain_rows(orders::TABLE, &orders::COLUMNS)?;
        for row in &orders {
            if let Some(person) = self.patient_subject(row.patient_id)? {
                self.order_texts_sealed(OrderId::from_uuid(row.id), &person)?;
            }
        }
        let some = samples.len().saturating_add(orders.len());
        if some == 0 {
            self.next_number(DONE)?;
        }
        Ok(some)
    }

    /// Rows of persons who are known, with a text that anybody could read.
    fn plain_rows(&mut self, table: &str, columns: &[&str]) -> Result<Vec<PlainRow>, StoreError> {
        let plain: Vec<String> = columns
            .iter()
            .map(|column| format!("x.{column} NOT LIKE 'sealed:%'"))
            .collect();
        sql(format!(
            "SELECT x.id, x.patient_id FROM {table} x JOIN patients p ON p.tenant_id = x.tenant_id AND p.id = x.patient_id \
             JOIN subjects k ON k.tenant_id = p.tenant_id AND k.id = p.subject_id \
             WHERE x.tenant_id = ? AND k.wrapped_key IS NOT NULL AND ({}) LIMIT ?",
            plain.join(" OR ")
        ))
        .bind(self.tenant())
        .bind(AT_ONCE)
        .all::<PlainRow>(self.db)
    }
}
