//! A run of leaves that leads to a root by the subtrees on both sides of it.

use super::tree::{Hash, node_hash};

/// Subtrees (start, size) of the compact range `[from, to)`, as the published format makes it.
pub(super) fn compact(from: u64, to: u64) -> Vec<(u64, u64)> {
    let (mut at, mut parts) = (from, Vec::new());
    while at < to {
        let mut size = 1;
        while at % (size * 2) == 0 && at + size * 2 <= to {
            size *= 2;
        }
        parts.push((at, size));
        at += size;
    }
    parts
}

/// The subtrees with their hashes, in order.
pub(super) fn with_sizes(places: &[(u64, u64)], hashes: Vec<Hash>) -> Result<Vec<(u64, u64, Hash)>, String> {
    if places.len() != hashes.len() {
        return Err(format!(
            "{} hashes where {} subtrees belong",
            hashes.len(),
            places.len()
        ));
    }
    Ok(places
        .iter()
        .zip(hashes)
        .map(|((at, size), hash)| (*at, *size, hash))
        .collect())
}

/// Hash of the leaves `[from, to)` out of parts that tile it, by the recursive definition of RFC 6962, 2.1.
pub(super) fn fold(parts: &[(u64, u64, Hash)], from: u64, to: u64) -> Result<Hash, String> {
    if let Ok(found) = parts.binary_search_by_key(&from, |part| part.0)
        && parts[found].1 == to - from
    {
        return Ok(parts[found].2);
    }
    if to - from <= 1 {
        return Err(format!("nothing is known of leaf {from}"));
    }
    let half = (to - from).next_power_of_two() / 2;
    Ok(node_hash(
        &fold(parts, from, from + half)?,
        &fold(parts, from + half, to)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tree::tests::tree;
    use super::*;

    #[test]
    fn a_range_folds_to_the_root_wherever_it_lies() {
        for size in 1..=20 {
            for first in 0..size {
                for last in first..size {
                    let subtree = |(at, len): &(u64, u64)| (*at, *len, tree(*at, at + len));
                    let mut parts: Vec<_> = compact(0, first).iter().map(subtree).collect();
                    parts.extend((first..=last).map(|at| (at, 1, tree(at, at + 1))));
                    parts.extend(compact(last + 1, size).iter().map(subtree));
                    assert_eq!(fold(&parts, 0, size), Ok(tree(0, size)), "[{first}, {last}] of {size}");
                }
            }
        }
    }
}
