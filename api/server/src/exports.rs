//! Exports of the audit trail in the background: the bundle, and its paper twin in parts of a thousand events.
//!
//! Rendering a part costs some hundred megabytes for a moment, so it happens in a child process (`attest render`), one at
//! a time. What is finished lies encrypted in the data folder; after a restart unfinished exports are built again.

use crate::config::Config;
use crate::http::Problem;
use crate::signing::identity;
use attest_documents::audit::{Attachment, AuditExport, MAX_ROWS};
use attest_documents::{Job, SignatureInfo, sign_pdf};
use attest_domain::Language;
use attest_store::{EventView, ExportBuild, ExportTicket, Store, StoreError, bundle_zip};
use chrono::{DateTime, FixedOffset, Offset, TimeZone, Utc};
use std::error::Error;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use uuid::Uuid;

mod paper;

type Failed = Box<dyn Error + Send + Sync>;

/// Builds exports, one at a time.
#[derive(Clone)]
pub struct Exporter {
    store: Store,
    folder: PathBuf,
    place: Arc<Semaphore>,
}

impl Exporter {
    /// Over this store, keeping files in the data folder.
    pub fn new(config: &Config, store: &Store) -> Self {
        Self {
            store: store.clone(),
            folder: config.data_dir.join("exports"),
            place: Arc::new(Semaphore::new(1)),
        }
    }

    /// Takes up what a former process left unfinished.
    ///
    /// # Errors
    /// The database's.
    pub async fn resume(&self) -> Result<(), StoreError> {
        for ticket in self.store.exports_unfinished().await? {
            self.enqueue(ticket.tenant, ticket.id);
        }
        Ok(())
    }

    /// Builds an export when its turn comes.
    pub fn enqueue(&self, tenant: Uuid, id: Uuid) {
        let exporter = self.clone();
        tokio::spawn(async move {
            let Ok(_turn) = exporter.place.acquire().await else {
                return;
            };
            let ticket = ExportTicket { tenant, id };
            if let Err(error) = exporter.build(&ticket).await {
                tracing::error!(%error, export = %id, "an export failed");
                let told = match error.downcast_ref::<StoreError>() {
                    Some(StoreError::Conflict { detail }) => detail.clone(),
                    _ => {
                        "the export could not be built; ask for it again, and tell your administrator if it fails again"
                            .to_owned()
                    }
                };
                if let Err(error) = exporter
                    .store
                    .export_progress(&ticket, "failed", 0, None, Some(told))
                    .await
                {
                    tracing::error!(%error, "an export's failure could not be noted");
                }
            }
        });
    }

    /// A finished file, decrypted.
    ///
    /// # Errors
    /// 404 when there is no such part.
    pub async fn file(&self, tenant: Uuid, id: Uuid, name: &str) -> Result<Vec<u8>, Problem> {
        let place = place(tenant, id, name);
        let sealed = tokio::fs::read(self.folder.join(&place))
            .await
            .map_err(|_missing| Problem::not_found())?;
        self.store
            .keyring()
            .open_file(tenant, &place, &sealed)
            .map_err(|error| Problem::internal(&error))
    }

    /// A person was erased: what was built before may hold values of theirs. Files go at once, those of an export that is being
    /// built as soon as it is finished.
    pub fn forget(&self, tenant: Uuid) {
        let exporter = self.clone();
        tokio::spawn(async move {
            for waits in [false, true] {
                let _turn = if waits {
                    exporter.place.acquire().await.ok()
                } else {
                    None
                };
                if let Err(error) = exporter.outdated_gone(tenant).await {
                    tracing::error!(%error, "exports from before an erasure could not be removed");
                }
            }
        });
    }

    async fn outdated_gone(&self, tenant: Uuid) -> Result<(), Failed> {
        for id in self.store.exports_outdated(tenant).await? {
            let folder = self.folder.join(tenant.to_string()).join(id.to_string());
            match tokio::fs::remove_dir_all(&folder).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    async fn build(&self, ticket: &ExportTicket) -> Result<(), Failed> {
        self.store.export_progress(ticket, "running", 1, None, None).await?;
        let built = self.store.export_build(ticket).await?;
        let zip = bundle_zip(&built.members)?;
        self.keep(ticket, "bundle.zip", &zip).await?;
        drop(zip);
        let parts = built.indices.len().div_ceil(MAX_ROWS);
        for (number, indices) in built.indices.chunks(MAX_ROWS).enumerate() {
            let words = self
                .store
                .export_words(ticket, indices.to_vec(), built.laboratory.language)
                .await?;
            let pdf = self.paper(&built, words, number.saturating_add(1), parts).await?;
            self.keep(ticket, &format!("part-{}.pdf", number.saturating_add(1)), &pdf)
                .await?;
            let percent = number
                .saturating_add(1)
                .saturating_mul(98)
                .checked_div(parts)
                .unwrap_or(98);
            self.store
                .export_progress(ticket, "running", i64::try_from(percent)?, None, None)
                .await?;
        }
        let (Some(first), Some(last)) = (built.indices.first(), built.indices.last()) else {
            return Err("an export without events".into());
        };
        let figures = (
            *first,
            *last,
            i64::try_from(built.indices.len())?,
            i64::try_from(parts)?,
        );
        self.store
            .export_progress(ticket, "ready", 100, Some(figures), None)
            .await?;
        Ok(())
    }

    async fn keep(&self, ticket: &ExportTicket, name: &str, content: &[u8]) -> Result<(), Failed> {
        let place = place(ticket.tenant, ticket.id, name);
        let sealed = self.store.keyring().seal_file(ticket.tenant, &place, content)?;
        let path = self.folder.join(&place);
        tokio::task::spawn_blocking(move || {
            if let Some(parent) = path.parent() {
                std::fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
            }
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&path)?;
            std::io::Write::write_all(&mut file, &sealed)?;
            file.sync_all()
        })
        .await??;
        Ok(())
    }

    async fn paper(
        &self,
        built: &ExportBuild,
        words: Vec<EventView>,
        part: usize,
        parts: usize,
    ) -> Result<Vec<u8>, Failed> {
        let zone: chrono_tz::Tz = built.laboratory.timezone.parse().unwrap_or(chrono_tz::UTC);
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%.3f %:z").to_string();
        let language = built.laboratory.language;
        let (first, last) = (
            built.indices.first().copied().unwrap_or(0),
            built.indices.last().copied().unwrap_or(0),
        );
        let export = AuditExport {
            language: match language {
                Language::En => attest_documents::Language::En,
                Language::Pl => attest_documents::Language::Pl,
            },
            laboratory: built.laboratory.name.clone(),
            log: built.laboratory.log_origin.clone(),
            created_at: offset(built.created_at, zone),
            created: local(built.created_at),
            created_by: built.created_by.clone(),
            range: paper::range(
                first,
                last,
                built.request.selection.then_some(built.indices.len()),
                language,
            ),
            selection: built.request.selection,
            filter: built.request.selection.then(|| paper::filter(&built.request, language)),
            checkpoint: built.checkpoint.clone(),
            verifier_key: built.log_key.clone(),
            how_to_verify: Vec::new(),
            part: u32::try_from(part)?,
            parts: u32::try_from(parts)?,
            rows: words
                .into_iter()
                .map(|event| paper::row(event, language, &local))
                .collect(),
        };
        let attachments = if part == 1 {
            built
                .members
                .iter()
                .map(|(name, bytes)| Attachment {
                    name: name.to_string(),
                    mime: mime(name).to_owned(),
                    bytes: bytes.clone(),
                })
                .collect()
        } else {
            Vec::new()
        };
        let job = serde_json::to_vec(&Job::Audit {
            export: Box::new(export),
            attachments,
        })?;
        let pdf = render(job).await?;
        let identity = identity(&self.store, &built.laboratory).await?;
        let info = SignatureInfo {
            name: built.laboratory.name.clone(),
            reason: language
                .pick("Export of the audit trail", "Eksport śladu audytowego")
                .to_owned(),
            location: built.laboratory.address.lines().last().unwrap_or_default().to_owned(),
            at: offset(built.created_at, zone),
        };
        Ok(tokio::task::spawn_blocking(move || sign_pdf(&pdf, &identity, &info)).await??)
    }
}

/// This very program, also when its file was replaced by a newer one meanwhile.
fn program() -> std::io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        Ok(running)
    } else {
        std::env::current_exe()
    }
}

/// Renders in a child process of this very program.
async fn render(job: Vec<u8>) -> Result<Vec<u8>, Failed> {
    let mut child = tokio::process::Command::new(program()?)
        .arg("render")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut input = child.stdin.take().ok_or("no pipe to the renderer")?;
    let writer = tokio::spawn(async move {
        let sent = input.write_all(&job).await;
        drop(input);
        sent
    });
    let output = child.wait_with_output().await?;
    writer.await??;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("the renderer failed: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

fn place(tenant: Uuid, id: Uuid, name: &str) -> String {
    format!("{tenant}/{id}/{name}")
}

/// The moment with the laboratory's offset.
pub fn offset(at: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<FixedOffset> {
    let fixed = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    at.with_timezone(&fixed)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("json") => "application/json",
        Some("jsonl") => "application/jsonl",
        Some("tsr") => "application/timestamp-reply",
        _ => "text/plain",
    }
}
