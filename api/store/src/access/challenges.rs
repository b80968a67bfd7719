//! What was asked and waits for its answer: a passkey's challenge, and a login whose password was right.

use crate::db::{Db, row, sql};
use crate::{StoreError, now};
use attest_domain::ids::UserId;
use attest_keyring::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an answer may take.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// What a challenge is for; an answer to one never counts for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A login, after the password.
    Login,
    /// A new passkey.
    Register,
    /// A step-up or a signature.
    Confirm,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Register => "register",
            Self::Confirm => "confirm",
        }
    }
}

/// Says that the password of a login was right a moment ago: `att_m_…`, with where to look and a secret.
#[derive(Clone)]
pub(super) struct LoginTicket {
    pub(super) tenant: Uuid,
    pub(super) id: Uuid,
    secret: [u8; 32],
}

impl LoginTicket {
    fn text(&self) -> String {
        let raw = [self.tenant.as_bytes().as_slice(), self.id.as_bytes(), &self.secret].concat();
        format!("att_m_{}", URL_SAFE_NO_PAD.encode(raw))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let raw = URL_SAFE_NO_PAD.decode(text.strip_prefix("att_m_")?).ok()?;
        let (tenant, rest) = raw.split_at_checked(16)?;
        let (id, secret) = rest.split_at_checked(16)?;
        Some(Self {
            tenant: Uuid::from_slice(tenant).ok()?,
            id: Uuid::from_slice(id).ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// A ticket for a login that waits for its second factor; stored only hashed. What is over of the person's is cleared out.
    /// `signed_on`: not a password was right, but the identity provider's word.
    pub(super) fn issue(db: &mut Db, tenant: Uuid, user: UserId, signed_on: bool) -> Result<String, StoreError> {
        sql("DELETE FROM factor_challenges WHERE tenant_id = ? AND user_id = ? AND expires_at <= ?")
            .bind(tenant)
            .bind(user)
            .bind(now())
            .run(db)?;
        let ticket = Self {
            tenant,
            id: Uuid::now_v7(),
            secret: random(),
        };
        sql("INSERT INTO factor_challenges (tenant_id, id, purpose, user_id, token_hash, expires_at, signed_on) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(ticket.id)
            .bind(Purpose::Login.as_str())
            .bind(user)
            .bind(ticket.hash())
            .bind(now() + PATIENCE)
            .bind(signed_on)
            .run(db)?;
        Ok(ticket.text())
    }

    /// Whose login it is, while the ticket is good, and whether the identity provider began it.
    pub(super) fn owner(&self, db: &mut Db) -> Result<(UserId, bool), StoreError> {
        row! { struct OwnerRow { user_id: UserId, signed_on: bool } }
        sql("SELECT user_id, signed_on FROM factor_challenges WHERE tenant_id = ? AND id = ? AND purpose = ? AND token_hash = ? AND expires_at > ?")
            .bind(self.tenant)
            .bind(self.id)
            .bind(Purpose::Login.as_str())
            .bind(self.hash())
            .bind(now())
            .one::<OwnerRow>(db)
            .map(|row| (row.user_id, row.signed_on))
    }

    /// Uses it up; false when another login was faster.
    pub(super) fn spend(&self, db: &mut Db) -> Result<bool, StoreError> {
        let spent =
            sql("DELETE FROM factor_challenges WHERE tenant_id = ? AND id = ? AND purpose = ? AND token_hash = ?")
                .bind(self.tenant)
                .bind(self.id)
                .bind(Purpose::Login.as_str())
                .bind(self.hash())
                .run(db)?;
        Ok(spent == 1)
    }
}

/// Keeps what was asked; a later question of the same kind takes its place. `id` is the session, or the login's ticket, which
/// does not live longer for being asked about.
pub(super) fn ask(
    db: &mut Db,
    tenant: Uuid,
    id: Uuid,
    purpose: Purpose,
    user: UserId,
    state: &str,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO factor_challenges (tenant_id, id, purpose, user_id, state, expires_at) VALUES (?, ?, ?, ?, ?, ?) \
         ON CONFLICT (tenant_id, id, purpose) DO UPDATE SET state = excluded.state, \
         expires_at = CASE WHEN excluded.purpose = 'login' THEN factor_challenges.expires_at ELSE excluded.expires_at END",
    )
    .bind(tenant)
    .bind(id)
    .bind(purpose.as_str())
    .bind(user)
    .bind(state)
    .bind(now() + PATIENCE)
    .run(db)
    .map(|_rows| ())
}

/// What was asked, once: whoever answers second finds no question.
pub(super) fn answered(db: &mut Db, tenant: Uuid, id: Uuid, purpose: Purpose) -> Result<Option<String>, StoreError> {
    row! { struct StateRow { state: Option<String> } }
    let lock = db.for_update();
    let found = sql(format!(
        "SELECT state FROM factor_challenges WHERE tenant_id = ? AND id = ? AND purpose = ? AND expires_at > ?{lock}"
    ))
    .bind(tenant)
    .bind(id)
    .bind(purpose.as_str())
    .bind(now())
    .first::<StateRow>(db)?
    .and_then(|row| row.state);
    sql("UPDATE factor_challenges SET state = NULL WHERE tenant_id = ? AND id = ? AND purpose = ?")
        .bind(tenant)
        .bind(id)
        .bind(purpose.as_str())
        .run(db)?;
    Ok(found)
}
