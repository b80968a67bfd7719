//! `openapi/attest.json` is the truth about the interface, and the program is where it comes from.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use attest_tests::cluster::repository;
use attest_tests::server::program;
use attest_tests::{Engine, Lab, Value};

fn committed() -> Value {
    let text = fs::read_to_string(repository().join("openapi/attest.json")).expect("openapi/attest.json");
    serde_json::from_str(&text).expect("JSON")
}

/// Method, path and operation of everything in the document.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .filter(|(method, _)| methods.contains(&method.as_str()))
                .map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

#[test]
fn the_committed_document_is_the_programs_own() {
    let output = Command::new(program("attest"))
        .arg("openapi")
        .output()
        .expect("attest openapi runs");
    assert!(output.status.success());
    let generated: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(
        generated == committed(),
        "openapi/attest.json is out of date: run `make openapi`"
    );
}

#[test]
fn the_served_document_is_the_committed_one_and_readable_offline() {
    let lab = Lab::shared(Engine::Sqlite);
    let served = lab.server.anonymous().get("/api/v1/openapi.json").expect(200);
    assert!(
        served["paths"] == committed()["paths"],
        "openapi/attest.json is out of date: run `make openapi`"
    );
    let page = lab.server.anonymous().get("/api/docs").text() + &lab.server.anonymous().get("/api/docs/").text();
    assert!(
        !page.contains("https://cdn") && !page.contains("unpkg.com") && !page.contains("jsdelivr"),
        "assets come from elsewhere"
    );
}

/// ATT-20 Every operation says who may call it, what it is for, and what can go wrong.
#[test]
fn every_operation_is_documented() {
    let document = committed();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    let operations = operations(&document);
    assert!(operations.len() >= 90, "only {} operations", operations.len());
    let mut ids = BTreeSet::new();
    let mut complaints = Vec::new();
    for (method, path, operation) in &operations {
        let mut complain = |what: &str| complaints.push(format!("{method} {path}: {what}"));
        if operation["summary"].as_str().is_none_or(str::is_empty) {
            complain("no summary");
        }
        if operation["x-permission"].is_null() {
            complain("no x-permission");
        }
        if !ids.insert(operation["operationId"].as_str().unwrap_or_default().to_owned()) {
            complain("operationId is missing or not unique");
        }
        let responses = operation["responses"].as_object().expect("responses");
        // Where a browser comes by itself (single sign-on), every answer leads on.
        if !responses
            .keys()
            .any(|status| status.starts_with('2') || status == "303")
        {
            complain("no good answer");
        }
        if operation["x-permission"] != "public" && !responses.contains_key("401") {
            complain("no 401");
        }
        if operation["requestBody"].is_object() {
            let body = &operation["requestBody"]["content"]["application/json"];
            let has_example = !body["example"].is_null() || !body["examples"].is_null();
            if body.is_object() && !has_example {
                complain("no example of its body");
            }
        }
    }
    assert!(
        complaints.is_empty(),
        "{} complaints:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// The permissions that operations name exist, and each existing one guards something or is known not to yet.
#[test]
fn every_named_permission_exists() {
    let lab = Lab::shared(Engine::Sqlite);
    let known: BTreeSet<String> = lab.administrator.api.get("/permissions").expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|permission| permission["id"].as_str().unwrap().to_owned())
        .collect();
    for (method, path, operation) in operations(&committed()) {
        let permission = operation["x-permission"].as_str().unwrap_or_default().to_owned();
        // The platform's are in no laboratory's list.
        let elsewhere = ["public", "login", "own", "platform:read", "platform:manage"];
        let fine = elsewhere.contains(&permission.as_str()) || known.contains(&permission);
        assert!(fine, "{method} {path} names {permission:?}");
    }
}
