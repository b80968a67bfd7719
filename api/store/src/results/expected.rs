//! The limits of results that nobody has entered yet: with them the bench flags a value while it is being typed. They are looked up
//! anew each time; those that a value was judged by are kept with it.

use super::judging::{Concerned, limits_for};
use super::view::ResultView;
use crate::db::{row, sql};
use crate::reference::word;
use crate::{ReadTx, StoreError};
use attest_domain::age::in_days;
use attest_domain::ids::{ClientId, PatientId, ResultId, SampleTypeId, SpecificationId};
use attest_domain::judge::Subject;
use attest_domain::workflow::ResultState;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

row! {
    struct ExpectedRow {
        id: ResultId,
        sample_type_id: SampleTypeId,
        client_id: Option<ClientId>,
        patient_id: Option<PatientId>,
        specification_id: Option<SpecificationId>,
        collected_at: Option<DateTime<Utc>>,
        decision_rule: Option<String>,
    }
}

const EXPECTED: &str = "SELECT r.id, s.sample_type_id, s.client_id, s.patient_id, s.specification_id, s.collected_at, o.decision_rule \
     FROM results r JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id \
     LEFT JOIN orders o ON o.tenant_id = s.tenant_id AND o.id = s.order_id WHERE r.tenant_id = ? AND r.id IN (";

impl<P> ReadTx<'_, P> {
    /// Fills in the limits of what is pending: one statement, and one for each patient.
    pub(super) fn results_with_expected_limits(&mut self, results: &mut [ResultView]) -> Result<(), StoreError> {
        let pending: Vec<ResultId> = results
            .iter()
            .filter(|result| result.status == ResultState::Pending)
            .map(|result| result.id)
            .collect();
        if pending.is_empty() {
            return Ok(());
        }
        let mut query = sql(EXPECTED).bind(self.tenant());
        query.list(pending).push(")");
        let rows: HashMap<ResultId, ExpectedRow> = query
            .all::<ExpectedRow>(self.db)?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let catalogue = self.catalogue()?;
        let mut patients = HashMap::new();
        for result in results {
            let Some(row) = rows.get(&result.id) else { continue };
            let patient = match row.patient_id {
                None => None,
                Some(id) => {
                    let of_sample = (id, row.collected_at);
                    match patients.entry(of_sample) {
                        Entry::Occupied(known) => *known.get(),
                        Entry::Vacant(unknown) => *unknown.insert(self.whose_reference(id, row.collected_at)?),
                    }
                }
            };
            let concerned = Concerned {
                specification: row.specification_id,
                sample_type: row.sample_type_id,
                client: row.client_id,
                patient,
                agreed_rule: row.decision_rule.as_deref().map(word).transpose()?,
            };
            result.limits = limits_for(catalogue.specifications(), result.test.id, &concerned).map(|found| found.shown);
        }
        Ok(())
    }

    /// Sex and age at collection.
    fn whose_reference(
        &mut self,
        id: PatientId,
        collected: Option<DateTime<Utc>>,
    ) -> Result<Option<Subject>, StoreError> {
        let Some(data) = self.patient_data(id)? else {
            return Ok(None);
        };
        let zone: chrono_tz::Tz = self.laboratory().timezone.parse().unwrap_or(chrono_tz::UTC);
        let day = collected.map(|at| at.with_timezone(&zone).date_naive());
        let age_days = data.birth_date.zip(day).and_then(|(birth, day)| in_days(birth, day));
        Ok(Some(Subject {
            sex: data.sex,
            age_days,
        }))
    }
}
