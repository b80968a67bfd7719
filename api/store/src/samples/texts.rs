//! What people wrote on a sample, column by column: under the patient's key where it is a patient's (ATT-43), plain and
//! searchable where it is a client's.

use crate::db::{row, sql};
use crate::sealing::RowTexts;
use crate::store::Inner;
use crate::{StoreError, Subject, WriteTx};
use attest_domain::ids::SampleId;
use attest_domain::name;
use uuid::Uuid;

/// Where the texts are kept; bound into their seals.
pub(crate) const TABLE: &str = "samples";

/// The columns that hold somebody's own words.
pub(crate) const COLUMNS: [&str; 8] = [
    "client_reference",
    "description",
    "remark",
    "collected_by",
    "collection_place",
    "condition_note",
    "deviations",
    "closed_reason",
];

row! {
    struct TextsRow {
        client_reference: Option<String>,
        description: Option<String>,
        remark: Option<String>,
        collected_by: Option<String>,
        collection_place: Option<String>,
        condition_note: Option<String>,
        deviations: Option<String>,
        closed_reason: Option<String>,
    }
}

impl TextsRow {
    fn stored(&self) -> [Option<&str>; 8] {
        [
            &self.client_reference,
            &self.description,
            &self.remark,
            &self.collected_by,
            &self.collection_place,
            &self.condition_note,
            &self.deviations,
            &self.closed_reason,
        ]
        .map(Option::as_deref)
    }
}

/// The keyed fingerprint that a patient's sample is found by, for its whole reference; a client's is found as it was written.
pub(crate) fn reference_token(
    inner: &Inner,
    tenant: Uuid,
    person: Option<&Subject>,
    reference: Option<&str>,
) -> Option<Vec<u8>> {
    person
        .and(reference)
        .and_then(|reference| sought_reference(inner, tenant, reference))
}

/// The fingerprint of what somebody looks for.
pub(crate) fn sought_reference(inner: &Inner, tenant: Uuid, typed: &str) -> Option<Vec<u8>> {
    let plain = name::normalise(typed);
    (!plain.is_empty()).then(|| inner.keyring.blind_index(tenant, "client_reference", &plain).to_vec())
}

impl<P> WriteTx<'_, P> {
    /// The sample belongs to somebody else from now on: what is written on it is kept as that person's.
    pub(crate) fn sample_texts_follow(&mut self, id: SampleId, person: Option<&Subject>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT {} FROM samples s WHERE s.tenant_id = ? AND s.id = ?",
            TextsRow::columns("s")
        ))
        .bind(tenant)
        .bind(id)
        .one::<TextsRow>(self.db)?;
        let keys = self.keys_of(row.stored().into_iter().flatten())?;
        let texts = RowTexts::of(TABLE, id);
        let mut update = sql("UPDATE samples SET reference_token = ?").bind(reference_token(
            self.inner,
            tenant,
            person,
            texts
                .opened(&keys, "client_reference", row.client_reference.as_deref())?
                .as_deref(),
        ));
        for (column, stored) in COLUMNS.into_iter().zip(row.stored()) {
            let text = texts.opened(&keys, column, stored)?;
            update
                .push(", ")
                .push(column)
                .push(" = ?")
                .value(texts.kept(person, column, text.as_deref())?);
        }
        update.push(" WHERE tenant_id = ? AND id = ?").value(tenant).value(id);
        update.run(self.db).map(|_rows| ())
    }

    /// Nobody's words are left on these patients' samples.
    pub(crate) fn sample_texts_gone(&mut self, patients: &[Uuid]) -> Result<usize, StoreError> {
        let mut update = sql("UPDATE samples SET reference_token = NULL");
        for column in COLUMNS {
            update.push(", ").push(column).push(" = NULL");
        }
        update
            .push(", updated_at = ?, version = version + 1 WHERE tenant_id = ? AND patient_id IN (")
            .value(crate::now())
            .value(self.tenant());
        update.list(patients.iter().copied()).push(")");
        update.run(self.db)
    }
}
