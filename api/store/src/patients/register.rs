//! Registering patients and changing what is known about them.

use super::label;
use super::personal::PatientData;
use crate::db::{row, sql};
use crate::merge::merged;
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, Subject, WriteTx, now};
use attest_domain::ids::PatientId;
use attest_domain::{Action, may};
use serde_json::{Map, Value};
use uuid::Uuid;

row! {
    struct AtHandRow {
        subject_id: Uuid,
        personal: Vec<u8>,
        merged_into: Option<PatientId>,
        version: i64,
    }
}

/// A patient who is about to be changed.
pub(crate) struct PatientAtHand {
    pub(crate) id: PatientId,
    pub(crate) subject: Subject,
    pub(crate) data: PatientData,
    pub(crate) merged_into: Option<PatientId>,
    pub(crate) version: i64,
}

impl WriteTx<'_, may::PatientManage> {
    /// Registers a patient.
    ///
    /// # Errors
    /// When the request is not right.
    pub fn patient_register(&mut self, data: &PatientData) -> Result<Recorded<PatientId>, StoreError> {
        data.check()?;
        let subject = self.subject_create()?;
        let (tenant, id, at) = (self.tenant(), PatientId::new(), now());
        sql("INSERT INTO patients (tenant_id, id, subject_id, personal, unknown_patient, created_at, created_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(subject.id)
            .bind(data.sealed(id, &subject)?)
            .bind(data.unknown_patient)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        self.patient_index(id, data)?;
        let event = Event::new(Action::PatientCreated, "patient", id)
            .label(label(id))
            .version(1);
        self.record(data.difference(event, &subject, None), id)
    }

    /// Changes what is known about a patient.
    ///
    /// # Errors
    /// [`StoreError::Stale`], or when the request is not right.
    pub fn patient_edit(
        &mut self,
        id: PatientId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<PatientId>, StoreError> {
        let patient = self.patient_at_hand(id)?;
        as_seen(seen, patient.version)?;
        if let Some(into) = patient.merged_into {
            return Err(StoreError::conflict(format!(
                "this record was merged into {into}; change that one"
            )));
        }
        let data = merged(&patient.data, patch)?;
        data.check()?;
        self.patient_store(&patient, &data)?;
        let event = Event::new(Action::PatientEdited, "patient", id)
            .label(label(id))
            .version(patient.version.saturating_add(1));
        self.record(data.difference(event, &patient.subject, Some(&patient.data)), id)
    }
}

impl<P> WriteTx<'_, P> {
    /// The patient, kept from other writers until the end of the transaction.
    pub(crate) fn patient_at_hand(&mut self, id: PatientId) -> Result<PatientAtHand, StoreError> {
        let row = sql(format!(
            "SELECT subject_id, personal, merged_into, version FROM patients WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<AtHandRow>(self.db)?;
        let subject = self.subject(row.subject_id)?.ok_or_else(StoreError::person_erased)?;
        let data = PatientData::opened(id, &subject, &row.personal)?;
        Ok(PatientAtHand {
            id,
            subject,
            data,
            merged_into: row.merged_into,
            version: row.version,
        })
    }

    /// Seals what is now known about the patient, and indexes it.
    pub(crate) fn patient_store(&mut self, patient: &PatientAtHand, data: &PatientData) -> Result<(), StoreError> {
        sql("UPDATE patients SET personal = ?, unknown_patient = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(data.sealed(patient.id, &patient.subject)?)
            .bind(data.unknown_patient)
            .bind(now())
            .bind(self.tenant())
            .bind(patient.id)
            .run(self.db)?;
        self.patient_unindex(patient.id)?;
        self.patient_index(patient.id, data)
    }

    /// Nobody finds the patient any more.
    pub(crate) fn patient_unindex(&mut self, id: PatientId) -> Result<(), StoreError> {
        sql("DELETE FROM patient_tokens WHERE tenant_id = ? AND patient_id = ?")
            .bind(self.tenant())
            .bind(id)
            .run(self.db)
            .map(|_rows| ())
    }

    fn patient_index(&mut self, id: PatientId, data: &PatientData) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for (kind, token) in data.tokens(self.inner, tenant) {
            sql("INSERT INTO patient_tokens (tenant_id, token, patient_id, kind) VALUES (?, ?, ?, ?)")
                .bind(tenant)
                .bind(token.to_vec())
                .bind(id)
                .bind(kind)
                .run(self.db)?;
        }
        Ok(())
    }
}
