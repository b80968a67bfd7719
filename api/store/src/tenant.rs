//! Laboratories: what every request of one needs to know, kept in memory and refreshed when its row's version moves.

use crate::StoreError;
use crate::db::{Db, row, sql};
use attest_domain::identity::SecondFactorPolicy;
use attest_domain::role::{LaboratoryKind, Realm};
use attest_domain::{LaboratorySettings, Language};
use attest_keyring::{Keyring, LogSigner};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// One laboratory, as its people see it.
#[derive(Debug, Clone)]
pub struct Laboratory {
    /// Its id.
    pub id: Uuid,
    /// A laboratory, or the platform that runs them.
    pub realm: Realm,
    /// Short name in addresses; never changes (it is in the log's origin).
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Testing or medical.
    pub kind: LaboratoryKind,
    /// Postal address.
    pub address: String,
    /// Number of the accreditation certificate.
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    pub contact: Option<String>,
    /// IANA time zone.
    pub timezone: String,
    /// Language of documents by default.
    pub language: Language,
    /// Origin of its audit log.
    pub log_origin: String,
    /// Made by `--demo`.
    pub demonstration: bool,
    /// Policies.
    pub settings: LaboratorySettings,
    /// Why the platform has suspended it, if it has.
    pub suspended: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Row version.
    pub version: i64,
}

/// What is needed to open a laboratory.
#[derive(Debug, Clone)]
pub struct NewLaboratory {
    /// Short name: lower-case letters, digits, hyphens.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Testing or medical.
    pub kind: LaboratoryKind,
    /// Postal address.
    pub address: String,
    /// IANA time zone.
    pub timezone: String,
    /// Language.
    pub language: Language,
    /// Number of the accreditation certificate.
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    pub contact: Option<String>,
    /// Made by `--demo`.
    pub demonstration: bool,
    /// Policies.
    pub settings: LaboratorySettings,
    /// The first administrator: e-mail address.
    pub administrator_email: String,
    /// The first administrator: printed name.
    pub administrator_name: String,
    /// The first administrator: password. Without one they are invited by mail to choose it themselves.
    pub administrator_password: Option<String>,
}

/// A laboratory with what the program keeps for it.
pub(crate) struct Tenant {
    pub(crate) laboratory: Laboratory,
    pub(crate) signer: Arc<LogSigner>,
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Tenant({})", self.laboratory.slug)
    }
}

row! {
    struct TenantRow {
        id: Uuid,
        realm: String,
        slug: String,
        name: String,
        kind: String,
        address: String,
        accreditation_number: Option<String>,
        contact: Option<String>,
        timezone: String,
        language: String,
        log_origin: String,
        demonstration: bool,
        settings: String,
        suspended_reason: Option<String>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

impl TryFrom<TenantRow> for Laboratory {
    type Error = StoreError;

    fn try_from(row: TenantRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            realm: row.realm.parse().map_err(StoreError::broken)?,
            slug: row.slug,
            name: row.name,
            kind: row.kind.parse().map_err(StoreError::broken)?,
            address: row.address,
            accreditation_number: row.accreditation_number,
            contact: row.contact,
            timezone: row.timezone,
            language: row.language.parse().unwrap_or(Language::En),
            log_origin: row.log_origin,
            demonstration: row.demonstration,
            settings: serde_json::from_str(&row.settings).map_err(StoreError::broken)?,
            suspended: row.suspended_reason,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl Laboratory {
    /// Whether somebody must have a second factor: in the platform everybody, whatever is set; in a laboratory by its policy
    /// those of whom a role asks it (ATT-07).
    pub(crate) fn asks_for_second_factor(&self, by_role: bool) -> bool {
        match self.realm {
            Realm::Platform => true,
            Realm::Laboratory => by_role && self.settings.second_factor == SecondFactorPolicy::ByRole,
        }
    }

    /// Nothing, or that it answers nobody at the moment. Told to its own people only.
    pub(crate) fn open(&self) -> Result<(), StoreError> {
        match &self.suspended {
            None => Ok(()),
            Some(reason) => Err(StoreError::Refused {
                slug: "laboratory-suspended",
                status: 403,
                detail: format!("{} is suspended: {reason}", self.name),
            }),
        }
    }

    /// As the database has it now.
    pub(crate) fn read(db: &mut Db, id: Uuid) -> Result<Self, StoreError> {
        Self::row(db, id, "")
    }

    /// As the database has it now, kept from other writers until the end of the transaction.
    pub(crate) fn at_hand(db: &mut Db, id: Uuid) -> Result<Self, StoreError> {
        let lock = db.for_update();
        Self::row(db, id, lock)
    }

    fn row(db: &mut Db, id: Uuid, lock: &str) -> Result<Self, StoreError> {
        let text = format!("SELECT {} FROM tenants t WHERE t.id = ?{lock}", TenantRow::columns("t"));
        sql(text).bind(id).one::<TenantRow>(db)?.try_into()
    }
}

/// Laboratories in memory.
pub(crate) struct Tenants {
    keyring: Arc<Keyring>,
    known: Mutex<HashMap<Uuid, Arc<Tenant>>>,
}

impl Tenants {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            known: Mutex::default(),
        }
    }

    /// The laboratory as of this row version, if it is in memory.
    pub(crate) fn known(&self, id: Uuid, version: i64) -> Option<Arc<Tenant>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&id)
            .filter(|tenant| tenant.laboratory.version == version)
            .cloned()
    }

    /// The laboratory as of this row version; read again when what we know is older.
    pub(crate) fn current(&self, db: &mut Db, id: Uuid, version: i64) -> Result<Arc<Tenant>, StoreError> {
        match self.known(id, version) {
            Some(tenant) => Ok(tenant),
            None => self.load(db, id),
        }
    }

    /// The laboratory as the database has it now.
    pub(crate) fn load(&self, db: &mut Db, id: Uuid) -> Result<Arc<Tenant>, StoreError> {
        let laboratory = Laboratory::read(db, id)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // One signer a log in a process: two would each keep their own idea of what was signed last.
        let signer = match known.get(&id) {
            Some(tenant) => Arc::clone(&tenant.signer),
            None => Arc::new(
                self.keyring
                    .log_signer(&laboratory.slug, &laboratory.log_origin)
                    .map_err(StoreError::broken)?,
            ),
        };
        let tenant = Arc::new(Tenant { laboratory, signer });
        known.insert(id, Arc::clone(&tenant));
        Ok(tenant)
    }

    /// Every laboratory of the installation.
    pub(crate) fn all(&self, db: &mut Db) -> Result<Vec<Arc<Tenant>>, StoreError> {
        row! { struct IdRow { id: Uuid } }
        let ids = sql("SELECT id FROM tenants ORDER BY created_at, id").all::<IdRow>(db)?;
        ids.into_iter().map(|row| self.load(db, row.id)).collect()
    }
}
