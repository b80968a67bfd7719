//! Audit exports on paper: one table of sentences, with the evidence bundle of
//! the ledger attached, so that the paper and the proof travel together.

mod model;

pub use model::*;
