//! Exports of the audit trail: asked for, built in the background, checkable offline (ledger.md, "Bundle").

use super::events::{EventFilter, id_from};
use super::openings::{key_of, open_all};
use super::view::{EventView, StoredEvent, describe};
use crate::access::{Scope, effective_permissions};
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::ledger::{LogTree, TreeError, newest_checkpoint};
use crate::store::Inner;
use crate::{Event, Laboratory, Listing, Page, ReadTx, Recorded, RequestSource, Store, StoreError, WriteTx, now};
use attest_domain::ids::{ExportId, UserId};
use attest_domain::{Action, Language, Permission, may};
use attest_ledger::bundle::{Consistency, Export, IndexedEntry, Language as ReadmeLanguage, Members, Opening, Proof};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::Entry;
use attest_ledger::note::Note;
use attest_ledger::seal::{Side, blinding};
use attest_ledger::{Hash, bundle};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// Up to this many events a range carries audit paths too, so that a change names the event (ledger crate, `Proof::Range`).
const WITH_PATHS: usize = 10_000;
/// Events of one export at most: a bundle is built in memory.
const AT_MOST: i64 = 250_000;
/// Events of a selection at most: each carries its own proof.
const SELECTION_AT_MOST: i64 = 20_000;

/// What is asked for; kept with the export.
#[derive(Debug, Clone, Serialize, Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// True: chosen events, each with its proof. False: everything between two moments, proven complete.
    pub selection: bool,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Not after.
    pub to: Option<DateTime<Utc>>,
    /// By this user.
    pub actor_id: Option<Uuid>,
    /// Of this kind.
    pub action: Option<String>,
    /// On things of this type.
    pub object_type: Option<String>,
    /// On this thing.
    pub object_id: Option<String>,
    /// A checkpoint (signed note) that the reader already holds; the bundle proves that the log continues it.
    pub held_checkpoint: Option<String>,
}

/// An export, as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportView {
    /// Its id.
    pub id: Uuid,
    /// queued, running, ready or failed.
    pub status: String,
    /// Percent.
    pub progress: i64,
    /// range or selection.
    pub kind: String,
    /// Index of the first event.
    pub first: Option<i64>,
    /// Index of the last event.
    pub last: Option<i64>,
    /// Events.
    pub count: Option<i64>,
    /// Parts of the PDF, about a thousand events each.
    pub parts: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: ExportOwner,
    /// Row version.
    pub version: i64,
}

/// Who asked for an export.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportOwner {
    /// The user.
    pub id: Uuid,
    /// Printed name.
    pub name: String,
}

row! {
    struct ExportRow {
        id: Uuid,
        status: String,
        progress: i64,
        kind: String,
        first_index: Option<i64>,
        last_index: Option<i64>,
        event_count: Option<i64>,
        parts: Option<i64>,
        error: Option<String>,
        created_at: DateTime<Utc>,
        created_by: Uuid,
        creator: String,
        version: i64,
    }
}

impl From<ExportRow> for ExportView {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            progress: row.progress,
            kind: row.kind,
            first: row.first_index,
            last: row.last_index,
            count: row.event_count,
            parts: row.parts,
            error: row.error,
            created_at: row.created_at,
            created_by: ExportOwner {
                id: row.created_by,
                name: row.creator,
            },
            version: row.version,
        }
    }
}

/// An export that waits to be built, in the name of who asked for it.
#[derive(Debug, Clone)]
pub struct ExportTicket {
    /// The laboratory.
    pub tenant: Uuid,
    /// The export.
    pub id: Uuid,
}

/// A built bundle, and what its paper twin says about it.
#[derive(Debug, Clone)]
pub struct ExportBuild {
    /// The bundle's members.
    pub members: Members,
    /// Indices of its events, in order.
    pub indices: Vec<i64>,
    /// The checkpoint everything leads to.
    pub checkpoint: String,
    /// The key that verifies it.
    pub log_key: String,
    /// The laboratory.
    pub laboratory: Laboratory,
    /// Who asked for it.
    pub created_by: String,
    /// When it was built.
    pub created_at: DateTime<Utc>,
    /// What was asked for.
    pub request: ExportRequest,
}

row! { struct IndexedRow { id: Uuid, entry: Vec<u8>, idx: i64 } }
row! { struct TicketRow { tenant_id: Uuid, id: Uuid } }
row! { struct BoundsRow { first: Option<i64>, last: Option<i64> } }
row! { struct AskedRow { request: String, created_by: Uuid, name: String } }

impl WriteTx<'_, may::AuditExport> {
    /// Asks for an export. The export itself is an event of the trail.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the held checkpoint is not one of this log.
    pub fn export_request(&mut self, request: &ExportRequest) -> Result<Recorded<ExportId>, StoreError> {
        if let Some(note) = &request.held_checkpoint {
            held(note, &self.tenant_room().signer)?;
        }
        let (tenant, id, at) = (self.tenant(), ExportId::new(), now());
        let user = self
            .user()
            .ok_or_else(|| StoreError::broken("exports are asked for by people"))?;
        let kind = if request.selection { "selection" } else { "range" };
        sql("INSERT INTO audit_exports (tenant_id, id, status, kind, request, created_at, created_by, updated_at) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(kind)
            .bind(serde_json::to_string(request).map_err(StoreError::broken)?)
            .bind(at)
            .bind(user)
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::AuditExported, "audit_export", id)
            .set("kind", kind)
            .set("from", request.from.map(|at| at.to_rfc3339()))
            .set("to", request.to.map(|at| at.to_rfc3339()))
            .set("action", request.action.clone())
            .set("object_id", request.object_id.clone());
        self.record(event, id)
    }

    /// Records that a finished export was fetched.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; a conflict while it is not ready.
    pub fn export_fetch(&mut self, id: ExportId, what: &str) -> Result<Recorded<ExportId>, StoreError> {
        let export = self.look().export(id)?;
        if export.status != "ready" {
            return Err(StoreError::conflict(format!(
                "the export is {}; wait until it is ready",
                export.status
            )));
        }
        self.record(
            Event::new(Action::ExportDownloaded, "audit_export", id).set("file", what),
            id,
        )
    }
}

const COLUMNS: &str = "SELECT x.id, x.status, x.progress, x.kind, x.first_index, x.last_index, x.event_count, x.parts, x.error, x.created_at, x.created_by, u.name, x.version \
     FROM audit_exports x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.created_by WHERE x.tenant_id = ?";

impl ReadTx<'_, may::AuditExport> {
    /// One export.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn export(&mut self, id: ExportId) -> Result<ExportView, StoreError> {
        Ok(sql(format!("{COLUMNS} AND x.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<ExportRow>(self.db)?
            .into())
    }

    /// Exports, newest first.
    ///
    /// # Errors
    /// When the cursor is not ours; the database's.
    pub fn exports(&mut self, page: &Page) -> Result<Listing<ExportView>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "audit/exports");
        let mut query = sql(COLUMNS).bind(self.tenant());
        if let Some(start) = cursors.start(page)? {
            query.push(" AND x.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY x.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ExportRow>(self.db)?;
        Ok(cursors
            .finish(page, rows, |row| Position {
                key: String::new(),
                id: row.id,
            })?
            .map(ExportView::from))
    }
}

impl Store {
    /// Exports that nobody has finished: after a restart they are built again.
    ///
    /// # Errors
    /// The database's.
    pub async fn exports_unfinished(&self) -> Result<Vec<ExportTicket>, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut found = Vec::new();
        for tenant in tenants {
            let id = tenant.laboratory.id;
            let rows = self.inner.backend.read(Some(id), move |db| {
                sql("SELECT tenant_id, id FROM audit_exports WHERE tenant_id = ? AND status IN ('queued', 'running') ORDER BY id").bind(id).all::<TicketRow>(db)
            });
            found.extend(rows.await?.into_iter().map(|row| ExportTicket {
                tenant: row.tenant_id,
                id: row.id,
            }));
        }
        Ok(found)
    }

    /// Builds the bundle in the name of who asked for it, with the rights that person has now.
    ///
    /// # Errors
    /// A conflict that says why there is nothing to export; the database's.
    pub async fn export_build(&self, ticket: &ExportTicket) -> Result<ExportBuild, StoreError> {
        let (inner, ticket) = (Arc::clone(&self.inner), ticket.clone());
        self.inner
            .backend
            .read(Some(ticket.tenant), move |db| build(&inner, db, &ticket))
            .await
    }

    /// A run of an export's events in words, for its paper twin.
    ///
    /// # Errors
    /// The database's.
    pub async fn export_words(
        &self,
        ticket: &ExportTicket,
        indices: Vec<i64>,
        language: Language,
    ) -> Result<Vec<EventView>, StoreError> {
        let (inner, ticket) = (Arc::clone(&self.inner), ticket.clone());
        self.inner
            .backend
            .read(Some(ticket.tenant), move |db| {
                let (scope, _request) = asked(&inner, db, &ticket)?;
                let mut rows = Vec::new();
                for chunk in indices.chunks(500) {
                    let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id WHERE l.tenant_id = ? AND l.idx IN (")
                        .bind(ticket.tenant);
                    query.list(chunk.iter().copied()).push(") ORDER BY l.idx");
                    rows.extend(query.all::<StoredEvent>(db)?);
                }
                describe(&inner, db, &scope, language, rows)
            })
            .await
    }

    /// How an export stands.
    ///
    /// # Errors
    /// The database's.
    pub async fn export_progress(
        &self,
        ticket: &ExportTicket,
        status: &'static str,
        progress: i64,
        build: Option<(i64, i64, i64, i64)>,
        error: Option<String>,
    ) -> Result<(), StoreError> {
        let ticket = ticket.clone();
        self.inner
            .backend
            .write(Some(ticket.tenant), move |db| {
                let (first, last, count, parts) = build.map_or((None, None, None, None), |(first, last, count, parts)| (Some(first), Some(last), Some(count), Some(parts)));
                sql("UPDATE audit_exports SET status = ?, progress = ?, error = ?, first_index = coalesce(?, first_index), last_index = coalesce(?, last_index), \
                     event_count = coalesce(?, event_count), parts = coalesce(?, parts), updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
                    .bind(status)
                    .bind(progress)
                    .bind(error)
                    .bind(first)
                    .bind(last)
                    .bind(count)
                    .bind(parts)
                    .bind(now())
                    .bind(ticket.tenant)
                    .bind(ticket.id)
                    .run(db)
            })
            .await
            .map(|_rows| ())
    }
}

/// What was asked for and by whom, with that person's rights of today.
fn asked(inner: &Inner, db: &mut Db, ticket: &ExportTicket) -> Result<(Scope, AskedRow), StoreError> {
    let row = sql("SELECT x.request, x.created_by, u.name FROM audit_exports x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.created_by WHERE x.tenant_id = ? AND x.id = ?")
        .bind(ticket.tenant)
        .bind(ticket.id)
        .one::<AskedRow>(db)?;
    let tenant = inner.tenants.load(db, ticket.tenant)?;
    let mut scope = Scope::person(
        tenant,
        UserId::from_uuid(row.created_by),
        None,
        RequestSource::default(),
    );
    scope.permissions = effective_permissions(db, ticket.tenant, row.created_by)?;
    if !scope.permissions.contains(Permission::AuditExport) {
        return Err(StoreError::conflict(
            "who asked for this export may not export any more",
        ));
    }
    Ok((scope, row))
}

fn build(inner: &Inner, db: &mut Db, ticket: &ExportTicket) -> Result<ExportBuild, StoreError> {
    let (scope, row) = asked(inner, db, ticket)?;
    let request: ExportRequest = serde_json::from_str(&row.request).map_err(StoreError::broken)?;
    let tenant = ticket.tenant;
    let (size, checkpoint) =
        newest_checkpoint(db, tenant)?.ok_or_else(|| StoreError::conflict("nothing is signed yet"))?;
    let rows = if request.selection {
        chosen(db, tenant, &request, size)?
    } else {
        between(db, tenant, &request, size)?
    };
    let (Some(first), Some(last)) = (rows.first().map(|row| row.idx), rows.last().map(|row| row.idx)) else {
        return Err(StoreError::conflict("there are no events in that range"));
    };
    let place = |index: i64| u64::try_from(index).map_err(StoreError::broken);
    let proof = proof(db, tenant, size, &request, &rows, (place(first)?, place(last)?))?;
    let consistency = consistency(db, &scope, size, &request)?;
    let openings = if scope.permissions.contains(Permission::PatientRead) {
        openings(inner, db, tenant, &rows)?
    } else {
        Vec::new()
    };
    let laboratory = scope.tenant.laboratory.clone();
    let created_at = now();
    let indices = rows.iter().map(|row| row.idx).collect();
    let export = Export {
        log: laboratory.log_origin.clone(),
        created_at,
        created_by: row.created_by.to_string(),
        filter: request.selection.then(|| filter_value(&request)),
        language: if laboratory.language == Language::Pl {
            ReadmeLanguage::Polish
        } else {
            ReadmeLanguage::English
        },
        entries: rows
            .into_iter()
            .map(|row| {
                Ok(IndexedEntry {
                    index: place(row.idx)?,
                    bytes: row.entry,
                })
            })
            .collect::<Result<_, StoreError>>()?,
        proof,
        checkpoint: checkpoint.clone().into_bytes(),
        consistency,
        openings,
        timestamp: None,
    };
    let signer = &scope.tenant.signer;
    let members = export
        .draft()
        .map_err(StoreError::broken)?
        .sign(signer.signer())
        .map_err(StoreError::broken)?;
    Ok(ExportBuild {
        members,
        indices,
        checkpoint,
        log_key: signer.verifier_key().to_string(),
        laboratory,
        created_by: row.name,
        created_at,
        request,
    })
}

/// The smallest run of indices that holds every event between the two moments.
fn between(db: &mut Db, tenant: Uuid, request: &ExportRequest, size: u64) -> Result<Vec<IndexedRow>, StoreError> {
    let top = i64::try_from(size).map_err(StoreError::broken)?;
    let (mut first, mut last) = (0, top.saturating_sub(1));
    if request.from.is_some() || request.to.is_some() {
        let from = request
            .from
            .unwrap_or(DateTime::<Utc>::MIN_UTC.max(DateTime::UNIX_EPOCH));
        let to = request.to.unwrap_or_else(|| now() + TimeDelta::days(1));
        let bounds = sql("SELECT MIN(l.idx), MAX(l.idx) FROM audit_events e JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id \
             WHERE e.tenant_id = ? AND e.id >= ? AND e.id <= ? AND e.at >= ? AND e.at <= ? AND l.idx < ?")
            .bind(tenant)
            .bind(id_from(from - TimeDelta::milliseconds(2), false))
            .bind(id_from(to, true))
            .bind(from)
            .bind(to)
            .bind(top)
            .one::<BoundsRow>(db)?;
        let (Some(low), Some(high)) = (bounds.first, bounds.last) else {
            return Ok(Vec::new());
        };
        (first, last) = (low, high);
    }
    if last.saturating_sub(first) >= AT_MOST {
        return Err(StoreError::conflict(format!(
            "more than {AT_MOST} events; choose a shorter time"
        )));
    }
    sql("SELECT e.id, e.entry, l.idx FROM audit_leaves l JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id \
         WHERE l.tenant_id = ? AND l.idx >= ? AND l.idx <= ? ORDER BY l.idx")
        .bind(tenant)
        .bind(first)
        .bind(last)
        .all::<IndexedRow>(db)
}

fn chosen(db: &mut Db, tenant: Uuid, request: &ExportRequest, size: u64) -> Result<Vec<IndexedRow>, StoreError> {
    let filter = EventFilter {
        actor: request.actor_id,
        action: request.action.clone(),
        object_type: request.object_type.clone(),
        object_id: request.object_id.clone(),
        from: request.from,
        to: request.to,
    };
    let mut query = sql("SELECT e.id, e.entry, l.idx FROM audit_events e JOIN audit_leaves l ON l.tenant_id = e.tenant_id AND l.event_id = e.id WHERE e.tenant_id = ?").bind(tenant);
    filter.apply(&mut query);
    query.push(" AND l.idx < ? ORDER BY l.idx LIMIT ?");
    query
        .value(i64::try_from(size).map_err(StoreError::broken)?)
        .value(SELECTION_AT_MOST.saturating_add(1));
    let rows = query.all::<IndexedRow>(db)?;
    if i64::try_from(rows.len()).map_err(StoreError::broken)? > SELECTION_AT_MOST {
        return Err(StoreError::conflict(format!(
            "more than {SELECTION_AT_MOST} events; narrow the filter or export a range"
        )));
    }
    Ok(rows)
}

fn proof(
    db: &mut Db,
    tenant: Uuid,
    size: u64,
    request: &ExportRequest,
    rows: &[IndexedRow],
    (first, last): (u64, u64),
) -> Result<Proof, StoreError> {
    let failed = |error: TreeError| error.0;
    let mut reader = LogTree::reader(db, tenant, size);
    let mut paths = |needed: bool| -> Result<Option<Vec<Vec<Hash>>>, StoreError> {
        if !needed {
            return Ok(None);
        }
        let all = rows.iter().map(|row| {
            reader
                .inclusion(u64::try_from(row.idx).map_err(StoreError::broken)?)
                .map_err(failed)
        });
        all.collect::<Result<Vec<_>, StoreError>>().map(Some)
    };
    if request.selection {
        return Ok(Proof::Selection {
            paths: paths(true)?.unwrap_or_default(),
        });
    }
    let paths = paths(rows.len() <= WITH_PATHS)?;
    let (left, right) = reader.range_sides(first, last).map_err(failed)?;
    Ok(Proof::Range { left, right, paths })
}

/// A checkpoint of this very log, by our own signature.
fn held(note: &str, signer: &attest_keyring::LogSigner) -> Result<Checkpoint, StoreError> {
    let wrong = |message: &str| StoreError::invalid("held_checkpoint", "invalid", message.to_owned());
    let parsed =
        Note::parse(note.as_bytes()).map_err(|_form| wrong("must be the whole signed note of a checkpoint"))?;
    parsed
        .verify(signer.verifier_key())
        .map_err(|_forged| wrong("is not signed by this log"))?;
    parsed
        .text()
        .parse::<Checkpoint>()
        .map_err(|_form| wrong("is a signed note, but not a checkpoint"))
}

fn consistency(
    db: &mut Db,
    scope: &Scope,
    size: u64,
    request: &ExportRequest,
) -> Result<Option<Consistency>, StoreError> {
    let Some(note) = &request.held_checkpoint else {
        return Ok(None);
    };
    let from = held(note, &scope.tenant.signer)?.size;
    if from > size {
        return Err(StoreError::conflict(
            "the held checkpoint is newer than this log: an older database was restored",
        ));
    }
    let path = if from == 0 || from == size {
        Vec::new()
    } else {
        LogTree::reader(db, scope.tenant.laboratory.id, size)
            .consistency(from)
            .map_err(|error: TreeError| error.0)?
    };
    Ok(Some(Consistency { from, to: size, path }))
}

/// Proofs of the sealed values that the exporter may see.
fn openings(inner: &Inner, db: &mut Db, tenant: Uuid, rows: &[IndexedRow]) -> Result<Vec<Opening>, StoreError> {
    let mut opened = open_all(inner, db, tenant, rows.iter().map(|row| row.id))?;
    let mut keys = HashMap::new();
    let mut found = Vec::new();
    for row in rows {
        let Some(values) = opened.remove(&row.id) else { continue };
        let entry = Entry::from_bytes(&row.entry).map_err(StoreError::broken)?;
        for value in values {
            let key = match keys.entry(value.subject) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(key_of(inner, db, tenant, value.subject)?)
                }
            };
            let Some(person) = key else { continue };
            for (side, content) in [(Side::From, value.from), (Side::To, value.to)] {
                let Some(content) = content else { continue };
                let r = Hash::new(blinding(person.key.bytes(), &entry.id, &value.path, side));
                let index = u64::try_from(row.idx).map_err(StoreError::broken)?;
                found.push(Opening {
                    index,
                    path: value.path.clone(),
                    side,
                    r,
                    value: content,
                });
            }
        }
    }
    Ok(found)
}

fn filter_value(request: &ExportRequest) -> serde_json::Value {
    let mut filter = serde_json::Map::new();
    let mut keep = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            filter.insert(name.to_owned(), value.into());
        }
    };
    keep("from", request.from.map(|at| at.to_rfc3339()));
    keep("to", request.to.map(|at| at.to_rfc3339()));
    keep("actor_id", request.actor_id.map(|id| id.to_string()));
    keep("action", request.action.clone());
    keep("object_type", request.object_type.clone());
    keep("object_id", request.object_id.clone());
    filter.into()
}

/// A bundle as the file that readers get.
///
/// # Errors
/// When a member is too large for the archive format.
pub fn zip(members: &Members) -> Result<Vec<u8>, StoreError> {
    bundle::write_zip(members).map_err(StoreError::broken)
}
