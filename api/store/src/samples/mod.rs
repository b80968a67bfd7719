//! Samples: registered, received, worked on, reported; each with an accession number of its own.

mod at_hand;
mod change;
mod list;
mod new;
mod observed;
mod read;
mod receive;
mod register;
mod relink;
pub(crate) mod texts;
mod timeline;
mod touch;
mod view;

pub use change::{SampleData, TestsWanted};
pub use list::{SampleFilter, SampleSort};
pub use new::NewSample;
pub use read::SeesSamples;
pub use receive::{Reception, ReceptionItem};
pub use timeline::TimelineEntry;
pub use view::{OrderRef, PatientRef, ReportRef, ResultCounts, Sample, SampleSummary};

pub(crate) use at_hand::SampleAtHand;
pub(crate) use new::Orderer;
pub(crate) use read::{SUMMARY_ROWS, SummaryRow};
pub(crate) use register::Wanted;
pub(crate) use texts::TABLE as SAMPLES;

use chrono::{DateTime, SecondsFormat, Utc};

/// A moment in an event: RFC 3339 to the microsecond, as short as it can be.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    use chrono::SubsecRound;
    at.trunc_subsecs(6).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
