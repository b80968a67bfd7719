//! Erasing a person (ATT-17, ATT-24, ATT-43): two people, and then the person's key is destroyed, with everything that could be
//! destroyed beside it. What was sealed under the key is noise from then on, wherever it stands: in the log, in append-only
//! tables, in documents. The record stays as a tombstone, since samples and the log point to it.

use super::label;
use super::register::PatientAtHand;
use crate::db::{row, sql};
use crate::second_person::{Half, Wish, needed_reason};
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{PatientId, TwoPersonRequestId};
use attest_domain::{Action, ReasonCode, may};
use uuid::Uuid;

/// What is asked for when a person is to be erased.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Why, as a code: this is what the log still tells afterwards.
    pub code: ReasonCode,
    /// Why, in words, for the second person; destroyed with everything else.
    pub reason: Option<String>,
    /// Reports that were released become unreadable too. Not done without being said: they may have to be kept by law.
    pub released_reports: bool,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The request that was made, or confirmed.
    pub request: TwoPersonRequestId,
    /// The persons whose keys are destroyed now; none while somebody else has to confirm. Records that were merged each had one.
    pub subjects: Vec<Uuid>,
}

/// A record that goes: the one asked for, or one that was merged into it.
struct Leaving {
    patient: PatientId,
    subject: Uuid,
}

row! { struct LeavingRow { id: PatientId, subject_id: Uuid } }
row! { struct NumberRow { number: String } }
row! { struct ReportRow { id: Uuid, number: String } }

/// Names in a refusal at most.
const NAMED: i64 = 10;

impl WriteTx<'_, may::PatientErase> {
    /// Asks for erasing a person; does it when somebody else has asked for it before.
    ///
    /// # Errors
    /// Without a reason, by the same person twice, while something of the person is in work, without a word on released
    /// reports where there are some, or when the person was erased or merged already.
    pub fn patient_erase(
        &mut self,
        id: PatientId,
        seen: Option<i64>,
        wanted: &Erasure,
    ) -> Result<Recorded<Erased>, StoreError> {
        let reason = needed_reason(wanted.reason.as_deref())?;
        self.patients_work_locked(&[id])?;
        let patient = self.patient_at_hand(id)?;
        as_seen(seen, patient.version)?;
        if let Some(into) = patient.merged_into {
            return Err(StoreError::conflict(format!(
                "this record was merged into {into}; erase that one, and this one goes with it"
            )));
        }
        let leaving = self.leaving(&patient)?;
        let patients: Vec<Uuid> = leaving.iter().map(|record| record.patient.uuid()).collect();
        self.nothing_in_work(&patients)?;
        let released = self.released_reports_of(&patients)?;
        if !released.is_empty() && !wanted.released_reports {
            return Err(StoreError::conflict(format!(
                "reports were released on this person ({}) and would become unreadable: make sure that they need not be kept any longer, then confirm with released_reports",
                named(&released)
            )));
        }
        let half = self.take_half(&Wish {
            from: id.uuid(),
            into: None,
            person: Some(&patient.subject),
            reason,
        })?;
        let request = match half {
            Half::Asked(request) => {
                let asked = Event::new(Action::SubjectErasureRequested, "patient", id)
                    .label(label(id))
                    .version(patient.version)
                    .because(Some(&patient.subject), wanted.code.as_str(), Some(reason))
                    .set("released_reports", (!released.is_empty()).then(|| named(&released)));
                let subjects = Vec::new();
                return self.record(asked, Erased { request, subjects });
            }
            Half::Confirmed(request) => request,
        };
        let drafts = self.drafts_gone(&patients)?;
        let samples = self.everything_gone(&leaving)?;
        for record in &leaving {
            let erased = Event::new(Action::SubjectErased, "subject", record.subject)
                .label(label(record.patient))
                .because(None, wanted.code.as_str(), None)
                .set("patient_id", record.patient.to_string())
                .set("merged_into", (record.patient != id).then(|| id.to_string()))
                .set("samples", i64::try_from(samples).map_err(StoreError::broken)?)
                .set("released_reports", (!released.is_empty()).then(|| named(&released)))
                .set("drafts", (!drafts.is_empty()).then(|| drafts.join(", ")));
            self.also(erased)?;
        }
        let subjects = leaving.iter().map(|record| record.subject).collect();
        self.recorded(Erased { request, subjects })
    }

    /// The record, and those that were merged into it: they are the same person. The one asked for comes last.
    fn leaving(&mut self, patient: &PatientAtHand) -> Result<Vec<Leaving>, StoreError> {
        let merged = sql(format!(
            "SELECT id, subject_id FROM patients WHERE tenant_id = ? AND merged_into = ? ORDER BY id{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(patient.id)
        .all::<LeavingRow>(self.db)?;
        let itself = Leaving {
            patient: patient.id,
            subject: patient.subject.id,
        };
        let merged = merged.into_iter().map(|row| Leaving {
            patient: row.id,
            subject: row.subject_id,
        });
        Ok(merged.chain(std::iter::once(itself)).collect())
    }

    /// Somebody waits for what is in work: it is finished or given up first.
    fn nothing_in_work(&mut self, patients: &[Uuid]) -> Result<(), StoreError> {
        let mut open = sql("SELECT accession_number FROM samples WHERE tenant_id = ? \
             AND (status IN ('registered', 'received', 'in_progress') OR critical_open > 0) AND patient_id IN (")
        .bind(self.tenant());
        open.list(patients.iter().copied())
            .push(") UNION ALL SELECT number FROM reports WHERE tenant_id = ? AND status = 'authorized' AND patient_id IN (")
            .value(self.tenant());
        open.list(patients.iter().copied()).push(") LIMIT ?").value(NAMED);
        let open: Vec<String> = open
            .all::<NumberRow>(self.db)?
            .into_iter()
            .map(|row| row.number)
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        Err(StoreError::conflict(format!(
            "samples of this person are in work, or a signed report is not released: {}; finish or cancel them first",
            named(&open)
        )))
    }

    fn released_reports_of(&mut self, patients: &[Uuid]) -> Result<Vec<String>, StoreError> {
        let mut released = sql(
            "SELECT DISTINCT number FROM reports WHERE tenant_id = ? AND released_at IS NOT NULL AND patient_id IN (",
        )
        .bind(self.tenant());
        released
            .list(patients.iter().copied())
            .push(") ORDER BY number LIMIT ?")
            .value(NAMED);
        let rows = released.all::<NumberRow>(self.db)?;
        Ok(rows.into_iter().map(|row| row.number).collect())
    }

    /// Drafts were never given to anybody: they go whole. Their numbers, for the record.
    fn drafts_gone(&mut self, patients: &[Uuid]) -> Result<Vec<String>, StoreError> {
        let tenant = self.tenant();
        let mut query =
            sql("SELECT id, number FROM reports WHERE tenant_id = ? AND status = 'draft' AND patient_id IN (")
                .bind(tenant);
        query.list(patients.iter().copied()).push(") ORDER BY id");
        let drafts = query.all::<ReportRow>(self.db)?;
        let ids: Vec<Uuid> = drafts.iter().map(|row| row.id).collect();
        for statement in [
            "UPDATE reports SET amended_by_id = NULL WHERE tenant_id = ? AND amended_by_id IN (",
            "DELETE FROM report_samples WHERE tenant_id = ? AND report_id IN (",
            "DELETE FROM reports WHERE tenant_id = ? AND id IN (",
        ] {
            let mut change = sql(statement).bind(tenant);
            change.list(ids.iter().copied()).push(")");
            change.run(self.db)?;
        }
        Ok(drafts.into_iter().map(|row| row.number).collect())
    }
}

impl<P> WriteTx<'_, P> {
    /// Keeps orders and samples of these patients from other writers, in the order in which registering and entering take them:
    /// those first, and the patient after them.
    pub(crate) fn patients_work_locked(&mut self, patients: &[PatientId]) -> Result<(), StoreError> {
        let lock = self.db.for_update();
        if lock.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant();
        for table in ["orders", "samples"] {
            let mut rows = sql(format!(
                "SELECT id FROM {table} WHERE tenant_id = ? AND patient_id IN ("
            ))
            .bind(tenant);
            rows.list(patients.iter().copied()).push(") ORDER BY id").push(lock);
            rows.run(self.db)?;
        }
        Ok(())
    }

    /// As [`patient_erase`](WriteTx::patient_erase) does, for records and persons that were erased before.
    pub(super) fn persons_gone(&mut self, persons: &[(PatientId, Uuid)]) -> Result<usize, StoreError> {
        let leaving: Vec<Leaving> = persons
            .iter()
            .map(|(patient, subject)| Leaving {
                patient: *patient,
                subject: *subject,
            })
            .collect();
        self.everything_gone(&leaving)
    }

    /// Keys, names, fingerprints and words of these persons; how many samples lost theirs.
    fn everything_gone(&mut self, leaving: &[Leaving]) -> Result<usize, StoreError> {
        let (tenant, at) = (self.tenant(), now());
        let patients: Vec<Uuid> = leaving.iter().map(|record| record.patient.uuid()).collect();
        self.openings_gone(leaving)?;
        self.requests_gone(&patients)?;
        let samples = self.sample_texts_gone(&patients)?;
        self.order_texts_gone(&patients)?;
        self.results_gone(&patients)?;
        for record in leaving {
            self.patient_unindex(record.patient)?;
            sql("UPDATE patients SET personal = ?, unknown_patient = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
                .bind(Vec::new())
                .bind(false)
                .bind(at)
                .bind(tenant)
                .bind(record.patient)
                .run(self.db)?;
            sql("UPDATE subjects SET wrapped_key = NULL, erased_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(at)
                .bind(tenant)
                .bind(record.subject)
                .run(self.db)?;
        }
        self.exports_outdated()?;
        Ok(samples)
    }

    /// The values behind the log's commitments: those under the persons' keys, and those of their samples that were entered
    /// when somebody took them for another person's.
    fn openings_gone(&mut self, leaving: &[Leaving]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let mut own = sql("DELETE FROM audit_openings WHERE tenant_id = ? AND subject_id IN (").bind(tenant);
        own.list(leaving.iter().map(|record| record.subject)).push(")");
        own.run(self.db)?;
        row! { struct ObjectRow { id: Uuid } }
        let mut objects = sql("SELECT s.id FROM samples s WHERE s.tenant_id = ? AND s.patient_id IN (").bind(tenant);
        objects.list(leaving.iter().map(|record| record.patient)).push(
            ") UNION ALL SELECT r.id FROM results r JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id \
             WHERE r.tenant_id = ? AND s.patient_id IN (",
        );
        objects.value(tenant);
        objects.list(leaving.iter().map(|record| record.patient)).push(")");
        let objects = objects.all::<ObjectRow>(self.db)?;
        for chunk in objects.chunks(200) {
            let mut others = sql("DELETE FROM audit_openings WHERE tenant_id = ? AND event_id IN \
                 (SELECT e.id FROM audit_events e WHERE e.tenant_id = ? AND e.object_id IN (")
            .bind(tenant)
            .bind(tenant);
            others.list(chunk.iter().map(|object| object.id.to_string())).push("))");
            others.run(self.db)?;
        }
        Ok(())
    }

    /// What waited for a second person waits no more, and no request says why any more.
    fn requests_gone(&mut self, patients: &[Uuid]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let mut end = sql("UPDATE dual_requests SET reason = '', done_at = COALESCE(done_at, ?), \
             status = CASE WHEN status = 'requested' THEN 'withdrawn' ELSE status END WHERE tenant_id = ? AND (from_id IN (")
        .bind(now())
        .bind(tenant);
        end.list(patients.iter().copied()).push(") OR into_id IN (");
        end.list(patients.iter().copied())
            .push(") OR from_id IN (SELECT s.id FROM samples s WHERE s.tenant_id = ? AND s.patient_id IN (")
            .value(tenant);
        end.list(patients.iter().copied()).push(")))");
        end.run(self.db).map(|_rows| ())
    }
}

/// Numbers for a person to look up.
fn named(numbers: &[String]) -> String {
    let more = if i64::try_from(numbers.len()).is_ok_and(|count| count >= NAMED) {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", numbers.join(", "))
}

/// The request's id and those of the persons, in this order.
impl crate::Replayable for Erased {
    fn ids(&self) -> Vec<Uuid> {
        std::iter::once(self.request.uuid())
            .chain(self.subjects.iter().copied())
            .collect()
    }

    fn from_ids(ids: &[Uuid]) -> Option<Self> {
        let (request, subjects) = ids.split_first()?;
        Some(Self {
            request: TwoPersonRequestId::from_uuid(*request),
            subjects: subjects.to_vec(),
        })
    }
}
