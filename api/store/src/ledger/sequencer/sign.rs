//! Having the newest tree signed, and keeping the checkpoint; by two keys while the log's key is being replaced.

use super::append::log_size;
use crate::db::{Db, sql};
use crate::ledger::proof::newest_checkpoint;
use crate::ledger::rotation::{covering, rotations};
use crate::ledger::tree::{LogTree, integer};
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::{StoreError, now};
use attest_keyring::{SignedCheckpoint, SignerError};
use attest_ledger::Hash;
use attest_ledger::rotation::KeyRotation;
use std::sync::Arc;
use uuid::Uuid;

/// A tree that wants a signature.
struct Unsigned {
    size: u64,
    root: Hash,
    consistency: Vec<Hash>,
}

/// What one look at the log found to do.
struct Work {
    tree: Option<Unsigned>,
    /// A rotation on its way, the place of its event, and the stored checkpoint that both keys signed, once there is one.
    rotation: Option<(u64, KeyRotation, Option<u64>)>,
}

/// Has the newest tree signed and keeps the checkpoint.
pub(super) async fn sign(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let (id, room, lab) = (tenant.laboratory.id, Arc::clone(inner), Arc::clone(tenant));
    let work = inner.backend.read(Some(id), move |db| look(&room, db, &lab)).await?;
    let mut rotation = work.rotation;
    if let Some((_, keys, Some(until))) = &rotation {
        // Stored, but not finished: the process may have died between the two.
        finish(tenant, keys.clone(), *until).await?;
        rotation = None;
    }
    let Some(tree) = work.tree else { return Ok(()) };
    let (signer, keys) = (
        Arc::clone(&tenant.signer),
        rotation.as_ref().map(|(_, keys, _)| keys.clone()),
    );
    let signed =
        tokio::task::spawn_blocking(move || signer.sign(tree.size, tree.root, &tree.consistency, keys.as_ref()))
            .await
            .map_err(StoreError::broken)?;
    let checkpoint = signed.map_err(|error: SignerError| StoreError::broken(error))?;
    let place = rotation.as_ref().map(|(index, keys, _)| (*index, keys.clone()));
    let covered = inner
        .backend
        .write(Some(id), move |db| keep(db, id, checkpoint, place.as_ref()))
        .await?;
    if let (Some((_, keys, _)), Some(until)) = (rotation, covered) {
        finish(tenant, keys, until).await?;
    }
    inner.sequencing.signed.notify_waiters();
    Ok(())
}

fn look(inner: &Inner, db: &mut Db, tenant: &Tenant) -> Result<Work, StoreError> {
    let id = tenant.laboratory.id;
    let size = log_size(db, id)?;
    let kept = newest_checkpoint(db, id)?.map_or(0, |(kept, _)| kept);
    let rotation = rotating(inner, db, tenant, size, kept)?;
    let signed = tenant.signer.last_size();
    // Signed, but perhaps not kept: the process may have died between the two.
    if size == 0 || (size == signed && kept == size && rotation.as_ref().is_none_or(|(_, _, until)| until.is_some())) {
        return Ok(Work { tree: None, rotation });
    }
    let mut reader = LogTree::reader(db, id, size);
    let root = reader.root()?;
    let consistency = if signed == 0 || signed >= size {
        Vec::new()
    } else {
        reader.consistency(signed)?
    };
    Ok(Work {
        tree: Some(Unsigned {
            size,
            root,
            consistency,
        }),
        rotation,
    })
}

/// The rotation that is on its way; refused where the log tells of one that this installation did not make.
fn rotating(
    inner: &Inner,
    db: &mut Db,
    tenant: &Tenant,
    size: u64,
    kept: u64,
) -> Result<Option<(u64, KeyRotation, Option<u64>)>, StoreError> {
    let laboratory = &tenant.laboratory;
    let told = rotations(db, laboratory.id, &laboratory.log_origin, inner.keyring.outbox(), size)?;
    if let Some(forged) = told.iter().find(|stored| stored.index >= kept && !stored.ours) {
        return Err(StoreError::broken(SignerError::ForeignRotation(forged.index)));
    }
    let told: Vec<_> = told.into_iter().map(|stored| (stored.index, stored.rotation)).collect();
    let on_its_way = tenant.signer.on_its_way(&told, kept).map_err(StoreError::broken)?;
    on_its_way
        .map(|(index, rotation)| {
            let until = covering(db, laboratory.id, index, &rotation)?.map(|(checkpoint, _)| checkpoint.size);
            Ok((index, rotation, until))
        })
        .transpose()
}

/// Keeps the checkpoint; the size of the stored one that both keys signed, where a rotation waits for it.
fn keep(
    db: &mut Db,
    tenant: Uuid,
    checkpoint: SignedCheckpoint,
    rotation: Option<&(u64, KeyRotation)>,
) -> Result<Option<u64>, StoreError> {
    sql(
        "INSERT INTO audit_checkpoints (tenant_id, size, root, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(tenant)
    .bind(integer(checkpoint.size)?)
    .bind(checkpoint.root.as_bytes().as_slice())
    .bind(now())
    .bind(checkpoint.note)
    .run(db)?;
    let Some((index, keys)) = rotation else { return Ok(None) };
    Ok(covering(db, tenant, *index, keys)?.map(|(checkpoint, _)| checkpoint.size))
}

/// The old private key is destroyed only now: what it had to sign is stored.
async fn finish(tenant: &Arc<Tenant>, rotation: KeyRotation, until: u64) -> Result<(), StoreError> {
    let (signer, slug) = (Arc::clone(&tenant.signer), tenant.laboratory.slug.clone());
    tokio::task::spawn_blocking(move || {
        signer.finish_rotation(&rotation, until)?;
        tracing::info!(laboratory = slug, from = %rotation.from, to = %rotation.to, until, "the audit log's key was replaced");
        Ok::<_, SignerError>(())
    })
    .await
    .map_err(StoreError::broken)?
    .map_err(StoreError::broken)
}
