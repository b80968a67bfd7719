//! Entries → leaves → proofs → root, and the way to a checkpoint that the reader holds.

use super::envelope::read_checkpoint;
use super::keys::check_held;
use super::lines::{EntryLine, PathLine};
use super::{Subject, report::Steps};
use crate::bundle::{Consistency, Kind, RangeSides, member};
use crate::checkpoint::Checkpoint;
use crate::merkle::{Frontier, range_root, verify_consistency, verify_inclusion};

/// Do manifest, proofs, range and entries speak of the same indices?
pub(super) fn judge_extent(
    subject: &Subject<'_>,
    sides: Option<&RangeSides>,
    proofs: Option<&[PathLine]>,
    entries: &[EntryLine],
    steps: &mut Steps,
) {
    let mut check = steps.check("extent", member::ENTRIES);
    let Some(manifest) = &subject.manifest else {
        check.fail_in(
            member::MANIFEST,
            None,
            "without a readable manifest the extent is unknown",
        );
        return;
    };
    let (first, last) = (manifest.first, manifest.last);
    if let Some(sides) = sides.filter(|sides| (sides.first, sides.last) != (first, last)) {
        let detail = format!(
            "it covers {} to {}, the manifest {first} to {last}",
            sides.first, sides.last
        );
        check.fail_in(member::RANGE, None, detail);
    }
    // The first line whose hash does not fit its path is where something was taken out or put in.
    let mismatch = || {
        let checkpoint = subject.checkpoint.as_ref()?;
        let (line, _) = entries.iter().zip(proofs?).find(|(line, proof)| {
            line.index.zip(proof.path.as_ref()).is_some_and(|(index, path)| {
                verify_inclusion(&line.leaf, index, checkpoint.size, path, &checkpoint.root).is_err()
            })
        })?;
        line.index
    };
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    match manifest.kind {
        Kind::Range => {
            let expected = (last - first).saturating_add(1);
            if count != expected {
                let place = mismatch().or(first.checked_add(count.min(expected)));
                check.fail(place, format!("{count} entries where {first} to {last} is {expected}"));
            }
        }
        Kind::Selection => {
            let stated = proofs.and_then(|proofs| Some((proofs.first()?.index?, proofs.last()?.index?)));
            if stated.is_some_and(|stated| stated != (first, last)) {
                check.fail_in(
                    member::PROOFS,
                    None,
                    format!("its lines do not run from {first} to {last}"),
                );
            }
        }
    }
    if let Some(proofs) = proofs.filter(|proofs| proofs.len() != entries.len()) {
        let behind = || proofs.get(entries.len()).and_then(|proof| proof.index);
        let detail = format!("{} entries and {} audit paths", entries.len(), proofs.len());
        check.fail(mismatch().or_else(behind), detail);
    }
    check.done(|| format!("indices {first} to {last}, {count} entries"));
}

/// Each entry's own proof.
pub(super) fn judge_paths(
    subject: &Subject<'_>,
    proofs: Option<&[PathLine]>,
    entries: &[EntryLine],
    steps: &mut Steps,
) {
    const NAME: &str = "inclusion";
    let Some(proofs) = proofs else { return };
    let Some(checkpoint) = &subject.checkpoint else {
        steps.fail(
            NAME,
            Some(member::CHECKPOINT),
            None,
            "there is no checkpoint to lead to",
        );
        return;
    };
    let mut check = steps.check(NAME, member::ENTRIES);
    for (line, proof) in entries.iter().zip(proofs) {
        let (Some(index), Some(path)) = (line.index, &proof.path) else {
            check.fail_in(member::PROOFS, line.index, "its audit path cannot be read");
            continue;
        };
        if let Err(problem) = verify_inclusion(&line.leaf, index, checkpoint.size, path, &checkpoint.root) {
            check.fail_in(
                subject.blame(member::PROOFS),
                Some(index),
                format!("entry {index}: {problem}"),
            );
        }
    }
    check.done(|| format!("every entry leads to the root over {} entries", checkpoint.size));
}

/// The whole run at once: nothing missing, nothing added, nothing moved.
pub(super) fn judge_range(subject: &Subject<'_>, sides: Option<&RangeSides>, entries: &[EntryLine], steps: &mut Steps) {
    const NAME: &str = "completeness";
    if subject.kind() == Kind::Selection {
        steps.note(
            NAME,
            None,
            None,
            "a selection: proves each entry, not that nothing lies between them",
        );
        return;
    }
    let (Some(sides), Some(checkpoint)) = (sides, &subject.checkpoint) else {
        let file = if sides.is_none() {
            member::RANGE
        } else {
            member::CHECKPOINT
        };
        steps.fail(NAME, Some(file), None, "without it the range cannot be proven");
        return;
    };
    let leaves: Vec<_> = entries.iter().map(|line| line.leaf).collect();
    match range_root(sides.first, &leaves, &sides.left, &sides.right, checkpoint.size) {
        Ok(root) if root == checkpoint.root => {
            steps.hold(
                NAME,
                format!("nothing is missing from {} to {}", sides.first, sides.last),
            );
        }
        Ok(_) => {
            let detail = "entries and the hashes beside them do not lead to the root";
            steps.fail(NAME, Some(subject.blame(member::RANGE)), None, detail);
        }
        Err(problem) => steps.fail(NAME, Some(subject.blame(member::RANGE)), None, problem.to_string()),
    }
}

/// From the checkpoint that the reader kept to the bundle's.
pub(super) fn judge_held(
    subject: &Subject<'_>,
    sides: Option<&RangeSides>,
    entries: &[EntryLine],
    held: Option<&[u8]>,
    steps: &mut Steps,
) {
    const NAME: &str = "consistency";
    let proof = match subject
        .bytes(member::CONSISTENCY)
        .map(serde_json::from_slice::<Consistency>)
    {
        None => None,
        Some(Ok(proof)) => Some(proof),
        Some(Err(error)) => {
            steps.fail(NAME, Some(member::CONSISTENCY), None, error.to_string());
            None
        }
    };
    let Some(held) = held else {
        let detail = match proof {
            Some(proof) => format!("not judged: give the checkpoint of size {} with --held", proof.from),
            None => "not judged: no earlier checkpoint was given (--held)".to_owned(),
        };
        steps.note(NAME, None, None, detail);
        return;
    };
    let kept = read_checkpoint(held)
        .and_then(|(note, checkpoint)| check_held(subject, &note, &checkpoint).map(|()| checkpoint));
    let kept = match kept {
        Ok(kept) => kept,
        Err(problem) => {
            steps.fail(NAME, None, None, format!("the checkpoint you hold: {problem}"));
            return;
        }
    };
    let Some(checkpoint) = &subject.checkpoint else {
        steps.fail(
            NAME,
            Some(member::CHECKPOINT),
            None,
            "there is no checkpoint to compare with",
        );
        return;
    };
    match connect(&kept, checkpoint, proof.as_ref(), sides, entries) {
        Ok(detail) => steps.hold(NAME, detail),
        Err((file, detail)) => steps.fail(NAME, file, None, detail),
    }
}

type Broken = (Option<&'static str>, String);

fn connect(
    kept: &Checkpoint,
    checkpoint: &Checkpoint,
    proof: Option<&Consistency>,
    sides: Option<&RangeSides>,
    entries: &[EntryLine],
) -> Result<String, Broken> {
    if kept.size == checkpoint.size {
        return if kept.root == checkpoint.root {
            Ok("the checkpoint you hold is this one".to_owned())
        } else {
            Err((
                Some(member::CHECKPOINT),
                format!(
                    "two different trees of {} entries are signed: the log forked",
                    kept.size
                ),
            ))
        };
    }
    let (older, newer) = if kept.size < checkpoint.size {
        (kept, checkpoint)
    } else {
        (checkpoint, kept)
    };
    let grown = || {
        format!(
            "the tree of {} entries begins with the tree of {}",
            newer.size, older.size
        )
    };
    if let Some(proof) = proof.filter(|proof| (proof.from, proof.to) == (older.size, newer.size)) {
        return verify_consistency(older.size, &older.root, newer.size, &newer.root, &proof.path)
            .map(|()| grown())
            .map_err(|problem| {
                (
                    Some(member::CONSISTENCY),
                    format!("from {} to {}: {problem}", older.size, newer.size),
                )
            });
    }
    // A range from the very beginning needs no proof: the older root can be computed from its entries.
    let whole = sides.is_some_and(|sides| sides.first == 0) && kept.size < checkpoint.size;
    if let Some(covered) = usize::try_from(kept.size)
        .ok()
        .and_then(|size| entries.get(..size))
        .filter(|_| whole)
    {
        let mut frontier = Frontier::default();
        for line in covered {
            frontier.append(line.leaf, |_, _| ());
        }
        return if frontier.root() == kept.root {
            Ok(grown())
        } else {
            Err((
                Some(member::ENTRIES),
                format!(
                    "the first {} entries are not those of the checkpoint you hold",
                    kept.size
                ),
            ))
        };
    }
    let detail = if kept.size > checkpoint.size {
        format!(
            "the bundle is older than what you hold ({} entries, yours {}) and has no proof that leads from one to the other: \
             ask for a new export",
            checkpoint.size, kept.size
        )
    } else {
        format!(
            "the bundle has no proof that leads from the {} entries of the checkpoint you hold to its own {}: ask for an \
             export that names your checkpoint",
            kept.size, checkpoint.size
        )
    };
    Err((proof.map(|_| member::CONSISTENCY), detail))
}
