//! Taking a request back, or declining somebody else's.

use super::read::{REQUESTS, RequestRow};
use super::{permission, too_old};
use crate::db::sql;
use crate::reference::word;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::four_eyes::{TwoPersonAct, TwoPersonState};
use attest_domain::ids::{PatientId, SampleId, TwoPersonRequestId};
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, ReasonCode, may};

impl WriteTx<'_, may::SignedIn> {
    /// Ends a request that waits: its maker takes it back, somebody who could have confirmed it declines.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for those who could neither ask for it nor confirm it; when it does not wait any more.
    pub fn two_person_request_withdraw(
        &mut self,
        id: TwoPersonRequestId,
        reason: Option<&str>,
    ) -> Result<Recorded<TwoPersonRequestId>, StoreError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if let Some(text) = reason {
            check_lines(text, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        }
        // One statement to lock, one to read: the names come by outer joins, which PostgreSQL does not lock.
        let tenant = self.tenant();
        sql("UPDATE dual_requests SET status = status WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let row = sql(format!("{REQUESTS} AND d.id = ?"))
            .bind(tenant)
            .bind(id)
            .one::<RequestRow>(self.db)?;
        let act: TwoPersonAct = word(&row.kind)?;
        if !self.may(permission(act)) {
            return Err(StoreError::NotFound);
        }
        let waits =
            word::<TwoPersonState>(&row.status)? == TwoPersonState::Requested && row.requested_at > too_old(now());
        if !waits {
            return Err(StoreError::conflict("this request does not wait any more"));
        }
        self.request_ends(row.id, TwoPersonState::Withdrawn)?;
        let person = match act {
            TwoPersonAct::Merge | TwoPersonAct::Erase => self.patient_subject(PatientId::from_uuid(row.from_id))?,
            TwoPersonAct::Relink => self.sample_at_hand(SampleId::from_uuid(row.from_id), None)?.subject,
            TwoPersonAct::KeyRotation => None,
        };
        let event = Event::new(Action::TwoPersonRequestWithdrawn, "two_person_request", id)
            .label(act.label(self.laboratory().language))
            .set("kind", act.as_str())
            .set("from", row.from_id.to_string());
        let event = match reason {
            Some(reason) => event.because(person.as_ref(), ReasonCode::Other.as_str(), Some(reason)),
            None => event,
        };
        self.record(event, id)
    }
}
