//! One's own second factors: what they are, and what follows when the first one comes and the last one goes. Whoever holds an
//! open session and nothing more must not change them: see [`Caller::permit_own_factors`](super::Caller::permit_own_factors).

use super::passkeys::{self, KeyRow};
use super::recovery;
use super::restricted::second_factor_asked_for;
use super::second_factor::ENROLLED;
use crate::db::{row, sql};
use crate::{ReadTx, Replayable, StoreError, WriteTx, now};
use attest_domain::ids::{PasskeyId, SessionId, UserId};
use attest_domain::may;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person's second factors.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactorsView {
    /// The authenticator app.
    pub totp: Option<TotpView>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u32,
    /// One of the roles asks for a second factor.
    pub required: bool,
}

/// An authenticator app.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TotpView {
    /// Since when.
    pub enrolled_at: DateTime<Utc>,
}

/// A passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last use; nothing when it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A new authenticator app's secret, shown once and not in force before it is confirmed.
#[derive(Clone)]
pub struct TotpSecret {
    /// To be typed in.
    pub base32: String,
    /// For the QR code.
    pub uri: String,
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "TotpSecret(…)")
    }
}

/// An outcome that is shown once: no Idempotency-Key hands it out again.
pub struct ShownOnce<T>(pub T);

impl<T> std::fmt::Debug for ShownOnce<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ShownOnce(…)")
    }
}

impl<T> Replayable for ShownOnce<T> {
    fn ids(&self) -> Vec<Uuid> {
        Vec::new()
    }

    fn from_ids(_ids: &[Uuid]) -> Option<Self> {
        None
    }
}

impl From<KeyRow> for PasskeyView {
    fn from(row: KeyRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

row! { pub(super) struct OwnerRow { pub(super) email: String, pub(super) name: String, pub(super) has_second_factor: bool } }
row! { struct SinceRow { created_at: DateTime<Utc> } }
row! { struct CountRow { count: i64 } }

impl ReadTx<'_, may::Myself> {
    /// The caller's second factors.
    ///
    /// # Errors
    /// The database's.
    pub fn my_factors(&mut self) -> Result<FactorsView, StoreError> {
        let (tenant, user) = (self.tenant(), self.user().ok_or(StoreError::NotFound)?);
        let app = sql("SELECT created_at FROM totp_secrets WHERE tenant_id = ? AND user_id = ? AND state = ?")
            .bind(tenant)
            .bind(user)
            .bind(ENROLLED)
            .first::<SinceRow>(self.db)?;
        let by_role = second_factor_asked_for(self.db, tenant, user.uuid())?;
        Ok(FactorsView {
            totp: app.map(|row| TotpView {
                enrolled_at: row.created_at,
            }),
            passkeys: passkeys::list(self.db, tenant, user)?
                .into_iter()
                .map(PasskeyView::from)
                .collect(),
            recovery_codes_left: recovery::left(self.db, tenant, user)?,
            required: self.laboratory().asks_for_second_factor(by_role),
        })
    }

    /// One of the caller's passkeys.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn my_passkey(&mut self, id: PasskeyId) -> Result<PasskeyView, StoreError> {
        let (tenant, user) = (self.tenant(), self.user().ok_or(StoreError::NotFound)?);
        let found = passkeys::list(self.db, tenant, user)?
            .into_iter()
            .find(|key| key.id == id);
        found.map(PasskeyView::from).ok_or(StoreError::NotFound)
    }
}

impl WriteTx<'_, may::Myself> {
    /// The caller's row, kept from others: of two that each remove a factor, the second sees what the first left.
    pub(super) fn owner(&mut self) -> Result<(Uuid, UserId, OwnerRow), StoreError> {
        let (tenant, user) = (self.tenant(), self.user().ok_or(StoreError::NotFound)?);
        let lock = self.db.for_update();
        let row = sql(format!(
            "SELECT email, name, has_second_factor FROM users WHERE tenant_id = ? AND id = ?{lock}"
        ))
        .bind(tenant)
        .bind(user)
        .one(self.db)?;
        Ok((tenant, user, row))
    }

    /// With the first factor come recovery codes, this session counts as one with two factors, and every other one, which was
    /// opened with the password alone, ends.
    pub(super) fn factor_added(
        &mut self,
        session: SessionId,
        user: UserId,
        owner: &OwnerRow,
    ) -> Result<Option<Vec<String>>, StoreError> {
        if owner.has_second_factor {
            return Ok(None);
        }
        let tenant = self.tenant();
        self.has_second_factor(user, true)?;
        sql("UPDATE sessions SET assurance = 'mfa' WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(session)
            .run(self.db)?;
        sql("UPDATE sessions SET ended_at = ?, ended_reason = 'second factor set up' WHERE tenant_id = ? AND user_id = ? AND id <> ? AND ended_at IS NULL")
            .bind(now())
            .bind(tenant)
            .bind(user)
            .bind(session)
            .run(self.db)?;
        let codes = recovery::fresh();
        recovery::replace(self.inner, self.db, tenant, user, &codes)?;
        Ok(Some(codes))
    }

    pub(super) fn factor_removed(&mut self, user: UserId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let left = sql("SELECT (SELECT COUNT(*) FROM totp_secrets t WHERE t.tenant_id = u.tenant_id AND t.user_id = u.id AND t.state = ?) \
             + (SELECT COUNT(*) FROM passkeys k WHERE k.tenant_id = u.tenant_id AND k.user_id = u.id) FROM users u WHERE u.tenant_id = ? AND u.id = ?")
            .bind(ENROLLED)
            .bind(tenant)
            .bind(user)
            .one::<CountRow>(self.db)?
            .count;
        if left > 0 {
            return Ok(());
        }
        let by_role = second_factor_asked_for(self.db, tenant, user.uuid())?;
        if self.laboratory().asks_for_second_factor(by_role) {
            return Err(StoreError::conflict(
                "one of your roles asks for a second factor, and this is the last one: set up another first",
            ));
        }
        recovery::remove(self.db, tenant, user)?;
        self.has_second_factor(user, false)
    }
}

impl<P> WriteTx<'_, P> {
    fn has_second_factor(&mut self, user: UserId, has: bool) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("UPDATE users SET has_second_factor = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(has)
            .bind(now())
            .bind(tenant)
            .bind(user)
            .run(self.db)
            .map(|_rows| ())
    }

    /// Removes everything of a person's second factors: what was lost or stolen must not open anything any more.
    pub(crate) fn factors_forget(&mut self, user: UserId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for table in ["totp_secrets", "passkeys", "recovery_codes", "factor_challenges"] {
            sql(format!("DELETE FROM {table} WHERE tenant_id = ? AND user_id = ?"))
                .bind(tenant)
                .bind(user)
                .run(self.db)?;
        }
        self.has_second_factor(user, false)
    }
}
