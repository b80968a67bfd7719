//! Leaky buckets (GCRA) for any number of keys in a fixed piece of memory.
//!
//! A key belongs to one set of eight slots. When all eight are taken, the one that owes least is forgotten: somebody with a
//! million addresses can make this forget, never make it grow, and never make it refuse a newcomer. The hash is keyed at
//! random for each process, so that nobody can choose addresses that share a set with somebody else's.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WAYS: usize = 8;

/// So many at once, then one more after each `every`.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// Then one more after each.
    pub every: Duration,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How many more at once.
    pub left: u32,
    /// Until the whole burst is there again.
    pub full_in: Duration,
    /// None left: until there is one.
    pub wait: Option<Duration>,
}

/// See the module.
#[derive(Debug)]
pub struct Buckets {
    hasher: RandomState,
    begin: Instant,
    sets: Vec<Mutex<[Slot; WAYS]>>,
}

/// When a key will have its whole burst again, in microseconds since the beginning. The key's own hash tells it from the
/// others of its set.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    full_at: u64,
}

impl Rate {
    /// The seconds in which the whole burst comes back.
    pub fn window(self) -> u64 {
        self.every.saturating_mul(self.burst).as_secs().max(1)
    }
}

impl Buckets {
    /// For about `keys` keys at once, 16 bytes each.
    pub fn new(keys: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            begin: Instant::now(),
            sets: (0..keys.div_ceil(WAYS).max(1)).map(|_| Mutex::default()).collect(),
        }
    }

    /// How this key stands, after taking one if `take` and there is one.
    pub fn standing(&self, key: &impl Hash, rate: Rate, now: Instant, take: bool) -> Standing {
        let key = self.hasher.hash_one(key);
        let now = micros(now.saturating_duration_since(self.begin));
        let sets = u64::try_from(self.sets.len()).unwrap_or(u64::MAX);
        let place = usize::try_from(key % sets).unwrap_or_default();
        let Some(set) = self.sets.get(place) else {
            return Standing::whole(rate);
        };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        let known = set.iter_mut().find(|slot| slot.key == key);
        let owed = known.map_or(0, |slot| slot.full_at.saturating_sub(now));
        let every = micros(rate.every).max(1);
        let reach = every.saturating_mul(u64::from(rate.burst.saturating_sub(1)));
        if owed > reach {
            return Standing {
                left: 0,
                full_in: Duration::from_micros(owed),
                wait: Some(Duration::from_micros(owed.saturating_sub(reach))),
            };
        }
        let owes = if take { owed.saturating_add(every) } else { owed };
        if take {
            // The key's own slot, else the one that owes least.
            let slot = set.iter_mut().min_by_key(|slot| {
                if slot.key == key {
                    0
                } else {
                    slot.full_at.saturating_add(1)
                }
            });
            if let Some(slot) = slot {
                *slot = Slot {
                    key,
                    full_at: now.saturating_add(owes),
                };
            }
        }
        let left = if owes > reach {
            0
        } else {
            (reach.saturating_sub(owes) / every).saturating_add(1)
        };
        Standing {
            left: u32::try_from(left).unwrap_or(u32::MAX),
            full_in: Duration::from_micros(owes),
            wait: None,
        }
    }
}

impl Standing {
    fn whole(rate: Rate) -> Self {
        Self {
            left: rate.burst,
            full_in: Duration::ZERO,
            wait: None,
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SLOW: Rate = Rate {
        burst: 3,
        every: Duration::from_secs(10),
    };

    #[test]
    fn a_burst_then_one_at_a_time_for_each_key_alone() {
        let (buckets, begin) = (Buckets::new(64), Instant::now());
        let take = |key: &str, after: u64| buckets.standing(&key, SLOW, begin + Duration::from_secs(after), true);
        let seen: Vec<u32> = (0..3).map(|_| take("one", 0).left).collect();
        assert_eq!(seen, [2, 1, 0]);
        let none = take("one", 0);
        assert_eq!((none.left, none.wait), (0, Some(Duration::from_secs(10))));
        assert_eq!(take("other", 0).left, 2, "another key has its own");
        assert!(take("one", 10).wait.is_none());
        assert!(take("one", 10).wait.is_some());
        assert_eq!(take("one", 70).left, 2);
        let looked = buckets.standing(&"one", SLOW, begin + Duration::from_secs(70), false);
        assert_eq!(looked.left, 2, "looking takes nothing");
    }

    /// ATT-32 The table is as large as it was, and a newcomer is let in.
    #[test]
    fn a_million_addresses_that_are_all_exhausted_take_no_more_memory_att_32() {
        let (buckets, now) = (Buckets::new(32_768), Instant::now());
        let bytes = buckets.sets.capacity() * size_of::<Mutex<[Slot; WAYS]>>();
        for address in 0..1_000_000u32 {
            for _ in 0..4 {
                buckets.standing(&address, SLOW, now, true);
            }
        }
        assert_eq!(buckets.sets.capacity() * size_of::<Mutex<[Slot; WAYS]>>(), bytes);
        assert!(bytes < 1_000_000, "{bytes} bytes");
        assert_eq!(buckets.standing(&"newcomer", SLOW, now, true).left, 2);
        let still = (0..1_000_000u32)
            .filter(|address| buckets.standing(address, SLOW, now, false).wait.is_some())
            .count();
        assert!((30_000..=32_768).contains(&still), "{still} are remembered");
    }
}
