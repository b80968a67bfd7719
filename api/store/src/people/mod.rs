//! The laboratory's people: users, roles, single permissions, competences, sessions; and the laboratory itself.

mod access;
mod assign;
mod compare;
mod competences;
mod competent;
mod grants;
mod guards;
mod import;
mod laboratory;
mod names;
mod reviews;
mod role_write;
mod roles;
mod service_account_write;
mod service_accounts;
mod service_token_write;
mod service_tokens;
mod sessions;
mod user_state;
mod user_write;
mod users;

pub use access::{AccessView, Because, PermissionAccess, RoleNamed, Single};
pub use compare::{ComparedPermission, ComparisonView, Holder, HolderView};
pub use competent::{CompetenceFilter, CompetenceView, NewCompetences};
pub use grants::{GrantData, GrantView};
pub use import::{ImportedUser, ImportedUsers};
pub use laboratory::{LaboratoryData, LaboratoryView};
pub use reviews::{
    AccessReview, AccessReviewDocument, AccessReviewFilter, AccessReviewItem, AccessReviewPaper, AccessReviewSummary,
    AccountChange, AccountThen, NewAccessDecision, NotDecided, ReviewedGrant, ToFinish,
};
pub use role_write::RoleData;
pub use roles::RoleView;
pub use service_account_write::ServiceAccountData;
pub use service_accounts::{ServiceAccountFilter, ServiceAccountView};
pub use service_token_write::{NewServiceToken, ServiceTokenRotation, TokenWritten};
pub use service_tokens::{IssuedServiceToken, ServiceTokenView};
pub use sessions::{SessionView, UserSessionView};
pub use user_write::{NewUser, UserData};
pub(crate) use users::roles_of;
pub use users::{SeesPeople, UserFilter, UserView};
