//! Reading and writing down the provider.

use super::provider::{COLUMNS, ProviderRow, Rules, SECRET_PLACE, SignOnData, SignOnView, usual_claim, usual_scopes};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::difference;
use crate::seen::as_seen;
use crate::{Event, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::RoleId;
use attest_domain::{Action, Permission, may};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

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

row! { struct NameRow { id: RoleId, name: String } }
row! { struct CountRow { count: i64 } }

impl Rules {
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
        sql(format!(
            "SELECT {COLUMNS} FROM sign_on_providers WHERE tenant_id = ?{lock}"
        ))
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
                wrong.unless(
                    known.contains_key(role),
                    path,
                    "unknown",
                    "this laboratory has no such role",
                );
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
