//! Logging in. The answer never tells which part was wrong (ATT-05), and takes the same time for everybody.

use super::floods::{Failure, GATHERED};
use super::session::{self, SessionMode, SessionTokens};
use super::{Caller, HashingLoad, RequestSource, Scope};
use crate::db::{row, sql};
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::{SessionId, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// Wrong passwords until an account waits (ATT-06).
const PATIENCE: i64 = 10;
/// The longest wait: nobody is locked out for ever.
const LONGEST_WAIT_MINUTES: i64 = 60;

/// Credentials as typed.
#[derive(Clone)]
pub struct Login {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Slug of the laboratory, needed only by those who work in several.
    pub laboratory: Option<String>,
    /// Where the session will live.
    pub mode: SessionMode,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Login(…)")
    }
}

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// Unknown person, wrong password, locked or deactivated account: not told apart.
    #[error("the e-mail address or the password is not right")]
    Credentials,
    /// The signed-in caller's own account waits after too many wrong passwords; told to nobody else.
    #[error("the account waits after too many wrong passwords")]
    Waits(DateTime<Utc>),
    /// The password was right in several laboratories: which one? (slug, name)
    #[error("this person works in several laboratories")]
    WhichLaboratory(Vec<(String, String)>),
    /// Too many at once.
    #[error(transparent)]
    Busy(#[from] HashingLoad),
    /// The database could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

row! {
    struct Account {
        tenant_id: Uuid,
        id: Uuid,
        password_hash: String,
        active: bool,
        locked_until: Option<DateTime<Utc>>,
    }
}

row! { struct Place { tenant_id: Uuid, user_id: Uuid, slug: String, name: String } }

impl Store {
    /// Logs a person in.
    ///
    /// # Errors
    /// As [`LoginRefused`].
    pub async fn login(&self, login: Login, source: RequestSource) -> Result<SessionTokens, LoginRefused> {
        let email = normal_email(&login.email);
        let places = self.inner.backend.read(None, {
            let email = email.clone();
            move |db| {
                sql("SELECT d.tenant_id, d.user_id, t.slug, t.name FROM directory d JOIN tenants t ON t.id = d.tenant_id WHERE d.email = ? ORDER BY t.slug")
                    .bind(email)
                    .all::<Place>(db)
            }
        });
        let mut places = places.await?;
        if let Some(slug) = &login.laboratory {
            places.retain(|place| place.slug == *slug);
        }
        let mut right = Vec::new();
        let mut wrong = Vec::new();
        for place in places {
            let account = self.account(&place).await?;
            let open = account.active && account.locked_until.is_none_or(|until| until <= now());
            let fits = self
                .inner
                .passwords
                .verify(&login.password, Some(&account.password_hash))
                .await?;
            if fits && open {
                right.push((place, account))
            } else {
                wrong.push(account)
            }
        }
        if right.is_empty() && wrong.is_empty() {
            self.inner.passwords.verify(&login.password, None).await?;
            self.stranger_failed(login.laboratory, source).await?;
            return Err(LoginRefused::Credentials);
        }
        if right.len() > 1 {
            return Err(LoginRefused::WhichLaboratory(
                right.into_iter().map(|(place, _)| (place.slug, place.name)).collect(),
            ));
        }
        let Some((_, account)) = right.pop() else {
            for account in wrong {
                self.login_failed(account, source.clone()).await?;
            }
            return Err(LoginRefused::Credentials);
        };
        Ok(self.login_succeeded(account, login.mode, source).await?)
    }

    /// Whether this is the caller's own password; for signatures and step-up. Counts towards the lock-out.
    ///
    /// # Errors
    /// [`LoginRefused::Waits`] while the account is locked: neither right nor wrong is told then.
    pub(crate) async fn password_fits(&self, caller: &Caller, password: &str) -> Result<bool, LoginRefused> {
        let place = Place {
            tenant_id: caller.laboratory().id,
            user_id: caller.principal().user.uuid(),
            slug: String::new(),
            name: String::new(),
        };
        let account = self.account(&place).await?;
        if let Some(until) = account.locked_until.filter(|until| *until > now()) {
            return Err(LoginRefused::Waits(until));
        }
        let fits = self
            .inner
            .passwords
            .verify(password, Some(&account.password_hash))
            .await?;
        if !fits {
            self.count_failure(&account).await?;
        }
        Ok(fits)
    }

    async fn account(&self, place: &Place) -> Result<Account, StoreError> {
        let (tenant, user) = (place.tenant_id, place.user_id);
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                sql("SELECT tenant_id, id, password_hash, active, locked_until FROM users WHERE tenant_id = ? AND id = ?")
                    .bind(tenant)
                    .bind(user)
                    .one::<Account>(db)
            })
            .await
    }

    async fn login_succeeded(
        &self,
        account: Account,
        mode: SessionMode,
        source: RequestSource,
    ) -> Result<SessionTokens, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenant = account.tenant_id;
        let tokens = self.inner.backend.write(Some(tenant), move |db| {
            let (user, session) = (UserId::from_uuid(account.id), SessionId::new());
            let room = inner.tenants.load(db, tenant)?;
            let scope = Scope::person(room, user, Some(session), source.clone());
            let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
            sql("UPDATE users SET failed_logins = 0, locked_until = NULL, last_login_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(now())
                .bind(tenant)
                .bind(user)
                .run(tx.db)?;
            let tokens = session::open(&mut tx, session, user, mode, &source)?;
            tx.also(Event::new(Action::LoginSucceeded, "user", user))?;
            Ok(tokens)
        });
        let tokens = tokens.await?;
        self.inner.sequencing.wake(tenant);
        Ok(tokens)
    }

    async fn login_failed(&self, account: Account, source: RequestSource) -> Result<(), StoreError> {
        self.count_failure(&account).await?;
        self.failed(account.tenant_id, "user", account.id, source).await
    }

    /// Nobody has this address. It is an event of the laboratory that was named, or of the only one there is; where there are
    /// several and none was named, nobody's.
    async fn stranger_failed(&self, laboratory: Option<String>, source: RequestSource) -> Result<(), StoreError> {
        row! { struct Named { id: Uuid } }
        let found = self.inner.backend.read(None, move |db| match laboratory {
            Some(slug) => sql("SELECT id FROM tenants WHERE slug = ?").bind(slug).all::<Named>(db),
            None => sql("SELECT id FROM tenants ORDER BY id LIMIT 2").all::<Named>(db),
        });
        match found.await?.as_slice() {
            [only] => self.failed(only.id, "laboratory", only.id, source).await,
            _ => Ok(()),
        }
    }

    /// Records a failed login: by the account's pseudonymous id, or the laboratory's where there is no such account. What
    /// was typed is never logged. Floods are gathered.
    async fn failed(
        &self,
        tenant: Uuid,
        tried: &'static str,
        id: Uuid,
        source: RequestSource,
    ) -> Result<(), StoreError> {
        match self.inner.floods.failure(tenant, id) {
            Failure::Counted => return Ok(()),
            Failure::FloodBegins => {
                let store = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(GATHERED).await;
                    let count = store.inner.floods.gathered(tenant, id);
                    let event = Event::new(Action::LoginFailed, tried, id).set("count", count);
                    if let Err(error) = store.failure_event(tenant, event, RequestSource::default()).await {
                        tracing::error!(%error, count, "failed logins could not be recorded");
                    }
                });
                return Ok(());
            }
            Failure::Single => {}
        }
        self.failure_event(tenant, Event::new(Action::LoginFailed, tried, id), source)
            .await
    }

    async fn failure_event(&self, tenant: Uuid, event: Event, source: RequestSource) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let recorded = self.inner.backend.write(Some(tenant), move |db| {
            let room = inner.tenants.load(db, tenant)?;
            let scope = Scope::anonymous(room, source);
            WriteTx::<()>::new(&inner, db, &scope).also(event)
        });
        recorded.await?;
        self.inner.sequencing.wake(tenant);
        Ok(())
    }

    /// One failure more; from the tenth on each makes the account wait, longer each time, an hour at most. Counted in the
    /// row itself: guesses that arrive together count each.
    async fn count_failure(&self, account: &Account) -> Result<(), StoreError> {
        row! { struct Count { failed_logins: i64 } }
        let (tenant, user) = (account.tenant_id, account.id);
        self.inner
            .backend
            .write(Some(tenant), move |db| {
                sql("UPDATE users SET failed_logins = failed_logins + 1 WHERE tenant_id = ? AND id = ?")
                    .bind(tenant)
                    .bind(user)
                    .run(db)?;
                let count = sql("SELECT failed_logins FROM users WHERE tenant_id = ? AND id = ?")
                    .bind(tenant)
                    .bind(user)
                    .one::<Count>(db)?;
                let Ok(beyond) = u32::try_from(count.failed_logins.saturating_sub(PATIENCE)) else {
                    return Ok(());
                };
                let minutes = 2i64.saturating_pow(beyond.min(6)).min(LONGEST_WAIT_MINUTES);
                sql("UPDATE users SET locked_until = ? WHERE tenant_id = ? AND id = ?")
                    .bind(now() + TimeDelta::minutes(minutes))
                    .bind(tenant)
                    .bind(user)
                    .run(db)
                    .map(|_rows| ())
            })
            .await
    }
}

/// E-mail addresses compare without case and outer blanks.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
