//! From a report's content to the paper: everything is put into words, numbers and times of the reader's language and the
//! laboratory's time zone. What it says comes from the content alone (ISO/IEC 17025:2017, 7.8.2 to 7.8.8; ISO 15189:2022, 7.4.1).

mod access_review;
mod data;
mod form;
mod person;
mod rule;
mod sample;
mod unit;

pub use access_review::access_review_record;

use crate::exports::offset;
use attest_documents::report::{
    Amendment, Authorisation, Client, Laboratory, Opinion, OrderReference, PendingTest, Recipient, ReportDates,
    ReportKind as PaperKind, TestReport, Verification,
};
use attest_domain::Language;
use attest_domain::terms::{Priority, ReportKind};
use attest_store::{Paper, ReportContent};
use chrono::{DateTime, Utc};
use form::Form;

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
            // A laboratory is one place here; the standard wants it said (7.8.2.1 c).
            place_of_testing: (!content.laboratory.address.trim().is_empty()).then(|| {
                form.pick("at the laboratory’s address", "pod adresem laboratorium")
                    .to_owned()
            }),
            contact: form::lines(content.laboratory.contact.as_deref()),
        },
        recipient: recipient(content, &form),
        order: order(content, &form),
        verification: verification(paper, public_url),
        dates: dates(content, paper.issued_at, &form),
        samples: content
            .samples
            .iter()
            .map(|sample| sample::printed(sample, content, changed, &form))
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
        data: data::twin(paper, public_url),
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
        contact: (!contact.is_empty()).then(|| contact.join("\n")),
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
