//! The laboratory's rules, pure: no I/O, no clock, no database. What may happen to a sample, a result, a report;
//! what a typed value means; how it is judged; who may do what. Everything else in Attest asks here and obeys.
//!
//! Times and identities always come in as arguments, so that every rule can be tested without a world around it.

pub mod action;
pub mod ids;
pub mod language;
pub mod permission;

pub use action::Action;
pub use language::Language;
pub use permission::{Grant, Permission, PermissionSet, may};
