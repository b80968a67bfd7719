//! Attaching a file: row, bytes and event in one transaction, so that an upload which breaks off leaves nothing behind.

use super::holder::{AttachesFiles, FileHolder};
use super::{Details, details_place};
use crate::db::{row, sql};
use crate::{Event, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::Action;
use attest_domain::file::{FileKind, FileName};
use attest_domain::ids::FileId;
use attest_keyring::{FILE_CHUNK, FileKey};
use sha2::{Digest, Sha256};

/// Files that may hang on one thing; a list of them is read whole.
const AT_ONE_THING: usize = 200;

/// The counter of all bytes that a laboratory has attached. Withdrawn files count: they are kept.
const BYTES: &str = "file_bytes";

/// A file that is encrypted and ready to be kept.
pub struct SealedFile {
    id: FileId,
    key: FileKey,
    details: Details,
    sha256: [u8; 32],
    size: usize,
    chunks: Vec<Vec<u8>>,
}

impl SealedFile {
    /// Encrypts a file. This takes its time: some 20 ms for 20 MiB.
    ///
    /// # Errors
    /// Never in practice: a file would have to have more than 2^32 chunks.
    pub fn new(name: &FileName, kind: FileKind, content: &[u8]) -> Result<Self, StoreError> {
        let (id, key) = (FileId::new(), FileKey::generate());
        let sha256: [u8; 32] = Sha256::digest(content).into();
        let mut parts = (0u32..).zip(content.chunks(FILE_CHUNK)).peekable();
        let mut chunks = Vec::with_capacity(content.len().div_ceil(FILE_CHUNK));
        while let Some((index, part)) = parts.next() {
            let sealed = key.seal_chunk(id.uuid(), index, parts.peek().is_none(), part);
            chunks.push(sealed.map_err(StoreError::broken)?);
        }
        let details = Details {
            name: name.as_str().to_owned(),
            kind,
            sha256: hex::encode(sha256),
        };
        Ok(Self {
            id,
            key,
            details,
            sha256,
            size: content.len(),
            chunks,
        })
    }

    /// What a repeated request is told by: the same content under the same name.
    pub fn fingerprint(&self) -> [u8; 32] {
        let name = self.details.name.as_bytes();
        Sha256::new()
            .chain_update(self.sha256)
            .chain_update(name)
            .finalize()
            .into()
    }
}

row! { struct UsedRow { value: i64 } }

impl<P> ReadTx<'_, P> {
    /// Whether a file of so many bytes would be taken: asked before it is read, so that nobody sends megabytes in vain.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the person was erased; no room.
    pub fn file_expected<H: FileHolder>(&mut self, holder: H, size: i64, room: Option<i64>) -> Result<(), StoreError>
    where
        P: AttachesFiles<H>,
    {
        let held = self.file_holder(holder)?;
        if let Some(patient) = held.patient_id
            && self.patient_subject(patient)?.is_none()
        {
            return Err(StoreError::person_erased());
        }
        let used = sql("SELECT value FROM counters WHERE tenant_id = ? AND name = ?")
            .bind(self.tenant())
            .bind(BYTES)
            .first::<UsedRow>(self.db)?;
        fits(used.map_or(0, |row| row.value).saturating_add(size), room)
    }
}

impl<P> WriteTx<'_, P> {
    /// Attaches a file. `room` is what the laboratory may attach in all, in bytes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the person was erased, the same content is attached already, or too many files (409); no room
    /// (413).
    pub fn file_attach<H: FileHolder>(
        &mut self,
        holder: H,
        file: SealedFile,
        shared: bool,
        room: Option<i64>,
    ) -> Result<Recorded<FileId>, StoreError>
    where
        P: AttachesFiles<H>,
    {
        let held = self.look().file_holder(holder)?;
        let subject = match held.patient_id {
            Some(patient) => Some(self.patient_subject(patient)?.ok_or_else(StoreError::person_erased)?),
            None => None,
        };
        // The counter's row is kept from other writers from here on: of two that attach the same content one comes first.
        let used = self.next_numbers(BYTES, file.size)?;
        fits(*used.end(), room)?;
        let others = self.look().file_records(holder, None)?;
        if others.len() >= AT_ONE_THING {
            return Err(StoreError::conflict(format!(
                "{AT_ONE_THING} files are attached already; no more can be"
            )));
        }
        let standing = others.iter().filter(|other| other.row.withdrawn_at.is_none());
        let twin = standing
            .filter_map(|other| other.opened.as_ref())
            .find(|(_, details)| details.sha256 == file.details.sha256);
        if let Some((_, twin)) = twin {
            return Err(StoreError::refused(
                "duplicate",
                format!("the same content is attached already, as {:?}", twin.name),
            ));
        }
        // A client sees only what is shared with it: what it attaches itself it will want to see.
        let shared = shared || self.only_client().is_some();
        let (tenant, id, at, user) = (self.tenant(), file.id, now(), self.user());
        let person = subject.as_ref().map(|subject| &subject.key);
        let wrapped = file.key.wrapped(&self.inner.keyring, tenant, person, id.uuid());
        let details = serde_json::to_vec(&file.details).map_err(StoreError::broken)?;
        let details = file
            .key
            .seal(&details_place(id), &details)
            .map_err(StoreError::broken)?;
        let size = i64::try_from(file.size).map_err(StoreError::broken)?;
        sql(format!(
            "INSERT INTO files (tenant_id, id, {}, subject_id, wrapped_key, details, kind, size, chunks, shared_with_client, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            H::COLUMN
        ))
        .bind(tenant)
        .bind(id)
        .bind(holder.uuid())
        .bind(subject.as_ref().map(|subject| subject.id))
        .bind(wrapped.map_err(StoreError::broken)?)
        .bind(details)
        .bind(file.details.kind.as_str())
        .bind(size)
        .bind(i64::try_from(file.chunks.len()).map_err(StoreError::broken)?)
        .bind(shared)
        .bind(at)
        .bind(user)
        .bind(at)
        .run(self.db)?;
        for (index, chunk) in (0i64..).zip(&file.chunks) {
            sql("INSERT INTO file_chunks (tenant_id, file_id, idx, bytes) VALUES (?, ?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(index)
                .bind(chunk.as_slice())
                .run(self.db)?;
        }
        let event = Event::new(Action::FileAttached, H::KIND, holder)
            .label(held.label)
            .set("file/id", id.to_string())
            .about(subject.as_ref(), "name", None::<String>, file.details.name.as_str())
            .set("kind", file.details.kind.as_str())
            .set("size", size)
            .about(
                subject.as_ref(),
                "content_sha256",
                None::<String>,
                file.details.sha256.as_str(),
            )
            .change("shared_with_client", false, shared);
        self.record(event, id)
    }
}

fn fits(bytes: i64, room: Option<i64>) -> Result<(), StoreError> {
    const MIB: i64 = 1 << 20;
    match room {
        Some(room) if bytes > room => Err(StoreError::Refused {
            slug: "storage-full",
            status: 413,
            detail: format!(
                "the laboratory's files may take {} MiB in all, and with this one they would take {} MiB; whoever runs the installation \
                 can raise it (laboratory_file_bytes)",
                room / MIB,
                bytes.saturating_add(MIB - 1) / MIB
            ),
        }),
        _ => Ok(()),
    }
}
