//! Heavy renders in a child process: the parent starts itself as
//! `attest render`, writes one [`Job`] as JSON to its standard input, closes
//! it, and reads the PDF from standard output. The child does no I/O besides.

use serde::{Deserialize, Serialize};

use crate::audit::{Attachment, AuditExport, render_audit};
use crate::report::{TestReport, render_report};
use crate::typeset::RenderError;

/// One thing to render.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// A test report.
    Report {
        /// The report.
        report: Box<TestReport>,
    },
    /// One part of an audit export.
    Audit {
        /// The part.
        export: Box<AuditExport>,
        /// Members of the evidence bundle, base64 in JSON.
        #[serde(default)]
        attachments: Vec<Attachment>,
    },
}

/// Why a job gave no document.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The input is not a job.
    #[error("not a render job: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The job could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// Renders one job.
///
/// # Errors
/// See [`RenderError`].
pub fn run(job: Job) -> Result<Vec<u8>, RenderError> {
    match job {
        Job::Report { report } => render_report(&report),
        Job::Audit { export, attachments } => render_audit(&export, attachments),
    }
}

/// Renders one serialised job: what the child process does between reading
/// its standard input and writing its standard output.
///
/// # Errors
/// [`JobError::Malformed`] when the bytes are not a job, else as [`run`].
pub fn render_job(input: &[u8]) -> Result<Vec<u8>, JobError> {
    Ok(run(serde_json::from_slice(input)?)?)
}
