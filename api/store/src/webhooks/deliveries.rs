//! What became of the messages, as administrators see it; and sending one again.

use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Listing, Page, Permit, ReadTx, Store, StoreError, now};
use attest_domain::ids::{EventId, WebhookDeliveryId, WebhookId};
use attest_domain::webhook::{GIVEN_UP_AFTER, WebhookDeliveryState, WebhookFault, WebhookState};
use attest_domain::{Language, may};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A message to a webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    /// Its id: the `webhook-id` header, the same with every try.
    pub id: WebhookDeliveryId,
    /// The audit event it tells of; none for a test.
    pub event_id: Option<EventId>,
    /// What happened; `ping` for a test.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// To what.
    pub object: Option<WebhookObject>,
    /// Where it has got to.
    pub status: WebhookDeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was tried last.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When it is tried next.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// The HTTP status of the last answer.
    pub http_status: Option<i64>,
    /// How long the last answer took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// What went wrong at the last try.
    pub error: Option<WebhookError>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The thing that something happened to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookObject {
    /// Its kind, such as `sample`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its printed number.
    pub label: Option<String>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookError {
    /// Stable code.
    pub code: WebhookFault,
    /// In the reader's language.
    pub message: &'static str,
}

/// What a list of messages may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct WebhookDeliveryFilter {
    /// Where they have got to.
    pub status: Option<WebhookDeliveryState>,
    /// Tried, or made, since.
    pub updated_since: Option<DateTime<Utc>>,
}

row! {
    pub(super) struct DeliveryRow {
        pub(super) id: WebhookDeliveryId,
        pub(super) event_id: Option<EventId>,
        pub(super) log_index: Option<i64>,
        pub(super) kind: String,
        pub(super) at: DateTime<Utc>,
        pub(super) object_type: Option<String>,
        pub(super) object_id: Option<String>,
        pub(super) object_label: Option<String>,
        pub(super) status: String,
        pub(super) attempts: i64,
        pub(super) last_attempt_at: Option<DateTime<Utc>>,
        pub(super) next_at: Option<DateTime<Utc>>,
        pub(super) give_up_at: DateTime<Utc>,
        pub(super) http_status: Option<i64>,
        pub(super) duration_ms: Option<i64>,
        pub(super) fault: Option<String>,
        pub(super) created_at: DateTime<Utc>,
    }
}

/// The columns of [`DeliveryRow`].
pub(super) const COLUMNS: &str = "d.id, d.event_id, d.log_index, d.type, d.at, d.object_type, d.object_id, d.object_label, d.status, d.attempts, \
     d.last_attempt_at, d.next_at, d.give_up_at, d.http_status, d.duration_ms, d.fault, d.created_at";

row! { struct RestRow { rest_until: DateTime<Utc>, status: String } }

impl DeliveryRow {
    pub(super) fn object(&self) -> Option<WebhookObject> {
        let (kind, id) = self.object_type.clone().zip(self.object_id.clone())?;
        let label = self.object_label.clone();
        Some(WebhookObject { kind, id, label })
    }

    /// As shown; messages of a webhook that rests are not tried before it is over.
    fn shown(self, rest: &RestRow, language: Language) -> Result<WebhookDeliveryView, StoreError> {
        let fault = self.fault.as_deref().map(word::<WebhookFault>).transpose()?;
        let sent_to = rest.status == WebhookState::Active.as_str();
        Ok(WebhookDeliveryView {
            object: self.object(),
            id: self.id,
            event_id: self.event_id,
            kind: self.kind,
            at: self.at,
            status: word(&self.status)?,
            attempts: self.attempts,
            last_attempt_at: self.last_attempt_at,
            next_attempt_at: self.next_at.filter(|_| sent_to).map(|at| at.max(rest.rest_until)),
            http_status: self.http_status,
            duration_ms: self.duration_ms,
            error: fault.map(|code| WebhookError {
                code,
                message: code.label(language),
            }),
            created_at: self.created_at,
        })
    }
}

impl ReadTx<'_, may::WebhookManage> {
    /// One message of a webhook.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn webhook_delivery(
        &mut self,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryView, StoreError> {
        let (rest, language) = (self.webhook_rest(webhook)?, self.language());
        sql(format!(
            "SELECT {COLUMNS} FROM webhook_deliveries d WHERE d.tenant_id = ? AND d.webhook_id = ? AND d.id = ?"
        ))
        .bind(self.tenant())
        .bind(webhook)
        .bind(id)
        .one::<DeliveryRow>(self.db)?
        .shown(&rest, language)
    }

    /// A page of a webhook's messages, newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such webhook; a bad cursor.
    pub fn webhook_delivery_list(
        &mut self,
        webhook: WebhookId,
        filter: &WebhookDeliveryFilter,
        page: &Page,
    ) -> Result<Listing<WebhookDeliveryView>, StoreError> {
        let (tenant, rest, language) = (self.tenant(), self.webhook_rest(webhook)?, self.language());
        let cursors = Cursors::new(self.inner, tenant, &format!("webhook-deliveries/{webhook}"));
        let mut query = sql(format!(
            "SELECT {COLUMNS} FROM webhook_deliveries d WHERE d.tenant_id = ? AND d.webhook_id = ?"
        ))
        .bind(tenant)
        .bind(webhook);
        if let Some(status) = filter.status {
            query.push(" AND d.status = ?").value(status.as_str());
        }
        if let Some(since) = filter.updated_since {
            query
                .push(" AND COALESCE(d.last_attempt_at, d.created_at) >= ?")
                .value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND d.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY d.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<DeliveryRow>(self.db)?;
        cursors
            .finish(page, rows, |row| Position {
                key: String::new(),
                id: row.id.uuid(),
            })?
            .try_map(|row| row.shown(&rest, language))
    }

    fn webhook_rest(&mut self, webhook: WebhookId) -> Result<RestRow, StoreError> {
        sql("SELECT rest_until, status FROM webhooks WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(webhook)
            .one::<RestRow>(self.db)
    }
}

impl Store {
    /// Sends a message once more, now, whatever became of it: to a receiver that lost it, or that was mended. Nothing of the
    /// laboratory changes, so that there is no audit event; the tries are counted with the message.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] while the webhook is paused.
    pub async fn webhook_redeliver(
        &self,
        permit: Permit<may::WebhookManage>,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryView, StoreError> {
        let tenant = permit.scope().tenant.laboratory.id;
        let ready = self.inner.backend.write(Some(tenant), move |db| {
            let lock = db.for_update();
            let found = sql(format!(
                "SELECT rest_until, status FROM webhooks WHERE tenant_id = ? AND id = ?{lock}"
            ));
            let row = found.bind(tenant).bind(webhook).one::<RestRow>(db)?;
            if row.status == WebhookState::Paused.as_str() {
                return Err(StoreError::conflict("this webhook is paused: resume it first"));
            }
            let at = now();
            // The count begins anew, and with it the pauses.
            let again = sql(
                "UPDATE webhook_deliveries SET status = 'waiting', attempts = 0, next_at = ?, give_up_at = ? \
                 WHERE tenant_id = ? AND webhook_id = ? AND id = ?",
            );
            let there = again
                .bind(at)
                .bind(at + GIVEN_UP_AFTER)
                .bind(tenant)
                .bind(webhook)
                .bind(id)
                .run(db)?;
            if there == 0 {
                return Err(StoreError::NotFound);
            }
            sql("UPDATE webhooks SET rest_until = ? WHERE tenant_id = ? AND id = ?")
                .bind(at)
                .bind(tenant)
                .bind(webhook)
                .run(db)
        });
        ready.await?;
        self.inner.webhooks.wake(tenant);
        self.read(permit, move |tx| tx.webhook_delivery(webhook, id)).await
    }
}
