//! Replacing a log's key, with the power cut between any two steps: whatever is on the disk then, the next start goes on from it,
//! and whoever trusts the first key is led to the last one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

use attest_keyring::{Keyring, LogSigner, SignerError};
use attest_ledger::Hash;
use attest_ledger::checkpoint::Checkpoint;
use attest_ledger::entry::{Actor, ActorKind, Assurance, Change, Entry, ObjectRef, Source, Writer};
use attest_ledger::merkle::{Frontier, MissingHash, TileCoordinates, TileReader, TileSource, leaf_hash};
use attest_ledger::note::VerifierKey;
use attest_ledger::rotation::{KeyRotation, RotationProof};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const LOG: &str = "lab.example/audit/river/1";
const SLUG: &str = "river";

/// The database of a laboratory: its events, and the checkpoints that were stored.
#[derive(Default)]
struct Database {
    events: Vec<Vec<u8>>,
    notes: Vec<(u64, String)>,
}

struct Leaves(Vec<Hash>);

impl TileSource for Leaves {
    type Error = MissingHash;

    fn tile(&mut self, tile: TileCoordinates) -> Result<Vec<Hash>, MissingHash> {
        assert_eq!(tile.level, 0, "a small log");
        let positions = tile.positions();
        let (begin, end) = (positions.start, positions.end);
        Ok(self.0[usize::try_from(begin).unwrap()..usize::try_from(end).unwrap()].to_vec())
    }
}

impl Database {
    fn size(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap()
    }

    fn tree(&self, size: u64) -> TileReader<Leaves> {
        TileReader::new(Leaves(self.events.iter().map(|entry| leaf_hash(entry)).collect()), size)
    }

    fn root(&self, size: u64) -> Hash {
        let mut edge = Frontier::default();
        for entry in &self.events[..usize::try_from(size).unwrap()] {
            edge.append(leaf_hash(entry), |_, _| ());
        }
        edge.root()
    }

    fn event(&mut self, rotation: Option<&KeyRotation>) {
        let index = self.size();
        let (action, kind, id, changes) = match rotation {
            None => ("sample.registered", "sample", "s-1", vec![]),
            Some(KeyRotation { from, to }) => {
                let change = Change {
                    path: "verifier_key".to_owned(),
                    from: Some(from.to_string().into()),
                    to: Some(to.to_string().into()),
                };
                ("ledger.key_rotated", "ledger", LOG, vec![change])
            }
        };
        let entry = Entry {
            id: Uuid::parse_str(&format!("0198f3a0-0000-7000-8000-{index:012x}")).unwrap(),
            log: LOG.to_owned(),
            at: "2026-11-21T08:00:00Z".parse().unwrap(),
            actor: Actor {
                kind: ActorKind::System,
                id: None,
                session: None,
                assurance: Assurance::System,
            },
            source: Source {
                ip: None,
                request_id: None,
                user_agent: None,
            },
            action: action.to_owned(),
            object: ObjectRef {
                kind: kind.to_owned(),
                id: id.to_owned(),
                version: None,
                label: None,
            },
            reason: None,
            changes,
            sealed: vec![],
            signature: None,
            writer: Writer {
                node: "n".to_owned(),
                seq: index,
            },
            code: "test".to_owned(),
        };
        self.events.push(entry.to_bytes().unwrap());
    }

    /// Every rotation that the log tells of.
    fn rotations(&self) -> Vec<(u64, KeyRotation)> {
        let read = |(index, bytes): (u64, &Vec<u8>)| {
            let entry = Entry::from_bytes(bytes).unwrap();
            Some((index, KeyRotation::from_entry(&entry, LOG).ok()?))
        };
        (0..).zip(&self.events).filter_map(read).collect()
    }

    fn covered(&self) -> u64 {
        self.notes.last().map_or(0, |(size, _)| *size)
    }

    fn covering(&self, index: u64, rotation: &KeyRotation) -> Option<(Checkpoint, &str)> {
        let behind = self.notes.iter().filter(|(size, _)| *size > index);
        behind
            .filter_map(|(_, note)| Some((rotation.covered_by(note).ok()?, note.as_str())))
            .next()
    }
}

struct Folder(PathBuf);

impl Folder {
    fn fresh() -> Self {
        let name: [u8; 8] = attest_keyring::random();
        Self(std::env::temp_dir().join(format!("attest-rotation-{}", hex::encode(name))))
    }

    /// A process starts.
    fn signer(&self) -> LogSigner {
        Keyring::open(&self.0).unwrap().log_signer(SLUG, LOG).unwrap()
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.0.join(format!("logs/{SLUG}.{kind}"))
    }

    fn everything(&self) -> String {
        fn read(path: &Path, text: &mut String) {
            for file in fs::read_dir(path).unwrap() {
                let file = file.unwrap().path();
                if file.is_dir() {
                    read(&file, text);
                } else {
                    text.push_str(&String::from_utf8_lossy(&fs::read(file).unwrap()));
                }
            }
        }
        let mut text = String::new();
        read(&self.0, &mut text);
        text
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

/// Where the power is cut, once each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    BetweenKeyAndEvent = 1,
    BehindTheEvent = 2,
    BetweenSignatureAndStorage = 4,
    BetweenStorageAndEnd = 8,
    WithinTheEnd = 16,
}

/// One turn of the sequencer, as `store` does it. False when the power was cut on the way.
fn turn(database: &mut Database, folder: &Folder, signer: &LogSigner, cuts: &mut u8) -> bool {
    let mut cut = |place: Cut| {
        let due = *cuts & place as u8 != 0;
        *cuts &= !(place as u8);
        due
    };
    let size = database.size();
    let mut rotation = signer.on_its_way(&database.rotations(), database.covered()).unwrap();
    if let Some((index, keys)) = &rotation
        && let Some((checkpoint, _)) = database.covering(*index, keys)
    {
        signer.finish_rotation(keys, checkpoint.size).unwrap();
        rotation = None;
    }
    let last = signer.last_size();
    let consistency = if last == 0 || last == size {
        vec![]
    } else {
        database.tree(size).consistency(last).unwrap()
    };
    let keys = rotation.as_ref().map(|(_, keys)| keys);
    let signed = signer.sign(size, database.root(size), &consistency, keys).unwrap();
    if cut(Cut::BetweenSignatureAndStorage) {
        return false;
    }
    if database.covered() < size {
        database.notes.push((size, signed.note));
    }
    if cut(Cut::BetweenStorageAndEnd) {
        return false;
    }
    let Some((index, keys)) = rotation else { return true };
    let until = database.covering(index, &keys).unwrap().0.size;
    let before: Vec<_> = ["key", "next"].map(|kind| fs::read(folder.file(kind)).unwrap()).into();
    signer.finish_rotation(&keys, until).unwrap();
    if cut(Cut::WithinTheEnd) {
        // The line is written, the rename is not.
        fs::write(folder.file("key"), &before[0]).unwrap();
        fs::write(folder.file("next"), &before[1]).unwrap();
        for kind in ["key", "next"] {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            fs::set_permissions(folder.file(kind), mode).unwrap();
        }
        return false;
    }
    true
}

/// One rotation, with other work going on, and power cuts wherever `cuts` has them.
fn rotate(database: &mut Database, folder: &Folder, mut cuts: u8) {
    let mut signer = folder.signer();
    let mut prepared = signer.prepare_rotation().unwrap();
    if cuts & Cut::BetweenKeyAndEvent as u8 != 0 {
        // Nobody was told of that key: it means nothing, and is replaced.
        signer = folder.signer();
        database.event(None);
        assert!(turn(database, folder, &signer, &mut 0));
        let again = signer.prepare_rotation().unwrap();
        assert_ne!(again.to, prepared.to);
        prepared = again;
    }
    database.event(None);
    database.event(Some(&prepared));
    if cuts & Cut::BehindTheEvent as u8 != 0 {
        signer = folder.signer();
    }
    while !turn(database, folder, &signer, &mut cuts) {
        signer = folder.signer();
        // The laboratory does not wait.
        database.event(None);
    }
    assert_eq!(signer.verifier_key(), prepared.to);
    assert!(signer.keys_now().unwrap().next().is_none(), "nothing is left to do");
}

/// ATT-44 Two rotations, the power cut at every combination of places: the chain from the first key to the last holds, every
/// checkpoint that was ever stored is accepted, and of the old private keys nothing is left.
#[test]
fn whatever_is_cut_the_rotation_is_completed_att_44() {
    for cuts in 0..32_u8 {
        let folder = Folder::fresh();
        let mut database = Database::default();
        let signer = folder.signer();
        let first = signer.verifier_key();
        database.event(None);
        assert!(turn(&mut database, &folder, &signer, &mut 0));
        let mut secrets = vec![];
        for round in 0..2 {
            secrets.push(fs::read_to_string(folder.file("key")).unwrap());
            rotate(&mut database, &folder, if round == 0 { cuts } else { 31 - cuts });
        }
        database.event(None);
        let signer = folder.signer();
        assert!(turn(&mut database, &folder, &signer, &mut 0));

        let everything = folder.everything();
        for secret in &secrets {
            assert!(
                !everything.contains(secret),
                "cuts {cuts}: an old private key is still there"
            );
        }
        assert_eq!(led_to(&database, &first), signer.verifier_key(), "cuts {cuts}");
        for (size, note) in &database.notes {
            let (checkpoint, _) = signer.judge(note).unwrap();
            assert_eq!((checkpoint.size, checkpoint.root), (*size, database.root(*size)));
        }
        let retired = signer.keys_now().unwrap().retired().len();
        assert_eq!(retired, 2, "cuts {cuts}: each old key has one line");
        // The newest checkpoint is by the new key alone.
        let newest = &database.notes.last().unwrap().1;
        assert_eq!(newest.lines().filter(|line| line.starts_with('—')).count(), 1);
    }
}

/// From a key to the newest one, as a reader goes.
fn led_to(database: &Database, key: &VerifierKey) -> VerifierKey {
    let size = database.covered();
    let newest = Checkpoint::new(LOG, size, database.root(size));
    let mut trusted = key.clone();
    for (index, rotation) in database.rotations() {
        let (covering, note) = database.covering(index, &rotation).unwrap();
        let consistency = if covering.size == size {
            vec![]
        } else {
            database.tree(size).consistency(covering.size).unwrap()
        };
        let proof = RotationProof {
            index,
            entry: STANDARD.encode(&database.events[usize::try_from(index).unwrap()]),
            path: database.tree(covering.size).inclusion(index).unwrap(),
            checkpoint: note.to_owned(),
            consistency,
        };
        let (rotation, _) = proof.verify(LOG, &newest).unwrap();
        assert_eq!(rotation.from, trusted);
        trusted = rotation.to;
    }
    trusted
}

/// A process that did not rotate signs with the new key at once, and knows what the other one signed last.
#[test]
fn another_process_notices() {
    let folder = Folder::fresh();
    let mut database = Database::default();
    let (here, there) = (folder.signer(), folder.signer());
    database.event(None);
    assert!(turn(&mut database, &folder, &here, &mut 0));
    let prepared = here.prepare_rotation().unwrap();
    database.event(Some(&prepared));
    assert!(
        turn(&mut database, &folder, &there, &mut 0),
        "the other one signs with both"
    );
    database.event(None);
    assert!(turn(&mut database, &folder, &here, &mut 0));
    let newest = &database.notes.last().unwrap().1;
    assert_eq!(there.judge(newest).unwrap().1, prepared.to);
    assert_eq!(here.last_size(), 3);
}

/// ATT-40 The signer does not sign a log that tells of a key which was not made here, nor with a folder from before a rotation.
#[test]
fn a_rotation_that_was_not_made_here_gets_no_signature_att_40() {
    let folder = Folder::fresh();
    let mut database = Database::default();
    let signer = folder.signer();
    database.event(None);
    assert!(turn(&mut database, &folder, &signer, &mut 0));
    let stranger = Folder::fresh().signer().verifier_key();
    let ours = signer.verifier_key();
    for forged in [
        KeyRotation {
            from: ours.clone(),
            to: stranger.clone(),
        },
        KeyRotation {
            from: stranger.clone(),
            to: ours.clone(),
        },
    ] {
        let told = [(1, forged.clone())];
        assert!(matches!(
            signer.on_its_way(&told, 1),
            Err(SignerError::ForeignRotation(1))
        ));
        // Also beside one that is on its way.
        let prepared = signer.prepare_rotation().unwrap();
        assert!(signer.on_its_way(&[(1, forged), (2, prepared)], 1).is_err());
    }
    // A folder from before the rotation.
    let old = fs::read(folder.file("key")).unwrap();
    rotate(&mut database, &folder, 0);
    fs::write(folder.file("key"), old).unwrap();
    let refused = folder.signer().on_its_way(&database.rotations(), database.covered());
    assert!(matches!(refused, Err(SignerError::OtherKey { .. })), "{refused:?}");
}

/// A key that was replaced vouches for nothing larger than the last checkpoint it signed.
#[test]
fn a_stolen_old_key_signs_nothing_new() {
    let folder = Folder::fresh();
    let mut database = Database::default();
    let signer = folder.signer();
    database.event(None);
    assert!(turn(&mut database, &folder, &signer, &mut 0));
    let thief = Folder::fresh();
    fs::create_dir_all(thief.0.join("logs")).unwrap();
    fs::copy(folder.file("key"), thief.file("key")).unwrap();
    rotate(&mut database, &folder, 0);
    let until = database.covered();
    database.event(None);
    let forged = thief
        .signer()
        .sign(database.size(), database.root(database.size()), &[], None);
    assert!(folder.signer().judge(&forged.unwrap().note).is_err());
    fs::remove_file(thief.file("last")).unwrap();
    let early = thief.signer().sign(until, database.root(until), &[], None).unwrap();
    assert!(folder.signer().judge(&early.note).is_ok(), "its own time stays good");
}
