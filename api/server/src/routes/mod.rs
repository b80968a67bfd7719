//! The operations, by area. Each file registers its own handlers in `operations`.

pub mod access;
pub mod audit;
pub mod auth;
pub mod bootstrap;
pub mod catalogue;
pub mod competences;
pub mod critical;
pub mod documentation;
pub mod health;
pub mod laboratory;
pub mod orders;
pub mod patients;
pub mod public;
pub mod reports;
pub mod results;
pub mod roles;
pub mod samples;
pub mod separation;
pub mod service_accounts;
pub mod sessions;
pub mod spa;
pub mod users;
pub mod work;
