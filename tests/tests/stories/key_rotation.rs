//! The key that signs the ledger is replaced, by two people: what a reader with the old key sees, and what happens when the server
//! dies on the way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::evidence::{exported, offline};
use attest_tests::api::{id, text};
use attest_tests::proof::{members, open_checkpoint, proven, verify_bundle};
use attest_tests::{Engine, Lab, Person, Value, json, on_both_engines};

/// A second administrator, with a confirmed identity.
fn deputy(lab: &Lab) -> Person {
    let person = lab.hire("Deputy", &["administrator"]);
    person.api.step_up(&person.password);
    person
}

/// Both ask for it: the answer to the second.
fn rotate(lab: &Lab, deputy: &Person, reason: &str) -> Value {
    let body = json!({"reason": reason});
    let asked = lab.raised().post("/audit/keys/rotate", &body).expect(202);
    assert_eq!(
        (text(&asked["request"], "status"), &asked["rotation"]),
        ("requested".to_owned(), &Value::Null)
    );
    deputy.api.post("/audit/keys/rotate", &body).expect(200)
}

fn keys(lab: &Lab) -> Value {
    lab.administrator.api.get("/audit/keys").expect(200)
}

fn present_key(lab: &Lab) -> String {
    text(&keys(lab)["keys"][0], "verifier_key")
}

/// The whole log, checked by both verifiers with this key.
fn holds_under(lab: &Lab, bundle: &[u8], key: &str) -> String {
    verify_bundle(bundle, key).unwrap_or_else(|problem| panic!("{problem}"));
    let (good, said) = offline(lab, bundle, key, &[]);
    assert!(good, "{said}");
    said
}

on_both_engines! {
    /// ATT-17 ATT-24 ATT-44 Two people with confirmed identities replace the key. The answer proves it; bundles made before hold under the old
    /// key, those made after under the old one, which leads to the new one, and under the new one.
    fn two_people_replace_the_key(engine) {
        let lab = Lab::fresh(engine);
        lab.verified();
        let auditor = lab.hire("Auditor", &["auditor"]);
        let deputy = deputy(&lab);
        let (_, before) = exported(&auditor, &json!({"kind": "range"}));
        let held = auditor.api.get("/audit/checkpoint").expect_bytes(200).text();
        let seen = keys(&lab);
        assert_eq!(text(&seen["keys"][0], "verifier_key"), lab.log_key);
        assert_eq!((&seen["keys"][0]["current"], &seen["rotations"], &seen["waiting"]), (&json!(true), &json!([]), &Value::Null));

        // One person asks; another one sees it.
        let body = json!({"reason": "yearly rotation"});
        let asked = lab.raised().post("/audit/keys/rotate", &body).expect(202);
        let request = id(&asked["request"]);
        let entry = proven(&asked["proof"], &lab.log_key).unwrap();
        assert_eq!((&entry["action"], &entry["reason"]["text"]), (&json!("ledger.key_rotation_requested"), &json!("yearly rotation")));
        let waiting = deputy.api.get("/audit/keys").expect(200)["waiting"].clone();
        assert_eq!((id(&waiting), text(&waiting["requested_by"], "name")), (request.clone(), lab.administrator.name.clone()));
        assert_eq!((&waiting["yours"], &waiting["reason"]), (&json!(false), &json!("yearly rotation")));
        assert_eq!(present_key(&lab), lab.log_key, "nothing has happened yet");
        // The same person twice is one person.
        lab.raised().post("/audit/keys/rotate", &body).problem(409, "four-eyes");

        // The second person confirms what they saw; a request that is not the one that waits is not confirmed.
        let wrong = json!({"reason": "as agreed", "request": uuid::Uuid::now_v7()});
        deputy.api.post("/audit/keys/rotate", &wrong).problem(409, "conflict-state");
        let confirm = json!({"reason": "as agreed", "request": request});
        let done = deputy.api.post("/audit/keys/rotate", &confirm).expect(200);
        assert_eq!((text(&done["request"], "status"), &done["rotation"]["from"]), ("done".to_owned(), &json!(lab.log_key)));
        let new_key = text(&done["rotation"], "to");
        assert_ne!(new_key, lab.log_key);
        let both = text(&done["rotation"]["proof"], "checkpoint");
        for key in [&lab.log_key, &new_key] {
            assert_eq!(json!(open_checkpoint(&both, key).unwrap().size), done["rotation"]["proof"]["size"]);
        }
        // The answer's own proof leads to the checkpoint of the moment, which both keys or the new one alone signed.
        let entry = proven(&done["proof"], &new_key).unwrap();
        assert_eq!((&entry["action"], &entry["object"]["type"]), (&json!("ledger.key_rotated"), &json!("ledger")));
        deputy.api.post("/audit/keys/rotate", &confirm).problem(409, "conflict-state");

        let seen = keys(&lab);
        let listed: Vec<String> = seen["keys"].as_array().unwrap().iter().map(|key| text(key, "verifier_key")).collect();
        assert_eq!(listed, [new_key.clone(), lab.log_key.clone()]);
        assert_eq!((&seen["keys"][0]["current"], &seen["keys"][1]["current"]), (&json!(true), &json!(false)));
        assert_eq!(seen["keys"][1]["until_size"], done["rotation"]["proof"]["size"]);
        let rotation = &seen["rotations"][0];
        assert_eq!(text(&rotation["requested_by"], "name"), lab.administrator.name);
        assert_eq!((text(&rotation["confirmed_by"], "name"), text(rotation, "reason")), (deputy.name.clone(), "as agreed".to_owned()));
        assert_eq!(seen["waiting"], Value::Null);

        // Life goes on with the new key alone.
        lab.verified();
        let event = done["rotation"]["index"].as_u64().unwrap() + 1;
        let deadline = Instant::now() + Duration::from_secs(15);
        while auditor.api.get(&format!("/audit/events/{event}/proof")).status != 200 {
            assert!(Instant::now() < deadline, "event {event} is not covered");
            thread::sleep(Duration::from_millis(100));
        }
        let proof = auditor.api.get(&format!("/audit/events/{event}/proof")).expect(200);
        assert_eq!(text(&proof, "log_key"), new_key);
        proven(&proof, &new_key).unwrap();
        let newest = auditor.api.get("/audit/checkpoint").expect_bytes(200).text();
        assert!(open_checkpoint(&newest, &lab.log_key).is_err() && open_checkpoint(&newest, &new_key).is_ok());

        let (_, after) = exported(&auditor, &json!({"kind": "range", "held_checkpoint": held}));
        assert!(members(&after).contains_key("rotations.jsonl") && !members(&before).contains_key("rotations.jsonl"));
        holds_under(&lab, &before, &lab.log_key);
        holds_under(&lab, &after, &new_key);
        let said = holds_under(&lab, &after, &lab.log_key);
        assert!(said.contains("ok     key rotation") && said.contains(&new_key), "each step is shown: {said}");
        let (good, said) = offline(&lab, &before, &new_key, &[]);
        assert!(!good && said.contains("no signature by"), "a bundle from before knows nothing of the new key: {said}");
        // A checkpoint from before the rotation is still one of this log, for whoever holds either key.
        let file = lab.server.scratch().join("held.note");
        std::fs::write(&file, &held).unwrap();
        for key in [&lab.log_key, &new_key] {
            let (good, said) = offline(&lab, &after, key, &["--held", file.to_str().unwrap()]);
            assert!(good, "{said}");
        }
        // A selection has the way as well, and so has the paper twin.
        let (path, chosen) = exported(&auditor, &json!({"kind": "selection", "filter": {"object_type": "sample"}}));
        holds_under(&lab, &chosen, &lab.log_key);
        let pdf = auditor.api.get(&format!("{path}/document")).expect_bytes(200).body;
        let file = lab.server.scratch().join("paper.pdf");
        std::fs::write(&file, pdf).unwrap();
        let (good, said) = attest_tests::server::attest_verify(&file, &["--key", &lab.log_key]);
        assert!(good && said.contains("key rotation"), "{said}");
    }

    /// ATT-17 ATT-24 Who may not, and who has not confirmed their identity, replaces no key.
    fn who_may_not_replaces_no_key(engine) {
        let lab = Lab::shared(engine);
        let body = json!({"reason": "because"});
        let deputy = lab.hire("Careless", &["administrator"]);
        deputy.api.post("/audit/keys/rotate", &body).problem(403, "step-up-required");
        deputy.api.step_up(&deputy.password).post("/audit/keys/rotate", &json!({"reason": "  "})).problem(422, "validation");
        deputy.api.post("/audit/keys/rotate", &json!({"reason": ""})).problem(422, "validation");
        for role in ["auditor", "manager", "quality_manager"] {
            let person = lab.hire("Curious", &[role]);
            person.api.step_up(&person.password).post("/audit/keys/rotate", &body).problem(403, "forbidden");
        }
        lab.as_role("analyst").get("/audit/keys").problem(403, "forbidden");
        lab.as_role("auditor").get("/audit/keys").expect(200);
        lab.server.anonymous().get("/audit/keys").problem(401, "unauthenticated");
        assert_eq!(present_key(lab), lab.log_key);
    }

    /// ATT-24 Somebody who asked and somebody else who asked at the same moment: one rotation, not two.
    fn two_at_once_replace_it_once(engine) {
        let lab = Lab::fresh(engine);
        let deputy = deputy(&lab);
        let body = json!({"reason": "at once"});
        let here = lab.raised().clone();
        let answers: Vec<u16> = thread::scope(|scope| {
            let hands: Vec<_> = [&here, &deputy.api]
                .map(|api| scope.spawn(|| api.post("/audit/keys/rotate", &body).status))
                .into_iter()
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        // The answer to the first may already tell what the second did.
        assert!(answers.contains(&200) && answers.iter().all(|status| [200, 202].contains(status)), "{answers:?}");
        let seen = keys(&lab);
        assert_eq!((seen["rotations"].as_array().unwrap().len(), &seen["waiting"]), (1, &Value::Null));

        // A third person who wanted to confirm the same request comes too late, and asks for nothing by it.
        let third = lab.hire("Third", &["administrator"]);
        third.api.step_up(&third.password);
        let asked = lab.raised().post("/audit/keys/rotate", &body).expect(202);
        let confirm = json!({"reason": "mine", "request": id(&asked["request"])});
        let answers: Vec<u16> = thread::scope(|scope| {
            let hands: Vec<_> = [&deputy.api, &third.api]
                .map(|api| scope.spawn(|| api.post("/audit/keys/rotate", &confirm).status))
                .into_iter()
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        assert_eq!(BTreeSet::from([answers[0], answers[1]]), BTreeSet::from([200, 409]), "{answers:?}");
        let seen = keys(&lab);
        assert_eq!((seen["rotations"].as_array().unwrap().len(), &seen["waiting"]), (2, &Value::Null));
        let auditor = lab.hire("Auditor", &["auditor"]);
        let (_, bundle) = exported(&auditor, &json!({"kind": "range"}));
        let said = holds_under(&lab, &bundle, &lab.log_key);
        assert_eq!(said.matches("ok     key rotation").count(), 2, "{said}");
        let middle = text(&seen["keys"][1], "verifier_key");
        holds_under(&lab, &bundle, &middle);
    }

    /// While everybody writes, the key is replaced twice: nothing acknowledged is missing, no checkpoint is, and one leads to the next.
    fn replaced_under_load_nothing_is_lost(engine) {
        let lab = Lab::fresh(engine);
        lab.catalogue();
        let analyst = lab.as_role("analyst");
        let (deputy, auditor) = (deputy(&lab), lab.hire("Auditor", &["auditor"]));
        let stop = AtomicBool::new(false);
        let registered: Vec<String> = thread::scope(|scope| {
            let hands: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| {
                    let mut made = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        made.push(id(&analyst.post("/samples", &lab.new_sample()).expect(201)));
                    }
                    made
                }))
                .collect();
            thread::sleep(Duration::from_millis(500));
            rotate(&lab, &deputy, "first");
            thread::sleep(Duration::from_millis(500));
            rotate(&lab, &deputy, "second");
            thread::sleep(Duration::from_millis(500));
            stop.store(true, Ordering::Relaxed);
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        });
        assert!(registered.len() > 50, "only {}", registered.len());
        thread::sleep(Duration::from_secs(2));
        let (_, bundle) = exported(&auditor, &json!({"kind": "range"}));
        holds_under(&lab, &bundle, &lab.log_key);
        let found = verify_bundle(&bundle, &lab.log_key).unwrap();
        let told: BTreeSet<&str> = found.entries.iter()
            .filter(|(_, entry)| entry["action"] == "sample.registered")
            .filter_map(|(_, entry)| entry["object"]["id"].as_str())
            .collect();
        assert!(registered.iter().all(|sample| told.contains(sample.as_str())), "every acknowledged sample has its event");
        // Each stored checkpoint is signed by the key of its time, those that cover a rotation first by two.
        let seen = keys(&lab);
        let (first, second, third) = (&lab.log_key, text(&seen["keys"][1], "verifier_key"), present_key(&lab));
        let sizes: Vec<u64> = seen["rotations"].as_array().unwrap().iter().rev().map(|one| one["proof"]["size"].as_u64().unwrap()).collect();
        let notes = auditor.api.all("/audit/checkpoints");
        assert!(notes.len() > 5);
        for note in &notes {
            let (size, note) = (note["size"].as_u64().unwrap(), text(note, "note"));
            let by: Vec<bool> = [first, &second, &third].iter().map(|key| open_checkpoint(&note, key).is_ok()).collect();
            let expected = [size <= sizes[0], (sizes[0]..=sizes[1]).contains(&size), size >= sizes[1]];
            assert_eq!(by, expected, "the checkpoint over {size}, rotations at {sizes:?}");
        }
        let doctor = lab.server.run(&["doctor"], "");
        assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
    }

    /// ATT-44 The server is killed at any moment of a rotation: after the next start it has happened or it has not, and both can be proven.
    fn killed_on_the_way_it_is_completed_or_undone(engine) {
        let lab = Lab::fresh(engine);
        lab.verified();
        let (deputy, auditor) = (lab.hire("Deputy", &["administrator"]), lab.hire("Auditor", &["auditor"]));
        let again = |person: &Person| {
            let api = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
            api.step_up(&person.password);
            Person { api, ..person.clone() }
        };
        let body = json!({"reason": "storm"});
        let mut known = lab.log_key.clone();
        let mut rotations = 0;
        for delay in [0, 4, 8, 12, 16, 22, 30, 45] {
            let (first, second) = (again(&lab.administrator), again(&deputy));
            if first.api.get("/audit/keys").expect(200)["waiting"].is_null() {
                first.api.post("/audit/keys/rotate", &body).expect(202);
            }
            thread::scope(|scope| {
                let hand = scope.spawn(|| second.api.try_post("/audit/keys/rotate", &body));
                thread::sleep(Duration::from_millis(delay));
                lab.server.kill();
                hand.join().unwrap();
            });
            lab.server.restart();
            let auditor = again(&auditor);
            let deadline = Instant::now() + Duration::from_secs(20);
            let seen = loop {
                let seen = auditor.api.get("/audit/keys").expect(200);
                let open = seen["rotations"].as_array().unwrap().iter().any(|one| one["proof"].is_null());
                // Asked for or done; an event that was committed is completed without anybody's doing.
                if !open && (seen["waiting"].is_object() || seen["rotations"].as_array().unwrap().len() > rotations) {
                    break seen;
                }
                assert!(Instant::now() < deadline, "after {delay} ms: {seen}");
                thread::sleep(Duration::from_millis(100));
            };
            let now = seen["rotations"].as_array().unwrap().len();
            assert!(now == rotations || now == rotations + 1);
            rotations = now;
            let (_, bundle) = exported(&auditor, &json!({"kind": "range"}));
            for key in [&lab.log_key, &known, &text(&seen["keys"][0], "verifier_key")] {
                holds_under(&lab, &bundle, key);
            }
            known = text(&seen["keys"][0], "verifier_key");
        }
        assert!(rotations > 0, "it never came to a rotation: the story says nothing");
        // Of the old private keys nothing is left: one file with a secret, and the public halves of those before.
        let folder = lab.server.data_dir().join("keys/logs");
        let retired = std::fs::read_to_string(folder.join(format!("{}.retired", lab.slug))).unwrap();
        assert_eq!(retired.lines().count(), rotations);
        assert!(retired.starts_with(&lab.log_key));
        assert!(!folder.join(format!("{}.next", lab.slug)).exists() || keys_waiting(&lab, &deputy));
    }
}

/// A key was made for a rotation whose event never came: the request waits still.
fn keys_waiting(lab: &Lab, person: &Person) -> bool {
    let api = lab
        .server
        .anonymous()
        .log_in(&lab.slug, &person.email, &person.password);
    api.get("/audit/keys").expect(200)["waiting"].is_object()
}

/// A node that did not rotate knows the new key at once, and signs with it when the other one dies.
#[test]
fn the_other_node_follows() {
    let lab = Lab::fresh(Engine::Postgres);
    let node = lab.server.another_node();
    lab.catalogue();
    let deputy = deputy(&lab);
    let analyst = lab.as_role("analyst");
    let (here, there) = (lab.administrator.api.clone(), node.as_well(&lab.administrator.api));
    // Asked for here, confirmed there.
    lab.raised()
        .post("/audit/keys/rotate", &json!({"reason": "two nodes"}))
        .expect(202);
    let done = node
        .as_well(&deputy.api)
        .post("/audit/keys/rotate", &json!({"reason": "two nodes"}))
        .expect(200);
    let new_key = text(&done["rotation"], "to");
    for _ in 0..10 {
        for api in [&here, &there] {
            let seen = api.get("/audit/keys").expect(200);
            assert_eq!(text(&seen["keys"][0], "verifier_key"), new_key);
            let index = done["rotation"]["index"].as_u64().unwrap();
            proven(&api.get(&format!("/audit/events/{index}/proof")).expect(200), &new_key).unwrap();
        }
        analyst.post("/samples", &lab.new_sample()).expect(201);
    }
    let auditor = lab.hire("Auditor", &["auditor"]);
    lab.server.kill();
    let there = node.anonymous().log_in(&lab.slug, &auditor.email, &auditor.password);
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let newest = there.get("/audit/events?limit=1").expect(200)["items"][0]["index"].as_u64();
        let note = there.get("/audit/checkpoint").expect_bytes(200).text();
        if newest.is_some_and(|newest| newest < open_checkpoint(&note, &new_key).unwrap().size) {
            break;
        }
        assert!(Instant::now() < deadline, "the other node does not sign");
        thread::sleep(Duration::from_millis(500));
    }
    there.step_up(&auditor.password);
    let auditor = Person { api: there, ..auditor };
    let (_, bundle) = exported(&auditor, &json!({"kind": "range"}));
    holds_under(&lab, &bundle, &lab.log_key);
}
