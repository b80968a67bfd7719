//! The bytes of a file on their way out: looked through whole before the first of them leaves, then chunk by chunk, so that one
//! download holds a quarter of a megabyte and not the file.

use super::holder::{FileHolder, SeesFiles};
use crate::db::{row, sql};
use crate::{Event, ReadTx, Recorded, StoreError, WriteTx};
use attest_domain::Action;
use attest_domain::file::FileKind;
use attest_domain::ids::FileId;
use attest_keyring::FileKey;

/// A file whose bytes were found whole.
#[derive(Clone)]
pub struct FileContent {
    /// The name to save it under.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    id: FileId,
    key: FileKey,
    chunks: u32,
}

row! { struct ChunkRow { bytes: Vec<u8> } }

impl FileContent {
    /// How many chunks there are.
    pub fn chunks(&self) -> u32 {
        self.chunks
    }
}

impl<P> ReadTx<'_, P> {
    /// A file that is to be handed out, after every chunk of it was found in its place and unchanged.
    ///
    /// # Errors
    /// A patient's file for somebody without `patient:read` (403); the person was erased (410); chunks that were changed, moved
    /// or left out, which is never the caller's fault.
    pub fn file_content<H: FileHolder>(&mut self, holder: H, id: FileId) -> Result<FileContent, StoreError>
    where
        P: SeesFiles<H>,
    {
        let (held, record) = self.file_record(holder, id)?;
        let legible = self.file_legible(&held, &record);
        let Some((key, details)) = record.opened else {
            return Err(StoreError::Refused {
                slug: "erased",
                status: 410,
                detail: "the person's data were erased, and this file with them".to_owned(),
            });
        };
        if !legible {
            return Err(StoreError::Refused {
                slug: "forbidden",
                status: 403,
                detail: "this file is a patient's; reading it needs the permission patient:read".to_owned(),
            });
        }
        let mut content = FileContent {
            name: details.name,
            kind: details.kind,
            sha256: details.sha256,
            size: 0,
            id,
            key,
            chunks: u32::try_from(record.row.chunks).map_err(StoreError::broken)?,
        };
        for index in 0..content.chunks {
            let length = u64::try_from(self.file_chunk(&content, index)?.len()).map_err(StoreError::broken)?;
            content.size = content.size.saturating_add(length);
        }
        if i64::try_from(content.size) != Ok(record.row.size) {
            return Err(StoreError::broken("a file is not as long as it should be"));
        }
        Ok(content)
    }

    /// One chunk of it.
    ///
    /// # Errors
    /// When it is gone or changed.
    pub fn file_chunk(&mut self, content: &FileContent, index: u32) -> Result<Vec<u8>, StoreError> {
        let row = sql("SELECT bytes FROM file_chunks WHERE tenant_id = ? AND file_id = ? AND idx = ?")
            .bind(self.tenant())
            .bind(content.id)
            .bind(i64::from(index))
            .first::<ChunkRow>(self.db)?
            .ok_or_else(|| StoreError::broken(format!("chunk {index} of file {} is missing", content.id)))?;
        let last = index.saturating_add(1) == content.chunks;
        content
            .key
            .open_chunk(content.id.uuid(), index, last, &row.bytes)
            .map_err(|error| StoreError::broken(format!("chunk {index} of file {}: {error}", content.id)))
    }
}

impl<P> WriteTx<'_, P> {
    /// Records that the file is handed to the caller.
    ///
    /// # Errors
    /// The database's.
    pub fn file_downloaded<H: FileHolder>(&mut self, holder: H, id: FileId) -> Result<Recorded<FileId>, StoreError>
    where
        P: SeesFiles<H>,
    {
        let event = self.file_event(Action::FileDownloaded, holder, id)?.event;
        self.record(event, id)
    }

    /// An event about a file: it happens to the thing that the file hangs on, and is told with it.
    pub(super) fn file_event<H: FileHolder>(
        &mut self,
        action: Action,
        holder: H,
        id: FileId,
    ) -> Result<AboutFile, StoreError> {
        let (held, record) = self.look().file_record(holder, id)?;
        let subject = match record.row.subject_id {
            Some(subject) => self.subject(subject)?,
            None => None,
        };
        let name = record.opened.as_ref().map(|(_, details)| details.name.clone());
        let event = Event::new(action, H::KIND, holder)
            .label(held.label)
            .set("file/id", id.to_string())
            .about(subject.as_ref(), "name", None::<String>, name);
        Ok(AboutFile { record, subject, event })
    }
}

/// A file that something is done with, and the event of it.
pub(super) struct AboutFile {
    pub(super) record: super::read::FileRecord,
    pub(super) subject: Option<crate::Subject>,
    pub(super) event: Event,
}
