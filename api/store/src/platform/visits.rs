//! Support access, the platform's side: an operator sees their own invitations and enters by one.

use super::invitations::SupportState;
use crate::access::{RequestSource, SessionMode, SessionTokens, VISITOR, session_open_until};
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::{Event, Listing, Page, Permit, ReadTx, Recorded, Ref, ShownOnce, Store, StoreError, WriteTx, now};
use attest_domain::ids::{SessionId, SupportAccessId, UserId};
use attest_domain::{Action, may};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An invitation, as the invited operator sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupportInvitationView {
    /// Its id.
    pub id: SupportAccessId,
    /// Where it stands.
    pub state: SupportState,
    /// Which laboratory invites.
    pub laboratory: Ref,
    /// What for.
    pub reason: String,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// When you entered last.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

row! {
    struct InvitationRow {
        id: SupportAccessId,
        laboratory_id: Uuid,
        laboratory: String,
        reason: String,
        invited_at: DateTime<Utc>,
        until: DateTime<Utc>,
        entered_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
        updated_at: DateTime<Utc>,
    }
}
row! { struct PlaceRow { laboratory_id: Uuid } }
row! { struct AccessRow { user_id: UserId, operator_email: String, operator_name: String, reason: String, until: DateTime<Utc>, ended_at: Option<DateTime<Utc>> } }

impl ReadTx<'_, may::PlatformRead> {
    /// A page of the caller's own invitations, newest first.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn my_invitations(
        &mut self,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<SupportInvitationView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "support-invitations");
        let mut query = sql("SELECT i.id, i.laboratory_id, t.name, i.reason, i.invited_at, i.until, i.entered_at, i.ended_at, i.updated_at \
             FROM support_invitations i JOIN tenants t ON t.id = i.laboratory_id WHERE i.tenant_id = ? AND i.operator_id = ?")
        .bind(tenant)
        .bind(self.user());
        if let Some(since) = updated_since {
            query.push(" AND i.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND i.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY i.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<InvitationRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        Ok(listing.map(|row| SupportInvitationView {
            id: row.id,
            state: SupportState::of(row.entered_at, row.ended_at, row.until),
            laboratory: Ref {
                id: row.laboratory_id,
                name: row.laboratory,
            },
            reason: row.reason,
            invited_at: row.invited_at,
            until: row.until,
            entered_at: row.entered_at,
            ended_at: row.ended_at,
            updated_at: row.updated_at,
        }))
    }
}

impl Store {
    /// Enters a laboratory by its invitation: a session there, as what the laboratory chose, until the invitation is over.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for what is not the caller's; [`StoreError::Conflict`] when it is over.
    pub async fn support_enter(
        &self,
        permit: Permit<may::PlatformManage>,
        id: SupportAccessId,
        mode: SessionMode,
        source: RequestSource,
    ) -> Result<SessionTokens, StoreError> {
        let written = self
            .write(permit, None, move |tx| tx.support_enter(id, mode, &source))
            .await?;
        let ShownOnce((laboratory, tokens)) = written.value;
        self.inner.post.wake(laboratory);
        Ok(tokens)
    }
}

impl WriteTx<'_, may::PlatformManage> {
    fn support_enter(
        &mut self,
        id: SupportAccessId,
        mode: SessionMode,
        source: &RequestSource,
    ) -> Result<Recorded<ShownOnce<(Uuid, SessionTokens)>>, StoreError> {
        let (tenant, at) = (self.tenant(), now());
        let place =
            sql("SELECT laboratory_id FROM support_invitations WHERE tenant_id = ? AND id = ? AND operator_id = ?")
                .bind(tenant)
                .bind(id)
                .bind(self.user())
                .one::<PlaceRow>(self.db)?;
        let room = self.inner.tenants.load(self.db, place.laboratory_id)?;
        room.laboratory.open()?;
        let event = Event::new(Action::SupportEntered, "support_access", id).label(&room.laboratory.slug);
        let told = event.clone();
        let tokens = self.across(&room, |there| {
            let row = there.invitation_in_force(id)?;
            let tokens = session_open_until(there, SessionId::new(), row.user_id, mode, source, row.until)?;
            sql("UPDATE support_access SET entered_at = ?, updated_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(at)
                .bind(at)
                .bind(there.tenant())
                .bind(id)
                .run(there.db)?;
            there.mail_administrators(
                None,
                &Matter::SupportEntered {
                    operator: row.operator_name,
                    until: row.until,
                    reason: row.reason,
                },
            )?;
            let until = row.until.to_rfc3339_opts(SecondsFormat::Secs, true);
            there.also(told.set("operator", row.operator_email).set("until", until))?;
            Ok(tokens)
        })?;
        sql("UPDATE support_invitations SET entered_at = ?, updated_at = ? WHERE tenant_id = ? AND id = ?")
            .bind(at)
            .bind(at)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.record(event, ShownOnce((place.laboratory_id, tokens)))
    }
}

impl WriteTx<'_, ()> {
    /// The laboratory's own row has the last word.
    fn invitation_in_force(&mut self, id: SupportAccessId) -> Result<AccessRow, StoreError> {
        let lock = self.db.for_update().replace("UPDATE", "UPDATE OF s");
        let row = sql(format!(
            "SELECT s.user_id, s.operator_email, s.operator_name, s.reason, s.until, s.ended_at FROM support_access s \
             JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id WHERE s.tenant_id = ? AND s.id = ? AND u.kind = ?{lock}"
        ))
        .bind(self.tenant())
        .bind(id)
        .bind(VISITOR)
        .one::<AccessRow>(self.db)?;
        if row.ended_at.is_some() || row.until <= now() {
            return Err(StoreError::conflict(
                "this invitation is over; the laboratory can invite again",
            ));
        }
        Ok(row)
    }
}
