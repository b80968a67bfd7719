//! One item on paper, and its results.

use super::form::{self, Form};
use super::unit;
use attest_documents::report::{Flag as Mark, LimitMark, ReportResult, ReportSample, Statement as Verdict};
use attest_domain::judge::{Flag, Statement};
use attest_domain::role::LaboratoryKind;
use attest_domain::terms::Origin;
use attest_domain::value::{Detection, LimitKind};
use attest_store::{ContentLimits, ContentResult, ContentSample, ReportContent};
use uuid::Uuid;

pub(super) fn printed(sample: &ContentSample, content: &ReportContent, changed: &[Uuid], form: &Form) -> ReportSample {
    let testing = content.laboratory.kind == LaboratoryKind::Testing;
    let told = [&sample.client_reference, &sample.collected_by, &sample.collection_place]
        .into_iter()
        .any(Option::is_some)
        || sample.collected_at.is_some();
    let condition = sample
        .condition
        .map(|condition| form::capital(condition.label(form.language)));
    ReportSample {
        accession_number: sample.accession_number.clone(),
        client_reference: sample.client_reference.clone(),
        sample_type: sample.sample_type.clone(),
        description: sample.description.clone(),
        collected_at: sample.collected_at.map(|at| form.minute(at)),
        collected_by: sample.collected_by.clone(),
        collected_where: sample.collection_place.clone(),
        sampling_method: None,
        // What a testing laboratory knows of the sampling, it knows from its customer (7.8.2.2).
        customer_supplied: testing && told,
        received_at: sample.received_at.map(|at| form.minute(at)),
        condition: match (condition, &sample.condition_note) {
            (Some(condition), Some(note)) => Some(format!("{condition}: {note}")),
            (condition, note) => condition.or_else(|| note.clone()),
        },
        temperature: sample
            .temperature_c
            .as_deref()
            .map(|degrees| format!("{} °C", form.number(degrees))),
        deviations: sample.deviations.clone(),
        results: sample
            .results
            .iter()
            .map(|result| printed_result(result, changed, form))
            .collect(),
    }
}

fn printed_result(result: &ContentResult, changed: &[Uuid], form: &Form) -> ReportResult {
    let late = result.hold_time_exceeded.then(|| {
        form.pick(
            "Hold time exceeded before the measurement.",
            "Przekroczono czas przechowywania przed pomiarem.",
        )
        .to_owned()
    });
    let deviations: Vec<String> = result.deviation.iter().cloned().chain(late).collect();
    ReportResult {
        group: None,
        test: result.test.clone(),
        method: Some(result.method.clone()).filter(|method| !method.is_empty()),
        accredited: result.accredited,
        value: value(result, form),
        limit_mark: limit_mark(result),
        unit: Some(unit::printed(&result.unit)).filter(|unit| !unit.is_empty()),
        uncertainty: result
            .uncertainty
            .as_deref()
            .map(|text| form.number(&without_unit(text, &result.unit))),
        limit: result.limits.as_ref().and_then(|limits| limit(limits, form)),
        flag: flag(&result.flags),
        statement: result.statement.map(verdict),
        external_provider: result.provider.clone().filter(|_| result.origin == Origin::External),
        customer_supplied: false,
        calculated: result.origin == Origin::Calculated,
        self_verified: result.self_verified,
        deviation: (!deviations.is_empty()).then(|| deviations.join(" ")),
        comment: result.remark.clone(),
        cancelled: result.cancelled.as_ref().map(|reason| {
            if reason.is_empty() {
                form.pick("not done", "nie wykonano").to_owned()
            } else {
                reason.clone()
            }
        }),
        changed: changed.contains(&result.id),
    }
}

/// `< 0.02` for everything that lies below a known limit, also where `ND` was typed (ISO/IEC 17025, 7.8.3).
fn value(result: &ContentResult, form: &Form) -> String {
    if result.cancelled.is_some() {
        return String::new();
    }
    let display = result.display.as_deref().unwrap_or_default();
    match (result.detection, &result.value) {
        (Some(Detection::NotDetected), Some(limit)) => form.number(&format!("< {limit}")),
        (Some(Detection::NotDetected), None) => Detection::NotDetected.label(form.language).to_owned(),
        _ => form.number(display),
    }
}

/// Which limit the `<` names. A `>` needs no name: only the measuring range ends upwards.
fn limit_mark(result: &ContentResult) -> Option<LimitMark> {
    if result.cancelled.is_some() || !matches!(result.detection?, Detection::Below | Detection::NotDetected) {
        return None;
    }
    Some(match result.limit_kind? {
        LimitKind::Lod => LimitMark::Lod,
        LimitKind::Loq => LimitMark::Loq,
        LimitKind::Range => LimitMark::Range,
    })
}

fn limit(limits: &ContentLimits, form: &Form) -> Option<String> {
    let number = |limit: &String| form.number(limit);
    match (limits.low.as_ref().map(number), limits.high.as_ref().map(number)) {
        (Some(low), Some(high)) => Some(format!("{low} – {high}")),
        (None, Some(high)) => Some(format!("≤ {high}")),
        (Some(low), None) => Some(format!("≥ {low}")),
        (None, None) => limits.text.clone(),
    }
}

/// `± 0.02 mg/L (k = 2)` without its unit, which has a column of its own.
fn without_unit(text: &str, unit: &str) -> String {
    if unit.is_empty() {
        text.to_owned()
    } else {
        text.replacen(&format!(" {unit} ("), " (", 1)
    }
}

/// The strongest mark; a warning is the laboratory's own affair.
fn flag(flags: &[Flag]) -> Option<Mark> {
    let has = |wanted: &[Flag]| flags.iter().any(|flag| wanted.contains(flag));
    if has(&[Flag::VeryHigh, Flag::CriticalHigh]) {
        Some(Mark::CriticallyHigh)
    } else if has(&[Flag::VeryLow, Flag::CriticalLow]) {
        Some(Mark::CriticallyLow)
    } else if has(&[Flag::High]) {
        Some(Mark::High)
    } else if has(&[Flag::Low]) {
        Some(Mark::Low)
    } else {
        None
    }
}

fn verdict(statement: Statement) -> Verdict {
    match statement {
        Statement::Pass => Verdict::Pass,
        Statement::ConditionalPass => Verdict::ConditionalPass,
        Statement::ConditionalFail => Verdict::ConditionalFail,
        Statement::Fail => Verdict::Fail,
        Statement::NoStatement => Verdict::NoStatement,
    }
}
