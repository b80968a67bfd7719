//! The audit trail: everything is in it, it can be proven, and nobody can take it out again.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::proof::{Hash, hash, is_consistent, leaf_hash, open_checkpoint, root_from_inclusion};
use attest_tests::story::result_of;
use attest_tests::{Api, Engine, Lab, Value, json, on_both_engines};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Events of one thing, newest first, once the sequencer has numbered them all (it is at most a second behind).
fn events_of(auditor: &Api, filter: &str) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let events = auditor.all(&format!("/audit/events?{filter}"));
        if events.iter().all(|event| event["index"].is_u64()) {
            return events;
        }
        assert!(Instant::now() < deadline, "events stay without an index: {events:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn actions(events: &[Value]) -> Vec<String> {
    events.iter().rev().map(|event| text(event, "action")).collect()
}

fn path_hashes(list: &Value) -> Vec<Hash> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| hash(item.as_str().unwrap()).unwrap())
        .collect()
}

on_both_engines! {
    /// Every change of a sample and of a result has its event, with what was before and after, by whom.
    fn every_change_is_recorded(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let analyst = lab.person("analyst");
        let sample = lab.entered();
        let nitrate = result_of(&sample, "NO3-N");
        let corrected = json!({"value": "3.1", "reason": "wrong dilution"});
        analyst.api.post(&format!("/results/{}/enter", id(&nitrate)), &corrected).expect(200);
        lab.verify(&id(&nitrate)).expect(200);

        let of_sample = events_of(&auditor, &format!("object_type=sample&object_id={}", id(&sample)));
        let known = actions(&of_sample);
        assert_eq!(&known[..2], ["sample.registered", "sample.received"]);
        let of_result = events_of(&auditor, &format!("object_type=result&object_id={}", id(&nitrate)));
        assert_eq!(actions(&of_result), ["result.entered", "result.corrected", "result.verified"]);
        let correction = &of_result[1];
        assert_eq!(correction["actor"]["id"], analyst.id.as_str());
        assert_eq!(correction["actor"]["kind"], "user");
        let change = correction["changes"].as_array().unwrap().iter().find(|change| change["to"] == "3.1" || change["to"] == "3.100");
        let change = change.unwrap_or_else(|| panic!("no change to 3.1 in {correction}"));
        assert!(change["from"].as_str().unwrap().starts_with("2.4"), "{change}");
        assert!(correction["reason"].to_string().contains("wrong dilution"));
        assert!(correction["source"]["ip"].is_string() && correction["source"]["request_id"].is_string(), "{}", correction["source"]);
        assert!(!text(correction, "sentence").is_empty());
    }

    /// Coming, going, trying and being refused are events too, and a typed login name is never written down.
    fn logins_and_refusals_are_recorded(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let person = lab.hire("Observed", &["viewer"]);
        let wrong = json!({"email": person.email, "password": "Wrong-Password-77", "laboratory": lab.slug});
        lab.server.anonymous().post("/auth/login", &wrong).problem(401, "invalid-credentials");
        let typed = "my-secret-by-mistake@riverside.example";
        let unknown = json!({"email": typed, "password": "Wrong-Password-77", "laboratory": lab.slug});
        lab.server.anonymous().post("/auth/login", &unknown).problem(401, "invalid-credentials");
        person.api.post("/samples", &lab.new_sample()).problem(403, "forbidden");
        person.api.post("/auth/logout", &json!({})).expect(204);

        thread::sleep(Duration::from_secs(2)); // Refusals and failures may be gathered for a moment.
        let by_person = events_of(&auditor, &format!("actor_id={}", person.id));
        let known: BTreeSet<String> = actions(&by_person).into_iter().collect();
        for action in ["login.succeeded", "access.refused", "logout"] {
            assert!(known.iter().any(|known| known.contains(action)), "{action} is missing from {known:?}");
        }
        let failures = auditor.all("/audit/events?action=login.failed");
        assert!(!failures.is_empty());
        assert!(!failures.iter().any(|event| event.to_string().contains("my-secret-by-mistake")));
        let entries: Vec<u8> = failures.iter().flat_map(|event| STANDARD.decode(text(event, "entry")).unwrap()).collect();
        assert!(!String::from_utf8_lossy(&entries).contains("my-secret-by-mistake"));
    }

    /// ATT-25 A refusal names what was asked for, whichever rule refused it; staff are in labels by id only.
    fn a_refusal_names_its_object(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let both = lab.hire("Both Hands Again", &["analyst", "authorizer"]);
        let nitrate = result_of(&lab.received(), "NO3-N");
        both.api.post(&format!("/results/{}/enter", id(&nitrate)), &json!({"value": "2.5"})).expect(200);
        let verify = format!("/results/{}/verify", id(&nitrate));
        both.api.post(&verify, &json!({})).problem(409, "four-eyes");
        both.api.get("/users").problem(403, "forbidden");
        let in_bulk = json!({"result_ids": [id(&nitrate)]});
        both.api.post("/results/verify?partial=true", &in_bulk).expect(207);
        let refused = events_of(&auditor, &format!("action=access.refused&actor_id={}", both.id));
        let change = |event: &Value, path: &str| {
            event["changes"].as_array().unwrap().iter().find(|change| change["path"] == path).map(|change| text(change, "to"))
        };
        let told: Vec<_> = refused.iter().rev().map(|event| (change(event, "problem").unwrap(), change(event, "path").unwrap())).collect();
        assert_eq!(told, [
            ("four-eyes".to_owned(), format!("/api/v1{verify}")),
            ("forbidden".to_owned(), "/api/v1/users".to_owned()),
            ("four-eyes".to_owned(), format!("/api/v1/results/verify#{}", id(&nitrate))),
        ]);
        let about = events_of(&auditor, &format!("object_type=user&object_id={}&action=user.created", both.id));
        assert_eq!(about[0]["object"]["label"], Value::Null);
        assert!(text(&about[0], "sentence").contains("Both Hands Again"), "{}", about[0]["sentence"]);
    }

    /// What follows from an act is recorded with it: the state of the sample, and each result that goes with a rejected one.
    fn consequences_are_recorded(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let sample = lab.verified();
        let of_sample = events_of(&auditor, &format!("object_type=sample&object_id={}", id(&sample)));
        assert_eq!(actions(&of_sample), ["sample.registered", "sample.received", "sample.advanced", "sample.advanced"]);
        let rejected = lab.received();
        let why = json!({"reason": "container broken", "reason_code": "sample_unsuitable"});
        lab.who_can("sample:reject").post(&format!("/samples/{}/reject", id(&rejected)), &why).expect(200);
        for result in rejected["results"].as_array().unwrap() {
            let known = actions(&events_of(&auditor, &format!("object_type=result&object_id={}", id(result))));
            assert_eq!(known.last().map(String::as_str), Some("result.cancelled"), "{known:?}");
        }
    }

    /// Administrative acts.
    fn changes_of_people_and_roles_are_recorded(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let person = lab.hire("Recorded", &["viewer"]);
        let user = format!("/users/{}", person.id);
        let etag = lab.administrator.api.get(&user).etag();
        lab.raised().patch(&user, &etag, &json!({"role_ids": [id(&lab.roles()["analyst"])]})).expect(200);
        lab.raised().post(&format!("{user}/reset-password"), &json!({})).expect(202);
        lab.raised().post(&format!("{user}/deactivate"), &json!({"reason": "left"})).expect(200);
        let known = actions(&events_of(&auditor, &format!("object_type=user&object_id={}", person.id)));
        assert!(known.len() >= 4, "created, changed, reset, deactivated: {known:?}");
        assert_eq!(known[0], "user.created");
        assert!(known.iter().any(|action| action == "user.deactivated"), "{known:?}");
    }

    /// A patch that changes nothing is no event; a refused request is no change.
    fn what_did_not_happen_is_not_recorded(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let sample = lab.registered();
        let path = format!("/samples/{}", id(&sample));
        lab.as_role("analyst").patch(&path, "\"99\"", &json!({"remark": "x"})).problem(412, "stale");
        lab.as_role("analyst").post(&format!("{path}/receive"), &json!({"condition": ""})).problem(422, "validation");
        let known = actions(&events_of(&auditor, &format!("object_type=sample&object_id={}", id(&sample))));
        assert_eq!(known, ["sample.registered"]);
    }

    /// Filters of the list.
    fn the_list_filters_by_actor_action_object_and_time(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let analyst = lab.person("analyst");
        let sample = lab.registered();
        let by_action = auditor.get("/audit/events?action=sample.registered&limit=200").expect(200);
        assert!(by_action["items"].as_array().unwrap().iter().all(|event| event["action"] == "sample.registered"));
        assert!(by_action["items"].as_array().unwrap().iter().any(|event| event["object"]["id"] == sample["id"]));
        let by_actor = auditor.get(&format!("/audit/events?actor_id={}&limit=200", analyst.id)).expect(200);
        assert!(by_actor["items"].as_array().unwrap().iter().all(|event| event["actor"]["id"] == analyst.id.as_str()));
        let none = auditor.get("/audit/events?from=2099-01-01T00:00:00Z").expect(200);
        assert_eq!(none["items"], json!([]));
        let none = auditor.get("/audit/events?to=2020-01-01T00:00:00Z").expect(200);
        assert_eq!(none["items"], json!([]));
        let names = auditor.get("/audit/actions").expect(200);
        assert!(names["items"].as_array().unwrap().iter().any(|action| action["id"] == "sample.registered"));
        auditor.get("/audit/events?action=sample.teleported").names_field("action");
    }

    /// The sentences are said in the reader's language.
    fn sentences_speak_polish_and_english(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let path = format!("/audit/events?object_type=sample&object_id={}", id(&lab.registered()));
        let english = text(&auditor.with("Accept-Language", "en").get(&path).expect(200)["items"][0], "sentence");
        let polish = text(&auditor.with("Accept-Language", "pl").get(&path).expect(200)["items"][0], "sentence");
        assert_ne!(english, polish);
    }

    /// ATT-41 What cannot be recorded does not happen.
    fn no_event_no_change(engine) {
        let lab = Lab::fresh(engine);
        let (database, manage) = (lab.server.database(), lab.who_can("client:manage"));
        let (refuse, allow) = match engine {
            Engine::Sqlite => (
                "CREATE TRIGGER no_events BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no'); END",
                "DROP TRIGGER no_events",
            ),
            Engine::Postgres => (
                "CREATE TRIGGER no_events BEFORE INSERT ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                "DROP TRIGGER no_events ON audit_events",
            ),
        };
        database.as_owner(refuse).unwrap();
        let answer = manage.post("/clients", &json!({"name": "Unrecorded"}));
        assert!(answer.status >= 500, "{}", answer.text());
        database.as_owner(allow).unwrap();
        assert!(manage.all("/clients?q=unrecorded").is_empty());
        manage.post("/clients", &json!({"name": "Unrecorded"})).expect(201);
    }

    /// An event is in the log, says a proof that our own verifier checks with a key it already holds.
    fn an_event_is_proven_by_an_independent_verifier(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let sample = lab.registered();
        let event = events_of(&auditor, &format!("object_type=sample&object_id={}", id(&sample))).remove(0);
        let index = event["index"].as_u64().unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let proof = loop {
            let answer = auditor.get(&format!("/audit/events/{index}/proof"));
            if answer.status == 200 || Instant::now() > deadline {
                break answer.expect(200);
            }
            thread::sleep(Duration::from_millis(100));
        };
        let entry = STANDARD.decode(text(&proof, "entry")).unwrap();
        assert_eq!(STANDARD.decode(text(&event, "entry")).unwrap(), entry);
        let parsed: Value = serde_json::from_slice(&entry).unwrap();
        assert_eq!(parsed["v"], "attest.audit/v1");
        assert_eq!(parsed["object"]["id"], sample["id"]);
        let checkpoint = open_checkpoint(proof["checkpoint"].as_str().unwrap(), &lab.log_key).unwrap();
        assert_eq!(parsed["log"], checkpoint.origin.as_str());
        assert_eq!(proof["tree_size"].as_u64(), Some(checkpoint.size));
        let path = path_hashes(&proof["path"]);
        assert_eq!(root_from_inclusion(index, checkpoint.size, leaf_hash(&entry), &path), Some(checkpoint.root));
        let mut forged = entry.clone();
        forged[10] ^= 1;
        assert_ne!(root_from_inclusion(index, checkpoint.size, leaf_hash(&forged), &path), Some(checkpoint.root));
    }

    /// A log that grows stays the same log.
    fn checkpoints_are_consistent(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.as_role("auditor");
        let now = || open_checkpoint(&auditor.get("/audit/checkpoint").expect_bytes(200).text(), &lab.log_key).unwrap();
        let old = now();
        lab.verified();
        let deadline = Instant::now() + Duration::from_secs(10);
        let new = loop {
            let new = now();
            if new.size > old.size || Instant::now() > deadline {
                break new;
            }
            thread::sleep(Duration::from_millis(100));
        };
        assert!(new.size > old.size, "the log did not grow");
        let answer = auditor.get(&format!("/audit/consistency?from={}&to={}", old.size, new.size)).expect(200);
        assert!(is_consistent(old.size, new.size, old.root, new.root, &path_hashes(&answer["path"])));
        let tile = auditor.get("/audit/ledger/checkpoint").expect_bytes(200);
        assert_eq!(open_checkpoint(&tile.text(), &lab.log_key).unwrap().origin, new.origin);
    }

    /// ATT-40 The whole log read back through the tiles gives the signed root.
    fn the_tiles_rebuild_the_signed_root(engine) {
        let lab = Lab::fresh(engine);
        lab.verified();
        thread::sleep(Duration::from_secs(2));
        let auditor = lab.as_role("auditor");
        let checkpoint = open_checkpoint(&auditor.get("/audit/ledger/checkpoint").expect_bytes(200).text(), &lab.log_key).unwrap();
        assert!(checkpoint.size < 256, "the story is short: {}", checkpoint.size);
        let tile = auditor.get(&format!("/audit/ledger/tile/0/000.p/{}", checkpoint.size)).expect_bytes(200).body;
        assert_eq!(tile.len() as u64, checkpoint.size * 32);
        let leaves: Vec<Hash> = tile.chunks(32).map(|leaf| leaf.try_into().unwrap()).collect();
        assert_eq!(attest_tests::proof::root_of(&leaves), checkpoint.root);
        let entries = auditor.get(&format!("/audit/ledger/tile/entries/000.p/{}", checkpoint.size)).expect_bytes(200).body;
        let mut rest = &entries[..];
        let mut read = Vec::new();
        while let Some((length, after)) = rest.split_at_checked(2) {
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            read.push(leaf_hash(&after[..length]));
            rest = &after[length..];
        }
        assert_eq!(read, leaves);
    }

    /// ATT-42 Append-only in the engine itself: the owner of the database is refused, and so is the service.
    fn the_database_refuses_to_change_history(engine) {
        let lab = Lab::fresh(engine);
        lab.registered();
        let database = lab.server.database();
        let chosen = database.choose_laboratory(&lab.id);
        let count = || database.as_owner(&format!("{chosen}SELECT count(*) FROM audit_events")).unwrap();
        let before = count();
        assert_ne!(before, "0");
        let mut statements = vec!["UPDATE audit_events SET tenant_id = tenant_id", "DELETE FROM audit_events",
            "INSERT INTO audit_events SELECT * FROM audit_events"];
        statements.extend(match engine {
            Engine::Sqlite => ["REPLACE INTO audit_events SELECT * FROM audit_events", "UPDATE OR REPLACE audit_events SET id = id"],
            Engine::Postgres => ["TRUNCATE audit_events", "TRUNCATE audit_events CASCADE"],
        });
        for statement in statements {
            for lead in ["", &chosen] {
                let refused = database.as_owner(&format!("{lead}{statement}"));
                assert!(refused.is_err() || lead.is_empty() && statement.starts_with("INSERT"), "{lead}{statement} as owner: {refused:?}");
                let refused = database.as_service(&format!("{lead}{statement}"));
                assert!(refused.is_err() || lead.is_empty() && statement.starts_with("INSERT"), "{lead}{statement} as the service: {refused:?}");
            }
        }
        assert_eq!(count(), before);
    }
}
