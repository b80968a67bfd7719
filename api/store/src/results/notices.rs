//! Critical notices as the interface shows them.

use super::critical::{StoredAttempt, attempts_place, value_place};
use crate::cursor::{Cursors, Position};
use crate::db::{Sql, row, sql};
use crate::reference::word;
use crate::sealing::opened;
use crate::{Listing, Page, Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{NoticeId, ResultId, SampleId, TestId, UserId};
use attest_domain::may;
use attest_domain::terms::{NoticeChannel, NoticeState};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// An open notice escalates after this: nobody was reached in time.
pub(crate) const ESCALATES_AFTER: TimeDelta = TimeDelta::minutes(30);

/// A critical value and who was told of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CriticalNotice {
    /// Its id.
    pub id: NoticeId,
    /// The result.
    pub result_id: ResultId,
    /// The sample.
    pub sample: NoticeSample,
    /// The test.
    pub test: Ref,
    /// The value as printed; nothing when the person was erased.
    pub value: Option<String>,
    /// Unit of the value.
    pub unit: String,
    /// Where it stands.
    pub status: NoticeState,
    /// When the value was entered.
    pub opened_at: DateTime<Utc>,
    /// When it escalates, if nobody was told by then.
    pub escalates_at: DateTime<Utc>,
    /// When it escalated.
    pub escalated_at: Option<DateTime<Utc>>,
    /// Attempts to tell somebody, first to last.
    pub attempts: Vec<NoticeAttempt>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// The sample of a notice.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeSample {
    /// Its id.
    pub id: SampleId,
    /// Its accession number.
    pub accession_number: String,
}

/// One attempt to tell somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeAttempt {
    /// When.
    pub at: DateTime<Utc>,
    /// Who called.
    pub by: Option<Person>,
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

row! {
    struct NoticeRow {
        id: NoticeId,
        result_id: ResultId,
        sample_id: SampleId,
        accession_number: String,
        test_id: TestId,
        value: String,
        status: String,
        opened_at: DateTime<Utc>,
        escalated_at: Option<DateTime<Utc>>,
        attempts: String,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const NOTICES: &str = "SELECT n.id, n.result_id, n.sample_id, s.accession_number, r.test_id, n.value, n.status, n.opened_at, n.escalated_at, \
     n.attempts, n.updated_at, n.version FROM critical_notices n JOIN samples s ON s.tenant_id = n.tenant_id AND s.id = n.sample_id \
     JOIN results r ON r.tenant_id = n.tenant_id AND r.id = n.result_id WHERE n.tenant_id = ?";

/// Permits whose answers contain critical notices.
pub trait SeesNotices {}
impl SeesNotices for may::ResultRead {}
impl SeesNotices for may::CriticalNotify {}

impl<P: SeesNotices> ReadTx<'_, P> {
    /// One notice.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn critical_notice(&mut self, id: NoticeId) -> Result<CriticalNotice, StoreError> {
        let mut query = sql(NOTICES).bind(self.tenant());
        query.push(" AND n.id = ?").value(id);
        self.notices_shown(query)?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of notices, the longest waiting first.
    ///
    /// # Errors
    /// When the cursor is not this list's.
    pub fn critical_notice_list(
        &mut self,
        status: Option<NoticeState>,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<CriticalNotice>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "critical-notices");
        let mut query = sql(NOTICES).bind(self.tenant());
        if let Some(status) = status {
            query.push(" AND n.status = ?").value(status.as_str());
        }
        if let Some(moment) = updated_since {
            query.push(" AND n.updated_at >= ?").value(moment);
        }
        if let Some(after) = cursors.start(page)? {
            query.push(" AND n.id > ?").value(after.id);
        }
        query.push(" ORDER BY n.id LIMIT ?").value(page.limit.saturating_add(1));
        let notices = self.notices_shown(query)?;
        cursors.finish(page, notices, |notice| Position {
            key: String::new(),
            id: notice.id.uuid(),
        })
    }

    /// The notices of one result.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such result.
    pub fn result_notices(&mut self, result: ResultId) -> Result<Vec<CriticalNotice>, StoreError> {
        row! { struct IdRow { id: ResultId } }
        sql("SELECT id FROM results WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(result)
            .one::<IdRow>(self.db)
            .map(|row| row.id)?;
        let mut query = sql(NOTICES).bind(self.tenant());
        query.push(" AND n.result_id = ?").value(result).push(" ORDER BY n.id");
        self.notices_shown(query)
    }

    fn notices_shown(&mut self, query: Sql<'_>) -> Result<Vec<CriticalNotice>, StoreError> {
        let rows = query.all::<NoticeRow>(self.db)?;
        let catalogue = self.catalogue()?;
        let keys = self.keys_of(rows.iter().flat_map(|row| [row.value.as_str(), row.attempts.as_str()]))?;
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let value: Option<String> = opened(&keys, &value_place(row.id), &row.value)?;
            let attempts: Vec<StoredAttempt> =
                opened(&keys, &attempts_place(row.id), &row.attempts)?.unwrap_or_default();
            read.push((row, value, attempts));
        }
        let people = self.people(
            read.iter()
                .flat_map(|(_, _, attempts)| attempts.iter().map(|attempt| attempt.by)),
        )?;
        read.into_iter()
            .map(|(row, value, attempts)| {
                let test = catalogue
                    .test(row.test_id)
                    .ok_or_else(|| StoreError::broken("a notice of an unknown test"))?;
                Ok(CriticalNotice {
                    id: row.id,
                    result_id: row.result_id,
                    sample: NoticeSample {
                        id: row.sample_id,
                        accession_number: row.accession_number,
                    },
                    test: test.named(),
                    value,
                    unit: test.data.unit.clone(),
                    status: word(&row.status)?,
                    opened_at: row.opened_at,
                    escalates_at: row.opened_at + ESCALATES_AFTER,
                    escalated_at: row.escalated_at,
                    attempts: attempts.into_iter().map(|attempt| attempt.shown(&people)).collect(),
                    updated_at: row.updated_at,
                    version: row.version,
                })
            })
            .collect()
    }
}

impl StoredAttempt {
    fn shown(self, people: &HashMap<UserId, Person>) -> NoticeAttempt {
        NoticeAttempt {
            at: self.at,
            by: people.get(&self.by).cloned(),
            told: self.told,
            channel: self.channel,
            read_back: self.read_back,
            reached: self.reached,
            note: self.note,
        }
    }
}
