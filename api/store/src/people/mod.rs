//! The laboratory's people: users, roles, single permissions, competences, sessions; and the laboratory itself.

mod competences;
mod names;
