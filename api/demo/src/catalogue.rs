//! What the laboratory can do: sample types, containers, tests, panels, limits. Entries that are there already keep
//! their ids.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::DemoError;
use crate::api::{Created, Session};
use crate::plan::{LaboratoryPlan, LimitPlan};
use crate::staff::{Staff, Tell};

/// Ids of the catalogue's entries by the names that plans use.
pub(crate) struct Catalogue {
    sample_types: BTreeMap<String, String>,
    containers: BTreeMap<String, String>,
    tests: BTreeMap<String, String>,
    /// In the order of the plan.
    test_order: Vec<String>,
    pub location: String,
    pub instrument: String,
    pub specification: String,
}

impl Catalogue {
    pub(crate) fn sample_type(&self, name: &str) -> Result<&str, DemoError> {
        named(&self.sample_types, name)
    }

    pub(crate) fn container(&self, name: &str) -> Result<&str, DemoError> {
        named(&self.containers, name)
    }

    pub(crate) fn test(&self, code: &str) -> Result<&str, DemoError> {
        named(&self.tests, code)
    }

    pub(crate) fn test_ids(&self) -> Vec<String> {
        self.test_order.clone()
    }
}

fn named<'a>(ids: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, DemoError> {
    ids.get(name)
        .map(String::as_str)
        .ok_or_else(|| DemoError::Data(format!("{name} is not in the catalogue")))
}

/// One collection of the API, with what is in it.
struct Collection<'a> {
    session: &'a Session,
    path: &'static str,
    key: &'static str,
    known: BTreeMap<String, String>,
}

impl<'a> Collection<'a> {
    fn open(session: &'a Session, path: &'static str, key: &'static str) -> Result<Self, DemoError> {
        Ok(Self {
            session,
            path,
            key,
            known: known_ids(session, path, key)?,
        })
    }

    /// The id of the entry, created unless it is there.
    fn ensure(&mut self, body: &Value) -> Result<String, DemoError> {
        let name = body.get(self.key).and_then(Value::as_str).unwrap_or_default();
        if let Some(id) = self.known.get(name) {
            return Ok(id.clone());
        }
        let created: Created = self.session.post(self.path, body)?;
        self.known.insert(name.to_owned(), created.id.clone());
        Ok(created.id)
    }
}

/// Ids of a collection by one of its members.
pub(crate) fn known_ids(session: &Session, path: &str, key: &str) -> Result<BTreeMap<String, String>, DemoError> {
    let text = |item: &Value, member: &str| item.get(member).and_then(Value::as_str).map(str::to_owned);
    Ok(session
        .list::<Value>(path)?
        .iter()
        .filter_map(|item| Some((text(item, key)?, text(item, "id")?)))
        .collect())
}

/// A plan as request body.
pub(crate) fn body(plan: &impl Serialize) -> Result<Value, DemoError> {
    serde_json::to_value(plan).map_err(|e| DemoError::Data(e.to_string()))
}

/// Makes sure that the catalogue of the plan is there.
pub(crate) fn settle(staff: &Staff, plan: &LaboratoryPlan, tell: &Tell<'_>) -> Result<Catalogue, DemoError> {
    let session = staff.able(
        &["catalog:manage", "catalog:read"],
        &["administrator", "manager", "quality_manager"],
    )?;
    let mut sample_types = Collection::open(session, "/sample-types", "name")?;
    for entry in &plan.sample_types {
        sample_types.ensure(&body(entry)?)?;
    }
    let mut containers = Collection::open(session, "/containers", "name")?;
    for entry in &plan.containers {
        containers.ensure(&body(entry)?)?;
    }
    let location = Collection::open(session, "/locations", "name")?.ensure(&body(&plan.location)?)?;
    let instrument = Collection::open(session, "/instruments", "name")?.ensure(&body(&plan.instrument)?)?;
    let mut tests = Collection::open(session, "/tests", "code")?;
    let mut test_order = Vec::new();
    for (done, entry) in plan.tests.iter().enumerate() {
        tell("tests", done, plan.tests.len());
        test_order.push(tests.ensure(&body(entry)?)?);
    }
    tell("tests", plan.tests.len(), plan.tests.len());
    let tests = tests.known;
    settle_panels(session, plan, &tests)?;
    let specification = settle_specification(session, plan, &tests)?;
    Ok(Catalogue {
        sample_types: sample_types.known,
        containers: containers.known,
        tests,
        test_order,
        location,
        instrument,
        specification,
    })
}

fn settle_panels(session: &Session, plan: &LaboratoryPlan, tests: &BTreeMap<String, String>) -> Result<(), DemoError> {
    let mut panels = Collection::open(session, "/panels", "name")?;
    for panel in &plan.panels {
        let ids = panel
            .tests
            .iter()
            .map(|code| named(tests, code))
            .collect::<Result<Vec<_>, _>>()?;
        panels.ensure(&json!({ "name": panel.name, "code": panel.code, "test_ids": ids }))?;
    }
    Ok(())
}

fn settle_specification(
    session: &Session,
    plan: &LaboratoryPlan,
    tests: &BTreeMap<String, String>,
) -> Result<String, DemoError> {
    let limits = plan
        .specification
        .limits
        .iter()
        .map(|limit| limit_body(limit, tests))
        .collect::<Result<Vec<_>, _>>()?;
    Collection::open(session, "/specifications", "name")?.ensure(&json!({
        "name": plan.specification.name,
        "kind": plan.specification.kind,
        "decision_rule": plan.specification.decision_rule,
        "judge": "rounded",
        "limits": limits,
    }))
}

fn limit_body(limit: &LimitPlan, tests: &BTreeMap<String, String>) -> Result<Value, DemoError> {
    let mut value = body(limit)?;
    let id = named(tests, &limit.test)?;
    if let Some(members) = value.as_object_mut() {
        members.insert("test_id".to_owned(), json!(id));
    }
    Ok(value)
}
