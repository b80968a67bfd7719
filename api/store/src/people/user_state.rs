//! Deactivating, reactivating, ending sessions: each counts on the person's next request (ATT-15). A new password is the
//! person's own choice: an administrator has a link sent to them (ATT-08).

use crate::db::{row, sql};
use crate::mail::Matter;
use crate::{Event, Once, Permit, ReadTx, Recorded, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::UserId;
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, may};
use chrono::{DateTime, Utc};
use uuid::Uuid;

row! { struct StateRow { name: String, active: bool, invited: bool, version: i64 } }
row! { struct ExpiryRow { expires_at: DateTime<Utc> } }

impl Store {
    /// Sends a person a link to choose a password (ATT-08): a new one, or their first while they have none. The link's row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] for a person who may not sign in, and for an
    /// invitation of somebody who has a password.
    pub async fn user_send_link(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        id: UserId,
        seen: Option<i64>,
        invitation: bool,
    ) -> Result<Written<may::UserManage, Vec<Uuid>>, StoreError> {
        let tenant = permit.scope().tenant.laboratory.id;
        let written = self
            .write(permit, once, move |tx| {
                let row = tx.user_state(id, seen)?;
                if invitation && !row.invited {
                    return Err(StoreError::conflict(format!(
                        "{} has a password; start a reset instead",
                        row.name
                    )));
                }
                let link = tx.link_send(id)?;
                tx.recorded(vec![link])
            })
            .await?;
        self.inner.post.wake(tenant);
        Ok(written)
    }
}

impl Store {
    /// Removes a person's second factors and tells them; see [`WriteTx::user_forget_second_factors`].
    ///
    /// # Errors
    /// As there.
    pub async fn user_reset_second_factor(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        id: UserId,
        seen: Option<i64>,
        reason: String,
    ) -> Result<Written<may::UserManage, UserId>, StoreError> {
        let tenant = permit.scope().tenant.laboratory.id;
        let written = self
            .write(permit, once, move |tx| tx.user_forget_second_factors(id, seen, &reason))
            .await?;
        self.inner.post.wake(tenant);
        Ok(written)
    }
}

impl ReadTx<'_, may::UserManage> {
    /// How long a link that was sent works.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn link_expiry(&mut self, link: Uuid) -> Result<DateTime<Utc>, StoreError> {
        let row = sql("SELECT expires_at FROM one_time_tokens WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(link)
            .one::<ExpiryRow>(self.db)?;
        Ok(row.expires_at)
    }
}

impl WriteTx<'_, may::UserManage> {
    /// Shuts a person out: no login, no living session.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when already inactive or the last administrator.
    pub fn user_deactivate(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<UserId>, StoreError> {
        self.user_switch(id, seen, reason, false)
    }

    /// Lets a person in again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when already active.
    pub fn user_reactivate(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<UserId>, StoreError> {
        self.user_switch(id, seen, reason, true)
    }

    fn user_switch(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
        active: bool,
    ) -> Result<Recorded<UserId>, StoreError> {
        check_lines(reason, NOTE_MAX)
            .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        self.people_locked()?;
        let row = self.user_state(id, seen)?;
        if row.active == active {
            return Err(StoreError::conflict(format!(
                "{} is {} already",
                row.name,
                if active { "active" } else { "inactive" }
            )));
        }
        let (tenant, version) = (self.tenant(), row.version.saturating_add(1));
        sql("UPDATE users SET active = ?, access_version = access_version + 1, failed_logins = 0, locked_until = NULL, updated_at = ?, version = ? \
             WHERE tenant_id = ? AND id = ?")
        .bind(active)
        .bind(now())
        .bind(version)
        .bind(tenant)
        .bind(id)
        .run(self.db)?;
        let action = if active {
            Action::UserReactivated
        } else {
            self.an_administrator_stays()?;
            self.user_sign_out(id, "deactivated")?;
            Action::UserDeactivated
        };
        let event = Event::new(action, "user", id)
            .version(version)
            .change("active", row.active, active);
        self.record(event.because(None, "other", Some(reason)), id)
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn user_end_sessions(&mut self, id: UserId) -> Result<Recorded<UserId>, StoreError> {
        self.user_state(id, None)?;
        let ended = self.user_sign_out(id, "ended by an administrator")?;
        let event =
            Event::new(Action::UserSessionsEnded, "user", id).set("count", u64::try_from(ended).unwrap_or(u64::MAX));
        self.record(event, id)
    }

    /// Removes every second factor of a person who lost theirs. Sessions end, and the person is told: a new factor is set up at
    /// the next login where a role asks for one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when there is none.
    pub fn user_forget_second_factors(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
    ) -> Result<Recorded<UserId>, StoreError> {
        row! { struct HasRow { has_second_factor: bool } }
        check_lines(reason, NOTE_MAX)
            .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        let (tenant, row) = (self.tenant(), self.user_state(id, seen)?);
        let has = sql("SELECT has_second_factor FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<HasRow>(self.db)?
            .has_second_factor;
        if !has {
            return Err(StoreError::conflict(format!("{} has no second factor", row.name)));
        }
        self.factors_forget(id)?;
        self.user_sign_out(id, "second factors removed")?;
        self.mail(id, Matter::SecondFactorsRemoved { at: now() })?;
        let event = Event::new(Action::UserSecondFactorReset, "user", id).version(row.version.saturating_add(1));
        self.record(event.because(None, "other", Some(reason)), id)
    }

    fn user_state(&mut self, id: UserId, seen: Option<i64>) -> Result<StateRow, StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT name, active, password_hash = '', version FROM users WHERE tenant_id = ? AND id = ? AND kind = 'person'{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(id)
        .one::<StateRow>(self.db)?;
        match seen {
            Some(expected) if expected != row.version => Err(StoreError::Stale {
                expected,
                found: row.version,
            }),
            _ => Ok(row),
        }
    }

    fn user_sign_out(&mut self, id: UserId, why: &str) -> Result<usize, StoreError> {
        let tenant = self.tenant();
        sql("UPDATE sessions SET ended_at = ?, ended_reason = ? WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
            .bind(now())
            .bind(why)
            .bind(tenant)
            .bind(id)
            .run(self.db)
    }
}
