//! One's own account, and refusals.

use crate::access::REFUSALS_OF_A_BURST;
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::platform::notice;
use crate::tx::WriteTx;
use crate::{Caller, Event, Store, StoreError, SupportNotice, now};
use attest_domain::ids::UserId;
use attest_domain::{Action, Language, may};
use uuid::Uuid;

/// The signed-in person's account.
#[derive(Debug, Clone)]
pub struct MyAccount {
    /// E-mail address.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    pub title: Option<String>,
    /// Language of screens.
    pub language: Language,
    /// Roles.
    pub roles: Vec<MyRole>,
    /// There is a PIN that unlocks the screen.
    pub has_pin: bool,
    /// Support of the platform is in the laboratory at this moment.
    pub support_access: Option<SupportNotice>,
    /// There is a passkey.
    pub has_passkey: bool,
    /// There is a password.
    pub has_password: bool,
    /// The name of the identity provider that the account is linked with.
    pub sign_on: Option<String>,
}

row! {
    /// A role the person has.
    #[derive(Debug, Clone)]
    pub struct MyRole {
        /// Its id.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// Its short name.
        pub slug: String,
    }
}

/// What somebody was refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The operation, such as `POST /api/v1/results/{id}/verify`.
    pub operation: String,
    /// The path that was asked for, with the ids in it.
    pub path: String,
    /// The problem's stable name.
    pub problem: String,
    /// Why, in words.
    pub why: String,
}

impl Refusal {
    fn event(self) -> Event {
        Event::new(Action::AccessRefused, "operation", &self.operation)
            .label(&self.operation)
            .set("path", self.path)
            .set("problem", self.problem)
            .set("why", self.why)
    }
}

row! { struct NameRow { name: String } }
row! { struct AccountRow { email: String, name: String, title: Option<String>, language: String, has_pin: bool, has_passkey: bool, has_password: bool, sign_on: Option<String> } }

impl Store {
    /// The caller's own account.
    ///
    /// # Errors
    /// The database's.
    pub async fn my_account(&self, caller: &Caller) -> Result<MyAccount, StoreError> {
        let (tenant, user, visitor) = (
            caller.laboratory().id,
            caller.principal().user,
            caller.principal().visitor,
        );
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                let row = sql("SELECT email, name, title, language, pin_hash IS NOT NULL, \
                     EXISTS (SELECT 1 FROM passkeys k WHERE k.tenant_id = users.tenant_id AND k.user_id = users.id), password_hash NOT IN ('', '!'), \
                     (SELECT p.name FROM sign_on_providers p JOIN sign_on_identities i ON i.tenant_id = p.tenant_id AND i.issuer = p.issuer \
                     WHERE p.tenant_id = users.tenant_id AND i.user_id = users.id) \
                     FROM users WHERE tenant_id = ? AND id = ?").bind(tenant).bind(user).one::<AccountRow>(db)?;
                let roles = sql("SELECT r.id, r.name, r.slug FROM user_roles u JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id \
                     WHERE u.tenant_id = ? AND u.user_id = ? ORDER BY r.name")
                    .bind(tenant)
                    .bind(user)
                    .all::<MyRole>(db)?;
                let support_access = notice(db, tenant)?.map(|found| SupportNotice { operator: found.operator_name, until: found.until, you: visitor });
                Ok(MyAccount { support_access, email: row.email, name: row.name, title: row.title, language: row.language.parse().unwrap_or(Language::En), roles, has_pin: row.has_pin, has_passkey: row.has_passkey, has_password: row.has_password, sign_on: row.sign_on })
            })
            .await
    }

    /// Changes the caller's own language or title.
    ///
    /// # Errors
    /// The database's.
    pub async fn my_account_edit(
        &self,
        caller: &Caller,
        language: Option<Language>,
        title: Option<String>,
    ) -> Result<(), StoreError> {
        let before = self.my_account(caller).await?;
        let user = caller.principal().user;
        let permit = caller.permit::<may::Myself>().map_err(StoreError::broken)?;
        self.write(permit, None, move |tx| {
            let tenant = tx.tenant();
            let language = language.unwrap_or(before.language);
            let title = title.or_else(|| before.title.clone());
            sql("UPDATE users SET language = ?, title = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
                .bind(language.as_str())
                .bind(&title)
                .bind(now())
                .bind(tenant)
                .bind(user)
                .run(tx.db)?;
            let event = Event::new(Action::UserEdited, "user", user)
                .change("language", before.language.as_str(), language.as_str())
                .change("title", before.title.clone(), title);
            tx.record(event, ())
        })
        .await
        .map(|_written| ())
    }

    /// Records that somebody was refused something (ATT-25), or several items of one request: which operation, on what, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn refused(&self, caller: &Caller, mut refusals: Vec<Refusal>) -> Result<(), StoreError> {
        let Some(last) = refusals.pop() else {
            return Ok(());
        };
        let (laboratory, person) = (caller.laboratory().id, caller.principal().user);
        let bursts = &self.inner.bursts;
        let burst = bursts.begins(laboratory, person.uuid(), refusals.len().saturating_add(1));
        self.write(caller.on_record(), None, move |tx| {
            if burst {
                tx.tell_of_burst(person)?;
            }
            for refusal in refusals {
                tx.also(refusal.event())?;
            }
            tx.record(last.event(), ())
        })
        .await?;
        if burst {
            self.inner.post.wake(laboratory);
        }
        Ok(())
    }
}

impl WriteTx<'_, may::SignedIn> {
    fn tell_of_burst(&mut self, person: UserId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let name = sql("SELECT name FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(person)
            .one::<NameRow>(self.db)?
            .name;
        let matter = Matter::ManyRefusals {
            name,
            count: REFUSALS_OF_A_BURST,
            at: now(),
        };
        self.mail_administrators(Some(person), &matter)?;
        let event = Event::new(Action::RefusedOften, "user", person).set("count", REFUSALS_OF_A_BURST);
        self.also(event)
    }
}
