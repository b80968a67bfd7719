//! The regular review of who has access (ISO/IEC 17025:2017, 7.11; ISO 15189:2022, 7.6.3): how often, and what is proposed for
//! an account that nobody uses.

use crate::vocabulary::vocabulary;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const PERIODS: RangeInclusive<u16> = 30..=366;
const ANSWERS: RangeInclusive<u16> = 1..=60;

/// How often access is reviewed. A missing field means its default; an unknown one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessReviewPolicy {
    /// Days from one review to the next: 30 to 366, 90 by default.
    pub every_days: u16,
    /// Days within which an open review is finished: 1 to 60, 14 by default. Then it is overdue.
    pub answer_within_days: u16,
    /// Days without use after which deactivation is proposed: 30 to 366, 90 by default.
    pub unused_after_days: u16,
}

impl Default for AccessReviewPolicy {
    fn default() -> Self {
        Self {
            every_days: 90,
            answer_within_days: 14,
            unused_after_days: 90,
        }
    }
}

impl AccessReviewPolicy {
    /// The fields that are out of their bounds, with what the bounds are.
    #[must_use]
    pub fn out_of_bounds(&self) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        if !PERIODS.contains(&self.every_days) {
            wrong.push(("every_days", "must be between 30 and 366"));
        }
        if !ANSWERS.contains(&self.answer_within_days) {
            wrong.push(("answer_within_days", "must be between 1 and 60"));
        }
        if !PERIODS.contains(&self.unused_after_days) {
            wrong.push(("unused_after_days", "must be between 30 and 366"));
        }
        wrong
    }

    /// Whether a review is due: `last` is when the last one was finished, or when the laboratory was opened.
    #[must_use]
    pub fn is_due(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        last + TimeDelta::days(i64::from(self.every_days)) <= now
    }

    /// Until when a review that is opened now is to be finished.
    #[must_use]
    pub fn answer_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::days(i64::from(self.answer_within_days))
    }
}

vocabulary! {
    /// Where a review stands.
    AccessReviewState {
        /// Decisions are made.
        Open = "open", "open", "otwarty";
        /// Every account was decided on; the record is signed.
        Finished = "finished", "finished", "zakończony";
    }
}

vocabulary! {
    /// What becomes of an account.
    AccessDecision {
        /// It stays as it is.
        Keep = "keep", "keep", "zachować";
        /// It is switched off.
        Deactivate = "deactivate", "deactivate", "dezaktywować";
    }
}

vocabulary! {
    /// Why a decision is proposed.
    AccessGround {
        /// Used lately.
        InUse = "in_use", "in use", "używane";
        /// Not used yet, and new.
        New = "new", "new, not used yet", "nowe, jeszcze nieużywane";
        /// Not used for long.
        Unused = "unused", "not used for long", "od dawna nieużywane";
        /// Never used, and not new.
        NeverUsed = "never_used", "never used", "nigdy nieużywane";
        /// The person who answers for a program is not active.
        OwnerInactive = "owner_inactive", "its owner is inactive", "właściciel nieaktywny";
    }
}

vocabulary! {
    /// Whose an account is.
    AccountKind {
        /// A person's.
        Person = "person", "person", "osoba";
        /// A program's.
        Service = "service", "service account", "konto usługowe";
    }
}

/// How an account is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountUse {
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Last login of a person, last call of a program; none when it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The person who answers for it is active; true for a person's own.
    pub owner_active: bool,
}

/// What is proposed for an account, and why. Only a proposal: a person decides.
#[must_use]
pub fn proposal(account: AccountUse, unused_after_days: u16, now: DateTime<Utc>) -> (AccessDecision, AccessGround) {
    let long_ago = now - TimeDelta::days(i64::from(unused_after_days));
    match account.last_used_at {
        _ if !account.owner_active => (AccessDecision::Deactivate, AccessGround::OwnerInactive),
        Some(used) if used < long_ago => (AccessDecision::Deactivate, AccessGround::Unused),
        Some(_lately) => (AccessDecision::Keep, AccessGround::InUse),
        None if account.created_at < long_ago => (AccessDecision::Deactivate, AccessGround::NeverUsed),
        None => (AccessDecision::Keep, AccessGround::New),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days_ago(days: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH - TimeDelta::days(days)
    }

    fn proposed(created: i64, used: Option<i64>, owner_active: bool) -> (AccessDecision, AccessGround) {
        let account = AccountUse {
            created_at: days_ago(created),
            last_used_at: used.map(days_ago),
            owner_active,
        };
        proposal(account, 90, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn what_nobody_uses_is_proposed_for_deactivation() {
        use AccessDecision::{Deactivate, Keep};
        assert_eq!(proposed(400, Some(3), true), (Keep, AccessGround::InUse));
        assert_eq!(proposed(400, Some(90), true), (Keep, AccessGround::InUse));
        assert_eq!(proposed(400, Some(91), true), (Deactivate, AccessGround::Unused));
        assert_eq!(proposed(91, None, true), (Deactivate, AccessGround::NeverUsed));
        assert_eq!(proposed(5, None, true), (Keep, AccessGround::New));
        assert_eq!(proposed(400, Some(0), false), (Deactivate, AccessGround::OwnerInactive));
    }

    #[test]
    fn a_review_is_due_a_period_after_the_last_one() {
        let policy = AccessReviewPolicy::default();
        assert!(policy.is_due(days_ago(90), DateTime::UNIX_EPOCH));
        assert!(!policy.is_due(days_ago(89), DateTime::UNIX_EPOCH));
        assert_eq!(policy.answer_until(days_ago(14)), DateTime::UNIX_EPOCH);
    }

    #[test]
    fn every_field_has_its_bounds() {
        let policy = AccessReviewPolicy {
            every_days: 29,
            answer_within_days: 0,
            unused_after_days: 367,
        };
        let fields: Vec<&str> = policy.out_of_bounds().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["every_days", "answer_within_days", "unused_after_days"]);
        assert!(AccessReviewPolicy::default().out_of_bounds().is_empty());
    }
}
