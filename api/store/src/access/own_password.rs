//! A person's own password: changed with the present one, tried out before, made again when its hash is of yesterday.

use super::policy::own_words;
use super::{Caller, LoginRefused, PasswordVerdict};
use crate::access::history::PasswordSet;
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::{Event, Store, StoreError, now};
use attest_domain::ids::UserId;
use attest_domain::{Action, may};
use uuid::Uuid;

row! { struct HashRow { password_hash: String } }

impl Store {
    /// Changes the caller's password and ends all their other sessions.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when the present password is not right, which counts towards the lock-out;
    /// [`LoginRefused::Waits`]; [`StoreError::Faults`] with everything that is wrong with the new one.
    pub async fn password_change(&self, caller: &Caller, present: &str, plain: &str) -> Result<(), LoginRefused> {
        if !self.password_fits(caller, present).await? {
            let session = caller.principal().session;
            self.write(caller.on_record(), None, move |tx| {
                tx.record(Event::new(Action::StepUpFailed, "session", session), ())
            })
            .await?;
            return Err(LoginRefused::Credentials);
        }
        let (tenant, user) = (caller.laboratory().id, caller.principal().user);
        let policy = &caller.laboratory().settings.password;
        let mut verdict = self.password_tried(caller, plain).await?;
        verdict
            .refusals
            .extend(self.password_reused(tenant, user, policy, plain).await?);
        verdict.accepted("new_password", caller.principal().language)?;
        let set = PasswordSet {
            user,
            before: self.password_hash(tenant, user).await?,
            after: self.inner.passwords.hash(plain).await?,
        };
        let session = caller.principal().session;
        let permit = caller
            .permit::<may::Myself>()
            .map_err(|_lost| LoginRefused::Credentials)?;
        self.write(permit, None, move |tx| {
            let version = tx.password_set(&set)?;
            sql("UPDATE sessions SET ended_at = ?, ended_reason = 'password changed' WHERE tenant_id = ? AND user_id = ? AND id <> ? AND ended_at IS NULL")
                .bind(now())
                .bind(tenant)
                .bind(user)
                .bind(session)
                .run(tx.db)?;
            tx.mail(user, Matter::PasswordChanged { at: now() })?;
            tx.record(Event::new(Action::UserPasswordChanged, "user", user).version(version), ())
        })
        .await?;
        self.inner.post.wake(tenant);
        Ok(())
    }

    /// What would be said about this password if the caller chose it; the history is not asked. Nothing is stored.
    ///
    /// # Errors
    /// [`StoreError::Overloaded`]; the database's.
    pub async fn password_tried(&self, caller: &Caller, plain: &str) -> Result<PasswordVerdict, StoreError> {
        let account = self.my_account(caller).await?;
        let laboratory = caller.laboratory();
        let own = own_words(laboratory, &account.email, &account.name);
        self.password_verdict(&laboratory.settings.password, own, plain).await
    }

    pub(super) async fn password_hash(&self, tenant: Uuid, user: UserId) -> Result<String, StoreError> {
        let row = self.inner.backend.read(Some(tenant), move |db| {
            sql("SELECT password_hash FROM users WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .one::<HashRow>(db)
        });
        Ok(row.await?.password_hash)
    }

    /// Makes a hash again that another system made, or that is easier than today's (ATT-04). Nobody waits for it in vain:
    /// what fails now is done at the next login.
    pub(super) async fn hash_renewed(&self, tenant: Uuid, user: Uuid, stored: &str, plain: &str) {
        if !self.inner.passwords.outdated(stored) {
            return;
        }
        let renewed = async {
            let (before, after) = (stored.to_owned(), self.inner.passwords.hash(plain).await?);
            self.inner
                .backend
                .write(Some(tenant), move |db| {
                    sql("UPDATE users SET password_hash = ? WHERE tenant_id = ? AND id = ? AND password_hash = ?")
                        .bind(after)
                        .bind(tenant)
                        .bind(user)
                        .bind(before)
                        .run(db)
                })
                .await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, "a password's hash could not be renewed");
        }
    }
}
