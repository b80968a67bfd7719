//! Setting up and removing one's own authenticator app, passkeys and recovery codes.

use super::factors::{OwnerRow, ShownOnce, TotpSecret};
use super::passkeys::{self, Applicant};
use super::recovery;
use super::second_factor::{ENROLLED, totp_key, totp_place};
use super::totp::TotpKey;
use crate::db::{row, sql};
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::identity::Factor;
use attest_domain::ids::{PasskeyId, SessionId, UserId};
use attest_domain::text::{CODE_MAX, check_line};
use attest_domain::{Action, may};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// A secret that was not confirmed with a code by then is forgotten.
const PENDING_FOR: TimeDelta = TimeDelta::minutes(30);
/// Recovery codes, where the factor is the person's first.
pub type Codes = Option<Vec<String>>;

const PENDING: &str = "pending";

row! { struct SealedRow { sealed: Vec<u8>, created_at: DateTime<Utc> } }
row! { struct NameRow { name: String } }

impl WriteTx<'_, may::Myself> {
    /// A secret for an authenticator app, not in force before [`totp_confirm`](Self::totp_confirm).
    ///
    /// # Errors
    /// The database's.
    pub fn totp_begin(&mut self) -> Result<Recorded<ShownOnce<TotpSecret>>, StoreError> {
        let (tenant, user, owner) = self.owner()?;
        let key = TotpKey::generate();
        let sealed = self
            .inner
            .keyring
            .seal_file(tenant, &totp_place(user), key.bytes())
            .map_err(StoreError::broken)?;
        self.totp_forget(user, PENDING)?;
        sql("INSERT INTO totp_secrets (tenant_id, user_id, state, sealed, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(user)
            .bind(PENDING)
            .bind(sealed)
            .bind(now())
            .run(self.db)?;
        let secret = TotpSecret {
            base32: key.base32(),
            uri: key.uri(&self.laboratory().name, &owner.email),
        };
        let event = Event::new(Action::SecondFactorBegun, "user", user).set("factor", Factor::Totp.as_str());
        self.record(event, ShownOnce(secret))
    }

    /// Puts the pending secret in force, in the place of an earlier one. With the first factor come recovery codes.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the code is not of the secret; [`StoreError::Conflict`] when there is none.
    pub fn totp_confirm(&mut self, session: SessionId, code: &str) -> Result<Recorded<ShownOnce<Codes>>, StoreError> {
        let (tenant, user, owner) = self.owner()?;
        let pending =
            sql("SELECT sealed, created_at FROM totp_secrets WHERE tenant_id = ? AND user_id = ? AND state = ?")
                .bind(tenant)
                .bind(user)
                .bind(PENDING)
                .first::<SealedRow>(self.db)?
                .filter(|row| row.created_at + PENDING_FOR > now())
                .ok_or_else(|| StoreError::conflict("there is no secret to confirm: begin with POST /auth/mfa/totp"))?;
        let key = totp_key(self.inner, tenant, user, &pending.sealed)?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = key.step_of(&code, now().timestamp()).ok_or_else(|| {
            StoreError::invalid(
                "code",
                "wrong",
                "is not what the app should show now: check that its clock is right, and type the newest code",
            )
        })?;
        self.totp_forget(user, ENROLLED)?;
        sql("UPDATE totp_secrets SET state = ?, last_step = ?, created_at = ? WHERE tenant_id = ? AND user_id = ? AND state = ?")
            .bind(ENROLLED)
            .bind(step)
            .bind(now())
            .bind(tenant)
            .bind(user)
            .bind(PENDING)
            .run(self.db)?;
        let codes = self.factor_added(session, user, &owner)?;
        let event = Event::new(Action::SecondFactorAdded, "user", user).set("factor", Factor::Totp.as_str());
        self.record(event, ShownOnce(codes))
    }

    /// Removes the authenticator app.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when it is the last factor and a role asks for one.
    pub fn totp_remove(&mut self) -> Result<Recorded<()>, StoreError> {
        let (_, user, _) = self.owner()?;
        if self.totp_forget(user, ENROLLED)? == 0 {
            return Err(StoreError::NotFound);
        }
        self.factor_removed(user)?;
        let event = Event::new(Action::SecondFactorRemoved, "user", user).set("factor", Factor::Totp.as_str());
        self.record(event, ())
    }

    /// Asks for a new passkey: what `navigator.credentials.create` takes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the installation has no domain name, or the person too many passkeys.
    pub fn passkey_invite(&mut self, session: SessionId) -> Result<Recorded<ShownOnce<Value>>, StoreError> {
        let who = self.applicant(session)?.0;
        let asked = passkeys::invite(self.inner, self.db, &who)?;
        let event = Event::new(Action::SecondFactorBegun, "user", who.user).set("factor", Factor::Passkey.as_str());
        self.record(event, ShownOnce(asked))
    }

    /// Keeps a new passkey. With the first factor come recovery codes.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when it does not answer what was asked.
    pub fn passkey_add(
        &mut self,
        session: SessionId,
        name: &str,
        answer: &Value,
    ) -> Result<Recorded<ShownOnce<(PasskeyId, Codes)>>, StoreError> {
        let name = checked(name)?;
        let (who, owner) = self.applicant(session)?;
        let id = passkeys::welcome(self.inner, self.db, &who, name, answer)?;
        let codes = self.factor_added(session, who.user, &owner)?;
        let event = Event::new(Action::SecondFactorAdded, "user", who.user)
            .set("factor", Factor::Passkey.as_str())
            .set("name", name);
        self.record(event, ShownOnce((id, codes)))
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Invalid`].
    pub fn passkey_rename(&mut self, id: PasskeyId, name: &str) -> Result<Recorded<PasskeyId>, StoreError> {
        let name = checked(name)?;
        let (tenant, user, _) = self.owner()?;
        let before = self.passkey_name(user, id)?;
        sql("UPDATE passkeys SET name = ? WHERE tenant_id = ? AND id = ?")
            .bind(name)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::SecondFactorRenamed, "user", user).change("name", before, name);
        self.record(event, id)
    }

    /// Removes a passkey.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when it is the last factor and a role asks for one.
    pub fn passkey_remove(&mut self, id: PasskeyId) -> Result<Recorded<()>, StoreError> {
        let (tenant, user, _) = self.owner()?;
        let name = self.passkey_name(user, id)?;
        sql("DELETE FROM passkeys WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.factor_removed(user)?;
        let event = Event::new(Action::SecondFactorRemoved, "user", user)
            .set("factor", Factor::Passkey.as_str())
            .set("name", name);
        self.record(event, ())
    }

    /// New recovery codes in the place of the old ones.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] without a second factor.
    pub fn recovery_codes_renew(&mut self) -> Result<Recorded<ShownOnce<Vec<String>>>, StoreError> {
        let (tenant, user, owner) = self.owner()?;
        if !owner.has_second_factor {
            return Err(StoreError::conflict("recovery codes come with the first second factor"));
        }
        let codes = recovery::fresh();
        recovery::replace(self.inner, self.db, tenant, user, &codes)?;
        self.record(Event::new(Action::RecoveryCodesRenewed, "user", user), ShownOnce(codes))
    }

    fn applicant(&mut self, session: SessionId) -> Result<(Applicant, OwnerRow), StoreError> {
        let (tenant, user, owner) = self.owner()?;
        let who = Applicant {
            tenant,
            session: session.uuid(),
            user,
            email: owner.email.clone(),
            name: owner.name.clone(),
        };
        Ok((who, owner))
    }

    fn passkey_name(&mut self, user: UserId, id: PasskeyId) -> Result<String, StoreError> {
        let tenant = self.tenant();
        sql("SELECT name FROM passkeys WHERE tenant_id = ? AND user_id = ? AND id = ?")
            .bind(tenant)
            .bind(user)
            .bind(id)
            .one::<NameRow>(self.db)
            .map(|row| row.name)
    }

    fn totp_forget(&mut self, user: UserId, state: &str) -> Result<usize, StoreError> {
        let tenant = self.tenant();
        sql("DELETE FROM totp_secrets WHERE tenant_id = ? AND user_id = ? AND state = ?")
            .bind(tenant)
            .bind(user)
            .bind(state)
            .run(self.db)
    }
}

fn checked(name: &str) -> Result<&str, StoreError> {
    let name = name.trim();
    check_line(name, CODE_MAX)
        .map(|()| name)
        .map_err(|refusal| StoreError::invalid("name", refusal.code(), refusal.to_string()))
}
