//! What the entries say about their own making: dense writer sequences, and time that does not run back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::lines::EntryLine;
use super::{Subject, report::Steps};
use crate::bundle::{Kind, member};
use crate::entry::{Entry, Voided};

/// Time may run back this much between neighbours without being called a failure: clocks of nodes differ, and long
/// transactions commit late.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// An entry that was numbered earlier may be sequenced this much later. A number missing so close to an edge of the
/// range may stand just beyond it, or be voided just beyond it: noted, not failed.
const SETTLING: TimeDelta = TimeDelta::seconds(5);

struct Mark {
    seq: u64,
    at: DateTime<Utc>,
    index: Option<u64>,
}

/// Writer sequences: dense per (log, node), but for the numbers that `writer.voided` names.
pub(super) fn judge_writers(subject: &Subject<'_>, entries: &[EntryLine], steps: &mut Steps) {
    let parsed = || {
        entries
            .iter()
            .filter_map(|line| Some((line.index, line.entry.as_ref()?)))
    };
    let mut writers: BTreeMap<&str, Vec<Mark>> = BTreeMap::new();
    let mut voided: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for (index, entry) in parsed() {
        let mark = Mark {
            seq: entry.writer.seq,
            at: entry.at,
            index,
        };
        writers.entry(&entry.writer.node).or_default().push(mark);
        if let Some(event) = Voided::from_entry(entry) {
            voided.entry(event.node).or_default().extend(event.numbers);
        }
    }
    let edges = Edges::of(subject.kind(), parsed());
    let none = BTreeSet::new();
    let mut check = steps.check("writer sequence", member::ENTRIES);
    for (node, marks) in &mut writers {
        marks.sort_by_key(|mark| mark.seq);
        let voided = voided.get(*node).unwrap_or(&none);
        for mark in marks.iter().filter(|mark| voided.contains(&mark.seq)) {
            check.fail(
                mark.index,
                format!("number {} of writer {node} is here, but was declared void", mark.seq),
            );
        }
        for (before, mark) in marks.iter().zip(marks.iter().skip(1)) {
            if before.seq == mark.seq {
                check.fail(
                    mark.index,
                    format!("number {} of writer {node} was given twice", mark.seq),
                );
            }
        }
        let Some(edges) = &edges else { continue };
        for gap in gaps(marks, voided, edges.from_beginning) {
            let detail = format!("writer {node}: {} missing before number {}", gap.missing, gap.next.seq);
            if edges.may_hide(&gap) {
                check.note(
                    gap.next.index,
                    format!("{detail}; at the edge of the range, it may stand beyond it"),
                );
            } else {
                check.fail(gap.next.index, detail);
            }
        }
    }
    match edges {
        Some(_) => check.done(|| format!("{} writers, no unexplained gap", writers.len())),
        None => check.note(None, "gaps not judged: expected in a selection"),
    }
}

struct Gap<'m> {
    before: Option<&'m Mark>,
    next: &'m Mark,
    missing: String,
}

/// The unexplained gaps among one writer's marks, sorted by number. Writers count from 0; but only in a range from the
/// log's beginning are the numbers before the first mark known to be missing.
fn gaps<'m>(marks: &'m [Mark], voided: &BTreeSet<u64>, from_beginning: bool) -> Vec<Gap<'m>> {
    let first = marks.first().filter(|_| from_beginning).map(|mark| (None, 0, mark));
    let inner = marks
        .iter()
        .zip(marks.iter().skip(1))
        .map(|(before, next)| (Some(before), before.seq + 1, next));
    first
        .into_iter()
        .chain(inner)
        .filter(|(_, begin, next)| *begin < next.seq)
        .filter_map(|(before, begin, next)| {
            let explained = voided.range(begin..next.seq).count();
            let count = (next.seq - begin)
                .checked_sub(u64::try_from(explained).ok()?)
                .filter(|count| *count > 0)?;
            let lowest = (begin..next.seq).find(|number| !voided.contains(number))?;
            let missing = if count == 1 {
                format!("number {lowest} is")
            } else {
                format!("{count} numbers from {lowest} are")
            };
            Some(Gap { before, next, missing })
        })
        .collect()
}

/// Where the range begins and ends in time.
struct Edges {
    from_beginning: bool,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Edges {
    fn of<'e>(kind: Kind, mut entries: impl Iterator<Item = (Option<u64>, &'e Entry)>) -> Option<Self> {
        let (index, first) = entries.next().filter(|_| kind == Kind::Range)?;
        let last = entries.last().map_or(first, |(_, last)| last);
        Some(Self {
            from_beginning: index == Some(0),
            start: first.at,
            end: last.at,
        })
    }

    fn may_hide(&self, gap: &Gap<'_>) -> bool {
        let before_start = !self.from_beginning && gap.before.is_some_and(|mark| mark.at - self.start <= SETTLING);
        before_start || self.end - gap.next.at <= SETTLING
    }
}

/// Times: reported when they run back, failed when they run back beyond clock skew.
pub(super) fn judge_times(entries: &[EntryLine], steps: &mut Steps) {
    let mut check = steps.check("time order", member::ENTRIES);
    let mut latest: Option<DateTime<Utc>> = None;
    let (mut steps_back, mut largest) = (0_usize, TimeDelta::zero());
    for line in entries {
        let Some(entry) = &line.entry else { continue };
        let back = latest.map_or(TimeDelta::zero(), |latest| latest - entry.at);
        if back > SKEW {
            let minutes = back.num_minutes();
            check.fail(
                line.index,
                format!("{} is {minutes} minutes before an entry that stands earlier", entry.at),
            );
        } else if back > TimeDelta::zero() {
            steps_back += 1;
            largest = largest.max(back);
        }
        latest = latest.max(Some(entry.at));
    }
    if steps_back > 0 {
        let detail = format!(
            "{steps_back} entries are earlier than one before them, by at most {} ms: within clock skew",
            largest.num_milliseconds()
        );
        check.note(None, detail);
    }
    check.done(|| format!("no entry is more than {} minutes out of order", SKEW.num_minutes()));
}
