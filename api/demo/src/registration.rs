//! Clients, patients and orders with their samples, as reception takes them in.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::DemoError;
use crate::api::{Created, Session, percent_encoded};
use crate::catalogue::{Catalogue, body, known_ids};
use crate::plan::{LaboratoryPlan, Orderer, PatientPlan, Specimen, Visit};
use crate::staff::{Staff, Tell};

/// Who registers: the front desk of a medical laboratory, the bench elsewhere.
const FRONT_DESK: [&str; 3] = ["receptionist", "analyst", "technician"];

/// Ids of clients by code and of patients by their place in the plan.
pub(crate) struct Orderers {
    clients: BTreeMap<String, String>,
    patients: Vec<String>,
}

/// A sample of the plan as the server knows it.
pub(crate) struct Registered {
    pub id: String,
    pub waits_for_reception: bool,
}

/// For every visit of the plan its samples, in the plan's order.
pub(crate) type RegisteredVisits = Vec<Vec<Registered>>;

#[derive(Deserialize)]
struct Order {
    external_id: Option<String>,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    id: String,
    status: String,
    client_reference: Option<String>,
}

/// Makes sure that clients and patients are there.
pub(crate) fn settle_orderers(staff: &Staff, plan: &LaboratoryPlan, tell: &Tell<'_>) -> Result<Orderers, DemoError> {
    let mut clients = BTreeMap::new();
    if !plan.clients.is_empty() {
        let session = staff.able(
            &["client:manage", "client:read"],
            &["manager", "receptionist", "analyst", "administrator"],
        )?;
        clients = known_ids(session, "/clients", "code")?;
        for client in &plan.clients {
            if !clients.contains_key(client.code) {
                let created: Created = session.post("/clients", &body(client)?)?;
                clients.insert(client.code.to_owned(), created.id);
            }
        }
        let first = plan.clients.first().and_then(|client| clients.get(client.code));
        if let Some(first) = first {
            staff.belongs_to(first)?;
        }
    }
    let mut patients = Vec::new();
    if !plan.patients.is_empty() {
        let session = staff.able(&["patient:manage", "patient:read"], &FRONT_DESK)?;
        for (done, patient) in plan.patients.iter().enumerate() {
            tell("patients", done, plan.patients.len());
            patients.push(settle_patient(session, patient, staff.resumed())?);
        }
        tell("patients", plan.patients.len(), plan.patients.len());
    }
    Ok(Orderers { clients, patients })
}

/// Patients are looked up only when an earlier run may have created them: every look is a line in the audit trail.
fn settle_patient(session: &Session, patient: &PatientPlan, resumed: bool) -> Result<String, DemoError> {
    if let Some(number) = patient.identifiers.first().filter(|_| resumed) {
        let path = format!("/patients?q={}", percent_encoded(&number.value));
        if let Some(known) = session.list::<Created>(&path)?.into_iter().next() {
            return Ok(known.id);
        }
    }
    Ok(session.post::<Created>("/patients", &body(patient)?)?.id)
}

/// Makes sure that every order is there, once; the orderer's number tells.
pub(crate) fn settle_orders(
    staff: &Staff,
    plan: &LaboratoryPlan,
    catalogue: &Catalogue,
    orderers: &Orderers,
    tell: &Tell<'_>,
) -> Result<RegisteredVisits, DemoError> {
    let session = staff.able(
        &["order:create", "order:read", "sample:register", "sample:read"],
        &FRONT_DESK,
    )?;
    let mut known: BTreeMap<String, Order> = session
        .list::<Order>("/orders")?
        .into_iter()
        .filter_map(|order| Some((order.external_id.clone()?, order)))
        .collect();
    let total = plan.visits.len();
    let mut registered = Vec::with_capacity(total);
    for (done, visit) in plan.visits.iter().enumerate() {
        tell("orders", done, total);
        let order = match known.remove(&visit.external_id) {
            Some(order) => order,
            None => session.post("/orders", &order_body(visit, catalogue, orderers)?)?,
        };
        registered.push(in_order_of_plan(visit, order)?);
    }
    tell("orders", total, total);
    Ok(registered)
}

fn order_body(visit: &Visit, catalogue: &Catalogue, orderers: &Orderers) -> Result<Value, DemoError> {
    let samples = visit
        .specimens
        .iter()
        .map(|specimen| sample_body(specimen, catalogue))
        .collect::<Result<Vec<_>, _>>()?;
    let (member, id) = match visit.orderer {
        Orderer::Client(code) => ("client_id", orderers.clients.get(code)),
        Orderer::Patient(place) => ("patient_id", orderers.patients.get(place)),
    };
    let id = id.ok_or_else(|| DemoError::Data(format!("{} has no orderer", visit.external_id)))?;
    let mut order = json!({
        "external_id": visit.external_id,
        "requester": visit.requester,
        "priority": visit.priority,
        "samples": samples,
    });
    if let Some(members) = order.as_object_mut() {
        members.insert(member.to_owned(), json!(id));
    }
    Ok(order)
}

fn sample_body(specimen: &Specimen, catalogue: &Catalogue) -> Result<Value, DemoError> {
    let tests = specimen
        .tests
        .iter()
        .map(|code| catalogue.test(code))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sample = json!({
        "sample_type_id": catalogue.sample_type(specimen.sample_type)?,
        "container_id": catalogue.container(specimen.container)?,
        "client_reference": specimen.reference,
        "collected_at": specimen.collected_at,
        "test_ids": tests,
        "specification_id": catalogue.specification,
    });
    let optional = [
        ("description", &specimen.description),
        ("collected_by", &specimen.collected_by),
        ("collection_place", &specimen.collection_place),
        ("remark", &specimen.remark),
    ];
    if let Some(members) = sample.as_object_mut() {
        for (name, text) in optional {
            if let Some(text) = text {
                members.insert(name.to_owned(), json!(text));
            }
        }
    }
    Ok(sample)
}

fn in_order_of_plan(visit: &Visit, order: Order) -> Result<Vec<Registered>, DemoError> {
    let mut by_reference: BTreeMap<String, Sample> = order
        .samples
        .into_iter()
        .filter_map(|sample| Some((sample.client_reference.clone()?, sample)))
        .collect();
    visit
        .specimens
        .iter()
        .map(|specimen| {
            by_reference
                .remove(&specimen.reference)
                .map(|sample| Registered {
                    id: sample.id,
                    waits_for_reception: sample.status == "registered",
                })
                .ok_or_else(|| DemoError::Unexpected {
                    method: "POST",
                    path: "/orders".to_owned(),
                    reason: format!("order {} without its sample {}", visit.external_id, specimen.reference),
                })
        })
        .collect()
}
