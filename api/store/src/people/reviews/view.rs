//! Reviews as they are shown: how far they are, what is proposed and decided for each account, and what has changed since.

use super::accounts::AccountThen;
use crate::{ActProof, Person};
use attest_domain::access_review::{AccessDecision, AccessGround, AccessReviewState, AccountKind};
use attest_domain::ids::{AccessReviewId, UserId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A review of who has access, in numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessReviewSummary {
    /// Its id.
    pub id: AccessReviewId,
    /// Its number, such as `AR-3`.
    pub number: String,
    /// Where it stands.
    pub status: AccessReviewState,
    /// Open for longer than the laboratory allows.
    pub overdue: bool,
    /// Why it was opened by hand; null when it was opened because it was due, or nobody said.
    pub reason: Option<String>,
    /// When the last review was finished before this one, or the laboratory was opened.
    pub period_from: DateTime<Utc>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// By whom; null when it was opened because it was due.
    pub opened_by: Option<Person>,
    /// Until when it is to be finished.
    pub due_at: DateTime<Utc>,
    /// Days without use after which deactivation is proposed.
    pub unused_after_days: i64,
    /// Accounts.
    pub accounts: i64,
    /// Accounts that nobody has decided on.
    pub undecided: i64,
    /// Accounts that stay.
    pub kept: i64,
    /// Accounts that were switched off.
    pub deactivated: i64,
    /// When it was finished.
    pub finished_at: Option<DateTime<Utc>>,
    /// By whom.
    pub finished_by: Option<Person>,
    /// SHA-256 of the signed record, hexadecimal.
    pub document_sha256: Option<String>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// A review of who has access.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessReview {
    /// In numbers.
    #[serde(flatten)]
    pub summary: AccessReviewSummary,
    /// Every account, those first for which deactivation is proposed.
    pub items: Vec<AccessReviewItem>,
    /// That it is in the audit log that the review was finished; null while it is open, and until a checkpoint covers it.
    pub proof: Option<ActProof>,
}

/// What has changed of an account since the review was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// Its roles.
    Roles,
    /// Its single permissions.
    Grants,
    /// It has a second factor now, or has none any more.
    SecondFactor,
    /// It is not active any more.
    Inactive,
}

/// One account of a review.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessReviewItem {
    /// The user, or the service account.
    pub user_id: UserId,
    /// A person's, or a program's.
    pub kind: AccountKind,
    /// As it was when the review was opened.
    pub account: AccountThen,
    /// What is proposed.
    pub proposal: AccessDecision,
    /// Why.
    pub ground: AccessGround,
    /// What was decided; null while nothing is.
    pub decision: Option<AccessDecision>,
    /// Why, in the words of who decided.
    pub reason: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by: Option<Person>,
    /// Decided by the person whose access it is, because nobody else could.
    pub own: bool,
    /// The caller may decide on it: not on one's own access, while somebody else can.
    pub decidable: bool,
    /// What has changed since; empty once the review is finished.
    pub changed: Vec<AccountChange>,
    /// Its roles now, where they have changed.
    pub roles_now: Option<Vec<String>>,
    /// Its version, to be sent with a decision.
    pub version: i64,
}

/// What a list of reviews may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct AccessReviewFilter {
    /// Where it stands.
    pub status: Option<AccessReviewState>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}
