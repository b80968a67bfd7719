//! Paper that can be checked: test reports and audit exports as PDF/A-3a +
//! PDF/UA-1 with their machine-readable twin attached, signed with PAdES.
//!
//! The crate knows nothing of the laboratory's workflow or database: callers
//! hand in plain structs whose strings are already formatted, and get bytes.
//! It reads no files and opens no sockets. Rendering is CPU work (tens of
//! milliseconds and 60 MB for a report, half a second and 130 MB for a thousand
//! audit rows): call it from a blocking thread, few at a time, and large audits
//! through [`job`] in a child process, which gives the memory back.

pub mod access_review;
pub mod audit;
mod base64_bytes;
pub mod job;
mod language;
pub mod report;
pub mod sign;
mod typeset;
mod world;

pub use access_review::render_access_review;
pub use audit::render_audit;
pub use job::{Job, JobError, render_job};
pub use language::Language;
pub use report::render_report;
pub use sign::{SignError, SignatureInfo, SigningIdentity, sign_pdf};
pub use typeset::RenderError;
