//! What happens to a sample after reception: changed, given more tests, rejected, cancelled, disposed of.

use super::at_hand::SampleAtHand;
use super::moment;
use super::new::{check_moment, check_wanted};
use super::texts::{TABLE, reference_token};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::merge::merged;
use crate::reference::word;
use crate::results::SampleFacts;
use crate::sealing::RowTexts;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{PanelId, SampleId, TestId};
use attest_domain::terms::Priority;
use attest_domain::text::{LINE_MAX, NOTE_MAX};
use attest_domain::workflow::{ResultState, SampleState, SampleVerb, Transition};
use attest_domain::{ReasonCode, may};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;
use utoipa::ToSchema;

/// What may be changed about a sample. A member that is absent stays, null clears it (RFC 7396).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"remark": "label partly illegible", "reason": "noticed at the bench"}))]
pub struct SampleData {
    /// What the client calls it.
    #[schema(max_length = 200)]
    pub client_reference: Option<String>,
    /// Description.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// When it was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// Who took it.
    #[schema(max_length = 200)]
    pub collected_by: Option<String>,
    /// Where it was taken.
    #[schema(max_length = 200)]
    pub collection_place: Option<String>,
    /// Remark.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
    /// How urgent it is.
    #[schema(required = false)]
    pub priority: Priority,
    /// Why it is changed.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// Tests to be added to a sample.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestsWanted {
    /// Tests.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub test_ids: Vec<TestId>,
    /// Panels; a test that comes twice is done once.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub panel_ids: Vec<PanelId>,
}

row! {
    struct DataRow {
        client_reference: Option<String>,
        description: Option<String>,
        collected_at: Option<DateTime<Utc>>,
        collected_by: Option<String>,
        collection_place: Option<String>,
        remark: Option<String>,
        priority: String,
    }
}

row! { struct ExistingRow { test_id: TestId, status: String, position: i64 } }

impl WriteTx<'_, may::SampleEdit> {
    /// Changes what is recorded about a sample.
    ///
    /// # Errors
    /// [`StoreError::Stale`], when the state does not allow it, or the request is not right.
    pub fn sample_edit(
        &mut self,
        id: SampleId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let sample = self.sample_at_hand(id, Some(seen))?;
        let transition = sample.may(SampleVerb::Edit)?;
        let row = sql(format!(
            "SELECT {} FROM samples s WHERE s.tenant_id = ? AND s.id = ?",
            DataRow::columns("s")
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<DataRow>(self.db)?;
        let (texts, person) = (RowTexts::of(TABLE, id), sample.subject.as_ref());
        let stored = [
            &row.client_reference,
            &row.description,
            &row.collected_by,
            &row.collection_place,
            &row.remark,
        ];
        let keys = self.keys_of(stored.into_iter().flatten().map(String::as_str))?;
        let read = |column: &str, stored: &Option<String>| texts.opened(&keys, column, stored.as_deref());
        let before = SampleData {
            client_reference: read("client_reference", &row.client_reference)?,
            description: read("description", &row.description)?,
            collected_at: row.collected_at,
            collected_by: read("collected_by", &row.collected_by)?,
            collection_place: read("collection_place", &row.collection_place)?,
            remark: read("remark", &row.remark)?,
            priority: word(&row.priority)?,
            reason: None,
        };
        let after = merged(&before, patch)?;
        after.check()?;
        let keep = |column: &str, text: &Option<String>| texts.kept(person, column, text.as_deref());
        let token = reference_token(self.inner, self.tenant(), person, after.client_reference.as_deref());
        sql("UPDATE samples SET client_reference = ?, reference_token = ?, description = ?, collected_at = ?, collected_by = ?, \
             collection_place = ?, remark = ?, priority = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(keep("client_reference", &after.client_reference)?)
            .bind(token)
            .bind(keep("description", &after.description)?)
            .bind(after.collected_at)
            .bind(keep("collected_by", &after.collected_by)?)
            .bind(keep("collection_place", &after.collection_place)?)
            .bind(keep("remark", &after.remark)?)
            .bind(after.priority.as_str())
            .bind(now())
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let mut event = sample.event(transition.action);
        if let Some(reason) = after.reason.as_deref() {
            event = event.because(sample.subject.as_ref(), ReasonCode::Other.as_str(), Some(reason));
        }
        let event = edited(event, &sample, &before, &after);
        self.record(event, id)
    }
}

fn edited(event: Event, sample: &SampleAtHand, before: &SampleData, after: &SampleData) -> Event {
    let person = sample.subject.as_ref();
    event
        .change("priority", before.priority.as_str(), after.priority.as_str())
        .change(
            "collected_at",
            before.collected_at.map(moment),
            after.collected_at.map(moment),
        )
        .about(
            person,
            "client_reference",
            before.client_reference.as_deref(),
            after.client_reference.as_deref(),
        )
        .about(
            person,
            "description",
            before.description.as_deref(),
            after.description.as_deref(),
        )
        .about(
            person,
            "collected_by",
            before.collected_by.as_deref(),
            after.collected_by.as_deref(),
        )
        .about(
            person,
            "collection_place",
            before.collection_place.as_deref(),
            after.collection_place.as_deref(),
        )
        .about(person, "remark", before.remark.as_deref(), after.remark.as_deref())
}

impl SampleData {
    fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.maybe_line("client_reference", self.client_reference.as_ref(), LINE_MAX);
        wrong.maybe_lines("description", self.description.as_ref(), NOTE_MAX);
        wrong.maybe_line("collected_by", self.collected_by.as_ref(), LINE_MAX);
        wrong.maybe_line("collection_place", self.collection_place.as_ref(), LINE_MAX);
        wrong.maybe_lines("remark", self.remark.as_ref(), NOTE_MAX);
        wrong.maybe_lines("reason", self.reason.as_ref(), NOTE_MAX);
        check_moment(self.collected_at, "collected_at", &mut wrong);
        wrong.done()
    }
}

impl WriteTx<'_, may::SampleRegister> {
    /// Adds tests to a sample; a completed or reported one is in progress again.
    ///
    /// # Errors
    /// When the state does not allow it, or a test is there already.
    pub fn sample_add_tests(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        wanted: &TestsWanted,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let mut wrong = Faults::default();
        check_wanted(&wanted.test_ids, &wanted.panel_ids, "", &mut wrong);
        wrong.unless(
            !wanted.test_ids.is_empty() || !wanted.panel_ids.is_empty(),
            "test_ids",
            "required",
            "name a test or a panel",
        );
        wrong.done()?;
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::AddTests)?;
        let catalogue = self.catalogue()?;
        let mut tests = catalogue.expand("", &wanted.test_ids, &wanted.panel_ids)?;
        let existing = sql("SELECT test_id, status, position FROM results WHERE tenant_id = ? AND sample_id = ?")
            .bind(self.tenant())
            .bind(id)
            .all::<ExistingRow>(self.db)?;
        let live = |row: &&ExistingRow| {
            !matches!(
                word::<ResultState>(&row.status),
                Ok(ResultState::Cancelled | ResultState::Retracted)
            )
        };
        let known: HashSet<TestId> = existing.iter().filter(live).map(|row| row.test_id).collect();
        for (index, test) in wanted.test_ids.iter().enumerate() {
            wrong_when(known.contains(test), format!("test_ids.{index}"))?;
        }
        tests.retain(|test| !known.contains(&TestId::from_uuid(test.id)));
        wrong_when(tests.is_empty(), "panel_ids".to_owned())?;
        let results_so_far = existing
            .iter()
            .map(|row| row.position)
            .max()
            .map_or(0, |last| last.saturating_add(1));
        self.results_open(
            &SampleFacts {
                id,
                results_so_far,
                asked_at: now(),
            },
            &tests,
        )?;
        let names: Vec<&str> = tests.iter().map(|test| test.data.code.as_str()).collect();
        let event = sample.event(transition.action).set("tests", names.join(", "));
        self.sample_touch(id)?;
        self.record(event, id)
    }
}

fn wrong_when(twice: bool, path: String) -> Result<(), StoreError> {
    if twice {
        Err(StoreError::invalid(
            path,
            "duplicate",
            "the sample has this test already; cancel or retract that result first",
        ))
    } else {
        Ok(())
    }
}

impl WriteTx<'_, may::SampleReject> {
    /// Rejects a sample; its open results are cancelled.
    ///
    /// # Errors
    /// Without a reason, or when the state does not allow it.
    pub fn sample_reject(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        reason: Option<&str>,
        code: ReasonCode,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::Reject)?;
        self.sample_close(&sample, transition, reason, code)
    }
}

impl WriteTx<'_, may::SampleCancel> {
    /// Cancels a sample that nobody has measured anything of.
    ///
    /// # Errors
    /// Without a reason, or when a result was entered.
    pub fn sample_cancel(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::Cancel)?;
        self.sample_untouched(&sample)?;
        self.sample_close(&sample, transition, reason, ReasonCode::Other)
    }
}

impl WriteTx<'_, may::SampleDispose> {
    /// Records that a sample was disposed of.
    ///
    /// # Errors
    /// When it is still needed.
    pub fn sample_dispose(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::Dispose)?;
        self.sample_close(&sample, transition, reason, ReasonCode::RetentionOver)
    }
}

impl<P> WriteTx<'_, P> {
    /// Guard of cancelling: no value was ever entered.
    pub(crate) fn sample_untouched(&mut self, sample: &SampleAtHand) -> Result<(), StoreError> {
        row! { struct CountRow { count: i64 } }
        let measured = sql("SELECT COUNT(*) FROM results WHERE tenant_id = ? AND sample_id = ? AND status NOT IN ('pending', 'cancelled')")
            .bind(self.tenant())
            .bind(sample.id)
            .one::<CountRow>(self.db)?;
        if measured.count == 0 {
            return Ok(());
        }
        Err(StoreError::conflict(format!(
            "sample {} has results already; it can be rejected, not cancelled",
            sample.accession_number
        )))
    }

    /// Ends a sample's life in the laboratory, with whatever of it was open, and tells its order.
    fn sample_close(
        &mut self,
        sample: &SampleAtHand,
        transition: &Transition<SampleState>,
        reason: Option<&str>,
        code: ReasonCode,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let event = self.sample_closed(sample, transition, reason, code)?;
        if let Some(order) = sample.order {
            self.order_touch(order)?;
        }
        self.record(event, sample.id)
    }

    /// As [`sample_close`](Self::sample_close), for an order that is being cancelled itself.
    pub(crate) fn sample_closed(
        &mut self,
        sample: &SampleAtHand,
        transition: &Transition<SampleState>,
        reason: Option<&str>,
        code: ReasonCode,
    ) -> Result<Event, StoreError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        transition.check_reason(reason)?;
        let mut wrong = Faults::default();
        wrong.maybe_lines("reason", reason.map(str::to_owned).as_ref(), NOTE_MAX);
        wrong.done()?;
        if sample.erased && reason.is_some() {
            return Err(StoreError::invalid(
                "reason",
                "erased",
                "this person's data were erased; leave the reason out, nothing can be written about them any more",
            ));
        }
        let cancelled = i64::try_from(self.results_cancel_open(sample.id, code)?).map_err(StoreError::broken)?;
        sql("UPDATE samples SET status = ?, closed_reason = COALESCE(?, closed_reason), pending_count = 0, entered_count = 0, \
             cancelled_count = cancelled_count + ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(transition.to.as_str())
            .bind(RowTexts::of(TABLE, sample.id).kept(sample.subject.as_ref(), "closed_reason", reason)?)
            .bind(cancelled)
            .bind(now())
            .bind(self.tenant())
            .bind(sample.id)
            .run(self.db)?;
        let mut event = sample
            .event(transition.action)
            .because(sample.subject.as_ref(), code.as_str(), reason)
            .change("status", sample.state.as_str(), transition.to.as_str());
        if cancelled > 0 {
            event = event.set("results_cancelled", cancelled);
        }
        Ok(event)
    }
}
