//! The right edge of a growing tree: the compact range `[0, size)`. It is all that appending needs, at most 64 hashes.

use super::{Node, compact_range, empty_root, fold, node_hash};
use crate::Hash;

/// The compact range `[0, size)` of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// The hashes cannot be the edge of a tree of that size: their number is not the number of set bits of the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{hashes} hashes cannot be the edge of a tree of {size} leaves")]
pub struct NotAFrontier {
    /// The size given.
    pub size: u64,
    /// The number of hashes given.
    pub hashes: usize,
}

impl Frontier {
    /// Takes up an edge where it was left, hashes from left to right as [`compact_range`]`(0..size)` names them.
    ///
    /// # Errors
    /// [`NotAFrontier`] when their number does not fit the size.
    pub fn restore(size: u64, hashes: Vec<Hash>) -> Result<Self, NotAFrontier> {
        if u32::try_from(hashes.len()).is_ok_and(|count| count == size.count_ones()) {
            Ok(Self { size, hashes })
        } else {
            Err(NotAFrontier {
                size,
                hashes: hashes.len(),
            })
        }
    }

    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The edge's hashes, left to right; with the size, all that must be kept to go on.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The subtrees that the hashes belong to.
    pub fn nodes(&self) -> Vec<Node> {
        compact_range(0..self.size)
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        fold(&self.hashes).unwrap_or_else(empty_root)
    }

    /// Appends a leaf hash. `completed` is told every perfect subtree that this leaf completes, from the smallest up,
    /// the leaf itself not included: keep those whose level [`super::stored_level`] knows.
    pub fn append(&mut self, leaf: Hash, completed: impl FnMut(Node, Hash)) {
        self.push(0, leaf, completed);
    }

    /// Appends a whole perfect subtree of `2^level` leaves. The caller has checked that the size is a multiple of that.
    pub(super) fn push(&mut self, level: u32, hash: Hash, mut completed: impl FnMut(Node, Hash)) {
        let (mut height, mut subtree) = (level, hash);
        while (self.size >> height) & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            subtree = node_hash(&left, &subtree);
            height += 1;
            completed(
                Node {
                    level: height,
                    index: self.size >> height,
                },
                subtree,
            );
        }
        self.hashes.push(subtree);
        self.size += 1 << level;
    }
}
