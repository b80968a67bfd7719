//! Examining a whole log, for `attest doctor`: every entry against its mac and its leaf, the leaves against the stored
//! subtrees and every checkpoint, the tree against the signer's own memory, and what never got a place.

use super::tree::{hash_of, integer};
use super::{covering, log_size, newest_checkpoint, rotations};
use crate::db::{Db, row, sql};
use crate::tenant::Tenant;
use crate::{Store, StoreError, now};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::Entry;
use attest_ledger::merkle::{Frontier, leaf_hash, stored_level};
use attest_ledger::{Hash, outbox};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Entries read at once.
const STRIDE: u64 = 1_000;
/// Findings of one log that are told; more are counted.
const TOLD: usize = 20;

const CHANGED: &str = "the database was changed behind the program. Stop the server, keep database and keys as they are, \
     and compare with backups and with the checkpoints that others hold (operator guide, \"When the ledger refuses\")";
const OLDER: &str = "if a backup was restored, get the newer state back (standby, WAL archive, old disk); if not, treat it \
     as an incident and keep everything (operator guide, \"When the ledger refuses\")";
const FOREIGN: &str = "it was not written by this program with this key, or changed before it got its place. It stays as \
     evidence; find out who can write to the database";
const WAITING: &str = "is a server running on this database? Its log says why, if it cannot";

/// What was found out about one log.
#[derive(Debug, Clone)]
pub struct LogExamination {
    /// Short name of the laboratory.
    pub laboratory: String,
    /// Events in the tree.
    pub events: u64,
    /// Size of the newest checkpoint.
    pub signed: u64,
    /// What is wrong.
    pub findings: Vec<LogFinding>,
    /// Findings that are not told one by one.
    pub more: usize,
}

/// Something that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFinding {
    /// What was seen.
    pub what: String,
    /// What it means and what to do.
    pub advice: &'static str,
}

row! {
    struct LeafRow {
        idx: i64,
        event_id: Uuid,
        hash: Vec<u8>,
        entry: Option<Vec<u8>>,
        mac: Option<Vec<u8>>,
        mac_key: Option<String>,
    }
}
row! { struct SubtreeRow { level: i64, idx: i64, hash: Vec<u8> } }
row! { struct CheckpointRow { size: i64, root: Vec<u8>, note: String } }
row! { struct QuarantineRow { event_id: Uuid, why: String } }
row! { struct CountRow { count: i64 } }

impl Store {
    /// Examines every log of this installation, from its first event to its last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn examine_logs(&self) -> Result<Vec<LogExamination>, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut found = Vec::new();
        for tenant in tenants {
            found.push(self.examine_log(&tenant).await?);
        }
        Ok(found)
    }

    async fn examine_log(&self, tenant: &Arc<Tenant>) -> Result<LogExamination, StoreError> {
        // The signer's memory first: a server that runs beside us goes on signing.
        let signed = tenant.signer.last();
        let (id, lab, inner) = (tenant.laboratory.id, Arc::clone(tenant), Arc::clone(&self.inner));
        let mut work = self
            .inner
            .backend
            .read(Some(id), move |db| {
                Examination::begin(db, lab, signed, inner.keyring.outbox())
            })
            .await?;
        while work.tree.size() < work.size {
            let inner = Arc::clone(&self.inner);
            work = self
                .inner
                .backend
                .read(Some(id), move |db| {
                    work.stride(db, inner.keyring.outbox())?;
                    Ok(work)
                })
                .await?;
        }
        Ok(work.finish())
    }
}

/// A log under examination.
struct Examination {
    tenant: Arc<Tenant>,
    size: u64,
    tree: Frontier,
    subtrees: BTreeMap<(u32, u64), Hash>,
    signed: Option<Checkpoint>,
    report: LogExamination,
}

impl Examination {
    fn begin(
        db: &mut Db,
        tenant: Arc<Tenant>,
        signed: Option<Checkpoint>,
        outbox: (&str, &[u8; 32]),
    ) -> Result<Self, StoreError> {
        let id = tenant.laboratory.id;
        let rows = sql("SELECT level, idx, hash FROM audit_subtrees WHERE tenant_id = ?")
            .bind(id)
            .all::<SubtreeRow>(db)?;
        let subtrees = rows.into_iter().map(|row| {
            let level = u32::try_from(row.level).map_err(StoreError::broken)?;
            Ok(((level, number(row.idx)?), hash_of(&row.hash)?))
        });
        let size = log_size(db, id)?;
        let mut work = Self {
            size,
            tree: Frontier::default(),
            subtrees: subtrees.collect::<Result<_, StoreError>>()?,
            signed,
            report: LogExamination {
                laboratory: tenant.laboratory.slug.clone(),
                events: size,
                signed: newest_checkpoint(db, id)?.map_or(0, |(size, _)| size),
                findings: Vec::new(),
                more: 0,
            },
            tenant,
        };
        work.what_has_no_place(db)?;
        work.beyond_the_tree(db)?;
        work.keys(db, outbox)?;
        Ok(work)
    }

    fn found(&mut self, what: String, advice: &'static str) {
        if self.report.findings.len() < TOLD {
            self.report.findings.push(LogFinding { what, advice });
        } else {
            self.report.more = self.report.more.saturating_add(1);
        }
    }

    /// Events set aside, lost, or waiting for too long.
    fn what_has_no_place(&mut self, db: &mut Db) -> Result<(), StoreError> {
        let id = self.tenant.laboratory.id;
        for row in sql("SELECT event_id, why FROM audit_quarantine WHERE tenant_id = ? ORDER BY event_id")
            .bind(id)
            .all::<QuarantineRow>(db)?
        {
            self.found(format!("event {} was set aside: {}", row.event_id, row.why), FOREIGN);
        }
        let lost = sql("SELECT count(*) FROM audit_events e WHERE e.tenant_id = ? \
             AND NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id) \
             AND NOT EXISTS (SELECT 1 FROM audit_pending p WHERE p.tenant_id = e.tenant_id AND p.event_id = e.id) \
             AND NOT EXISTS (SELECT 1 FROM audit_quarantine q WHERE q.tenant_id = e.tenant_id AND q.event_id = e.id)")
        .bind(id)
        .one::<CountRow>(db)?;
        if lost.count > 0 {
            self.found(
                format!("{} events have no place in the log and wait for none", lost.count),
                CHANGED,
            );
        }
        let waiting = sql("SELECT count(*) FROM audit_pending p JOIN audit_events e ON e.tenant_id = p.tenant_id AND e.id = p.event_id \
             WHERE p.tenant_id = ? AND e.at < ?")
            .bind(id)
            .bind(now() - TimeDelta::minutes(1))
            .one::<CountRow>(db)?;
        if waiting.count > 0 {
            self.found(
                format!(
                    "{} events have waited for their place in the log for more than a minute",
                    waiting.count
                ),
                WAITING,
            );
        }
        Ok(())
    }

    /// What was signed must be there.
    fn beyond_the_tree(&mut self, db: &mut Db) -> Result<(), StoreError> {
        let size = self.size;
        let signed = self.signed.as_ref().map_or(0, |signed| signed.size);
        if signed > size {
            let what = format!(
                "the log has {size} events but {signed} were signed: an older database was restored or events were removed"
            );
            self.found(what, OLDER);
        }
        let beyond = sql("SELECT count(*) FROM audit_checkpoints WHERE tenant_id = ? AND size > ?")
            .bind(self.tenant.laboratory.id)
            .bind(integer(size)?)
            .one::<CountRow>(db)?;
        if beyond.count > 0 {
            self.found(
                format!(
                    "{} checkpoints cover more than the {size} events there are",
                    beyond.count
                ),
                CHANGED,
            );
        }
        if self.signed.is_none() && self.report.signed > 0 {
            self.found(
                "there are checkpoints, but the signer remembers none (keys/logs/*.last is missing)".to_owned(),
                "put the newest state of that file back; without it the signer would sign an older or rewritten log",
            );
        }
        Ok(())
    }

    /// Each key that the log tells of followed the one before it, by a checkpoint that both signed, and the last one is ours.
    fn keys(&mut self, db: &mut Db, outbox: (&str, &[u8; 32])) -> Result<(), StoreError> {
        let (room, kept) = (Arc::clone(&self.tenant), self.report.signed);
        let told = match rotations(db, room.laboratory.id, &room.laboratory.log_origin, outbox, self.size) {
            Err(StoreError::Refused { detail, .. }) => {
                self.found(detail, CHANGED);
                return Ok(());
            }
            told => told?,
        };
        for stored in told.iter().filter(|stored| stored.index < kept) {
            if covering(db, room.laboratory.id, stored.index, &stored.rotation)?.is_none() {
                let what = format!(
                    "event {} says that the log's key was replaced, but no checkpoint with the signatures of both keys covers it",
                    stored.index
                );
                self.found(what, CHANGED);
            }
        }
        let told: Vec<_> = told.into_iter().map(|stored| (stored.index, stored.rotation)).collect();
        if let Err(problem) = room.signer.on_its_way(&told, kept) {
            self.found(problem.to_string(), CHANGED);
        }
        Ok(())
    }

    /// The next run of entries, and the checkpoints within it.
    fn stride(&mut self, db: &mut Db, outbox: (&str, &[u8; 32])) -> Result<(), StoreError> {
        let begin = self.tree.size();
        let end = begin.saturating_add(STRIDE).min(self.size);
        let id = self.tenant.laboratory.id;
        let leaves = sql(
            "SELECT l.idx, l.event_id, l.hash, e.entry, e.mac, e.mac_key FROM audit_leaves l \
             LEFT JOIN audit_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id \
             WHERE l.tenant_id = ? AND l.idx >= ? AND l.idx < ? ORDER BY l.idx",
        )
        .bind(id)
        .bind(integer(begin)?)
        .bind(integer(end)?)
        .all::<LeafRow>(db)?;
        let mut checkpoints: BTreeMap<u64, CheckpointRow> =
            sql("SELECT size, root, note FROM audit_checkpoints WHERE tenant_id = ? AND size > ? AND size <= ?")
                .bind(id)
                .bind(integer(begin)?)
                .bind(integer(end)?)
                .all::<CheckpointRow>(db)?
                .into_iter()
                .map(|row| Ok((number(row.size)?, row)))
                .collect::<Result<_, StoreError>>()?;
        let mut leaves = leaves.into_iter().peekable();
        for index in begin..end {
            match leaves.next_if(|row| number(row.idx).is_ok_and(|idx| idx == index)) {
                Some(row) => self.entry(index, row, outbox)?,
                None => {
                    self.found(format!("event {index} is missing"), CHANGED);
                    self.append(Hash::new([0; 32]));
                }
            }
            if let Some(row) = checkpoints.remove(&self.tree.size()) {
                self.checkpoint(&row)?;
            }
            let remembered = self.signed.as_ref().filter(|signed| signed.size == self.tree.size());
            if remembered.is_some_and(|signed| signed.root != self.tree.root()) {
                let what = format!(
                    "the first {} events are not those that were signed last",
                    self.tree.size()
                );
                self.found(what, CHANGED);
            }
        }
        Ok(())
    }

    fn entry(&mut self, index: u64, row: LeafRow, (key_name, key): (&str, &[u8; 32])) -> Result<(), StoreError> {
        let hash = hash_of(&row.hash)?;
        match (row.entry, row.mac, row.mac_key) {
            (Some(entry), Some(mac), Some(mac_key)) => {
                if leaf_hash(&entry) != hash {
                    self.found(format!("event {index} is not the one that was hashed"), CHANGED);
                } else if mac_key == key_name && outbox::verify(key, &entry, &mac).is_err() {
                    self.found(format!("event {index} does not fit its mac"), CHANGED);
                } else if !Entry::from_bytes(&entry)
                    .is_ok_and(|entry| entry.id == row.event_id && entry.log == self.tenant.laboratory.log_origin)
                {
                    self.found(format!("event {index} is no entry of this log"), CHANGED);
                }
            }
            _ => self.found(
                format!("event {index} has a place in the log, but its entry is gone"),
                CHANGED,
            ),
        }
        self.append(hash);
        Ok(())
    }

    fn append(&mut self, leaf: Hash) {
        let mut wrong = Vec::new();
        let subtrees = &mut self.subtrees;
        self.tree.append(leaf, |node, hash| {
            if stored_level(&node).is_some() && subtrees.remove(&(node.level, node.index)) != Some(hash) {
                wrong.push(node);
            }
        });
        for node in wrong {
            let what = format!(
                "the stored hash of level {} at {} is not that of its events",
                node.level, node.index
            );
            self.found(what, CHANGED);
        }
    }

    fn checkpoint(&mut self, row: &CheckpointRow) -> Result<(), StoreError> {
        let (size, root) = (self.tree.size(), self.tree.root());
        match self.tenant.signer.judge(&row.note) {
            Err(problem) => self.found(format!("the checkpoint over {size} events: {problem}"), CHANGED),
            Ok((note, _)) if note.size != size || note.root != root || hash_of(&row.root)? != root => {
                self.found(
                    format!("the first {size} events are not those of their checkpoint"),
                    CHANGED,
                );
            }
            Ok(_) => {}
        }
        Ok(())
    }

    fn finish(mut self) -> LogExamination {
        if !self.subtrees.is_empty() {
            let what = format!("{} stored hashes belong to no events", self.subtrees.len());
            self.found(what, CHANGED);
        }
        self.report
    }
}

fn number(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(StoreError::broken)
}
