//! Deciding on accounts. What is to go is switched off at once, by the same rules as ever; a decision may be changed until the
//! review is finished, and the account goes with it. Nobody decides on their own access while somebody else can.

use super::accounts::holders;
use super::record::{Held, HeldItem};
use crate::db::sql;
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::access_review::{AccessDecision, AccountKind};
use attest_domain::four_eyes::SamePerson;
use attest_domain::ids::{AccessReviewId, UserId};
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, Permission, Refusal, may};
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::ToSchema;

/// Accounts that may be decided on at once.
const AT_ONCE: usize = 500;

/// What is decided on one account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccessDecision {
    /// The user, or the service account.
    pub user_id: UserId,
    /// What becomes of it. `deactivate` takes effect at once, as `POST /users/{id}/deactivate` does.
    pub decision: AccessDecision,
    /// Why; needed for `deactivate`.
    #[serde(default)]
    pub reason: Option<String>,
    /// The item's version that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

impl NewAccessDecision {
    fn reason(&self) -> Result<Option<&str>, StoreError> {
        let reason = self
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty());
        if let Some(reason) = reason {
            check_lines(reason, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        } else if self.decision == AccessDecision::Deactivate {
            return Err(Refusal::ReasonMissing.into());
        }
        Ok(reason)
    }
}

impl WriteTx<'_, may::UserManage> {
    /// Decides on accounts of an open review, all or none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Invalid`]; 409 `four-eyes` for one's own access, 409 for a
    /// finished review, for the last administrator, and for an account that was switched off by other means and is to stay.
    pub fn access_review_decide(
        &mut self,
        id: AccessReviewId,
        seen: Option<i64>,
        decisions: &[NewAccessDecision],
    ) -> Result<Recorded<AccessReviewId>, StoreError> {
        if !(1..=AT_ONCE).contains(&decisions.len()) {
            return Err(StoreError::invalid(
                "items",
                "length",
                format!("must name 1 to {AT_ONCE} accounts"),
            ));
        }
        self.people_locked()?;
        let review = self.review_held(id, seen)?;
        let tenant = self.tenant();
        let alone = holders(self.db, tenant, Permission::UserManage)?
            .iter()
            .all(|person| Some(*person) == self.user());
        let mut named = HashSet::new();
        for (index, new) in decisions.iter().enumerate() {
            let item = format!("items.{index}");
            if !named.insert(new.user_id) {
                return Err(StoreError::invalid(
                    format!("{item}.user_id"),
                    "duplicate",
                    "this account is named already",
                ));
            }
            self.decide_one(id, &review, new, alone)
                .map_err(|error| error.within(&item))?;
        }
        sql("UPDATE access_reviews SET updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(now())
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.recorded(id)
    }

    fn decide_one(
        &mut self,
        id: AccessReviewId,
        review: &Held,
        new: &NewAccessDecision,
        alone: bool,
    ) -> Result<(), StoreError> {
        let reason = new.reason()?;
        let item = self.review_item_held(id, new.user_id)?;
        as_seen(new.version, item.version)?;
        let own = self.user() == Some(new.user_id);
        if own && !alone {
            return Err(Refusal::FourEyes(SamePerson::OwnAccess).into());
        }
        self.carry_out(review, &item, new, reason)?;
        sql("UPDATE access_review_items SET decision = ?, reason = ?, decided_at = ?, decided_by = ?, own = ?, version = version + 1 \
             WHERE tenant_id = ? AND review_id = ? AND user_id = ?")
            .bind(new.decision.as_str())
            .bind(reason)
            .bind(now())
            .bind(self.user())
            .bind(own)
            .bind(self.tenant())
            .bind(id)
            .bind(new.user_id)
            .run(self.db)?;
        let event = if item.kind == AccountKind::Service.as_str() {
            Event::new(Action::AccessReviewDecided, "service_account", new.user_id).label(item.name)
        } else {
            Event::new(Action::AccessReviewDecided, "user", new.user_id)
        };
        let event = event
            .set("access_review", review.label())
            .change("decision", item.decision, new.decision.as_str());
        let event = if own { event.set("own", true) } else { event };
        self.also(match reason {
            Some(reason) => event.because(None, "other", Some(reason)),
            None => event,
        })
    }

    /// Switches the account so that it is as decided.
    fn carry_out(
        &mut self,
        review: &Held,
        item: &HeldItem,
        new: &NewAccessDecision,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let stays = new.decision == AccessDecision::Keep;
        if item.active == stays {
            return Ok(());
        }
        if stays && item.decision.as_deref() != Some(AccessDecision::Deactivate.as_str()) {
            return Err(StoreError::conflict(format!(
                "{} was deactivated since the review was opened; deactivate it here too, or reactivate it first",
                item.name
            )));
        }
        let said = reason.map_or_else(
            || format!("{}: kept after all", review.label()),
            |reason| format!("{}: {reason}", review.label()),
        );
        if item.kind == AccountKind::Service.as_str() {
            return self.review_service_switch(new.user_id, &said, stays);
        }
        let switched = if stays {
            self.user_reactivate(new.user_id, None, &said)
        } else {
            self.user_deactivate(new.user_id, None, &said)
        };
        switched.map(|_recorded| ())
    }

    /// Programs are switched by whoever may manage them, with a confirmed identity, here as anywhere (ATT-17).
    fn review_service_switch(&mut self, account: UserId, reason: &str, active: bool) -> Result<(), StoreError> {
        if !self.may(Permission::ServiceAccountManage) {
            return Err(StoreError::Refused {
                slug: "forbidden",
                status: 403,
                detail: format!("this needs the permission {}", Permission::ServiceAccountManage),
            });
        }
        self.must_be_stepped_up()?;
        self.account_switch(account, None, reason, active)
    }
}
