//! Which laboratories a background duty looks after next: those that left something to do, and now and then all of them, for what
//! other processes left and what is to be tried again.

use attest_store::Store;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The rounds of one duty.
pub struct Rounds {
    store: Store,
    every: Duration,
    next: Instant,
}

impl Rounds {
    /// Every laboratory so often, and for the first time at once.
    pub fn new(store: &Store, every: Duration) -> Self {
        Self {
            store: store.clone(),
            every,
            next: Instant::now(),
        }
    }

    /// Waits, at most until the next round, for laboratories that ring; whose turn it is.
    pub async fn turn<F: Future<Output = Vec<Uuid>>>(&mut self, awaited: impl FnOnce(Duration) -> F) -> Vec<Uuid> {
        let rung = awaited(self.next.saturating_duration_since(Instant::now())).await;
        if Instant::now() < self.next {
            return rung;
        }
        self.next = Instant::now() + self.every;
        match self.store.every_laboratory().await {
            Ok(all) => all,
            Err(error) => {
                tracing::error!(%error, "a round through the laboratories was left out");
                rung
            }
        }
    }
}
