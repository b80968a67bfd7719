//! Proofs: which runs of leaves they are made of, and their verification (RFC 6962, 2.1; RFC 9162, 2.1.3 and 2.1.4).

use std::ops::Range;

use super::{Frontier, compact_range, empty_root, node_hash};
use crate::Hash;

/// Why a proof does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index lies outside the tree, or the sizes are the wrong way round.
    #[error("there is no such leaf or size in this tree")]
    OutOfTree,
    /// Too many or too few hashes for this place and size.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Mismatch,
}

/// The largest power of two smaller than `n`, for `n > 1` (RFC 6962, 2.1).
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The runs of leaves whose hashes are the audit path of `index` in a tree of `size` leaves, leaf to root.
/// `None` when there is no such leaf.
pub fn inclusion_spans(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let mut spans = Vec::new();
    let mut run = 0..size;
    while run.end - run.start > 1 {
        let middle = run.start + split(run.end - run.start);
        if index < middle {
            spans.push(middle..run.end);
            run.end = middle;
        } else {
            spans.push(run.start..middle);
            run.start = middle;
        }
    }
    spans.reverse();
    Some(spans)
}

/// The runs of leaves whose hashes are the consistency proof from `from` to `to` leaves. Empty when `from` is 0 or `to`;
/// `None` when `from > to`.
pub fn consistency_spans(from: u64, to: u64) -> Option<Vec<Range<u64>>> {
    if from > to {
        return None;
    }
    if from == 0 {
        return Some(Vec::new());
    }
    let mut spans = Vec::new();
    let mut run = 0..to;
    while run.end != from {
        let middle = run.start + split(run.end - run.start);
        if from <= middle {
            spans.push(middle..run.end);
            run.end = middle;
        } else {
            spans.push(run.start..middle);
            run.start = middle;
        }
    }
    // The reader holds the root of [0, from) and needs no copy of it.
    if run.start != 0 {
        spans.push(run);
    }
    spans.reverse();
    Some(spans)
}

/// The root that an audit path leads to from a leaf hash.
///
/// # Errors
/// [`ProofError::OutOfTree`] or [`ProofError::Length`].
pub fn root_from_path(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfTree);
    }
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(hash) } else { Err(ProofError::Length) }
}

/// Checks an audit path against a root.
///
/// # Errors
/// Those of [`root_from_path`], or [`ProofError::Mismatch`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if root_from_path(leaf, index, size, path)? == *root {
        Ok(())
    } else {
        Err(ProofError::Mismatch)
    }
}

/// Checks that the tree of `to` leaves begins with the tree of `from` leaves.
///
/// # Errors
/// [`ProofError::OutOfTree`] when `from > to`, [`ProofError::Length`], [`ProofError::Mismatch`].
pub fn verify_consistency(
    from: u64,
    from_root: &Hash,
    to: u64,
    to_root: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    if from > to {
        return Err(ProofError::OutOfTree);
    }
    if from == 0 || from == to {
        if !path.is_empty() {
            return Err(ProofError::Length);
        }
        let expected = if from == 0 { empty_root() } else { *to_root };
        return if expected == *from_root {
            Ok(())
        } else {
            Err(ProofError::Mismatch)
        };
    }
    let mut rest = path.iter();
    let first = if from.is_power_of_two() {
        from_root
    } else {
        rest.next().ok_or(ProofError::Length)?
    };
    let (mut old, mut new) = (*first, *first);
    let (mut place, mut last) = (from - 1, to - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if old == *from_root && new == *to_root {
        Ok(())
    } else {
        Err(ProofError::Mismatch)
    }
}

/// The root of a tree of `size` leaves, from the leaves of a run that begins at `first` and the hashes beside it: `left`
/// is the compact range `[0, first)`, `right` the compact range behind the run. Equal to the signed root only when
/// nothing is missing from the run, nothing added and nothing moved.
///
/// # Errors
/// [`ProofError::OutOfTree`] when the run does not fit the tree, [`ProofError::Length`] when a side has the wrong number
/// of hashes.
pub fn range_root(first: u64, leaves: &[Hash], left: &[Hash], right: &[Hash], size: u64) -> Result<Hash, ProofError> {
    let count = u64::try_from(leaves.len()).map_err(|_too_many| ProofError::OutOfTree)?;
    let end = first
        .checked_add(count)
        .filter(|end| *end <= size)
        .ok_or(ProofError::OutOfTree)?;
    let mut frontier = Frontier::restore(first, left.to_vec()).map_err(|_count| ProofError::Length)?;
    for leaf in leaves {
        frontier.append(*leaf, |_, _| ());
    }
    let behind = compact_range(end..size);
    if behind.len() != right.len() {
        return Err(ProofError::Length);
    }
    for (node, hash) in behind.iter().zip(right) {
        frontier.push(node.level, *hash, |_, _| ());
    }
    Ok(frontier.root())
}
