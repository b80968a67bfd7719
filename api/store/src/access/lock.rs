//! Locked screens (ATT-14). At a shared workstation a person locks the screen and stays signed in: nothing is open to the
//! session, on the server and not only on the screen, until the same person unlocks it.

use super::second_factor::Shown;
use super::session::end;
use super::{Caller, Confirmation, LoginRefused};
use crate::db::{row, sql};
use crate::{Event, HashingLoad, Permit, Store, StoreError, now};
use attest_domain::ids::SessionId;
use attest_domain::{Action, may};
use serde_json::Value;
use uuid::Uuid;

/// Wrong PINs that end the session.
const PATIENCE: i64 = 5;

/// What a screen is unlocked with.
#[derive(Clone)]
pub enum Key {
    /// The person's PIN.
    Pin(String),
    /// The person's password.
    Password(String),
    /// A passkey's answer to the session's challenge.
    Passkey(Value),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pin(_) => write!(out, "Pin(…)"),
            Self::Password(_) => write!(out, "Password(…)"),
            Self::Passkey(_) => write!(out, "Passkey(…)"),
        }
    }
}

/// Why a screen stays locked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockRefused {
    /// The PIN is wrong; so many tries are left.
    #[error("the PIN is not right")]
    Wrong(i64),
    /// It was wrong once too often: the session is over.
    #[error("the session was ended")]
    Ended,
    /// The password is wrong, or the account waits.
    #[error(transparent)]
    Password(#[from] LoginRefused),
}

impl From<StoreError> for UnlockRefused {
    fn from(error: StoreError) -> Self {
        Self::Password(LoginRefused::Store(error))
    }
}

impl From<HashingLoad> for UnlockRefused {
    fn from(load: HashingLoad) -> Self {
        Self::Password(LoginRefused::Busy(load))
    }
}

row! { struct TriesRow { unlock_failures: i64 } }
row! { struct PinRow { pin_hash: Option<String> } }

impl Store {
    /// Locks the session's screen; whatever was confirmed is confirmed no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock(&self, permit: Permit<may::AtTheDoor>, session: SessionId) -> Result<(), StoreError> {
        self.write(permit, None, move |tx| {
            sql("UPDATE sessions SET locked_at = COALESCE(locked_at, ?), step_up_until = NULL WHERE tenant_id = ? AND id = ?")
                .bind(now())
                .bind(tx.tenant())
                .bind(session)
                .run(tx.db)?;
            tx.record(Event::new(Action::SessionLocked, "session", session), ())
        })
        .await
        .map(|_written| ())
    }

    /// Unlocks the session's screen.
    ///
    /// # Errors
    /// [`UnlockRefused`]; [`StoreError::Conflict`] when it is not locked, or there is no PIN.
    pub async fn unlock(&self, caller: &Caller, permit: Permit<may::AtTheDoor>, key: Key) -> Result<(), UnlockRefused> {
        if !caller.principal().locked {
            return Err(StoreError::conflict("the screen is not locked").into());
        }
        let session = caller.principal().session;
        let method = self.opens(caller, key).await?;
        self.write(permit, None, move |tx| {
            sql("UPDATE sessions SET locked_at = NULL, unlock_failures = 0 WHERE tenant_id = ? AND id = ?")
                .bind(tx.tenant())
                .bind(session)
                .run(tx.db)?;
            tx.record(
                Event::new(Action::SessionUnlocked, "session", session).set("method", method),
                (),
            )
        })
        .await?;
        Ok(())
    }

    /// With what the caller opens their locked session. What is wrong is recorded; wrong PINs are counted to the end of the
    /// session, wrong passwords to the lock-out of the account.
    pub(super) async fn opens(&self, caller: &Caller, key: Key) -> Result<&'static str, UnlockRefused> {
        match key {
            Key::Password(password) => {
                if !self.password_fits(caller, &password).await? {
                    self.unlock_failed(caller, false).await?;
                    return Err(LoginRefused::Credentials.into());
                }
                Ok("password")
            }
            Key::Passkey(answer) => {
                let shown = Confirmation::Factor(Shown::Passkey(answer));
                let Some(method) = self.confirms(caller, &shown).await? else {
                    self.unlock_failed(caller, false).await?;
                    return Err(LoginRefused::Credentials.into());
                };
                Ok(method)
            }
            Key::Pin(pin) => {
                let hash = self.pin_hash(caller).await?;
                let left = self.pin_tried(caller).await?;
                if !self.inner.passwords.verify(&pin, Some(&hash)).await? {
                    self.unlock_failed(caller, left == 0).await?;
                    return Err(if left == 0 {
                        UnlockRefused::Ended
                    } else {
                        UnlockRefused::Wrong(left)
                    });
                }
                Ok("pin")
            }
        }
    }

    /// Counts a try before it is looked at, so that guesses which arrive together are not more than those that are left.
    async fn pin_tried(&self, caller: &Caller) -> Result<i64, UnlockRefused> {
        let (tenant, session) = (caller.laboratory().id, caller.principal().session);
        let tried = self.inner.backend.write(Some(tenant), move |db| {
            let counted = sql("UPDATE sessions SET unlock_failures = unlock_failures + 1 WHERE tenant_id = ? AND id = ? AND unlock_failures < ?")
                .bind(tenant)
                .bind(session)
                .bind(PATIENCE)
                .run(db)?;
            if counted == 0 {
                return Ok(None);
            }
            let row = sql("SELECT unlock_failures FROM sessions WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(session)
                .one::<TriesRow>(db)?;
            Ok(Some(PATIENCE.saturating_sub(row.unlock_failures)))
        });
        tried.await?.ok_or(UnlockRefused::Ended)
    }

    async fn pin_hash(&self, caller: &Caller) -> Result<String, UnlockRefused> {
        let (tenant, user): (Uuid, Uuid) = (caller.laboratory().id, caller.principal().user.uuid());
        let kept = self.inner.backend.read(Some(tenant), move |db| {
            sql("SELECT pin_hash FROM users WHERE tenant_id = ? AND id = ?")
                .bind(tenant)
                .bind(user)
                .one::<PinRow>(db)
        });
        let missing = || StoreError::conflict("you have set no PIN: unlock with your password").into();
        kept.await?.pin_hash.ok_or_else(missing)
    }

    async fn unlock_failed(&self, caller: &Caller, last: bool) -> Result<(), StoreError> {
        let session = caller.principal().session;
        let permit = caller.permit::<may::AtTheDoor>().map_err(StoreError::broken)?;
        self.write(permit, None, move |tx| {
            if last {
                let tenant = tx.tenant();
                end(tx.db, tenant, session, "too many wrong PINs")?;
                tx.also(Event::new(Action::SessionEnded, "session", session))?;
            }
            tx.record(Event::new(Action::SessionUnlockFailed, "session", session), ())
        })
        .await
        .map(|_written| ())
    }
}
