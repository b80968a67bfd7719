//! Accounts that wait after too many wrong passwords, longer each time (ATT-06). The person and the administrators are told.

use super::Scope;
use crate::db::{Db, row, sql};
use crate::mail::Matter;
use crate::store::Inner;
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// The longest wait: nobody is locked out for ever. Who cannot wait asks for a one-time link, which opens the account.
const LONGEST_WAIT_MINUTES: i64 = 60;

row! { struct CountRow { failed_logins: i64 } }
row! { struct PersonRow { name: String, email: String } }

impl Store {
    /// One failure more. From as many as the policy allows on, each makes the account wait. Counted in the row itself: guesses
    /// that arrive together count each.
    pub(super) async fn failure_counted(&self, tenant: Uuid, user: Uuid) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let told = self.inner.backend.write(Some(tenant), move |db| {
            sql("UPDATE users SET failed_logins = failed_logins + 1 WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .run(db)?;
            let count = sql("SELECT failed_logins FROM users WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .one::<CountRow>(db)?;
            let room = inner.tenants.load(db, tenant)?;
            let patience = i64::from(room.laboratory.settings.password.lockout_after);
            let Ok(beyond) = u32::try_from(count.failed_logins.saturating_sub(patience)) else {
                return Ok(false);
            };
            let minutes = 2i64.saturating_pow(beyond.min(6)).min(LONGEST_WAIT_MINUTES);
            let until = now() + TimeDelta::minutes(minutes);
            sql("UPDATE users SET locked_until = ? WHERE tenant_id = ? AND id = ?")
                .bind(until)
                .bind(tenant)
                .bind(user)
                .run(db)?;
            // Once until somebody gets in again: whoever guesses on must not fill mailboxes.
            if beyond == 0 {
                let scope = Scope::system(room, "lock-out");
                tell(&inner, db, &scope, UserId::from_uuid(user), until)?;
            }
            Ok(beyond == 0)
        });
        if told.await? {
            self.inner.sequencing.wake(tenant);
            self.inner.post.wake(tenant);
        }
        Ok(())
    }
}

fn tell(inner: &Inner, db: &mut Db, scope: &Scope, user: UserId, until: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx: WriteTx<'_, ()> = WriteTx::new(inner, db, scope);
    let tenant = tx.tenant();
    let person = sql("SELECT name, email FROM users WHERE tenant_id = ? AND id = ?")
        .bind(tenant)
        .bind(user)
        .one::<PersonRow>(tx.db)?;
    let matter = Matter::AccountOfWaits {
        name: person.name,
        email: person.email,
        until,
    };
    tx.mail(user, Matter::AccountWaits { until })?;
    tx.mail_administrators(Some(user), &matter)?;
    tx.also(Event::new(Action::UserLocked, "user", user))
}
