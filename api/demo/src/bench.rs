//! The laboratory's day: receive, enter, cancel what was not measured, verify by a second person.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::DemoError;
use crate::api::Session;
use crate::catalogue::{Catalogue, body};
use crate::plan::{LaboratoryPlan, Measurement, Outcome, Reading, Specimen};
use crate::registration::{Registered, RegisteredVisits};
use crate::staff::{Staff, Tell};

/// How many items go into one bulk request.
const BULK: usize = 100;
/// Who works at the bench.
pub(crate) const BENCH: [&str; 2] = ["technician", "analyst"];
/// Who looks at it a second time.
pub(crate) const SECOND_PERSON: [&str; 3] = ["doctor", "authorizer", "manager"];

#[derive(Deserialize)]
struct ResultRow {
    id: String,
    sample: SampleOf,
    test: TestOf,
    status: String,
}

#[derive(Deserialize)]
struct SampleOf {
    id: String,
}

#[derive(Deserialize)]
struct TestOf {
    code: String,
}

/// A reading of the plan and the result it belongs to.
struct Open<'a> {
    reading: &'a Reading,
    result: &'a ResultRow,
}

/// Brings every sample of the plan to where it shall stand.
pub(crate) fn work(
    staff: &Staff,
    plan: &LaboratoryPlan,
    catalogue: &Catalogue,
    samples: &RegisteredVisits,
    tell: &Tell<'_>,
) -> Result<(), DemoError> {
    let pairs: Vec<(&Specimen, &Registered)> = plan
        .visits
        .iter()
        .zip(samples)
        .flat_map(|(visit, registered)| visit.specimens.iter().zip(registered))
        .collect();
    receive(staff, catalogue, &pairs, tell)?;

    let bench = staff.able(&["result:read", "result:enter"], &BENCH)?;
    let rows: BTreeMap<(String, String), ResultRow> = bench
        .list::<ResultRow>("/results")?
        .into_iter()
        .map(|row| ((row.sample.id.clone(), row.test.code.clone()), row))
        .collect();
    let mut open = Vec::new();
    for (specimen, registered) in pairs {
        for reading in &specimen.readings {
            let key = (registered.id.clone(), reading.test.clone());
            let result = rows.get(&key).ok_or_else(|| DemoError::Unexpected {
                method: "GET",
                path: "/results".to_owned(),
                reason: format!("no result {} of {}", reading.test, specimen.reference),
            })?;
            open.push(Open { reading, result });
        }
    }
    enter(bench, catalogue, &open, tell)?;
    cancel(staff, &open)?;
    verify(staff, &open, tell)
}

fn receive(
    staff: &Staff,
    catalogue: &Catalogue,
    pairs: &[(&Specimen, &Registered)],
    tell: &Tell<'_>,
) -> Result<(), DemoError> {
    let session = staff.able(
        &["sample:receive", "sample:read"],
        &["technician", "receptionist", "analyst"],
    )?;
    let mut items = Vec::new();
    for (specimen, registered) in pairs {
        if let Some(reception) = &specimen.reception
            && registered.waits_for_reception
        {
            let mut item = body(reception)?;
            insert(&mut item, "sample_id", &registered.id);
            insert(&mut item, "location_id", &catalogue.location);
            items.push(item);
        }
    }
    in_bulk(session, "/samples/receive", "reception", &items, tell)
}

fn enter(session: &Session, catalogue: &Catalogue, open: &[Open<'_>], tell: &Tell<'_>) -> Result<(), DemoError> {
    let mut items = Vec::new();
    for Open { reading, result } in open {
        if let Outcome::Measured(measurement) = &reading.outcome
            && result.status == "pending"
        {
            items.push(entry(measurement, &result.id, catalogue)?);
        }
    }
    in_bulk(session, "/results/enter", "results", &items, tell)
}

fn entry(measurement: &Measurement, result_id: &str, catalogue: &Catalogue) -> Result<Value, DemoError> {
    let mut item = body(measurement)?;
    insert(&mut item, "result_id", result_id);
    if measurement.on_instrument {
        insert(&mut item, "instrument_id", &catalogue.instrument);
    }
    Ok(item)
}

fn cancel(staff: &Staff, open: &[Open<'_>]) -> Result<(), DemoError> {
    for Open { reading, result } in open {
        if let Outcome::NotMeasured(reason) = reading.outcome
            && result.status == "pending"
        {
            let session = staff.able(
                &["result:cancel"],
                &["technician", "analyst", "doctor", "authorizer", "manager"],
            )?;
            let path = format!("/results/{}/cancel", result.id);
            let _: Value = session.post(&path, &json!({ "reason": reason }))?;
        }
    }
    Ok(())
}

fn verify(staff: &Staff, open: &[Open<'_>], tell: &Tell<'_>) -> Result<(), DemoError> {
    let session = staff.able(&["result:verify"], &SECOND_PERSON)?;
    // The rows were read before entry: what was pending then is entered now.
    let ids: Vec<&str> = open
        .iter()
        .filter(|o| o.reading.verified && matches!(o.reading.outcome, Outcome::Measured(_)))
        .filter(|o| matches!(o.result.status.as_str(), "pending" | "entered"))
        .map(|o| o.result.id.as_str())
        .collect();
    let mut done = 0;
    for chunk in ids.chunks(BULK) {
        tell("verification", done, ids.len());
        let _: Value = session.post("/results/verify", &json!({ "result_ids": chunk }))?;
        done += chunk.len();
    }
    tell("verification", done, ids.len());
    Ok(())
}

/// All or nothing per request: the server's default.
fn in_bulk(
    session: &Session,
    path: &str,
    step: &'static str,
    items: &[Value],
    tell: &Tell<'_>,
) -> Result<(), DemoError> {
    let mut done = 0;
    for chunk in items.chunks(BULK) {
        tell(step, done, items.len());
        let _: Value = session.post(path, &json!({ "items": chunk }))?;
        done += chunk.len();
    }
    tell(step, done, items.len());
    Ok(())
}

fn insert(item: &mut Value, member: &str, text: &str) {
    if let Some(members) = item.as_object_mut() {
        members.insert(member.to_owned(), json!(text));
    }
}
