//! Deactivating, reactivating, ending sessions, a new password: each counts on the person's next request (ATT-15).

use crate::db::{row, sql};
use crate::{Event, Once, Permit, Recorded, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::UserId;
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, may};

row! { struct StateRow { email: String, name: String, active: bool, version: i64 } }

impl Store {
    /// Gives a user a new password and ends the user's sessions; a waiting account may try again at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Invalid`] for a password that the policy refuses.
    pub async fn user_reset_password(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        id: UserId,
        seen: Option<i64>,
        plain: String,
    ) -> Result<Written<may::UserManage, UserId>, StoreError> {
        let tenant = permit.scope().tenant.laboratory.id;
        let email = self
            .inner
            .backend
            .read(Some(tenant), move |db| {
                sql("SELECT email, name, active, version FROM users WHERE tenant_id = ? AND id = ?")
                    .bind(tenant)
                    .bind(id)
                    .one::<StateRow>(db)
            })
            .await?
            .email;
        let hash = self.new_password(&plain, &email).await?;
        self.write(permit, once, move |tx| {
            let row = tx.user_state(id, seen)?;
            let version = row.version.saturating_add(1);
            sql("UPDATE users SET password_hash = ?, failed_logins = 0, locked_until = NULL, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
                .bind(hash)
                .bind(now())
                .bind(version)
                .bind(tenant)
                .bind(id)
                .run(tx.db)?;
            tx.user_sign_out(id, "password changed")?;
            tx.record(Event::new(Action::UserPasswordChanged, "user", id).version(version), id)
        })
        .await
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

    fn user_state(&mut self, id: UserId, seen: Option<i64>) -> Result<StateRow, StoreError> {
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT email, name, active, version FROM users WHERE tenant_id = ? AND id = ?{}",
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
