//! Pausing and resuming: by a person, or by the program when nothing gets through.

use crate::access::Scope;
use crate::db::sql;
use crate::mail::Matter;
use crate::{Event, Permit, Recorded, Store, StoreError, WriteTx, now};
use attest_domain::ids::WebhookId;
use attest_domain::text::{NOTE_MAX, check_lines};
use attest_domain::webhook::{WebhookPauseCause, WebhookState};
use attest_domain::{Action, may};
use std::sync::Arc;
use uuid::Uuid;

impl WriteTx<'_, may::WebhookManage> {
    /// Sends nothing more until it is resumed. What happens meanwhile is not told later; what waits already is kept.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when it is paused already.
    pub fn webhook_pause(
        &mut self,
        id: WebhookId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<WebhookId>, StoreError> {
        self.webhook_paused(id, seen, WebhookPauseCause::Person, reason)?;
        self.recorded(id)
    }

    /// Sends again, beginning at once with what waits.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when it is not paused.
    pub fn webhook_resume(
        &mut self,
        id: WebhookId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<WebhookId>, StoreError> {
        let row = self.webhook_held(id, seen)?;
        if row.status == WebhookState::Active.as_str() {
            return Err(StoreError::conflict(format!("{} is not paused", row.name)));
        }
        let (at, version) = (now(), row.version.saturating_add(1));
        sql("UPDATE webhooks SET status = 'active', paused_cause = NULL, paused_at = NULL, active_since = ?, failures = 0, failing_since = NULL, rest_until = ?, \
             updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(at)
            .bind(at)
            .bind(at)
            .bind(version)
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::WebhookResumed, "webhook", id)
            .label(row.name)
            .version(version);
        self.also(said(event, reason)?)?;
        self.recorded(id)
    }
}

impl<P> WriteTx<'_, P> {
    fn webhook_paused(
        &mut self,
        id: WebhookId,
        seen: Option<i64>,
        cause: WebhookPauseCause,
        reason: Option<&str>,
    ) -> Result<String, StoreError> {
        let row = self.webhook_held(id, seen)?;
        if row.status == WebhookState::Paused.as_str() {
            return Err(StoreError::conflict(format!("{} is paused already", row.name)));
        }
        let (at, version) = (now(), row.version.saturating_add(1));
        sql("UPDATE webhooks SET status = 'paused', paused_cause = ?, paused_at = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(cause.as_str())
            .bind(at)
            .bind(at)
            .bind(version)
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::WebhookPaused, "webhook", id)
            .label(&row.name)
            .version(version)
            .set("cause", cause.as_str());
        self.also(said(event, reason)?)?;
        Ok(row.name)
    }
}

impl Store {
    /// The program pauses a webhook that nothing gets through to, and tells the administrators.
    ///
    /// # Errors
    /// The database's; [`StoreError::Conflict`] when somebody was quicker.
    pub(super) async fn webhook_given_up(
        &self,
        tenant: Uuid,
        id: WebhookId,
        cause: WebhookPauseCause,
    ) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        let room = self
            .inner
            .backend
            .read(None, move |db| inner.tenants.load(db, tenant))
            .await?;
        let scope = Arc::new(Scope::system(room, "webhooks"));
        self.write(Permit::<()>::of(scope), None, move |tx| {
            let name = tx.webhook_paused(id, None, cause, None)?;
            let matter = Matter::WebhookPaused {
                webhook: id.uuid(),
                name,
                cause,
                at: now(),
            };
            tx.mail_administrators(None, &matter)?;
            tx.recorded(id)
        })
        .await?;
        self.inner.post.wake(tenant);
        Ok(())
    }
}

/// The event with its reason, if one was given.
fn said(event: Event, reason: Option<&str>) -> Result<Event, StoreError> {
    let Some(reason) = reason else { return Ok(event) };
    check_lines(reason, NOTE_MAX)
        .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
    Ok(event.because(None, "other", Some(reason)))
}
