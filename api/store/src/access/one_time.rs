//! One-time links by which a person chooses a password: an invitation to begin with, a reset later (ATT-08).
//!
//! A link goes by mail to the person's own address and nowhere else; nobody, an administrator neither, sees it or the
//! password it leads to. The newest one works, once, for a while. It never stands in for a second factor.

use super::signs_on_only;
use crate::db::{Db, row, sql};
use crate::mail::Matter;
use crate::tx::WriteTx;
use crate::{Event, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::UserId;
use attest_keyring::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

const RESET_LIFETIME: TimeDelta = TimeDelta::hours(1);
const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);
/// Links that strangers may have sent to one person within an hour: a mailbox is not theirs to fill.
const ASKED_FOR_AT_MOST: i64 = 5;
/// Links that are over are remembered this long.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LinkPurpose {
    /// A new password instead of one that was forgotten or is known to others.
    Reset,
    /// The first password of somebody who was added without one.
    Invitation,
}

impl LinkPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Invitation => "invitation",
        }
    }
}

/// A token as it stands in a link: where to look (laboratory, row), and a secret. Stored only hashed.
#[derive(Clone)]
pub struct OneTimeLink {
    pub(super) tenant: Uuid,
    pub(super) id: Uuid,
    secret: [u8; 32],
}

impl std::fmt::Debug for OneTimeLink {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OneTimeLink({})", self.id)
    }
}

impl OneTimeLink {
    fn new(tenant: Uuid) -> Self {
        Self {
            tenant,
            id: Uuid::now_v7(),
            secret: random(),
        }
    }

    fn text(&self) -> String {
        let raw = [self.tenant.as_bytes().as_slice(), self.id.as_bytes(), &self.secret].concat();
        format!("att_o_{}", URL_SAFE_NO_PAD.encode(raw))
    }

    /// Reads a token; nothing when it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let raw = URL_SAFE_NO_PAD.decode(text.trim().strip_prefix("att_o_")?).ok()?;
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

    /// Whose link it is, while it works.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for every link that leads nowhere, whatever the reason.
    pub(super) fn holder(&self, db: &mut Db) -> Result<LinkHolder, StoreError> {
        let row = sql("SELECT l.user_id, l.purpose, l.token_hash, l.expires_at, l.ended_at, u.active, u.email, u.name, u.language, u.has_second_factor, u.locked_until \
             FROM one_time_tokens l JOIN users u ON u.tenant_id = l.tenant_id AND u.id = l.user_id WHERE l.tenant_id = ? AND l.id = ?")
            .bind(self.tenant)
            .bind(self.id)
            .one::<LinkHolder>(db)?;
        let alive = row.active && row.ended_at.is_none() && row.expires_at > now();
        if alive && bool::from(self.hash().as_slice().ct_eq(&row.token_hash)) {
            Ok(row)
        } else {
            Err(StoreError::NotFound)
        }
    }
}

row! {
    /// Whose link it is.
    pub(super) struct LinkHolder {
        pub(super) user_id: UserId,
        pub(super) purpose: String,
        token_hash: Vec<u8>,
        pub(super) expires_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
        active: bool,
        pub(super) email: String,
        pub(super) name: String,
        pub(super) language: String,
        pub(super) has_second_factor: bool,
        pub(super) locked_until: Option<DateTime<Utc>>,
    }
}

impl LinkHolder {
    pub(super) fn purpose(&self) -> LinkPurpose {
        if self.purpose == LinkPurpose::Invitation.as_str() {
            LinkPurpose::Invitation
        } else {
            LinkPurpose::Reset
        }
    }
}

/// A link that was just made: the only moment at which its token is there.
pub(crate) struct NewLink {
    id: Uuid,
    purpose: LinkPurpose,
    pub(crate) token: String,
    pub(crate) expires_at: DateTime<Utc>,
}

row! { struct AccountRow { active: bool, password_hash: String } }
row! { struct CountRow { count: i64 } }

impl<P> WriteTx<'_, P> {
    /// Sends a person a link of their own: an invitation while they have no password yet. Earlier ones end. The link's row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] for a person who may not sign in.
    pub(crate) fn link_send(&mut self, user: UserId) -> Result<Uuid, StoreError> {
        let NewLink {
            id,
            purpose,
            token,
            expires_at,
        } = self.link_make(user)?;
        let tenant = self.tenant();
        let elsewhere = signs_on_only(self.db, tenant, user)?;
        // A password would open nothing. A link is made all the same, and ended: how many letters are sent hangs on it.
        if let Some(provider) = elsewhere {
            self.links_end(user)?;
            self.mail(user, Matter::SignInElsewhere { provider })?;
            return Ok(id);
        }
        let matter = match purpose {
            LinkPurpose::Reset => Matter::Reset {
                token,
                expires_at,
                by_administrator: self.user().is_some(),
            },
            LinkPurpose::Invitation => Matter::Invitation { token, expires_at },
        };
        self.mail(user, matter)?;
        Ok(id)
    }

    /// Makes such a link and records it; whoever calls hands it over.
    ///
    /// # Errors
    /// As [`link_send`](Self::link_send).
    pub(crate) fn link_make(&mut self, user: UserId) -> Result<NewLink, StoreError> {
        let (tenant, at) = (self.tenant(), now());
        let account = sql("SELECT active, password_hash FROM users WHERE tenant_id = ? AND id = ? AND kind = 'person'")
            .bind(tenant)
            .bind(user)
            .one::<AccountRow>(self.db)?;
        if !account.active {
            return Err(StoreError::conflict(
                "this person may not sign in; reactivate them first",
            ));
        }
        let purpose = if account.password_hash.is_empty() {
            LinkPurpose::Invitation
        } else {
            LinkPurpose::Reset
        };
        let (lifetime, action) = match purpose {
            LinkPurpose::Reset => (RESET_LIFETIME, Action::UserPasswordResetStarted),
            LinkPurpose::Invitation => (INVITATION_LIFETIME, Action::UserInvited),
        };
        let expires_at = at + lifetime;
        self.links_end(user)?;
        let link = OneTimeLink::new(tenant);
        sql("INSERT INTO one_time_tokens (tenant_id, id, user_id, purpose, token_hash, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(link.id)
            .bind(user)
            .bind(purpose.as_str())
            .bind(link.hash())
            .bind(at)
            .bind(self.user())
            .bind(expires_at)
            .run(self.db)?;
        self.also(Event::new(action, "user", user))?;
        Ok(NewLink {
            id: link.id,
            purpose,
            token: link.text(),
            expires_at,
        })
    }

    /// As [`link_send`](Self::link_send), asked for by somebody unknown: nothing for persons who may not sign in or were sent
    /// enough already. Whether one was sent.
    pub(crate) fn link_send_if_due(&mut self, user: UserId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let recent = sql("SELECT COUNT(*) FROM one_time_tokens WHERE tenant_id = ? AND user_id = ? AND created_at > ?")
            .bind(tenant)
            .bind(user)
            .bind(now() - TimeDelta::hours(1))
            .one::<CountRow>(self.db)?;
        if recent.count >= ASKED_FOR_AT_MOST {
            return Ok(false);
        }
        match self.link_send(user) {
            Ok(_link) => Ok(true),
            Err(StoreError::Conflict { .. } | StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Uses a link up.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was used or replaced meanwhile.
    pub(crate) fn link_spend(&mut self, link: &OneTimeLink) -> Result<(), StoreError> {
        let spent = sql("UPDATE one_time_tokens SET ended_at = ? WHERE tenant_id = ? AND id = ? AND ended_at IS NULL AND expires_at > ?")
            .bind(now())
            .bind(link.tenant)
            .bind(link.id)
            .bind(now())
            .run(self.db)?;
        if spent == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Ends every link of a person.
    pub(crate) fn links_end(&mut self, user: UserId) -> Result<(), StoreError> {
        let (tenant, at) = (self.tenant(), now());
        sql("UPDATE one_time_tokens SET ended_at = ? WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
            .bind(at)
            .bind(tenant)
            .bind(user)
            .run(self.db)?;
        sql("DELETE FROM one_time_tokens WHERE tenant_id = ? AND user_id = ? AND expires_at < ?")
            .bind(tenant)
            .bind(user)
            .bind(at - REMEMBERED)
            .run(self.db)
            .map(|_rows| ())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text_and_nothing_else_is_one() {
        let link = OneTimeLink::new(Uuid::now_v7());
        let again = OneTimeLink::parse(&format!(" {}\n", link.text())).unwrap();
        assert_eq!(
            (again.tenant, again.id, again.hash()),
            (link.tenant, link.id, link.hash())
        );
        for text in [
            "",
            "att_o_",
            "att_r_AAAA",
            &link.text()[..60],
            &format!("{}AA", link.text()),
        ] {
            assert!(OneTimeLink::parse(text).is_none(), "{text}");
        }
        assert!(!format!("{link:?}").contains(&link.text()[10..20]));
    }
}
