//! The outbox: letters wait in the database until they were handed over, through restarts and mail servers that are away.

use super::{Letter, Matter};
use crate::db::{row, sql};
use crate::tx::WriteTx;
use crate::{Store, StoreError, now};
use attest_domain::Language;
use attest_domain::ids::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The longest pause between two tries.
const LONGEST_PAUSE_MINUTES: i64 = 60;
/// After this long nobody tries any more.
const GIVEN_UP: TimeDelta = TimeDelta::hours(24);
/// That a letter was sent is remembered this long.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// A letter that is to be handed over now, by whoever holds this.
#[derive(Debug)]
pub struct MailDue {
    tenant: Uuid,
    /// The letter's id, also in its Message-ID: a mail server that gets it twice can tell.
    pub id: Uuid,
    /// What it says.
    pub letter: Letter,
}

row! { struct AddressRow { email: String, name: String, language: String } }
row! { struct DueRow { id: Uuid, sealed: Option<Vec<u8>>, attempts: i64, created_at: DateTime<Utc> } }
row! { struct TenantRow { id: Uuid } }

fn place(id: Uuid) -> String {
    format!("mail/{id}")
}

impl<P> WriteTx<'_, P> {
    /// Writes a letter to a user of the laboratory; it leaves after the transaction, which must wake the post.
    pub(crate) fn mail(&mut self, user: UserId, matter: Matter) -> Result<(), StoreError> {
        let (tenant, id, at) = (self.tenant(), Uuid::now_v7(), now());
        let person = sql("SELECT email, name, language FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(user)
            .one::<AddressRow>(self.db)?;
        let kind = matter.as_str();
        let letter = Letter {
            to: person.email,
            name: person.name,
            language: person.language.parse().unwrap_or(Language::En),
            laboratory: self.laboratory().name.clone(),
            timezone: self.laboratory().timezone.clone(),
            matter,
        };
        let plain = serde_json::to_vec(&letter).map_err(StoreError::broken)?;
        let sealed = self
            .inner
            .keyring
            .seal_file(tenant, &place(id), &plain)
            .map_err(StoreError::broken)?;
        sql("INSERT INTO mails (tenant_id, id, user_id, matter, sealed, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(user)
            .bind(kind)
            .bind(sealed)
            .bind(at)
            .bind(at)
            .run(self.db)
            .map(|_rows| ())
    }
}

impl Store {
    /// Waits until this process wrote letters, at most so long; the laboratories whose letters they are.
    pub async fn mail_awaited(&self, at_most: Duration) -> Vec<Uuid> {
        self.inner.post.awaited(at_most).await
    }

    /// Every laboratory, for duties that look everywhere now and then: other processes leave work too, and some is tried again.
    ///
    /// # Errors
    /// The database's.
    pub async fn every_laboratory(&self) -> Result<Vec<Uuid>, StoreError> {
        self.inner
            .backend
            .read(None, |db| {
                let all = sql("SELECT id FROM tenants ORDER BY id").all::<TenantRow>(db)?;
                Ok(all.into_iter().map(|row| row.id).collect())
            })
            .await
    }

    /// The next letter of this laboratory that is due, taken: no other node tries it until its pause is over.
    ///
    /// # Errors
    /// The database's.
    pub async fn mail_take(&self, tenant: Uuid) -> Result<Option<MailDue>, StoreError> {
        let any = self.inner.backend.read(Some(tenant), move |db| {
            let due = sql("SELECT id FROM mails WHERE tenant_id = ? AND next_at <= ? LIMIT 1");
            Ok(due.bind(tenant).bind(now()).first::<TenantRow>(db)?.is_some())
        });
        if !any.await? {
            return Ok(None);
        }
        let inner = Arc::clone(&self.inner);
        let taken = self.inner.backend.write(Some(tenant), move |db| {
            let lock = db.for_update();
            let due = sql(format!(
                "SELECT id, sealed, attempts, created_at FROM mails WHERE tenant_id = ? AND next_at <= ? ORDER BY next_at LIMIT 1{lock}"
            ));
            let Some(row) = due.bind(tenant).bind(now()).first::<DueRow>(db)? else {
                return Ok(None);
            };
            let opened = row
                .sealed
                .and_then(|sealed| inner.keyring.open_file(tenant, &place(row.id), &sealed).ok())
                .and_then(|plain| serde_json::from_slice::<Letter>(&plain).ok())
                .filter(|_letter| row.created_at + GIVEN_UP > now());
            let Some(letter) = opened else {
                tracing::error!(%tenant, mail = %row.id, attempts = row.attempts, "a letter is given up: too old, or sealed under another key");
                sql("UPDATE mails SET sealed = NULL, next_at = NULL WHERE tenant_id = ? AND id = ?").bind(tenant).bind(row.id).run(db)?;
                return Ok(None);
            };
            let doublings = u32::try_from(row.attempts).unwrap_or(u32::MAX).min(6);
            let pause = 2i64.saturating_pow(doublings).min(LONGEST_PAUSE_MINUTES);
            sql("UPDATE mails SET attempts = attempts + 1, next_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(now() + TimeDelta::minutes(pause))
                .bind(tenant)
                .bind(row.id)
                .run(db)?;
            Ok(Some(MailDue { tenant, id: row.id, letter }))
        });
        taken.await
    }

    /// A letter was handed over: its words go, and what is long past with them.
    ///
    /// # Errors
    /// The database's.
    pub async fn mail_sent(&self, mail: &MailDue) -> Result<(), StoreError> {
        let (tenant, id) = (mail.tenant, mail.id);
        self.inner
            .backend
            .write(Some(tenant), move |db| {
                sql("UPDATE mails SET sealed = NULL, next_at = NULL, sent_at = ? WHERE tenant_id = ? AND id = ?")
                    .bind(now())
                    .bind(tenant)
                    .bind(id)
                    .run(db)?;
                sql("DELETE FROM mails WHERE tenant_id = ? AND next_at IS NULL AND created_at < ?")
                    .bind(tenant)
                    .bind(now() - REMEMBERED)
                    .run(db)
                    .map(|_rows| ())
            })
            .await
    }
}
