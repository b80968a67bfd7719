//! The server's clock, cut to what both engines and the ledger keep.

use chrono::{DateTime, SubsecRound, Utc};

/// Now, in whole microseconds: a finer time would not be the same after a round trip through the database.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
