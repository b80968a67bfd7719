//! Many threads do one thing for a while; how long each took.

use std::sync::Barrier;
use std::time::{Duration, Instant};

/// What came of a measurement.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Things done in a second, all threads together.
    pub per_second: f64,
    /// Milliseconds that half of them stayed under.
    pub p50: f64,
    /// Milliseconds that 99 of 100 stayed under.
    pub p99: f64,
    /// Things done.
    pub count: usize,
    /// Things that failed.
    pub errors: usize,
    /// The first failure.
    pub first_error: Option<String>,
    /// The material ran out before the time did.
    pub ran_dry: bool,
}

/// One thing: done, nothing left to do, or failed.
pub type Step = Result<bool, String>;

/// Failures after which a thread gives up.
const PATIENCE: usize = 20;

/// Runs one worker per thread for `time`, after a few things that do not count.
pub fn run<W, M>(threads: usize, time: Duration, make: M) -> Outcome
where
    W: FnMut() -> Step,
    M: Fn(usize) -> Result<W, String> + Sync,
{
    let gate = Barrier::new(threads);
    let parts: Vec<Part> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                let (gate, make) = (&gate, &make);
                scope.spawn(move || work(gate, time, || make(thread)))
            })
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_default())
            .collect()
    });
    let mut took: Vec<u32> = parts.iter().flat_map(|part| part.took.iter().copied()).collect();
    took.sort_unstable();
    let seconds = parts.iter().map(|part| part.lasted.as_secs_f64()).fold(0.0, f64::max);
    let at = |share: f64| {
        let last = took.len().saturating_sub(1);
        took.get(((last as f64) * share) as usize)
            .map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    };
    Outcome {
        per_second: if seconds > 0.0 {
            took.len() as f64 / seconds
        } else {
            0.0
        },
        p50: at(0.50),
        p99: at(0.99),
        count: took.len(),
        errors: parts.iter().map(|part| part.errors).sum(),
        first_error: parts.iter().find_map(|part| part.first_error.clone()),
        ran_dry: parts.iter().any(|part| part.ran_dry),
    }
}

#[derive(Default)]
struct Part {
    took: Vec<u32>,
    lasted: Duration,
    errors: usize,
    first_error: Option<String>,
    ran_dry: bool,
}

impl Part {
    fn failed(&mut self, error: String) {
        self.errors += 1;
        self.first_error.get_or_insert(error);
    }
}

fn work<W: FnMut() -> Step>(gate: &Barrier, time: Duration, make: impl FnOnce() -> Result<W, String>) -> Part {
    let mut part = Part {
        took: Vec::with_capacity(200_000),
        ..Part::default()
    };
    let mut worker = match make() {
        Ok(worker) => worker,
        Err(error) => {
            gate.wait();
            part.failed(error);
            return part;
        }
    };
    // The first few are not counted: connections, caches and prepared statements come to life.
    for _ in 0..10 {
        if let Err(error) = worker() {
            part.failed(error);
        }
    }
    gate.wait();
    let begun = Instant::now();
    let mut last = begun;
    loop {
        let step = worker();
        let now = Instant::now();
        match step {
            Ok(true) => part
                .took
                .push(u32::try_from(now.duration_since(last).as_micros()).unwrap_or(u32::MAX)),
            Ok(false) => {
                part.ran_dry = true;
                break;
            }
            Err(error) => {
                part.failed(error);
                if part.errors >= PATIENCE {
                    break;
                }
            }
        }
        last = now;
        if now.duration_since(begun) >= time {
            break;
        }
    }
    part.lasted = begun.elapsed();
    part
}

/// Numbers that look random, the same ones every time.
pub struct Dice(u64);

impl Dice {
    /// A different sequence for each seed.
    pub fn new(seed: usize) -> Self {
        Self((seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Below `bound`, which must not be 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
