//! The background's side of an export: what waits, building it, and telling how far it is.

use super::build::{ExportBuild, build};
use super::ticket::{ExportTicket, asked};
use crate::access::Scope;
use crate::audit::{EventView, StoredEvent, describe};
use crate::db::{row, sql};
use crate::{Event, Permit, Store, StoreError, now};
use attest_domain::{Action, Language};
use std::sync::Arc;
use uuid::Uuid;

row! { struct TicketRow { tenant_id: Uuid, id: Uuid } }

impl Store {
    /// Exports that nobody has finished: after a restart they are built again.
    ///
    /// # Errors
    /// The database's.
    pub async fn exports_unfinished(&self) -> Result<Vec<ExportTicket>, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut found = Vec::new();
        for tenant in tenants {
            let id = tenant.laboratory.id;
            let rows = self.inner.backend.read(Some(id), move |db| {
                sql("SELECT tenant_id, id FROM audit_exports WHERE tenant_id = ? AND status IN ('queued', 'running') ORDER BY id").bind(id).all::<TicketRow>(db)
            });
            found.extend(rows.await?.into_iter().map(|row| ExportTicket {
                tenant: row.tenant_id,
                id: row.id,
            }));
        }
        Ok(found)
    }

    /// Builds the bundle in the name of who asked for it, with the rights that person has now.
    ///
    /// # Errors
    /// A conflict that says why there is nothing to export; the database's.
    pub async fn export_build(&self, ticket: &ExportTicket) -> Result<ExportBuild, StoreError> {
        let (inner, ticket, tenant) = (Arc::clone(&self.inner), ticket.clone(), ticket.tenant);
        let room = Arc::clone(&self.inner);
        let room = self
            .inner
            .backend
            .read(Some(tenant), move |db| room.tenants.load(db, tenant))
            .await?;
        // Before the look at the log: a rotation may destroy the key of that look while a large export is built.
        let keys = room.signer.keys();
        self.inner
            .backend
            .read(Some(tenant), move |db| build(&inner, db, &ticket, &keys))
            .await
    }

    /// A run of an export's events in words, for its paper twin.
    ///
    /// # Errors
    /// The database's.
    pub async fn export_words(
        &self,
        ticket: &ExportTicket,
        indices: Vec<i64>,
        language: Language,
    ) -> Result<Vec<EventView>, StoreError> {
        let (inner, ticket) = (Arc::clone(&self.inner), ticket.clone());
        self.inner
            .backend
            .read(Some(ticket.tenant), move |db| {
                let (scope, _request) = asked(&inner, db, &ticket)?;
                let mut rows = Vec::new();
                for chunk in indices.chunks(500) {
                    let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id WHERE l.tenant_id = ? AND l.idx IN (")
                        .bind(ticket.tenant);
                    query.list(chunk.iter().copied()).push(") ORDER BY l.idx");
                    rows.extend(query.all::<StoredEvent>(db)?);
                }
                describe(&inner, db, &scope, language, rows)
            })
            .await
    }

    /// An export that came to nothing is an event too.
    async fn export_failed(&self, ticket: &ExportTicket, why: String) -> Result<(), StoreError> {
        let (inner, tenant, id) = (Arc::clone(&self.inner), ticket.tenant, ticket.id);
        let tenant = self
            .inner
            .backend
            .read(Some(tenant), move |db| inner.tenants.load(db, tenant))
            .await?;
        let permit = Permit::<()>::of(Arc::new(Scope::system(tenant, "exports")));
        self.write(permit, None, move |tx| {
            tx.record(
                Event::new(Action::AuditExportFailed, "audit_export", id).set("error", why),
                (),
            )
        })
        .await
        .map(|_written| ())
    }

    /// How an export stands.
    ///
    /// # Errors
    /// The database's.
    pub async fn export_progress(
        &self,
        ticket: &ExportTicket,
        status: &'static str,
        progress: i64,
        build: Option<(i64, i64, i64, i64)>,
        error: Option<String>,
    ) -> Result<(), StoreError> {
        let ticket = ticket.clone();
        if let Some(why) = &error {
            self.export_failed(&ticket, why.clone()).await?;
        }
        self.inner
            .backend
            .write(Some(ticket.tenant), move |db| {
                let (first, last, count, parts) = build.map_or((None, None, None, None), |(first, last, count, parts)| (Some(first), Some(last), Some(count), Some(parts)));
                sql("UPDATE audit_exports SET status = ?, progress = ?, error = ?, first_index = coalesce(?, first_index), last_index = coalesce(?, last_index), \
                     event_count = coalesce(?, event_count), parts = coalesce(?, parts), updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
                    .bind(status)
                    .bind(progress)
                    .bind(error)
                    .bind(first)
                    .bind(last)
                    .bind(count)
                    .bind(parts)
                    .bind(now())
                    .bind(ticket.tenant)
                    .bind(ticket.id)
                    .run(db)
            })
            .await
            .map(|_rows| ())
    }
}
