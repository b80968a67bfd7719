//! Which events an export holds: everything between two moments, or those that a filter chooses.

use super::ExportRequest;
use crate::audit::events::{EventFilter, id_from};
use crate::db::{Db, row, sql};
use crate::{StoreError, now};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Events of one export at most: a bundle is built in memory.
const AT_MOST: i64 = 250_000;
/// Events of a selection at most: each carries its own proof.
const SELECTION_AT_MOST: i64 = 20_000;

row! {
    /// An event with its place in the log.
    pub(super) struct IndexedRow {
        pub(super) id: Uuid,
        pub(super) entry: Vec<u8>,
        pub(super) idx: i64,
    }
}

row! { struct BoundsRow { first: Option<i64>, last: Option<i64> } }

/// The smallest run of indices that holds every event between the two moments.
pub(super) fn between(
    db: &mut Db,
    tenant: Uuid,
    request: &ExportRequest,
    size: u64,
) -> Result<Vec<IndexedRow>, StoreError> {
    let top = i64::try_from(size).map_err(StoreError::broken)?;
    let (mut first, mut last) = (0, top.saturating_sub(1));
    if request.from.is_some() || request.to.is_some() {
        let from = request
            .from
            .unwrap_or(DateTime::<Utc>::MIN_UTC.max(DateTime::UNIX_EPOCH));
        let to = request.to.unwrap_or_else(|| now() + TimeDelta::days(1));
        let bounds = sql("SELECT MIN(l.idx), MAX(l.idx) FROM audit_events e JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id \
             WHERE e.tenant_id = ? AND e.id >= ? AND e.id <= ? AND e.at >= ? AND e.at <= ? AND l.idx < ?")
            .bind(tenant)
            .bind(id_from(from - TimeDelta::milliseconds(2), false))
            .bind(id_from(to, true))
            .bind(from)
            .bind(to)
            .bind(top)
            .one::<BoundsRow>(db)?;
        let (Some(low), Some(high)) = (bounds.first, bounds.last) else {
            return Ok(Vec::new());
        };
        (first, last) = (low, high);
    }
    if last.saturating_sub(first) >= AT_MOST {
        return Err(StoreError::conflict(format!(
            "more than {AT_MOST} events; choose a shorter time"
        )));
    }
    sql("SELECT e.id, e.entry, l.idx FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id \
         WHERE l.tenant_id = ? AND l.idx >= ? AND l.idx <= ? ORDER BY l.idx")
        .bind(tenant)
        .bind(first)
        .bind(last)
        .all::<IndexedRow>(db)
}

/// Every event that the filter lets through, in the order of the log.
pub(super) fn chosen(
    db: &mut Db,
    tenant: Uuid,
    request: &ExportRequest,
    size: u64,
) -> Result<Vec<IndexedRow>, StoreError> {
    let filter = EventFilter {
        actor: request.actor_id,
        action: request.action.clone(),
        object_type: request.object_type.clone(),
        object_id: request.object_id.clone(),
        from: request.from,
        to: request.to,
    };
    let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_events e JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = ?").bind(tenant);
    filter.apply(&mut query);
    query.push(" AND l.idx < ? ORDER BY l.idx LIMIT ?");
    query
        .value(i64::try_from(size).map_err(StoreError::broken)?)
        .value(SELECTION_AT_MOST.saturating_add(1));
    let rows = query.all::<IndexedRow>(db)?;
    if i64::try_from(rows.len()).map_err(StoreError::broken)? > SELECTION_AT_MOST {
        return Err(StoreError::conflict(format!(
            "more than {SELECTION_AT_MOST} events; narrow the filter or export a range"
        )));
    }
    Ok(rows)
}

/// A place in the log as the proofs count it.
pub(super) fn place(index: i64) -> Result<u64, StoreError> {
    u64::try_from(index).map_err(StoreError::broken)
}
