//! Logging in. The answer never tells which part was wrong (ATT-05), and takes the same time for everybody.

use super::floods::{Failure, GATHERED};
use super::second_factor::FactorNeeded;
use super::session::{self, SessionMode, SessionTokens};
use super::{Caller, HashingLoad, RequestSource, Scope};
use crate::db::{row, sql};
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::identity::Factor;
use attest_domain::ids::{SessionId, UserId};
use attest_ledger::entry::Assurance;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

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
    /// One-time or recovery code, for those who have a second factor.
    pub otp: Option<String>,
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
    /// The password was right; a second factor completes the login.
    #[error("a second factor is needed")]
    SecondFactor(FactorNeeded),
    /// The signed-in caller has a second factor and must show it here.
    #[error("the second factor is needed here")]
    FactorMissing(Vec<Factor>),
    /// Too many at once.
    #[error(transparent)]
    Busy(#[from] HashingLoad),
    /// The database could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LoginRefused {
    /// Something wrong was shown: counts against the address it came from. To be asked for a second factor is no failure.
    pub fn is_failed_try(&self) -> bool {
        match self {
            Self::Credentials => true,
            Self::SecondFactor(needed) => needed.wrong,
            _ => false,
        }
    }
}

row! {
    pub(super) struct Account {
        pub(super) tenant_id: Uuid,
        pub(super) id: Uuid,
        pub(super) password_hash: String,
        pub(super) active: bool,
        pub(super) locked_until: Option<DateTime<Utc>>,
        pub(super) has_second_factor: bool,
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
            let account = self.account_of(place.tenant_id, place.user_id).await?;
            let open = account.active && account.locked_until.is_none_or(|until| until <= now());
            let fits = self
                .inner
                .passwords
                .verify(&login.password, Some(&account.password_hash))
                .await?;
            if fits && open {
                self.hash_renewed(place.tenant_id, place.user_id, &account.password_hash, &login.password)
                    .await;
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
                self.login_failed(&account, source.clone()).await?;
            }
            return Err(LoginRefused::Credentials);
        };
        let factor = self
            .factor_at_login(&account, login.otp.as_deref(), source.clone())
            .await?;
        Ok(self.login_succeeded(account, login.mode, factor, source).await?)
    }

    /// Whether this is the caller's own password; for signatures and step-up. Counts towards the lock-out.
    ///
    /// # Errors
    /// [`LoginRefused::Waits`] while the account is locked: neither right nor wrong is told then.
    pub(crate) async fn password_fits(&self, caller: &Caller, password: &str) -> Result<bool, LoginRefused> {
        let account = self.own_account(caller).await?;
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

    /// The signed-in caller's account, unless it waits.
    pub(super) async fn own_account(&self, caller: &Caller) -> Result<Account, LoginRefused> {
        let account = self
            .account_of(caller.laboratory().id, caller.principal().user.uuid())
            .await?;
        match account.locked_until.filter(|until| *until > now()) {
            Some(until) => Err(LoginRefused::Waits(until)),
            None => Ok(account),
        }
    }

    pub(super) async fn account_of(&self, tenant: Uuid, user: Uuid) -> Result<Account, StoreError> {
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                sql("SELECT tenant_id, id, password_hash, active, locked_until, has_second_factor FROM users WHERE tenant_id = ? AND id = ?")
                    .bind(tenant)
                    .bind(user)
                    .one::<Account>(db)
            })
            .await
    }

    pub(super) async fn login_succeeded(
        &self,
        account: Account,
        mode: SessionMode,
        factor: Option<Factor>,
        source: RequestSource,
    ) -> Result<SessionTokens, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenant = account.tenant_id;
        let tokens = self.inner.backend.write(Some(tenant), move |db| {
            let (user, session) = (UserId::from_uuid(account.id), SessionId::new());
            let room = inner.tenants.load(db, tenant)?;
            let mut scope = Scope::person(room, user, Some(session), source.clone());
            if factor.is_some() {
                scope.actor.assurance = Assurance::Mfa;
            }
            let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
            sql("UPDATE users SET failed_logins = 0, locked_until = NULL, last_login_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(now())
                .bind(tenant)
                .bind(user)
                .run(tx.db)?;
            let tokens = session::open(&mut tx, session, user, mode, &source)?;
            let event = Event::new(Action::LoginSucceeded, "user", user).set("factor", factor.map(Factor::as_str));
            tx.also(event)?;
            Ok(tokens)
        });
        let tokens = tokens.await?;
        self.inner.sequencing.wake(tenant);
        Ok(tokens)
    }

    /// Tries while the account waits are recorded and not counted: else whoever guesses on would make it wait for ever, and
    /// the person's own right password would make it wait longer (ATT-06).
    pub(super) async fn login_failed(&self, account: &Account, source: RequestSource) -> Result<(), StoreError> {
        if account.locked_until.is_none_or(|until| until <= now()) {
            self.count_failure(account).await?;
        }
        let event = Event::new(Action::LoginFailed, "user", account.id);
        self.failed(account.tenant_id, account.id, event, source).await
    }

    /// A wrong password, or a wrong code of a second factor.
    pub(super) async fn count_failure(&self, account: &Account) -> Result<(), StoreError> {
        self.failure_counted(account.tenant_id, account.id).await
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
            [only] => {
                let event = Event::new(Action::LoginFailed, "laboratory", only.id);
                self.failed(only.id, only.id, event, source).await
            }
            _ => Ok(()),
        }
    }

    /// Records that somebody did not get in: by the account's pseudonymous id, or the laboratory's where there is no such
    /// account. What was typed is never logged. Floods at one account are gathered.
    pub(super) async fn failed(
        &self,
        tenant: Uuid,
        tried: Uuid,
        event: Event,
        source: RequestSource,
    ) -> Result<(), StoreError> {
        match self.inner.floods.failure(tenant, tried) {
            Failure::Counted => return Ok(()),
            Failure::FloodBegins => {
                let store = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(GATHERED).await;
                    let count = store.inner.floods.gathered(tenant, tried);
                    let event = event.set("count", count);
                    if let Err(error) = store.failure_event(tenant, event, RequestSource::default()).await {
                        tracing::error!(%error, count, "failed logins could not be recorded");
                    }
                });
                return Ok(());
            }
            Failure::Single => {}
        }
        self.failure_event(tenant, event, source).await
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
}

/// E-mail addresses compare without case and outer blanks.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
