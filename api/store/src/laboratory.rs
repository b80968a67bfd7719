//! Opening laboratories: the first by a one-time link (ATT-09), others from the server's command line.

use crate::access::{Scope, normal_email};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::tx::WriteTx;
use crate::{Event, Laboratory, NewLaboratory, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::{RoleId, UserId};
use attest_domain::password::OwnWords;
use attest_domain::role::{Realm, ShippedRole};
use attest_keyring::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// How long a bootstrap link works.
const LINK_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A laboratory that was just opened.
#[derive(Debug, Clone)]
pub struct CreatedLaboratory {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// The key that verifies its audit trail.
    pub log_key: String,
    /// Its administrator.
    pub administrator: UserId,
}

row! { struct CountRow { count: i64 } }

impl Store {
    /// True while there is no laboratory at all, and no platform whose people open them.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        self.inner
            .backend
            .read(None, |db| {
                Ok(sql("SELECT COUNT(*) FROM tenants").one::<CountRow>(db)?.count == 0)
            })
            .await
    }

    /// A fresh one-time token for the bootstrap link; older ones stop working.
    ///
    /// # Errors
    /// The database's.
    pub async fn bootstrap_token(&self) -> Result<String, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(random::<24>());
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        self.inner
            .backend
            .write(None, move |db| {
                sql("DELETE FROM bootstrap_tokens").run(db)?;
                sql("INSERT INTO bootstrap_tokens (hash, created_at, expires_at) VALUES (?, ?, ?)")
                    .bind(hash)
                    .bind(now())
                    .bind(now() + LINK_LIFETIME)
                    .run(db)
            })
            .await?;
        Ok(token)
    }

    /// Opens the first laboratory with the token from the link.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the token is not the one, was used, or is too old.
    pub async fn bootstrap(&self, token: &str, new: NewLaboratory) -> Result<CreatedLaboratory, StoreError> {
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        self.create(new, move |db| {
            let used =
                sql("UPDATE bootstrap_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?")
                    .bind(now())
                    .bind(hash)
                    .bind(now())
                    .run(db)?;
            if used == 1 {
                return Ok(());
            }
            Err(StoreError::Refused {
                slug: "bootstrap-link-invalid",
                status: 403,
                detail: "this link was used or has expired; restart the server to get a new one".to_owned(),
            })
        })
        .await
    }

    /// Opens a laboratory, by somebody at the server's command line.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the slug is taken; the database's.
    pub async fn laboratory_create(&self, new: NewLaboratory) -> Result<CreatedLaboratory, StoreError> {
        self.create(new, |_db| Ok(())).await
    }

    /// The verifier key of a laboratory's log, by slug.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn log_key(&self, slug: &str) -> Result<String, StoreError> {
        let (inner, slug) = (Arc::clone(&self.inner), slug.to_owned());
        self.inner
            .backend
            .read(None, move |db| {
                Ok(by_slug(&inner, db, &slug)?.signer.verifier_key().to_string())
            })
            .await
    }

    /// A laboratory by its short name, for somebody at the server's command line.
    pub(crate) async fn laboratory_room(&self, slug: &str) -> Result<Arc<Tenant>, StoreError> {
        let (inner, name) = (Arc::clone(&self.inner), slug.to_owned());
        self.inner
            .backend
            .read(None, move |db| by_slug(&inner, db, &name))
            .await
    }

    /// A fresh password for a user of the demonstration, whose logins lie in a file anyway; ends the user's sessions.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub async fn operator_set_password(&self, slug: &str, email: &str, password: &str) -> Result<(), StoreError> {
        row! { struct UserRow { id: UserId } }
        let hash = self.inner.passwords.hash(password).await?;
        let tenant = self.laboratory_room(slug).await?;
        let (inner, email, id) = (Arc::clone(&self.inner), normal_email(email), tenant.laboratory.id);
        self.inner
            .backend
            .write(Some(id), move |db| {
                let user = sql("SELECT id FROM users WHERE tenant_id = ? AND email = ?").bind(id).bind(email).one::<UserRow>(db)?.id;
                sql("UPDATE users SET password_hash = ?, must_change_password = ?, failed_logins = 0, locked_until = NULL WHERE tenant_id = ? AND id = ?")
                    .bind(hash)
                    .bind(false)
                    .bind(id)
                    .bind(user)
                    .run(db)?;
                sql("UPDATE sessions SET ended_at = ?, ended_reason = 'password changed' WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
                    .bind(now())
                    .bind(id)
                    .bind(user)
                    .run(db)?;
                let scope = Scope::operator(tenant);
                WriteTx::<()>::new(&inner, db, &scope).also(Event::new(Action::UserPasswordChanged, "user", user))
            })
            .await
    }

    async fn create(
        &self,
        new: NewLaboratory,
        allow: impl FnOnce(&mut Db) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<CreatedLaboratory, StoreError> {
        let hash = self.administrator_hash(&new).await?;
        let id = Uuid::now_v7();
        let inner = Arc::clone(&self.inner);
        let created = self
            .inner
            .backend
            .write(Some(id), move |db| {
                allow(db)?;
                let tenant = insert(&inner, db, id, &new, Realm::Laboratory)?;
                let scope = Scope::operator(Arc::clone(&tenant));
                let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
                let administrator = found(&mut tx, &new, hash.as_deref())?;
                tx.platform_told(created_event(&tenant.laboratory))?;
                Ok(CreatedLaboratory {
                    id,
                    slug: new.slug,
                    log_key: tenant.signer.verifier_key().to_string(),
                    administrator,
                })
            })
            .await?;
        self.inner.sequencing.wake(id);
        Ok(created)
    }

    /// The hash of the first administrator's password, which the new laboratory's policy accepts; nothing for somebody who is
    /// invited.
    pub(crate) async fn administrator_hash(&self, new: &NewLaboratory) -> Result<Option<String>, StoreError> {
        let Some(plain) = &new.administrator_password else {
            return Ok(None);
        };
        let own = OwnWords::of_person(&new.administrator_email, &new.administrator_name).and_of_laboratory(
            &new.name,
            &new.slug,
            &new.settings.password.blocklist,
        );
        self.password_verdict(&new.settings.password, own, plain)
            .await?
            .accepted("administrator.password", new.language)?;
        self.inner.passwords.hash(plain).await.map(Some).map_err(Into::into)
    }
}

/// A laboratory just inserted gets its ledger, its roles and its first administrator.
pub(crate) fn found(tx: &mut WriteTx<'_, ()>, new: &NewLaboratory, hash: Option<&str>) -> Result<UserId, StoreError> {
    ledger_opened(tx)?;
    let event = created_event(tx.laboratory());
    tx.also(event)?;
    roles_seed(tx, ShippedRole::for_kind(new.kind))?;
    first_administrator(tx, new, hash)
}

/// The first entry of every log: the key that verifies it.
pub(crate) fn ledger_opened(tx: &mut WriteTx<'_, ()>) -> Result<(), StoreError> {
    let key = tx.tenant_room().signer.verifier_key().to_string();
    let event =
        Event::new(Action::LedgerOpened, "ledger", &tx.laboratory().log_origin).set("verifier_key", key.as_str());
    tx.also(event)
}

/// As it stands in the laboratory's ledger and in the platform's.
pub(crate) fn created_event(laboratory: &Laboratory) -> Event {
    Event::new(Action::LaboratoryCreated, "laboratory", laboratory.id)
        .label(&laboratory.slug)
        .set("name", laboratory.name.as_str())
        .set("kind", laboratory.kind.as_str())
}

row! { struct IdRow { id: Uuid } }

fn by_slug(inner: &Inner, db: &mut Db, slug: &str) -> Result<Arc<Tenant>, StoreError> {
    let id = sql("SELECT id FROM tenants WHERE slug = ?")
        .bind(slug)
        .one::<IdRow>(db)?
        .id;
    inner.tenants.load(db, id)
}

/// A realm's row, read back.
pub(crate) fn insert(
    inner: &Inner,
    db: &mut Db,
    id: Uuid,
    new: &NewLaboratory,
    realm: Realm,
) -> Result<Arc<Tenant>, StoreError> {
    let at = now();
    let origin = format!("{}/audit/{}/1", inner.host_name, new.slug);
    sql("INSERT INTO tenants (id, realm, slug, name, kind, address, accreditation_number, contact, timezone, language, log_origin, demonstration, settings, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(realm.as_str())
        .bind(&new.slug)
        .bind(&new.name)
        .bind(new.kind.as_str())
        .bind(&new.address)
        .bind(&new.accreditation_number)
        .bind(&new.contact)
        .bind(&new.timezone)
        .bind(new.language.as_str())
        .bind(origin)
        .bind(new.demonstration)
        .bind(serde_json::to_string(&new.settings).map_err(StoreError::broken)?)
        .bind(at)
        .bind(at)
        .run(db)?;
    inner.tenants.load(db, id)
}

/// The roles that ship, editable from then on.
pub(crate) fn roles_seed(tx: &mut WriteTx<'_, ()>, roles: &[ShippedRole]) -> Result<(), StoreError> {
    let (tenant, kind, language) = (tx.tenant(), tx.laboratory().kind, tx.laboratory().language);
    for role in roles {
        let id = RoleId::new();
        sql("INSERT INTO roles (tenant_id, id, slug, name, description, builtin, editable, second_factor, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(role.slug())
            .bind(role.name(language))
            .bind(role.description(language))
            .bind(true)
            .bind(role.editable())
            .bind(role.asks_for_second_factor(kind))
            .bind(now())
            .bind(now())
            .run(tx.db)?;
        for permission in role.permissions(kind).iter() {
            sql("INSERT INTO role_permissions (tenant_id, role_id, permission) VALUES (?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(permission.as_str())
                .run(tx.db)?;
        }
    }
    Ok(())
}

fn first_administrator(
    tx: &mut WriteTx<'_, ()>,
    new: &NewLaboratory,
    hash: Option<&str>,
) -> Result<UserId, StoreError> {
    let role = ShippedRole::Administrator;
    let user = account_insert(tx, &new.administrator_email, &new.administrator_name, hash, role)?;
    if hash.is_none() {
        tx.link_send(user)?;
    }
    Ok(user)
}

/// Somebody who comes with a new realm, or into the platform: before anybody is there who could add people.
pub(crate) fn account_insert(
    tx: &mut WriteTx<'_, ()>,
    email: &str,
    name: &str,
    hash: Option<&str>,
    role: ShippedRole,
) -> Result<UserId, StoreError> {
    let (tenant, user, at, email) = (tx.tenant(), UserId::new(), now(), normal_email(email));
    let language = tx.laboratory().language;
    sql("INSERT INTO users (tenant_id, id, email, name, name_key, language, password_hash, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(tenant)
        .bind(user)
        .bind(&email)
        .bind(name)
        .bind(attest_domain::name::normalise(name))
        .bind(language.as_str())
        .bind(hash.unwrap_or_default())
        .bind(at)
        .bind(at)
        .run(tx.db)?;
    sql("INSERT INTO directory (email, tenant_id, user_id) VALUES (?, ?, ?)")
        .bind(&email)
        .bind(tenant)
        .bind(user)
        .run(tx.db)?;
    sql("INSERT INTO user_roles (tenant_id, user_id, role_id) SELECT tenant_id, ?, id FROM roles WHERE tenant_id = ? AND slug = ?")
        .bind(user)
        .bind(tenant)
        .bind(role.slug())
        .run(tx.db)?;
    tx.also(Event::new(Action::UserCreated, "user", user).set("roles", role.slug()))?;
    Ok(user)
}
