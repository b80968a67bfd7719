//! What leaves the laboratory: telephoned critical values and reports.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::DemoError;
use crate::api::Session;
use crate::bench::{BENCH, SECOND_PERSON};
use crate::plan::{LaboratoryPlan, Outcome, ReportPlan, ReportStage, Visit};
use crate::registration::{Registered, RegisteredVisits};
use crate::staff::{Staff, Tell};

#[derive(Deserialize)]
struct Notice {
    id: String,
    result_id: String,
}

#[derive(Deserialize)]
struct Report {
    id: String,
    status: String,
    content_sha256: Option<String>,
}

impl Report {
    /// `None` for what people made of it since: superseded, withdrawn.
    fn stage(&self) -> Option<ReportStage> {
        match self.status.as_str() {
            "draft" => Some(ReportStage::Drafted),
            "authorized" => Some(ReportStage::Authorized),
            "released" => Some(ReportStage::Released),
            _ => None,
        }
    }
}

/// Tells the orderer about every critical value but the latest, which stays open for the screens.
pub(crate) fn notify(staff: &Staff, plan: &LaboratoryPlan, tell: &Tell<'_>) -> Result<(), DemoError> {
    if plan.told.is_empty() {
        return Ok(());
    }
    let session = staff.able(&["critical:notify", "result:read"], &BENCH)?;
    let mut open: Vec<Notice> = session.list("/critical-notices?status=open")?;
    // UUIDv7 ids sort by time.
    open.sort_by(|a, b| a.id.cmp(&b.id));
    open.pop();
    for (done, notice) in open.iter().enumerate() {
        tell("critical values", done, open.len());
        let path = format!("/results/{}/critical-notices", notice.result_id);
        let body = json!({
            "told": plan.told,
            "channel": "phone",
            "read_back": true,
            "reached": true,
        });
        let _: Value = session.post(&path, &body)?;
    }
    tell("critical values", open.len(), open.len());
    Ok(())
}

/// Writes the reports of the plan and takes each as far as it shall come.
pub(crate) fn report(
    staff: &Staff,
    plan: &LaboratoryPlan,
    samples: &RegisteredVisits,
    tell: &Tell<'_>,
) -> Result<(), DemoError> {
    let planned: Vec<(&Visit, &Vec<Registered>, &ReportPlan)> = plan
        .visits
        .iter()
        .zip(samples)
        .filter_map(|(visit, registered)| Some((visit, registered, visit.report.as_ref()?)))
        .collect();
    let session = staff.able(
        &["report:read", "report:draft", "report:authorize", "report:release"],
        &SECOND_PERSON,
    )?;
    for (done, (visit, registered, wanted)) in planned.iter().enumerate() {
        tell("reports", done, planned.len());
        settle_report(session, visit, registered, wanted)?;
    }
    tell("reports", planned.len(), planned.len());
    Ok(())
}

fn settle_report(
    session: &Session,
    visit: &Visit,
    registered: &[Registered],
    wanted: &ReportPlan,
) -> Result<(), DemoError> {
    let ids = reported_samples(visit, registered);
    let Some(first) = ids.first() else {
        return Ok(());
    };
    let mut known: Vec<Report> = session.list(&format!("/reports?sample_id={first}"))?;
    let report = match known.pop() {
        Some(report) => report,
        None => session.post("/reports", &draft_body(&ids, wanted))?,
    };
    let Some(stage) = report.stage() else {
        return Ok(());
    };
    if stage < ReportStage::Authorized && wanted.stage >= ReportStage::Authorized {
        let mut body = json!({
            "meaning": "Results reviewed and authorised for reporting",
            "password": session.password(),
        });
        if let (Some(hash), Some(members)) = (&report.content_sha256, body.as_object_mut()) {
            members.insert("content_sha256".to_owned(), json!(hash));
        }
        let _: Value = session.post(&format!("/reports/{}/authorize", report.id), &body)?;
    }
    if stage < ReportStage::Released && wanted.stage >= ReportStage::Released {
        let _: Value = session.post(&format!("/reports/{}/release", report.id), &json!({}))?;
    }
    Ok(())
}

/// A sample whose every result was cancelled is cancelled itself and cannot be reported.
fn reported_samples<'a>(visit: &Visit, registered: &'a [Registered]) -> Vec<&'a str> {
    visit
        .specimens
        .iter()
        .zip(registered)
        .filter(|(specimen, _)| {
            specimen
                .readings
                .iter()
                .any(|reading| matches!(reading.outcome, Outcome::Measured(_)))
        })
        .map(|(_, sample)| sample.id.as_str())
        .collect()
}

fn draft_body(sample_ids: &[&str], wanted: &ReportPlan) -> Value {
    let mut draft = json!({
        "sample_ids": sample_ids,
        "kind": "final",
        "language": wanted.language,
    });
    if let Some(members) = draft.as_object_mut() {
        if let Some(remarks) = wanted.remarks {
            members.insert("remarks".to_owned(), json!(remarks));
        }
        if let Some(opinion) = wanted.opinion {
            members.insert("opinions".to_owned(), json!([{ "text": opinion }]));
        }
    }
    draft
}
