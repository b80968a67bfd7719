//! Every look at a patient's record is in the audit trail: once a quarter of an hour for each session and patient.

use super::label;
use crate::{Caller, Event, Store, StoreError};
use attest_domain::ids::PatientId;
use attest_domain::{Action, Permission, may};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A second look within this time is part of the first.
const ONE_LOOK: Duration = Duration::from_secs(15 * 60);
/// Looks remembered before old ones are cleared out.
const REMEMBERED: usize = 50_000;

/// Looks already recorded. Forgetting one (a restart, another node) records it twice, never not at all.
#[derive(Default)]
pub(crate) struct Looks {
    recorded: Mutex<HashMap<(Uuid, Uuid), Instant>>,
}

impl Looks {
    /// Those that are not recorded yet; they count as recorded from now on.
    fn due(&self, session: Uuid, patients: impl IntoIterator<Item = PatientId>) -> Vec<PatientId> {
        let now = Instant::now();
        let fresh = |at: &Instant| now.duration_since(*at) < ONE_LOOK;
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded.len() > REMEMBERED {
            recorded.retain(|_, at| fresh(at));
        }
        let mut due = Vec::new();
        for patient in patients {
            let key = (session, patient.uuid());
            if !recorded.get(&key).is_some_and(fresh) {
                recorded.insert(key, now);
                due.push(patient);
            }
        }
        due
    }

    fn forget(&self, session: Uuid, patients: &[PatientId]) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        for patient in patients {
            recorded.remove(&(session, patient.uuid()));
        }
    }
}

impl Store {
    /// Records that somebody reads the audit trail; once for each session and quarter of an hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit_viewed(&self, caller: &Caller) -> Result<(), StoreError> {
        let session = caller.principal().session.uuid();
        // The trail is nobody's record: it is remembered among the patients as the id that no patient has.
        let trail = PatientId::from_uuid(Uuid::nil());
        if self.inner.looks.due(session, [trail]).is_empty() {
            return Ok(());
        }
        let permit = caller.permit::<may::SignedIn>().map_err(StoreError::broken)?;
        let written = self
            .write(permit, None, move |tx| {
                let legible = tx.may(Permission::PatientRead);
                let log = tx.tenant();
                let event = Event::new(Action::AuditViewed, "audit_log", log).set("opened", legible);
                tx.record(event, ())
            })
            .await;
        if written.is_err() {
            self.inner.looks.forget(session, &[trail]);
        }
        written.map(|_written| ())
    }

    /// Records that somebody looked at these patients. To be called before the answer leaves: a look that cannot be recorded is
    /// not given (ATT-41).
    ///
    /// # Errors
    /// The database's.
    pub async fn patients_viewed(
        &self,
        caller: &Caller,
        patients: impl IntoIterator<Item = PatientId>,
    ) -> Result<(), StoreError> {
        let session = caller.principal().session.uuid();
        let due = self.inner.looks.due(session, patients);
        let Some((last, others)) = due.split_last().map(|(last, others)| (*last, others.to_vec())) else {
            return Ok(());
        };
        let permit = caller.permit::<may::SignedIn>().map_err(StoreError::broken)?;
        let viewed = |patient: PatientId| Event::new(Action::PatientViewed, "patient", patient).label(label(patient));
        let written = self
            .write(permit, None, move |tx| {
                for patient in others {
                    tx.also(viewed(patient))?;
                }
                tx.record(viewed(last), ())
            })
            .await;
        if written.is_err() {
            self.inner.looks.forget(session, &due);
        }
        written.map(|_written| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_look_is_part_of_the_first_but_only_in_the_same_session() {
        let looks = Looks::default();
        let (anna, session) = (PatientId::new(), Uuid::now_v7());
        assert_eq!(looks.due(session, [anna]), [anna]);
        assert!(looks.due(session, [anna]).is_empty());
        assert_eq!(looks.due(Uuid::now_v7(), [anna]), [anna]);
        looks.forget(session, &[anna]);
        assert_eq!(looks.due(session, [anna]), [anna]);
    }
}
