//! Results: one test on one sample each, every version kept.
//!
//! Samples and results move together. What the samples' room asks of this one: [`results_open`](crate::WriteTx::results_open),
//! [`results_of_samples`](crate::ReadTx::results_of_samples), [`results_cancel_open`](crate::WriteTx::results_cancel_open). What
//! it offers in return: [`sample_touch`](crate::WriteTx::sample_touch), after every change of a result.

mod bench;
mod bulk;
mod critical;
mod end;
mod enter;
mod entry;
mod expected;
mod export;
mod follow;
mod judging;
mod list;
mod notices;
mod of_samples;
mod open;
mod previous;
mod review;
mod sealing;
mod specimen;
mod step;
mod versions;
mod view;

pub use bulk::Bulk;
pub use critical::NewAttempt;
pub use enter::EntryItem;
pub use entry::ResultEntry;
pub use list::{ResultFilter, ResultSort, SeesResults};
pub use notices::{CriticalNotice, NoticeAttempt, NoticeSample, SeesNotices};
pub(crate) use of_samples::{RESULT_ROWS, ResultRow};
pub(crate) use open::{SampleFacts, pending_rows};
pub use review::{Reason, VerifyItem};
pub use versions::{ResultVersion, ResultVersions};
pub(crate) use view::ResultBody;
pub use view::{NamedThen, PreviousResult, ResultHoldTime, ResultLimits, ResultSample, ResultTest, ResultView};
