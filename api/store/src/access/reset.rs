//! Choosing a password by a one-time link (ATT-08): asking for one, looking at it, using it.

use super::history::PasswordSet;
use super::one_time::{LinkHolder, LinkPurpose, OneTimeLink};
use super::policy::own_words;
use super::second_factor::{methods, take_code};
use super::{LoginRefused, PasswordVerdict, RequestSource, Scope, normal_email};
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use crate::{Event, Laboratory, Store, StoreError, now};
use attest_domain::ids::UserId;
use attest_domain::{Action, Language};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// What a link that works leads to.
#[derive(Debug, Clone)]
pub struct OpenLink {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Where.
    pub laboratory: Laboratory,
    /// Whose: e-mail address.
    pub email: String,
    /// Whose: printed name.
    pub name: String,
    /// Their language.
    pub language: Language,
    /// A code of their second factor will be asked for.
    pub second_factor: bool,
    /// How long it works.
    pub expires_at: DateTime<Utc>,
}

row! { struct PlaceRow { tenant_id: Uuid, user_id: UserId } }

impl Store {
    /// Sends a link to everybody with this address who may sign in, in every laboratory or the one that is named. Says
    /// nothing about whether there was anybody, and is not waited for by whoever asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn password_reset_request(
        &self,
        email: &str,
        laboratory: Option<String>,
        source: RequestSource,
    ) -> Result<(), StoreError> {
        let email = normal_email(email);
        let places = self.inner.backend.read(None, move |db| {
            let mut query = sql(
                "SELECT d.tenant_id, d.user_id FROM directory d JOIN tenants t ON t.id = d.tenant_id WHERE d.email = ? AND t.suspended_at IS NULL",
            )
            .bind(email);
            if let Some(slug) = laboratory {
                query.push(" AND t.slug = ?").value(slug);
            }
            query.all::<PlaceRow>(db)
        });
        for place in places.await? {
            let (inner, source, tenant) = (Arc::clone(&self.inner), source.clone(), place.tenant_id);
            let sent = self.inner.backend.write(Some(tenant), move |db| {
                let scope = Scope::anonymous(inner.tenants.load(db, tenant)?, source);
                WriteTx::<()>::new(&inner, db, &scope).link_send_if_due(place.user_id)
            });
            if sent.await? {
                self.inner.sequencing.wake(tenant);
                self.inner.post.wake(tenant);
            }
        }
        Ok(())
    }

    /// What a link leads to.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a link that does not work, or not any more.
    pub async fn password_link(&self, token: &str) -> Result<OpenLink, StoreError> {
        let (_link, room, holder) = self.link_followed(token).await?;
        Ok(OpenLink {
            purpose: holder.purpose(),
            laboratory: room.laboratory.clone(),
            language: holder.language.parse().unwrap_or(room.laboratory.language),
            email: holder.email,
            name: holder.name,
            second_factor: holder.has_second_factor,
            expires_at: holder.expires_at,
        })
    }

    /// What would be said about this password if the holder of the link chose it; the history is not asked.
    ///
    /// # Errors
    /// As [`password_link`](Self::password_link); [`StoreError::Overloaded`].
    pub async fn password_tried_by_link(
        &self,
        token: &str,
        plain: &str,
    ) -> Result<(PasswordVerdict, Language), StoreError> {
        let (_link, room, holder) = self.link_followed(token).await?;
        let language = holder.language.parse().unwrap_or(room.laboratory.language);
        Ok((self.verdict_for(&room, &holder, plain).await?, language))
    }

    /// Gives the holder of the link the password they chose. All their sessions end, and a waiting account is open again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a link that does not work; [`LoginRefused::FactorMissing`] where a code is asked for and
    /// none was sent; [`LoginRefused::Credentials`] for a wrong one, which counts towards the lock-out; [`LoginRefused::Waits`];
    /// [`StoreError::Faults`] with everything that is wrong with the password.
    pub async fn password_reset_complete(
        &self,
        token: &str,
        plain: &str,
        otp: Option<&str>,
        language: Option<Language>,
        source: RequestSource,
    ) -> Result<(), LoginRefused> {
        let (link, room, holder) = self.link_followed(token).await?;
        let (tenant, user) = (link.tenant, holder.user_id);
        if holder.has_second_factor && otp.is_none() {
            let found = self
                .inner
                .backend
                .read(Some(tenant), move |db| methods(db, tenant, user));
            return Err(LoginRefused::FactorMissing(found.await?));
        }
        // Before the code, which is used up by looking at it.
        let policy = &room.laboratory.settings.password;
        let mut verdict = self.verdict_for(&room, &holder, plain).await?;
        verdict
            .refusals
            .extend(self.password_reused(tenant, user, policy, plain).await?);
        let theirs = holder.language.parse().unwrap_or(room.laboratory.language);
        verdict.accepted("new_password", language.unwrap_or(theirs))?;
        if holder.has_second_factor {
            self.second_factor_behind_link(&holder, tenant, otp.unwrap_or_default())
                .await?;
        }
        let set = PasswordSet {
            user,
            before: self.password_hash(tenant, user).await?,
            after: self.inner.passwords.hash(plain).await?,
        };
        let (inner, purpose) = (Arc::clone(&self.inner), holder.purpose());
        let done = self.inner.backend.write(Some(tenant), move |db| {
            let scope = Scope::person(inner.tenants.load(db, tenant)?, user, None, source);
            let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
            tx.link_spend(&link)?;
            let version = tx.password_set(&set)?;
            sql("UPDATE sessions SET ended_at = ?, ended_reason = 'password changed' WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
                .bind(now())
                .bind(tenant)
                .bind(user)
                .run(tx.db)?;
            if purpose == LinkPurpose::Reset {
                tx.mail(user, Matter::PasswordChanged { at: now() })?;
            }
            tx.also(Event::new(Action::UserPasswordReset, "user", user).version(version))
        });
        done.await?;
        self.inner.sequencing.wake(tenant);
        self.inner.post.wake(tenant);
        Ok(())
    }

    async fn link_followed(&self, token: &str) -> Result<(OneTimeLink, Arc<Tenant>, LinkHolder), StoreError> {
        let link = OneTimeLink::parse(token).ok_or(StoreError::NotFound)?;
        let (inner, tenant) = (Arc::clone(&self.inner), link.tenant);
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                let holder = link.holder(db)?;
                let room = inner.tenants.load(db, tenant)?;
                room.laboratory.open()?;
                Ok((link, room, holder))
            })
            .await
    }

    async fn verdict_for(
        &self,
        room: &Tenant,
        holder: &LinkHolder,
        plain: &str,
    ) -> Result<PasswordVerdict, StoreError> {
        let laboratory = &room.laboratory;
        let own = own_words(laboratory, &holder.email, &holder.name);
        self.password_verdict(&laboratory.settings.password, own, plain).await
    }

    /// A link is worth what the mailbox is worth; whoever has a second factor shows it too (ASVS 6.4.3).
    async fn second_factor_behind_link(
        &self,
        holder: &LinkHolder,
        tenant: Uuid,
        otp: &str,
    ) -> Result<(), LoginRefused> {
        if let Some(until) = holder.locked_until.filter(|until| *until > now()) {
            return Err(LoginRefused::Waits(until));
        }
        let (inner, user, otp) = (Arc::clone(&self.inner), holder.user_id, otp.to_owned());
        let taken = self
            .inner
            .backend
            .write(Some(tenant), move |db| take_code(&inner, db, tenant, user, &otp));
        if taken.await?.is_none() {
            self.failure_counted(tenant, user.uuid()).await?;
            return Err(LoginRefused::Credentials);
        }
        Ok(())
    }
}
