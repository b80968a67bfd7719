//! Support access, the laboratory's side: whom it invited, as what, for what, until when; and to end it.

use super::across::platform;
use crate::access::{VISITOR, normal_email, session_end};
use crate::check::Faults;
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::mail::Matter;
use crate::people::{SeesPeople, roles_of};
use crate::tenant::Tenant;
use crate::{
    Event, Listing, Once, Page, Permit, Person, ReadTx, Recorded, Ref, Store, StoreError, WriteTx, Written, now,
};
use attest_domain::ids::{RoleId, SessionId, SupportAccessId, UserId};
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, may, name};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest that an invitation lasts.
const HOURS_MAX: i64 = 72;

/// An invitation of the platform's support.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"operator_email": "support@provider.example", "role_ids": ["01980000-0000-7000-8000-000000000000"], "hours": 4, "reason": "Results of the ICP-MS do not arrive"}))]
pub struct NewSupportAccess {
    /// The operator, by the e-mail address with which they sign in to the platform.
    pub operator_email: String,
    /// As what. Of these roles support never gets what vouches for results, reports and people.
    pub role_ids: Vec<RoleId>,
    /// For how many hours from now, 1 to 72. Nobody can prolong it.
    pub hours: i64,
    /// What for; recorded in both ledgers.
    pub reason: String,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SupportState {
    /// Not used so far.
    Invited,
    /// Used: support may be at work.
    Entered,
    /// Ended by somebody.
    Ended,
    /// Ended by itself.
    Over,
}

impl SupportState {
    pub(super) fn of(entered_at: Option<DateTime<Utc>>, ended_at: Option<DateTime<Utc>>, until: DateTime<Utc>) -> Self {
        match (entered_at, ended_at) {
            (_, Some(_)) => Self::Ended,
            _ if until <= now() => Self::Over,
            (Some(_), None) => Self::Entered,
            (None, None) => Self::Invited,
        }
    }
}

/// An invitation, as the laboratory sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupportAccessView {
    /// Its id.
    pub id: SupportAccessId,
    /// Where it stands.
    pub state: SupportState,
    /// The operator's name, as of the invitation.
    pub operator: String,
    /// The operator's e-mail address, as of the invitation.
    pub operator_email: String,
    /// As what.
    pub roles: Vec<Ref>,
    /// What for.
    pub reason: String,
    /// Who invited.
    pub invited_by: Option<Person>,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// When support came in last.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// By whom; nobody when the platform ended it.
    pub ended_by: Option<Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// Support is in the house: told to everybody who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupportNotice {
    /// The operator's name.
    pub operator: String,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// It is you.
    pub you: bool,
}

row! {
    /// Who is in the house, until when.
    #[derive(Debug, Clone)]
    pub(crate) struct NoticeRow { pub(crate) operator_name: String, pub(crate) until: DateTime<Utc> }
}
row! {
    struct AccessRow {
        id: SupportAccessId,
        user_id: UserId,
        operator_name: String,
        operator_email: String,
        reason: String,
        invited_by: Option<Uuid>,
        inviter: Option<String>,
        invited_at: DateTime<Utc>,
        until: DateTime<Utc>,
        entered_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
        ended_by: Option<Uuid>,
        ender: Option<String>,
        updated_at: DateTime<Utc>,
    }
}
row! { struct OpenRow { user_id: UserId, operator_email: String, until: DateTime<Utc>, ended_at: Option<DateTime<Utc>> } }
row! { struct OperatorRow { id: UserId, name: String, language: String } }
row! { struct SessionRow { id: SessionId } }
row! { struct PlaceRow { id: SupportAccessId, laboratory_id: Uuid } }

const ACCESS: &str = "SELECT s.id, s.user_id, s.operator_name, s.operator_email, s.reason, s.invited_by, i.name, s.invited_at, s.until, s.entered_at, \
     s.ended_at, s.ended_by, e.name, s.updated_at FROM support_access s LEFT JOIN users i ON i.tenant_id = s.tenant_id AND i.id = s.invited_by \
     LEFT JOIN users e ON e.tenant_id = s.tenant_id AND e.id = s.ended_by WHERE s.tenant_id = ?";

/// Whether support is in the laboratory at this moment.
pub(crate) fn notice(db: &mut Db, tenant: Uuid) -> Result<Option<NoticeRow>, StoreError> {
    sql("SELECT operator_name, until FROM support_access WHERE tenant_id = ? AND entered_at IS NOT NULL AND ended_at IS NULL AND until > ? ORDER BY until DESC LIMIT 1")
        .bind(tenant)
        .bind(now())
        .first(db)
}

impl<P: SeesPeople> ReadTx<'_, P> {
    /// One invitation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn support_access(&mut self, id: SupportAccessId) -> Result<SupportAccessView, StoreError> {
        let row = sql(format!("{ACCESS} AND s.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<AccessRow>(self.db)?;
        self.invitations(vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of invitations, newest first.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn support_access_list(
        &mut self,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<SupportAccessView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "support-access");
        let mut query = sql(ACCESS).bind(tenant);
        if let Some(since) = updated_since {
            query.push(" AND s.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND s.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY s.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<AccessRow>(self.db)?;
        let Listing { items, next } = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: self.invitations(items)?,
            next,
        })
    }

    fn invitations(&mut self, rows: Vec<AccessRow>) -> Result<Vec<SupportAccessView>, StoreError> {
        let (tenant, users) = (self.tenant(), rows.iter().map(|row| row.user_id).collect::<Vec<_>>());
        let mut roles = roles_of(self.db, tenant, &users)?;
        let shown = rows.into_iter().map(|row| SupportAccessView {
            roles: roles.remove(&row.user_id).unwrap_or_default(),
            id: row.id,
            state: SupportState::of(row.entered_at, row.ended_at, row.until),
            operator: row.operator_name,
            operator_email: row.operator_email,
            reason: row.reason,
            invited_by: Person::joined(row.invited_by, row.inviter),
            invited_at: row.invited_at,
            until: row.until,
            entered_at: row.entered_at,
            ended_at: row.ended_at,
            ended_by: Person::joined(row.ended_by, row.ender),
            updated_at: row.updated_at,
        });
        Ok(shown.collect())
    }
}

impl Store {
    /// Invites somebody of the platform.
    ///
    /// # Errors
    /// [`StoreError::Faults`] and [`StoreError::Invalid`] for wrong values; 403 for roles that the actor may not give.
    pub async fn support_invite(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        new: NewSupportAccess,
    ) -> Result<Written<may::UserManage, SupportAccessId>, StoreError> {
        let written = self.write(permit, once, move |tx| tx.support_invite(&new)).await?;
        if let Some(platform) = self.platform_room().await? {
            self.inner.post.wake(platform.laboratory.id);
        }
        Ok(written)
    }
}

impl WriteTx<'_, may::UserManage> {
    fn support_invite(&mut self, new: &NewSupportAccess) -> Result<Recorded<SupportAccessId>, StoreError> {
        let email = normal_email(&new.operator_email);
        self.checked(new, &email)?;
        self.may_assign(&new.role_ids, &[], None)?;
        let (platform, operator) = self.operator_named(&email)?;
        let (tenant, id, user, at) = (self.tenant(), SupportAccessId::new(), UserId::new(), now());
        let until = at + TimeDelta::hours(new.hours);
        let support = self
            .laboratory()
            .language
            .pick("platform support", "wsparcie platformy");
        let shown = format!("{} ({support})", operator.name);
        sql("INSERT INTO users (tenant_id, id, email, name, name_key, language, password_hash, kind, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(user)
            // No address of theirs: the account has no login of its own.
            .bind(format!("{id}@support.invalid"))
            .bind(&shown)
            .bind(name::normalise(&shown))
            .bind(&operator.language)
            .bind("")
            .bind(VISITOR)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        self.roles_set(user, &new.role_ids)?;
        sql("INSERT INTO support_access (tenant_id, id, user_id, operator_id, operator_email, operator_name, reason, invited_by, invited_at, until, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(user)
            .bind(operator.id)
            .bind(&email)
            .bind(&operator.name)
            .bind(&new.reason)
            .bind(self.user())
            .bind(at)
            .bind(until)
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::SupportInvited, "support_access", id)
            .label(&self.laboratory().slug)
            .set("operator", email.as_str())
            .set("roles", self.role_names(user)?)
            .set("until", until.to_rfc3339_opts(SecondsFormat::Secs, true))
            .because(None, "other", Some(&new.reason));
        let matter = Matter::SupportInvited {
            by: self.laboratory().name.clone(),
            until,
            reason: new.reason.clone(),
        };
        self.across(&platform, |there| {
            sql("INSERT INTO support_invitations (tenant_id, id, operator_id, laboratory_id, reason, invited_at, until, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(there.tenant())
                .bind(id)
                .bind(operator.id)
                .bind(tenant)
                .bind(&new.reason)
                .bind(at)
                .bind(until)
                .bind(at)
                .run(there.db)?;
            there.mail(operator.id, matter)?;
            there.also(event.clone())
        })?;
        self.record(event, id)
    }

    fn checked(&self, new: &NewSupportAccess, email: &String) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.maybe_email("operator_email", Some(email));
        wrong.unless(
            !new.role_ids.is_empty(),
            "role_ids",
            "required",
            "name at least one role: without one support would see nothing",
        );
        wrong.unless(
            (1..=HOURS_MAX).contains(&new.hours),
            "hours",
            "range",
            format!("must be between 1 and {HOURS_MAX}"),
        );
        if let Err(refusal) = check_lines(&new.reason, NOTE_MAX) {
            wrong.say("reason", refusal.code(), refusal.to_string());
        }
        wrong.done()
    }

    /// An active operator of the platform.
    fn operator_named(&mut self, email: &str) -> Result<(Arc<Tenant>, OperatorRow), StoreError> {
        let unknown = || {
            StoreError::invalid(
                "operator_email",
                "unknown",
                "the platform has no active operator with this address",
            )
        };
        let platform = platform(self.inner, self.db)?.ok_or_else(unknown)?;
        let found = self.across(&platform, |there| {
            sql("SELECT id, name, language FROM users WHERE tenant_id = ? AND email = ? AND active = ? AND kind = 'person'")
                .bind(there.tenant())
                .bind(email)
                .bind(true)
                .first::<OperatorRow>(there.db)
        })?;
        Ok((platform, found.ok_or_else(unknown)?))
    }

    /// Ends support access now: its sessions are over with their next request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when it is over already.
    pub fn support_end(
        &mut self,
        id: SupportAccessId,
        reason: Option<&str>,
    ) -> Result<Recorded<SupportAccessId>, StoreError> {
        if let Some(reason) = reason {
            check_lines(reason, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        }
        let row = close(self, id)?.ok_or_else(|| StoreError::conflict("this support access is over already"))?;
        let mut event = Event::new(Action::SupportEnded, "support_access", id)
            .label(&self.laboratory().slug)
            .set("operator", row.operator_email);
        if reason.is_some() {
            event = event.because(None, "other", reason);
        }
        if let Some(platform) = platform(self.inner, self.db)? {
            self.across(&platform, |there| {
                invitation_ended(there, id)?;
                there.also(event.clone())
            })?;
        }
        self.record(event, id)
    }
}

/// Ends an invitation on the laboratory's side, whoever asks; nothing when it is over already.
fn close<P>(tx: &mut WriteTx<'_, P>, id: SupportAccessId) -> Result<Option<OpenRow>, StoreError> {
    let (tenant, at) = (tx.tenant(), now());
    let row = sql(format!(
        "SELECT user_id, operator_email, until, ended_at FROM support_access WHERE tenant_id = ? AND id = ?{}",
        tx.db.for_update()
    ))
    .bind(tenant)
    .bind(id)
    .one::<OpenRow>(tx.db)?;
    if row.ended_at.is_some() || row.until <= at {
        return Ok(None);
    }
    sql("UPDATE support_access SET ended_at = ?, ended_by = ?, updated_at = ? WHERE tenant_id = ? AND id = ?")
        .bind(at)
        .bind(tx.user())
        .bind(at)
        .bind(tenant)
        .bind(id)
        .run(tx.db)?;
    shut(tx, row.user_id, "support access ended")?;
    Ok(Some(row))
}

/// Shuts the account of an invitation and ends its sessions; false when it was shut before.
pub(super) fn shut<P>(tx: &mut WriteTx<'_, P>, user: UserId, why: &str) -> Result<bool, StoreError> {
    let tenant = tx.tenant();
    let open = sql("UPDATE users SET active = ?, access_version = access_version + 1, updated_at = ? WHERE tenant_id = ? AND id = ? AND active = ?")
        .bind(false)
        .bind(now())
        .bind(tenant)
        .bind(user)
        .bind(true)
        .run(tx.db)?;
    let sessions = sql("SELECT id FROM sessions WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
        .bind(tenant)
        .bind(user)
        .all::<SessionRow>(tx.db)?;
    for session in sessions {
        session_end(tx.db, tenant, session.id, why)?;
    }
    Ok(open > 0)
}

fn invitation_ended<P>(tx: &mut WriteTx<'_, P>, id: SupportAccessId) -> Result<(), StoreError> {
    let at = now();
    sql("UPDATE support_invitations SET ended_at = ?, updated_at = ? WHERE tenant_id = ? AND id = ?")
        .bind(at)
        .bind(at)
        .bind(tx.tenant())
        .bind(id)
        .run(tx.db)
        .map(|_rows| ())
}

/// Ends, from the platform's side, whatever laboratories invited an operator to.
pub(super) fn close_all_of<P>(tx: &mut WriteTx<'_, P>, operator: UserId) -> Result<(), StoreError> {
    let open = sql("SELECT id, laboratory_id FROM support_invitations WHERE tenant_id = ? AND operator_id = ? AND ended_at IS NULL AND until > ?")
        .bind(tx.tenant())
        .bind(operator)
        .bind(now())
        .all::<PlaceRow>(tx.db)?;
    for place in open {
        let room = tx.inner.tenants.load(tx.db, place.laboratory_id)?;
        let event = Event::new(Action::SupportEnded, "support_access", place.id).label(&room.laboratory.slug);
        let told = event.clone();
        let ended = tx.across(&room, |there| match close(there, place.id)? {
            Some(row) => there.also(told.set("operator", row.operator_email)).map(|()| true),
            None => Ok(false),
        })?;
        if ended {
            invitation_ended(tx, place.id)?;
            tx.also(event)?;
        }
    }
    Ok(())
}
