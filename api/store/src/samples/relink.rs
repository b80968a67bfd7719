//! Moving a sample to the order it really belongs to: a reason, two people, and reports that are looked at again.

use crate::db::{row, sql};
use crate::second_person::{Half, Wish, needed_reason};
use crate::{Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{OrderId, PatientId, ReportId, SampleId, TwoPersonRequestId};
use attest_domain::workflow::SampleVerb;
use attest_domain::{Action, ReasonCode, may};

row! { struct ReportRow { id: ReportId } }

impl WriteTx<'_, may::SampleRelink> {
    /// Asks for moving a sample to another order; does it when somebody else has asked for it before.
    ///
    /// # Errors
    /// Without a reason, by the same person twice, or when the order is not open.
    pub fn sample_relink(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        order: OrderId,
        reason: Option<&str>,
    ) -> Result<Recorded<TwoPersonRequestId>, StoreError> {
        let reason = needed_reason(reason)?;
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::Relink)?;
        let orderer = self.orderer(Some(order), None, None, "")?;
        if sample.order == Some(order) {
            return Err(StoreError::invalid(
                "order_id",
                "same",
                "the sample belongs to this order already",
            ));
        }
        // What was recorded of it for a client stands plain in the audit trail, for ever: nobody could erase it for a patient.
        if sample.patient.is_none() && orderer.patient.is_some() {
            return Err(StoreError::conflict(
                "a client's sample cannot become a patient's; register it for the patient, and cancel or reject this one",
            ));
        }
        let number = orderer
            .order
            .as_ref()
            .map(|(_, number)| number.clone())
            .unwrap_or_default();
        // Whoever it was taken from: the person it was registered for, else the one it turns out to be of.
        let person = sample.subject.clone().or_else(|| orderer.subject.clone());
        let half = self.take_half(&Wish {
            from: id.uuid(),
            into: Some(order.uuid()),
            person: person.as_ref(),
            reason,
        })?;
        let former = sample.order.map(|order| self.order_number(order)).transpose()?;
        let event = |action| {
            sample
                .event(action)
                .because(person.as_ref(), ReasonCode::MixUp.as_str(), Some(reason))
                .change("order", former.clone(), number.as_str())
        };
        let request = match half {
            Half::Asked(request) => {
                return self.record(event(Action::SampleRelinkRequested).version(sample.version), request);
            }
            Half::Confirmed(request) => request,
        };
        self.reports_of_sample_doubted(id)?;
        sql("UPDATE samples SET order_id = ?, client_id = ?, patient_id = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(order)
            .bind(orderer.client.as_ref().map(|client| client.id))
            .bind(orderer.patient)
            .bind(now())
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        self.sample_texts_follow(id, orderer.subject.as_ref())?;
        self.results_follow(id, orderer.subject.as_ref())?;
        self.files_follow(id, orderer.subject.as_ref())?;
        if let Some(former) = sample.order {
            self.order_touch(former)?;
        }
        self.order_touch(order)?;
        let moved = event(transition.action).change(
            "patient_id",
            sample.patient.map(|patient| patient.to_string()),
            orderer.patient.map(|patient| patient.to_string()),
        );
        self.record(moved, request)
    }
}

impl<P> WriteTx<'_, P> {
    fn order_number(&mut self, order: OrderId) -> Result<String, StoreError> {
        row! { struct NumberRow { number: String } }
        let row = sql("SELECT number FROM orders WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(order)
            .one::<NumberRow>(self.db)?;
        Ok(row.number)
    }

    /// Signed reports on this sample lose their signature, released ones are marked as under correction.
    pub(crate) fn reports_of_sample_doubted(&mut self, sample: SampleId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let rows = sql(
            "SELECT x.report_id FROM report_samples x WHERE x.tenant_id = ? AND x.sample_id = ? ORDER BY x.report_id",
        )
        .bind(tenant)
        .bind(sample)
        .all::<ReportRow>(self.db)?;
        rows.into_iter().try_for_each(|row| self.report_doubt(row.id))
    }

    /// As [`reports_of_sample_doubted`](Self::reports_of_sample_doubted), for all reports on a patient.
    pub(crate) fn reports_of_patient_doubted(&mut self, patient: PatientId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let rows = sql("SELECT p.id FROM reports p WHERE p.tenant_id = ? AND p.patient_id = ? ORDER BY p.id")
            .bind(tenant)
            .bind(patient)
            .all::<ReportRow>(self.db)?;
        rows.into_iter().try_for_each(|row| self.report_doubt(row.id))
    }
}
