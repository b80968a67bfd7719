//! Critical values: opened when one is entered, told to somebody before or after verification, escalated while nobody is.

use super::bench::OnBench;
use super::notices::ESCALATES_AFTER;
use super::view::ResultBody;
use crate::access::Scope;
use crate::db::{row, sql};
use crate::reference::word;
use crate::sealing::{kept, opened};
use crate::{Event, Permit, ReadTx, Recorded, Store, StoreError, WriteTx, now};
use attest_domain::ids::{NoticeId, ResultId, SampleId, UserId};
use attest_domain::terms::{NoticeChannel, NoticeState};
use attest_domain::text::{LINE_MAX, NOTE_MAX, check_line, check_lines};
use attest_domain::{Action, may};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// One attempt to tell somebody, as kept with the notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredAttempt {
    pub(super) at: DateTime<Utc>,
    pub(super) by: UserId,
    pub(super) told: String,
    pub(super) channel: NoticeChannel,
    pub(super) read_back: bool,
    pub(super) reached: bool,
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// An attempt to tell somebody.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    /// Who was told, or was to be told.
    pub told: String,
    /// How.
    pub channel: NoticeChannel,
    /// The value was read back.
    pub read_back: bool,
    /// The person was reached.
    pub reached: bool,
    /// More about it.
    pub note: Option<String>,
}

/// Where a notice's value is kept; bound into its seal.
pub(super) fn value_place(notice: NoticeId) -> String {
    format!("critical_notices/{notice}/value")
}

/// Where its attempts are kept.
pub(super) fn attempts_place(notice: NoticeId) -> String {
    format!("critical_notices/{notice}/attempts")
}

row! { struct NoticeRow { id: NoticeId, status: String, value: String, attempts: String, version: i64 } }

impl<P> WriteTx<'_, P> {
    /// A critical value opens a notice; one that takes its place closes what nobody was told of yet.
    pub(super) fn critical_after_entry(
        &mut self,
        on: &OnBench,
        body: &ResultBody,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let critical = body.is_critical();
        // The first value of a result has nothing before it.
        if on.version == 1 && !critical {
            return Ok(());
        }
        let value = body.display.clone().unwrap_or_default();
        let mut told_already = false;
        for notice in self.notices_of(on.id)? {
            let state: NoticeState = word(&notice.status)?;
            let same = critical && self.notice_value(&notice)?.as_deref() == Some(value.as_str());
            match state {
                NoticeState::Closed => {}
                _ if same => told_already = true,
                NoticeState::Open => self.notice_close(on, &notice, at)?,
                NoticeState::Notified | NoticeState::Acknowledged => {}
            }
        }
        if critical && !told_already {
            self.notice_open(on, &value, at)
        } else {
            Ok(())
        }
    }

    /// Nobody need be told any more of a value that was taken back.
    pub(super) fn critical_close(&mut self, on: &OnBench, at: DateTime<Utc>) -> Result<(), StoreError> {
        for notice in self.notices_of(on.id)? {
            if notice.status == NoticeState::Open.as_str() {
                self.notice_close(on, &notice, at)?;
            }
        }
        Ok(())
    }

    /// Nobody need be told any more of the values of a sample that was rejected or cancelled.
    pub(super) fn critical_close_sample(&mut self, sample: SampleId) -> Result<(), StoreError> {
        row! { struct OpenRow { result_id: ResultId } }
        let open = sql("SELECT result_id FROM critical_notices WHERE tenant_id = ? AND status = 'open' AND sample_id = ? ORDER BY id")
            .bind(self.tenant())
            .bind(sample)
            .all::<OpenRow>(self.db)?;
        for row in open {
            let on = self.bench_one(row.result_id)?;
            self.critical_close(&on, now())?;
        }
        // Whoever rejects the sample writes its other columns; its open notices are known here.
        sql("UPDATE samples SET critical_open = 0 WHERE tenant_id = ? AND id = ? AND critical_open > 0")
            .bind(self.tenant())
            .bind(sample)
            .run(self.db)?;
        Ok(())
    }

    fn notices_of(&mut self, result: ResultId) -> Result<Vec<NoticeRow>, StoreError> {
        sql(format!(
            "SELECT id, status, value, attempts, version FROM critical_notices WHERE tenant_id = ? AND result_id = ? ORDER BY id{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(result)
        .all::<NoticeRow>(self.db)
    }

    fn notice_value(&mut self, notice: &NoticeRow) -> Result<Option<String>, StoreError> {
        let keys = self.keys_of(std::iter::once(notice.value.as_str()))?;
        opened(&keys, &value_place(notice.id), &notice.value)
    }

    fn notice_open(&mut self, on: &OnBench, value: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let (tenant, id, subject) = (self.tenant(), NoticeId::new(), on.subject.as_ref());
        sql("INSERT INTO critical_notices (tenant_id, id, result_id, sample_id, status, value, attempts, opened_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(on.id)
            .bind(on.sample)
            .bind(NoticeState::Open.as_str())
            .bind(kept(subject, &value_place(id), &value)?)
            .bind(kept(subject, &attempts_place(id), &Vec::<StoredAttempt>::new())?)
            .bind(at)
            .bind(at)
            .run(self.db)?;
        let event = on
            .notice_event(Action::CriticalOpened, id, 1)
            .change("status", (), NoticeState::Open.as_str())
            .about(subject, "value", (), value);
        self.also(event)
    }

    fn notice_close(&mut self, on: &OnBench, notice: &NoticeRow, at: DateTime<Utc>) -> Result<(), StoreError> {
        let version = notice.version.saturating_add(1);
        sql("UPDATE critical_notices SET status = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(NoticeState::Closed.as_str())
            .bind(at)
            .bind(version)
            .bind(self.tenant())
            .bind(notice.id)
            .run(self.db)?;
        self.also(on.notice_event(Action::CriticalClosed, notice.id, version).change(
            "status",
            notice.status.as_str(),
            NoticeState::Closed.as_str(),
        ))
    }
}

impl OnBench {
    fn notice_event(&self, action: Action, notice: NoticeId, version: i64) -> Event {
        Event::new(action, "critical_notice", notice)
            .label(&self.accession_number)
            .version(version)
            .set("test", self.test_name.as_str())
            .set("result", self.id.to_string())
    }
}

impl NewAttempt {
    fn check(&self) -> Result<(), StoreError> {
        check_line(&self.told, LINE_MAX)
            .map_err(|refusal| StoreError::invalid("told", refusal.code(), refusal.to_string()))?;
        if let Some(note) = &self.note {
            check_lines(note, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("note", refusal.code(), refusal.to_string()))?;
        }
        if self.read_back && !self.reached {
            return Err(StoreError::invalid(
                "read_back",
                "not_reached",
                "only somebody who was reached can read the value back",
            ));
        }
        Ok(())
    }
}

impl WriteTx<'_, may::CriticalNotify> {
    /// Records that somebody was told of a critical value, or was not reached: of the notice that is still open, else of the
    /// last one.
    ///
    /// # Errors
    /// 404; 409 when the result has no critical value to tell; 422.
    pub fn critical_attempt(
        &mut self,
        result: ResultId,
        attempt: &NewAttempt,
    ) -> Result<Recorded<NoticeId>, StoreError> {
        attempt.check()?;
        let by = self.user().ok_or(StoreError::NotFound)?;
        let on = self.bench_one(result)?;
        let mut notices = self.notices_of(result)?;
        notices.retain(|notice| notice.status != NoticeState::Closed.as_str());
        notices.sort_by_key(|notice| notice.status == NoticeState::Open.as_str());
        let notice = notices.pop().ok_or_else(|| {
            StoreError::conflict("this result has no critical value that anybody would have to be told")
        })?;
        let before: NoticeState = word(&notice.status)?;
        let after = match (before, attempt.reached, attempt.read_back) {
            (state, false, _) => state,
            (_, true, true) => NoticeState::Acknowledged,
            (NoticeState::Acknowledged, true, false) => NoticeState::Acknowledged,
            (_, true, false) => NoticeState::Notified,
        };
        let (at, version) = (now(), notice.version.saturating_add(1));
        let keys = self.keys_of(std::iter::once(notice.attempts.as_str()))?;
        let place = attempts_place(notice.id);
        let mut attempts: Vec<StoredAttempt> = opened(&keys, &place, &notice.attempts)?.unwrap_or_default();
        if attempts.len() >= ATTEMPTS {
            return Err(StoreError::conflict("this notice holds as many attempts as it can"));
        }
        attempts.push(StoredAttempt {
            at,
            by,
            told: attempt.told.clone(),
            channel: attempt.channel,
            read_back: attempt.read_back,
            reached: attempt.reached,
            note: attempt.note.clone(),
        });
        let subject = on.subject.as_ref();
        sql("UPDATE critical_notices SET status = ?, attempts = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(after.as_str())
            .bind(kept(subject, &place, &attempts)?)
            .bind(at)
            .bind(version)
            .bind(self.tenant())
            .bind(notice.id)
            .run(self.db)?;
        let action = if attempt.reached {
            Action::CriticalNotified
        } else {
            Action::CriticalAttempted
        };
        let event = on
            .notice_event(action, notice.id, version)
            .change("status", before.as_str(), after.as_str())
            .set("channel", attempt.channel.as_str())
            .set("reached", attempt.reached)
            .set("read_back", attempt.read_back)
            .about(subject, "told", (), attempt.told.as_str())
            .about(subject, "note", (), attempt.note.clone());
        self.also(event)?;
        self.sample_touch(on.sample)?;
        self.recorded(notice.id)
    }
}

/// Attempts that one notice holds.
const ATTEMPTS: usize = 100;

row! { struct DueRow { id: NoticeId, version: i64, result_id: Uuid, accession_number: String, test_name: String } }

impl WriteTx<'_, ()> {
    /// Escalates the notices that have been open since before `since`: the home page shows them first. Nothing is found when there are none.
    fn critical_escalate(&mut self, since: DateTime<Utc>) -> Result<Recorded<Vec<NoticeId>>, StoreError> {
        let tenant = self.tenant();
        let due = sql("SELECT n.id, n.version, n.result_id, s.accession_number, t.name FROM critical_notices n \
             JOIN samples s ON s.tenant_id = n.tenant_id AND s.id = n.sample_id JOIN results r ON r.tenant_id = n.tenant_id AND r.id = n.result_id \
             JOIN catalog_items t ON t.tenant_id = r.tenant_id AND t.id = r.test_id \
             WHERE n.tenant_id = ? AND n.status = 'open' AND n.escalated_at IS NULL AND n.opened_at < ? ORDER BY n.id LIMIT 500")
            .bind(tenant)
            .bind(since)
            .all::<DueRow>(self.db)?;
        let mut escalated = Vec::new();
        for notice in due {
            let (at, version) = (now(), notice.version.saturating_add(1));
            // Another node may have been quicker, or somebody was told just now.
            let taken = sql(
                "UPDATE critical_notices SET escalated_at = ?, updated_at = ?, version = ? \
                 WHERE tenant_id = ? AND id = ? AND status = 'open' AND escalated_at IS NULL",
            )
            .bind(at)
            .bind(at)
            .bind(version)
            .bind(tenant)
            .bind(notice.id)
            .run(self.db)?;
            if taken != 1 {
                continue;
            }
            escalated.push(notice.id);
            let event = Event::new(Action::CriticalEscalated, "critical_notice", notice.id)
                .label(notice.accession_number)
                .version(version)
                .set("test", notice.test_name)
                .set("result", notice.result_id.to_string());
            self.also(event)?;
        }
        if escalated.is_empty() {
            Err(StoreError::NotFound)
        } else {
            self.recorded(escalated)
        }
    }
}

impl Store {
    /// A background duty: escalates, in every laboratory, the critical values that nobody was told of in time. The number of notices.
    ///
    /// # Errors
    /// The database's.
    pub async fn critical_escalate_due(&self) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.inner);
        let tenants = self.inner.backend.read(None, move |db| inner.tenants.all(db)).await?;
        let mut escalated = 0_usize;
        for tenant in tenants {
            let since = now() - ESCALATES_AFTER;
            let scope = Arc::new(Scope::system(tenant, "critical values"));
            let waiting = self
                .read(Permit::<()>::of(Arc::clone(&scope)), move |tx| {
                    tx.critical_overdue(since)
                })
                .await?;
            if !waiting {
                continue;
            }
            match self
                .write(Permit::<()>::of(scope), None, move |tx| tx.critical_escalate(since))
                .await
            {
                Ok(written) => escalated = escalated.saturating_add(written.value.len()),
                // Another node was quicker.
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(escalated)
    }
}

impl ReadTx<'_, ()> {
    fn critical_overdue(&mut self, since: DateTime<Utc>) -> Result<bool, StoreError> {
        row! { struct OneRow { version: i64 } }
        let found = sql("SELECT n.version FROM critical_notices n WHERE tenant_id = ? AND status = 'open' AND escalated_at IS NULL AND opened_at < ? LIMIT 1")
            .bind(self.tenant())
            .bind(since)
            .first::<OneRow>(self.db)?;
        Ok(found.is_some_and(|row| row.version > 0))
    }
}
