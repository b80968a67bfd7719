//! The laboratory's rules, pure: no I/O, no clock, no database. What may happen to a sample, a result, a report;
//! what a typed value means; how it is judged; who may do what. Everything else in Attest asks here and obeys.
//!
//! Times and identities always come in as arguments, so that every rule can be tested without a world around it.

mod refusal;
pub mod vocabulary;

pub mod action;
pub mod competence;
pub mod four_eyes;
pub mod ids;
pub mod language;
pub mod permission;
pub mod role;
pub mod workflow;

pub use action::Action;
pub use language::Language;
pub use permission::{Grant, Permission, PermissionSet, may};
pub use refusal::Refusal;
