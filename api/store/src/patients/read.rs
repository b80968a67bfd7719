//! Reading patients, and the names that other rooms show beside samples.

use super::personal::{PatientData, sought};
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{Listing, Page, Person, ReadTx, StoreError, Subject, WriteTx};
use attest_domain::ids::PatientId;
use attest_domain::{Permission, may};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// A person whose specimens are examined.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Patient {
    /// Pseudonymous id.
    pub id: PatientId,
    /// What is known about the person.
    #[serde(flatten)]
    pub data: PatientData,
    /// The record that this one was merged into.
    pub merged_into: Option<PatientId>,
    /// When the person was erased: nothing is known about them any more, and names and numbers here are empty.
    pub erased_at: Option<DateTime<Utc>>,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Version, also the ETag.
    pub version: i64,
}

/// Somebody who may be the same person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PatientDuplicate {
    /// Pseudonymous id.
    pub id: PatientId,
    /// Family name; null without `patient:read`.
    pub family_name: Option<String>,
    /// Given name; null without `patient:read`.
    pub given_name: Option<String>,
    /// Date of birth; null without `patient:read`.
    pub birth_date: Option<NaiveDate>,
}

/// Permissions whose answers contain a patient.
pub trait SeesPatients {}
impl SeesPatients for may::PatientRead {}
impl SeesPatients for may::PatientManage {}

row! {
    struct PatientRow {
        id: PatientId,
        subject_id: Uuid,
        personal: Vec<u8>,
        wrapped_key: Option<Vec<u8>>,
        erased_at: Option<DateTime<Utc>>,
        merged_into: Option<PatientId>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        created_by_name: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const PATIENTS: &str = "SELECT p.id, p.subject_id, p.personal, k.wrapped_key, k.erased_at, p.merged_into, p.created_at, p.created_by, u.name, p.updated_at, p.version \
     FROM patients p JOIN subjects k ON k.tenant_id = p.tenant_id AND k.id = p.subject_id \
     LEFT JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.created_by WHERE p.tenant_id = ?";

row! { struct NameRow { id: PatientId, subject_id: Uuid, personal: Vec<u8>, wrapped_key: Option<Vec<u8>> } }

const NAMES: &str = "SELECT p.id, p.subject_id, p.personal, k.wrapped_key FROM patients p \
     JOIN subjects k ON k.tenant_id = p.tenant_id AND k.id = p.subject_id WHERE p.tenant_id = ? AND p.id IN (";

row! { struct WorkRow { subject_id: Uuid, wrapped_key: Option<Vec<u8>>, merged_into: Option<PatientId> } }

const FOR_WORK: &str = "SELECT p.subject_id, k.wrapped_key, p.merged_into FROM patients p \
     JOIN subjects k ON k.tenant_id = p.tenant_id AND k.id = p.subject_id WHERE p.tenant_id = ? AND p.id = ?";

/// The person's key from its stored form; nothing after erasure.
fn key(inner: &Inner, tenant: Uuid, id: Uuid, wrapped: Option<Vec<u8>>) -> Result<Option<Subject>, StoreError> {
    let Some(wrapped) = wrapped else { return Ok(None) };
    let key = inner
        .keyring
        .unwrap_key(tenant, id, &wrapped)
        .map_err(StoreError::broken)?;
    Ok(Some(Subject { id, key }))
}

/// What is known about these people; whoever was erased is left out.
fn known(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    ids: impl Iterator<Item = PatientId>,
) -> Result<HashMap<PatientId, PatientData>, StoreError> {
    let ids: HashSet<PatientId> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql(NAMES).bind(tenant);
    query.list(ids).push(")");
    let mut found = HashMap::new();
    for row in query.all::<NameRow>(db)? {
        if let Some(subject) = key(inner, tenant, row.subject_id, row.wrapped_key)? {
            found.insert(row.id, PatientData::opened(row.id, &subject, &row.personal)?);
        }
    }
    Ok(found)
}

impl<P: SeesPatients> ReadTx<'_, P> {
    /// A patient.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn patient(&mut self, id: PatientId) -> Result<Patient, StoreError> {
        let row = sql(format!("{PATIENTS} AND p.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<PatientRow>(self.db)?;
        self.patient_shown(row)
    }

    /// People who may be the same person as this one: the same whole name, or the same number.
    ///
    /// # Errors
    /// The database's.
    pub fn patient_duplicates(&mut self, patient: &Patient) -> Result<Vec<PatientDuplicate>, StoreError> {
        row! { struct IdRow { id: PatientId } }
        let tenant = self.tenant();
        let telling = patient
            .data
            .tokens(self.inner, tenant)
            .into_iter()
            .filter(|(kind, _)| *kind != super::personal::FAMILY);
        let mut query = sql("SELECT DISTINCT x.patient_id FROM patient_tokens x JOIN patients p ON p.tenant_id = x.tenant_id AND p.id = x.patient_id \
             WHERE x.tenant_id = ? AND p.merged_into IS NULL AND x.patient_id <> ? AND x.token IN (")
        .bind(tenant)
        .bind(patient.id);
        let tokens: Vec<Vec<u8>> = telling.map(|(_, token)| token.to_vec()).collect();
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        query.list(tokens).push(") ORDER BY x.patient_id LIMIT 20");
        let ids: Vec<PatientId> = query.all::<IdRow>(self.db)?.into_iter().map(|row| row.id).collect();
        let shown = if self.may(Permission::PatientRead) {
            known(self.inner, self.db, tenant, ids.iter().copied())?
        } else {
            HashMap::new()
        };
        let twin = |id: PatientId| {
            let data = shown.get(&id);
            PatientDuplicate {
                id,
                family_name: data.map(|data| data.family_name.clone()),
                given_name: data.map(|data| data.given_name.clone()),
                birth_date: data.and_then(|data| data.birth_date),
            }
        };
        Ok(ids.into_iter().map(twin).collect())
    }

    /// With what is known about the person; the tombstone of an erased one.
    fn patient_shown(&mut self, row: PatientRow) -> Result<Patient, StoreError> {
        let tenant = self.tenant();
        let data = match key(self.inner, tenant, row.subject_id, row.wrapped_key)? {
            Some(subject) => PatientData::opened(row.id, &subject, &row.personal)?,
            None => PatientData::erased(),
        };
        Ok(Patient {
            id: row.id,
            data,
            erased_at: row.erased_at,
            merged_into: row.merged_into,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.created_by_name),
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl ReadTx<'_, may::PatientRead> {
    /// Patients, newest first; with `q` those whose family name, whole name or number it is, exactly.
    ///
    /// # Errors
    /// When the cursor is not this list's; the database's.
    pub fn patient_list(
        &mut self,
        q: Option<&str>,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<Patient>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "patients/-created_at");
        let mut query = sql(format!(
            "{PATIENTS} AND p.merged_into IS NULL AND k.wrapped_key IS NOT NULL"
        ))
        .bind(tenant);
        if let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) {
            let tokens = sought(self.inner, tenant, q);
            if tokens.is_empty() {
                return Ok(Listing {
                    items: Vec::new(),
                    next: None,
                });
            }
            query
                .push(" AND p.id IN (SELECT x.patient_id FROM patient_tokens x WHERE x.tenant_id = ? AND x.token IN (")
                .value(tenant);
            query.list(tokens.into_iter().map(|token| token.to_vec())).push("))");
        }
        if let Some(since) = updated_since {
            query.push(" AND p.updated_at >= ?").value(since);
        }
        if let Some(after) = cursors.start(page)? {
            query.push(" AND p.id < ?").value(after.id);
        }
        query
            .push(" ORDER BY p.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<PatientRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        let mut items = Vec::with_capacity(listing.items.len());
        for row in listing.items {
            items.push(self.patient_shown(row)?);
        }
        Ok(Listing {
            items,
            next: listing.next,
        })
    }
}

impl<P> ReadTx<'_, P> {
    /// Names of patients, for those who may read them; nobody's for others (ATT-23).
    pub(crate) fn patient_names(
        &mut self,
        ids: impl Iterator<Item = PatientId>,
    ) -> Result<HashMap<PatientId, String>, StoreError> {
        if !self.may(Permission::PatientRead) {
            return Ok(HashMap::new());
        }
        let tenant = self.tenant();
        let known = known(self.inner, self.db, tenant, ids)?;
        Ok(known
            .into_iter()
            .map(|(id, data)| (id, data.name()))
            .filter(|(_, name)| !name.is_empty())
            .collect())
    }
}

/// What the work itself needs to know of patients, whoever asks: their keys to seal with, age and sex to judge by.
macro_rules! people_behind {
    ($tx:ident) => {
        #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
        impl<P> $tx<'_, P> {
            /// The key of the person behind a patient; nothing after erasure.
            pub(crate) fn patient_subject(&mut self, id: PatientId) -> Result<Option<Subject>, StoreError> {
                let tenant = self.tenant();
                let row = sql(FOR_WORK).bind(tenant).bind(id).one::<WorkRow>(self.db)?;
                key(self.inner, tenant, row.subject_id, row.wrapped_key)
            }

            /// What is known about a patient, for judging and for reports; never to be shown without `patient:read`.
            pub(crate) fn patient_data(&mut self, id: PatientId) -> Result<Option<PatientData>, StoreError> {
                let tenant = self.tenant();
                Ok(known(self.inner, self.db, tenant, std::iter::once(id))?.remove(&id))
            }
        }
    };
}
people_behind!(ReadTx);
people_behind!(WriteTx);

impl<P> WriteTx<'_, P> {
    /// A patient for whom something new is to be done: there, not erased, not merged away.
    pub(crate) fn patient_for_work(&mut self, id: PatientId, path: &str) -> Result<Subject, StoreError> {
        let tenant = self.tenant();
        // Nobody erases the person until what is written now is there to be found.
        let row = sql(format!("{FOR_WORK}{}", self.db.for_share_of("p, k")))
            .bind(tenant)
            .bind(id)
            .first::<WorkRow>(self.db)?
            .ok_or_else(|| StoreError::invalid(path, "unknown", "this laboratory has no such patient"))?;
        if let Some(into) = row.merged_into {
            return Err(StoreError::invalid(
                path,
                "merged",
                format!("this record was merged into {into}; use that one"),
            ));
        }
        key(self.inner, tenant, row.subject_id, row.wrapped_key)?
            .ok_or_else(|| StoreError::invalid(path, "erased", "this person's data were erased"))
    }
}
