//! The server's clock, cut to what both engines and the ledger keep.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Now, in whole microseconds: a finer time would not be the same after a round trip through the database.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The smallest id that this moment can give (RFC 9562, version 7).
pub(crate) fn first_id(at: DateTime<Utc>) -> Uuid {
    let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid()
}
