//! The keys of the log, and putting a new one in the place of the one that signs (ledger.md, "Rotation of the key"; ATT-24).

use crate::db::{row, sql};
use crate::ledger::{StoredRotation, log_size, newest_checkpoint, rotation_proofs, rotations};
use crate::reference::Person;
use crate::second_person::{Half, Wish, needed_reason};
use crate::{Event, Laboratory, ReadTx, Recorded, StoreError, TwoPersonRequest, WriteTx};
use attest_domain::four_eyes::{TwoPersonAct, TwoPersonState};
use attest_domain::ids::TwoPersonRequestId;
use attest_domain::{Action, ReasonCode, may};
use attest_ledger::entry::Entry;
use attest_ledger::note::VerifierKey;
use attest_ledger::rotation::{KEY_PATH, KeyRotation};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// A key of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogKeyView {
    /// `<name>+<hash>+<key>`: what `attest-verify --key` takes.
    pub verifier_key: String,
    /// Its hash, by which signature lines name it: eight hexadecimal digits.
    pub key_id: String,
    /// It signs.
    pub current: bool,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The event that put it in the place of the one before; null for the first key.
    pub from_index: Option<u64>,
    /// The size of the last checkpoint that it signed, together with its successor; null while it signs.
    pub until_size: Option<u64>,
    /// Until when; null while it signs.
    pub until: Option<DateTime<Utc>>,
}

/// A rotation of the key.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeyRotationView {
    /// Its event in the log.
    pub index: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<Person>,
    /// Who confirmed it.
    pub confirmed_by: Option<Person>,
    /// The verifier key that was replaced.
    pub from: String,
    /// The verifier key that took its place.
    pub to: String,
    /// What leads from the one to the other; null until the checkpoint with both signatures is there.
    pub proof: Option<KeyRotationProof>,
}

/// That whoever trusts the old key may trust the new one: a line of `rotations.jsonl` (docs/ledger.md).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeyRotationProof {
    /// The event's exact bytes, base64.
    pub entry: String,
    /// Audit path, leaf to root of `checkpoint`, base64.
    pub path: Vec<String>,
    /// The checkpoint with the signatures of both keys (C2SP signed note).
    pub checkpoint: String,
    /// Its size; `GET /audit/consistency` leads from there to any later one.
    pub size: u64,
}

/// The keys of this laboratory's log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogKeysView {
    /// The log's origin, which is the name of every key of it.
    pub log: String,
    /// The key that signs first, then those before it.
    pub keys: Vec<LogKeyView>,
    /// Newest first.
    pub rotations: Vec<KeyRotationView>,
    /// A rotation that somebody asked for and nobody else has confirmed yet.
    pub waiting: Option<TwoPersonRequest>,
}

row! { struct NamedRow { id: Uuid, name: String } }
row! { struct IdRow { id: TwoPersonRequestId } }
row! { struct RequesterRow { requested_by: Uuid } }
row! { struct EntryRow { entry: Vec<u8> } }

impl ReadTx<'_, may::AuditRead> {
    /// Every key of the log, what leads from each to the next, and whether a rotation waits for its second person.
    ///
    /// # Errors
    /// When what is stored is not what was signed; the database's.
    pub fn log_keys(&mut self) -> Result<LogKeysView, StoreError> {
        let room = Arc::clone(self.tenant_room());
        let told = self.rotations_told()?;
        let mut rotations = told
            .iter()
            .map(|stored| self.rotation_view(stored))
            .collect::<Result<Vec<_>, _>>()?;
        let mut keys = Vec::new();
        let (mut key, mut since, mut from_index) = (None, room.laboratory.created_at, None);
        for (stored, view) in told.iter().zip(&rotations) {
            let Some(proof) = &view.proof else { continue };
            keys.push(LogKeyView {
                until_size: Some(proof.size),
                until: Some(view.at),
                current: false,
                ..key_view(&stored.rotation.from, since, from_index)
            });
            (key, since, from_index) = (Some(stored.rotation.to.clone()), view.at, Some(view.index));
        }
        let key = match key {
            Some(key) => key,
            None => room.signer.keys_now().map_err(StoreError::broken)?.current().clone(),
        };
        keys.push(key_view(&key, since, from_index));
        keys.reverse();
        rotations.reverse();
        Ok(LogKeysView {
            log: room.laboratory.log_origin.clone(),
            keys,
            rotations,
            waiting: self.rotation_waiting()?,
        })
    }
}

impl ReadTx<'_, may::LedgerRotateKey> {
    /// A request to rotate the key, and the rotation itself once it was confirmed and its event has its place.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn key_rotation(
        &mut self,
        id: TwoPersonRequestId,
    ) -> Result<(TwoPersonRequest, Option<KeyRotationView>), StoreError> {
        let request = self.two_person_request(id)?;
        let wanted = id.to_string();
        let told = self.rotations_told()?;
        let stored = told
            .iter()
            .find(|stored| said(&stored.entry, "request") == Some(wanted.as_str()));
        let rotation = stored.map(|stored| self.rotation_view(stored)).transpose()?;
        Ok((request, rotation))
    }
}

impl<P> ReadTx<'_, P> {
    fn rotations_told(&mut self) -> Result<Vec<StoredRotation>, StoreError> {
        let room = Arc::clone(self.tenant_room());
        let (id, outbox) = (room.laboratory.id, self.inner.keyring.outbox());
        let size = log_size(self.db, id)?;
        rotations(self.db, id, &room.laboratory.log_origin, outbox, size)
    }

    fn rotation_view(&mut self, stored: &StoredRotation) -> Result<KeyRotationView, StoreError> {
        let covered = newest_checkpoint(self.db, self.tenant())?.is_some_and(|(size, _)| stored.index < size);
        let proof = if covered {
            let size = log_size(self.db, self.tenant())?;
            let tenant = self.tenant();
            rotation_proofs(self.db, tenant, std::slice::from_ref(stored), size)?.pop()
        } else {
            None
        };
        let proof = proof
            .map(|proof| {
                let covering = stored
                    .rotation
                    .covered_by(&proof.checkpoint)
                    .map_err(StoreError::broken)?;
                Ok::<_, StoreError>(KeyRotationProof {
                    entry: proof.entry,
                    path: proof.path.iter().map(|hash| hash.to_base64()).collect(),
                    checkpoint: proof.checkpoint,
                    size: covering.size,
                })
            })
            .transpose()?;
        let requester = said(&stored.entry, "requested_by").and_then(|id| Uuid::parse_str(id).ok());
        let confirmer = stored.entry.actor.id.as_deref().and_then(|id| Uuid::parse_str(id).ok());
        Ok(KeyRotationView {
            index: stored.index,
            at: stored.entry.at,
            reason: stored.entry.reason.as_ref().and_then(|reason| reason.text.clone()),
            requested_by: self.person_named(requester)?,
            confirmed_by: self.person_named(confirmer)?,
            from: stored.rotation.from.to_string(),
            to: stored.rotation.to.to_string(),
            proof,
        })
    }

    fn person_named(&mut self, id: Option<Uuid>) -> Result<Option<Person>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        let found = sql("SELECT id, name FROM users WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .first::<NamedRow>(self.db)?;
        Ok(found.and_then(|row| Person::joined(Some(row.id), Some(row.name))))
    }

    fn rotation_waiting(&mut self) -> Result<Option<TwoPersonRequest>, StoreError> {
        let tenant = self.tenant();
        let waiting = sql("SELECT id FROM dual_requests WHERE tenant_id = ? AND kind = ? AND from_id = ? AND into_id = ? AND status = 'requested'")
            .bind(tenant)
            .bind(TwoPersonAct::KeyRotation.as_str())
            .bind(tenant)
            .bind(tenant)
            .first::<IdRow>(self.db)?;
        let request = waiting.map(|row| self.request_by_id(row.id)).transpose()?;
        Ok(request.filter(|request| request.status == TwoPersonState::Requested))
    }
}

impl WriteTx<'_, may::LedgerRotateKey> {
    /// Asks for a new key of the log; makes it when somebody else has asked for it before. `confirms` is the request that the caller
    /// has seen and means.
    ///
    /// # Errors
    /// Without a reason, by the same person twice, while a rotation is on its way or the log is not being signed, and when the
    /// request that was meant does not wait any more.
    pub fn ledger_key_rotate(
        &mut self,
        reason: &str,
        confirms: Option<TwoPersonRequestId>,
    ) -> Result<Recorded<TwoPersonRequestId>, StoreError> {
        let reason = needed_reason(Some(reason))?;
        let tenant = self.tenant();
        // One at a time on every node: the row is kept until the event is committed.
        let laboratory = Laboratory::at_hand(self.db, tenant)?;
        self.signer_is_well()?;
        let half = self.take_half(&Wish {
            from: tenant,
            into: None,
            person: None,
            reason,
        })?;
        if confirms.is_some_and(|meant| half != Half::Confirmed(meant)) {
            return Err(StoreError::conflict("this request does not wait any more"));
        }
        let event = |action| {
            Event::new(action, "ledger", &laboratory.log_origin).because(None, ReasonCode::Other.as_str(), Some(reason))
        };
        let id = match half {
            Half::Asked(id) => {
                let asked = event(Action::LedgerKeyRotationRequested).set("request", id.to_string());
                return self.record(asked, id);
            }
            Half::Confirmed(id) => id,
        };
        let requester = sql("SELECT requested_by FROM dual_requests WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<RequesterRow>(self.db)?;
        // The new key lies in the folder before the event that names it can be committed; without that event it means nothing.
        let KeyRotation { from, to } = self
            .tenant_room()
            .signer
            .prepare_rotation()
            .map_err(StoreError::broken)?;
        let rotated = event(Action::LedgerKeyRotated)
            .change(KEY_PATH, from.to_string(), to.to_string())
            .set("request", id.to_string())
            .set("requested_by", requester.requested_by.to_string());
        self.record(rotated, id)
    }

    /// Nothing stands in the way of signing, and no rotation is on its way.
    fn signer_is_well(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        if let Some(trouble) = self.inner.sequencing.complaints.of(tenant) {
            return Err(StoreError::conflict(format!(
                "the audit log is not being signed: {}; mend that first",
                trouble.reason
            )));
        }
        let keys = self.tenant_room().signer.keys_now().map_err(StoreError::broken)?;
        let Some(next) = keys.next().map(VerifierKey::to_string) else {
            return Ok(());
        };
        let told = sql("SELECT entry FROM audit_events WHERE tenant_id = ? AND action = ?")
            .bind(tenant)
            .bind(Action::LedgerKeyRotated.as_str())
            .all::<EntryRow>(self.db)?;
        let names_it = |row: &EntryRow| {
            Entry::from_bytes(&row.entry).is_ok_and(|entry| said(&entry, KEY_PATH) == Some(next.as_str()))
        };
        if told.iter().any(names_it) {
            return Err(StoreError::conflict(
                "the key is just being replaced; try again in a few seconds",
            ));
        }
        Ok(())
    }
}

fn key_view(key: &VerifierKey, since: DateTime<Utc>, from_index: Option<u64>) -> LogKeyView {
    LogKeyView {
        verifier_key: key.to_string(),
        key_id: key.key_hash().iter().map(|byte| format!("{byte:02x}")).collect(),
        current: true,
        since,
        from_index,
        until_size: None,
        until: None,
    }
}

/// The new value at a path, where it is a text.
fn said<'e>(entry: &'e Entry, path: &str) -> Option<&'e str> {
    let change = entry.changes.iter().find(|change| change.path == path)?;
    change.to.as_ref()?.as_str()
}
