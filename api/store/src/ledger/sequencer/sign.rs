//! Having the newest tree signed, and keeping the checkpoint.

use super::append::log_size;
use crate::db::sql;
use crate::ledger::proof::newest_checkpoint;
use crate::ledger::tree::{LogTree, integer};
use crate::store::Inner;
use crate::tenant::Tenant;
use crate::{StoreError, now};
use attest_keyring::SignerError;
use std::sync::Arc;

/// Has the newest tree signed and keeps the checkpoint.
pub(super) async fn sign(inner: &Arc<Inner>, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let id = tenant.laboratory.id;
    let signer = Arc::clone(&tenant.signer);
    let signed_size = signer.last_size();
    let tree = inner
        .backend
        .read(Some(id), move |db| {
            let size = log_size(db, id)?;
            // Signed, but perhaps not kept: the process may have died between the two.
            if size == 0 || (size == signed_size && newest_checkpoint(db, id)?.is_some_and(|(kept, _)| kept == size)) {
                return Ok(None);
            }
            let mut reader = LogTree::reader(db, id, size);
            let root = reader.root()?;
            let path = if signed_size == 0 || signed_size >= size {
                Vec::new()
            } else {
                reader.consistency(signed_size)?
            };
            Ok(Some((size, root, path)))
        })
        .await?;
    let Some((size, root, path)) = tree else { return Ok(()) };
    let signed = tokio::task::spawn_blocking(move || signer.sign(size, root, &path))
        .await
        .map_err(StoreError::broken)?;
    let checkpoint = signed.map_err(|error: SignerError| StoreError::broken(error))?;
    inner
        .backend
        .write(Some(id), move |db| {
            sql("INSERT INTO audit_checkpoints (tenant_id, size, root, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(integer(checkpoint.size)?)
                .bind(checkpoint.root.as_bytes().as_slice())
                .bind(now())
                .bind(checkpoint.note)
                .run(db)
        })
        .await?;
    inner.sequencing.signed.notify_waiters();
    Ok(())
}
