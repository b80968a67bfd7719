//! Which laboratories have something waiting for a background duty, as far as this process knows.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// A bell, and who rang it.
#[derive(Default)]
pub(crate) struct Awake {
    waiting: Mutex<HashSet<Uuid>>,
    bell: Notify,
}

impl Awake {
    /// A committed transaction of this laboratory left something to do.
    pub(crate) fn wake(&self, tenant: Uuid) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(tenant);
        self.bell.notify_one();
    }

    /// Waits for the bell, at most so long; who rang since the last time.
    pub(crate) async fn awaited(&self, at_most: Duration) -> Vec<Uuid> {
        let _rung = tokio::time::timeout(at_most, self.bell.notified()).await;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting).into_iter().collect()
    }
}
