//! Reading the members that proofs are made of, line by line, so that a broken line costs only itself.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Subject, report::Steps};
use crate::Hash;
use crate::bundle::{Kind, ProofLine, RangeSides, member};
use crate::entry::{Entry, MAX_BYTES};
use crate::merkle::leaf_hash;

/// One line of `entries.jsonl`.
pub(super) struct EntryLine {
    /// Where it stands in the log, when that can be told.
    pub(super) index: Option<u64>,
    /// The hash of its bytes, whatever they are.
    pub(super) leaf: Hash,
    /// The entry, when the bytes are one.
    pub(super) entry: Option<Entry>,
}

/// One line of `proofs.jsonl`.
pub(super) struct PathLine {
    /// The index it states, read even from a line that is broken elsewhere.
    pub(super) index: Option<u64>,
    /// The audit path, when the line can be read.
    pub(super) path: Option<Vec<Hash>>,
}

/// The lines without their newlines, and whether the last one had its own.
fn split(bytes: &[u8]) -> (Vec<&[u8]>, bool) {
    match bytes.strip_suffix(b"\n") {
        Some(body) => (body.split(|byte| *byte == b'\n').collect(), true),
        None if bytes.is_empty() => (Vec::new(), false),
        None => (bytes.split(|byte| *byte == b'\n').collect(), false),
    }
}

/// The number behind `"index":` in a line that need not be JSON any more.
pub(super) fn stated_index(line: &[u8]) -> Option<u64> {
    const KEY: &[u8] = b"\"index\":";
    let at = line.windows(KEY.len()).position(|window| window == KEY)?;
    let digits: Vec<u8> = line
        .get(at + KEY.len()..)?
        .iter()
        .copied()
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// The index that a broken line states, and what is wrong with it.
pub(super) type BrokenLine = (Option<u64>, String);

/// The parsed lines of a member, broken ones kept with the index they state and what is wrong with them.
pub(super) fn read_lines<T: DeserializeOwned>(bytes: &[u8]) -> (Vec<Result<T, BrokenLine>>, bool) {
    let (lines, ended) = split(bytes);
    let read = |line: &[u8]| serde_json::from_slice(line).map_err(|error| (stated_index(line), error.to_string()));
    (lines.into_iter().map(read).collect(), ended)
}

pub(super) fn read_range(subject: &Subject<'_>, steps: &mut Steps) -> Option<RangeSides> {
    const NAME: &str = "range form";
    let bytes = subject.bytes(member::RANGE)?;
    match serde_json::from_slice::<RangeSides>(bytes) {
        Ok(sides) if sides.first <= sides.last => Some(sides),
        Ok(_) => {
            steps.fail(NAME, Some(member::RANGE), None, "its first index is behind its last");
            None
        }
        Err(error) => {
            steps.fail(NAME, Some(member::RANGE), None, error.to_string());
            None
        }
    }
}

/// The index of the first line of a range: the signed manifest knows best, then `range.json`.
fn range_first(subject: &Subject<'_>, sides: Option<&RangeSides>) -> Option<u64> {
    let manifest = subject.manifest.as_ref();
    manifest
        .filter(|_| subject.manifest_holds)
        .map(|manifest| manifest.first)
        .or(sides.map(|sides| sides.first))
        .or(manifest.map(|manifest| manifest.first))
}

pub(super) fn read_proofs(
    subject: &Subject<'_>,
    sides: Option<&RangeSides>,
    steps: &mut Steps,
) -> Option<Vec<PathLine>> {
    let bytes = subject.bytes(member::PROOFS)?;
    let range_first = (subject.kind() == Kind::Range)
        .then(|| range_first(subject, sides))
        .flatten();
    let (lines, ended) = read_lines::<ProofLine>(bytes);
    let count = lines.len();
    let mut check = steps.check("proofs form", member::PROOFS);
    let mut before: Option<u64> = None;
    let mut paths = Vec::with_capacity(count);
    for (number, line) in (0_u64..).zip(lines) {
        let expected = range_first.and_then(|first| first.checked_add(number));
        let (stated, path) = match line {
            Ok(line) => (Some(line.index), Some(line.path)),
            Err((stated, problem)) => {
                check.fail(expected.or(stated), format!("line {}: {problem}", number + 1));
                (stated, None)
            }
        };
        if let (Some(expected), Some(stated)) = (expected, stated) {
            if expected != stated {
                check.fail(
                    Some(expected),
                    format!("line {} states index {stated}, its place is {expected}", number + 1),
                );
            }
        } else if before.zip(stated).is_some_and(|(before, stated)| stated <= before) {
            check.fail(stated, format!("line {}: indices do not rise", number + 1));
        }
        before = stated.or(before);
        paths.push(PathLine {
            index: expected.or(stated),
            path,
        });
    }
    if !ended {
        check.fail(before, "the last line does not end with a newline");
    }
    check.done(|| format!("{count} audit paths"));
    Some(paths)
}

pub(super) fn read_entries(
    subject: &Subject<'_>,
    sides: Option<&RangeSides>,
    proofs: Option<&[PathLine]>,
    steps: &mut Steps,
) -> Vec<EntryLine> {
    let mut check = steps.check("entries", member::ENTRIES);
    let Some(bytes) = subject.bytes(member::ENTRIES) else {
        check.fail(None, "it is missing");
        return Vec::new();
    };
    let kind = subject.kind();
    let first = range_first(subject, sides);
    let (lines, ended) = split(bytes);
    let mut seen: HashMap<Uuid, Option<u64>> = HashMap::new();
    let mut entries = Vec::with_capacity(lines.len());
    for (number, line) in (0_usize..).zip(lines) {
        let index = match kind {
            Kind::Range => first
                .zip(u64::try_from(number).ok())
                .and_then(|(first, number)| first.checked_add(number)),
            Kind::Selection => proofs
                .and_then(|proofs| proofs.get(number))
                .and_then(|proof| proof.index),
        };
        let entry = match Entry::from_bytes(line) {
            Ok(entry) => Some(entry),
            Err(problem) => {
                check.fail(index, format!("line {}: {problem}", number + 1));
                None
            }
        };
        if let Some(entry) = &entry {
            if entry.log != subject.key.name() {
                check.fail(
                    index,
                    format!("line {}: it belongs to the log {}", number + 1, entry.log),
                );
            }
            if let Some(other) = seen.insert(entry.id, index) {
                let other = other.map_or_else(|| "another line".to_owned(), |other| format!("index {other}"));
                check.fail(
                    index,
                    format!("line {}: the id {} is also that of {other}", number + 1, entry.id),
                );
            }
        }
        entries.push(EntryLine {
            index,
            leaf: leaf_hash(line),
            entry,
        });
    }
    if entries.is_empty() {
        check.fail(None, "there are no entries");
    } else if !ended {
        check.fail(
            entries.last().and_then(|line| line.index),
            "the last line does not end with a newline",
        );
    }
    let count = entries.len();
    check.done(|| format!("{count} entries, each canonical, at most {MAX_BYTES} bytes, and of this log"));
    entries
}
