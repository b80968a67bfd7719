//! What a rule answers when it says no. The server maps each to a problem (RFC 9457) by its slug.

use crate::Permission;
use crate::workflow::Refused;

/// A refusal by one of the laboratory's rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The workflow does not go that way.
    #[error("{0}")]
    State(#[from] Refused),
    /// The workflow asks for a reason.
    #[error("a reason is needed")]
    ReasonMissing,
    /// The same person did the first half.
    #[error("{0}")]
    FourEyes(#[from] crate::four_eyes::SamePerson),
    /// The person has no current competence for the test.
    #[error("you have no current competence for this test; a person with competence:manage can record one")]
    NotCompetent,
    /// The instrument's calibration has run out.
    #[error("the instrument's calibration ended on {calibrated_until}; choose another one or record its calibration")]
    InstrumentOutOfCalibration {
        /// The last day of its calibration.
        calibrated_until: chrono::NaiveDate,
    },
    /// Nobody grants what they do not hold.
    #[error("you cannot grant what you do not hold: {}", names(.missing))]
    GrantBeyondOwn {
        /// What is missing.
        missing: Vec<Permission>,
    },
    /// One cannot widen one's own rights.
    #[error("nobody changes their own roles or permissions; ask another administrator")]
    OwnRights,
    /// The laboratory would be left without an administrator.
    #[error("this is the laboratory's last active administrator; name another one first")]
    LastAdministrator,
    /// The role is fixed.
    #[error("the roles administrator and auditor are fixed; make a role of your own instead")]
    RoleFixed,
}

impl Refusal {
    /// The problem's type, behind `/problems/`.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Refusal::State(_)
            | Refusal::NotCompetent
            | Refusal::InstrumentOutOfCalibration { .. }
            | Refusal::LastAdministrator
            | Refusal::RoleFixed => "conflict-state",
            Refusal::ReasonMissing => "validation",
            Refusal::FourEyes(_) => "four-eyes",
            Refusal::GrantBeyondOwn { .. } | Refusal::OwnRights => "forbidden",
        }
    }

    /// A stable code for programs, finer than the slug.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::State(_) => "state",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::FourEyes(_) => "four_eyes",
            Refusal::NotCompetent => "competence_missing",
            Refusal::InstrumentOutOfCalibration { .. } => "instrument_out_of_calibration",
            Refusal::GrantBeyondOwn { .. } => "grant_beyond_own",
            Refusal::OwnRights => "own_rights",
            Refusal::LastAdministrator => "last_administrator",
            Refusal::RoleFixed => "role_fixed",
        }
    }
}

fn names(permissions: &[Permission]) -> String {
    permissions
        .iter()
        .map(|permission| permission.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
