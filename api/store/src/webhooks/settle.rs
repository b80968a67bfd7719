//! What became of a try, written down: of the message, and of the webhook it was for.

use super::outbox::{WebhookMessage, WebhookOutcome};
use crate::db::{Db, row, sql};
use crate::{Store, StoreError, now};
use attest_domain::ids::{WebhookDeliveryId, WebhookId};
use attest_domain::webhook::{
    ATTEMPTS, PAUSED_AFTER, Verdict, WebhookDeliveryState, WebhookFault, WebhookPauseCause, pause, verdict,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use uuid::Uuid;

/// What became of a message is remembered this long.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

row! { struct FailingRow { failures: i64, failing_since: Option<DateTime<Utc>> } }

impl Store {
    /// What became of a try. How long until the next one, when that is all there is to do for this webhook.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhook_settle(
        &self,
        message: &WebhookMessage,
        outcome: WebhookOutcome,
    ) -> Result<Option<TimeDelta>, StoreError> {
        let (tenant, webhook) = (message.tenant, message.webhook);
        let step = Step::of(message, outcome);
        let (wait, cause) = self
            .inner
            .backend
            .write(Some(tenant), move |db| step.written(db))
            .await?;
        if let Some(cause) = cause {
            match self.webhook_given_up(tenant, webhook, cause).await {
                // Somebody paused or deleted it meanwhile.
                Ok(()) | Err(StoreError::Conflict { .. } | StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(wait)
    }
}

/// One try, as it is written down.
struct Step {
    tenant: Uuid,
    webhook: WebhookId,
    id: WebhookDeliveryId,
    hold: Option<Uuid>,
    attempts: i64,
    verdict: Verdict,
    outcome: WebhookOutcome,
    luck: u8,
}

impl Step {
    fn of(message: &WebhookMessage, outcome: WebhookOutcome) -> Self {
        let [luck] = attest_keyring::random();
        Self {
            tenant: message.tenant,
            webhook: message.webhook,
            id: message.id,
            hold: message.hold,
            attempts: message.attempts,
            verdict: verdict(outcome.status),
            outcome,
            luck,
        }
    }

    /// How long until something is to be done again, and whether the webhook is to be paused.
    fn written(&self, db: &mut Db) -> Result<(Option<TimeDelta>, Option<WebhookPauseCause>), StoreError> {
        let at = now();
        let found = sql(format!(
            "SELECT failures, failing_since FROM webhooks WHERE tenant_id = ? AND id = ?{}",
            db.for_update()
        ));
        let Some(before) = found.bind(self.tenant).bind(self.webhook).first::<FailingRow>(db)? else {
            // Deleted meanwhile.
            return Ok((None, None));
        };
        match self.verdict {
            Verdict::Delivered => {
                self.message(db, at, WebhookDeliveryState::Delivered, None)?;
                self.hook(db, at, 0, None, TimeDelta::zero())?;
                self.forget(db, at)?;
                Ok((None, None))
            }
            Verdict::Refused => {
                let wait = pause(self.attempts, self.luck);
                if self.attempts >= ATTEMPTS {
                    self.message(db, at, WebhookDeliveryState::Failed, None)?;
                } else {
                    self.message(db, at, WebhookDeliveryState::Waiting, Some(at + wait))?;
                }
                let since = before.failing_since.unwrap_or(at);
                self.hook(db, at, 0, Some(since), TimeDelta::zero())?;
                Ok((Some(wait), too_long(since, at)))
            }
            Verdict::Away | Verdict::Gone => {
                let failures = before.failures.saturating_add(1);
                let (wait, since) = (pause(failures, self.luck), before.failing_since.unwrap_or(at));
                self.message(db, at, WebhookDeliveryState::Waiting, Some(at))?;
                self.hook(db, at, failures, Some(since), wait)?;
                let cause = match self.verdict {
                    Verdict::Gone => Some(WebhookPauseCause::Gone),
                    _ => too_long(since, at),
                };
                Ok((Some(wait), cause))
            }
        }
    }

    fn message(
        &self,
        db: &mut Db,
        at: DateTime<Utc>,
        state: WebhookDeliveryState,
        next_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        sql("UPDATE webhook_deliveries SET status = ?, attempts = ?, next_at = ?, last_attempt_at = ?, http_status = ?, duration_ms = ?, fault = ? \
             WHERE tenant_id = ? AND id = ?")
            .bind(state.as_str())
            .bind(self.attempts)
            .bind(next_at)
            .bind(at)
            .bind(self.outcome.status.map(i64::from))
            .bind(milliseconds(self.outcome.took))
            .bind(self.outcome.fault.map(WebhookFault::as_str))
            .bind(self.tenant)
            .bind(self.id)
            .run(db)
            .map(|_rows| ())
    }

    /// Lets go of the webhook, unless another process holds it by now.
    fn hook(
        &self,
        db: &mut Db,
        at: DateTime<Utc>,
        failures: i64,
        failing_since: Option<DateTime<Utc>>,
        rest: TimeDelta,
    ) -> Result<(), StoreError> {
        let mut update =
            sql("UPDATE webhooks SET failures = ?, failing_since = ?, rest_until = ?, held_until = ?, hold = NULL")
                .bind(failures)
                .bind(failing_since)
                .bind(at + rest)
                .bind(at);
        if failing_since.is_none() {
            update.push(", last_delivered_at = ?").value(at);
        }
        update.push(" WHERE tenant_id = ? AND id = ? AND hold = ?");
        update.value(self.tenant).value(self.webhook).value(self.hold);
        update.run(db).map(|_rows| ())
    }

    /// What is long past goes; ids begin with the time they were made at.
    fn forget(&self, db: &mut Db, at: DateTime<Utc>) -> Result<(), StoreError> {
        sql("DELETE FROM webhook_deliveries WHERE tenant_id = ? AND webhook_id = ? AND id < ? AND next_at IS NULL")
            .bind(self.tenant)
            .bind(self.webhook)
            .bind(crate::clock::first_id(at - REMEMBERED))
            .run(db)
            .map(|_rows| ())
    }
}

fn too_long(since: DateTime<Utc>, at: DateTime<Utc>) -> Option<WebhookPauseCause> {
    (since + PAUSED_AFTER <= at).then_some(WebhookPauseCause::Failing)
}

pub(super) fn milliseconds(took: Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
