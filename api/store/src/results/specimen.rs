//! Whose specimen it is, as far as reference ranges ask: sex, and age at collection.

use super::bench::OnBench;
use crate::{StoreError, WriteTx};
use attest_domain::age::in_days;
use attest_domain::judge::Subject;

impl<P> WriteTx<'_, P> {
    /// Sex and age at collection of the patient; nothing for samples of things.
    pub(super) fn whose_specimen(&mut self, on: &OnBench) -> Result<Option<Subject>, StoreError> {
        let Some(patient) = on.patient else { return Ok(None) };
        let Some(data) = self.patient_data(patient)? else {
            return Ok(None);
        };
        let collected = on.collected_at.map(|at| self.day(at));
        let age_days = data
            .birth_date
            .zip(collected)
            .and_then(|(birth, day)| in_days(birth, day));
        Ok(Some(Subject {
            sex: data.sex,
            age_days,
        }))
    }
}
