//! Two nodes behind one database behave as one laboratory (PostgreSQL; SQLite has one process).

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::lab::new_password;
use attest_tests::proof::verify_bundle;
use attest_tests::{Engine, Lab, json};

/// ATT-15 What is taken away at one node is gone at the other with the very next request, although that node has just
/// answered the same person and remembers what they may do.
#[test]
fn what_one_node_takes_away_the_other_refuses_at_once() {
    let lab = Lab::fresh(Engine::Postgres);
    let node = lab.server.another_node();
    let person = lab.hire("Moving", &["analyst"]);
    let there = node.as_well(&person.api);
    let user = format!("/users/{}", person.id);

    // A role.
    there.post("/samples", &lab.new_sample()).expect(201);
    let etag = lab.administrator.api.get(&user).etag();
    let viewer = id(&lab.roles()["viewer"]);
    lab.raised()
        .patch(&user, &etag, &json!({"role_ids": [viewer]}))
        .expect(200);
    there.post("/samples", &lab.new_sample()).problem(403, "forbidden");

    // A single permission.
    there.get("/samples").expect(200);
    let etag = lab.administrator.api.get(&user).etag();
    let denied = json!({"grants": [{"permission": "sample:read", "effect": "deny", "reason": "under inquiry"}]});
    lab.raised().patch(&user, &etag, &denied).expect(200);
    there.get("/samples").problem(403, "forbidden");

    // What a role holds.
    let role = lab
        .raised()
        .post(
            "/roles",
            &json!({"name": "Porter", "description": "Looks", "permissions": ["user:read"]}),
        )
        .expect(201);
    let porter = lab.hire("Porter", &["viewer"]);
    let path = format!("/users/{}", porter.id);
    let etag = lab.administrator.api.get(&path).etag();
    lab.raised()
        .patch(&path, &etag, &json!({"role_ids": [id(&role)]}))
        .expect(200);
    let at_the_other = node.as_well(&porter.api);
    at_the_other.get("/users").expect(200);
    let path = format!("/roles/{}", id(&role));
    let etag = lab.administrator.api.get(&path).etag();
    lab.raised()
        .patch(&path, &etag, &json!({"permissions": []}))
        .expect(200);
    at_the_other.get("/users").problem(403, "forbidden");

    // A session, and the person.
    let second = lab
        .server
        .anonymous()
        .log_in(&lab.slug, &person.email, &person.password);
    let second_there = node.as_well(&second);
    second_there.get("/me").expect(200);
    second.post("/auth/logout", &json!({})).expect_bytes(204);
    second_there.get("/me").problem(401, "unauthenticated");
    there.get("/me").expect(200);
    lab.raised()
        .post(&format!("{user}/deactivate"), &json!({"reason": "left"}))
        .expect(200);
    there.get("/me").problem(401, "unauthenticated");
}

/// ATT-33 A request that a proxy repeats at the other node happens once, and numbers are given once.
#[test]
fn at_two_nodes_at_once_nothing_happens_twice() {
    let lab = Lab::fresh(Engine::Postgres);
    let node = lab.server.another_node();
    lab.catalogue();
    let here = lab.as_role("analyst");
    let there = node.as_well(&here);

    for _ in 0..10 {
        let body = lab.new_sample();
        let key = new_password();
        let answers: Vec<_> = thread::scope(|scope| {
            let asked: Vec<_> = [&here, &there]
                .map(|api| (api.with("Idempotency-Key", &key), body.clone()))
                .map(|(api, body)| scope.spawn(move || api.post("/samples", &body)))
                .into_iter()
                .collect();
            asked.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        let made: BTreeSet<String> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| id(&answer.json()))
            .collect();
        assert_eq!(made.len(), 1, "one sample");
        assert!(
            answers.iter().all(|answer| [201, 409].contains(&answer.status)),
            "the other is told to wait or gets the same"
        );
    }

    let numbers: Vec<String> = thread::scope(|scope| {
        let hands: Vec<_> = [&here, &there, &here, &there]
            .map(|api| {
                let lab = &lab;
                scope.spawn(move || {
                    (0..25)
                        .map(|_| text(&api.post("/samples", &lab.new_sample()).expect(201), "accession_number"))
                        .collect::<Vec<_>>()
                })
            })
            .into_iter()
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    assert_eq!(
        numbers.iter().collect::<BTreeSet<_>>().len(),
        100,
        "every accession number once"
    );
}

/// A node that dies in the middle of its work: the other one takes over the log, which verifies to the last entry.
#[test]
fn when_a_node_dies_the_other_goes_on_with_the_log() {
    let lab = Lab::fresh(Engine::Postgres);
    let node = lab.server.another_node();
    lab.catalogue();
    let analyst = lab.as_role("analyst");
    let there = node.as_well(&analyst);
    let auditor = lab.hire("Auditor", &["auditor"]);
    for _ in 0..20 {
        analyst.post("/samples", &lab.new_sample()).expect(201);
        there.post("/samples", &lab.new_sample()).expect(201);
    }
    lab.server.kill();
    let last = id(&there.post("/samples", &lab.new_sample()).expect(201));

    let auditor = node
        .anonymous()
        .log_in(&lab.slug, &auditor.email, &auditor.password)
        .step_up(&auditor.password)
        .clone();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let export = auditor.post("/audit/exports", &json!({"kind": "range"})).expect(202);
        let path = format!("/audit/exports/{}", id(&export));
        while auditor.get(&path).expect(200)["status"] != "ready" {
            assert!(
                Instant::now() < deadline,
                "the export is not ready: {}",
                auditor.get(&path).text()
            );
            thread::sleep(Duration::from_millis(200));
        }
        let bundle = auditor.get(&format!("{path}/bundle")).expect_bytes(200).body;
        let proven = verify_bundle(&bundle, &lab.log_key).unwrap();
        let registered = proven
            .entries
            .iter()
            .filter(|(_, entry)| entry["action"] == "sample.registered");
        let ids: BTreeSet<&str> = registered
            .filter_map(|(_, entry)| entry["object"]["id"].as_str())
            .collect();
        if ids.contains(last.as_str()) {
            assert_eq!(ids.len(), 41, "all of both nodes, once each");
            break;
        }
        assert!(Instant::now() < deadline, "the other node does not sequence");
        thread::sleep(Duration::from_millis(500));
    }
}
