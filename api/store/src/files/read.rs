//! Files as the interface shows them.

use super::holder::{FileHolder, Held, SeesFiles};
use super::{Details, details_place, reason_place};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Person, ReadTx, StoreError};
use attest_domain::Permission;
use attest_domain::file::FileKind;
use attest_domain::ids::{FileId, PatientId};
use attest_keyring::FileKey;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file that somebody attached.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachedFile {
    /// Its id.
    pub id: FileId,
    /// The name it is saved under; null for those who may not see the patient, and after erasure.
    pub name: Option<String>,
    /// What it is, found out from its content.
    pub kind: FileKind,
    /// The media type it is served as.
    pub media_type: &'static str,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hexadecimal; null where the name is.
    pub sha256: Option<String>,
    /// Whether the client sees it too.
    pub shared_with_client: bool,
    /// When it was attached.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// That it was attached by mistake, or does not hold any more. It is kept.
    pub withdrawn: Option<FileWithdrawal>,
    /// The person it tells about was erased: nobody can read it any more.
    pub erased: bool,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Version, also the ETag.
    pub version: i64,
}

/// That a file was withdrawn.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileWithdrawal {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<Person>,
    /// Why; null where the name is.
    pub reason: Option<String>,
}

row! {
    #[derive(Debug)]
    pub(super) struct FileRow {
        pub(super) id: FileId,
        pub(super) subject_id: Option<Uuid>,
        wrapped_key: Vec<u8>,
        details: Vec<u8>,
        kind: String,
        pub(super) size: i64,
        pub(super) chunks: i64,
        pub(super) shared_with_client: bool,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        created_by_name: Option<String>,
        pub(super) withdrawn_at: Option<DateTime<Utc>>,
        withdrawn_by: Option<Uuid>,
        withdrawn_by_name: Option<String>,
        withdrawn_reason: Option<Vec<u8>>,
        updated_at: DateTime<Utc>,
        pub(super) version: i64,
    }
}

const FILES: &str = "SELECT f.id, f.subject_id, f.wrapped_key, f.details, f.kind, f.size, f.chunks, f.shared_with_client, f.created_at, \
     f.created_by, c.name, f.withdrawn_at, f.withdrawn_by, w.name, f.withdrawn_reason, f.updated_at, f.version FROM files f \
     LEFT JOIN users c ON c.tenant_id = f.tenant_id AND c.id = f.created_by \
     LEFT JOIN users w ON w.tenant_id = f.tenant_id AND w.id = f.withdrawn_by WHERE f.tenant_id = ? AND f.";

/// A file with what opens it; nothing opens it once its person was erased.
pub(super) struct FileRecord {
    pub(super) row: FileRow,
    pub(super) opened: Option<(FileKey, Details)>,
}

impl FileRecord {
    fn view(self, legible: bool) -> Result<AttachedFile, StoreError> {
        let Self { row, opened } = self;
        let kind = word(&row.kind)?;
        let erased = opened.is_none();
        let shown = opened.filter(|_| legible);
        let reason = match (&shown, row.withdrawn_reason) {
            (Some((key, _)), Some(sealed)) => {
                let text = key.open(&reason_place(row.id), &sealed).map_err(StoreError::broken)?;
                Some(String::from_utf8(text).map_err(StoreError::broken)?)
            }
            _ => None,
        };
        let (name, sha256) = shown.map(|(_, details)| (details.name, details.sha256)).unzip();
        Ok(AttachedFile {
            id: row.id,
            name,
            kind,
            media_type: kind.media_type(),
            size: row.size,
            sha256,
            shared_with_client: row.shared_with_client,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.created_by_name),
            withdrawn: row.withdrawn_at.map(|at| FileWithdrawal {
                at,
                by: Person::joined(row.withdrawn_by, row.withdrawn_by_name),
                reason,
            }),
            erased,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl<P> ReadTx<'_, P> {
    /// The files of a thing, in the order they were attached, and the patient whom their names may tell about.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn files<H: FileHolder>(&mut self, holder: H) -> Result<(Vec<AttachedFile>, Option<PatientId>), StoreError>
    where
        P: SeesFiles<H>,
    {
        let held = self.file_holder(holder)?;
        let records = self.file_records(holder, None)?;
        let legible = records
            .iter()
            .map(|record| self.file_legible(&held, record))
            .collect::<Vec<_>>();
        let seen = held.patient_id.filter(|_| legible.contains(&true));
        let shown = records.into_iter().zip(legible);
        let files = shown
            .map(|(record, legible)| record.view(legible))
            .collect::<Result<_, _>>()?;
        Ok((files, seen))
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn file<H: FileHolder>(
        &mut self,
        holder: H,
        id: FileId,
    ) -> Result<(AttachedFile, Option<PatientId>), StoreError>
    where
        P: SeesFiles<H>,
    {
        let (held, record) = self.file_record(holder, id)?;
        let legible = self.file_legible(&held, &record);
        Ok((record.view(legible)?, held.patient_id.filter(|_| legible)))
    }

    /// Who may not see the patient sees that there is a file, and not what it says.
    pub(super) fn file_legible(&self, held: &Held, record: &FileRecord) -> bool {
        held.patient_id.is_none() && record.row.subject_id.is_none() || self.may(Permission::PatientRead)
    }

    /// A file, where it hangs.
    pub(super) fn file_record<H: FileHolder>(
        &mut self,
        holder: H,
        id: FileId,
    ) -> Result<(Held, FileRecord), StoreError> {
        let held = self.file_holder(holder)?;
        let record = self.file_records(holder, Some(id))?.pop();
        Ok((held, record.ok_or(StoreError::NotFound)?))
    }

    /// The files of a thing, or the one of them. A client sees what was shared with it and not withdrawn since.
    pub(super) fn file_records<H: FileHolder>(
        &mut self,
        holder: H,
        one: Option<FileId>,
    ) -> Result<Vec<FileRecord>, StoreError> {
        let tenant = self.tenant();
        let mut query = sql(format!("{FILES}{} = ?", H::COLUMN))
            .bind(tenant)
            .bind(holder.uuid());
        if let Some(id) = one {
            query.push(" AND f.id = ?").value(id);
        }
        if self.only_client().is_some() {
            query
                .push(" AND f.withdrawn_at IS NULL AND f.shared_with_client = ?")
                .value(true);
        }
        query.push(" ORDER BY f.id");
        let rows = query.all::<FileRow>(self.db)?;
        let persons: HashSet<Uuid> = rows.iter().filter_map(|row| row.subject_id).collect();
        let keys = self.subjects(&persons)?;
        rows.into_iter()
            .map(|row| {
                let person = row.subject_id.map(|id| keys.get(&id));
                let opened = match person {
                    Some(None) => None,
                    Some(Some(subject)) => Some(self.file_opened(Some(&subject.key), &row)?),
                    None => Some(self.file_opened(None, &row)?),
                };
                Ok(FileRecord { row, opened })
            })
            .collect()
    }

    fn file_opened(
        &self,
        person: Option<&attest_keyring::SubjectKey>,
        row: &FileRow,
    ) -> Result<(FileKey, Details), StoreError> {
        let key = FileKey::unwrapped(
            &self.inner.keyring,
            self.tenant(),
            person,
            row.id.uuid(),
            &row.wrapped_key,
        )
        .map_err(StoreError::broken)?;
        let details = key
            .open(&details_place(row.id), &row.details)
            .map_err(StoreError::broken)?;
        Ok((key, serde_json::from_slice(&details).map_err(StoreError::broken)?))
    }
}
