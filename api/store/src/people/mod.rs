//! The laboratory's people: users, roles, single permissions, competences, sessions; and the laboratory itself.

mod competences;
mod competent;
mod guards;
mod laboratory;
mod names;
mod role_write;
mod roles;
mod sessions;
mod user_state;
mod user_write;
mod users;

pub use competent::{CompetenceFilter, CompetenceView, NewCompetences};
pub use laboratory::{LaboratoryData, LaboratoryView};
pub use role_write::RoleData;
pub use roles::RoleView;
pub use sessions::SessionView;
pub use user_write::{NewUser, UserData};
pub use users::{GrantView, SeesPeople, UserFilter, UserView};
