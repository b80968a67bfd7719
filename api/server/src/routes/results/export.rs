//! Results as a file for a spreadsheet or another program; what leaves is recorded.

use super::list::{ResultQuery, states};
use crate::http::{May, Params, Problem};
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, get, web};
use attest_domain::ids::{SampleId, TestId, UserId};
use attest_domain::may;
use attest_domain::value::parse_decimal;
use attest_store::{ResultFilter, ResultView, Store};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What the file is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
    /// The results as the list shows them.
    Json,
}

/// Which results, in which format.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv` or `json`; when absent, what `Accept` names (`text/csv` or `application/json`).
    #[param(inline)]
    format: Option<Format>,
    /// In one of these states; may be repeated, or several with commas.
    #[serde(default)]
    status: Vec<String>,
    /// Of this sample.
    #[param(value_type = Option<String>, format = Uuid)]
    sample_id: Option<SampleId>,
    /// Of this test.
    #[param(value_type = Option<String>, format = Uuid)]
    test_id: Option<TestId>,
    /// Entered by this user.
    #[param(value_type = Option<String>, format = Uuid)]
    entered_by: Option<UserId>,
    /// On this worksheet. There are no worksheets yet: of any, no result is found.
    #[param(value_type = Option<String>, format = Uuid)]
    worksheet_id: Option<Uuid>,
    /// With a critical value (`true`), or without.
    critical: Option<bool>,
    /// An accession number or its beginning.
    q: Option<String>,
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
}

/// The exported results.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedResults {
    /// All of them.
    pub items: Vec<ResultView>,
}

/// Export results
///
/// At most 20,000 at a time, in the order they were asked for. Cells that a spreadsheet would take for a formula begin with an
/// apostrophe. The export is recorded in the audit trail.
#[utoipa::path(tag = "results", operation_id = "result_export", extensions(("x-permission" = json!("result:export"))), params(ExportQuery),
    responses((status = 200, description = "The file", content((String = "text/csv"), (ExportedResults = "application/json")))))]
#[get("/results/export")]
pub async fn export(
    request: HttpRequest,
    store: web::Data<Store>,
    may: May<may::ResultExport>,
    query: Params<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let format = query
        .0
        .format
        .or_else(|| accepted(&request))
        .ok_or_else(|| Problem::field("format", "required", "one of: csv, json; or send Accept: text/csv"))?;
    let (filter, of_a_worksheet) = (query.0.filter()?, query.0.worksheet_id.is_some());
    let second = may.caller.permit::<may::ResultExport>()?;
    let items = store
        .read(may.permit, {
            let filter = filter.clone();
            move |tx| {
                if of_a_worksheet {
                    return Ok(Vec::new());
                }
                tx.results_export(&filter)
            }
        })
        .await?;
    let (count, word) = (items.len(), if format == Format::Csv { "csv" } else { "json" });
    let file = match format {
        Format::Csv => csv_file(&items).map_err(|error| Problem::internal(&error))?,
        Format::Json => serde_json::to_vec(&ExportedResults { items }).map_err(|error| Problem::internal(&error))?,
    };
    // Nothing leaves without its event.
    store
        .write(second, None, move |tx| tx.results_exported(&filter, word, count))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(if format == Format::Csv {
            "text/csv; charset=utf-8; header=present"
        } else {
            "application/json"
        })
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"results.{word}\"")))
        .body(file))
}

/// The first of the two formats that `Accept` names.
fn accepted(request: &HttpRequest) -> Option<Format> {
    let kinds = request.headers().get(ACCEPT)?.to_str().ok()?;
    kinds
        .split(',')
        .filter_map(|kind| kind.split(';').next())
        .find_map(|kind| match kind.trim() {
            "text/csv" => Some(Format::Csv),
            "application/json" => Some(Format::Json),
            _ => None,
        })
}

impl ExportQuery {
    fn filter(&self) -> Result<ResultFilter, Problem> {
        states(&self.status)?;
        ResultQuery {
            status: self.status.clone(),
            sample_id: self.sample_id,
            test_id: self.test_id,
            entered_by: self.entered_by,
            critical: self.critical,
            q: self.q.clone(),
            updated_since: self.updated_since,
            ..ResultQuery::default()
        }
        .filter()
    }
}

const HEAD: [&str; 29] = [
    "accession_number",
    "test_code",
    "test_name",
    "method",
    "status",
    "value",
    "detection",
    "display",
    "unit",
    "uncertainty",
    "flags",
    "statement",
    "low",
    "high",
    "limits_source",
    "decision_rule",
    "origin",
    "provider",
    "instrument",
    "measured_at",
    "entered_by",
    "entered_at",
    "verified_by",
    "verified_at",
    "self_verified",
    "remark",
    "deviation",
    "result_id",
    "version",
];

fn csv_file(results: &[ResultView]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    file.write_record(HEAD)?;
    for result in results {
        let cells = cells(result);
        file.write_record(cells.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}

fn cells(result: &ResultView) -> [String; 29] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let moment = |at: Option<DateTime<Utc>>| {
        at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
            .unwrap_or_default()
    };
    let limits = result.limits.as_ref();
    let limit =
        |pick: fn(&attest_store::ResultLimits) -> &Option<String>| limits.map(pick).map(text).unwrap_or_default();
    [
        result.sample.accession_number.clone(),
        result.test.code.clone(),
        result.test.name.clone(),
        result.test.method.clone(),
        result.status.to_string(),
        text(&result.value),
        result.detection.map(|sign| sign.to_string()).unwrap_or_default(),
        text(&result.display),
        result.unit.clone(),
        text(&result.uncertainty),
        result
            .flags
            .iter()
            .map(|flag| flag.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        result
            .statement
            .map(|statement| statement.to_string())
            .unwrap_or_default(),
        limit(|limits| &limits.low),
        limit(|limits| &limits.high),
        limits
            .and_then(|limits| limits.source.as_ref())
            .map(|source| source.name.clone())
            .unwrap_or_default(),
        limits
            .and_then(|limits| limits.decision_rule)
            .map(|rule| rule.to_string())
            .unwrap_or_default(),
        result
            .value
            .as_ref()
            .map(|_| result.origin.to_string())
            .unwrap_or_default(),
        text(&result.provider),
        result
            .instrument
            .as_ref()
            .map(|instrument| instrument.name.clone())
            .unwrap_or_default(),
        moment(result.measured_at),
        result
            .entered_by
            .as_ref()
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        moment(result.entered_at),
        result
            .verified_by
            .as_ref()
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        moment(result.verified_at),
        result.self_verified.to_string(),
        text(&result.remark),
        text(&result.deviation),
        result.id.to_string(),
        result.version.to_string(),
    ]
}

/// A cell that a spreadsheet will not carry out as a formula (ATT-35); a negative number stays a number.
fn harmless(cell: &str) -> Cow<'_, str> {
    // A sign alone (the detection `=`) is no formula.
    let suspicious = cell.chars().nth(1).is_some()
        && cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
        || cell.chars().nth(1).is_some() && cell.starts_with(['\t', '\r', '\n']);
    if suspicious && parse_decimal(cell).is_err() {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_left_alone_att_35() {
        for formula in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\u{FF1D}1",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["-0.5", "+3", "< 0.02", "7.2", "ND", "", "a=b", "=", ">"] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
