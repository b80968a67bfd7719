//! The platform: the realm of those who run the installation (ADR 8). They open, suspend and resume laboratories, and have no way
//! to a laboratory's data but its invitation, for a while, announced, in both ledgers.

mod across;
mod invitations;
mod laboratories;
mod operators;
mod run_out;
mod visits;

pub(crate) use invitations::notice;
pub use invitations::{NewSupportAccess, SupportAccessView, SupportNotice, SupportState};
pub use laboratories::{LaboratoryFilter, LaboratoryStatus, PlatformLaboratory, SeesLaboratories};
pub use operators::{Operator, OperatorLink};
pub use visits::SupportInvitationView;
