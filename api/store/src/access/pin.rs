//! The PIN that unlocks one's own screen: set with the password, kept as a slow hash.

use super::{Caller, LoginRefused};
use crate::db::sql;
use crate::{Event, Permit, Store, StoreError, WriteTx};
use attest_domain::{Action, may, pin};

impl Store {
    /// Sets the caller's PIN, or replaces it.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when the password is wrong; [`StoreError::Invalid`] for a PIN that anybody would guess.
    pub async fn pin_set(&self, caller: &Caller, pin: &str, password: &str) -> Result<(), LoginRefused> {
        pin::check(pin).map_err(|refusal| StoreError::invalid("pin", refusal.code(), refusal.to_string()))?;
        self.confirm_password(caller, password).await?;
        let hash = self.inner.passwords.hash(pin).await?;
        let permit = caller.permit::<may::Myself>().map_err(StoreError::broken)?;
        self.write(permit, None, move |tx| {
            tx.pin_write(Some(hash))?;
            tx.record(Event::new(Action::PinSet, "user", tx.me()), ())
        })
        .await?;
        Ok(())
    }

    /// Removes the caller's PIN: from then on only the password unlocks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn pin_remove(&self, permit: Permit<may::Myself>) -> Result<(), StoreError> {
        self.write(permit, None, move |tx| {
            if tx.pin_write(None)? == 0 {
                return Err(StoreError::NotFound);
            }
            tx.record(Event::new(Action::PinRemoved, "user", tx.me()), ())
        })
        .await
        .map(|_written| ())
    }
}

impl WriteTx<'_, may::Myself> {
    fn me(&self) -> String {
        self.user().map(|user| user.to_string()).unwrap_or_default()
    }

    fn pin_write(&mut self, hash: Option<String>) -> Result<usize, StoreError> {
        let (tenant, user) = (self.tenant(), self.user());
        let unchanged = if hash.is_none() {
            " AND pin_hash IS NOT NULL"
        } else {
            ""
        };
        sql(format!(
            "UPDATE users SET pin_hash = ? WHERE tenant_id = ? AND id = ?{unchanged}"
        ))
        .bind(hash)
        .bind(tenant)
        .bind(user)
        .run(self.db)
    }
}
