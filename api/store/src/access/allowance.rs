//! What was tried too often, counted for all nodes together (ATT-32). Written on failures only, which have cost a slow hash
//! before they come here: that bounds the table, and rows that have recovered are removed with the next failure.

use crate::db::{row, sql};
use crate::{Store, StoreError, now};
use std::time::Duration;
use uuid::Uuid;

row! { struct FullAt { full_at: i64 } }

impl Store {
    /// How long this key must wait before it may try again; nothing when it may now. Counts nothing.
    ///
    /// # Errors
    /// The engine's.
    pub async fn allowance_left(
        &self,
        class: &'static str,
        key: &str,
        burst: u32,
        every: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        let key = self.inner.keyring.blind_index(Uuid::nil(), class, key);
        let found = self.inner.backend.glance(move |db| {
            sql("SELECT full_at FROM allowances WHERE class = ? AND key = ?")
                .bind(class)
                .bind(key.to_vec())
                .first::<FullAt>(db)
        });
        let full_at = found.await?.map_or(0, |row| row.full_at);
        Ok(wait(full_at, now().timestamp_micros(), burst, every))
    }

    /// Counts one try. How long to wait when there was none left; then nothing is counted.
    ///
    /// # Errors
    /// The engine's.
    pub async fn allowance_spend(
        &self,
        class: &'static str,
        key: &str,
        burst: u32,
        every: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        let key = self.inner.keyring.blind_index(Uuid::nil(), class, key).to_vec();
        self.inner
            .backend
            .write(None, move |db| {
                let at = now().timestamp_micros();
                sql("DELETE FROM allowances WHERE class = ? AND full_at < ?")
                    .bind(class)
                    .bind(at)
                    .run(db)?;
                let known = sql("SELECT full_at FROM allowances WHERE class = ? AND key = ?")
                    .bind(class)
                    .bind(key.clone())
                    .first::<FullAt>(db)?;
                if let Some(wait) = known.and_then(|row| wait(row.full_at, at, burst, every)) {
                    return Ok(Some(wait));
                }
                // Added to what is stored, not to what was read: failures that arrive together count each.
                sql("INSERT INTO allowances (class, key, full_at) VALUES (?, ?, ?) \
                     ON CONFLICT (class, key) DO UPDATE SET full_at = allowances.full_at + ?")
                .bind(class)
                .bind(key)
                .bind(at.saturating_add(micros(every)))
                .bind(micros(every))
                .run(db)?;
                Ok(None)
            })
            .await
    }
}

/// The generic cell rate algorithm: none is left while the time at which all are back is further away than a burst takes.
fn wait(full_at: i64, at: i64, burst: u32, every: Duration) -> Option<Duration> {
    let reach = micros(every).saturating_mul(i64::from(burst.saturating_sub(1)));
    let owed = full_at.saturating_sub(at).saturating_sub(reach);
    u64::try_from(owed)
        .ok()
        .filter(|owed| *owed > 0)
        .map(Duration::from_micros)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_at_a_time() {
        let every = Duration::from_secs(10);
        let second = |seconds: i64| seconds.saturating_mul(1_000_000);
        assert_eq!(wait(0, second(100), 3, every), None);
        assert_eq!(wait(second(120), second(100), 3, every), None, "two of three are spent");
        assert_eq!(
            wait(second(130), second(100), 3, every),
            Some(every),
            "all three are spent"
        );
        assert_eq!(wait(second(130), second(110), 3, every), None);
    }
}
