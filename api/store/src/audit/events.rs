//! The event list and single events.

use super::describe::{StoredEvent, describe};
use super::view::EventView;
use crate::cursor::{Cursors, Position};
use crate::db::{Sql, row, sql};
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::{Language, may};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// By this user.
    pub actor: Option<Uuid>,
    /// Of this kind.
    pub action: Option<String>,
    /// On things of this type.
    pub object_type: Option<String>,
    /// On this thing.
    pub object_id: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Not after.
    pub to: Option<DateTime<Utc>>,
}

row! { struct PlaceRow { event_id: Uuid } }

/// UUIDv7 ids begin with the millisecond they were made in: the index over ids serves questions about time.
pub(crate) fn id_from(at: DateTime<Utc>, last: bool) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let filler: u8 = if last { 0xff } else { 0 };
    let mut bytes = [filler; 16];
    for (to, from) in bytes.iter_mut().zip(millis.to_be_bytes().iter().skip(2)) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}

impl EventFilter {
    /// Appends the conditions over `audit_events e`.
    pub(crate) fn apply(&self, query: &mut Sql<'_>) {
        if let Some(actor) = self.actor {
            query.push(" AND e.actor_id = ?").value(actor);
        }
        if let Some(action) = &self.action {
            query.push(" AND e.action = ?").value(action.clone());
        }
        if let Some(id) = &self.object_id {
            query.push(" AND e.object_id = ?").value(id.clone());
        }
        if let Some(kind) = &self.object_type {
            query.push(" AND e.object_type = ?").value(kind.clone());
        }
        // A millisecond of slack: the id is made just before the time is read.
        if let Some(from) = self.from {
            query
                .push(" AND e.id >= ? AND e.at >= ?")
                .value(id_from(from - TimeDelta::milliseconds(2), false))
                .value(from);
        }
        if let Some(to) = self.to {
            query
                .push(" AND e.id <= ? AND e.at <= ?")
                .value(id_from(to, true))
                .value(to);
        }
    }
}

impl ReadTx<'_, may::AuditRead> {
    /// Events, newest first, in words.
    ///
    /// # Errors
    /// When the cursor is not ours; the database's.
    pub fn events(
        &mut self,
        filter: &EventFilter,
        page: &Page,
        language: Language,
    ) -> Result<Listing<EventView>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "audit/events");
        let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_events e LEFT JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = ?")
            .bind(self.tenant());
        filter.apply(&mut query);
        if let Some(start) = cursors.start(page)? {
            query.push(" AND e.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY e.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<StoredEvent>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id,
        })?;
        let items = describe(self.inner, self.db, self.scope, language, listing.items)?;
        Ok(Listing {
            items,
            next: listing.next,
        })
    }

    /// The event at a place in the log.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn event_at(&mut self, index: i64, language: Language) -> Result<EventView, StoreError> {
        let place = sql("SELECT event_id FROM audit_leaves WHERE tenant_id = ? AND idx = ?")
            .bind(self.tenant())
            .bind(index)
            .one::<PlaceRow>(self.db)?;
        let row = sql("SELECT e.id, e.entry, l.idx FROM audit_events e JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = ? AND e.id = ?")
            .bind(self.tenant())
            .bind(place.event_id)
            .one::<StoredEvent>(self.db)?;
        describe(self.inner, self.db, self.scope, language, vec![row])?
            .pop()
            .ok_or(StoreError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_at_a_moment_lie_between_its_bounds() {
        let id = Uuid::now_v7();
        let now = Utc::now();
        assert!(id_from(now - TimeDelta::seconds(1), false) < id);
        assert!(id < id_from(now + TimeDelta::seconds(1), true));
    }
}
