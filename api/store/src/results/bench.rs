//! A result on the bench: its row with everything that guards and judging need to know, read in one statement (the test comes from the catalogue in memory).

use super::view::ResultBody;
use crate::catalogue::{Catalogue, Entry, Test};
use crate::db::{row, sql};
use crate::reference::word;
use crate::sealing::Keys;
use crate::{StoreError, Subject, WriteTx};
use attest_domain::ids::{ClientId, PatientId, ResultId, SampleId, SampleTypeId, SpecificationId, TestId, UserId};
use attest_domain::workflow::{ResultState, ResultVerb, SampleState, Transition, apply, result_may};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

row! {
    /// The columns.
    #[derive(Debug)]
    pub(super) struct BenchRow {
        id: ResultId,
        version: i64,
        status: String,
        body: Option<String>,
        entered_by: Option<UserId>,
        entered_at: Option<DateTime<Utc>>,
        verified_by: Option<UserId>,
        verified_at: Option<DateTime<Utc>>,
        position: i64,
        due_at: Option<DateTime<Utc>>,
        sample_id: SampleId,
        accession_number: String,
        sample_status: String,
        sample_type_id: SampleTypeId,
        client_id: Option<ClientId>,
        patient_id: Option<PatientId>,
        subject_id: Option<Uuid>,
        specification_id: Option<SpecificationId>,
        collected_at: Option<DateTime<Utc>>,
        agreed_rule: Option<String>,
        test_id: TestId,
    }
}

const BENCH: &str = "SELECT r.id, r.version, r.status, r.body, r.entered_by, r.entered_at, r.verified_by, r.verified_at, r.position, r.due_at, s.id, s.accession_number, s.status, \
     s.sample_type_id, s.client_id, s.patient_id, p.subject_id, s.specification_id, s.collected_at, o.decision_rule , r.test_id \
     FROM results r JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id \
     LEFT JOIN orders o ON o.tenant_id = s.tenant_id AND o.id = s.order_id \
     LEFT JOIN patients p ON p.tenant_id = s.tenant_id AND p.id = s.patient_id WHERE r.tenant_id = ? AND r.id ";

/// A result that somebody works on.
#[derive(Debug, Clone)]
pub(crate) struct OnBench {
    pub(crate) id: ResultId,
    pub(crate) version: i64,
    pub(crate) state: ResultState,
    pub(crate) body: ResultBody,
    pub(crate) entered_by: Option<UserId>,
    pub(crate) entered_at: Option<DateTime<Utc>>,
    pub(crate) verified_by: Option<UserId>,
    pub(crate) verified_at: Option<DateTime<Utc>>,
    pub(crate) position: i64,
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) sample: SampleId,
    pub(crate) accession_number: String,
    pub(crate) sample_state: SampleState,
    pub(crate) sample_type: SampleTypeId,
    pub(crate) client: Option<ClientId>,
    pub(crate) patient: Option<PatientId>,
    /// The person whose specimen it is, for sealing; nothing for a client's sample.
    pub(crate) subject: Option<Subject>,
    pub(crate) specification: Option<SpecificationId>,
    pub(crate) collected_at: Option<DateTime<Utc>>,
    pub(crate) agreed_rule: Option<String>,
    pub(crate) test: TestId,
    pub(crate) test_name: String,
    /// The laboratory's catalogue, as this transaction sees it.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl OnBench {
    /// The test, as the catalogue is now.
    pub(super) fn test_entry(&self) -> Result<&Entry<Test>, StoreError> {
        self.catalogue
            .test(self.test)
            .ok_or_else(|| StoreError::broken("a result of an unknown test"))
    }

    /// The line of the workflow for `verb`, if the caller saw this version, the sample is at hand and a needed reason is there.
    pub(crate) fn may(
        &self,
        verb: ResultVerb,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<&'static Transition<ResultState>, StoreError> {
        if let Some(expected) = seen
            && expected != self.version
        {
            return Err(StoreError::Stale {
                expected,
                found: self.version,
            });
        }
        let transition = apply(self.state, verb)?;
        result_may(verb, self.sample_state)?;
        transition.check_reason(reason)?;
        Ok(transition)
    }
}

impl<P> WriteTx<'_, P> {
    /// One result to work on.
    pub(super) fn bench_one(&mut self, id: ResultId) -> Result<OnBench, StoreError> {
        self.bench(&[id])?.pop().ok_or(StoreError::NotFound)
    }

    /// Results to work on, in the order of `ids`; one that is not there is missing. On PostgreSQL their samples are locked first, always in
    /// the same order: two that enter results of one sample wait for each other instead of counting wrongly.
    pub(super) fn bench(&mut self, ids: &[ResultId]) -> Result<Vec<OnBench>, StoreError> {
        let tenant = self.tenant();
        let lock = self.db.for_update();
        if !lock.is_empty() {
            let mut query = sql("SELECT id FROM samples WHERE tenant_id = ? AND id IN (SELECT sample_id FROM results WHERE tenant_id = ? AND id IN (").bind(tenant).bind(tenant);
            query.list(ids.iter().copied()).push(")) ORDER BY id").push(lock);
            query.run(self.db)?;
        }
        let rows = if let [id] = ids {
            sql(format!("{BENCH}= ?"))
                .bind(tenant)
                .bind(*id)
                .all::<BenchRow>(self.db)?
        } else {
            let mut query = sql(format!("{BENCH}IN (")).bind(tenant);
            query.list(ids.iter().copied()).push(")");
            query.all::<BenchRow>(self.db)?
        };
        let persons = rows.iter().filter_map(|row| row.subject_id).collect();
        let mut keys = self.subjects(&persons)?;
        // Before a relinking another person's key may have sealed it.
        keys.extend(self.keys_of(rows.iter().filter_map(|row| row.body.as_deref()))?);
        let catalogue = self.catalogue()?;
        let mut found: Vec<OnBench> = rows
            .into_iter()
            .map(|row| on_bench(row, &keys, &catalogue))
            .collect::<Result<_, _>>()?;
        let place = |id: ResultId| ids.iter().position(|asked| *asked == id);
        found.sort_by_key(|one| place(one.id));
        Ok(found)
    }
}

fn on_bench(row: BenchRow, keys: &Keys, catalogue: &Arc<Catalogue>) -> Result<OnBench, StoreError> {
    let test = catalogue
        .test(row.test_id)
        .ok_or_else(|| StoreError::broken("a result of an unknown test"))?;
    let subject = match row.subject_id {
        None => None,
        Some(id) => Some(keys.get(&id).cloned().ok_or_else(StoreError::person_erased)?),
    };
    Ok(OnBench {
        body: ResultBody::opened(keys, row.id, row.body.as_deref())?,
        id: row.id,
        version: row.version,
        state: word(&row.status)?,
        entered_by: row.entered_by,
        entered_at: row.entered_at,
        verified_by: row.verified_by,
        verified_at: row.verified_at,
        position: row.position,
        due_at: row.due_at,
        sample: row.sample_id,
        accession_number: row.accession_number,
        sample_state: word(&row.sample_status)?,
        sample_type: row.sample_type_id,
        client: row.client_id,
        patient: row.patient_id,
        subject,
        specification: row.specification_id,
        collected_at: row.collected_at,
        agreed_rule: row.agreed_rule,
        test: row.test_id,
        test_name: test.data.name.clone(),
        catalogue: Arc::clone(catalogue),
    })
}
