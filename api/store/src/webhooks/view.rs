//! Webhooks as administrators see them; never their secrets.

use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Listing, Page, Person, ReadTx, StoreError};
use attest_domain::ids::WebhookId;
use attest_domain::may;
use attest_domain::webhook::{WebhookEvent, WebhookPauseCause, WebhookState};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Messages that wait are counted up to here.
const COUNTED: i64 = 1_000;

/// A webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    pub id: WebhookId,
    /// What it is called.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// What is told.
    pub events: Vec<WebhookEvent>,
    /// Whether it is sent to.
    pub status: WebhookState,
    /// Since when and why it is not.
    pub paused: Option<WebhookPause>,
    /// Until when messages carry a signature of the secret before, too.
    pub old_secret_until: Option<DateTime<Utc>>,
    /// Messages that wait, counted up to 1000.
    pub waiting: i64,
    /// When a message was taken last.
    pub last_delivered_at: Option<DateTime<Utc>>,
    /// Since when none was, although some were sent.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// That a webhook is not sent to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookPause {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: WebhookPauseCause,
}

/// A webhook with a secret that was just made.
#[derive(Serialize, ToSchema)]
pub struct IssuedWebhook {
    /// The secret that messages are signed with: shown this once, and null when a repeated request is answered.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: Option<String>,
    /// The rest of it.
    #[serde(flatten)]
    pub view: WebhookView,
}

impl std::fmt::Debug for IssuedWebhook {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "IssuedWebhook({})", self.view.id)
    }
}

/// An event that can be sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookEventView {
    /// Its name.
    pub name: WebhookEvent,
    /// What it means, in the reader's language.
    pub description: &'static str,
}

/// What a list of webhooks may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct WebhookFilter {
    /// Sent to or not.
    pub status: Option<WebhookState>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}

row! {
    struct WebhookRow {
        id: WebhookId,
        name_key: String,
        name: String,
        url: String,
        events: String,
        status: String,
        paused_cause: Option<String>,
        paused_at: Option<DateTime<Utc>>,
        old_secret_until: Option<DateTime<Utc>>,
        waiting: i64,
        last_delivered_at: Option<DateTime<Utc>>,
        failing_since: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

fn selected() -> String {
    format!(
        "SELECT w.id, w.name_key, w.name, w.url, w.events, w.status, w.paused_cause, w.paused_at, w.old_secret_until, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.webhook_id = w.id \
         AND d.next_at IS NOT NULL LIMIT {COUNTED}) counted), \
         w.last_delivered_at, w.failing_since, w.created_at, w.created_by, c.name, w.updated_at, w.version \
         FROM webhooks w LEFT JOIN users c ON c.tenant_id = w.tenant_id AND c.id = w.created_by WHERE w.tenant_id = ?"
    )
}

impl TryFrom<WebhookRow> for WebhookView {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let cause = row.paused_cause.as_deref().map(word).transpose()?;
        Ok(Self {
            id: row.id,
            name: row.name,
            url: row.url,
            events: serde_json::from_str(&row.events).map_err(StoreError::broken)?,
            status: word(&row.status)?,
            paused: row.paused_at.zip(cause).map(|(at, cause)| WebhookPause { at, cause }),
            old_secret_until: row.old_secret_until.filter(|until| *until > crate::now()),
            waiting: row.waiting,
            last_delivered_at: row.last_delivered_at,
            failing_since: row.failing_since,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.creator),
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl ReadTx<'_, may::WebhookManage> {
    /// One webhook.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn webhook(&mut self, id: WebhookId) -> Result<WebhookView, StoreError> {
        sql(format!("{} AND w.id = ?", selected()))
            .bind(self.tenant())
            .bind(id)
            .one::<WebhookRow>(self.db)?
            .try_into()
    }

    /// A page of webhooks, by name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn webhook_list(&mut self, filter: &WebhookFilter, page: &Page) -> Result<Listing<WebhookView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "webhooks");
        let mut query = sql(selected()).bind(tenant);
        if let Some(status) = filter.status {
            query.push(" AND w.status = ?").value(status.as_str());
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND w.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query
                .push(" AND (w.name_key, w.id) > (?, ?)")
                .value(start.key)
                .value(start.id);
        }
        query
            .push(" ORDER BY w.name_key, w.id LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<WebhookRow>(self.db)?;
        cursors
            .finish(page, rows, |row| Position {
                key: row.name_key.clone(),
                id: row.id.uuid(),
            })?
            .try_map(WebhookView::try_from)
    }

    /// The events that can be sent, in the reader's language.
    pub fn webhook_events(&self) -> Vec<WebhookEventView> {
        let language = self.language();
        WebhookEvent::all()
            .map(|name| WebhookEventView {
                name,
                description: name.action().description(language),
            })
            .collect()
    }
}
