//! One's own account, and refusals.

use crate::db::{row, sql};
use crate::{Caller, Event, Store, StoreError, now};
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

row! { struct AccountRow { email: String, name: String, title: Option<String>, language: String, has_pin: bool } }

impl Store {
    /// The caller's own account.
    ///
    /// # Errors
    /// The database's.
    pub async fn my_account(&self, caller: &Caller) -> Result<MyAccount, StoreError> {
        let (tenant, user) = (caller.laboratory().id, caller.principal().user);
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                let row = sql("SELECT email, name, title, language, pin_hash IS NOT NULL FROM users WHERE tenant_id = ? AND id = ?").bind(tenant).bind(user).one::<AccountRow>(db)?;
                let roles = sql("SELECT r.id, r.name, r.slug FROM user_roles u JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id \
                     WHERE u.tenant_id = ? AND u.user_id = ? ORDER BY r.name")
                    .bind(tenant)
                    .bind(user)
                    .all::<MyRole>(db)?;
                Ok(MyAccount { email: row.email, name: row.name, title: row.title, language: row.language.parse().unwrap_or(Language::En), roles, has_pin: row.has_pin })
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

    /// Records that somebody was refused something (ATT-25): which operation, on what, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn refused(&self, caller: &Caller, refusal: Refusal) -> Result<(), StoreError> {
        self.write(caller.on_record(), None, move |tx| {
            let event = Event::new(Action::AccessRefused, "operation", &refusal.operation)
                .label(&refusal.operation)
                .set("path", refusal.path)
                .set("problem", refusal.problem)
                .set("why", refusal.why);
            tx.record(event, ())
        })
        .await
        .map(|_written| ())
    }
}
