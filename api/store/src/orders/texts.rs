//! What people wrote on an order: under the patient's key where it is a patient's (ATT-43), plain and searchable where it is a
//! client's.

use crate::db::sql;
use crate::store::Inner;
use crate::{StoreError, Subject, WriteTx};
use uuid::Uuid;

/// Where the texts are kept; bound into their seals.
pub(crate) const TABLE: &str = "orders";

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
