//! The laboratory's rules, pure: no I/O, no clock, no database. What may happen to a sample, a result, a report;
//! what a typed value means; how it is judged; who may do what. Everything else in Attest asks here and obeys.
//!
//! Times and identities always come in as arguments, so that every rule can be tested without a world around it.

mod refusal;
pub mod vocabulary;

pub mod device;
pub mod identity;
pub mod ids;
pub mod language;
pub mod network;
pub mod permission;
pub mod pin;
pub mod reach;
pub mod role;

pub mod competence;
pub mod four_eyes;
pub mod reason;
pub mod workflow;

pub mod age;
pub mod hold_time;
pub mod judge;
pub mod value;

pub mod access_review;
pub mod accession;
pub mod file;
pub mod name;
pub mod password;
pub mod settings;
pub mod terms;
pub mod text;
pub mod webhook;

pub mod action;

pub use action::Action;
pub use language::Language;
pub use permission::{Grant, Permission, PermissionSet, may};
pub use reason::ReasonCode;
pub use refusal::Refusal;
pub use settings::LaboratorySettings;
