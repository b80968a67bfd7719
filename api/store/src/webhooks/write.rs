//! Adding, changing and removing webhooks, and replacing their secrets. Whether an address may be called is the server's to ask,
//! before; it asks again with every message.

use super::secret::{OVERLAP_MINUTES, OVERLAP_MINUTES_MAX, WebhookSecret, WebhookSecretRotation};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Once, Permit, Recorded, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::WebhookId;
use attest_domain::text::LINE_MAX;
use attest_domain::webhook::WebhookEvent;
use attest_domain::{Action, may, name};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Webhooks that a laboratory may have.
const WEBHOOKS_MAX: i64 = 20;
const URL_MAX: usize = 500;

/// What is written of a webhook.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "LIMS of the waterworks", "url": "https://hooks.waterworks.example/attest", "events": ["sample.received", "report.released"]}))]
pub struct WebhookData {
    /// What to call it.
    pub name: String,
    /// Where messages go: `https://`, port 443 or above 1023. No passwords in it: it is shown, and recorded without its query.
    pub url: String,
    /// What is told; `GET /webhooks/events` lists what can be.
    pub events: Vec<WebhookEvent>,
}

/// What the event of a change shows.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    url: String,
    events: Vec<&'static str>,
}

row! {
    pub(super) struct HeldRow {
        pub(super) name: String,
        pub(super) url: String,
        pub(super) events: String,
        pub(super) status: String,
        pub(super) secret: Vec<u8>,
        pub(super) old_secret_until: Option<DateTime<Utc>>,
        pub(super) version: i64,
    }
}
row! { struct CountRow { count: i64 } }

/// A write that made a secret, with the secret itself unless the request was a repeated one.
pub type WebhookWritten = (Written<may::WebhookManage, WebhookId>, Option<String>);

impl WebhookData {
    /// With every event once, in the order of the list.
    fn checked(mut self) -> Result<Self, StoreError> {
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, LINE_MAX);
        wrong.line("url", &self.url, URL_MAX);
        wrong.unless(!self.events.is_empty(), "events", "required", "must name an event");
        self.events = self.events.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        wrong.done()?;
        Ok(self)
    }

    /// An address may carry a key in its query; the audit trail is read by more people.
    fn told(&self) -> Told<'_> {
        let url = match self.url.split_once('?') {
            Some((before, _)) => format!("{before}?…"),
            None => self.url.clone(),
        };
        Told {
            name: &self.name,
            url,
            events: self.events.iter().copied().map(WebhookEvent::as_str).collect(),
        }
    }

    fn stored_events(&self) -> Result<String, StoreError> {
        serde_json::to_string(&self.events).map_err(StoreError::broken)
    }
}

impl Store {
    /// Adds a webhook.
    ///
    /// # Errors
    /// [`StoreError::Faults`]; [`StoreError::Conflict`] when there are enough.
    pub async fn webhook_create(
        &self,
        permit: Permit<may::WebhookManage>,
        once: Option<Once>,
        data: WebhookData,
    ) -> Result<WebhookWritten, StoreError> {
        self.with_fresh_secret(permit, once, move |tx, secret| tx.webhook_added(data, secret))
            .await
    }

    /// Replaces a webhook's secret; messages carry signatures of both for a while.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Invalid`].
    pub async fn webhook_rotate_secret(
        &self,
        permit: Permit<may::WebhookManage>,
        once: Option<Once>,
        (id, seen): (WebhookId, Option<i64>),
        how: WebhookSecretRotation,
    ) -> Result<WebhookWritten, StoreError> {
        self.with_fresh_secret(permit, once, move |tx, secret| {
            tx.webhook_secret_rotated(id, seen, &how, secret)
        })
        .await
    }

    /// The secret goes with the request that made it; a repeated request made none, and nobody can say any more what it was.
    async fn with_fresh_secret(
        &self,
        permit: Permit<may::WebhookManage>,
        once: Option<Once>,
        change: impl FnOnce(&mut WriteTx<'_, may::WebhookManage>, &WebhookSecret) -> Result<Recorded<WebhookId>, StoreError>
        + Send
        + 'static,
    ) -> Result<WebhookWritten, StoreError> {
        let secret = WebhookSecret::fresh();
        let text = secret.text();
        let written = self.write(permit, once, move |tx| change(tx, &secret)).await?;
        let text = (!written.replayed).then_some(text);
        Ok((written, text))
    }
}

impl WriteTx<'_, may::WebhookManage> {
    fn webhook_added(&mut self, data: WebhookData, secret: &WebhookSecret) -> Result<Recorded<WebhookId>, StoreError> {
        let data = data.checked()?;
        let (tenant, id, at) = (self.tenant(), WebhookId::new(), now());
        // One after the other, so that two at once do not both find room.
        self.people_locked()?;
        let there = sql("SELECT COUNT(*) FROM webhooks WHERE tenant_id = ?")
            .bind(tenant)
            .one::<CountRow>(self.db)?
            .count;
        if there >= WEBHOOKS_MAX {
            return Err(StoreError::conflict(format!(
                "a laboratory has at most {WEBHOOKS_MAX} webhooks: delete one first"
            )));
        }
        sql("INSERT INTO webhooks (tenant_id, id, name, name_key, url, events, active_since, secret, rest_until, held_until, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&data.name)
            .bind(name::normalise(&data.name))
            .bind(&data.url)
            .bind(data.stored_events()?)
            .bind(at)
            .bind(secret.sealed(&self.inner.keyring, tenant, id)?)
            .bind(at)
            .bind(at)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::WebhookCreated, "webhook", id)
            .label(&data.name)
            .version(1);
        self.record(difference(event, None, &data.told())?, id)
    }

    /// Changes a webhook. Messages that wait go to the new address.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`].
    pub fn webhook_edit(
        &mut self,
        id: WebhookId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<WebhookId>, StoreError> {
        let row = self.webhook_held(id, Some(seen))?;
        let before = WebhookData {
            events: serde_json::from_str(&row.events).map_err(StoreError::broken)?,
            name: row.name,
            url: row.url,
        };
        let after = merged(&before, patch)?.checked()?;
        let version = row.version.saturating_add(1);
        // What is changed may be what was wrong: try at once.
        sql("UPDATE webhooks SET name = ?, name_key = ?, url = ?, events = ?, failures = 0, rest_until = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.name)
            .bind(name::normalise(&after.name))
            .bind(&after.url)
            .bind(after.stored_events()?)
            .bind(now())
            .bind(now())
            .bind(version)
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::WebhookChanged, "webhook", id)
            .label(&after.name)
            .version(version);
        self.record(difference(event, Some(&before.told()), &after.told())?, id)
    }

    /// Removes a webhook with the messages that wait for it, and what is remembered of those that were sent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`].
    pub fn webhook_delete(&mut self, id: WebhookId, seen: i64) -> Result<Recorded<()>, StoreError> {
        let row = self.webhook_held(id, Some(seen))?;
        for statement in [
            "DELETE FROM webhook_deliveries WHERE tenant_id = ? AND webhook_id = ?",
            "DELETE FROM webhooks WHERE tenant_id = ? AND id = ?",
        ] {
            sql(statement).bind(self.tenant()).bind(id).run(self.db)?;
        }
        let event = Event::new(Action::WebhookDeleted, "webhook", id).label(row.name);
        self.record(event, ())
    }

    fn webhook_secret_rotated(
        &mut self,
        id: WebhookId,
        seen: Option<i64>,
        how: &WebhookSecretRotation,
        secret: &WebhookSecret,
    ) -> Result<Recorded<WebhookId>, StoreError> {
        let (row, tenant, at) = (self.webhook_held(id, seen)?, self.tenant(), now());
        let overlap = how.overlap_minutes.unwrap_or(OVERLAP_MINUTES);
        if !(0..=OVERLAP_MINUTES_MAX).contains(&overlap) {
            let message = format!("must be between 0 and {OVERLAP_MINUTES_MAX}");
            return Err(StoreError::invalid("overlap_minutes", "range", message));
        }
        // A third secret would leave receivers guessing; without an overlap the old ones end at once.
        if overlap > 0 && row.old_secret_until.is_some_and(|until| until > at) {
            return Err(StoreError::conflict(
                "the secret is being replaced already: wait until the old one has ended, or set overlap_minutes to 0",
            ));
        }
        let version = row.version.saturating_add(1);
        let old = (overlap > 0).then_some(row.secret);
        let until = old.as_ref().map(|_secret| at + TimeDelta::minutes(overlap));
        sql("UPDATE webhooks SET secret = ?, old_secret = ?, old_secret_until = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(secret.sealed(&self.inner.keyring, tenant, id)?)
            .bind(old)
            .bind(until)
            .bind(at)
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::WebhookSecretRotated, "webhook", id)
            .label(row.name)
            .version(version)
            .set("overlap_minutes", overlap);
        self.record(event, id)
    }
}

impl<P> WriteTx<'_, P> {
    /// The webhook's row, kept from other writers until the end of the transaction.
    pub(super) fn webhook_held(&mut self, id: WebhookId, seen: Option<i64>) -> Result<HeldRow, StoreError> {
        let row = sql(format!(
            "SELECT {} FROM webhooks WHERE tenant_id = ? AND id = ?{}",
            HeldRow::COLUMNS.join(", "),
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<HeldRow>(self.db)?;
        as_seen(seen, row.version)?;
        Ok(row)
    }
}
