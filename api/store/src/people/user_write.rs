//! Adding and changing users. Every change of rights raises the user's `access_version`, so that it counts on the next
//! request (ATT-15).

use super::users::{GrantView, grants_of, roles_of};
use crate::access::normal_email;
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, HashingLoad, Once, Permit, Recorded, Ref, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::{ClientId, RoleId, UserId};
use attest_domain::text::{CODE_MAX, LINE_MAX};
use attest_domain::{Action, Language, may, name, password};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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
    /// Initial password: 12 to 128 characters; letters, digits and another character.
    pub password: String,
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
    pub grants: Vec<GrantView>,
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

fn texts(wrong: &mut Faults, name: &str, title: Option<&String>) {
    wrong.line("name", name, LINE_MAX);
    wrong.maybe_line("title", title, CODE_MAX);
}

impl Store {
    /// The hash of a new password that satisfies the policy.
    pub(super) async fn new_password(&self, plain: &str, email: &str) -> Result<String, StoreError> {
        password::check(plain, email)
            .map_err(|refusal| StoreError::invalid("password", "password_policy", refusal.to_string()))?;
        self.inner.passwords.hash(plain).await.map_err(|load| match load {
            HashingLoad::Full => StoreError::Overloaded,
            HashingLoad::Failed => StoreError::broken(load),
        })
    }

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
        if let Err(refusal) = password::check(&new.password, &email) {
            wrong.say("password", "password_policy", refusal.to_string());
        }
        wrong.done()?;
        let hash = self.new_password(&new.password, &email).await?;
        self.write(permit, once, move |tx| tx.user_insert(&email, &new, &hash))
            .await
    }
}

impl WriteTx<'_, may::UserManage> {
    fn user_insert(&mut self, email: &str, new: &NewUser, hash: &str) -> Result<Recorded<UserId>, StoreError> {
        self.may_assign(&new.role_ids, &[], None)?;
        let client = self.client_named(new.client_id)?;
        let (tenant, id, at) = (self.tenant(), UserId::new(), now());
        let language = new.language.unwrap_or(self.laboratory().language);
        sql("INSERT INTO users (tenant_id, id, email, name, name_key, title, language, client_id, password_hash, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(tenant)
        .bind(id)
        .bind(email)
        .bind(&new.name)
        .bind(name::normalise(&new.name))
        .bind(&new.title)
        .bind(language.as_str())
        .bind(new.client_id)
        .bind(hash)
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
        self.record(difference(event, None, &told)?, id)
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
            "SELECT email, name, title, language, client_id, version FROM users WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(id)
        .one::<UserRow>(self.db)?;
        as_seen(seen, row.version)?;
        let roles = roles_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let before = UserData {
            name: row.name,
            title: row.title,
            language: row.language.parse().unwrap_or(Language::En),
            role_ids: roles.iter().map(|role| RoleId::from_uuid(role.id)).collect(),
            client_id: row.client_id,
            grants: grants_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default(),
        };
        let after: UserData = merged(&before, patch)?;
        let mut wrong = Faults::default();
        texts(&mut wrong, &after.name, after.title.as_ref());
        wrong.done()?;
        self.may_assign(&after.role_ids, &before.role_ids, Some(id))?;
        self.may_grant(&after.grants, &before.grants)?;
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
        self.grants_set(id, &after.grants)?;
        self.an_administrator_stays()?;
        let told = |data: &UserData, roles: Vec<String>, client: Option<String>| Told {
            email: row.email.clone(),
            name: data.name.clone(),
            title: data.title.clone(),
            language: data.language,
            roles,
            client,
            grants: data
                .grants
                .iter()
                .map(|grant| format!("{} {}: {}", grant.effect, grant.permission, grant.reason))
                .collect(),
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

    fn client_named(&mut self, id: Option<ClientId>) -> Result<Option<String>, StoreError> {
        row! { struct NameRow { name: String } }
        let Some(id) = id else { return Ok(None) };
        sql("SELECT name FROM clients WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .first::<NameRow>(self.db)?
            .map(|row| Some(row.name))
            .ok_or_else(|| StoreError::invalid("client_id", "unknown", "there is no such client"))
    }

    fn role_names(&mut self, user: UserId) -> Result<Vec<String>, StoreError> {
        let tenant = self.tenant();
        Ok(roles_of(self.db, tenant, &[user])?
            .remove(&user)
            .unwrap_or_default()
            .into_iter()
            .map(|role| role.name)
            .collect())
    }

    fn roles_set(&mut self, user: UserId, roles: &[RoleId]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("DELETE FROM user_roles WHERE tenant_id = ? AND user_id = ?")
            .bind(tenant)
            .bind(user)
            .run(self.db)?;
        for role in roles {
            sql("INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES (?, ?, ?)")
                .bind(tenant)
                .bind(user)
                .bind(*role)
                .run(self.db)?;
        }
        Ok(())
    }

    fn grants_set(&mut self, user: UserId, grants: &[GrantView]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("DELETE FROM user_grants WHERE tenant_id = ? AND user_id = ?")
            .bind(tenant)
            .bind(user)
            .run(self.db)?;
        for grant in grants {
            sql("INSERT INTO user_grants (tenant_id, user_id, permission, effect, reason) VALUES (?, ?, ?, ?, ?)")
                .bind(tenant)
                .bind(user)
                .bind(grant.permission.as_str())
                .bind(grant.effect.as_str())
                .bind(&grant.reason)
                .run(self.db)?;
        }
        Ok(())
    }
}
