//! Passwords over time: the last ones are kept as hashes, so that none of them is chosen again (ATT-03).

use crate::db::{row, sql};
use crate::tx::WriteTx;
use crate::{Store, StoreError, now};
use attest_domain::ids::UserId;
use attest_domain::password::{PasswordPolicy, PasswordRefusal};
use uuid::Uuid;

/// A change of somebody's password, as it is written.
pub(crate) struct PasswordSet {
    /// Whose.
    pub(crate) user: UserId,
    /// The hash that was looked at when the new one was accepted; another one by now means that somebody was faster.
    pub(crate) before: String,
    /// The new hash.
    pub(crate) after: String,
}

row! { struct HashRow { password_hash: String } }

impl Store {
    /// Whether the password is the present one or one of the last. Each is verified as at a login: a faster way to compare
    /// would be a faster way to guess. The work takes its turns with the logins.
    pub(crate) async fn password_reused(
        &self,
        tenant: Uuid,
        user: UserId,
        policy: &PasswordPolicy,
        plain: &str,
    ) -> Result<Option<PasswordRefusal>, StoreError> {
        // A change always changes something, also where no history is kept.
        let last = policy.history.max(1);
        let hashes = self.inner.backend.read(Some(tenant), move |db| {
            let mut hashes = sql("SELECT password_hash FROM users WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .all::<HashRow>(db)?;
            hashes.extend(
                sql("SELECT password_hash FROM password_history WHERE tenant_id = ? AND user_id = ? ORDER BY id DESC LIMIT ?")
                    .bind(tenant)
                    .bind(user)
                    .bind(i64::from(last.saturating_sub(1)))
                    .all::<HashRow>(db)?,
            );
            Ok(hashes)
        });
        for row in hashes.await? {
            if self.inner.passwords.verify(plain, Some(&row.password_hash)).await? {
                return Ok(Some(PasswordRefusal::Reused { last }));
            }
        }
        Ok(None)
    }
}

impl<P> WriteTx<'_, P> {
    /// Gives somebody the password they chose: the old one goes into the history, open links end, a waiting account is open
    /// again. The user's new version.
    pub(crate) fn password_set(&mut self, set: &PasswordSet) -> Result<i64, StoreError> {
        row! { struct VersionRow { version: i64 } }
        let (tenant, at) = (self.tenant(), now());
        let changed = sql("UPDATE users SET password_hash = ?, must_change_password = ?, failed_logins = 0, locked_until = NULL, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ? AND password_hash = ?")
            .bind(&set.after)
            .bind(false)
            .bind(at)
            .bind(tenant)
            .bind(set.user)
            .bind(&set.before)
            .run(self.db)?;
        if changed != 1 {
            return Err(StoreError::conflict(
                "the password was changed a moment ago by another request",
            ));
        }
        if !set.before.is_empty() {
            sql("INSERT INTO password_history (tenant_id, id, user_id, password_hash, replaced_at) VALUES (?, ?, ?, ?, ?)")
                .bind(tenant)
                .bind(Uuid::now_v7())
                .bind(set.user)
                .bind(&set.before)
                .bind(at)
                .run(self.db)?;
        }
        // The present password is the first of the last ones; what the policy does not ask for is not kept.
        let kept = self.laboratory().settings.password.history.saturating_sub(1);
        sql(
            "DELETE FROM password_history WHERE tenant_id = ? AND user_id = ? AND id NOT IN \
             (SELECT id FROM password_history WHERE tenant_id = ? AND user_id = ? ORDER BY id DESC LIMIT ?)",
        )
        .bind(tenant)
        .bind(set.user)
        .bind(tenant)
        .bind(set.user)
        .bind(i64::from(kept))
        .run(self.db)?;
        self.links_end(set.user)?;
        let row = sql("SELECT version FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(set.user)
            .one::<VersionRow>(self.db)?;
        Ok(row.version)
    }
}
