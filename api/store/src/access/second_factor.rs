//! Asking for the second factor: at the login behind a right password, and once more for a step-up or a signature.

use super::challenges::{LoginTicket, Purpose};
use super::login::{Account, Proven};
use super::totp::{TotpKey, looks_like_a_code};
use super::{Caller, LoginRefused, RequestSource, SessionMode, SessionTokens, passkeys, recovery};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{Store, StoreError, now};
use attest_domain::identity::Factor;
use attest_domain::ids::UserId;
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// A second factor as it is shown: one-time or recovery code, or a passkey's answer.
#[derive(Clone)]
pub enum Shown {
    /// What was typed.
    Otp(String),
    /// What `navigator.credentials.get` gave (`toJSON`).
    Passkey(Value),
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Shown(…)")
    }
}

/// The password was right; which second factors would complete the login.
#[derive(Clone)]
pub struct FactorNeeded {
    /// What the person has.
    pub methods: Vec<Factor>,
    /// Says that the password was right: with it a passkey completes the login, within five minutes.
    pub ticket: String,
    /// One was shown, and it was not right or was used before.
    pub wrong: bool,
}

impl std::fmt::Debug for FactorNeeded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "FactorNeeded({:?})", self.methods)
    }
}

/// The steps that are kept of a person's authenticator app.
pub(super) const ENROLLED: &str = "enrolled";

/// Where a person's secret is sealed to: it opens nowhere else.
pub(super) fn totp_place(user: UserId) -> String {
    format!("totp_secrets/{user}")
}

/// Which second factors a person has and could use now.
pub(super) fn methods(db: &mut Db, tenant: Uuid, user: UserId) -> Result<Vec<Factor>, StoreError> {
    row! { struct CountRow { apps: i64, keys: i64, codes: i64 } }
    let row = sql(
        "SELECT (SELECT COUNT(*) FROM totp_secrets t WHERE t.tenant_id = u.tenant_id AND t.user_id = u.id AND t.state = ?), \
         (SELECT COUNT(*) FROM passkeys k WHERE k.tenant_id = u.tenant_id AND k.user_id = u.id), \
         (SELECT COUNT(*) FROM recovery_codes c WHERE c.tenant_id = u.tenant_id AND c.user_id = u.id AND c.used_at IS NULL) \
         FROM users u WHERE u.tenant_id = ? AND u.id = ?",
    )
    .bind(ENROLLED)
    .bind(tenant)
    .bind(user)
    .one::<CountRow>(db)?;
    let has = [
        (row.apps, Factor::Totp),
        (row.keys, Factor::Passkey),
        (row.codes, Factor::Recovery),
    ];
    Ok(has
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, factor)| *factor)
        .collect())
}

/// Takes a one-time or recovery code, if it is one of the person's that was not used (ATT-07).
pub(super) fn take_code(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    user: UserId,
    typed: &str,
) -> Result<Option<Factor>, StoreError> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if looks_like_a_code(&code) {
        Ok(take_step(inner, db, tenant, user, &code)?.then_some(Factor::Totp))
    } else {
        Ok(recovery::take(inner, db, tenant, user, &code)?.then_some(Factor::Recovery))
    }
}

/// Takes the step of an app's code. The row itself decides: of two requests with the same code one moves it forward.
fn take_step(inner: &Inner, db: &mut Db, tenant: Uuid, user: UserId, code: &str) -> Result<bool, StoreError> {
    row! { struct SealedRow { sealed: Vec<u8> } }
    let row = sql("SELECT sealed FROM totp_secrets WHERE tenant_id = ? AND user_id = ? AND state = ?")
        .bind(tenant)
        .bind(user)
        .bind(ENROLLED)
        .first::<SealedRow>(db)?;
    let Some(row) = row else { return Ok(false) };
    let key = totp_key(inner, tenant, user, &row.sealed)?;
    let Some(step) = key.step_of(code, now().timestamp()) else {
        return Ok(false);
    };
    let taken = sql(
        "UPDATE totp_secrets SET last_step = ? WHERE tenant_id = ? AND user_id = ? AND state = ? AND last_step < ?",
    )
    .bind(step)
    .bind(tenant)
    .bind(user)
    .bind(ENROLLED)
    .bind(step)
    .run(db)?;
    Ok(taken == 1)
}

/// A sealed secret, opened.
pub(super) fn totp_key(inner: &Inner, tenant: Uuid, user: UserId, sealed: &[u8]) -> Result<TotpKey, StoreError> {
    let bytes = inner
        .keyring
        .open_file(tenant, &totp_place(user), sealed)
        .map_err(StoreError::broken)?;
    TotpKey::from_bytes(&bytes).ok_or_else(|| StoreError::broken("a secret of the wrong length"))
}

impl Store {
    /// Behind a right password: the second factor, where the person has one. A wrong one counts like a wrong password.
    pub(super) async fn factor_at_login(
        &self,
        account: &Account,
        otp: Option<&str>,
        source: RequestSource,
    ) -> Result<Option<Factor>, LoginRefused> {
        if !account.has_second_factor {
            return Ok(None);
        }
        if let Some(otp) = otp {
            let (inner, otp) = (Arc::clone(&self.inner), otp.to_owned());
            let (tenant, user) = (account.tenant_id, UserId::from_uuid(account.id));
            let taken = self
                .inner
                .backend
                .write(Some(tenant), move |db| take_code(&inner, db, tenant, user, &otp));
            if let Some(factor) = taken.await? {
                return Ok(Some(factor));
            }
            self.login_failed(account, source).await?;
        }
        let (tenant, user) = (account.tenant_id, UserId::from_uuid(account.id));
        let needed = self.inner.backend.write(Some(tenant), move |db| {
            Ok(FactorNeeded {
                methods: methods(db, tenant, user)?,
                ticket: LoginTicket::issue(db, tenant, user, false)?,
                wrong: false,
            })
        });
        let wrong = otp.is_some();
        Err(LoginRefused::SecondFactor(FactorNeeded { wrong, ..needed.await? }))
    }

    /// What a browser asks the person's passkeys, to complete a login whose password was right.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when the ticket is not good; a conflict when there is no passkey.
    pub async fn login_passkey_options(&self, ticket: &str) -> Result<Value, LoginRefused> {
        let ticket = LoginTicket::parse(ticket).ok_or(LoginRefused::Credentials)?;
        let (inner, tenant) = (Arc::clone(&self.inner), ticket.tenant);
        let asked = self.inner.backend.write(Some(tenant), move |db| {
            let (user, _) = ticket.owner(db)?;
            passkeys::challenge(&inner, db, tenant, ticket.id, Purpose::Login, user)
        });
        asked.await.map_err(not_good)
    }

    /// Completes a login with a passkey. A wrong answer counts like a wrong password.
    ///
    /// # Errors
    /// As [`LoginRefused`].
    pub async fn login_passkey(
        &self,
        ticket: &str,
        answer: Value,
        mode: SessionMode,
        source: RequestSource,
    ) -> Result<SessionTokens, LoginRefused> {
        self.login_completed(ticket, mode, source, move |inner, db, ticket, user| {
            let fits = passkeys::answers(inner, db, ticket.tenant, ticket.id, Purpose::Login, user, &answer)?;
            Ok(fits.then_some(Factor::Passkey))
        })
        .await
    }

    /// Completes a login with a one-time or recovery code. A wrong one counts like a wrong password.
    ///
    /// # Errors
    /// As [`LoginRefused`].
    pub async fn login_code(
        &self,
        ticket: &str,
        code: &str,
        mode: SessionMode,
        source: RequestSource,
    ) -> Result<SessionTokens, LoginRefused> {
        let code = code.to_owned();
        self.login_completed(ticket, mode, source, move |inner, db, ticket, user| {
            take_code(inner, db, ticket.tenant, user, &code)
        })
        .await
    }

    /// Behind a right password: `shown` looks at the second factor and uses it up. The ticket is good once.
    async fn login_completed(
        &self,
        ticket_text: &str,
        mode: SessionMode,
        source: RequestSource,
        shown: impl FnOnce(&Inner, &mut Db, &LoginTicket, UserId) -> Result<Option<Factor>, StoreError> + Send + 'static,
    ) -> Result<SessionTokens, LoginRefused> {
        let ticket = LoginTicket::parse(ticket_text).ok_or(LoginRefused::Credentials)?;
        let tenant = ticket.tenant;
        let asked = ticket.clone();
        let owner = self.inner.backend.read(Some(tenant), move |db| asked.owner(db));
        let (user, signed_on) = owner.await.map_err(not_good)?;
        let account = self.account_of(tenant, user.uuid()).await?;
        if !account.active || account.waits() {
            return Err(LoginRefused::Credentials);
        }
        let inner = Arc::clone(&self.inner);
        let taken = self
            .inner
            .backend
            .write(Some(tenant), move |db| match shown(&inner, db, &ticket, user)? {
                Some(factor) if ticket.spend(db)? => Ok(Some(factor)),
                _ => Ok(None),
            });
        if let Some(factor) = taken.await? {
            let proven = Proven {
                factor: Some(factor),
                signed_on,
                several_factors: false,
            };
            return Ok(self.login_succeeded(account, mode, proven, source).await?);
        }
        self.login_failed(&account, source).await?;
        Err(self.wrong_factor(tenant, user, ticket_text).await?)
    }

    async fn wrong_factor(&self, tenant: Uuid, user: UserId, ticket: &str) -> Result<LoginRefused, StoreError> {
        let methods = self
            .inner
            .backend
            .read(Some(tenant), move |db| methods(db, tenant, user))
            .await?;
        Ok(LoginRefused::SecondFactor(FactorNeeded {
            methods,
            ticket: ticket.to_owned(),
            wrong: true,
        }))
    }

    /// Which of the signed-in caller's factors this is; used up by it.
    pub(super) async fn factor_fits(&self, caller: &Caller, shown: &Shown) -> Result<Option<Factor>, StoreError> {
        let (inner, shown) = (Arc::clone(&self.inner), shown.clone());
        let (tenant, session, user) = (
            caller.laboratory().id,
            caller.principal().session.uuid(),
            caller.principal().user,
        );
        self.inner
            .backend
            .write(Some(tenant), move |db| match &shown {
                Shown::Otp(code) => take_code(&inner, db, tenant, user, code),
                Shown::Passkey(answer) => {
                    Ok(
                        passkeys::answers(&inner, db, tenant, session, Purpose::Confirm, user, answer)?
                            .then_some(Factor::Passkey),
                    )
                }
            })
            .await
    }

    /// What the caller's passkeys are asked for a step-up or a signature: what `navigator.credentials.get` takes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] without a passkey.
    pub async fn passkey_challenge(&self, caller: &Caller) -> Result<Value, StoreError> {
        let inner = Arc::clone(&self.inner);
        let (tenant, session, user) = (
            caller.laboratory().id,
            caller.principal().session.uuid(),
            caller.principal().user,
        );
        self.inner
            .backend
            .write(Some(tenant), move |db| {
                passkeys::challenge(&inner, db, tenant, session, Purpose::Confirm, user)
            })
            .await
    }

    /// The factors the signed-in caller could show.
    pub(super) async fn factors_missing(&self, caller: &Caller) -> Result<LoginRefused, StoreError> {
        let (tenant, user) = (caller.laboratory().id, caller.principal().user);
        let found = self
            .inner
            .backend
            .read(Some(tenant), move |db| methods(db, tenant, user));
        Ok(LoginRefused::FactorMissing(found.await?))
    }
}

/// A ticket that leads nowhere is told like wrong credentials.
fn not_good(error: StoreError) -> LoginRefused {
    match error {
        StoreError::NotFound => LoginRefused::Credentials,
        other => LoginRefused::Store(other),
    }
}
