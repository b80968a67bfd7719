//! The writer's own numbering (`writer` in ledger.md): random node per process start, dense numbers per log.

use crate::store::Inner;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// One number and the event that carries it.
pub(crate) type Numbered = (u64, Uuid);

/// Numbers that one transaction took, and its events.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordTally {
    taken: Vec<Numbered>,
    /// Numbers of items that were undone alone inside a transaction that goes on.
    undone: Vec<Numbered>,
}

impl RecordTally {
    pub(crate) fn add(&mut self, number: u64, event: Uuid) {
        self.taken.push((number, event));
    }

    /// The last event recorded.
    pub(crate) fn last(&self) -> Option<Uuid> {
        self.taken.last().map(|(_, event)| *event)
    }

    /// Back to the first `kept` numbers; what was taken since stays taken, and void.
    pub(crate) fn undo_to(&mut self, kept: usize) {
        self.undone.extend(self.taken.drain(kept.min(self.taken.len())..));
    }

    /// Numbers in use so far.
    pub(crate) fn len(&self) -> usize {
        self.taken.len()
    }

    /// Numbers lost inside a transaction that goes on.
    pub(crate) fn take_undone(&mut self) -> Vec<Numbered> {
        std::mem::take(&mut self.undone)
    }

    /// Every number, in use or undone.
    fn all(&self) -> impl Iterator<Item = Numbered> + '_ {
        self.taken.iter().chain(&self.undone).copied()
    }
}

/// Hands out numbers, and remembers those that were lost to a rollback until an event names them.
pub(crate) struct Journal {
    node: Uuid,
    state: Mutex<HashMap<Uuid, LogNumbers>>,
}

#[derive(Debug, Default)]
struct LogNumbers {
    next: u64,
    void: Vec<Numbered>,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self {
            node: Uuid::new_v4(),
            state: Mutex::default(),
        }
    }

    pub(crate) fn node(&self) -> Uuid {
        self.node
    }

    /// The next number for this log.
    pub(crate) fn take(&self, log: Uuid) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = state.entry(log).or_default();
        let number = numbers.next;
        numbers.next = number.saturating_add(1);
        number
    }

    /// Numbers of a transaction that was certainly rolled back. The newest are simply handed out again; others are void.
    pub(crate) fn give_back(&self, log: Uuid, tally: &RecordTally) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = state.entry(log).or_default();
        let mut lost: Vec<Numbered> = tally.all().collect();
        lost.sort_unstable();
        while let Some((number, event)) = lost.pop() {
            if number.checked_add(1) == Some(numbers.next) {
                numbers.next = number;
            } else {
                numbers.void.push((number, event));
            }
        }
    }

    /// Numbers that are void, or may be (a commit whose answer was lost): whoever records them checks first.
    pub(crate) fn doubt(&self, log: Uuid, numbers: impl IntoIterator<Item = Numbered>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.entry(log).or_default().void.extend(numbers);
    }

    /// The numbers in doubt; taken out, the caller records them or [`doubt`](Self::doubt)s them again.
    pub(crate) fn take_void(&self, log: Uuid) -> Vec<Numbered> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .get_mut(&log)
            .map(|numbers| std::mem::take(&mut numbers.void))
            .unwrap_or_default()
    }
}

/// The numbers of a transaction on its way to the disk: in doubt unless [`keep`](Self::keep) is called.
pub(crate) struct InDoubt {
    inner: Arc<Inner>,
    log: Uuid,
    tally: RecordTally,
}

impl InDoubt {
    pub(crate) fn new(inner: &Arc<Inner>, log: Uuid, tally: RecordTally) -> Self {
        Self {
            inner: Arc::clone(inner),
            log,
            tally,
        }
    }

    /// Whose numbers they are.
    pub(crate) fn log(&self) -> Uuid {
        self.log
    }

    /// The transaction is durable; only what it undid itself is void.
    pub(crate) fn keep(&mut self) {
        let undone = self.tally.take_undone();
        self.tally = RecordTally::default();
        self.inner.journal.doubt(self.log, undone);
    }
}

impl Drop for InDoubt {
    fn drop(&mut self) {
        self.inner.journal.doubt(self.log, self.tally.all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_leaves_no_gap_when_nobody_came_after() {
        let (journal, log) = (Journal::new(), Uuid::nil());
        let mut tally = RecordTally::default();
        tally.add(journal.take(log), Uuid::nil());
        tally.add(journal.take(log), Uuid::nil());
        journal.give_back(log, &tally);
        assert_eq!(journal.take(log), 0);
        assert!(journal.take_void(log).is_empty());
    }

    #[test]
    fn a_rollback_behind_another_writer_is_void() {
        let (journal, log) = (Journal::new(), Uuid::nil());
        let mut tally = RecordTally::default();
        tally.add(journal.take(log), Uuid::nil());
        assert_eq!(journal.take(log), 1);
        journal.give_back(log, &tally);
        assert_eq!(journal.take_void(log), vec![(0, Uuid::nil())]);
        assert_eq!(journal.take(log), 2);
    }
}
