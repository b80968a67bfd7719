//! Filters and orders of result lists, and their pages.

use crate::http::Problem;
use attest_domain::ids::{SampleId, TestId, UserId};
use attest_domain::workflow::ResultState;
use attest_store::{ResultFilter, ResultSort, ResultView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A page of results.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ResultList {
    /// The results.
    pub items: Vec<ResultView>,
    /// To be passed as `after`; null at the end.
    pub next: Option<String>,
}

/// Which results, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// In one of these states; may be repeated, or several with commas.
    #[serde(default)]
    pub status: Vec<String>,
    /// Of this sample.
    #[param(value_type = Option<String>, format = Uuid)]
    pub sample_id: Option<SampleId>,
    /// Of this test.
    #[param(value_type = Option<String>, format = Uuid)]
    pub test_id: Option<TestId>,
    /// Entered by this user.
    #[param(value_type = Option<String>, format = Uuid)]
    pub entered_by: Option<UserId>,
    /// On this worksheet. There are no worksheets yet: of any, no result is found.
    #[param(value_type = Option<String>, format = Uuid)]
    pub worksheet_id: Option<Uuid>,
    /// With a critical value (`true`), or without.
    pub critical: Option<bool>,
    /// An accession number or its beginning.
    pub q: Option<String>,
    /// Changed at this moment or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// `previous`: the value before beside each result.
    pub include: Option<String>,
    /// `created_at` (default), `-created_at`, `updated_at` or `-updated_at`.
    pub sort: Option<String>,
    /// Rows, 1 to 200.
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl ResultQuery {
    /// Only those on some worksheet.
    pub const fn of_a_worksheet(&self) -> bool {
        self.worksheet_id.is_some()
    }

    /// Which results.
    pub fn filter(&self) -> Result<ResultFilter, Problem> {
        Ok(ResultFilter {
            status: states(&self.status)?,
            sample: self.sample_id,
            test: self.test_id,
            entered_by: self.entered_by,
            critical: self.critical,
            q: self.q.clone(),
            updated_since: self.updated_since,
        })
    }

    /// In which order.
    pub fn sort(&self) -> Result<ResultSort, Problem> {
        Ok(match self.sort.as_deref() {
            None | Some("created_at") => ResultSort::Oldest,
            Some("-created_at") => ResultSort::Newest,
            Some("-updated_at") => ResultSort::ChangedLast,
            Some("updated_at") => ResultSort::ChangedFirst,
            Some(_) => {
                return Err(Problem::field(
                    "sort",
                    "invalid",
                    "must be one of: created_at, -created_at, updated_at, -updated_at",
                ));
            }
        })
    }

    /// With the value before.
    pub fn previous(&self) -> Result<bool, Problem> {
        match self.include.as_deref() {
            None => Ok(false),
            Some("previous") => Ok(true),
            Some(_) => Err(Problem::field("include", "invalid", "must be: previous")),
        }
    }
}

/// Repeated or separated by commas.
pub fn states(words: &[String]) -> Result<Vec<ResultState>, Problem> {
    words
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.parse().map_err(|unknown: attest_domain::vocabulary::UnknownWord| {
                Problem::field("status", "invalid", unknown.to_string())
            })
        })
        .collect()
}
