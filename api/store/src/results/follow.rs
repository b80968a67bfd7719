//! Results that come to belong to somebody else with their sample, and those of a person who is erased.

use super::critical::{attempts_place, value_place};
use super::sealing::body_place;
use crate::db::{row, sql};
use crate::sealing::{kept, opened};
use crate::{StoreError, Subject, WriteTx};
use attest_domain::ids::{NoticeId, ResultId, SampleId};
use serde_json::Value;
use uuid::Uuid;

row! { struct BodyRow { id: ResultId, body: String } }
row! { struct NoticeRow { id: NoticeId, value: String, attempts: String } }

impl<P> WriteTx<'_, P> {
    /// The sample belongs to somebody else from now on: its values are kept as that person's. Earlier versions stay as they
    /// were written, under the key of whom they were written about: that table takes no changes (ATT-42).
    pub(crate) fn results_follow(&mut self, sample: SampleId, person: Option<&Subject>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let bodies = sql("SELECT id, body FROM results WHERE tenant_id = ? AND sample_id = ? AND body IS NOT NULL")
            .bind(tenant)
            .bind(sample)
            .all::<BodyRow>(self.db)?;
        for row in bodies {
            let Some(body) = self.kept_anew(person, &body_place(row.id), &row.body)? else {
                continue;
            };
            sql("UPDATE results SET body = ? WHERE tenant_id = ? AND id = ?")
                .bind(body)
                .bind(tenant)
                .bind(row.id)
                .run(self.db)?;
        }
        let notices = sql("SELECT id, value, attempts FROM critical_notices WHERE tenant_id = ? AND sample_id = ?")
            .bind(tenant)
            .bind(sample)
            .all::<NoticeRow>(self.db)?;
        for row in notices {
            let value = self.kept_anew(person, &value_place(row.id), &row.value)?;
            let attempts = self.kept_anew(person, &attempts_place(row.id), &row.attempts)?;
            sql("UPDATE critical_notices SET value = COALESCE(?, value), attempts = COALESCE(?, attempts) WHERE tenant_id = ? AND id = ?")
                .bind(value)
                .bind(attempts)
                .bind(tenant)
                .bind(row.id)
                .run(self.db)?;
        }
        Ok(())
    }

    /// No value of these patients' samples is left that somebody could change or show.
    pub(crate) fn results_gone(&mut self, patients: &[Uuid]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let mut update = sql("UPDATE results SET body = NULL WHERE tenant_id = ? AND sample_id IN \
             (SELECT s.id FROM samples s WHERE s.tenant_id = ? AND s.patient_id IN (")
        .bind(tenant)
        .bind(tenant);
        update.list(patients.iter().copied()).push("))");
        update.run(self.db).map(|_rows| ())
    }

    /// The same value for another reader; nothing when it cannot be read any more.
    fn kept_anew(&mut self, person: Option<&Subject>, place: &str, stored: &str) -> Result<Option<String>, StoreError> {
        let keys = self.keys_of([stored])?;
        opened::<Value>(&keys, place, stored)?
            .map(|value| kept(person, place, &value))
            .transpose()
    }
}
