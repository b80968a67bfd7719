//! The values behind commitments, for those who may see them, while their persons' keys exist.

use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{StoreError, Subject, subject};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

/// A sealed value made readable.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) subject: Uuid,
    pub(crate) path: String,
    pub(crate) from: Option<Value>,
    pub(crate) to: Option<Value>,
}

#[derive(Deserialize)]
struct Kept {
    path: String,
    from: Option<Value>,
    to: Option<Value>,
}

row! { struct OpeningRow { event_id: Uuid, subject_id: Uuid, sealed: Vec<u8> } }

/// Rows of one `IN` list.
const CHUNK: usize = 200;

/// Everything that can be opened of these events.
pub(crate) fn open_all(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    events: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Opened>>, StoreError> {
    let events: Vec<Uuid> = events.collect();
    let mut keys: HashMap<Uuid, Option<Subject>> = HashMap::new();
    let mut found: HashMap<Uuid, Vec<Opened>> = HashMap::new();
    for chunk in events.chunks(CHUNK) {
        let mut query =
            sql("SELECT event_id, subject_id, sealed FROM audit_openings WHERE tenant_id = ? AND event_id IN (")
                .bind(tenant);
        query.list(chunk.iter().copied()).push(")");
        for row in query.all::<OpeningRow>(db)? {
            let key = match keys.entry(row.subject_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(subject::load(inner, db, tenant, row.subject_id)?),
            };
            let Some(person) = key else { continue };
            let body = person
                .key
                .open(&format!("audit/{}", row.event_id), &row.sealed)
                .map_err(StoreError::broken)?;
            let kept: Vec<Kept> = serde_json::from_slice(&body).map_err(StoreError::broken)?;
            found
                .entry(row.event_id)
                .or_default()
                .extend(kept.into_iter().map(|value| Opened {
                    subject: row.subject_id,
                    path: value.path,
                    from: value.from,
                    to: value.to,
                }));
        }
    }
    Ok(found)
}

/// The person's key behind an opening, for proofs of it.
pub(crate) fn key_of(inner: &Inner, db: &mut Db, tenant: Uuid, subject: Uuid) -> Result<Option<Subject>, StoreError> {
    subject::load(inner, db, tenant, subject)
}
