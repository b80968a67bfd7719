//! From the key that the reader holds to the key that signed the bundle, along the rotations that the bundle proves.

use std::collections::BTreeMap;

use super::lines::{EntryLine, read_lines};
use super::{Subject, report::Steps};
use crate::bundle::{Members, member};
use crate::checkpoint::Checkpoint;
use crate::merkle::leaf_hash;
use crate::note::{Note, NoteError, VerifierKey};
use crate::rotation::{KEY_ROTATED_ACTION, KeyRotation, RotationProof};

const NAME: &str = "key rotation";

/// A key that was replaced, and the size of the last checkpoint that it signed.
pub(super) struct Retired {
    key: VerifierKey,
    until: u64,
}

/// The key that must have signed this bundle: the last one that its rotations name, if they come past the key given. Nothing is
/// believed here: [`judge_rotations`] judges the way there, and fails where it does not hold.
pub(super) fn signing_key(members: &Members, given: &VerifierKey) -> VerifierKey {
    let said: Vec<KeyRotation> = members.get(member::ROTATIONS).map_or_else(Vec::new, |bytes| {
        let (lines, _) = read_lines::<RotationProof>(bytes);
        let says = |line: &RotationProof| line.says(given.name()).ok();
        lines.iter().flatten().filter_map(says).collect()
    });
    let passed = said
        .iter()
        .any(|rotation| rotation.from == *given || rotation.to == *given);
    match said.last() {
        Some(last) if passed => last.to.clone(),
        _ => given.clone(),
    }
}

/// Every rotation of the bundle: signed by both keys, in the log, each beginning where the one before it ended, the last one ending
/// at the key that signed the bundle. And every rotation that the entries tell of is among them.
pub(super) fn judge_rotations(subject: &mut Subject<'_>, entries: &[EntryLine], steps: &mut Steps) {
    let mut proven: BTreeMap<u64, crate::Hash> = BTreeMap::new();
    if let Some(bytes) = subject.bytes(member::ROTATIONS) {
        let Some(checkpoint) = subject.checkpoint.clone() else {
            let detail = "there is no checkpoint that they could lead to";
            steps.fail(NAME, Some(member::ROTATIONS), None, detail);
            return;
        };
        let (lines, ended) = read_lines::<RotationProof>(bytes);
        if !ended {
            let detail = "the last line does not end with a newline";
            steps.fail(NAME, Some(member::ROTATIONS), None, detail);
        }
        let mut passed = false;
        let mut before: Option<(u64, VerifierKey)> = None;
        for (number, line) in (1_usize..).zip(lines) {
            let line = match line {
                Ok(line) => line,
                Err((index, problem)) => {
                    steps.fail(
                        NAME,
                        Some(member::ROTATIONS),
                        index,
                        format!("line {number}: {problem}"),
                    );
                    continue;
                }
            };
            match judge_line(subject, &line, before.as_ref(), &checkpoint) {
                Ok((rotation, covering)) => {
                    passed |= [&rotation.from, &rotation.to].contains(&subject.given);
                    let detail = format!(
                        "event {}: {} was replaced by {}; both signed the log of {} entries, with which this one begins",
                        line.index, rotation.from, rotation.to, covering.size
                    );
                    steps.hold(NAME, detail);
                    subject.retired.push(Retired {
                        key: rotation.from,
                        until: covering.size,
                    });
                    before = Some((line.index, rotation.to));
                }
                Err(problem) => {
                    steps.fail(NAME, Some(member::ROTATIONS), Some(line.index), problem);
                    before = line.says(subject.key.name()).ok().map(|said| (line.index, said.to));
                }
            }
            if let Ok(bytes) = line.entry_bytes() {
                proven.insert(line.index, leaf_hash(&bytes));
            }
        }
        if !passed {
            let detail = format!("they do not come past the key given ({})", subject.given);
            steps.fail(NAME, Some(member::ROTATIONS), None, detail);
        }
    }
    let told = entries.iter().filter(|line| {
        let rotated = |entry: &crate::entry::Entry| entry.action == KEY_ROTATED_ACTION;
        line.entry.as_ref().is_some_and(rotated)
    });
    for line in told {
        if line.index.and_then(|index| proven.get(&index)) != Some(&line.leaf) {
            let detail = "it says that the key was replaced, and no rotation of this bundle proves it";
            steps.fail(NAME, Some(member::ENTRIES), line.index, detail);
        }
    }
}

fn judge_line(
    subject: &Subject<'_>,
    line: &RotationProof,
    before: Option<&(u64, VerifierKey)>,
    checkpoint: &Checkpoint,
) -> Result<(KeyRotation, Checkpoint), String> {
    let (rotation, covering) = line
        .verify(subject.key.name(), checkpoint)
        .map_err(|problem| problem.to_string())?;
    if let Some((index, key)) = before {
        if line.index <= *index {
            return Err(format!("it stands behind event {index}, which is the later one"));
        }
        if rotation.from != *key {
            return Err(format!(
                "it replaces {}, but the key until then was {key}",
                rotation.from
            ));
        }
    }
    Ok((rotation, covering))
}

/// A checkpoint that the reader holds may be older than the last rotation: the key of its time signed it.
pub(super) fn check_held(subject: &Subject<'_>, note: &Note, checkpoint: &Checkpoint) -> Result<(), String> {
    let judged = match note.verify(&subject.key) {
        Err(NoteError::Unsigned(_)) => subject
            .retired
            .iter()
            .filter(|retired| checkpoint.size <= retired.until)
            .map(|retired| note.verify(&retired.key))
            .find(|judged| !matches!(judged, Err(NoteError::Unsigned(_))))
            .unwrap_or_else(|| Err(NoteError::Unsigned(subject.key.name().to_owned()))),
        judged => judged,
    };
    judged.map_err(|error| error.to_string())?;
    super::envelope::of_this_log(subject, checkpoint)
}
