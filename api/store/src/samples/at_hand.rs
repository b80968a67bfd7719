//! The sample that is about to be changed: read, locked, compared with what the caller saw.

use crate::db::{row, sql};
use crate::reference::word;
use crate::seen::as_seen;
use crate::{Event, StoreError, Subject, WriteTx};
use attest_domain::Action;
use attest_domain::ids::{OrderId, PatientId, SampleId, SampleTypeId};
use attest_domain::workflow::{SampleState, SampleVerb, Transition, apply};
use chrono::{DateTime, Utc};

row! {
    struct AtHandRow {
        status: String,
        version: i64,
        accession_number: String,
        sample_type_id: SampleTypeId,
        order_id: Option<OrderId>,
        patient_id: Option<PatientId>,
        collected_at: Option<DateTime<Utc>>,
    }
}

/// What a change needs to know of the sample it changes.
#[derive(Debug, Clone)]
pub(crate) struct SampleAtHand {
    pub(crate) id: SampleId,
    pub(crate) state: SampleState,
    pub(crate) version: i64,
    pub(crate) accession_number: String,
    pub(crate) sample_type: SampleTypeId,
    pub(crate) order: Option<OrderId>,
    pub(crate) patient: Option<PatientId>,
    /// The patient's key, to seal what tells about the person.
    pub(crate) subject: Option<Subject>,
    /// It is of a patient who was erased: there is no key to write anything with, and plain it must not be written.
    pub(crate) erased: bool,
    pub(crate) collected_at: Option<DateTime<Utc>>,
}

impl SampleAtHand {
    /// May the workflow do this now?
    pub(crate) fn may(&self, verb: SampleVerb) -> Result<&'static Transition<SampleState>, StoreError> {
        // What stands in the refrigerator still has to be thrown away.
        if self.erased && verb != SampleVerb::Dispose {
            return Err(StoreError::person_erased());
        }
        apply(self.state, verb)
            .map_err(|refused| StoreError::conflict(format!("sample {}: {refused}", self.accession_number)))
    }

    /// The event of a change of it.
    pub(crate) fn event(&self, action: Action) -> Event {
        Event::new(action, "sample", self.id)
            .label(self.accession_number.as_str())
            .version(self.version.saturating_add(1))
    }
}

impl<P> WriteTx<'_, P> {
    /// The sample, kept from other writers until the end of the transaction.
    pub(crate) fn sample_at_hand(&mut self, id: SampleId, seen: Option<i64>) -> Result<SampleAtHand, StoreError> {
        let row = sql(format!(
            "SELECT status, version, accession_number, sample_type_id, order_id, patient_id, collected_at FROM samples WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<AtHandRow>(self.db)?;
        as_seen(seen, row.version)?;
        let subject = match row.patient_id {
            Some(patient) => self.patient_subject(patient)?,
            None => None,
        };
        Ok(SampleAtHand {
            id,
            state: word(&row.status)?,
            version: row.version,
            accession_number: row.accession_number,
            sample_type: row.sample_type_id,
            order: row.order_id,
            patient: row.patient_id,
            erased: row.patient_id.is_some() && subject.is_none(),
            subject,
            collected_at: row.collected_at,
        })
    }
}
