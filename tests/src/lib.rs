//! The harness of the black-box tests: it starts the real program on SQLite or PostgreSQL, opens a laboratory the way
//! an administrator does, and talks HTTP like any client. There is no back door: tests log in.
//!
//! A story is written once with [`on_both_engines!`] and runs twice. Nothing in this crate uses Attest's own crates,
//! least of all [`proof`], which checks the ledger from its published description.

pub mod api;
pub mod browser;
pub mod cluster;
pub mod database;
pub mod factors;
pub mod files;
pub mod lab;
pub mod mail;
pub mod platform;
pub mod proof;
pub mod provider;
pub mod raw;
pub mod receiver;
pub mod server;
pub mod service;
pub mod smtp;
pub mod story;
pub mod tls;
pub mod token;

pub use api::{Answer, Api};
pub use database::Engine;
pub use lab::{Lab, Person};
pub use serde_json::{Value, json};
pub use server::Server;

/// Writes each story as two tests, `on_sqlite` and `on_postgres`, in a module with the story's name.
///
/// ```ignore
/// on_both_engines! {
///     /// ATT-34
///     fn a_stale_etag_is_refused(engine) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* fn $name:ident($engine:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn story($engine: $crate::Engine) $body

            #[test]
            fn on_sqlite() {
                story($crate::Engine::Sqlite)
            }

            #[test]
            fn on_postgres() {
                story($crate::Engine::Postgres)
            }
        }
    )*};
}
