//! A sample that turns out to be another person's takes its files along: that person's key opens them from then on, and that
//! person's erasure reaches them (ATT-43). The bytes stay as they are, since only the key of each file is wrapped anew.

use crate::db::{row, sql};
use crate::{StoreError, Subject, WriteTx};
use attest_domain::ids::{FileId, SampleId};
use attest_keyring::FileKey;
use std::collections::HashSet;
use uuid::Uuid;

row! { struct WrappedRow { id: FileId, subject_id: Option<Uuid>, wrapped_key: Vec<u8> } }

impl<P> WriteTx<'_, P> {
    /// The files of a sample and of its results, from whomever they are to this person, or to nobody.
    pub(crate) fn files_follow(&mut self, sample: SampleId, person: Option<&Subject>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let rows = sql(
            "SELECT f.id, f.subject_id, f.wrapped_key FROM files f WHERE f.tenant_id = ? AND (f.sample_id = ? \
             OR f.result_id IN (SELECT r.id FROM results r WHERE r.tenant_id = ? AND r.sample_id = ?))",
        )
        .bind(tenant)
        .bind(sample)
        .bind(tenant)
        .bind(sample)
        .all::<WrappedRow>(self.db)?;
        let persons: HashSet<Uuid> = rows.iter().filter_map(|row| row.subject_id).collect();
        let keys = self.subjects(&persons)?;
        for row in rows {
            let former = row.subject_id.map(|id| keys.get(&id));
            // Of an erased person there is nothing left to take along.
            if matches!(former, Some(None)) {
                continue;
            }
            let former = former.flatten().map(|subject| &subject.key);
            let keyring = &self.inner.keyring;
            let wrapped = FileKey::unwrapped(keyring, tenant, former, row.id.uuid(), &row.wrapped_key)
                .and_then(|key| key.wrapped(keyring, tenant, person.map(|subject| &subject.key), row.id.uuid()))
                .map_err(StoreError::broken)?;
            sql("UPDATE files SET subject_id = ?, wrapped_key = ? WHERE tenant_id = ? AND id = ?")
                .bind(person.map(|subject| subject.id))
                .bind(wrapped)
                .bind(tenant)
                .bind(row.id)
                .run(self.db)?;
        }
        Ok(())
    }
}
