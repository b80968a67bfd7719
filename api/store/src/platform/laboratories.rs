//! The laboratories as the platform sees them: from their rows outside the walls, never from a laboratory's own tables.

use super::across::platform;
use crate::access::Scope;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::laboratory::{created_event, found, insert};
use crate::seen::as_seen;
use crate::tenant::{Laboratory, Tenant};
use crate::{
    Event, Listing, NewLaboratory, Once, Page, Permit, ReadTx, Recorded, Store, StoreError, WriteTx, Written, now,
};
use attest_domain::ids::TenantId;
use attest_domain::role::{LaboratoryKind, Realm};
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, may};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Whether a laboratory answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LaboratoryStatus {
    /// It does.
    Open,
    /// It answers nobody; report checks by the public go on.
    Suspended,
}

/// A laboratory, as the platform sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlatformLaboratory {
    /// Its id.
    pub id: TenantId,
    /// Short name; never changes.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Testing or medical.
    pub kind: LaboratoryKind,
    /// Whether it answers.
    pub status: LaboratoryStatus,
    /// Since when it does not.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Why.
    pub suspended_reason: Option<String>,
    /// Loaded by `--demo`.
    pub demonstration: bool,
    /// Accounts of people, deactivated ones included.
    pub people: i64,
    /// The last day (UTC) on which somebody signed in.
    pub last_active_on: Option<NaiveDate>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// What the list may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct LaboratoryFilter {
    /// Answering or suspended.
    pub status: Option<LaboratoryStatus>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}

/// Permits whose answers may show laboratories from outside.
pub trait SeesLaboratories {}
impl SeesLaboratories for may::PlatformRead {}
impl SeesLaboratories for may::PlatformManage {}

row! {
    struct LaboratoryRow {
        id: TenantId,
        slug: String,
        name: String,
        kind: String,
        suspended_at: Option<DateTime<Utc>>,
        suspended_reason: Option<String>,
        demonstration: bool,
        people: i64,
        active_on: Option<NaiveDate>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const LABORATORY: &str = "SELECT t.id, t.slug, t.name, t.kind, t.suspended_at, t.suspended_reason, t.demonstration, \
     (SELECT COUNT(*) FROM directory d WHERE d.tenant_id = t.id), t.active_on, t.created_at, t.updated_at, t.version \
     FROM tenants t WHERE t.realm = 'laboratory'";

impl TryFrom<LaboratoryRow> for PlatformLaboratory {
    type Error = StoreError;

    fn try_from(row: LaboratoryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            kind: row.kind.parse().map_err(StoreError::broken)?,
            status: match row.suspended_at {
                Some(_) => LaboratoryStatus::Suspended,
                None => LaboratoryStatus::Open,
            },
            suspended_at: row.suspended_at,
            suspended_reason: row.suspended_reason,
            demonstration: row.demonstration,
            people: row.people,
            last_active_on: row.active_on,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl<P: SeesLaboratories> ReadTx<'_, P> {
    /// One laboratory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn platform_laboratory(&mut self, id: TenantId) -> Result<PlatformLaboratory, StoreError> {
        sql(format!("{LABORATORY} AND t.id = ?"))
            .bind(id)
            .one::<LaboratoryRow>(self.db)?
            .try_into()
    }

    /// A page of laboratories, by short name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn platform_laboratory_list(
        &mut self,
        filter: &LaboratoryFilter,
        page: &Page,
    ) -> Result<Listing<PlatformLaboratory>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "platform-laboratories");
        let mut query = sql(LABORATORY);
        match filter.status {
            Some(LaboratoryStatus::Open) => query.push(" AND t.suspended_at IS NULL"),
            Some(LaboratoryStatus::Suspended) => query.push(" AND t.suspended_at IS NOT NULL"),
            None => &mut query,
        };
        if let Some(since) = filter.updated_since {
            query.push(" AND t.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND t.slug > ?").value(start.key);
        }
        query
            .push(" ORDER BY t.slug LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<LaboratoryRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: row.slug.clone(),
            id: row.id.uuid(),
        })?;
        listing.try_map(PlatformLaboratory::try_from)
    }
}

impl Store {
    /// Opens a laboratory and invites its first administrator by mail.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the short name is taken; the database's.
    pub async fn laboratory_open(
        &self,
        permit: Permit<may::PlatformManage>,
        once: Option<Once>,
        new: NewLaboratory,
    ) -> Result<Written<may::PlatformManage, TenantId>, StoreError> {
        let written = self.write(permit, once, move |tx| tx.laboratory_open(&new)).await?;
        self.inner.post.wake(written.value.uuid());
        Ok(written)
    }

    /// Suspends or resumes a laboratory, by somebody at the server's command line; with or without a platform.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when it is so already.
    pub async fn laboratory_switch_at_the_server(
        &self,
        slug: &str,
        reason: String,
        suspend: bool,
    ) -> Result<(), StoreError> {
        let room = self.laboratory_room(slug).await?;
        let id = TenantId::from_uuid(room.laboratory.id);
        let inner = Arc::clone(&self.inner);
        let platform = self.inner.backend.read(None, move |db| platform(&inner, db)).await?;
        let apart = platform.is_some();
        let scope = Scope::operator(platform.unwrap_or(room));
        let permit: Permit<may::PlatformManage> = Permit::of(Arc::new(scope));
        self.write(permit, None, move |tx| {
            if apart {
                return tx.laboratory_switch(id, None, &reason, suspend);
            }
            let (_room, event) = tx.switched(id, None, &reason, suspend)?;
            tx.record(event, id)
        })
        .await
        .map(|_written| ())
    }
}

impl WriteTx<'_, may::PlatformManage> {
    fn laboratory_open(&mut self, new: &NewLaboratory) -> Result<Recorded<TenantId>, StoreError> {
        let id = TenantId::new();
        let room = insert(self.inner, self.db, id.uuid(), new, Realm::Laboratory).map_err(|error| match error {
            StoreError::Duplicate { .. } => StoreError::Duplicate {
                field: "laboratory.slug".to_owned(),
            },
            other => other,
        })?;
        self.across(&room, |tx| found(tx, new, None))?;
        self.record(created_event(&room.laboratory), id)
    }

    /// Suspends a laboratory: from the next request on, on every node, it answers nobody. Nothing of it is lost. Or resumes it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when it is so already.
    pub fn laboratory_switch(
        &mut self,
        id: TenantId,
        seen: Option<i64>,
        reason: &str,
        suspend: bool,
    ) -> Result<Recorded<TenantId>, StoreError> {
        let (room, event) = self.switched(id, seen, reason, suspend)?;
        self.told_in(&room, event.clone())?;
        self.record(event, id)
    }

    /// The row, and the event that is still to be recorded.
    fn switched(
        &mut self,
        id: TenantId,
        seen: Option<i64>,
        reason: &str,
        suspend: bool,
    ) -> Result<(Arc<Tenant>, Event), StoreError> {
        check_lines(reason, NOTE_MAX)
            .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        let before = Laboratory::at_hand(self.db, id.uuid())?;
        if before.realm != Realm::Laboratory {
            return Err(StoreError::NotFound);
        }
        as_seen(seen, before.version)?;
        if before.suspended.is_some() == suspend {
            let state = if suspend { "suspended" } else { "open" };
            return Err(StoreError::conflict(format!("{} is {state} already", before.name)));
        }
        sql("UPDATE tenants SET suspended_at = ?, suspended_reason = ?, updated_at = ?, version = version + 1 WHERE id = ?")
            .bind(suspend.then(now))
            .bind(suspend.then_some(reason))
            .bind(now())
            .bind(id)
            .run(self.db)?;
        let room = self.inner.tenants.load(self.db, id.uuid())?;
        let action = if suspend {
            Action::LaboratorySuspended
        } else {
            Action::LaboratoryResumed
        };
        let event = Event::new(action, "laboratory", id)
            .label(&before.slug)
            .version(room.laboratory.version)
            .because(None, "other", Some(reason));
        Ok((room, event))
    }
}
