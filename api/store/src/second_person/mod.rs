//! Acts that take two people (ATT-24): one asks, another one asks for the same and thereby confirms.
//!
//! An act says by its permission which one it is ([`AsksForTwo`]), makes sure that all is as it should be, and calls `take_half`
//! before it changes anything. A request that nobody confirms runs out; until then it can be withdrawn, or declined by whoever
//! could have confirmed it.

mod read;
mod take;
mod withdraw;

pub use read::TwoPersonRequest;
pub(crate) use take::{Half, Wish, needed_reason};

use attest_domain::four_eyes::TwoPersonAct;
use attest_domain::ids::TwoPersonRequestId;
use attest_domain::{Permission, may};
use chrono::{DateTime, TimeDelta, Utc};

/// Permissions for acts of two people.
pub trait AsksForTwo {
    /// Which act.
    const ACT: TwoPersonAct;
}
impl AsksForTwo for may::PatientMerge {
    const ACT: TwoPersonAct = TwoPersonAct::Merge;
}
impl AsksForTwo for may::SampleRelink {
    const ACT: TwoPersonAct = TwoPersonAct::Relink;
}
impl AsksForTwo for may::PatientErase {
    const ACT: TwoPersonAct = TwoPersonAct::Erase;
}

impl AsksForTwo for may::LedgerRotateKey {
    const ACT: TwoPersonAct = TwoPersonAct::KeyRotation;
}

/// Who may ask for the act, and confirm it.
const fn permission(act: TwoPersonAct) -> Permission {
    match act {
        TwoPersonAct::Merge => Permission::PatientMerge,
        TwoPersonAct::Relink => Permission::SampleRelink,
        TwoPersonAct::Erase => Permission::PatientErase,
        TwoPersonAct::KeyRotation => Permission::LedgerRotateKey,
    }
}

/// When a request made then runs out.
fn runs_out(asked_at: DateTime<Utc>) -> DateTime<Utc> {
    asked_at + TimeDelta::days(TwoPersonAct::WAITS_DAYS)
}

/// Requests made before that have run out.
fn too_old(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(TwoPersonAct::WAITS_DAYS)
}

/// Where its reason is kept; bound into the seal.
fn place(id: TwoPersonRequestId) -> String {
    format!("dual_requests/{id}")
}
