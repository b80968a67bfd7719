//! One step of a result: its row, the append-only row of its new version, and its event, always the three together.

use super::bench::OnBench;
use super::view::ResultBody;
use crate::db::sql;
use crate::{Event, StoreError, WriteTx};
use attest_domain::Action;
use attest_domain::ids::UserId;
use attest_domain::reason::ReasonCode;
use attest_domain::workflow::ResultState;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Where the result stands after the step.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) action: Action,
    pub(super) to: ResultState,
    pub(super) body: &'a ResultBody,
    pub(super) entered: Option<(UserId, DateTime<Utc>)>,
    pub(super) verified: Option<(UserId, DateTime<Utc>)>,
    pub(super) at: DateTime<Utc>,
}

impl<P> WriteTx<'_, P> {
    /// Takes the step; the new version.
    pub(super) fn step(&mut self, on: &OnBench, step: &Step<'_>) -> Result<i64, StoreError> {
        let tenant = self.tenant();
        let version = on.version.saturating_add(1);
        let body = step.body.kept(on.subject.as_ref(), on.id)?;
        let changed = sql("UPDATE results SET status = ?, body = ?, entered_by = ?, entered_at = ?, verified_by = ?, verified_at = ?, critical = ?, \
             updated_at = ?, version = ? WHERE tenant_id = ? AND id = ? AND version = ?")
            .bind(step.to.as_str())
            .bind(&body)
            .bind(step.entered.map(|(by, _)| by))
            .bind(step.entered.map(|(_, at)| at))
            .bind(step.verified.map(|(by, _)| by))
            .bind(step.verified.map(|(_, at)| at))
            .bind(step.body.is_critical())
            .bind(step.at)
            .bind(version)
            .bind(tenant)
            .bind(on.id)
            .bind(on.version)
            .run(self.db)?;
        if changed != 1 {
            return Err(StoreError::Stale {
                expected: on.version,
                found: version,
            });
        }
        sql("INSERT INTO result_versions (tenant_id, result_id, version, action, status, body, at, by_user) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(on.id)
            .bind(version)
            .bind(act(step.action))
            .bind(step.to.as_str())
            .bind(body)
            .bind(step.at)
            .bind(self.user())
            .run(self.db)?;
        self.also(told(on, step, version))?;
        Ok(version)
    }
}

/// `result.corrected` is the act `corrected`.
fn act(action: Action) -> &'static str {
    let name = action.as_str();
    name.split_once('.').map_or(name, |(_, act)| act)
}

/// The event: what was there and what is, the values sealed where they are a patient's.
fn told(on: &OnBench, step: &Step<'_>, version: i64) -> Event {
    let subject = on.subject.as_ref();
    let mut event = Event::new(step.action, "result", on.id)
        .label(&on.accession_number)
        .version(version)
        .set("test", on.test_name.as_str())
        .change("status", on.state.as_str(), step.to.as_str());
    if let Some(unit) = step.body.unit.as_deref().filter(|unit| !unit.is_empty()) {
        event = event.set("unit", unit);
    }
    for ((path, from), (_, to)) in values(&on.body).into_iter().zip(values(step.body)) {
        event = event.about(subject, path, from, to);
    }
    event = event.change("instrument", instrument(&on.body), instrument(step.body));
    if let Some(retested) = step.body.retest_of {
        event = event.set("retest_of", retested.to_string());
    }
    match (&step.body.reason, step.body.reason_code) {
        (None, None) => event,
        (text, code) => event.because(subject, code.unwrap_or(ReasonCode::Other).as_str(), text.as_deref()),
    }
}

fn instrument(body: &ResultBody) -> Value {
    json!(body.instrument.as_ref().map(|used| used.name.as_str()))
}

/// Everything about a value that the audit trail compares; nothing where there is nothing.
fn values(body: &ResultBody) -> [(&'static str, Value); 11] {
    let words = |words: Vec<&str>| {
        if words.is_empty() {
            Value::Null
        } else {
            json!(words.join(", "))
        }
    };
    // What is printed tells the sign and the value; what was typed only where it differs.
    let typed = body
        .typed
        .as_deref()
        .filter(|typed| Some(*typed) != body.display.as_deref());
    [
        ("display", json!(body.display)),
        ("typed", json!(typed)),
        ("limit_kind", json!(body.limit_kind)),
        ("dilution_factor", json!(body.dilution_factor)),
        ("flags", words(body.flags.iter().map(|flag| flag.as_str()).collect())),
        ("statement", json!(body.statement)),
        (
            "origin",
            json!(
                body.origin
                    .filter(|origin| *origin != attest_domain::terms::Origin::Measured)
            ),
        ),
        ("provider", json!(body.provider)),
        (
            "measured_at",
            json!(
                body.measured_at
                    .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
            ),
        ),
        ("remark", json!(body.remark)),
        ("deviation", json!(body.deviation)),
    ]
}
