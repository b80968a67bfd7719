//! Query and path parameters.

use super::Problem;
use super::gate::Held;
use actix_web::{FromRequest, HttpRequest, dev};
use attest_store::Page;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use utoipa::IntoParams;

/// Rows of a page by default, and at most (ATT-31).
const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// The page asked for.
///
/// # Errors
/// When the limit is outside 1 to 200.
pub fn page(limit: Option<i64>, after: Option<String>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(Page { limit, after });
    }
    Err(Problem::field(
        "limit",
        "range",
        format!("must be between 1 and {MAX_LIMIT}"),
    ))
}

/// The parameters of a list without filters of its own.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

impl ListQuery {
    /// Since when, and which page.
    ///
    /// # Errors
    /// When the limit is outside 1 to 200.
    pub fn parts(self) -> Result<(Option<DateTime<Utc>>, Page), Problem> {
        Ok((self.updated_since, page(self.limit, self.after)?))
    }
}

/// The parameters of a list that is short: all of it comes at once, unless a page is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShortQuery {
    /// Rows, 1 to 200; all when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

impl ShortQuery {
    /// The page asked for.
    ///
    /// # Errors
    /// When the limit is outside 1 to 200.
    pub fn page(self) -> Result<Page, Problem> {
        match self.limit {
            Some(_) => page(self.limit, self.after),
            None => Ok(Page {
                limit: i64::from(i32::MAX),
                after: self.after,
            }),
        }
    }
}

/// Query parameters; unknown ones are refused, so that a misspelt filter is not silently ignored.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Unpin> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let reader = serde_html_form::Deserializer::from_bytes(request.query_string().as_bytes());
        let parsed = attest_store::shape::read::<T, _>(reader)
            .map(Self)
            .map_err(|(wrong, _sentence)| {
                let (code, message) = match wrong.code {
                    "unknown_field" => ("unknown_parameter", "this parameter does not exist here".to_owned()),
                    "required" => ("required", "this parameter is needed".to_owned()),
                    code => (
                        code,
                        wrong.message.replace(" without quotes", "").replace(" in quotes", ""),
                    ),
                };
                Problem::field(wrong.path, code, message)
            });
        Held::new(request, parsed)
    }
}

/// The id in a path; anything that is no id names nothing.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: FromStr + Unpin> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let found = request.match_info().get("id").and_then(|text| text.parse().ok());
        Held::new(request, found.map(Self).ok_or_else(Problem::not_found))
    }
}

/// The second id in a path: of a thing below another.
#[derive(Debug)]
pub struct SubId<T>(pub T);

impl<T: FromStr + Unpin> FromRequest for SubId<T> {
    type Error = Problem;
    type Future = Held<Self>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let found = request
            .match_info()
            .iter()
            .nth(1)
            .and_then(|(_name, text)| text.parse().ok());
        Held::new(request, found.map(Self).ok_or_else(Problem::not_found))
    }
}
