//! From a report's content to the paper: everything is put into words, numbers and times of the reader's language and the
//! laboratory's time zone. What it says comes from the content alone (ISO/IEC 17025:2017, 7.8.2 to 7.8.8; ISO 15189:2022, 7.4.1).

mod form;
mod person;
mod rule;

use crate::exports::offset;
use attest_documents::report::{
    Amendment, Authorisation, Client, Flag as Mark, Laboratory, Opinion, OrderReference, PendingTest, Recipient,
    ReportDates, ReportKind as PaperKind, ReportResult, ReportSample, Statement as Verdict, TestReport, Verification,
};
use attest_domain::Language;
use attest_domain::judge::{Flag, Statement};
use attest_domain::role::LaboratoryKind;
use attest_domain::terms::{Origin, Priority, ReportKind};
use attest_domain::value::Detection;
use attest_store::{ContentLimits, ContentResult, ContentSample, Paper, ReportContent};
use chrono::{DateTime, Utc};
use form::Form;
use uuid::Uuid;

/// What the paper says, ready to be typeset. `public_url` is the address people see.
pub fn test_report(paper: &Paper, public_url: &str) -> TestReport {
    let content = &paper.content;
    let form = Form::new(content.language, &content.laboratory.timezone);
    let changed = content
        .amends
        .as_ref()
        .map(|amends| amends.changed_results.as_slice())
        .unwrap_or_default();
    TestReport {
        kind: match content.kind {
            ReportKind::Preliminary => PaperKind::Preliminary,
            ReportKind::Final => PaperKind::Final,
        },
        language: match content.language {
            Language::En => attest_documents::Language::En,
            Language::Pl => attest_documents::Language::Pl,
        },
        number: content.number.clone(),
        version: u32::try_from(content.version_no).unwrap_or(1),
        amends: content.amends.as_ref().map(|amends| Amendment {
            number: amends.number.clone(),
            version: u32::try_from(amends.version_no).unwrap_or(1),
            issued: amends.released_at.map(|at| form.day(at)),
            changes: if amends.changes.is_empty() {
                vec![
                    form.pick("No reported value changed.", "Żaden podany wynik się nie zmienił.")
                        .to_owned(),
                ]
            } else {
                amends.changes.clone()
            },
            reason: Some(amends.reason.clone()),
        }),
        issued_at: offset(paper.issued_at, form.zone),
        laboratory: Laboratory {
            name: content.laboratory.name.clone(),
            address: form::lines(Some(&content.laboratory.address)),
            accreditation: content.laboratory.accreditation_number.clone(),
            place_of_testing: None,
            contact: form::lines(content.laboratory.contact.as_deref()),
        },
        recipient: recipient(content, &form),
        order: order(content, &form),
        verification: verification(paper, public_url),
        dates: dates(content, paper.issued_at, &form),
        samples: content
            .samples
            .iter()
            .map(|sample| printed_sample(sample, content, changed, &form))
            .collect(),
        pending: content
            .pending_tests
            .iter()
            .map(|pending| PendingTest {
                accession_number: pending.accession_number.clone(),
                test: pending.test.clone(),
                expected: pending.due_at.map(|at| form.minute(at)),
            })
            .collect(),
        decision_rule: rule::sentence(content, &form),
        remarks: form::lines(content.remarks.as_deref()),
        opinions: content
            .opinions
            .iter()
            .map(|opinion| Opinion {
                text: opinion.text.clone(),
                by: [Some(opinion.name.clone()), opinion.title.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", "),
                at: Some(form.day(opinion.at)),
            })
            .collect(),
        statements: Vec::new(),
        authorised_by: paper
            .signature
            .iter()
            .map(|signature| Authorisation {
                name: signature.name.clone(),
                title: signature.title.clone(),
                meaning: signature.meaning.clone(),
                at: form.second(signature.at),
            })
            .collect(),
        content_sha256: paper.signature.as_ref().map(|_signed| paper.content_sha256.clone()),
    }
}

/// Address of the public check of a code.
pub fn public_address(public_url: &str, code: &str) -> String {
    format!("{public_url}/public/reports/{code}")
}

fn verification(paper: &Paper, public_url: &str) -> Verification {
    match &paper.verification_code {
        Some(code) => Verification {
            code: form::grouped(code),
            url: public_address(public_url, code),
        },
        // A draft has no code: nothing of it can be checked.
        None => Verification {
            code: "—".to_owned(),
            url: format!("{public_url}/public/reports"),
        },
    }
}

fn recipient(content: &ReportContent, form: &Form) -> Recipient {
    if let Some(patient) = &content.patient {
        return Recipient::Patient(person::patient(patient, content, form));
    }
    let Some(client) = &content.client else {
        return Recipient::Client(Client {
            name: "—".to_owned(),
            address: Vec::new(),
            contact: None,
        });
    };
    let contact: Vec<String> = [&client.email, &client.phone].into_iter().flatten().cloned().collect();
    Recipient::Client(Client {
        name: client.name.clone(),
        address: form::lines(client.address.as_deref()),
        contact: (!contact.is_empty()).then(|| contact.join(" · ")),
    })
}

fn order(content: &ReportContent, form: &Form) -> OrderReference {
    let joined = |parts: Vec<&str>| (!parts.is_empty()).then(|| parts.join(", "));
    let most_urgent = content
        .orders
        .iter()
        .map(|order| order.priority)
        .max()
        .filter(|priority| *priority != Priority::Routine);
    OrderReference {
        number: joined(content.orders.iter().map(|order| order.number.as_str()).collect()),
        client_reference: joined(
            content
                .orders
                .iter()
                .filter_map(|order| order.external_id.as_deref())
                .collect(),
        ),
        priority: most_urgent.map(|priority| form::capital(priority.label(form.language))),
    }
}

fn dates(content: &ReportContent, issued: DateTime<Utc>, form: &Form) -> ReportDates {
    let tested: Vec<DateTime<Utc>> = content
        .results()
        .filter(|result| result.cancelled.is_none())
        .filter_map(|result| result.measured_at)
        .collect();
    ReportDates {
        sampling: form.days(content.samples.iter().filter_map(|sample| sample.collected_at)),
        receipt: form.days(content.samples.iter().filter_map(|sample| sample.received_at)),
        testing_from: tested.iter().min().map(|at| form.day(*at)),
        testing_to: tested.iter().max().map(|at| form.day(*at)),
        issue: form.minute(issued),
    }
}

fn printed_sample(sample: &ContentSample, content: &ReportContent, changed: &[Uuid], form: &Form) -> ReportSample {
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
        unit: Some(result.unit.clone()).filter(|unit| !unit.is_empty()),
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

fn value(result: &ContentResult, form: &Form) -> String {
    if result.cancelled.is_some() {
        return String::new();
    }
    let display = result.display.as_deref().unwrap_or_default();
    if result.detection == Some(Detection::NotDetected) {
        let words = Detection::NotDetected.label(form.language);
        // `ND` alone is a word of the trade; the limit behind it, if any, is kept.
        return format!("{words}{}", form.number(display.strip_prefix("ND").unwrap_or(display)));
    }
    form.number(display)
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
