//! The laboratory's own data and policies. A change raises the row's version, by which every node notices it.

use crate::check::Faults;
use crate::db::sql;
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Laboratory, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::role::LaboratoryKind;
use attest_domain::text::{CODE_MAX, LINE_MAX, NOTE_MAX};
use attest_domain::{Action, LaboratorySettings, Language, may};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// The laboratory.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LaboratoryView {
    /// Its id.
    pub id: Uuid,
    /// Short name; never changes.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Testing or medical; never changes.
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
    /// The key that verifies its audit trail: keep it outside this system.
    pub log_key: String,
    /// Loaded by `--demo`: not for real work.
    pub demonstration: bool,
    /// Policies.
    pub settings: LaboratorySettings,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Always null: laboratories are opened from outside.
    #[schema(value_type = Option<crate::Person>)]
    pub created_by: Option<crate::Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// What may be changed of a laboratory.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaboratoryData {
    /// Full name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// Number of the accreditation certificate.
    #[serde(default)]
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    #[serde(default)]
    pub contact: Option<String>,
    /// IANA time zone, e.g. `Europe/Warsaw`.
    pub timezone: String,
    /// Language of documents by default.
    pub language: Language,
    /// Policies.
    pub settings: LaboratorySettings,
}

/// Permits whose answers may show the laboratory's settings.
pub trait SeesSettings {}
impl SeesSettings for may::SettingsRead {}
impl SeesSettings for may::SettingsManage {}

impl<P: SeesSettings> ReadTx<'_, P> {
    /// The laboratory as it is now.
    ///
    /// # Errors
    /// The database's.
    pub fn laboratory_view(&mut self) -> Result<LaboratoryView, StoreError> {
        let tenant = self.tenant();
        let now_is = Laboratory::read(self.db, tenant)?;
        Ok(LaboratoryView {
            id: now_is.id,
            slug: now_is.slug,
            name: now_is.name,
            kind: now_is.kind,
            address: now_is.address,
            accreditation_number: now_is.accreditation_number,
            contact: now_is.contact,
            timezone: now_is.timezone,
            language: now_is.language,
            log_key: self.tenant_room().signer.verifier_key().to_string(),
            demonstration: now_is.demonstration,
            settings: now_is.settings,
            created_at: now_is.created_at,
            created_by: None,
            updated_at: now_is.updated_at,
            version: now_is.version,
        })
    }
}

impl From<Laboratory> for LaboratoryData {
    fn from(laboratory: Laboratory) -> Self {
        Self {
            name: laboratory.name,
            address: laboratory.address,
            accreditation_number: laboratory.accreditation_number,
            contact: laboratory.contact,
            timezone: laboratory.timezone,
            language: laboratory.language,
            settings: laboratory.settings,
        }
    }
}

impl LaboratoryData {
    fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_lines("address", Some(&self.address).filter(|text| !text.is_empty()), NOTE_MAX);
        wrong.maybe_line("accreditation_number", self.accreditation_number.as_ref(), CODE_MAX);
        wrong.maybe_line("contact", self.contact.as_ref(), LINE_MAX);
        wrong.unless(
            self.timezone.parse::<chrono_tz::Tz>().is_ok(),
            "timezone",
            "unknown",
            "must be an IANA time zone such as Europe/Warsaw",
        );
        for refusal in self.settings.check().err().unwrap_or_default() {
            wrong.say(format!("settings.{}", refusal.path()), "range", refusal.to_string());
        }
        wrong.done()
    }
}

impl WriteTx<'_, may::SettingsManage> {
    /// Changes the laboratory's data and policies.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::Faults`].
    pub fn laboratory_edit(&mut self, seen: i64, patch: &Map<String, Value>) -> Result<Recorded<()>, StoreError> {
        let tenant = self.tenant();
        let now_is = Laboratory::at_hand(self.db, tenant)?;
        as_seen(seen, now_is.version)?;
        let version = now_is.version.saturating_add(1);
        let before = LaboratoryData::from(now_is);
        let after: LaboratoryData = merged(&before, patch)?;
        after.check()?;
        sql("UPDATE tenants SET name = ?, address = ?, accreditation_number = ?, contact = ?, timezone = ?, language = ?, settings = ?, updated_at = ?, version = ? WHERE id = ?")
            .bind(&after.name)
            .bind(&after.address)
            .bind(&after.accreditation_number)
            .bind(&after.contact)
            .bind(&after.timezone)
            .bind(after.language.as_str())
            .bind(serde_json::to_string(&after.settings).map_err(StoreError::broken)?)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .run(self.db)?;
        let only_settings = after.settings != before.settings
            && serde_json::to_value(without_settings(&before)).ok()
                == serde_json::to_value(without_settings(&after)).ok();
        let action = if only_settings {
            Action::SettingsEdited
        } else {
            Action::LaboratoryEdited
        };
        let event = Event::new(action, "laboratory", tenant)
            .label(&after.name)
            .version(version);
        self.record(difference(event, Some(&before), &after)?, ())
    }
}

fn without_settings(data: &LaboratoryData) -> LaboratoryData {
    LaboratoryData {
        settings: LaboratorySettings::default(),
        ..data.clone()
    }
}
