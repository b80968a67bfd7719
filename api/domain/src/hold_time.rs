//! How long a sample may wait between collection and measurement for a test.

use chrono::{DateTime, Duration, Utc};

/// When a test has to be measured, and whether that time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldTime {
    /// The last moment.
    pub due_at: DateTime<Utc>,
    /// It was measured, or is still waiting, after that.
    pub exceeded: bool,
}

/// The hold time of a test on a sample. `measured_at` is `None` while the result is pending; then `now` decides. `None` when the test
/// has no hold time or nobody knows when the sample was collected.
#[must_use]
pub fn hold_time(
    collected_at: Option<DateTime<Utc>>,
    hold_time_hours: Option<u32>,
    measured_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<HoldTime> {
    let due_at = collected_at?.checked_add_signed(Duration::hours(i64::from(hold_time_hours?)))?;
    Some(HoldTime {
        due_at,
        exceeded: measured_at.unwrap_or(now) > due_at,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn measuring_in_time_stays_in_time() {
        let collected = Some(at("2026-11-01T08:00:00Z"));
        let later = at("2026-12-01T00:00:00Z");
        let held = hold_time(collected, Some(48), Some(at("2026-11-03T08:00:00Z")), later).unwrap();
        assert_eq!((held.due_at, held.exceeded), (at("2026-11-03T08:00:00Z"), false));
        assert!(
            hold_time(collected, Some(48), Some(at("2026-11-03T08:00:01Z")), later)
                .unwrap()
                .exceeded
        );
        assert!(
            hold_time(collected, Some(48), None, later).unwrap().exceeded,
            "still waiting"
        );
        assert_eq!(hold_time(None, Some(48), None, later), None);
        assert_eq!(hold_time(collected, None, None, later), None);
    }
}
