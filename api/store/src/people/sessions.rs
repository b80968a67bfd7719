//! Living sessions (ATT-16): one's own, and for administrators everybody's. What is ended is refused from the next request on.

use crate::access::session_end;
use crate::cursor::{Cursors, Position};
use crate::db::{Sql, row, sql};
use crate::{Event, Listing, Page, Permit, Person, ReadTx, Recorded, Store, StoreError, WriteTx, now};
use attest_domain::device::device;
use attest_domain::ids::{SessionId, UserId};
use attest_domain::{Action, may};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// The same in two words, such as `Firefox, Windows`, where it can be told.
    pub device: Option<String>,
    /// The session of this request.
    pub current: bool,
    /// Its screen is locked.
    pub locked: bool,
}

/// A living session of somebody in the laboratory.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserSessionView {
    /// Whose.
    pub user: Person,
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
    /// The same in two words, such as `Firefox, Windows`, where it can be told.
    pub device: Option<String>,
    /// The session of this request.
    pub current: bool,
    /// Its screen is locked.
    pub locked: bool,
}

row! {
    struct SessionRow {
        id: SessionId,
        created_at: DateTime<Utc>,
        last_seen_at: DateTime<Utc>,
        ip: Option<String>,
        user_agent: Option<String>,
        locked_at: Option<DateTime<Utc>>,
        user_id: Uuid,
        user: String,
    }
}
row! { struct OwnerRow { user_id: UserId } }

const SESSION: &str = "SELECT s.id, s.created_at, s.last_seen_at, s.ip, s.user_agent, s.locked_at, s.user_id, u.name \
     FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
     WHERE s.tenant_id = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.last_seen_at > ?";

impl<P> ReadTx<'_, P> {
    /// The question for living sessions.
    fn living(&self) -> Sql<'static> {
        let idle = TimeDelta::minutes(i64::from(self.laboratory().settings.idle_minutes));
        sql(SESSION).bind(self.tenant()).bind(now()).bind(now() - idle)
    }

    /// A page of the sessions asked for, newest first.
    fn session_page(
        &mut self,
        mut query: Sql<'_>,
        list: &str,
        renewed_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<SessionRow>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), list);
        if let Some(since) = renewed_since {
            query.push(" AND s.last_seen_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND s.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY s.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<SessionRow>(self.db)?;
        cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })
    }
}

impl SessionRow {
    fn shown(self, current: SessionId) -> SessionView {
        SessionView {
            current: self.id == current,
            id: self.id,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
            ip: self.ip,
            device: self.user_agent.as_deref().and_then(device),
            user_agent: self.user_agent,
            locked: self.locked_at.is_some(),
        }
    }

    fn shown_with_user(self, current: SessionId) -> UserSessionView {
        let user = Person {
            id: self.user_id,
            name: self.user.clone(),
        };
        let SessionView {
            id,
            created_at,
            last_seen_at,
            ip,
            user_agent,
            device,
            current,
            locked,
        } = self.shown(current);
        UserSessionView {
            user,
            id,
            created_at,
            last_seen_at,
            ip,
            user_agent,
            device,
            current,
            locked,
        }
    }
}

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
        let mut query = self.living();
        query.push(" AND s.user_id = ?").value(self.user());
        let rows = self.session_page(query, "sessions", renewed_since, page)?;
        Ok(rows.map(|row| row.shown(current)))
    }
}

impl ReadTx<'_, may::UserManage> {
    /// A page of the laboratory's living sessions, newest first.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn session_list(
        &mut self,
        current: SessionId,
        renewed_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<UserSessionView>, StoreError> {
        let query = self.living();
        let rows = self.session_page(query, "all-sessions", renewed_since, page)?;
        Ok(rows.map(|row| row.shown_with_user(current)))
    }

    /// A page of a person's living sessions, newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person; a bad cursor.
    pub fn user_session_list(
        &mut self,
        user: UserId,
        current: SessionId,
        renewed_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<SessionView>, StoreError> {
        sql("SELECT id FROM users WHERE tenant_id = ? AND id = ? AND kind = 'person'")
            .bind(self.tenant())
            .bind(user)
            .one::<OwnerRow>(self.db)?;
        let mut query = self.living();
        query.push(" AND s.user_id = ?").value(user);
        let rows = self.session_page(query, &format!("sessions/{user}"), renewed_since, page)?;
        Ok(rows.map(|row| row.shown(current)))
    }
}

impl Store {
    /// Ends all the caller's sessions but this one; how many there were.
    ///
    /// # Errors
    /// The database's.
    pub async fn my_other_sessions_end(
        &self,
        permit: Permit<may::Myself>,
        current: SessionId,
    ) -> Result<u64, StoreError> {
        let (told, ended) = std::sync::mpsc::channel();
        self.write(permit, None, move |tx| {
            let (recorded, count) = tx.my_other_sessions_end(current)?;
            let _receiver_waits = told.send(count);
            Ok(recorded)
        })
        .await?;
        Ok(ended.recv().unwrap_or_default())
    }
}

impl WriteTx<'_, may::Myself> {
    /// Ends one of the caller's own sessions.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for what is over, or somebody else's.
    pub fn my_session_end(&mut self, id: SessionId) -> Result<Recorded<()>, StoreError> {
        let tenant = self.tenant();
        let owner = self.session_owner(id)?;
        if Some(owner) != self.user() || !session_end(self.db, tenant, id, "ended by its owner")? {
            return Err(StoreError::NotFound);
        }
        self.record(Event::new(Action::SessionEnded, "session", id), ())
    }

    fn my_other_sessions_end(&mut self, current: SessionId) -> Result<(Recorded<()>, u64), StoreError> {
        let (tenant, user) = (self.tenant(), self.user());
        let ended = sql("UPDATE sessions SET ended_at = ?, ended_reason = 'ended by its owner' \
             WHERE tenant_id = ? AND user_id = ? AND id <> ? AND ended_at IS NULL")
        .bind(now())
        .bind(tenant)
        .bind(user)
        .bind(current)
        .run(self.db)?;
        let ended = u64::try_from(ended).unwrap_or(u64::MAX);
        let mine = user.map(|user| user.to_string()).unwrap_or_default();
        let event = Event::new(Action::UserSessionsEnded, "user", mine).set("count", ended);
        Ok((self.record(event, ())?, ended))
    }
}

impl WriteTx<'_, may::UserManage> {
    /// Ends one session of a person.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for what is over, or not this person's.
    pub fn user_session_end(&mut self, user: UserId, id: SessionId) -> Result<Recorded<()>, StoreError> {
        let tenant = self.tenant();
        if self.session_owner(id)? != user || !session_end(self.db, tenant, id, "ended by an administrator")? {
            return Err(StoreError::NotFound);
        }
        let event = Event::new(Action::UserSessionsEnded, "user", user).set("count", 1);
        self.record(event, ())
    }
}

impl<P> WriteTx<'_, P> {
    fn session_owner(&mut self, id: SessionId) -> Result<UserId, StoreError> {
        let owner = sql("SELECT user_id FROM sessions WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .one::<OwnerRow>(self.db)?;
        Ok(owner.user_id)
    }
}
