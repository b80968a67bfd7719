//! Results as a file: the same filters as the list, all of it at once, and an event that says so.

use super::list::{ResultFilter, ResultSort};
use super::view::ResultView;
use crate::{Event, Page, ReadTx, Recorded, StoreError, WriteTx};
use attest_domain::{Action, may};
use uuid::Uuid;

/// Results that one export may hold; more are to be asked for in parts.
const MOST: usize = 20_000;
/// Results read at a time.
const CHUNK: i64 = 1_000;

impl ReadTx<'_, may::ResultExport> {
    /// All results that the filter lets through, in the order they were asked for.
    ///
    /// # Errors
    /// 422 when there are more than 20,000.
    pub fn results_export(&mut self, filter: &ResultFilter) -> Result<Vec<ResultView>, StoreError> {
        let mut found = Vec::new();
        let mut page = Page {
            limit: CHUNK,
            after: None,
        };
        loop {
            let next = self.result_list(filter, ResultSort::Oldest, &page, false)?;
            found.extend(next.items);
            if found.len() > MOST {
                return Err(StoreError::invalid(
                    "query",
                    "too_many",
                    format!("an export holds at most {MOST} results; narrow the filter and export in parts"),
                ));
            }
            match next.next {
                Some(after) => page.after = Some(after),
                None => return Ok(found),
            }
        }
    }
}

impl WriteTx<'_, may::ResultExport> {
    /// Records that results left the system: how many, in which format, by which filter.
    ///
    /// # Errors
    /// The database's.
    pub fn results_exported(
        &mut self,
        filter: &ResultFilter,
        format: &str,
        count: usize,
    ) -> Result<Recorded<()>, StoreError> {
        let mut event = Event::new(Action::ResultsExported, "export", Uuid::now_v7())
            .set("format", format)
            .set("count", u64::try_from(count).map_err(StoreError::broken)?);
        let words: Vec<&str> = filter.status.iter().map(|state| state.as_str()).collect();
        let conditions = [
            ("filter.status", (!words.is_empty()).then(|| words.join(", "))),
            ("filter.sample_id", filter.sample.map(|id| id.to_string())),
            ("filter.test_id", filter.test.map(|id| id.to_string())),
            ("filter.entered_by", filter.entered_by.map(|id| id.to_string())),
            ("filter.critical", filter.critical.map(|critical| critical.to_string())),
            ("filter.q", filter.q.clone()),
            ("filter.updated_since", filter.updated_since.map(|at| at.to_rfc3339())),
        ];
        for (path, condition) in conditions {
            event = event.set(path, condition);
        }
        self.record(event, ())
    }
}
