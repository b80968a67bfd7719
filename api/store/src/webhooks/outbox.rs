//! The outbox: messages wait in the database until they were taken, through restarts and receivers that are away.
//!
//! Whoever sends to a webhook holds it for a moment, so that messages leave one after the other and, in normal operation, once.

use super::deliveries::{COLUMNS, DeliveryRow, WebhookObject};
use super::secret::{WebhookSecret, in_force};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{Store, StoreError, now};
use attest_domain::ids::{EventId, WebhookDeliveryId, WebhookId};
use attest_domain::webhook::WebhookFault;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A webhook is held so long by whoever sends to it: longer than any answer may take. A process that died holds nothing longer.
const HELD: TimeDelta = TimeDelta::seconds(30);

/// A message that is to be sent now, by whoever holds this.
#[derive(Debug)]
pub struct WebhookMessage {
    pub(super) tenant: Uuid,
    pub(super) webhook: WebhookId,
    /// Nothing for a test: nobody waits for it.
    pub(super) hold: Option<Uuid>,
    /// Which try this is.
    pub(super) attempts: i64,
    /// The message's id.
    pub id: WebhookDeliveryId,
    /// Where it goes.
    pub url: String,
    /// What it is signed with: the secret, and the one before while that is still good.
    pub secrets: Vec<WebhookSecret>,
    /// The laboratory's short name.
    pub laboratory: String,
    /// The audit event; none for a test.
    pub event: Option<EventId>,
    /// The event's place in the audit log.
    pub log_index: Option<i64>,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// To what.
    pub object: Option<WebhookObject>,
}

/// What became of one try.
#[derive(Debug, Clone, Copy)]
pub struct WebhookOutcome {
    /// The answer's HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Why there was none, or what is wrong with it.
    pub fault: Option<WebhookFault>,
    /// How long it took.
    pub took: Duration,
}

row! { pub(super) struct HookRow { pub(super) url: String, secret: Vec<u8>, old_secret: Option<Vec<u8>>, old_secret_until: Option<DateTime<Utc>> } }
row! { struct IdRow { id: WebhookId } }

pub(super) const HOOK: &str = "url, secret, old_secret, old_secret_until";

impl HookRow {
    pub(super) fn secrets(
        &self,
        inner: &Inner,
        tenant: Uuid,
        webhook: WebhookId,
    ) -> Result<Vec<WebhookSecret>, StoreError> {
        let old = self.old_secret.as_deref().zip(self.old_secret_until);
        in_force(&inner.keyring, (tenant, webhook), &self.secret, old)
    }
}

impl Store {
    /// Waits until this process queued messages, at most so long; the laboratories whose they are.
    pub async fn webhooks_awaited(&self, at_most: Duration) -> Vec<Uuid> {
        self.inner.webhooks.awaited(at_most).await
    }

    /// Something of this laboratory is due again.
    pub fn webhooks_wake(&self, laboratory: Uuid) {
        self.inner.webhooks.wake(laboratory);
    }

    /// This laboratory's webhooks that a message waits for, and that nobody sends to at the moment. A suspended laboratory sends
    /// nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhooks_due(&self, tenant: Uuid) -> Result<Vec<WebhookId>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                let at = now();
                let due = sql(
                    "SELECT w.id FROM webhooks w WHERE w.tenant_id = ? AND w.status = 'active' AND w.rest_until <= ? AND w.held_until <= ? \
                     AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.webhook_id = w.id AND d.next_at <= ?)",
                );
                let due = due.bind(tenant).bind(at).bind(at).bind(at).all::<IdRow>(db)?;
                if due.is_empty() || inner.tenants.load(db, tenant)?.laboratory.suspended.is_some() {
                    return Ok(Vec::new());
                }
                Ok(due.into_iter().map(|row| row.id).collect())
            })
            .await
    }

    /// The oldest message of a webhook that is due, and the webhook with it: no other process sends to it meanwhile.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhook_take(&self, tenant: Uuid, webhook: WebhookId) -> Result<Option<WebhookMessage>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .backend
            .write(Some(tenant), move |db| take(&inner, db, tenant, webhook))
            .await
    }
}

fn take(inner: &Inner, db: &mut Db, tenant: Uuid, webhook: WebhookId) -> Result<Option<WebhookMessage>, StoreError> {
    let (at, lock) = (now(), db.for_update());
    let hook = sql(format!(
        "SELECT {HOOK} FROM webhooks WHERE tenant_id = ? AND id = ? AND status = 'active' AND rest_until <= ? AND held_until <= ?{lock}"
    ));
    let Some(hook) = hook.bind(tenant).bind(webhook).bind(at).bind(at).first::<HookRow>(db)? else {
        return Ok(None);
    };
    let laboratory = inner.tenants.load(db, tenant)?.laboratory.clone();
    if laboratory.suspended.is_some() {
        return Ok(None);
    }
    let mut oldest = head(db, tenant, webhook, at)?;
    if oldest.as_ref().is_some_and(|row| row.give_up_at <= at) {
        // All at once: a receiver that was away for days may have left many behind.
        sql(
            "UPDATE webhook_deliveries SET status = 'failed', next_at = NULL, fault = ? \
             WHERE tenant_id = ? AND webhook_id = ? AND next_at IS NOT NULL AND give_up_at <= ?",
        )
        .bind(WebhookFault::GivenUp.as_str())
        .bind(tenant)
        .bind(webhook)
        .bind(at)
        .run(db)?;
        oldest = head(db, tenant, webhook, at)?;
    }
    let Some(row) = oldest else { return Ok(None) };
    let hold = Uuid::now_v7();
    sql("UPDATE webhooks SET held_until = ?, hold = ? WHERE tenant_id = ? AND id = ?")
        .bind(at + HELD)
        .bind(hold)
        .bind(tenant)
        .bind(webhook)
        .run(db)?;
    Ok(Some(WebhookMessage {
        tenant,
        webhook,
        hold: Some(hold),
        attempts: row.attempts.saturating_add(1),
        id: row.id,
        secrets: hook.secrets(inner, tenant, webhook)?,
        url: hook.url,
        laboratory: laboratory.slug,
        event: row.event_id,
        log_index: row.log_index,
        object: row.object(),
        kind: row.kind,
        at: row.at,
    }))
}

/// The oldest message that is due.
fn head(db: &mut Db, tenant: Uuid, webhook: WebhookId, at: DateTime<Utc>) -> Result<Option<DeliveryRow>, StoreError> {
    sql(format!(
        "SELECT {COLUMNS} FROM webhook_deliveries d WHERE d.tenant_id = ? AND d.webhook_id = ? AND d.next_at IS NOT NULL AND d.next_at <= ? ORDER BY d.id LIMIT 1"
    ))
    .bind(tenant)
    .bind(webhook)
    .bind(at)
    .first::<DeliveryRow>(db)
}
