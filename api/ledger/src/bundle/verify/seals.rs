//! Sealed values: openings must fit their commitments; what stays closed is listed, as withheld or as erased.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::lines::{EntryLine, read_lines};
use super::report::{SealState, SealedValue, Steps};
use crate::Hash;
use crate::bundle::{Opening, member};
use crate::entry::Entry;
use crate::jcs;
use crate::seal::{self, Side};

/// The event that names an erased person: its object's id is the pseudonymous id.
const ERASED_ACTION: &str = "subject.erased";

type Place = (u64, String, Side);

pub(super) fn judge_openings(subject: &Subject<'_>, entries: &[EntryLine], steps: &mut Steps) -> Vec<SealedValue> {
    let mut check = steps.check("openings", member::OPENINGS);
    let mut openings: BTreeMap<Place, Vec<(Opening, bool)>> = BTreeMap::new();
    if let Some(bytes) = subject.bytes(member::OPENINGS) {
        let (lines, ended) = read_lines::<Opening>(bytes);
        let last = lines
            .last()
            .and_then(|line| line.as_ref().map_or_else(|(index, _)| *index, |line| Some(line.index)));
        for (number, line) in (1_usize..).zip(lines) {
            match line {
                Ok(line) => {
                    openings
                        .entry((line.index, line.path.clone(), line.side))
                        .or_default()
                        .push((line, false));
                }
                Err((index, problem)) => check.fail(index, format!("line {number}: {problem}")),
            }
        }
        if !ended {
            check.fail(last, "the last line does not end with a newline");
        }
    }
    let mut sealed = list_sealed(entries, &mut openings);
    let mut opened = 0_usize;
    for ((index, path, side), lines) in &openings {
        for (_, fits) in lines {
            if *fits {
                opened += 1;
            } else {
                let detail = format!(
                    "entry {index}: what is given for {path} ({}) is not what was sealed",
                    side.as_str()
                );
                check.fail(Some(*index), detail);
            }
        }
    }
    check.done(|| format!("{opened} sealed values opened, each fits its commitment"));

    let erased: BTreeSet<&str> = entries
        .iter()
        .filter_map(|line| line.entry.as_ref())
        .filter(|entry| entry.action == ERASED_ACTION)
        .map(|entry| entry.object.id.as_str())
        .collect();
    for value in &mut sealed {
        if value.state == SealState::Withheld && erased.contains(value.subject.as_str()) {
            value.state = SealState::Erased;
        }
    }
    let count = |state| sealed.iter().filter(|value| value.state == state).count();
    let (withheld, gone) = (count(SealState::Withheld), count(SealState::Erased));
    if withheld + gone > 0 {
        steps.note(
            "sealed values",
            None,
            None,
            format!("{withheld} withheld, {gone} erased; listed below"),
        );
    }
    sealed
}

/// Every sealed value in order; marks the openings that fit one.
fn list_sealed(entries: &[EntryLine], openings: &mut BTreeMap<Place, Vec<(Opening, bool)>>) -> Vec<SealedValue> {
    let mut values = Vec::new();
    for (index, entry) in entries
        .iter()
        .filter_map(|line| Some((line.index, line.entry.as_ref()?)))
    {
        for sealed in &entry.sealed {
            for (side, commitment) in [(Side::From, sealed.from), (Side::To, sealed.to)] {
                let Some(commitment) = commitment else {
                    continue;
                };
                let lines = index.and_then(|index| openings.get_mut(&(index, sealed.path.clone(), side)));
                let value = lines.and_then(|lines| {
                    let fitting = lines
                        .iter_mut()
                        .find(|(opening, _)| fits(entry, opening, &commitment))?;
                    fitting.1 = true;
                    Some(fitting.0.value.clone())
                });
                values.push(SealedValue {
                    index,
                    subject: sealed.subject.clone(),
                    path: sealed.path.clone(),
                    side,
                    state: if value.is_some() {
                        SealState::Opened
                    } else {
                        SealState::Withheld
                    },
                    value,
                });
            }
        }
    }
    values
}

fn fits(entry: &Entry, opening: &Opening, commitment: &Hash) -> bool {
    jcs::to_vec(&opening.value).is_ok_and(|value| {
        seal::commit(&entry.log, &entry.id, &opening.path, opening.r.as_bytes(), &value) == *commitment
    })
}
