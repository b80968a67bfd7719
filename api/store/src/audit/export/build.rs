//! Building the bundle: the events, their proof, and the values that the exporter may see.

use super::ExportRequest;
use super::choice::{IndexedRow, between, chosen, place};
use super::proof::{consistency, proof};
use super::ticket::{ExportTicket, asked};
use crate::audit::openings::{key_of, open_all};
use crate::db::Db;
use crate::ledger::{newest_checkpoint, rotation_proofs, rotations};
use crate::store::Inner;
use crate::{Laboratory, StoreError, now};
use attest_domain::{Language, Permission};
use attest_keyring::LogKeys;
use attest_ledger::bundle::{Export, IndexedEntry, Language as ReadmeLanguage, Members, Opening, verify_bundle};
use attest_ledger::entry::Entry;
use attest_ledger::note::VerifierKey;
use attest_ledger::seal::{Side, blinding};
use attest_ledger::{Hash, bundle};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use uuid::Uuid;

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

/// The bundle of what the ticket asks for, under the newest checkpoint.
/// `keys` are those of a moment before.
pub(super) fn build(
    inner: &Inner,
    db: &mut Db,
    ticket: &ExportTicket,
    keys: &LogKeys,
) -> Result<ExportBuild, StoreError> {
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
    let proof = proof(db, tenant, size, &request, &rows)?;
    let consistency = consistency(db, &scope, size, &request)?;
    let openings = if scope.permissions.contains(Permission::PatientRead) {
        openings(inner, db, tenant, &rows)?
    } else {
        Vec::new()
    };
    let laboratory = scope.tenant.laboratory.clone();
    let told = rotations(db, tenant, &laboratory.log_origin, inner.keyring.outbox(), size)?;
    let key = match told.last() {
        Some(last) => &last.rotation.to,
        None => keys.current(),
    };
    let created_at = now();
    let indices = rows.iter().map(|row| row.idx).collect();
    let export = Export {
        log: laboratory.log_origin.clone(),
        created_at,
        created_by: row.created_by.to_string(),
        filter: request.selection.then(|| filter_value(&request)),
        language: readme_language(laboratory.language),
        entries: rows.into_iter().map(entry).collect::<Result<_, _>>()?,
        proof,
        checkpoint: checkpoint.clone().into_bytes(),
        consistency,
        rotations: rotation_proofs(db, tenant, &told, size)?,
        openings,
        timestamp: None,
    };
    let signer = match keys.signer(key) {
        Some(signer) => signer,
        None => scope.tenant.signer.signer(key).map_err(StoreError::broken)?,
    };
    let members = export
        .draft()
        .map_err(StoreError::broken)?
        .sign(signer.as_ref())
        .map_err(StoreError::broken)?;
    prove(&members, key)?;
    if let Some(trouble) = inner.sequencing.complaints.of(tenant) {
        return Err(StoreError::conflict(format!(
            "the audit log is not being signed: {}; an export now would not cover the newest events; tell your administrator to run `attest doctor`",
            trouble.reason
        )));
    }
    Ok(ExportBuild {
        members,
        indices,
        checkpoint,
        log_key: key.to_string(),
        laboratory,
        created_by: row.name,
        created_at,
        request,
    })
}

/// What leaves the house must hold by the rules that readers check it with. Gaps in the writers' numbers and steps of the
/// clock are for the reader to see, and no reason to withhold the evidence.
fn prove(members: &Members, key: &VerifierKey) -> Result<(), StoreError> {
    let report = verify_bundle(members, key, None, None);
    let shown = ["writer sequence", "time order"];
    match report.failures().find(|step| !shown.contains(&step.name)) {
        None => Ok(()),
        Some(step) => {
            let place = step
                .index
                .map_or_else(String::new, |index| format!(" at event {index}"));
            let fault = format!("{}{place}: {}", step.name, step.detail);
            tracing::error!(
                fault,
                "an export does not hold: the stored audit log is not what was signed"
            );
            Err(StoreError::conflict(format!(
                "the stored audit log is not what was signed ({fault}); tell your administrator to run `attest doctor`"
            )))
        }
    }
}

fn entry(row: IndexedRow) -> Result<IndexedEntry, StoreError> {
    Ok(IndexedEntry {
        index: place(row.idx)?,
        bytes: row.entry,
    })
}

fn readme_language(language: Language) -> ReadmeLanguage {
    match language {
        Language::Pl => ReadmeLanguage::Polish,
        Language::En => ReadmeLanguage::English,
    }
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
                Slot::Occupied(known) => known.into_mut(),
                Slot::Vacant(place) => place.insert(key_of(inner, db, tenant, value.subject)?),
            };
            let Some(person) = key else { continue };
            for (side, content) in [(Side::From, value.from), (Side::To, value.to)] {
                let Some(content) = content else { continue };
                let r = Hash::new(blinding(person.key.bytes(), &entry.id, &value.path, side));
                found.push(Opening {
                    index: place(row.idx)?,
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
