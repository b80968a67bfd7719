//! Somebody who is refused again and again is looked at (ATT-25): one event of its own, and letters to the administrators.
//!
//! Each node counts what it refuses. A person's screen offers what they may do, so that a burst is a program that tries doors,
//! a role that was set up wrongly, or somebody curious.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// So many refusals are a burst.
pub(crate) const MANY: u32 = 20;
/// Within this time; afterwards counting begins anew, and somebody is told anew.
const WITHIN: Duration = Duration::from_secs(600);
/// People remembered before those whose time is over are cleared out.
const REMEMBERED: usize = 10_000;

struct Window {
    since: Instant,
    refusals: u32,
}

/// Refusals of the last minutes, by laboratory and person.
#[derive(Default)]
pub(crate) struct Bursts(Mutex<HashMap<(Uuid, Uuid), Window>>);

impl Bursts {
    /// So many refusals more; true for those that make it a burst.
    pub(crate) fn begins(&self, laboratory: Uuid, person: Uuid, more: usize) -> bool {
        let now = Instant::now();
        let over = |window: &Window| now.duration_since(window.since) >= WITHIN;
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > REMEMBERED {
            windows.retain(|_, window| !over(window));
        }
        let fresh = || Window {
            since: now,
            refusals: 0,
        };
        let window = windows.entry((laboratory, person)).or_insert_with(fresh);
        if over(window) {
            *window = fresh();
        }
        let before = window.refusals;
        window.refusals = before.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        before < MANY && window.refusals >= MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_told_once() {
        let (bursts, laboratory, anna, jan) = (Bursts::default(), Uuid::nil(), Uuid::now_v7(), Uuid::now_v7());
        let told = (0..50).filter(|_| bursts.begins(laboratory, anna, 3)).count();
        assert_eq!(told, 1);
        assert!(!bursts.begins(laboratory, jan, 19), "another person has their own");
    }
}
