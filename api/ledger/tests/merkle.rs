//! The tree against RFC 6962 taken word for word, and against the vectors of the Certificate Transparency project.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

mod support;

use attest_ledger::Hash;
use attest_ledger::merkle::{
    Frontier, Node, TILE_WIDTH, TileCoordinates, TileReader, compact_range, consistency_spans, empty_root, entry_tile,
    fold, inclusion_spans, leaf_hash, parse_tile_name, range_root, root, root_from_path, stored_level, tile_name,
    tiles_for, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use support::{Leaves, naive_consistency, naive_path, naive_root};

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

#[test]
fn roots_of_the_certificate_transparency_test_data() {
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves: Vec<Hash> = inputs
        .iter()
        .map(|input| leaf_hash(&hex::decode(input).unwrap()))
        .collect();
    for (size, expected) in (1..).zip(roots) {
        assert_eq!(root(&leaves[..size]).to_hex(), expected, "{size} leaves");
    }
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(empty_root().to_hex(), nothing);
    assert_eq!(root(&[]).to_hex(), nothing);
}

#[test]
fn every_proof_in_every_small_tree_is_the_one_of_the_rfc_and_verifies() {
    let all = leaves(40);
    for size in 1..=all.len() {
        let (leaves, size_u64) = (&all[..size], size as u64);
        let whole = naive_root(leaves);
        assert_eq!(root(leaves), whole);
        let mut reader = TileReader::new(Leaves(all.clone()), size_u64);
        assert_eq!(reader.root().unwrap(), whole);
        for index in 0..size {
            let path = reader.inclusion(index as u64).unwrap();
            assert_eq!(path, naive_path(index, leaves), "leaf {index} of {size}");
            verify_inclusion(&leaves[index], index as u64, size_u64, &path, &whole).unwrap();
        }
        for from in 1..=size {
            let path = reader.consistency(from as u64).unwrap();
            assert_eq!(path, naive_consistency(from, leaves, true), "{from} to {size}");
            verify_consistency(from as u64, &naive_root(&leaves[..from]), size_u64, &whole, &path).unwrap();
        }
        for first in 0..size {
            for last in first..size {
                let (left, right) = reader.range_sides(first as u64, last as u64).unwrap();
                assert_eq!(
                    range_root(first as u64, &leaves[first..=last], &left, &right, size_u64),
                    Ok(whole)
                );
            }
        }
        assert!(reader.inclusion(size_u64).is_err());
        assert!(reader.consistency(size_u64 + 1).is_err());
        assert!(reader.range_sides(0, size_u64).is_err());
    }
}

#[test]
fn compact_ranges_are_the_greedy_ones_of_the_format() {
    let as_pairs = |begin, end| -> Vec<(u32, u64)> {
        compact_range(begin..end)
            .into_iter()
            .map(|node| (node.level, node.index))
            .collect()
    };
    assert_eq!(as_pairs(0, 7), [(2, 0), (1, 2), (0, 6)]);
    assert_eq!(as_pairs(3, 7), [(0, 3), (1, 2), (0, 6)]);
    assert_eq!(as_pairs(8, 16), [(3, 1)]);
    assert_eq!(as_pairs(4, 4), []);
    assert_eq!(as_pairs(0, 1 << 40), [(40, 0)]);
    assert_eq!(Node { level: 3, index: 5 }.leaves(), 40..48);
}

#[test]
fn a_store_that_keeps_leaves_and_every_eighth_level_can_prove_everything() {
    let count = 70_000_u64;
    let all = leaves(count as usize);
    let mut stored: std::collections::HashMap<(u32, u64), Hash> =
        (0..).zip(&all).map(|(index, leaf)| ((0, index), *leaf)).collect();
    let mut frontier = Frontier::default();
    for leaf in &all {
        frontier.append(*leaf, |node, hash| {
            if let Some(level) = stored_level(&node) {
                stored.insert((level, node.index), hash);
            }
        });
    }
    assert_eq!(stored.keys().filter(|(level, _)| *level == 1).count(), 273);
    assert_eq!(stored.keys().filter(|(level, _)| *level == 2).count(), 1);

    struct Table<'t>(&'t std::collections::HashMap<(u32, u64), Hash>, Vec<TileCoordinates>);
    impl attest_ledger::merkle::TileSource for Table<'_> {
        type Error = attest_ledger::merkle::MissingHash;
        fn tile(&mut self, tile: TileCoordinates) -> Result<Vec<Hash>, Self::Error> {
            self.1.push(tile);
            Ok(tile
                .positions()
                .map(|position| self.0[&(tile.level, position)])
                .collect())
        }
    }
    for size in [count, 65_536, 65_537, 300, 256] {
        let leaves = &all[..size as usize];
        let whole = naive_root(leaves);
        let mut reader = TileReader::new(Table(&stored, vec![]), size);
        assert_eq!(reader.root().unwrap(), whole);
        for index in [0, 1, 255, size / 2, size - 1] {
            let path = reader.inclusion(index).unwrap();
            assert_eq!(
                verify_inclusion(&all[index as usize], index, size, &path, &whole),
                Ok(())
            );
            assert_eq!(reader.leaf(index).unwrap(), all[index as usize]);
        }
        let path = reader.consistency(200).unwrap();
        assert_eq!(
            verify_consistency(200, &naive_root(&all[..200]), size, &whole, &path),
            Ok(())
        );
        let read = reader.into_source().1;
        let mut once = read.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(read.len(), once.len(), "a tile was read twice");
    }
    // What bulk fetching is told is exactly what a reader would ask for.
    let mut reader = TileReader::new(Table(&stored, vec![]), count);
    reader.inclusion(31_415).unwrap();
    let mut asked = reader.into_source().1;
    asked.sort_unstable();
    assert_eq!(tiles_for(&inclusion_spans(31_415, count).unwrap(), count), asked);
    assert!(asked.len() <= 6, "{asked:?}");
}

#[test]
fn tiles_have_the_widths_of_the_layout() {
    let width = |level, index, size| TileCoordinates::of(level, index, size).map(|tile| tile.width);
    assert_eq!(width(0, 0, 1), Some(1));
    assert_eq!(width(0, 0, 70_000), Some(TILE_WIDTH));
    assert_eq!(width(0, 273, 70_000), Some(112));
    assert_eq!(width(0, 274, 70_000), None);
    assert_eq!(width(1, 1, 70_000), Some(17));
    assert_eq!(width(2, 0, 70_000), Some(1));
    assert_eq!(width(3, 0, 70_000), None);
    assert_eq!(width(9, 0, u64::MAX), None);
    assert_eq!(width(u32::MAX, u64::MAX, u64::MAX), None);
}

#[test]
fn tile_names_are_those_of_the_layout() {
    assert_eq!(tile_name(0, 256), "000");
    assert_eq!(tile_name(1_234_067, 256), "x001/x234/067");
    assert_eq!(tile_name(273, 112), "273.p/112");
    for index in [0, 7, 999, 1_000, 1_234_067, u64::MAX] {
        for width in [1, 255, 256] {
            assert_eq!(parse_tile_name(&tile_name(index, width)), Some((index, width)));
        }
    }
    for other in [
        "",
        "0",
        "00",
        "0000",
        "x001",
        "001/067",
        "x001/67",
        "000.p/0",
        "000.p/256",
        "000.p/01",
        "+01",
        "x000/001",
        "000.p/",
        "x99/999",
        "../000",
        "999999999999999999999999",
    ] {
        assert_eq!(parse_tile_name(other), None, "{other}");
    }
    assert_eq!(entry_tile([b"ab".as_slice(), b""]), Some(vec![0, 2, b'a', b'b', 0, 0]));
    assert_eq!(entry_tile([vec![0; 65_536].as_slice()]), None);
}

#[test]
fn hostile_sizes_are_errors_not_panics() {
    let hash = leaf_hash(b"x");
    assert!(root_from_path(&hash, u64::MAX, u64::MAX, &[]).is_err());
    assert!(root_from_path(&hash, 5, u64::MAX, &vec![hash; 200]).is_err());
    assert!(root_from_path(&hash, 0, 0, &[]).is_err());
    assert!(verify_consistency(u64::MAX, &hash, u64::MAX - 1, &hash, &[]).is_err());
    assert!(verify_consistency(3, &hash, u64::MAX, &hash, &vec![hash; 300]).is_err());
    assert!(verify_consistency(0, &hash, 4, &hash, &[]).is_err());
    assert!(range_root(u64::MAX, &[hash], &vec![hash; 64], &[], u64::MAX).is_err());
    assert!(range_root(3, &[hash], &[hash], &[], 4).is_err());
    assert!(range_root(0, &[hash], &[], &[], u64::MAX).is_err());
    assert!(inclusion_spans(4, 4).is_none());
    assert!(consistency_spans(5, 4).is_none());
    assert_eq!(consistency_spans(0, 4), Some(vec![]));
    assert!(fold(&[]).is_none());
    assert!(Frontier::restore(3, vec![hash]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_frontier_taken_up_again_grows_the_same_tree(before in 0_usize..300, after in 0_usize..300) {
        let all = leaves(before + after);
        let mut frontier = Frontier::default();
        all[..before].iter().for_each(|leaf| frontier.append(*leaf, |_, _| ()));
        let mut again = Frontier::restore(frontier.size(), frontier.hashes().to_vec()).unwrap();
        let mut completed = 0;
        for leaf in &all[before..] {
            again.append(*leaf, |node, hash| {
                completed += 1;
                let leaves = node.leaves();
                assert_eq!(hash, naive_root(&all[leaves.start as usize..leaves.end as usize]));
            });
        }
        prop_assert_eq!(again.root(), naive_root(&all));
        prop_assert_eq!(again.nodes().len(), again.hashes().len());
        prop_assert!(completed <= after + before);
    }

    #[test]
    fn larger_trees_prove_as_the_rfc_says(size in 1_usize..1200, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let all = leaves(size);
        let (first, last) = (a.index(size).min(b.index(size)), a.index(size).max(b.index(size)));
        let mut reader = TileReader::new(Leaves(all.clone()), size as u64);
        prop_assert_eq!(reader.inclusion(first as u64).unwrap(), naive_path(first, &all));
        prop_assert_eq!(reader.consistency(last as u64 + 1).unwrap(), naive_consistency(last + 1, &all, true));
        let (left, right) = reader.range_sides(first as u64, last as u64).unwrap();
        prop_assert_eq!(range_root(first as u64, &all[first..=last], &left, &right, size as u64), Ok(naive_root(&all)));
    }

    #[test]
    fn a_proof_with_anything_changed_does_not_verify(size in 2_usize..80, a in any::<prop::sample::Index>(), n in any::<prop::sample::Index>(), bit in 0_usize..256) {
        let all = leaves(size);
        let (index, size_u64, whole) = (a.index(size), size as u64, naive_root(&all));
        let flip = |hash: &Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            Hash::new(bytes)
        };
        let path = naive_path(index, &all);
        let mut broken = path.clone();
        let place = n.index(path.len());
        broken[place] = flip(&path[place]);
        let index_u64 = index as u64;
        prop_assert!(verify_inclusion(&all[index], index_u64, size_u64, &broken, &whole).is_err());
        prop_assert!(verify_inclusion(&flip(&all[index]), index_u64, size_u64, &path, &whole).is_err());
        prop_assert!(verify_inclusion(&all[index], index_u64, size_u64, &path, &flip(&whole)).is_err());
        prop_assert!(verify_inclusion(&all[index], index_u64, size_u64, &path[1..], &whole).is_err());
        prop_assert!(verify_inclusion(&all[index], index_u64, size_u64, &[path.as_slice(), &[whole]].concat(), &whole).is_err());
        let elsewhere = (index_u64 + 1) % size_u64;
        prop_assert!(verify_inclusion(&all[index], elsewhere, size_u64, &path, &whole).is_err());

        let from = 1 + n.index(size - 1);
        let old = naive_root(&all[..from]);
        let path = naive_consistency(from, &all, true);
        let from_u64 = from as u64;
        let mut broken = path.clone();
        let place = a.index(path.len());
        broken[place] = flip(&path[place]);
        prop_assert!(verify_consistency(from_u64, &old, size_u64, &whole, &path).is_ok());
        prop_assert!(verify_consistency(from_u64, &old, size_u64, &whole, &broken).is_err());
        prop_assert!(verify_consistency(from_u64, &flip(&old), size_u64, &whole, &path).is_err());
        prop_assert!(verify_consistency(from_u64, &old, size_u64, &flip(&whole), &path).is_err());
        prop_assert!(verify_consistency(from_u64, &old, size_u64, &whole, &path[1..]).is_err());
    }
}
