//! The plain data that the record of a review is made of. Every `String` is printed as it is.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Language;

/// Most accounts on one record. Each costs about 100 kB while it is rendered.
pub const MAX_ACCOUNTS: usize = 5_000;

/// A finished review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessReviewRecord {
    /// Language of everything this crate adds to the caller's strings.
    #[serde(default)]
    pub language: Language,
    /// Name of the laboratory.
    pub laboratory: String,
    /// Its address, a line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// Number of its accreditation certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accreditation: Option<String>,
    /// Number of the review, e.g. `AR-3`.
    pub number: String,
    /// The time since the last review.
    pub period: String,
    /// When it was opened.
    pub opened: String,
    /// By whom, or that it was due.
    pub opened_by: String,
    /// Why it was opened by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when it was to be finished.
    pub due: String,
    /// It was finished later than that.
    #[serde(default)]
    pub late: bool,
    /// When it was finished, with the laboratory's offset; date of the PDF.
    pub finished_at: DateTime<FixedOffset>,
    /// The same, formatted for the reader.
    pub finished: String,
    /// Who finished it: name, title.
    pub finished_by: String,
    /// Everybody who decided.
    pub reviewers: Vec<String>,
    /// Days without use after which deactivation is proposed.
    pub unused_after_days: u32,
    /// Accounts, in the order of printing.
    pub accounts: Vec<ReviewedAccount>,
    /// The machine-readable twin, attached as it is.
    #[serde(default)]
    pub data: Value,
}

/// One account and what was decided on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedAccount {
    /// Name of the person or program.
    pub name: String,
    /// What else tells whose it is: address, owner, client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<String>,
    /// A program's.
    #[serde(default)]
    pub service: bool,
    /// Names of its roles.
    pub roles: Vec<String>,
    /// Single permissions, and what has changed since the review was opened; a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
    /// Last use, or that there was none.
    pub last_use: String,
    /// When it was added.
    pub created: String,
    /// Whether it has a second factor, in words; none for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<String>,
    /// Deactivation was proposed: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// It was deactivated; else it stays.
    pub deactivated: bool,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Decided by the person concerned: nobody else could.
    #[serde(default)]
    pub own: bool,
}
