//! Adding and changing users. Every change of rights raises the user's `access_version`, so that it counts on the next
//! request (ATT-15).

use super::grants::{GrantData, GrantView, grants_of};
use super::users::roles_of;
use crate::access::{normal_email, own_words};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Once, Permit, Recorded, Ref, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::{ClientId, RoleId, UserId};
use attest_domain::text::{CODE_MAX, LINE_MAX};
use attest_domain::{Action, Language, may, name};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;
use utoipa::ToSchema;

/// A new user.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna.nowak@lab.example", "name": "Anna Nowak", "title": "Analyst", "language": "pl", "role_ids": ["01980000-0000-7000-8000-000000000000"], "password": "…"}))]
pub struct NewUser {
    /// E-mail address; unique in the laboratory, without regard to case.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    #[serde(default)]
    pub title: Option<String>,
    /// Language of screens; the laboratory's when absent.
    #[serde(default)]
    pub language: Option<Language>,
    /// Roles.
    pub role_ids: Vec<RoleId>,
    /// The client the person belongs to: they see that client's orders, samples and released reports only. None for staff.
    #[serde(default)]
    pub client_id: Option<ClientId>,
    /// Initial password, which the laboratory's policy accepts and, where it says so, the person changes at the first login.
    /// Without one the person is invited by mail to choose it themselves.
    #[serde(default)]
    pub password: Option<String>,
}

/// What may be changed of a user.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserData {
    /// Printed name.
    pub name: String,
    /// Title printed with signatures.
    #[serde(default)]
    pub title: Option<String>,
    /// Language of screens.
    pub language: Language,
    /// Roles.
    pub role_ids: Vec<RoleId>,
    /// The client the person belongs to; none for staff.
    #[serde(default)]
    pub client_id: Option<ClientId>,
    /// Single permissions on top of the roles.
    pub grants: Vec<GrantData>,
}

/// What the event of a change shows: names instead of ids.
#[derive(Serialize)]
struct Told {
    email: String,
    name: String,
    title: Option<String>,
    language: Language,
    roles: Vec<String>,
    client: Option<String>,
    grants: Vec<String>,
}

row! { struct UserRow { email: String, name: String, title: Option<String>, language: String, client_id: Option<ClientId>, version: i64 } }

/// How somebody who is added comes by a password.
pub(super) enum FirstPassword {
    /// They choose it by a link.
    Invitation,
    /// The hash of one that an administrator gave; the policy may have it changed at the first login.
    Given(String),
    /// The hash of their own, from another system.
    Theirs(String),
    /// They have none: they sign in at the laboratory's identity provider.
    Elsewhere,
}

/// What stands for a password there: no text hashes to it, and it is no invitation that waits.
const SIGNS_IN_ELSEWHERE: &str = "!";

pub(super) fn texts(wrong: &mut Faults, name: &str, title: Option<&String>) {
    wrong.line("name", name, LINE_MAX);
    wrong.maybe_line("title", title, CODE_MAX);
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Faults`] and [`StoreError::Invalid`] for wrong values, [`StoreError::Duplicate`] for an address that is
    /// taken, 403 when a role may not be given.
    pub async fn user_create(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        new: NewUser,
    ) -> Result<Written<may::UserManage, UserId>, StoreError> {
        let email = normal_email(&new.email);
        let mut wrong = Faults::default();
        wrong.maybe_email("email", Some(&email));
        texts(&mut wrong, &new.name, new.title.as_ref());
        let (laboratory, language) = (&permit.scope().tenant.laboratory, permit.scope().language);
        if let Some(plain) = &new.password {
            let own = own_words(laboratory, &email, &new.name);
            let verdict = self.password_verdict(&laboratory.settings.password, own, plain);
            wrong.kept(verdict.await?.accepted("password", language))?;
        }
        wrong.done()?;
        let first = match &new.password {
            Some(plain) => FirstPassword::Given(self.inner.passwords.hash(plain).await?),
            None => FirstPassword::Invitation,
        };
        let tenant = laboratory.id;
        let written = self
            .write(permit, once, move |tx| {
                let id = tx.user_insert(&email, &new, &first)?;
                tx.recorded(id)
            })
            .await?;
        self.inner.post.wake(tenant);
        Ok(written)
    }
}

impl WriteTx<'_, may::UserManage> {
    /// Adds somebody and records it.
    pub(super) fn user_insert(
        &mut self,
        email: &str,
        new: &NewUser,
        first: &FirstPassword,
    ) -> Result<UserId, StoreError> {
        self.may_assign(&new.role_ids, &[], None)?;
        self.stepped_up_for(&new.role_ids)?;
        let client = self.client_named(new.client_id)?;
        let (tenant, id, at) = (self.tenant(), UserId::new(), now());
        let language = new.language.unwrap_or(self.laboratory().language);
        sql("INSERT INTO users (tenant_id, id, email, name, name_key, title, language, client_id, password_hash, must_change_password, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(tenant)
        .bind(id)
        .bind(email)
        .bind(&new.name)
        .bind(name::normalise(&new.name))
        .bind(&new.title)
        .bind(language.as_str())
        .bind(new.client_id)
        .bind(match first {
            FirstPassword::Given(hash) | FirstPassword::Theirs(hash) => hash.as_str(),
            FirstPassword::Invitation => "",
            FirstPassword::Elsewhere => SIGNS_IN_ELSEWHERE,
        })
        .bind(matches!(first, FirstPassword::Given(_)) && self.laboratory().settings.password.change_initial)
        .bind(at)
        .bind(self.user())
        .bind(at)
        .run(self.db)?;
        sql("INSERT INTO directory (email, tenant_id, user_id) VALUES (?, ?, ?)")
            .bind(email)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.roles_set(id, &new.role_ids)?;
        let told = Told {
            email: email.to_owned(),
            name: new.name.clone(),
            title: new.title.clone(),
            language,
            roles: self.role_names(id)?,
            client,
            grants: Vec::new(),
        };
        let event = Event::new(Action::UserCreated, "user", id).version(1);
        self.also(difference(event, None, &told)?)?;
        if matches!(first, FirstPassword::Invitation) {
            self.link_send(id)?;
        }
        Ok(id)
    }

    /// Adds somebody whom the laboratory's identity provider named.
    pub(crate) fn user_signed_on(&mut self, email: &str, new: &NewUser) -> Result<UserId, StoreError> {
        self.user_insert(email, new, &FirstPassword::Elsewhere)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`]; 403 for rights the actor may not hand out; 409
    /// for the last administrator.
    pub fn user_edit(
        &mut self,
        id: UserId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<UserId>, StoreError> {
        self.people_locked()?;
        let tenant = self.tenant();
        let row = sql(format!(
            "SELECT email, name, title, language, client_id, version FROM users WHERE tenant_id = ? AND id = ? AND kind = 'person'{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(id)
        .one::<UserRow>(self.db)?;
        as_seen(seen, row.version)?;
        let roles = roles_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let grants = grants_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let before = UserData {
            name: row.name,
            title: row.title,
            language: row.language.parse().unwrap_or(Language::En),
            role_ids: roles.iter().map(|role| RoleId::from_uuid(role.id)).collect(),
            client_id: row.client_id,
            grants: grants.iter().map(GrantView::data).collect(),
        };
        let mut after: UserData = merged(&before, patch)?;
        after.grants = after.grants.into_iter().map(GrantData::kept).collect();
        let mut wrong = Faults::default();
        texts(&mut wrong, &after.name, after.title.as_ref());
        wrong.done()?;
        self.may_assign(&after.role_ids, &before.role_ids, Some(id))?;
        self.may_grant(&after.grants, &before.grants)?;
        let same_roles =
            after.role_ids.iter().collect::<HashSet<_>>() == before.role_ids.iter().collect::<HashSet<_>>();
        // To belong to no client any more, or to another, opens other people's things.
        if !same_roles || after.grants != before.grants || after.client_id != before.client_id {
            self.must_be_stepped_up()?;
        }
        let clients = (
            self.client_named(before.client_id)?,
            self.client_named(after.client_id)?,
        );
        let version = row.version.saturating_add(1);
        sql("UPDATE users SET name = ?, name_key = ?, title = ?, language = ?, client_id = ?, access_version = access_version + 1, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.name)
            .bind(name::normalise(&after.name))
            .bind(&after.title)
            .bind(after.language.as_str())
            .bind(after.client_id)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.roles_set(id, &after.role_ids)?;
        self.grants_set(id, &after.grants, &grants)?;
        self.an_administrator_stays()?;
        let told = |data: &UserData, roles: Vec<String>, client: Option<String>| Told {
            email: row.email.clone(),
            name: data.name.clone(),
            title: data.title.clone(),
            language: data.language,
            roles,
            client,
            grants: data.grants.iter().map(GrantData::told).collect(),
        };
        let (from, to) = (
            told(
                &before,
                roles.into_iter().map(|role: Ref| role.name).collect(),
                clients.0,
            ),
            told(&after, self.role_names(id)?, clients.1),
        );
        let event = Event::new(Action::UserEdited, "user", id).version(version);
        self.record(difference(event, Some(&from), &to)?, id)
    }
}
