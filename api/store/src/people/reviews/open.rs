//! Opening a review: by hand, or because it is due. Whoever may manage users is told by mail.

use super::accounts::{active_accounts, holders};
use super::label;
use crate::db::{Rows, row, sql};
use crate::mail::Matter;
use crate::{Event, Once, Permit, Store, StoreError, WriteTx, Written, now};
use attest_domain::access_review::{AccessDecision, proposal};
use attest_domain::ids::AccessReviewId;
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::{Action, Permission, may};
use chrono::{DateTime, Utc};

/// Persons who are written to at most.
const TOLD_AT_MOST: usize = 20;

row! { struct OpenRow { number: i64 } }
row! { struct LastRow { finished_at: Option<DateTime<Utc>> } }

impl Store {
    /// Opens a review now, whether it is due or not.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] while one is open; [`StoreError::Invalid`] for a reason that is none.
    pub async fn access_review_open(
        &self,
        permit: Permit<may::UserManage>,
        once: Option<Once>,
        reason: Option<String>,
    ) -> Result<Written<may::UserManage, AccessReviewId>, StoreError> {
        if let Some(reason) = &reason {
            check_lines(reason, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        }
        let tenant = permit.scope().tenant.laboratory.id;
        let written = self
            .write(permit, once, move |tx| {
                let id = tx.review_opened(reason.as_deref())?;
                tx.recorded(id)
            })
            .await?;
        self.inner.post.wake(tenant);
        Ok(written)
    }
}

impl<P> WriteTx<'_, P> {
    /// When the last review was finished; when the laboratory was opened, before the first.
    pub(super) fn last_reviewed(&mut self) -> Result<DateTime<Utc>, StoreError> {
        let last = sql("SELECT MAX(finished_at) FROM access_reviews WHERE tenant_id = ?")
            .bind(self.tenant())
            .one::<LastRow>(self.db)?;
        Ok(last.finished_at.unwrap_or(self.laboratory().created_at))
    }

    /// Writes down every active account with what is proposed for it, and tells who may decide.
    pub(super) fn review_opened(&mut self, reason: Option<&str>) -> Result<AccessReviewId, StoreError> {
        self.people_locked()?;
        let (tenant, id, at) = (self.tenant(), AccessReviewId::new(), now());
        let open = sql("SELECT number FROM access_reviews WHERE tenant_id = ? AND status = 'open'")
            .bind(tenant)
            .first::<OpenRow>(self.db)?;
        if let Some(open) = open {
            return Err(StoreError::conflict(format!(
                "access review {} is open; finish it first",
                label(open.number)
            )));
        }
        let policy = self.laboratory().settings.access_review.clone();
        let (due_at, number) = (policy.answer_until(at), self.next_number("access_review")?);
        let period_from = self.last_reviewed()?;
        sql("INSERT INTO access_reviews (tenant_id, id, number, status, opened_by, reason, period_from, opened_at, due_at, unused_after_days, updated_at) \
             VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(number)
            .bind(self.user())
            .bind(reason)
            .bind(period_from)
            .bind(at)
            .bind(due_at)
            .bind(i64::from(policy.unused_after_days))
            .bind(at)
            .run(self.db)?;
        let mut items: Vec<_> = active_accounts(self.db, tenant)?
            .into_iter()
            .map(|account| (proposal(account.usage(), policy.unused_after_days, at), account))
            .collect();
        // What needs a thought comes first.
        items.sort_by_key(|((decision, _ground), _account)| *decision == AccessDecision::Keep);
        let count = i64::try_from(items.len()).map_err(StoreError::broken)?;
        let mut rows = Rows::new(
            "INSERT INTO access_review_items (tenant_id, review_id, user_id, place, kind, account, proposal, ground)",
        );
        for (place, ((decision, ground), account)) in (1_i64..).zip(items) {
            rows.add([
                tenant.into(),
                id.into(),
                account.id.into(),
                place.into(),
                account.kind.as_str().into(),
                serde_json::to_string(&account.then).map_err(StoreError::broken)?.into(),
                decision.as_str().into(),
                ground.as_str().into(),
            ]);
        }
        rows.insert(self.db)?;
        let matter = Matter::AccessReviewOpened {
            review: id.uuid(),
            number: label(number),
            accounts: count,
            due_at,
        };
        self.tell_who_decides(&matter)?;
        let event = Event::new(Action::AccessReviewOpened, "access_review", id)
            .label(label(number))
            .version(1)
            .set("accounts", count)
            .set("due_at", due_at.to_rfc3339());
        self.also(match reason {
            Some(reason) => event.because(None, "other", Some(reason)),
            None => event,
        })?;
        Ok(id)
    }

    /// A letter to each person who may manage users.
    pub(super) fn tell_who_decides(&mut self, matter: &Matter) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for person in holders(self.db, tenant, Permission::UserManage)?
            .into_iter()
            .take(TOLD_AT_MOST)
        {
            self.mail(person, matter.clone())?;
        }
        Ok(())
    }
}
