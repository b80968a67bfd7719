//! The Merkle tree: hashes, audit paths and consistency proofs (RFC 6962; RFC 9162 for the steps of checking).

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Hash of one entry (RFC 6962, 2.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// Hash of two subtrees (RFC 6962, 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Root of a whole tree (RFC 6962, 2.1).
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node_hash(&root_of(&leaves[..half]), &root_of(&leaves[half..]))
        }
    }
}

/// Root that an audit path leads to (RFC 9162, 2.1.3.2); `None` when the path has the wrong length.
pub fn root_from_inclusion(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether a consistency proof leads from one root to the other (RFC 9162, 2.1.4.2).
pub fn is_consistent(from: u64, to: u64, old: Hash, new: Hash, path: &[Hash]) -> bool {
    if from == to {
        return path.is_empty() && old == new;
    }
    if from == 0 {
        return path.is_empty();
    }
    let mut hashes = path.to_vec();
    if from.is_power_of_two() {
        hashes.insert(0, old);
    }
    let Some((&first, rest)) = hashes.split_first() else {
        return false;
    };
    let (mut node, mut last) = (from - 1, to - 1);
    while node % 2 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old && new_hash == new
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Root of the leaves `[from, to)` by the definition.
    pub(in crate::proof) fn tree(from: u64, to: u64) -> Hash {
        if to - from == 1 {
            return leaf_hash(format!("entry {from}").as_bytes());
        }
        let half = (to - from).next_power_of_two() / 2;
        node_hash(&tree(from, from + half), &tree(from + half, to))
    }

    fn audit_path(index: u64, from: u64, to: u64) -> Vec<Hash> {
        if to - from == 1 {
            return Vec::new();
        }
        let middle = from + (to - from).next_power_of_two() / 2;
        let (mut path, sibling) = if index < middle {
            (audit_path(index, from, middle), tree(middle, to))
        } else {
            (audit_path(index, middle, to), tree(from, middle))
        };
        path.push(sibling);
        path
    }

    #[test]
    fn an_audit_path_leads_to_the_root_and_only_from_its_own_place() {
        for size in 1..=33 {
            for index in 0..size {
                let path = audit_path(index, 0, size);
                let leaf = leaf_hash(format!("entry {index}").as_bytes());
                assert_eq!(
                    root_from_inclusion(index, size, leaf, &path),
                    Some(tree(0, size)),
                    "{index} of {size}"
                );
                if size > 1 {
                    assert_ne!(
                        root_from_inclusion((index + 1) % size, size, leaf, &path),
                        Some(tree(0, size))
                    );
                }
            }
        }
    }

    /// RFC 6962, 2.1.2: SUBPROOF(m, D[n], b).
    fn subproof(old: u64, from: u64, to: u64, whole: bool) -> Vec<Hash> {
        if old == to - from {
            return if whole { Vec::new() } else { vec![tree(from, to)] };
        }
        let half = (to - from).next_power_of_two() / 2;
        let (mut path, sibling) = if old <= half {
            (subproof(old, from, from + half, whole), tree(from + half, to))
        } else {
            (subproof(old - half, from + half, to, false), tree(from, from + half))
        };
        path.push(sibling);
        path
    }

    #[test]
    fn a_consistency_proof_joins_two_sizes_and_no_others() {
        for to in 2..=24 {
            for from in 1..to {
                let path = subproof(from, 0, to, true);
                assert!(
                    is_consistent(from, to, tree(0, from), tree(0, to), &path),
                    "{from} to {to}"
                );
                assert!(
                    !is_consistent(from, to, tree(0, to), tree(0, to), &path),
                    "{from} to {to}"
                );
                assert!(
                    !is_consistent(from, to, tree(0, from), [0; 32], &path),
                    "{from} to {to}"
                );
            }
        }
    }
}
