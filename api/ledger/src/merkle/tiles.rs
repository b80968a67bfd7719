//! Tiles (C2SP tlog-tiles): tile (L, N) holds the hashes of up to 256 perfect subtrees of 256^L leaves. Stored are leaf
//! hashes and the roots at levels 8, 16, …; everything between is computed from one tile.

use std::collections::HashMap;
use std::ops::Range;

use super::{Node, compact_range, consistency_spans, empty_root, fold, inclusion_spans, node_hash};
use crate::Hash;

/// Levels of the tree that one tile spans.
pub const TILE_HEIGHT: u32 = 8;

/// Hashes in a full tile: 2^8.
pub const TILE_WIDTH: u64 = 256;

/// The tile level L that stores a subtree of this height, or `None` for heights that are computed when needed.
pub const fn stored_level(node: &Node) -> Option<u32> {
    if node.level.is_multiple_of(TILE_HEIGHT) {
        Some(node.level / TILE_HEIGHT)
    } else {
        None
    }
}

/// A tile's place, and how much of it there is in a tree of a given size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoordinates {
    /// L: its hashes are roots over 256^L leaves.
    pub level: u32,
    /// N: its first hash is number `256 · N` of that level.
    pub index: u64,
    /// Hashes in it, 1 to 256; fewer than 256 only at the right edge.
    pub width: u64,
}

impl TileCoordinates {
    /// The tile (`level`, `index`) of a tree of `size` leaves; `None` when the tree does not reach it.
    pub fn of(level: u32, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(level.checked_mul(TILE_HEIGHT)?)?;
        let width = hashes.checked_sub(index.checked_mul(TILE_WIDTH)?)?.min(TILE_WIDTH);
        (width > 0).then_some(Self { level, index, width })
    }

    /// The numbers of its hashes within its level.
    pub fn positions(&self) -> Range<u64> {
        let begin = self.index * TILE_WIDTH;
        begin..begin + self.width
    }
}

/// The tile that holds, or yields by hashing, a perfect subtree.
fn tile_of(node: &Node) -> (u32, u64) {
    (
        node.level / TILE_HEIGHT,
        (node.index << (node.level % TILE_HEIGHT)) / TILE_WIDTH,
    )
}

/// The tiles that must be read to hash these runs of leaves, without repetition, for stores that fetch in bulk.
pub fn tiles_for<'a>(spans: impl IntoIterator<Item = &'a Range<u64>>, size: u64) -> Vec<TileCoordinates> {
    let mut tiles: Vec<TileCoordinates> = spans
        .into_iter()
        .flat_map(|span| compact_range(span.clone()))
        .filter_map(|node| {
            let (level, index) = tile_of(&node);
            TileCoordinates::of(level, index, size)
        })
        .collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

/// Where stored hashes come from: the leaf table (level 0) and the roots over 256^L leaves (level L).
pub trait TileSource {
    /// What can go wrong when reading; a [`MissingHash`] must fit in.
    type Error: From<MissingHash>;
    /// The hashes of a tile, in order, exactly `tile.width` of them.
    ///
    /// # Errors
    /// Whatever the store says.
    fn tile(&mut self, tile: TileCoordinates) -> Result<Vec<Hash>, Self::Error>;
}

/// The source gave fewer hashes than the tile has, or the tree was asked for what it does not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tree of {size} leaves has no hash for the subtree of height {} at {}", node.level, node.index)]
pub struct MissingHash {
    /// The subtree asked for.
    pub node: Node,
    /// The size of the tree it was asked of.
    pub size: u64,
}

/// Proves things about the tree of one size; keeps the tiles it has read, so that many proofs cost few reads.
pub struct TileReader<S> {
    source: S,
    size: u64,
    read: HashMap<(u32, u64), Vec<Hash>>,
}

impl<S: TileSource> TileReader<S> {
    /// A reader of the first `size` leaves; the store may hold more.
    pub fn new(source: S, size: u64) -> Self {
        Self {
            source,
            size,
            read: HashMap::new(),
        }
    }

    /// The size it proves for.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Gives the source back.
    pub fn into_source(self) -> S {
        self.source
    }

    /// The hash of a perfect subtree.
    ///
    /// # Errors
    /// [`MissingHash`] when it reaches beyond the tree or the source falls short; the source's own.
    pub fn node(&mut self, node: Node) -> Result<Hash, S::Error> {
        let missing = MissingHash { node, size: self.size };
        let (level, index) = tile_of(&node);
        if !self.read.contains_key(&(level, index)) {
            let tile = TileCoordinates::of(level, index, self.size).ok_or(missing)?;
            let hashes = self.source.tile(tile)?;
            self.read.insert((level, index), hashes);
        }
        let height = node.level % TILE_HEIGHT;
        let begin = usize::try_from((node.index << height) % TILE_WIDTH).unwrap_or(usize::MAX);
        let mut row: Vec<Hash> = self
            .read
            .get(&(level, index))
            .and_then(|hashes| hashes.get(begin..begin.checked_add(1 << height)?))
            .ok_or(missing)?
            .to_vec();
        while row.len() > 1 {
            row = row
                .chunks_exact(2)
                .filter_map(|pair| Some(node_hash(pair.first()?, pair.last()?)))
                .collect();
        }
        Ok(row.first().copied().ok_or(missing)?)
    }

    /// The hashes of the compact range over a run of leaves, left to right.
    ///
    /// # Errors
    /// As [`TileReader::node`].
    pub fn compact_range(&mut self, span: Range<u64>) -> Result<Vec<Hash>, S::Error> {
        compact_range(span).into_iter().map(|node| self.node(node)).collect()
    }

    fn spans(&mut self, spans: Option<Vec<Range<u64>>>, node: Node) -> Result<Vec<Hash>, S::Error> {
        let missing = MissingHash { node, size: self.size };
        let mut hashes = Vec::new();
        for span in spans.ok_or(missing)? {
            hashes.push(fold(&self.compact_range(span)?).ok_or(missing)?);
        }
        Ok(hashes)
    }

    /// The root.
    ///
    /// # Errors
    /// As [`TileReader::node`].
    pub fn root(&mut self) -> Result<Hash, S::Error> {
        Ok(fold(&self.compact_range(0..self.size)?).unwrap_or_else(empty_root))
    }

    /// The stored leaf hash at `index`.
    ///
    /// # Errors
    /// As [`TileReader::node`].
    pub fn leaf(&mut self, index: u64) -> Result<Hash, S::Error> {
        self.node(Node { level: 0, index })
    }

    /// The RFC 6962 audit path of the leaf at `index`, leaf to root.
    ///
    /// # Errors
    /// As [`TileReader::node`].
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, S::Error> {
        self.spans(inclusion_spans(index, self.size), Node { level: 0, index })
    }

    /// The RFC 6962 consistency proof from an older size to this one.
    ///
    /// # Errors
    /// As [`TileReader::node`]; also when `from` is larger than this tree.
    pub fn consistency(&mut self, from: u64) -> Result<Vec<Hash>, S::Error> {
        self.spans(consistency_spans(from, self.size), Node { level: 0, index: from })
    }

    /// What `range.json` needs beside the entries `first ..= last`: the compact ranges before and behind them.
    ///
    /// # Errors
    /// As [`TileReader::node`]; also when `last` lies outside the tree.
    pub fn range_sides(&mut self, first: u64, last: u64) -> Result<(Vec<Hash>, Vec<Hash>), S::Error> {
        if first > last || last >= self.size {
            return Err(MissingHash {
                node: Node { level: 0, index: last },
                size: self.size,
            }
            .into());
        }
        Ok((self.compact_range(0..first)?, self.compact_range(last + 1..self.size)?))
    }
}
