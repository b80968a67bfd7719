//! Persons whose data are encrypted: each has a key, wrapped in `subjects` by a key outside the database (ATT-43).

use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{StoreError, now};
use attest_keyring::SubjectKey;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A person's pseudonymous id and key, for as long as one transaction needs it.
#[derive(Clone)]
pub struct Subject {
    pub(crate) id: Uuid,
    pub(crate) key: SubjectKey,
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Subject({})", self.id)
    }
}

row! { struct KeyRow { wrapped_key: Option<Vec<u8>> } }

/// A new person's key, stored wrapped.
pub(crate) fn create(inner: &Inner, db: &mut Db, tenant: Uuid) -> Result<Subject, StoreError> {
    let subject = Subject {
        id: Uuid::now_v7(),
        key: SubjectKey::generate(),
    };
    let wrapped = inner
        .keyring
        .wrap(tenant, subject.id, &subject.key)
        .map_err(StoreError::broken)?;
    sql("INSERT INTO subjects (tenant_id, id, wrapped_key, created_at) VALUES (?, ?, ?, ?)")
        .bind(tenant)
        .bind(subject.id)
        .bind(wrapped)
        .bind(now())
        .run(db)?;
    Ok(subject)
}

row! { struct WrappedRow { id: Uuid, wrapped_key: Option<Vec<u8>> } }

/// Several persons' keys in one statement; those of erased persons are missing.
pub(crate) fn load_many(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    ids: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Subject>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT id, wrapped_key FROM subjects WHERE tenant_id = ? AND id IN (").bind(tenant);
    query.list(ids.iter().copied()).push(")");
    let mut found = HashMap::with_capacity(ids.len());
    for row in query.all::<WrappedRow>(db)? {
        let Some(wrapped) = row.wrapped_key else { continue };
        let key = inner
            .keyring
            .unwrap_key(tenant, row.id, &wrapped)
            .map_err(StoreError::broken)?;
        found.insert(row.id, Subject { id: row.id, key });
    }
    Ok(found)
}

/// A person's key; nothing when the person was erased.
pub(crate) fn load(inner: &Inner, db: &mut Db, tenant: Uuid, id: Uuid) -> Result<Option<Subject>, StoreError> {
    let row = sql("SELECT wrapped_key FROM subjects WHERE tenant_id = ? AND id = ?")
        .bind(tenant)
        .bind(id)
        .one::<KeyRow>(db)?;
    let Some(wrapped) = row.wrapped_key else {
        return Ok(None);
    };
    let key = inner
        .keyring
        .unwrap_key(tenant, id, &wrapped)
        .map_err(StoreError::broken)?;
    Ok(Some(Subject { id, key }))
}
