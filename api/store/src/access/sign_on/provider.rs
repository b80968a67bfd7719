//! The provider that a laboratory trusts, as its administrators write it down.

use crate::check::Faults;
use crate::db::row;
use crate::{Person, StoreError};
use attest_domain::ids::{RoleId, UserId};
use attest_domain::text::LINE_MAX;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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

pub(super) fn usual_scopes() -> Vec<String> {
    ["profile", "email"].map(str::to_owned).to_vec()
}

pub(super) fn usual_claim() -> String {
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

row! {
    pub(super) struct ProviderRow {
        pub(super) name: String,
        pub(super) issuer: String,
        pub(super) client_id: String,
        pub(super) client_secret: Option<Vec<u8>>,
        pub(super) rules: String,
        pub(super) updated_at: DateTime<Utc>,
        pub(super) updated_by: Option<UserId>,
        pub(super) version: i64,
    }
}
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
                && scope
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
            wrong.unless(
                fits,
                format!("scopes.{index}"),
                "invalid",
                "must be one word, such as email",
            );
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
            wrong.unless(
                values.insert(&mapped.value),
                path,
                "duplicate",
                "this value is named already",
            );
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

    pub(super) fn roles(&self) -> Vec<RoleId> {
        roles(&self.role_map, &self.default_role_ids)
    }

    pub(super) fn rules(&self) -> Rules {
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
    mapped
        .chain(default)
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

impl Rules {
    pub(super) fn roles(&self) -> Vec<RoleId> {
        roles(&self.role_map, &self.default_role_ids)
    }
}
