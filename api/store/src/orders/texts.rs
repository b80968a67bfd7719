//! What people wrote on an order: under the patient's key where it is a patient's (ATT-43), plain and searchable where it is a
//! client's.

use crate::db::{row, sql};
use crate::sealing::RowTexts;
use crate::store::Inner;
use crate::{StoreError, Subject, WriteTx};
use attest_domain::ids::OrderId;
use uuid::Uuid;

/// Where the texts are kept; bound into their seals.
pub(crate) const TABLE: &str = "orders";

/// The columns that hold somebody's own words.
pub(crate) const COLUMNS: [&str; 3] = ["external_id", "requester", "cancel_reason"];

row! {
    struct TextsRow { external_id: Option<String>, requester: Option<String>, cancel_reason: Option<String> }
}

/// The keyed fingerprint by which the orderer's number of a patient's order is found, and is there once for each source.
pub(super) fn number_token(
    inner: &Inner,
    tenant: Uuid,
    person: Option<&Subject>,
    number: Option<&str>,
) -> Option<Vec<u8>> {
    person.and(number).map(|number| sought_number(inner, tenant, number))
}

/// The fingerprint of what somebody looks for.
pub(super) fn sought_number(inner: &Inner, tenant: Uuid, typed: &str) -> Vec<u8> {
    inner.keyring.blind_index(tenant, "external_id", typed).to_vec()
}

impl<P> WriteTx<'_, P> {
    /// What was written plain is the person's from now on.
    pub(crate) fn order_texts_sealed(&mut self, id: OrderId, person: &Subject) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let row = sql("SELECT external_id, requester, cancel_reason FROM orders WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<TextsRow>(self.db)?;
        let stored = [&row.external_id, &row.requester, &row.cancel_reason].map(Option::as_deref);
        let (texts, keys) = (RowTexts::of(TABLE, id), self.keys_of(stored.into_iter().flatten())?);
        let number = texts.opened(&keys, "external_id", row.external_id.as_deref())?;
        let mut update = sql("UPDATE orders SET external_token = ?").bind(number_token(
            self.inner,
            tenant,
            Some(person),
            number.as_deref(),
        ));
        for (column, stored) in COLUMNS.into_iter().zip(stored) {
            let text = texts.opened(&keys, column, stored)?;
            update
                .push(", ")
                .push(column)
                .push(" = ?")
                .value(texts.kept(Some(person), column, text.as_deref())?);
        }
        update.push(" WHERE tenant_id = ? AND id = ?").value(tenant).value(id);
        update.run(self.db).map(|_rows| ())
    }

    /// Nobody's words are left on these patients' orders.
    pub(crate) fn order_texts_gone(&mut self, patients: &[Uuid]) -> Result<(), StoreError> {
        let mut update = sql(
            "UPDATE orders SET external_id = NULL, external_token = NULL, requester = NULL, cancel_reason = NULL, \
             updated_at = ?, version = version + 1 WHERE tenant_id = ? AND patient_id IN (",
        )
        .bind(crate::now())
        .bind(self.tenant());
        update.list(patients.iter().copied()).push(")");
        update.run(self.db).map(|_rows| ())
    }
}
