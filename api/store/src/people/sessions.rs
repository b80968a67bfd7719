//! One's own sessions (ATT-16).

use crate::access::session_end;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::{Event, Listing, Page, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::{Action, may};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A living session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was renewed last.
    pub last_seen_at: DateTime<Utc>,
    /// The address it came from last.
    pub ip: Option<String>,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// The session of this request.
    pub current: bool,
}

row! { struct SessionRow { id: SessionId, created_at: DateTime<Utc>, last_seen_at: DateTime<Utc>, ip: Option<String>, user_agent: Option<String> } }
row! { struct OwnerRow { user_id: UserId } }

impl ReadTx<'_, may::Myself> {
    /// A page of the caller's living sessions, newest first.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn my_sessions(
        &mut self,
        current: SessionId,
        renewed_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<SessionView>, StoreError> {
        let (tenant, user) = (self.tenant(), self.user());
        let idle = TimeDelta::minutes(i64::from(self.laboratory().settings.idle_minutes));
        let cursors = Cursors::new(self.inner, tenant, "sessions");
        let mut query = sql("SELECT id, created_at, last_seen_at, ip, user_agent FROM sessions \
             WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL AND expires_at > ? AND last_seen_at > ?")
        .bind(tenant)
        .bind(user)
        .bind(now())
        .bind(now() - idle);
        if let Some(since) = renewed_since {
            query.push(" AND last_seen_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND id < ?").value(start.id);
        }
        query
            .push(" ORDER BY id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<SessionRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        Ok(listing.map(|row| SessionView {
            current: row.id == current,
            id: row.id,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            ip: row.ip,
            user_agent: row.user_agent,
        }))
    }
}

impl WriteTx<'_, may::Myself> {
    /// Ends one of the caller's own sessions.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for what is over, or somebody else's.
    pub fn my_session_end(&mut self, id: SessionId) -> Result<Recorded<()>, StoreError> {
        let tenant = self.tenant();
        let owner = sql("SELECT user_id FROM sessions WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<OwnerRow>(self.db)?
            .user_id;
        if Some(owner) != self.user() || !session_end(self.db, tenant, id, "ended by its owner")? {
            return Err(StoreError::NotFound);
        }
        self.record(Event::new(Action::SessionEnded, "session", id), ())
    }
}
