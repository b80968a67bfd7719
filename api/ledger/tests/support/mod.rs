//! A small log for tests: entries, their tree, checkpoints and exports of it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use attest_ledger::Hash;
use attest_ledger::bundle::{Consistency, Export, IndexedEntry, Language, Members, Opening, Proof};
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::{Actor, ActorKind, Assurance, Change, Entry, ObjectRef, Sealed, Source, Writer};
use attest_ledger::jcs;
use attest_ledger::merkle::{self, MissingHash, TileCoordinates, TileReader, TileSource};
use attest_ledger::note::{LocalSigner, Note, Signer, VerifierKey};
use attest_ledger::seal::{self, Side};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

pub const LOG: &str = "lab.example/audit/river-water/1";
pub const SUBJECT: &str = "0198f3a0-0000-7000-8000-00000000abcd";
pub const SUBJECT_KEY: [u8; 32] = [0x5a; 32];

/// The leaves of a naive store: everything is recomputed from the leaf list.
pub struct Leaves(pub Vec<Hash>);

impl TileSource for Leaves {
    type Error = MissingHash;

    fn tile(&mut self, tile: TileCoordinates) -> Result<Vec<Hash>, MissingHash> {
        let run = 1_u64 << (8 * tile.level);
        Ok(tile
            .positions()
            .map(|position| naive_root(&self.0[(position * run) as usize..((position + 1) * run) as usize]))
            .collect())
    }
}

/// MTH of RFC 6962, 2.1, word for word.
pub fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => merkle::empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            merkle::node_hash(&naive_root(&leaves[..k]), &naive_root(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962, 2.1.1, word for word.
pub fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return vec![];
    }
    let k = leaves.len().next_power_of_two() / 2;
    if m < k {
        let mut path = naive_path(m, &leaves[..k]);
        path.push(naive_root(&leaves[k..]));
        path
    } else {
        let mut path = naive_path(m - k, &leaves[k..]);
        path.push(naive_root(&leaves[..k]));
        path
    }
}

/// SUBPROOF of RFC 6962, 2.1.2, word for word.
pub fn naive_consistency(m: usize, leaves: &[Hash], complete: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if complete { vec![] } else { vec![naive_root(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    if m <= k {
        let mut path = naive_consistency(m, &leaves[..k], complete);
        path.push(naive_root(&leaves[k..]));
        path
    } else {
        let mut path = naive_consistency(m - k, &leaves[k..], false);
        path.push(naive_root(&leaves[..k]));
        path
    }
}

pub fn start() -> DateTime<Utc> {
    "2026-11-21T08:00:00.123456Z".parse().unwrap()
}

pub fn id(number: u64) -> Uuid {
    Uuid::parse_str(&format!("0198f3a0-0000-7000-8000-{number:012x}")).unwrap()
}

/// The entry at `index`: one a minute, one writer.
pub fn entry(index: u64) -> Entry {
    Entry {
        id: id(index),
        log: LOG.to_owned(),
        at: start() + TimeDelta::minutes(i64::try_from(index).unwrap()),
        actor: Actor {
            kind: ActorKind::User,
            id: Some("0198f3a0-0000-7000-8000-0000000000aa".to_owned()),
            session: None,
            assurance: Assurance::Password,
        },
        source: Source {
            ip: Some("192.0.2.7".to_owned()),
            request_id: None,
            user_agent: None,
        },
        action: "result.entered".to_owned(),
        object: ObjectRef {
            kind: "result".to_owned(),
            id: format!("r-{index}"),
            version: Some(1),
            label: Some(format!("W-2026-{index:06}")),
        },
        reason: None,
        changes: vec![Change {
            path: "value".to_owned(),
            from: None,
            to: Some(json!(format!("0.{index:03}"))),
        }],
        sealed: vec![],
        signature: None,
        writer: Writer {
            node: "9f86d081".to_owned(),
            seq: index,
        },
        code: "0.1.0".to_owned(),
    }
}

/// Seals a value into an entry and returns its opening.
pub fn seal_into(entry: &mut Entry, index: u64, path: &str, value: Value) -> Opening {
    let r = seal::blinding(&SUBJECT_KEY, &entry.id, path, Side::To);
    let commitment = seal::commit(&entry.log, &entry.id, path, &r, &jcs::to_vec(&value).unwrap());
    entry.sealed.push(Sealed {
        subject: SUBJECT.to_owned(),
        path: path.to_owned(),
        from: None,
        to: Some(commitment),
    });
    Opening {
        index,
        path: path.to_owned(),
        side: Side::To,
        r: Hash::new(r),
        value,
    }
}

pub fn signer() -> LocalSigner {
    LocalSigner::new(LOG, &[0x42; 32]).unwrap()
}

pub fn key() -> VerifierKey {
    signer().key().clone()
}

/// A whole log, and exports of it.
pub struct Log {
    pub entries: Vec<Vec<u8>>,
    pub openings: Vec<Opening>,
}

impl Log {
    pub fn of(entries: Vec<Entry>) -> Self {
        Self {
            entries: entries.iter().map(|entry| entry.to_bytes().unwrap()).collect(),
            openings: vec![],
        }
    }

    /// `size` plain entries; where there is room, number 4 seals a name and number 6 a remark of one person.
    pub fn sample(size: u64) -> Self {
        let mut entries: Vec<Entry> = (0..size).map(entry).collect();
        let mut openings = vec![];
        if size > 6 {
            openings.push(seal_into(&mut entries[4], 4, "name", json!("Maria Nowak")));
            seal_into(&mut entries[6], 6, "remark", json!("haemolysed"));
        }
        Self {
            openings,
            ..Self::of(entries)
        }
    }

    pub fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| merkle::leaf_hash(entry)).collect()
    }

    pub fn reader(&self) -> TileReader<Leaves> {
        TileReader::new(Leaves(self.leaves()), self.entries.len() as u64)
    }

    pub fn checkpoint(&self, size: usize) -> Vec<u8> {
        let checkpoint = Checkpoint::new(LOG, size as u64, naive_root(&self.leaves()[..size]));
        Note::sign(&checkpoint.to_string(), &[&signer()]).unwrap().to_bytes()
    }

    fn export(&self, indices: &[u64], proof: Proof) -> Export {
        let openings = self
            .openings
            .iter()
            .filter(|opening| indices.contains(&opening.index))
            .cloned()
            .collect();
        Export {
            log: LOG.to_owned(),
            created_at: start() + TimeDelta::days(1),
            created_by: "0198f3a0-0000-7000-8000-0000000000aa".to_owned(),
            filter: None,
            language: Language::Polish,
            entries: indices
                .iter()
                .map(|index| IndexedEntry {
                    index: *index,
                    bytes: self.entries[*index as usize].clone(),
                })
                .collect(),
            proof,
            checkpoint: self.checkpoint(self.entries.len()),
            consistency: None,
            rotations: vec![],
            openings,
            timestamp: None,
        }
    }

    pub fn paths(&self, indices: &[u64]) -> Vec<Vec<Hash>> {
        let mut reader = self.reader();
        indices.iter().map(|index| reader.inclusion(*index).unwrap()).collect()
    }

    pub fn selection(&self, indices: &[u64]) -> Export {
        let mut export = self.export(
            indices,
            Proof::Selection {
                paths: self.paths(indices),
            },
        );
        export.filter = Some(json!({"object_type": "result"}));
        export
    }

    pub fn range(&self, first: u64, last: u64, located: bool) -> Export {
        let indices: Vec<u64> = (first..=last).collect();
        let (left, right) = self.reader().range_sides(first, last).unwrap();
        let paths = located.then(|| self.paths(&indices));
        self.export(&indices, Proof::Range { left, right, paths })
    }

    pub fn consistency(&self, from: u64) -> Consistency {
        let path = self.reader().consistency(from).unwrap();
        Consistency {
            from,
            to: self.entries.len() as u64,
            path,
        }
    }
}

pub fn signed(export: Export) -> Members {
    export.draft().unwrap().sign(&signer()).unwrap()
}
