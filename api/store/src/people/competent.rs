//! Recording who is competent for which test.

use crate::check::Faults;
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::{Event, Listing, Page, Person, ReadTx, Recorded, Ref, StoreError, WriteTx, now};
use attest_domain::ids::{CompetenceId, TestId, UserId};
use attest_domain::text::check_planned;
use attest_domain::{Action, may};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// Tests that one request may name.
const TESTS_MAX: usize = 500;

/// A person is competent for a test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompetenceView {
    /// Its id.
    pub id: CompetenceId,
    /// Who.
    pub user: Person,
    /// For what.
    pub test: Ref,
    /// First day, in the laboratory's calendar.
    pub valid_from: NaiveDate,
    /// Last day; open when null.
    pub valid_until: Option<NaiveDate>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
}

/// Competences of one person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user_id": "01980000-0000-7000-8000-000000000000", "test_ids": ["01980000-0000-7000-8000-000000000001"], "valid_from": "2026-01-01"}))]
pub struct NewCompetences {
    /// Who.
    pub user_id: UserId,
    /// For what.
    pub test_ids: Vec<TestId>,
    /// First day, in the laboratory's calendar.
    pub valid_from: NaiveDate,
    /// Last day; open when absent. Sent again for the same person, test and first day, it ends (or reopens) the competence.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
}

/// What a list of competences may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct CompetenceFilter {
    /// Of this person.
    pub user: Option<UserId>,
    /// For this test.
    pub test: Option<TestId>,
    /// Recorded since.
    pub updated_since: Option<DateTime<Utc>>,
}

row! {
    struct CompetenceRow {
        id: CompetenceId,
        user_id: Uuid,
        user_name: String,
        test_id: Uuid,
        test_name: String,
        valid_from: NaiveDate,
        valid_until: Option<NaiveDate>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
    }
}

const COMPETENCE: &str = "SELECT k.id, u.id, u.name, t.id, t.name, k.valid_from, k.valid_until, k.created_at, c.id, c.name FROM competences k \
     JOIN users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id JOIN catalog_items t ON t.tenant_id = k.tenant_id AND t.id = k.test_id \
     LEFT JOIN users c ON c.tenant_id = k.tenant_id AND c.id = k.created_by WHERE k.tenant_id = ?";

impl From<CompetenceRow> for CompetenceView {
    fn from(row: CompetenceRow) -> Self {
        Self {
            id: row.id,
            user: Person {
                id: row.user_id,
                name: row.user_name,
            },
            test: Ref {
                id: row.test_id,
                name: row.test_name,
            },
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.creator),
        }
    }
}

/// Permits whose answers may show competences.
pub trait SeesCompetences {}
impl SeesCompetences for may::UserRead {}
impl SeesCompetences for may::CompetenceManage {}

impl<P: SeesCompetences> ReadTx<'_, P> {
    /// A page of competences, in the order they were recorded.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn competence_list(
        &mut self,
        filter: &CompetenceFilter,
        page: &Page,
    ) -> Result<Listing<CompetenceView>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "competences");
        let mut query = sql(COMPETENCE).bind(tenant);
        if let Some(user) = filter.user {
            query.push(" AND k.user_id = ?").value(user);
        }
        if let Some(test) = filter.test {
            query.push(" AND k.test_id = ?").value(test);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND k.created_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND k.id > ?").value(start.id);
        }
        query.push(" ORDER BY k.id LIMIT ?").value(page.limit.saturating_add(1));
        let rows = query.all::<CompetenceRow>(self.db)?;
        Ok(cursors
            .finish(page, rows, |row| Position {
                key: String::new(),
                id: row.id.uuid(),
            })?
            .map(CompetenceView::from))
    }

    /// Competences by id, in this order.
    ///
    /// # Errors
    /// The database's.
    pub fn competences_of(&mut self, ids: &[CompetenceId]) -> Result<Vec<CompetenceView>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = sql(COMPETENCE).bind(self.tenant());
        query.push(" AND k.id IN (").list(ids.iter().copied()).push(")");
        let mut found: HashMap<CompetenceId, CompetenceView> = query
            .all::<CompetenceRow>(self.db)?
            .into_iter()
            .map(CompetenceView::from)
            .map(|view| (view.id, view))
            .collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

row! { struct UserRow { name: String, active: bool } }
row! { struct KeptRow { id: CompetenceId, test_id: TestId, valid_until: Option<NaiveDate> } }

impl WriteTx<'_, may::CompetenceManage> {
    /// Records competences of one person; a competence that begins on the same day gets the new last day.
    ///
    /// # Errors
    /// [`StoreError::Faults`].
    pub fn competences_record(&mut self, new: &NewCompetences) -> Result<Recorded<Vec<CompetenceId>>, StoreError> {
        let tenant = self.tenant();
        let user = sql("SELECT name, active FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(new.user_id)
            .first::<UserRow>(self.db)?;
        let tests = self.competences_checked(new, user.as_ref())?;
        let mut query = sql("SELECT id, test_id, valid_until FROM competences WHERE tenant_id = ? AND user_id = ? AND valid_from = ? AND test_id IN (")
            .bind(tenant)
            .bind(new.user_id)
            .bind(new.valid_from.to_string());
        query.list(new.test_ids.iter().copied()).push(")");
        let known: HashMap<TestId, KeptRow> = query
            .all::<KeptRow>(self.db)?
            .into_iter()
            .map(|row| (row.test_id, row))
            .collect();
        let until = new.valid_until.map(|day| day.to_string());
        let (mut ids, mut codes, mut events) = (Vec::with_capacity(new.test_ids.len()), Vec::new(), Vec::new());
        for (test, code) in new.test_ids.iter().zip(tests) {
            let Some(row) = known.get(test) else {
                ids.push(self.competence_insert(new, *test, until.as_deref())?);
                codes.push(code);
                continue;
            };
            ids.push(row.id);
            if row.valid_until != new.valid_until {
                sql("UPDATE competences SET valid_until = ? WHERE tenant_id = ? AND id = ?")
                    .bind(until.as_deref())
                    .bind(tenant)
                    .bind(row.id)
                    .run(self.db)?;
                let action = if until.is_some() {
                    Action::CompetenceEnded
                } else {
                    Action::CompetenceGranted
                };
                let event = Event::new(action, "user", new.user_id).set("test", code);
                events.push(event.change("valid_until", row.valid_until.map(|day| day.to_string()), until.clone()));
            }
        }
        if !codes.is_empty() || events.is_empty() {
            let event = Event::new(Action::CompetenceGranted, "user", new.user_id).set("tests", codes.join(", "));
            events.push(
                event
                    .set("valid_from", new.valid_from.to_string())
                    .set("valid_until", until),
            );
        }
        let last = events.pop().ok_or_else(|| StoreError::broken("no event"))?;
        for event in events {
            self.also(event)?;
        }
        self.record(last, ids)
    }

    fn competence_insert(
        &mut self,
        new: &NewCompetences,
        test: TestId,
        until: Option<&str>,
    ) -> Result<CompetenceId, StoreError> {
        let (tenant, id, by) = (self.tenant(), CompetenceId::new(), self.user());
        sql("INSERT INTO competences (tenant_id, id, user_id, test_id, valid_from, valid_until, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(new.user_id)
            .bind(test)
            .bind(new.valid_from.to_string())
            .bind(until)
            .bind(now())
            .bind(by)
            .run(self.db)?;
        Ok(id)
    }

    /// The codes of the tests.
    fn competences_checked(&mut self, new: &NewCompetences, user: Option<&UserRow>) -> Result<Vec<String>, StoreError> {
        let mut wrong = Faults::default();
        match user {
            None => wrong.say("user_id", "unknown", "this laboratory has no such user"),
            Some(user) => wrong.unless(
                user.active,
                "user_id",
                "inactive",
                format!("{} is not active", user.name),
            ),
        }
        wrong.unless(
            (1..=TESTS_MAX).contains(&new.test_ids.len()),
            "test_ids",
            "length",
            format!("must name 1 to {TESTS_MAX} tests"),
        );
        for (path, day) in [("valid_from", Some(new.valid_from)), ("valid_until", new.valid_until)] {
            if let Some(Err(refusal)) = day.map(check_planned) {
                wrong.say(path, refusal.code(), refusal.to_string());
            }
        }
        wrong.unless(
            new.valid_until.is_none_or(|until| until >= new.valid_from),
            "valid_until",
            "order",
            "must not be before valid_from",
        );
        let catalogue = self.catalogue()?;
        let (mut codes, mut seen) = (Vec::new(), BTreeSet::new());
        for (index, id) in new.test_ids.iter().enumerate() {
            let path = format!("test_ids.{index}");
            wrong.unless(
                seen.insert(*id),
                path.as_str(),
                "duplicate",
                "this test is named already",
            );
            match catalogue.active_test(*id, &path) {
                Ok(test) => codes.push(test.data.code.clone()),
                Err(error) => wrong.add(error)?,
            }
        }
        wrong.done()?;
        Ok(codes)
    }
}
