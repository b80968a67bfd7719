//! A message that tells of nothing: whether a webhook works.

use super::deliveries::WebhookDeliveryView;
use super::outbox::{HOOK, HookRow, WebhookMessage, WebhookOutcome};
use super::settle::milliseconds;
use crate::db::{row, sql};
use crate::{Permit, Store, StoreError, now};
use attest_domain::ids::{WebhookDeliveryId, WebhookId};
use attest_domain::may;
use attest_domain::webhook::{Verdict, WebhookDeliveryState, WebhookFault, verdict};
use std::sync::Arc;

/// What happened, in such a message.
const PING: &str = "ping";

row! { struct IdRow { id: WebhookId } }

impl Store {
    /// A message that tells of nothing, to see whether it arrives. Also for a webhook that is paused.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn webhook_ping(
        &self,
        permit: &Permit<may::WebhookManage>,
        webhook: WebhookId,
    ) -> Result<WebhookMessage, StoreError> {
        let (inner, laboratory) = (Arc::clone(&self.inner), permit.scope().tenant.laboratory.clone());
        let tenant = laboratory.id;
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                let hook = sql(format!("SELECT {HOOK} FROM webhooks WHERE tenant_id = ? AND id = ?"));
                let hook = hook.bind(tenant).bind(webhook).one::<HookRow>(db)?;
                Ok(WebhookMessage {
                    tenant,
                    webhook,
                    hold: None,
                    attempts: 1,
                    id: WebhookDeliveryId::new(),
                    secrets: hook.secrets(&inner, tenant, webhook)?,
                    url: hook.url,
                    laboratory: laboratory.slug,
                    event: None,
                    log_index: None,
                    kind: PING.to_owned(),
                    at: now(),
                    object: None,
                })
            })
            .await
    }

    /// Keeps what became of a test among the webhook's messages. It is not tried again, and says nothing about the others.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the webhook was deleted meanwhile.
    pub async fn webhook_pinged(
        &self,
        permit: Permit<may::WebhookManage>,
        message: WebhookMessage,
        outcome: WebhookOutcome,
    ) -> Result<WebhookDeliveryView, StoreError> {
        let (tenant, webhook, id) = (message.tenant, message.webhook, message.id);
        let state = match verdict(outcome.status) {
            Verdict::Delivered => WebhookDeliveryState::Delivered,
            _ => WebhookDeliveryState::Failed,
        };
        let kept = self.inner.backend.write(Some(tenant), move |db| {
            let lock = db.for_update();
            let webhook = sql(format!("SELECT id FROM webhooks WHERE tenant_id = ? AND id = ?{lock}"))
                .bind(tenant)
                .bind(webhook)
                .one::<IdRow>(db)?
                .id;
            sql("INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, type, at, status, attempts, give_up_at, last_attempt_at, http_status, duration_ms, fault, created_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(tenant)
                .bind(id)
                .bind(webhook)
                .bind(&message.kind)
                .bind(message.at)
                .bind(state.as_str())
                .bind(message.attempts)
                .bind(message.at)
                .bind(message.at)
                .bind(outcome.status.map(i64::from))
                .bind(milliseconds(outcome.took))
                .bind(outcome.fault.map(WebhookFault::as_str))
                .bind(message.at)
                .run(db)
        });
        kept.await?;
        self.read(permit, move |tx| tx.webhook_delivery(webhook, id)).await
    }
}
