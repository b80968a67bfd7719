//! Taking people over from another system, by somebody at the server's command line: all of them or nobody.
//!
//! Who comes with a hash signs in with the password they know, and gets a hash of today at the first login. Who comes without
//! one is invited by mail.

use super::user_write::{FirstPassword, NewUser, texts};
use crate::access::{Scope, importable, normal_email};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::{Permit, Store, StoreError, WriteTx};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::{may, name};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A person of another system.
#[derive(Clone)]
pub struct ImportedUser {
    /// Where it stands in the file, for messages: a line, or an item.
    pub place: String,
    /// E-mail address.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Roles, by short name or name.
    pub roles: Vec<String>,
    /// The hash that the other system kept.
    pub password_hash: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedUsers {
    /// Who can sign in with the password they know.
    pub with_password: usize,
    /// Who was sent an invitation.
    pub invited: usize,
}

row! { struct RoleRow { id: RoleId, slug: String, name: String } }
row! { struct TakenRow { email: String } }

impl Store {
    /// Adds these people to a laboratory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the laboratory; [`StoreError::Faults`] with everything that is wrong, by its place in the
    /// file: nobody is added then.
    pub async fn users_import(&self, slug: &str, people: Vec<ImportedUser>) -> Result<ImportedUsers, StoreError> {
        let room = self.laboratory_room(slug).await?;
        let tenant = room.laboratory.id;
        let permit: Permit<may::UserManage> = Permit::of(Arc::new(Scope::operator(room)));
        let with_password = people.iter().filter(|person| person.password_hash.is_some()).count();
        let invited = people.len().saturating_sub(with_password);
        self.write(permit, None, move |tx| {
            let ready = tx.import_checked(people)?;
            let mut added: Vec<UserId> = Vec::new();
            for (email, new, first) in &ready {
                added.push(tx.user_insert(email, new, first)?);
            }
            tx.recorded(added)
        })
        .await?;
        self.inner.post.wake(tenant);
        Ok(ImportedUsers { with_password, invited })
    }
}

impl WriteTx<'_, may::UserManage> {
    fn import_checked(
        &mut self,
        people: Vec<ImportedUser>,
    ) -> Result<Vec<(String, NewUser, FirstPassword)>, StoreError> {
        let roles = self.roles_by_any_name()?;
        let mut taken = self.addresses_taken()?;
        let mut wrong = Faults::default();
        let mut ready = Vec::new();
        for person in people {
            let at = |field: &str| format!("{}: {field}", person.place);
            let email = normal_email(&person.email);
            wrong.maybe_email(&at("email"), Some(&email));
            wrong.unless(
                taken.insert(email.clone()),
                at("email"),
                "duplicate",
                "somebody has this address already",
            );
            let mut own = Faults::default();
            texts(&mut own, &person.name, None);
            if let Err(StoreError::Faults(faults)) = own.done() {
                for fault in faults {
                    wrong.say(at(&fault.path), fault.code, fault.message);
                }
            }
            let mut role_ids = Vec::new();
            for wanted in &person.roles {
                match roles.get(&name::normalise(wanted)) {
                    Some(role) => role_ids.push(*role),
                    None => wrong.say(at("roles"), "unknown", format!("there is no role “{wanted}”")),
                }
            }
            let first = match person.password_hash {
                None => FirstPassword::Invitation,
                Some(hash) => {
                    if let Err(refused) = importable(&hash) {
                        wrong.say(at("password_hash"), "hash", refused.to_string());
                    }
                    FirstPassword::Theirs(hash)
                }
            };
            let new = NewUser {
                email: email.clone(),
                name: person.name,
                title: None,
                language: None,
                role_ids,
                client_id: None,
                password: None,
            };
            ready.push((email, new, first));
        }
        wrong.unless(!ready.is_empty(), "file", "empty", "holds nobody");
        wrong.done()?;
        Ok(ready)
    }

    fn roles_by_any_name(&mut self) -> Result<HashMap<String, RoleId>, StoreError> {
        let rows = sql("SELECT id, slug, name FROM roles WHERE tenant_id = ?")
            .bind(self.tenant())
            .all::<RoleRow>(self.db)?;
        let names = |row: RoleRow| {
            [
                (name::normalise(&row.slug), row.id),
                (name::normalise(&row.name), row.id),
            ]
        };
        Ok(rows.into_iter().flat_map(names).collect())
    }

    fn addresses_taken(&mut self) -> Result<HashSet<String>, StoreError> {
        let rows = sql("SELECT email FROM users WHERE tenant_id = ?")
            .bind(self.tenant())
            .all::<TakenRow>(self.db)?;
        Ok(rows.into_iter().map(|row| row.email).collect())
    }
}
