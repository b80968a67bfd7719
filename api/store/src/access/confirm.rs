//! Proving once more who one is, for a single act: an electronic signature.

use super::{Caller, LoginRefused};
use crate::{Event, Store};
use attest_domain::{Action, may};

impl Store {
    /// Whether this is the caller's own password. A wrong one is recorded and counts towards the lock-out.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when it is not; [`LoginRefused::Busy`].
    pub async fn confirm_password(&self, caller: &Caller, password: &str) -> Result<(), LoginRefused> {
        if self.password_fits(caller, password).await? {
            return Ok(());
        }
        let session = caller.principal().session;
        let permit = caller
            .permit::<may::Myself>()
            .map_err(|_lost| LoginRefused::Credentials)?;
        self.write(permit, None, move |tx| {
            tx.record(Event::new(Action::StepUpFailed, "session", session), ())
        })
        .await?;
        Err(LoginRefused::Credentials)
    }
}
