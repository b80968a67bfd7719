//! Patients as reports name them.

use super::content::{ContentIdentifier, ContentPatient};
use crate::{ReadTx, StoreError};
use attest_domain::ids::PatientId;

impl<P> ReadTx<'_, P> {
    /// The patient's particulars as they are now; nothing when the person was erased. For content that is sealed, or shown
    /// to those who may see the patient.
    pub(crate) fn content_patient(&mut self, id: PatientId) -> Result<Option<ContentPatient>, StoreError> {
        Ok(self.patient_data(id)?.map(|data| ContentPatient {
            id: id.uuid(),
            family_name: data.family_name,
            given_name: data.given_name,
            birth_date: data.birth_date,
            sex: data.sex,
            identifiers: data
                .identifiers
                .into_iter()
                .map(|known| ContentIdentifier {
                    system: known.system,
                    value: known.value,
                })
                .collect(),
            unknown_patient: data.unknown_patient,
        }))
    }
}
