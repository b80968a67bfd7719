//! Two engines behind one face: SQLite in the data folder, PostgreSQL for providers.
//!
//! Everything above this folder speaks [`Sql`] to a [`Db`] and never learns which engine answers.

mod address;
mod cell;
mod engine;
mod migrate;
mod planner;
mod pool;
mod postgres;
mod rows;
mod sql;
mod sqlite;

pub use address::{DatabaseUrl, OpenError};
pub(crate) use cell::{Cell, row};
pub(crate) use engine::{Backend, Db};
pub use migrate::{MigrateError, migrate};
pub(crate) use planner::start as keep_statistics;
pub(crate) use rows::Rows;
pub(crate) use sql::{Bind, Sql, sql};
