//! The Merkle tree of RFC 6962 over entries: hashing, growing, proving, verifying.
//!
//! A tree is described by perfect subtrees ([`Node`]) and by runs of leaves ([`std::ops::Range`]); whatever RFC 6962
//! asks for is the hash of one such run.

mod frontier;
mod layout;
mod proof;
mod tiles;

use std::ops::Range;

use crate::Hash;
pub use frontier::{Frontier, NotAFrontier};
pub use layout::{entry_tile, parse_tile_name, tile_name};
pub use proof::{
    ProofError, consistency_spans, inclusion_spans, range_root, root_from_path, verify_consistency, verify_inclusion,
};
pub use tiles::{
    MissingHash, TILE_HEIGHT, TILE_WIDTH, TileCoordinates, TileReader, TileSource, stored_level, tiles_for,
};

/// Leaf hash: `SHA-256(0x00 ‖ entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::of(&[&[0x00], entry])
}

/// Inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// Root of the empty tree: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// Root over leaf hashes, the tree of RFC 6962, 2.1.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(*leaf, |_, _| ());
    }
    frontier.root()
}

/// The perfect subtree over the `2^level` leaves that begin at `index · 2^level`. Level 0 is the leaf itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Height: 0 for leaves, at most 63.
    pub level: u32,
    /// Position among the subtrees of its level, from the left, from 0.
    pub index: u64,
}

impl Node {
    /// The leaves it covers.
    pub fn leaves(&self) -> Range<u64> {
        let begin = self.index << self.level;
        begin..begin + (1 << self.level)
    }
}

/// The compact range `[begin, end)`: perfect subtrees from left to right, each the largest that begins where the last
/// one ended. The folding of their hashes from the right ([`fold`]) is the RFC 6962 hash of the run, when `begin` is a
/// multiple of a power of two that is no smaller than the run.
pub fn compact_range(span: Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut begin = span.start;
    while let Some(fits) = span.end.saturating_sub(begin).checked_ilog2() {
        // trailing_zeros(0) is 64: at 0 every size is aligned.
        let level = begin.trailing_zeros().min(fits);
        nodes.push(Node {
            level,
            index: begin >> level,
        });
        begin += 1 << level;
    }
    nodes
}

/// Folds hashes of a compact range into the hash of the whole run; `None` for an empty run.
pub fn fold(hashes: &[Hash]) -> Option<Hash> {
    hashes
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
}
