//! Results one by one and in lists: filters, keyset pages, and the value before.

use super::of_samples::{RESULT_ROWS, ResultRow};
use super::view::ResultView;
use crate::cursor::{Cursors, Position};
use crate::db::{Sql, sql};
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::accession::AccessionNumber;
use attest_domain::ids::{ResultId, SampleId, TestId, UserId};
use attest_domain::may;
use attest_domain::workflow::ResultState;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Permits whose answers contain results.
pub trait SeesResults {}
impl SeesResults for may::ResultRead {}
impl SeesResults for may::ResultEnter {}
impl SeesResults for may::ResultVerify {}
impl SeesResults for may::ResultReturn {}
impl SeesResults for may::ResultRetract {}
impl SeesResults for may::ResultCancel {}
impl SeesResults for may::ResultExport {}

/// Which results.
#[derive(Debug, Clone, Default)]
pub struct ResultFilter {
    /// In one of these states; in any when empty.
    pub status: Vec<ResultState>,
    /// Of this sample.
    pub sample: Option<SampleId>,
    /// Of this test.
    pub test: Option<TestId>,
    /// Entered by this person.
    pub entered_by: Option<UserId>,
    /// With a critical value, or without.
    pub critical: Option<bool>,
    /// An accession number or its beginning.
    pub q: Option<String>,
    /// Changed at this moment or later.
    pub updated_since: Option<DateTime<Utc>>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResultSort {
    /// Asked for first, first: the order of work.
    #[default]
    Oldest,
    /// Asked for last, first.
    Newest,
    /// Changed last, first.
    ChangedLast,
    /// Changed first, first: for following changes.
    ChangedFirst,
}

impl<P: SeesResults> ReadTx<'_, P> {
    /// One result.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn result(&mut self, id: ResultId) -> Result<ResultView, StoreError> {
        let rows = sql(format!("{RESULT_ROWS} WHERE r.tenant_id = ? AND r.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .all::<ResultRow>(self.db)?;
        self.results_shown(rows)?.pop().ok_or(StoreError::NotFound)
    }

    /// Several results, by id; what is not there is missing.
    ///
    /// # Errors
    /// The database's.
    pub fn results_by_id(&mut self, ids: &[ResultId]) -> Result<HashMap<ResultId, ResultView>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = sql(format!("{RESULT_ROWS} WHERE r.tenant_id = ? AND r.id IN (")).bind(self.tenant());
        query.list(ids.iter().copied()).push(")");
        let rows = query.all::<ResultRow>(self.db)?;
        Ok(self
            .results_shown(rows)?
            .into_iter()
            .map(|result| (result.id, result))
            .collect())
    }

    /// A page of results; with `previous`, each beside the last verified value before it, and pending ones with the limits that will
    /// judge them.
    ///
    /// # Errors
    /// When the cursor is not this list's.
    pub fn result_list(
        &mut self,
        filter: &ResultFilter,
        sort: ResultSort,
        page: &Page,
        previous: bool,
    ) -> Result<Listing<ResultView>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), sort.scope());
        let mut query = sql(format!("{RESULT_ROWS} WHERE r.tenant_id = ?")).bind(self.tenant());
        filter.narrow(&mut query);
        sort.order(&mut query, cursors.start(page)?.as_ref())?;
        query.push(" LIMIT ?").value(page.limit.saturating_add(1));
        let rows = query.all::<ResultRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| sort.position(row))?;
        let mut items = self.results_shown(listing.items)?;
        if previous {
            self.results_with_previous(&mut items)?;
            self.results_with_expected_limits(&mut items)?;
        }
        Ok(Listing {
            items,
            next: listing.next,
        })
    }
}

impl ResultFilter {
    fn narrow(&self, query: &mut Sql<'_>) {
        match self.status.as_slice() {
            [] => {}
            [one] => {
                query.push(" AND r.status = ?").value(one.as_str());
            }
            several => {
                query
                    .push(" AND r.status IN (")
                    .list(several.iter().map(|state| state.as_str()))
                    .push(")");
            }
        }
        if let Some(sample) = self.sample {
            query.push(" AND r.sample_id = ?").value(sample);
        }
        if let Some(test) = self.test {
            query.push(" AND r.test_id = ?").value(test);
        }
        if let Some(person) = self.entered_by {
            query.push(" AND r.entered_by = ?").value(person);
        }
        if let Some(critical) = self.critical {
            query.push(" AND r.critical = ?").value(critical);
        }
        if let Some(moment) = self.updated_since {
            query.push(" AND r.updated_at >= ?").value(moment);
        }
        if let Some(q) = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            search(query, q);
        }
    }
}

/// A number that was scanned whole names one sample; anything else is the beginning of a number.
fn search(query: &mut Sql<'_>, q: &str) {
    if let Ok(number) = q.parse::<AccessionNumber>() {
        query.push(" AND s.accession_number = ?").value(number.to_string());
        return;
    }
    let begins = q.to_ascii_uppercase();
    query
        .push(" AND s.accession_number >= ? AND s.accession_number < ?")
        .value(begins.clone())
        .value(format!("{begins}\u{10FFFF}"));
}

impl ResultSort {
    const fn scope(self) -> &'static str {
        match self {
            Self::Oldest => "results/created_at",
            Self::Newest => "results/-created_at",
            Self::ChangedLast => "results/-updated_at",
            Self::ChangedFirst => "results/updated_at",
        }
    }

    /// Ids are in the order of their making: they are the key of both orders by time of request.
    fn order(self, query: &mut Sql<'_>, after: Option<&Position>) -> Result<(), StoreError> {
        let by_change = |after: &Position| after.key.parse::<DateTime<Utc>>().map_err(StoreError::broken);
        match (self, after) {
            (_, None) => {}
            (Self::Oldest, Some(after)) => {
                query.push(" AND r.id > ?").value(after.id);
            }
            (Self::Newest, Some(after)) => {
                query.push(" AND r.id < ?").value(after.id);
            }
            (Self::ChangedLast, Some(after)) => {
                query
                    .push(" AND (r.updated_at, r.id) < (?, ?)")
                    .value(by_change(after)?)
                    .value(after.id);
            }
            (Self::ChangedFirst, Some(after)) => {
                query
                    .push(" AND (r.updated_at, r.id) > (?, ?)")
                    .value(by_change(after)?)
                    .value(after.id);
            }
        }
        query.push(match self {
            Self::Oldest => " ORDER BY r.id",
            Self::Newest => " ORDER BY r.id DESC",
            Self::ChangedLast => " ORDER BY r.updated_at DESC, r.id DESC",
            Self::ChangedFirst => " ORDER BY r.updated_at, r.id",
        });
        Ok(())
    }

    fn position(self, row: &ResultRow) -> Position {
        let key = match self {
            Self::Oldest | Self::Newest => String::new(),
            Self::ChangedLast | Self::ChangedFirst => row.updated_at.to_rfc3339(),
        };
        Position { key, id: row.id.uuid() }
    }
}
