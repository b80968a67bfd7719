//! Floods of failed logins (ledger.md): the first ones are events of their own, those that follow within a minute are
//! counted and become one event when the minute is over. Nothing is lost but on a crash within that minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Failures with an event of their own, for each account and minute.
const SINGLY: u32 = 5;
/// How long further ones are gathered.
pub(crate) const GATHERED: Duration = Duration::from_secs(60);
/// Accounts remembered before old ones are cleared out.
const REMEMBERED: usize = 50_000;

/// What is to be recorded about a failure now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An event.
    Single,
    /// Nothing; the first of a flood: its count has to be fetched when the minute is over.
    FloodBegins,
    /// Nothing; it is counted.
    Counted,
}

#[derive(Debug)]
struct Minute {
    since: Instant,
    singly: u32,
    gathered: u64,
}

/// Failures of the last minute, by laboratory and the account tried.
#[derive(Debug, Default)]
pub(crate) struct Floods {
    minutes: Mutex<HashMap<(Uuid, Uuid), Minute>>,
}

impl Floods {
    /// One more failure.
    pub(crate) fn failure(&self, laboratory: Uuid, tried: Uuid) -> Failure {
        let now = Instant::now();
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |minute: &Minute| minute.gathered == 0 && now.duration_since(minute.since) >= GATHERED;
        if minutes.len() > REMEMBERED {
            minutes.retain(|_, minute| !over(minute));
        }
        let minute = minutes.entry((laboratory, tried)).or_insert(Minute {
            since: now,
            singly: 0,
            gathered: 0,
        });
        if over(minute) {
            *minute = Minute {
                since: now,
                singly: 0,
                gathered: 0,
            };
        }
        if minute.singly < SINGLY {
            minute.singly = minute.singly.saturating_add(1);
            return Failure::Single;
        }
        minute.gathered = minute.gathered.saturating_add(1);
        if minute.gathered == 1 {
            Failure::FloodBegins
        } else {
            Failure::Counted
        }
    }

    /// The failures gathered meanwhile; the account begins anew.
    pub(crate) fn gathered(&self, laboratory: Uuid, tried: Uuid) -> u64 {
        self.minutes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&(laboratory, tried))
            .map_or(0, |minute| minute.gathered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_every_failure_is_in_one_place() {
        let (floods, laboratory, anna, jan) = (Floods::default(), Uuid::nil(), Uuid::now_v7(), Uuid::now_v7());
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(floods.failure(laboratory, anna));
        }
        let singles = seen.iter().filter(|failure| **failure == Failure::Single).count();
        let begun = seen.iter().filter(|failure| **failure == Failure::FloodBegins).count();
        assert_eq!((singles, begun), (5, 1));
        assert_eq!(
            floods.failure(laboratory, jan),
            Failure::Single,
            "another account has its own"
        );
        assert_eq!(floods.gathered(laboratory, anna), 15);
        assert_eq!(floods.gathered(laboratory, anna), 0);
        assert_eq!(floods.failure(laboratory, anna), Failure::Single, "begins anew");
    }
}
