//! Adding, changing and switching service accounts. They are given roles and permissions by the same rules as persons, and every
//! change counts on their next request (ATT-15).

use super::grants::{GrantData, GrantView, grants_of};
use super::users::roles_of;
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ClientId, RoleId, UserId};
use attest_domain::network::Network;
use attest_domain::text::{LINE_MAX, NOTE_MAX, check_lines};
use attest_domain::{Action, may, name};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Networks that an account may have.
const NETWORKS_MAX: usize = 50;
/// What stands where a person has a password hash: no text hashes to it.
const NO_PASSWORD: &str = "!";

/// What is written of a service account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "LIMS of the waterworks", "description": "Orders, and fetches results", "owner_id": "01980000-0000-7000-8000-000000000000", "role_ids": ["01980000-0000-7000-8000-000000000001"], "addresses": ["192.0.2.0/24"]}))]
pub struct ServiceAccountData {
    /// Its name, as the audit trail shows it.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The person who answers for it: an active user of the laboratory.
    pub owner_id: UserId,
    /// Roles; `integrator` is made for it.
    pub role_ids: Vec<RoleId>,
    /// Single permissions on top of the roles.
    #[serde(default)]
    pub grants: Vec<GrantData>,
    /// The client whose things are all it sees; none where it works for the laboratory.
    #[serde(default)]
    pub client_id: Option<ClientId>,
    /// Networks that it is used from, such as `10.0.0.0/8`; anywhere when empty.
    #[serde(default)]
    pub addresses: Vec<String>,
}

/// What the event of a change shows: names instead of ids.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    description: &'a str,
    owner: String,
    roles: Vec<String>,
    client: Option<String>,
    grants: Vec<String>,
    addresses: &'a [String],
}

row! { struct AccountRow { name: String, description: String, owner_id: UserId, client_id: Option<ClientId>, addresses: String, active: bool, version: i64 } }
row! { struct OwnerRow { name: String, active: bool } }

impl ServiceAccountData {
    /// With every network in its one spelling.
    fn checked(mut self) -> Result<Self, StoreError> {
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_lines(
            "description",
            Some(&self.description).filter(|text| !text.is_empty()),
            NOTE_MAX,
        );
        wrong.unless(
            self.addresses.len() <= NETWORKS_MAX,
            "addresses",
            "length",
            format!("must name at most {NETWORKS_MAX} networks"),
        );
        for (index, address) in self.addresses.iter_mut().enumerate() {
            match address.trim().parse::<Network>() {
                Ok(network) => *address = network.to_string(),
                Err(refusal) => wrong.say(format!("addresses.{index}"), "invalid", refusal.to_string()),
            }
        }
        wrong.done()?;
        self.grants = self.grants.into_iter().map(GrantData::kept).collect();
        Ok(self)
    }
}

impl WriteTx<'_, may::ServiceAccountManage> {
    /// A new service account, still without a token.
    ///
    /// # Errors
    /// [`StoreError::Faults`] for wrong values; 403 for rights that the actor may not hand out.
    pub fn service_account_create(&mut self, data: ServiceAccountData) -> Result<Recorded<UserId>, StoreError> {
        let data = data.checked()?;
        self.may_assign(&data.role_ids, &[], None)?;
        self.may_grant(&data.grants, &[])?;
        let owner = self.owner(data.owner_id, true)?;
        let client = self.client_named(data.client_id)?;
        let (tenant, id, at) = (self.tenant(), UserId::new(), now());
        // An address that can be nobody's (RFC 2606), since every user has one; it is not in the directory.
        sql("INSERT INTO users (tenant_id, id, kind, email, name, name_key, language, client_id, password_hash, created_at, created_by, updated_at) \
             VALUES (?, ?, 'service', ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(format!("{id}@service.invalid"))
            .bind(&data.name)
            .bind(name::normalise(&data.name))
            .bind(self.laboratory().language.as_str())
            .bind(data.client_id)
            .bind(NO_PASSWORD)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        sql("INSERT INTO service_accounts (tenant_id, id, description, owner_id, addresses) VALUES (?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&data.description)
            .bind(data.owner_id)
            .bind(list(&data.addresses)?)
            .run(self.db)?;
        self.roles_set(id, &data.role_ids)?;
        self.grants_set(id, &data.grants, &[])?;
        let told = data.told(owner, self.role_names(id)?, client);
        let event = Event::new(Action::ServiceAccountCreated, "service_account", id)
            .label(&data.name)
            .version(1);
        self.record(difference(event, None, &told)?, id)
    }

    /// Changes a service account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`]; 403 for rights that the actor may not hand out.
    pub fn service_account_edit(
        &mut self,
        id: UserId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<UserId>, StoreError> {
        let row = self.account_held(id, Some(seen))?;
        let tenant = self.tenant();
        let roles = roles_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let grants = grants_of(self.db, tenant, &[id])?.remove(&id).unwrap_or_default();
        let before = ServiceAccountData {
            name: row.name,
            description: row.description,
            owner_id: row.owner_id,
            role_ids: roles.iter().map(|role| RoleId::from_uuid(role.id)).collect(),
            grants: grants.iter().map(GrantView::data).collect(),
            client_id: row.client_id,
            addresses: serde_json::from_str(&row.addresses).map_err(StoreError::broken)?,
        };
        let after = merged(&before, patch)?.checked()?;
        self.may_assign(&after.role_ids, &before.role_ids, Some(id))?;
        self.may_grant(&after.grants, &before.grants)?;
        let owners = (
            self.owner(before.owner_id, false)?,
            self.owner(after.owner_id, after.owner_id != before.owner_id)?,
        );
        let clients = (
            self.client_named(before.client_id)?,
            self.client_named(after.client_id)?,
        );
        let version = row.version.saturating_add(1);
        sql("UPDATE users SET name = ?, name_key = ?, client_id = ?, access_version = access_version + 1, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.name)
            .bind(name::normalise(&after.name))
            .bind(after.client_id)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        sql("UPDATE service_accounts SET description = ?, owner_id = ?, addresses = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.description)
            .bind(after.owner_id)
            .bind(list(&after.addresses)?)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.roles_set(id, &after.role_ids)?;
        self.grants_set(id, &after.grants, &grants)?;
        let before_roles = roles.into_iter().map(|role| role.name).collect();
        let from = before.told(owners.0, before_roles, clients.0);
        let to = after.told(owners.1, self.role_names(id)?, clients.1);
        let event = Event::new(Action::ServiceAccountEdited, "service_account", id)
            .label(&after.name)
            .version(version);
        self.record(difference(event, Some(&from), &to)?, id)
    }

    /// Accepts an account's tokens, or refuses them all from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when it is so already.
    pub fn service_account_switch(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
        active: bool,
    ) -> Result<Recorded<UserId>, StoreError> {
        self.account_switch(id, seen, reason, active)?;
        self.recorded(id)
    }
}

impl<P> WriteTx<'_, P> {
    /// As [`service_account_switch`](WriteTx::service_account_switch), for whoever has asked whether the actor may.
    pub(super) fn account_switch(
        &mut self,
        id: UserId,
        seen: Option<i64>,
        reason: &str,
        active: bool,
    ) -> Result<(), StoreError> {
        check_lines(reason, NOTE_MAX)
            .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        let row = self.account_held(id, seen)?;
        if row.active == active {
            let state = if active { "active" } else { "inactive" };
            return Err(StoreError::conflict(format!("{} is {state} already", row.name)));
        }
        let version = row.version.saturating_add(1);
        sql("UPDATE users SET active = ?, access_version = access_version + 1, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(active)
            .bind(now())
            .bind(version)
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let action = if active {
            Action::ServiceAccountReactivated
        } else {
            Action::ServiceAccountDeactivated
        };
        let event = Event::new(action, "service_account", id)
            .label(row.name)
            .version(version)
            .change("active", row.active, active);
        self.also(event.because(None, "other", Some(reason)))
    }

    /// The account's row, kept from other writers until the end of the transaction.
    fn account_held(&mut self, id: UserId, seen: Option<i64>) -> Result<AccountRow, StoreError> {
        let lock = self.db.for_update().replace("UPDATE", "UPDATE OF u");
        let row = sql(format!(
            "SELECT u.name, a.description, a.owner_id, u.client_id, a.addresses, u.active, u.version FROM service_accounts a \
             JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.id WHERE a.tenant_id = ? AND a.id = ?{lock}"
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<AccountRow>(self.db)?;
        as_seen(seen, row.version)?;
        Ok(row)
    }
}

impl WriteTx<'_, may::ServiceAccountManage> {
    /// The owner's name; a new owner must be a person who is there to answer.
    fn owner(&mut self, id: UserId, new: bool) -> Result<String, StoreError> {
        let found = sql("SELECT name, active FROM users WHERE tenant_id = ? AND id = ? AND kind = 'person'")
            .bind(self.tenant())
            .bind(id)
            .first::<OwnerRow>(self.db)?;
        match found {
            Some(owner) if owner.active || !new => Ok(owner.name),
            Some(_) => Err(StoreError::invalid("owner_id", "inactive", "this person is not active")),
            None => Err(StoreError::invalid("owner_id", "unknown", "there is no such person")),
        }
    }
}

impl ServiceAccountData {
    fn told(&self, owner: String, roles: Vec<String>, client: Option<String>) -> Told<'_> {
        Told {
            name: &self.name,
            description: &self.description,
            owner,
            roles,
            client,
            grants: self.grants.iter().map(GrantData::told).collect(),
            addresses: &self.addresses,
        }
    }
}

fn list(words: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(words).map_err(StoreError::broken)
}
