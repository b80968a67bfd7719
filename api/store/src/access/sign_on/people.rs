//! Who somebody of the provider is here: found by the provider's own name for them, else once by a checked e-mail address, else
//! made. And the roles that follow the provider.

use super::arrive::SignOnClaims;
use super::provider::{ProviderRow, Rules};
use super::refused::SignOnRefused;
use crate::access::normal_email;
use crate::check::Faults;
use crate::db::{row, sql};
use crate::mail::Matter;
use crate::{Event, NewUser, StoreError, WriteTx, now};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::role::ShippedRole;
use attest_domain::text::LINE_MAX;
use attest_domain::{Action, Language, may};
use std::collections::BTreeSet;
use uuid::Uuid;

row! { struct PersonRow { id: UserId, active: bool } }
row! { struct CountRow { count: i64 } }
row! { struct RoleRow { id: RoleId, slug: String } }
row! { struct HeldRow { role_id: RoleId } }
row! { struct VersionRow { version: i64 } }

/// Which person, or why nobody.
type Found = Result<UserId, SignOnRefused>;

impl WriteTx<'_, may::UserManage> {
    /// The person, with the roles that the provider says. What is refused is not undone: that roles were taken stays.
    pub(super) fn sign_on_person(
        &mut self,
        provider: &ProviderRow,
        rules: &Rules,
        claims: &SignOnClaims,
    ) -> Result<Found, StoreError> {
        // One at a time: two first logins of one person must not make two accounts, nor two people take the last administrator.
        self.people_locked()?;
        let tenant = self.tenant();
        let known = sql("SELECT u.id, u.active FROM sign_on_identities i JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id \
             WHERE i.tenant_id = ? AND i.issuer = ? AND i.subject = ? AND u.kind = 'person'")
            .bind(tenant)
            .bind(&claims.issuer)
            .bind(&claims.subject)
            .first::<PersonRow>(self.db)?;
        let user = match known {
            Some(person) if !person.active => return Ok(Err(SignOnRefused::Inactive)),
            Some(person) => {
                sql(
                    "UPDATE sign_on_identities SET last_used_at = ? WHERE tenant_id = ? AND issuer = ? AND subject = ?",
                )
                .bind(now())
                .bind(tenant)
                .bind(&claims.issuer)
                .bind(&claims.subject)
                .run(self.db)?;
                person.id
            }
            None => match self.first_time(rules, &provider.name, claims)? {
                Ok(user) => user,
                refused => return Ok(refused),
            },
        };
        // Nobody hands roles to themselves (ATT-24): who wrote the map gains none by it.
        let gains = provider.updated_by != Some(user);
        if self.roles_follow(user, rules, claims, gains)? {
            Ok(Ok(user))
        } else {
            Ok(Err(SignOnRefused::NoRole))
        }
    }

    /// By e-mail address, which the provider must vouch for: whoever could claim any address there would become anybody here.
    fn first_time(&mut self, rules: &Rules, provider: &str, claims: &SignOnClaims) -> Result<Found, StoreError> {
        let vouched = claims.email_verified || rules.trust_email;
        let Some(email) = claims.email.as_deref().map(normal_email).filter(|_email| vouched) else {
            return Ok(Err(SignOnRefused::NotVerified));
        };
        let mut wrong = Faults::default();
        wrong.maybe_email("email", Some(&email));
        let domain = email.rsplit('@').next().unwrap_or_default();
        if wrong.done().is_err() {
            return Ok(Err(SignOnRefused::NotVerified));
        }
        if !rules.email_domains.is_empty() && !rules.email_domains.iter().any(|known| known == domain) {
            return Ok(Err(SignOnRefused::Domain));
        }
        let there = sql("SELECT id, active FROM users WHERE tenant_id = ? AND email = ? AND kind = 'person'")
            .bind(self.tenant())
            .bind(&email)
            .first::<PersonRow>(self.db)?;
        match there {
            Some(person) if !person.active => Ok(Err(SignOnRefused::Inactive)),
            Some(person) if self.is_linked(person.id, &claims.issuer)? => Ok(Err(SignOnRefused::AlreadyLinked)),
            Some(person) => {
                self.link(person.id, claims)?;
                let provider = provider.to_owned();
                self.mail(person.id, Matter::SignOnLinked { provider, at: now() })?;
                Ok(Ok(person.id))
            }
            None if !rules.create_accounts => Ok(Err(SignOnRefused::NoAccount)),
            None => self.made(rules, claims, &email),
        }
    }

    fn made(&mut self, rules: &Rules, claims: &SignOnClaims, email: &str) -> Result<Found, StoreError> {
        let there: BTreeSet<RoleId> = self.roles_there()?.into_iter().map(|role| role.id).collect();
        let mut role_ids: Vec<RoleId> = rules.default_role_ids.clone();
        role_ids.extend(mapped(rules, claims));
        role_ids.retain(|role| there.contains(role));
        role_ids.sort();
        role_ids.dedup();
        if role_ids.is_empty() {
            return Ok(Err(SignOnRefused::NoRole));
        }
        let new = NewUser {
            email: email.to_owned(),
            name: printed_name(claims.name.as_deref(), email),
            title: None,
            language: claims.language.as_deref().and_then(language_of),
            role_ids,
            client_id: None,
            password: None,
        };
        let user = self.user_signed_on(email, &new)?;
        self.link(user, claims)?;
        Ok(Ok(user))
    }

    fn is_linked(&mut self, user: UserId, issuer: &str) -> Result<bool, StoreError> {
        let row = sql("SELECT COUNT(*) FROM sign_on_identities WHERE tenant_id = ? AND user_id = ? AND issuer = ?")
            .bind(self.tenant())
            .bind(user)
            .bind(issuer)
            .one::<CountRow>(self.db)?;
        Ok(row.count > 0)
    }

    fn link(&mut self, user: UserId, claims: &SignOnClaims) -> Result<(), StoreError> {
        sql("INSERT INTO sign_on_identities (tenant_id, id, user_id, issuer, subject, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(self.tenant())
            .bind(Uuid::now_v7())
            .bind(user)
            .bind(&claims.issuer)
            .bind(&claims.subject)
            .bind(now())
            .bind(now())
            .run(self.db)?;
        let event = Event::new(Action::SignOnLinked, "user", user)
            .set("issuer", claims.issuer.as_str())
            .set("subject", claims.subject.as_str());
        self.also(event)
    }

    fn roles_there(&mut self) -> Result<Vec<RoleRow>, StoreError> {
        sql("SELECT id, slug FROM roles WHERE tenant_id = ?")
            .bind(self.tenant())
            .all::<RoleRow>(self.db)
    }

    /// Roles that the map names are what the provider says, all others stay as they were given; the last administrator stays one.
    /// Whether there is a role at all.
    fn roles_follow(
        &mut self,
        user: UserId,
        rules: &Rules,
        claims: &SignOnClaims,
        gains: bool,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let there = self.roles_there()?;
        let held: BTreeSet<RoleId> = sql("SELECT role_id FROM user_roles WHERE tenant_id = ? AND user_id = ?")
            .bind(tenant)
            .bind(user)
            .all::<HeldRow>(self.db)?
            .into_iter()
            .map(|row| row.role_id)
            .collect();
        let named = |id: &RoleId| rules.role_map.iter().any(|mapped| mapped.role_ids.contains(id));
        let wanted: BTreeSet<RoleId> = mapped(rules, claims)
            .filter(|id| there.iter().any(|role| role.id == *id) && (gains || held.contains(id)))
            .collect();
        let mut after: BTreeSet<RoleId> = held.iter().filter(|id| !named(id)).copied().collect();
        after.extend(&wanted);
        if after == held {
            return Ok(!held.is_empty());
        }
        let before = self.role_names(user)?;
        self.roles_set(user, &after.iter().copied().collect::<Vec<_>>())?;
        let administrator = there
            .iter()
            .find(|role| role.slug == ShippedRole::Administrator.slug())
            .map(|role| role.id)
            .filter(|id| held.contains(id) && !after.contains(id));
        let mut kept = false;
        if let Some(role) = administrator
            && self.an_administrator_stays().is_err()
        {
            after.insert(role);
            self.roles_set(user, &after.iter().copied().collect::<Vec<_>>())?;
            kept = true;
        }
        if after == held {
            return Ok(true);
        }
        let version = sql(
            "UPDATE users SET access_version = access_version + 1, updated_at = ?, version = version + 1 \
             WHERE tenant_id = ? AND id = ? RETURNING version",
        )
        .bind(now())
        .bind(tenant)
        .bind(user)
        .one::<VersionRow>(self.db)?
        .version;
        let names = self.role_names(user)?;
        let mut event = Event::new(Action::SignOnRolesFollowed, "user", user)
            .version(version)
            .change("roles", before.join(", "), names.join(", "));
        if kept {
            event = event.because(None, "other", Some("the last administrator stays"));
        }
        self.also(event)?;
        Ok(!after.is_empty())
    }
}

/// The roles that the provider's words stand for.
fn mapped<'a>(rules: &'a Rules, claims: &'a SignOnClaims) -> impl Iterator<Item = RoleId> + 'a {
    rules
        .role_map
        .iter()
        .filter(|mapped| claims.role_values.contains(&mapped.value))
        .flat_map(|mapped| mapped.role_ids.iter().copied())
}

/// A name that can be printed: the provider's, in one line, or what stands before the address's `@`.
fn printed_name(name: Option<&str>, email: &str) -> String {
    let clean = |text: &str| -> String {
        let line: String = text.chars().filter(|c| !c.is_control()).take(LINE_MAX).collect();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    name.map(clean)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| clean(email.split('@').next().unwrap_or_default()))
}

/// `pl-PL` is Polish.
fn language_of(tag: &str) -> Option<Language> {
    tag.split(['-', '_']).next()?.to_lowercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_on_a_report() {
        assert_eq!(printed_name(Some(" Anna \t Nowak\u{7}\n"), "a@b.example"), "Anna Nowak");
        assert_eq!(printed_name(Some("  "), "anna.nowak@b.example"), "anna.nowak");
        assert_eq!(printed_name(None, "anna@b.example"), "anna");
    }

    #[test]
    fn a_language_is_read_from_a_locale() {
        assert_eq!(language_of("pl-PL"), Some(Language::Pl));
        assert_eq!(language_of("en_GB"), Some(Language::En));
        assert_eq!(language_of("xx"), None);
    }
}
