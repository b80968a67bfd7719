//! The regular review of who has access: the list of accounts as it was when the review was opened, a decision on each, and a
//! signed record at the end (ISO/IEC 17025:2017, 7.11; ISO 15189:2022, 7.6.3). One review is open at a time.

mod accounts;
mod decide;
mod document;
mod duty;
mod finish;
mod open;
mod read;
mod record;
mod view;

pub use accounts::{AccountThen, ReviewedGrant};
pub use decide::NewAccessDecision;
pub use document::AccessReviewDocument;
pub use finish::{AccessReviewPaper, NotDecided, ToFinish};
pub use view::{AccessReview, AccessReviewFilter, AccessReviewItem, AccessReviewSummary, AccountChange};

/// A review's number as people say it.
fn label(number: i64) -> String {
    format!("AR-{number}")
}

/// Where a review's signed record is kept; bound into its seal.
fn document_place(review: attest_domain::ids::AccessReviewId) -> String {
    format!("access_review_documents/{review}")
}
