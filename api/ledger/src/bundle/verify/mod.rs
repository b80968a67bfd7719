//! Verifying a bundle: every step that ledger.md names, each with its verdict, none skipped because an earlier one failed,
//! so that the reader learns where the damage is and not only that there is some.

mod envelope;
mod history;
mod keys;
mod lines;
mod report;
mod seals;
mod tree;

use std::collections::BTreeSet;

use super::{Kind, Manifest, Members, member};
use crate::checkpoint::Checkpoint;
use crate::note::VerifierKey;
use crate::policy::Policy;
use report::Steps;
pub use report::{Report, SealState, SealedValue, Step, Verdict};

/// What is known of the bundle while it is being judged.
struct Subject<'a> {
    members: &'a Members,
    /// The key as the reader has it.
    given: &'a VerifierKey,
    /// The key that must have signed the bundle: the one given, or the one that its rotations lead to.
    key: VerifierKey,
    /// Keys before that one, by rotations that hold.
    retired: Vec<keys::Retired>,
    manifest: Option<Manifest>,
    /// The log key signed this manifest.
    manifest_holds: bool,
    /// Members whose bytes are not those that the manifest names: the first to be blamed.
    suspects: BTreeSet<String>,
    checkpoint: Option<Checkpoint>,
    checkpoint_holds: bool,
}

impl<'a> Subject<'a> {
    fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.members.get(name).map(Vec::as_slice)
    }

    fn kind(&self) -> Kind {
        let by_members = if self.members.contains_key(member::RANGE) {
            Kind::Range
        } else {
            Kind::Selection
        };
        self.manifest
            .as_ref()
            .filter(|_| self.manifest_holds)
            .map_or(by_members, |manifest| manifest.kind)
    }

    /// Which member to name when hashes do not meet: the one that differs from the manifest, else the entries.
    fn blame<'n>(&self, proof: &'n str) -> &'n str {
        let suspect = |name: &str| self.suspects.contains(name);
        if suspect(member::ENTRIES) {
            member::ENTRIES
        } else if suspect(proof) {
            proof
        } else if suspect(member::CHECKPOINT) || !self.checkpoint_holds {
            member::CHECKPOINT
        } else {
            member::ENTRIES
        }
    }
}

/// Judges a bundle. `key` is the log's verifier key as the reader has it from elsewhere, the present one or one that was replaced
/// since; `held` is the note of a
/// checkpoint that the reader kept; `policy` says whose cosignatures are wanted.
///
/// Never fails as a function: whatever is wrong is a step of the report.
pub fn verify_bundle(members: &Members, key: &VerifierKey, held: Option<&[u8]>, policy: Option<&Policy>) -> Report {
    let mut steps = Steps::default();
    let mut subject = Subject {
        members,
        given: key,
        key: keys::signing_key(members, key),
        retired: Vec::new(),
        manifest: None,
        manifest_holds: false,
        suspects: BTreeSet::new(),
        checkpoint: None,
        checkpoint_holds: false,
    };
    envelope::judge_key(&subject, policy, &mut steps);
    envelope::judge_manifest(&mut subject, &mut steps);
    envelope::judge_members(&subject, &mut steps);
    envelope::judge_hashes(&mut subject, &mut steps);
    envelope::judge_checkpoint(&mut subject, &mut steps);
    envelope::judge_witnesses(&subject, policy, &mut steps);
    envelope::judge_timestamp(&subject, &mut steps);

    let sides = lines::read_range(&subject, &mut steps);
    let proofs = lines::read_proofs(&subject, sides.as_ref(), &mut steps);
    let entries = lines::read_entries(&subject, sides.as_ref(), proofs.as_deref(), &mut steps);
    keys::judge_rotations(&mut subject, &entries, &mut steps);
    tree::judge_extent(&subject, sides.as_ref(), proofs.as_deref(), &entries, &mut steps);
    tree::judge_paths(&subject, proofs.as_deref(), &entries, &mut steps);
    tree::judge_range(&subject, sides.as_ref(), &entries, &mut steps);
    tree::judge_held(&subject, sides.as_ref(), &entries, held, &mut steps);
    history::judge_writers(&subject, &entries, &mut steps);
    history::judge_times(&entries, &mut steps);
    let sealed = seals::judge_openings(&subject, &entries, &mut steps);

    let indices = entries.iter().filter_map(|line| line.index);
    Report {
        log: key.name().to_owned(),
        kind: subject.kind(),
        first: indices.clone().min(),
        last: indices.max(),
        entries: entries.len(),
        checkpoint_size: subject.checkpoint.as_ref().map(|checkpoint| checkpoint.size),
        checkpoint_root: subject.checkpoint.as_ref().map(|checkpoint| checkpoint.root),
        steps: steps.finish(),
        sealed,
    }
}
