//! The stored tree: leaf hashes, and the roots of complete subtrees at levels 8, 16, …

use crate::StoreError;
use crate::db::{Db, row, sql};
use attest_ledger::Hash;
use attest_ledger::merkle::{MissingHash, TileCoordinates, TileReader, TileSource};
use uuid::Uuid;

/// Reads one log's stored hashes.
pub(crate) struct LogTree<'d> {
    pub(crate) db: &'d mut Db,
    pub(crate) tenant: Uuid,
}

row! { struct HashRow { hash: Vec<u8> } }

/// 32 bytes from a column.
pub(crate) fn hash_of(bytes: &[u8]) -> Result<Hash, StoreError> {
    <[u8; 32]>::try_from(bytes).map(Hash::new).map_err(StoreError::broken)
}

impl<'d> LogTree<'d> {
    /// A reader for the tree of the first `size` leaves.
    pub(crate) fn reader(db: &'d mut Db, tenant: Uuid, size: u64) -> TileReader<Self> {
        TileReader::new(Self { db, tenant }, size)
    }
}

impl TileSource for LogTree<'_> {
    type Error = TreeError;

    fn tile(&mut self, tile: TileCoordinates) -> Result<Vec<Hash>, TreeError> {
        let positions = tile.positions();
        let (begin, end) = (integer(positions.start)?, integer(positions.end)?);
        let query = if tile.level == 0 {
            sql("SELECT hash FROM audit_leaves WHERE tenant_id = ? AND idx >= ? AND idx < ? ORDER BY idx")
                .bind(self.tenant)
        } else {
            sql("SELECT hash FROM audit_subtrees WHERE tenant_id = ? AND level = ? AND idx >= ? AND idx < ? ORDER BY idx")
                .bind(self.tenant)
                .bind(i64::from(tile.level).saturating_mul(8))
        };
        let rows = query.bind(begin).bind(end).all::<HashRow>(self.db)?;
        Ok(rows.iter().map(|row| hash_of(&row.hash)).collect::<Result<_, _>>()?)
    }
}

pub(crate) fn integer(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(StoreError::broken)
}

/// The stored tree has a hole, or could not be read.
#[derive(Debug)]
pub(crate) struct TreeError(pub(crate) StoreError);

impl From<MissingHash> for TreeError {
    fn from(missing: MissingHash) -> Self {
        Self(StoreError::broken(missing))
    }
}

impl From<StoreError> for TreeError {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<TreeError> for StoreError {
    fn from(error: TreeError) -> Self {
        error.0
    }
}
