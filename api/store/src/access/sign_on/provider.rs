//! The provider that a laboratory trusts, as its administrators write it down.

use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::difference;
use crate::seen::as_seen;
use crate::{Event, Person, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::text::LINE_MAX;
use attest_domain::{Action, Permission, may};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;

/// Where a secret is sealed to: it opens nowhere else.
pub(super) const SECRET_PLACE: &str = "sign_on_providers/client_secret";
/// Values of the provider that may be mapped, and scopes and domains that may be named.
const MAPPED_MAX: usize = 100;
const NAMED_MAX: usize = 30;
const URL_MAX: usize = 500;

/// A value of the provider's role claim, and the roles it stands for here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MappedRoles {
    /// The value, exactly as the provider writes it: a group's name or id.
    pub value: String,
    /// Roles of this laboratory.
    pub role_ids: Vec<RoleId>,
}

/// The provider, and who is let in by its word.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Waterworks account", "issuer": "https://login.waterworks.example", "client_id": "attest", "client_secret": "…",
    "role_claim": "groups", "role_map": [{"value": "lab-analysts", "role_ids": ["01980000-0000-7000-8000-000000000000"]}],
    "create_accounts": true, "email_domains": ["waterworks.example"], "enforced": false}))]
pub struct SignOnData {
    /// What the button on the sign-in page says: "Sign in with …".
    pub name: String,
    /// The provider's issuer identifier; its discovery document is read from there when this is saved.
    pub issuer: String,
    /// What the provider calls this installation.
    pub client_id: String,
    /// The secret that goes with it. Written and never shown; absent or null keeps the one there is, an empty text removes it.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups or roles; `a.b` is `b` inside `a`.
    #[serde(default = "usual_claim")]
    pub role_claim: String,
    /// Which of its values stand for which roles. Roles named here follow the provider at each login; others are given by hand.
    #[serde(default)]
    pub role_map: Vec<MappedRoles>,
    /// Who has no account yet gets one, if there is a role for them.
    #[serde(default)]
    pub create_accounts: bool,
    /// Roles that every new account gets.
    #[serde(default)]
    pub default_role_ids: Vec<RoleId>,
    /// Passwords open nothing any more, except for people who hold `settings:manage`.
    #[serde(default)]
    pub enforced: bool,
    /// The provider checks e-mail addresses although it does not say so (`email_verified`).
    #[serde(default)]
    pub trust_email: bool,
    /// Only people with an address of these domains are let in for the first time; all when empty.
    #[serde(default)]
    pub email_domains: Vec<String>,
}

fn usual_scopes() -> Vec<String> {
    ["profile", "email"].map(str::to_owned).to_vec()
}

fn usual_claim() -> String {
    "groups".to_owned()
}

/// Everything but the names and the secret, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Rules {
    pub(super) scopes: Vec<String>,
    pub(super) role_claim: String,
    pub(super) role_map: Vec<MappedRoles>,
    pub(super) create_accounts: bool,
    pub(super) default_role_ids: Vec<RoleId>,
    pub(super) enforced: bool,
    pub(super) trust_email: bool,
    pub(super) email_domains: Vec<String>,
}

impl std::fmt::Debug for SignOnData {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignOnData({})", self.issuer)
    }
}

/// The provider as administrators see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignOnView {
    /// There is a provider; without one the rest is what a new one begins with.
    pub configured: bool,
    /// What the button says.
    pub name: String,
    /// The provider's issuer identifier.
    pub issuer: String,
    /// What the provider calls this installation.
    pub client_id: String,
    /// There is a secret; it is never shown.
    pub has_secret: bool,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups or roles.
    pub role_claim: String,
    /// Which of its values stand for which roles.
    pub role_map: Vec<MappedRoles>,
    /// Who has no account yet gets one, if there is a role for them.
    pub create_accounts: bool,
    /// Roles that every new account gets.
    pub default_role_ids: Vec<RoleId>,
    /// Passwords open nothing any more, except for people who hold `settings:manage`.
    pub enforced: bool,
    /// The provider's addresses count as checked.
    pub trust_email: bool,
    /// Domains of people who are let in for the first time; all when empty.
    pub email_domains: Vec<String>,
    /// Where the provider sends people back to: to be registered there, exactly so.
    pub redirect_uri: String,
    /// People whose account is linked with this provider.
    pub linked: i64,
    /// When it was changed last.
    pub updated_at: Option<DateTime<Utc>>,
    /// By whom.
    pub updated_by: Option<Person>,
    /// Its version, the ETag; 0 while there is none.
    pub version: i64,
}

/// What the event of a change shows: names instead of ids, never the secret.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    issuer: &'a str,
    client_id: &'a str,
    scopes: &'a [String],
    role_claim: &'a str,
    role_map: Vec<String>,
    create_accounts: bool,
    default_roles: Vec<String>,
    enforced: bool,
    trust_email: bool,
    email_domains: &'a [String],
}

row! {
    pub(super) struct ProviderRow {
        pub(super) name: String,
        pub(super) issuer: String,
        pub(super) client_id: String,
        pub(super) client_secret: Option<Vec<u8>>,
        pub(super) rules: String,
        updated_at: DateTime<Utc>,
        pub(super) updated_by: Option<UserId>,
        version: i64,
    }
}
row! { struct NameRow { id: RoleId, name: String } }
row! { struct CountRow { count: i64 } }

pub(super) const COLUMNS: &str = "name, issuer, client_id, client_secret, rules, updated_at, updated_by, version";

impl ProviderRow {
    pub(super) fn rules(&self) -> Result<Rules, StoreError> {
        serde_json::from_str(&self.rules).map_err(StoreError::broken)
    }
}

impl SignOnData {
    /// With every text in its one spelling. What only the provider knows is asked elsewhere.
    ///
    /// # Errors
    /// [`StoreError::Faults`] with everything that is wrong.
    pub fn checked(mut self) -> Result<Self, StoreError> {
        self.issuer = self.issuer.trim().to_owned();
        self.client_id = self.client_id.trim().to_owned();
        for domain in &mut self.email_domains {
            *domain = domain.trim().trim_start_matches('@').to_lowercase();
        }
        self.scopes.retain(|scope| scope != "openid");
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, LINE_MAX);
        wrong.line("issuer", &self.issuer, URL_MAX);
        wrong.line("client_id", &self.client_id, URL_MAX);
        wrong.line("role_claim", &self.role_claim, LINE_MAX);
        if let Some(secret) = self.client_secret.as_ref().filter(|secret| !secret.is_empty()) {
            wrong.line("client_secret", secret, URL_MAX);
        }
        for (path, count, most) in [
            ("scopes", self.scopes.len(), NAMED_MAX),
            ("email_domains", self.email_domains.len(), NAMED_MAX),
            ("role_map", self.role_map.len(), MAPPED_MAX),
        ] {
            wrong.unless(count <= most, path, "length", format!("must have at most {most} items"));
        }
        for (index, scope) in self.scopes.iter().enumerate() {
            // RFC 6749, 3.3.
            let fits = !scope.is_empty()
                && scope.len() <= 100
                && scope.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
            wrong.unless(fits, format!("scopes.{index}"), "invalid", "must be one word, such as email");
        }
        for (index, domain) in self.email_domains.iter().enumerate() {
            let fits = domain.contains('.')
                && domain.len() <= 253
                && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
            let path = format!("email_domains.{index}");
            wrong.unless(fits, path, "invalid", "must be a domain such as waterworks.example");
        }
        let mut values = BTreeSet::new();
        for (index, mapped) in self.role_map.iter().enumerate() {
            wrong.line(format!("role_map.{index}.value"), &mapped.value, LINE_MAX);
            let path = format!("role_map.{index}.value");
            wrong.unless(values.insert(&mapped.value), path, "duplicate", "this value is named already");
            let path = format!("role_map.{index}.role_ids");
            wrong.unless(!mapped.role_ids.is_empty(), path, "required", "must name a role");
            let follows = |role: &RoleId| self.default_role_ids.contains(role);
            let path = format!("role_map.{index}.role_ids");
            let message = "a role that every new account gets cannot follow the provider too";
            wrong.unless(!mapped.role_ids.iter().any(follows), path, "conflict", message);
        }
        wrong.done()?;
        Ok(self)
    }

    fn roles(&self) -> Vec<RoleId> {
        roles(&self.role_map, &self.default_role_ids)
    }

    fn rules(&self) -> Rules {
        Rules {
            scopes: self.scopes.clone(),
            role_claim: self.role_claim.clone(),
            role_map: self.role_map.clone(),
            create_accounts: self.create_accounts,
            default_role_ids: self.default_role_ids.clone(),
            enforced: self.enforced,
            trust_email: self.trust_email,
            email_domains: self.email_domains.clone(),
        }
    }
}

/// Every role that is named, once.
fn roles(map: &[MappedRoles], default: &[RoleId]) -> Vec<RoleId> {
    let mapped = map.iter().flat_map(|mapped| mapped.role_ids.iter());
    mapped.chain(default).copied().collect::<BTreeSet<_>>().into_iter().collect()
}

impl Rules {
    pub(super) fn roles(&self) -> Vec<RoleId> {
        roles(&self.role_map, &self.default_role_ids)
    }

    fn told<'a>(
        &'a self,
        (name, issuer, client_id): (&'a str, &'a str, &'a str),
        names: &HashMap<RoleId, String>,
    ) -> Told<'a> {
        let named = |ids: &[RoleId]| -> Vec<String> { ids.iter().filter_map(|id| names.get(id).cloned()).collect() };
        Told {
            name,
            issuer,
            client_id,
            scopes: &self.scopes,
            role_claim: &self.role_claim,
            role_map: self
                .role_map
                .iter()
                .map(|mapped| format!("{}: {}", mapped.value, named(&mapped.role_ids).join(" + ")))
                .collect(),
            create_accounts: self.create_accounts,
            default_roles: named(&self.default_role_ids),
            enforced: self.enforced,
            trust_email: self.trust_email,
            email_domains: &self.email_domains,
        }
    }
}

impl ReadTx<'_, may::SettingsManage> {
    /// The provider, or what a new one begins with. `redirect_uri` is the server's to fill in.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_on(&mut self) -> Result<SignOnView, StoreError> {
        let tenant = self.tenant();
        let found = sql(format!("SELECT {COLUMNS} FROM sign_on_providers WHERE tenant_id = ?"))
            .bind(tenant)
            .first::<ProviderRow>(self.db)?;
        let Some(row) = found else {
            return Ok(SignOnView {
                configured: false,
                name: String::new(),
                issuer: String::new(),
                client_id: String::new(),
                has_secret: false,
                scopes: usual_scopes(),
                role_claim: usual_claim(),
                role_map: Vec::new(),
                create_accounts: false,
                default_role_ids: Vec::new(),
                enforced: false,
                trust_email: false,
                email_domains: Vec::new(),
                redirect_uri: String::new(),
                linked: 0,
                updated_at: None,
                updated_by: None,
                version: 0,
            });
        };
        let mut rules = row.rules()?;
        // A role that was deleted since stands for nothing.
        let there: BTreeSet<RoleId> = sql("SELECT id, name FROM roles WHERE tenant_id = ?")
            .bind(tenant)
            .all::<NameRow>(self.db)?
            .into_iter()
            .map(|role| role.id)
            .collect();
        for mapped in &mut rules.role_map {
            mapped.role_ids.retain(|role| there.contains(role));
        }
        rules.role_map.retain(|mapped| !mapped.role_ids.is_empty());
        rules.default_role_ids.retain(|role| there.contains(role));
        let linked = sql("SELECT COUNT(*) FROM sign_on_identities WHERE tenant_id = ? AND issuer = ?")
            .bind(tenant)
            .bind(&row.issuer)
            .one::<CountRow>(self.db)?
            .count;
        let updated_by = match row.updated_by {
            Some(user) => self.people([user])?.remove(&user),
            None => None,
        };
        Ok(SignOnView {
            configured: true,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            has_secret: row.client_secret.is_some(),
            scopes: rules.scopes,
            role_claim: rules.role_claim,
            role_map: rules.role_map,
            create_accounts: rules.create_accounts,
            default_role_ids: rules.default_role_ids,
            enforced: rules.enforced,
            trust_email: rules.trust_email,
            email_domains: rules.email_domains,
            redirect_uri: String::new(),
            linked,
            updated_at: Some(row.updated_at),
            updated_by,
            version: row.version,
        })
    }
}

impl WriteTx<'_, may::SettingsManage> {
    /// Writes the provider down, the first time or anew. Whoever says whose word opens accounts could become anybody: that takes
    /// the right to manage users and roles too.
    ///
    /// # Errors
    /// [`StoreError::Stale`]; [`StoreError::Faults`]; 403 for rights that the actor may not hand out.
    pub fn sign_on_put(&mut self, seen: i64, data: SignOnData) -> Result<Recorded<()>, StoreError> {
        self.hands_out_accounts()?;
        let data = data.checked()?;
        let tenant = self.tenant();
        let before = self.sign_on_row()?;
        as_seen(seen, before.as_ref().map_or(0, |row| row.version))?;
        let rules_before = before.as_ref().map(ProviderRow::rules).transpose()?;
        self.may_map(&data, rules_before.as_ref().map(Rules::roles).unwrap_or_default())?;
        let elsewhere = before
            .as_ref()
            .is_some_and(|row| row.issuer != data.issuer || row.client_id != data.client_id);
        let kept = before.as_ref().and_then(|row| row.client_secret.clone());
        let secret = match &data.client_secret {
            Some(secret) if secret.is_empty() => None,
            Some(secret) => Some(
                self.inner
                    .keyring
                    .seal_file(tenant, SECRET_PLACE, secret.as_bytes())
                    .map_err(StoreError::broken)?,
            ),
            // A secret that was given for one provider is never sent to another.
            None if elsewhere && kept.is_some() => {
                return Err(StoreError::invalid(
                    "client_secret",
                    "required",
                    "the secret there is belongs to another issuer or client: type the new one, or an empty text for none",
                ));
            }
            None => kept,
        };
        let rules = data.rules();
        let stored = serde_json::to_string(&rules).map_err(StoreError::broken)?;
        let version = before.as_ref().map_or(1, |row| row.version.saturating_add(1));
        sql("INSERT INTO sign_on_providers (tenant_id, name, issuer, client_id, client_secret, rules, created_at, updated_at, updated_by, version) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name, issuer = excluded.issuer, \
             client_id = excluded.client_id, client_secret = excluded.client_secret, rules = excluded.rules, updated_at = excluded.updated_at, \
             updated_by = excluded.updated_by, version = excluded.version")
            .bind(tenant)
            .bind(&data.name)
            .bind(&data.issuer)
            .bind(&data.client_id)
            .bind(secret)
            .bind(stored)
            .bind(now())
            .bind(now())
            .bind(self.user())
            .bind(version)
            .run(self.db)?;
        let mut named = rules.roles();
        named.extend(rules_before.iter().flat_map(Rules::roles));
        let names = self.names_of_roles(&named)?;
        let was = before
            .as_ref()
            .zip(rules_before.as_ref())
            .map(|(row, rules)| rules.told((&row.name, &row.issuer, &row.client_id), &names));
        let is = rules.told((&data.name, &data.issuer, &data.client_id), &names);
        let secret_told = data
            .client_secret
            .as_ref()
            .map(|secret| if secret.is_empty() { "removed" } else { "given" });
        let event = Event::new(Action::SignOnConfigured, "sign_on", tenant)
            .label(&data.name)
            .version(version)
            .set("client_secret", secret_told);
        self.record(difference(event, was.as_ref(), &is)?, ())
    }

    /// Removes the provider. Accounts stay as they are; who has no password asks for one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`].
    pub fn sign_on_remove(&mut self, seen: i64) -> Result<Recorded<()>, StoreError> {
        self.hands_out_accounts()?;
        let row = self.sign_on_row()?.ok_or(StoreError::NotFound)?;
        as_seen(seen, row.version)?;
        for table in ["sign_on_attempts", "sign_on_providers"] {
            sql(format!("DELETE FROM {table} WHERE tenant_id = ?"))
                .bind(self.tenant())
                .run(self.db)?;
        }
        let event = Event::new(Action::SignOnRemoved, "sign_on", self.tenant())
            .label(&row.name)
            .change("issuer", row.issuer.as_str(), serde_json::Value::Null);
        self.record(event, ())
    }

    fn sign_on_row(&mut self) -> Result<Option<ProviderRow>, StoreError> {
        let lock = self.db.for_update();
        sql(format!("SELECT {COLUMNS} FROM sign_on_providers WHERE tenant_id = ?{lock}"))
            .bind(self.tenant())
            .first::<ProviderRow>(self.db)
    }

    fn hands_out_accounts(&self) -> Result<(), StoreError> {
        let missing = [Permission::UserManage, Permission::RoleManage]
            .into_iter()
            .find(|needed| !self.may(*needed));
        match missing {
            None => Ok(()),
            Some(missing) => Err(StoreError::Refused {
                slug: "forbidden",
                status: 403,
                detail: format!("whose word opens accounts is decided by people who hold {missing} too"),
            }),
        }
    }

    /// The roles exist, and the actor may hand out those that were not named before (ATT-24). What is wrong is told by where
    /// it stands in the request.
    fn may_map(&mut self, data: &SignOnData, before: Vec<RoleId>) -> Result<(), StoreError> {
        let wanted = data.roles();
        let known = self.names_of_roles(&wanted)?;
        let mut wrong = Faults::default();
        let groups = data
            .role_map
            .iter()
            .enumerate()
            .map(|(index, mapped)| (format!("role_map.{index}.role_ids"), &mapped.role_ids));
        for (path, ids) in groups.chain([("default_role_ids".to_owned(), &data.default_role_ids)]) {
            for (index, role) in ids.iter().enumerate() {
                let path = format!("{path}.{index}");
                wrong.unless(known.contains_key(role), path, "unknown", "this laboratory has no such role");
            }
        }
        wrong.done()?;
        self.may_hand_out(&wanted, &before)
    }

    fn names_of_roles(&mut self, ids: &[RoleId]) -> Result<HashMap<RoleId, String>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = sql("SELECT id, name FROM roles WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(ids.iter().copied()).push(")");
        let rows = query.all::<NameRow>(self.db)?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }
}
