//! What a report may cover, and when it is complete.

use crate::reports::content::ReportContent;
use crate::{StoreError, WriteTx};
use attest_domain::ids::{ClientId, PatientId, SampleId};
use attest_domain::may;
use attest_domain::terms::ReportKind;
use attest_domain::workflow::SampleState;

/// Tests named in a refusal before it says "and more".
const NAMED: usize = 5;

impl WriteTx<'_, may::ReportDraft> {
    /// All samples exist here, can be reported, and are of one client or patient.
    pub(super) fn one_recipient(
        &mut self,
        samples: &[SampleId],
    ) -> Result<(Option<ClientId>, Option<PatientId>), StoreError> {
        let rows = self.look().report_sample_rows(samples)?;
        let mut recipient = None;
        for (position, id) in samples.iter().enumerate() {
            let path = format!("sample_ids.{position}");
            let row = rows
                .iter()
                .find(|row| row.id == *id)
                .ok_or_else(|| StoreError::invalid(&path, "unknown", "there is no such sample in this laboratory"))?;
            let own = (row.client_id, row.patient_id);
            if *recipient.get_or_insert(own) != own {
                return Err(StoreError::invalid(
                    path,
                    "another_recipient",
                    "a report concerns one client or patient; this sample is another's",
                ));
            }
            let state = row.state()?;
            if matches!(
                state,
                SampleState::Registered | SampleState::Rejected | SampleState::Cancelled
            ) {
                let number = &row.accession_number;
                return Err(StoreError::conflict(format!(
                    "sample {number} is {state}; only samples with verified results can be reported"
                )));
            }
        }
        recipient.ok_or_else(|| StoreError::invalid("sample_ids", "empty", "name at least one sample"))
    }
}

/// Only verified results go on a report, and a final one leaves no test open ([`attest_domain::workflow::Guard::ResultsVerified`]).
pub(in crate::reports) fn complete(content: &ReportContent) -> Result<(), StoreError> {
    if content.kind == ReportKind::Final && !content.pending_tests.is_empty() {
        let open: Vec<String> = content
            .pending_tests
            .iter()
            .take(NAMED)
            .map(|pending| format!("{} ({})", pending.test, pending.accession_number))
            .collect();
        let more = if content.pending_tests.len() > NAMED {
            " and more"
        } else {
            ""
        };
        return Err(StoreError::conflict(format!(
            "not verified yet: {}{more}; wait for them, or make a preliminary report",
            open.join(", ")
        )));
    }
    if content.results().all(|result| result.cancelled.is_some()) {
        return Err(StoreError::conflict("none of these samples has a verified result"));
    }
    Ok(())
}

/// Nothing can be done about a report whose person was erased.
pub(in crate::reports) fn erased() -> StoreError {
    StoreError::conflict("this person's data were erased; the report cannot be read or changed any more")
}
