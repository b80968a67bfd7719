//! Reports: a snapshot of verified results, signed once, given out, never edited again.
//!
//! Other rooms tell this one what happened to what a report says:
//! [`reports_after_retraction`](crate::WriteTx::reports_after_retraction) and
//! [`report_doubt`](crate::WriteTx::report_doubt).

mod amend;
mod changes;
mod confidence;
mod content;
mod document;
mod draft;
mod gather;
mod list;
mod patient;
mod public;
mod read;
mod record;
mod release;
mod sign;
mod summary;
mod view;

pub use content::{
    ContentAmends, ContentClient, ContentIdentifier, ContentLaboratory, ContentLimits, ContentOpinion, ContentOrder,
    ContentPatient, ContentPending, ContentResult, ContentSample, ContentUncertainty, ReportContent,
};
pub use document::{Delivery, NewDelivery, StoredDocument};
pub use draft::{NewReport, ReportChange};
pub use list::ReportFilter;
pub use public::{PublicReport, PublicStatus};
pub use release::{Document, Paper, PaperSignature};
pub use sign::Signing;
pub use view::{Report, ReportAuthorization, ReportSampleRef, ReportSummary, ReportVersionRef};

use attest_domain::may;

/// Permits whose answers contain a report.
pub trait SeesReports {}
impl SeesReports for may::ReportRead {}
impl SeesReports for may::ReportDraft {}
impl SeesReports for may::ReportAuthorize {}
impl SeesReports for may::ReportRelease {}
impl SeesReports for may::ReportWithdraw {}
impl SeesReports for may::ReportDeliver {}
