//! Everything that happened to a sample, its results and its reports, in the order it happened, in words.

use crate::audit::{StoredEvent, describe};
use crate::db::{row, sql};
use crate::{Person, ReadTx, StoreError};
use attest_domain::ids::SampleId;
use attest_domain::{Permission, may};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Events of one timeline at most; far more than a sample can have in honest work.
const EVENTS_MAX: i64 = 2_000;

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What, from the closed list of actions.
    pub action: String,
    /// Who; null for the program itself.
    pub actor: Option<Person>,
    /// The event as a sentence in the reader's language.
    pub sentence: String,
    /// Why, where the workflow asks and the reader may see it.
    pub reason: Option<String>,
    /// Its place in the audit log; null for the moment until it has one.
    pub index: Option<i64>,
    /// The event's id in the audit log.
    pub event_id: Uuid,
}

row! { struct IdRow { id: Uuid } }

impl ReadTx<'_, may::SampleRead> {
    /// A sample's timeline: its own events, and those of its results and reports as far as the reader may see these. What
    /// tells about a patient is opened for readers with `patient:read` alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn sample_timeline(&mut self, sample: SampleId) -> Result<Vec<TimelineEntry>, StoreError> {
        let tenant = self.tenant();
        let mut query = sql("SELECT s.id FROM samples s WHERE s.tenant_id = ? AND s.id = ?")
            .bind(tenant)
            .bind(sample);
        // Sentences tell values: what happened to a thing is told to those who may see the thing (ATT-23).
        let released = self.only_client().is_some();
        let further = [
            (
                Permission::ResultRead,
                "SELECT r.id FROM results r WHERE r.tenant_id = ? AND r.sample_id = ?",
            ),
            (
                Permission::ResultRead,
                "SELECT n.id FROM critical_notices n WHERE n.tenant_id = ? AND n.sample_id = ?",
            ),
            (
                Permission::ReportRead,
                if released {
                    "SELECT p.id FROM report_samples x JOIN reports p ON p.tenant_id = x.tenant_id AND p.id = x.report_id \
                     WHERE x.tenant_id = ? AND x.sample_id = ? AND p.released_at IS NOT NULL"
                } else {
                    "SELECT x.report_id FROM report_samples x WHERE x.tenant_id = ? AND x.sample_id = ?"
                },
            ),
        ];
        for (permission, objects) in further {
            if self.may(permission) {
                query.push(" UNION ALL ").push(objects).value(tenant).value(sample);
            }
        }
        let objects = query.all::<IdRow>(self.db)?;
        if objects.is_empty() {
            return Err(StoreError::NotFound);
        }
        let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_events e \
             LEFT JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = ? AND e.object_id IN (")
        .bind(tenant);
        // Sorted here: asked for the order of ids, SQLite would walk the whole log in it instead of the index over objects.
        query
            .list(objects.iter().map(|object| object.id.to_string()))
            .push(") LIMIT ?")
            .value(EVENTS_MAX);
        let stored = query.all::<StoredEvent>(self.db)?;
        let mut events = describe(self.inner, self.db, self.scope, self.scope.language, stored)?;
        // A client sees the files that are shared with it in their list; of the others it does not even hear.
        if released {
            events.retain(|event| !event.action.starts_with("file."));
        }
        // Ids are ordered within a millisecond by process only: the clock decides between nodes.
        events.sort_by_key(|event| (event.at, event.id));
        let entry = |event: crate::EventView| TimelineEntry {
            at: event.at,
            actor: event
                .actor
                .id
                .and_then(|id| id.parse().ok())
                .zip(event.actor.name)
                .map(|(id, name)| Person { id, name }),
            action: event.action,
            sentence: event.sentence,
            reason: event.reason.and_then(|reason| reason.text),
            index: event.index,
            event_id: event.id,
        };
        Ok(events.into_iter().map(entry).collect())
    }
}
