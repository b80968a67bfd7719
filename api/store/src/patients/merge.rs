//! Two records of one patient become one (ISO 15189, 7.2.3): a reason, two people, and released reports that are looked at again.

use super::label;
use crate::db::sql;
use crate::second_person::{Half, Wish, needed_reason};
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{PatientId, TwoPersonRequestId};
use attest_domain::{Action, ReasonCode, may};

impl WriteTx<'_, may::PatientMerge> {
    /// Asks for merging `from` into `into`; does it when somebody else has asked for it before.
    ///
    /// # Errors
    /// Without a reason, by the same person twice, or when one of them was merged already.
    pub fn patient_merge(
        &mut self,
        from: PatientId,
        into: PatientId,
        reason: Option<&str>,
    ) -> Result<Recorded<TwoPersonRequestId>, StoreError> {
        let reason = needed_reason(reason)?;
        if from == into {
            return Err(StoreError::invalid(
                "into",
                "same",
                "a record cannot be merged into itself",
            ));
        }
        self.patients_work_locked(&[from, into])?;
        // Always in the same order, so that two merges the other way round do not wait for each other.
        let (first, second) = if from < into { (from, into) } else { (into, from) };
        let missing = |error: StoreError| match error {
            StoreError::NotFound => StoreError::invalid("into", "unknown", "this laboratory has no such patient"),
            other => other,
        };
        let first = self
            .patient_at_hand(first)
            .map_err(|error| if first == into { missing(error) } else { error })?;
        let second = self
            .patient_at_hand(second)
            .map_err(|error| if second == into { missing(error) } else { error })?;
        let (leaving, staying) = if first.id == from {
            (first, second)
        } else {
            (second, first)
        };
        if let Some(other) = leaving.merged_into {
            return Err(StoreError::conflict(format!(
                "this record was merged into {other} already"
            )));
        }
        if let Some(other) = staying.merged_into {
            return Err(StoreError::invalid(
                "into",
                "merged",
                format!("this record was merged into {other}; use that one"),
            ));
        }
        let half = self.take_half(&Wish {
            from: from.uuid(),
            into: Some(into.uuid()),
            person: Some(&leaving.subject),
            reason,
        })?;
        let event = |action| {
            Event::new(action, "patient", from)
                .label(label(from))
                .because(Some(&leaving.subject), ReasonCode::Duplicate.as_str(), Some(reason))
                .set("into", into.to_string())
        };
        let id = match half {
            Half::Asked(id) => return self.record(event(Action::PatientMergeRequested).version(leaving.version), id),
            Half::Confirmed(id) => id,
        };
        self.reports_of_patient_doubted(from)?;
        self.patient_move(from, into)?;
        let mut data = staying.data.clone();
        for identifier in &leaving.data.identifiers {
            if !data.identifiers.iter().any(|known| known.same(identifier)) {
                data.identifiers.push(identifier.clone());
            }
        }
        self.patient_store(&staying, &data)?;
        let grown = Event::new(Action::PatientEdited, "patient", into)
            .label(label(into))
            .version(staying.version.saturating_add(1))
            .set("merged_from", from.to_string());
        self.also(data.difference(grown, &staying.subject, Some(&staying.data)))?;
        self.record(
            event(Action::PatientMerged).version(leaving.version.saturating_add(1)),
            id,
        )
    }

    /// Everything of the one record becomes the other's; the emptied record points on and is not found any more.
    fn patient_move(&mut self, from: PatientId, into: PatientId) -> Result<(), StoreError> {
        let (tenant, at) = (self.tenant(), now());
        for table in ["samples", "orders"] {
            sql(format!("UPDATE {table} SET patient_id = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND patient_id = ?"))
                .bind(into)
                .bind(at)
                .bind(tenant)
                .bind(from)
                .run(self.db)?;
        }
        sql(
            "UPDATE patients SET merged_into = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?",
        )
        .bind(into)
        .bind(at)
        .bind(tenant)
        .bind(from)
        .run(self.db)?;
        // A chain of merges always points to the one that stays.
        sql("UPDATE patients SET merged_into = ? WHERE tenant_id = ? AND merged_into = ?")
            .bind(into)
            .bind(tenant)
            .bind(from)
            .run(self.db)?;
        self.patient_unindex(from)
    }
}
