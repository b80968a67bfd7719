//! Test reports: what ISO/IEC 17025:2017, 7.8.2 to 7.8.7, and
//! ISO 15189:2022, 7.4.1, want to see on paper.

mod model;

pub use model::*;
