//! Logging in. The answer never tells which part was wrong (ATT-05), and takes the same time for everybody.

use super::familiar::Familiar;
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
use std::time::{Duration, Instant};
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
    /// What the browser keeps of those who signed in with it (`Store::browser_meets`).
    pub browser: Option<String>,
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
    /// Passwords open nothing in this laboratory; whether this one was right is not told.
    #[error("this laboratory signs in with single sign-on")]
    SignOnRequired,
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
            Self::Credentials | Self::SignOnRequired => true,
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

impl Account {
    /// After too many wrong passwords.
    pub(super) fn waits(&self) -> bool {
        self.locked_until.is_some_and(|until| until > now())
    }
}

/// How somebody at the door proved who they are.
#[derive(Clone, Copy, Default)]
pub(super) struct Proven {
    /// The second factor of ours that was shown.
    pub(super) factor: Option<Factor>,
    /// Not by a password: by the word of the laboratory's identity provider.
    pub(super) signed_on: bool,
    /// The provider asked for more than one factor.
    pub(super) several_factors: bool,
}

impl From<Option<Factor>> for Proven {
    fn from(factor: Option<Factor>) -> Self {
        Self {
            factor,
            ..Self::default()
        }
    }
}

/// Refusals are told on the beat, counted from the question: what was compared, how often and by which algorithm (imported hashes
/// have their own) does not show in the time an answer takes (ATT-05).
const BEAT: Duration = Duration::from_millis(500);

fn until_the_next_beat(taken: Duration) -> Duration {
    let into = taken.as_micros() % BEAT.as_micros();
    BEAT.saturating_sub(Duration::from_micros(u64::try_from(into).unwrap_or_default()))
}

row! { struct Place { tenant_id: Uuid, user_id: Uuid, slug: String, name: String } }

impl Store {
    /// Logs a person in.
    ///
    /// # Errors
    /// As [`LoginRefused`].
    pub async fn login(&self, login: Login, source: RequestSource) -> Result<SessionTokens, LoginRefused> {
        let begun = Instant::now();
        let outcome = self.login_tried(login, source).await;
        if outcome.as_ref().is_err_and(LoginRefused::is_failed_try) {
            tokio::time::sleep(until_the_next_beat(begun.elapsed())).await;
        }
        outcome
    }

    async fn login_tried(&self, login: Login, source: RequestSource) -> Result<SessionTokens, LoginRefused> {
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
        // Where passwords open nothing the answer is the same for everybody whose password does not, whatever is wrong with it.
        let enforced = self.sign_on_enforced(login.laboratory.as_deref()).await?;
        let refused = || match enforced {
            true => LoginRefused::SignOnRequired,
            false => LoginRefused::Credentials,
        };
        let mut right = Vec::new();
        let mut wrong = Vec::new();
        for place in places {
            let account = self.account_of(place.tenant_id, place.user_id).await?;
            let waits = account.waits();
            let open = account.active && (!waits || self.familiar_tries(&login, &account).await?);
            let fits = self
                .inner
                .passwords
                .verify(&login.password, Some(&account.password_hash))
                .await?;
            if fits && open {
                if waits {
                    self.wait_over(&account).await?;
                }
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
            return Err(refused());
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
            return Err(refused());
        };
        // Told to those who know the password, before a code is used up.
        self.room_open(account.tenant_id).await?;
        if self.password_opens_nothing(account.tenant_id, account.id).await? {
            let event = Event::new(Action::SignOnRefused, "user", account.id).set("cause", "password");
            self.failed(account.tenant_id, account.id, event, source).await?;
            return Err(LoginRefused::SignOnRequired);
        }
        let factor = self
            .factor_at_login(&account, login.otp.as_deref(), source.clone())
            .await?;
        Ok(self.login_succeeded(account, login.mode, factor, source).await?)
    }

    /// Whether the person signed in with this browser before and it has a try left, which is spent: before the password is
    /// looked at, for many may come at once, and whether it is right or not, for the second factor behind it may be guessed at.
    async fn familiar_tries(&self, login: &Login, account: &Account) -> Result<bool, StoreError> {
        match Familiar::browser(self.keyring(), login.browser.as_deref(), account.id) {
            Some(familiar) => self.tries(&familiar).await,
            None => Ok(false),
        }
    }

    /// The person is here: what strangers did no longer keeps the account waiting, but the next wrong try does again.
    async fn wait_over(&self, account: &Account) -> Result<(), StoreError> {
        let (tenant, user) = (account.tenant_id, account.id);
        let opened = self.inner.backend.write(Some(tenant), move |db| {
            sql("UPDATE users SET locked_until = NULL WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .run(db)
        });
        opened.await.map(drop)
    }

    async fn room_open(&self, tenant: Uuid) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let room = self.inner.backend.read(None, move |db| inner.tenants.load(db, tenant));
        room.await?.laboratory.open()
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
            self.count_wrong_proof(caller, &account).await?;
        }
        Ok(fits)
    }

    /// A wrong password or code of somebody signed in: counts towards the lock-out, and against the session.
    pub(super) async fn count_wrong_proof(&self, caller: &Caller, account: &Account) -> Result<(), StoreError> {
        self.tries(&Familiar::session(caller)).await?;
        if account.waits() {
            return Ok(());
        }
        self.count_failure(account).await
    }

    /// The signed-in caller's account, unless it waits and this session has had its tries.
    pub(super) async fn own_account(&self, caller: &Caller) -> Result<Account, LoginRefused> {
        let account = self
            .account_of(caller.laboratory().id, caller.principal().user.uuid())
            .await?;
        match account.locked_until.filter(|until| *until > now()) {
            Some(until) if !self.may_try(&Familiar::session(caller)).await? => Err(LoginRefused::Waits(until)),
            _ => Ok(account),
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
        proven: impl Into<Proven>,
        source: RequestSource,
    ) -> Result<SessionTokens, StoreError> {
        let inner = Arc::clone(&self.inner);
        let proven = proven.into();
        let tenant = account.tenant_id;
        let tokens = self.inner.backend.write(Some(tenant), move |db| {
            let (user, session) = (UserId::from_uuid(account.id), SessionId::new());
            let room = inner.tenants.load(db, tenant)?;
            room.laboratory.open()?;
            let mut scope = Scope::person(room, user, Some(session), source.clone());
            if proven.factor.is_some() || proven.several_factors {
                scope.actor.assurance = Assurance::Mfa;
            }
            let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
            sql("UPDATE users SET failed_logins = 0, locked_until = NULL, last_login_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(now())
                .bind(tenant)
                .bind(user)
                .run(tx.db)?;
            let tokens = session::open(&mut tx, session, user, mode, &source)?;
            tx.seen_at_work()?;
            if proven.signed_on {
                sql("UPDATE sessions SET signed_on = ? WHERE tenant_id = ? AND id = ?")
                    .bind(true)
                    .bind(tenant)
                    .bind(session)
                    .run(tx.db)?;
            }
            let event = Event::new(Action::LoginSucceeded, "user", user)
                .set("mode", proven.signed_on.then_some("sign_on"))
                .set("several_factors", proven.several_factors.then_some(true))
                .set("factor", proven.factor.map(Factor::as_str));
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
        if !account.waits() {
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
            None => sql("SELECT id FROM tenants WHERE realm = 'laboratory' ORDER BY id LIMIT 2").all::<Named>(db),
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

impl<P> WriteTx<'_, P> {
    /// Writes down, once a day, that somebody of the laboratory signed in: the platform may know that it is in use, and no more.
    fn seen_at_work(&mut self) -> Result<(), StoreError> {
        let today = now().date_naive().to_string();
        sql("UPDATE tenants SET active_on = ? WHERE id = ? AND (active_on IS NULL OR active_on < ?)")
            .bind(&today)
            .bind(self.tenant())
            .bind(&today)
            .run(self.db)
            .map(|_rows| ())
    }
}

/// E-mail addresses compare without case and outer blanks.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_on_the_beat() {
        for (taken, wait) in [(0, 500), (1, 499), (499, 1), (500, 500), (730, 270)] {
            let waited = until_the_next_beat(Duration::from_millis(taken));
            assert_eq!(waited, Duration::from_millis(wait), "{taken}");
        }
    }
}
