//! Exports that leave the house and are checked on somebody else's laptop: by our own verifier here, which was written
//! from the published format alone, and by `attest-verify`.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::proof::{members, pack, proven, verify_bundle};
use attest_tests::server::attest_verify;
use attest_tests::{Lab, Person, Value, json, on_both_engines};

/// Waits for an export and downloads its bundle.
pub(crate) fn exported(auditor: &Person, body: &Value) -> (String, Vec<u8>) {
    let export = auditor
        .api
        .step_up(&auditor.password)
        .post("/audit/exports", body)
        .expect(202);
    let path = format!("/audit/exports/{}", id(&export));
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let state = auditor.api.get(&path).expect(200);
        match state["status"].as_str().unwrap() {
            "ready" => break,
            "failed" => panic!("{state}"),
            _ => assert!(Instant::now() < deadline, "still not ready: {state}"),
        }
        thread::sleep(Duration::from_millis(100));
    }
    let bundle = auditor.api.get(&format!("{path}/bundle")).expect_bytes(200);
    assert_eq!(bundle.header("content-type"), "application/zip");
    assert!(bundle.header("content-disposition").starts_with("attachment"));
    (path, bundle.body)
}

/// What `attest-verify` says of these bytes.
pub(crate) fn offline(lab: &Lab, bundle: &[u8], key: &str, more: &[&str]) -> (bool, String) {
    let file = lab
        .server
        .scratch()
        .join(format!("{}.attest.zip", uuid::Uuid::new_v4()));
    fs::write(&file, bundle).unwrap();
    let mut arguments = vec!["--key", key];
    arguments.extend(more);
    attest_verify(&file, &arguments)
}

on_both_engines! {
    /// The whole log, proven complete, by two verifiers written apart.
    fn a_range_proves_that_nothing_is_missing(engine) {
        let lab = Lab::shared(engine);
        lab.verified();
        let (_, bundle) = exported(&lab.hire("Auditor", &["auditor"]), &json!({"kind": "range"}));
        let proven = verify_bundle(&bundle, &lab.log_key).unwrap();
        assert_eq!(proven.entries.first().unwrap().0, 0, "from the first event");
        let actions: Vec<&str> = proven.entries.iter().filter_map(|(_, entry)| entry["action"].as_str()).collect();
        for action in ["sample.registered", "result.entered", "result.verified", "login.succeeded"] {
            assert!(actions.contains(&action), "{action} is not in the range");
        }
        let (good, said) = offline(lab, &bundle, &lab.log_key, &[]);
        assert!(good, "{said}");
    }

    /// Asking for an export is an act that is provable at once.
    fn asking_for_an_export_is_in_the_log(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.hire("Auditor", &["auditor"]);
        let asked = auditor.api.step_up(&auditor.password).post("/audit/exports", &json!({"kind": "range"})).expect(202);
        let entry = proven(&asked["proof"], &lab.log_key).unwrap_or_else(|problem| panic!("{problem}: {asked}"));
        assert_eq!((&entry["action"], &entry["object"]["id"]), (&json!("audit.exported"), &asked["id"]));
    }

    /// Some events, each with its own proof, and only those.
    fn a_selection_holds_what_was_asked_for(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        lab.registered();
        let filter = json!({"kind": "selection", "filter": {"object_type": "sample", "object_id": id(&sample)}});
        let (_, bundle) = exported(&lab.hire("Auditor", &["auditor"]), &filter);
        let proven = verify_bundle(&bundle, &lab.log_key).unwrap();
        let actions: Vec<&str> = proven.entries.iter().filter_map(|(_, entry)| entry["action"].as_str()).collect();
        assert_eq!(actions, ["sample.registered", "sample.received"]);
        assert!(proven.entries.iter().all(|(_, entry)| entry["object"]["id"] == sample["id"]));
        let (good, said) = offline(lab, &bundle, &lab.log_key, &[]);
        assert!(good, "{said}");
    }

    /// A reader who holds an older checkpoint sees that history was not rewritten.
    fn an_export_is_consistent_with_a_held_checkpoint(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.hire("Auditor", &["auditor"]);
        let held = auditor.api.get("/audit/checkpoint").expect_bytes(200).text();
        lab.verified();
        thread::sleep(Duration::from_secs(2));
        let (_, bundle) = exported(&auditor, &json!({"kind": "range", "held_checkpoint": held}));
        assert!(members(&bundle).contains_key("consistency.json"));
        let file = lab.server.scratch().join(format!("{}.note", uuid::Uuid::new_v4()));
        fs::write(&file, &held).unwrap();
        let (good, said) = offline(lab, &bundle, &lab.log_key, &["--held", file.to_str().unwrap()]);
        assert!(good, "{said}");
        let forged = held.replacen('\n', "x\n", 1);
        fs::write(&file, forged).unwrap();
        let (good, _) = offline(lab, &bundle, &lab.log_key, &["--held", file.to_str().unwrap()]);
        assert!(!good, "a forged held checkpoint must not pass");
    }

    /// The key comes from the reader; with another one nothing holds.
    fn another_laboratorys_key_refuses_the_bundle(engine) {
        let (lab, neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let (_, bundle) = exported(&lab.hire("Auditor", &["auditor"]), &json!({"kind": "range"}));
        assert!(verify_bundle(&bundle, &neighbour.log_key).is_err());
        let (good, said) = offline(lab, &bundle, &neighbour.log_key, &[]);
        assert!(!good, "{said}");
        let (good, _) = offline(lab, &bundle, "nonsense", &[]);
        assert!(!good);
    }

    /// ATT-40 One flipped byte anywhere, and the verifier names the member.
    fn one_flipped_byte_is_found_and_named(engine) {
        let lab = Lab::shared(engine);
        lab.verified();
        let (_, bundle) = exported(&lab.hire("Auditor", &["auditor"]), &json!({"kind": "range"}));
        let whole = members(&bundle);
        assert!(offline(lab, &pack(&whole), &lab.log_key, &[]).0, "packed again it still holds");
        for (name, content) in &whole {
            for place in [0, content.len() / 2, content.len() - 1] {
                let mut forged = whole.clone();
                forged.get_mut(name).unwrap()[place] ^= 1;
                let (good, said) = offline(lab, &pack(&forged), &lab.log_key, &[]);
                assert!(!good, "byte {place} of {name} was flipped, and it said: {said}");
                assert!(said.contains(name.as_str()), "byte {place} of {name}: the verifier names it: {said}");
                assert!(verify_bundle(&pack(&forged), &lab.log_key).is_err());
            }
        }
    }

    /// ATT-40 Dropped, added, swapped lines; dropped, added members.
    fn nothing_can_be_dropped_added_or_swapped(engine) {
        let lab = Lab::shared(engine);
        lab.verified();
        let (_, bundle) = exported(&lab.hire("Auditor", &["auditor"]), &json!({"kind": "range"}));
        let whole = members(&bundle);
        let lines: Vec<String> = String::from_utf8(whole["entries.jsonl"].clone()).unwrap().lines().map(str::to_owned).collect();
        let with_lines = |lines: Vec<String>| {
            let mut forged = whole.clone();
            forged.insert("entries.jsonl".into(), (lines.join("\n") + "\n").into_bytes());
            forged
        };
        let mut dropped = lines.clone();
        dropped.remove(lines.len() / 2);
        let mut newest_dropped = lines.clone();
        newest_dropped.pop();
        let mut added = lines.clone();
        added.push(lines[0].clone());
        let mut swapped = lines.clone();
        swapped.swap(0, 1);
        let mut without_range = whole.clone();
        without_range.remove("range.json");
        let mut extra: BTreeMap<String, Vec<u8>> = whole.clone();
        extra.insert("innocent.txt".into(), b"hello".to_vec());
        for (what, forged) in [
            ("dropped", with_lines(dropped)), ("the newest dropped", with_lines(newest_dropped)), ("added", with_lines(added)),
            ("swapped", with_lines(swapped)), ("range.json removed", without_range), ("a member added", extra),
        ] {
            let (good, said) = offline(lab, &pack(&forged), &lab.log_key, &[]);
            assert!(!good, "{what}: {said}");
            assert!(verify_bundle(&pack(&forged), &lab.log_key).is_err(), "{what}");
        }
    }

    /// The same evidence for people who read paper.
    fn the_signed_document_comes_with_the_bundle(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.hire("Auditor", &["auditor"]);
        let (path, _) = exported(&auditor, &json!({"kind": "selection", "filter": {"action": "sample.registered"}}));
        let document = auditor.api.get(&format!("{path}/document?part=1")).expect_bytes(200);
        assert_eq!(document.header("content-type"), "application/pdf");
        crate::reports::assert_archival_and_signed(lab, &document.body, None);
        let judge = |name: &str, bytes: &[u8], more: &[&str]| {
            let file = lab.server.scratch().join(format!("{}-{name}.pdf", uuid::Uuid::new_v4()));
            fs::write(&file, bytes).unwrap();
            attest_verify(&file, &[&["--key", lab.log_key.as_str()], more].concat())
        };
        let (good, said) = judge("whole", &document.body, &[]);
        assert!(good && said.contains("PDF signature: covers every byte of the file"), "{said}");
        assert!(said.contains("not compared with the attached files") && !said.contains("as shown"), "{said}");
        for part in 0..40 {
            let mut forged = document.body.clone();
            forged[part * document.body.len() / 40 + 7] ^= 1;
            let (good, said) = judge("flipped", &forged, &[]);
            assert!(!good, "a byte of the paper was flipped, and it said: {said}");
        }
        auditor.api.get(&format!("{path}/document?part=99")).problem(404, "not-found");
    }

    /// Every tile has one address.
    fn a_tile_has_one_spelling(engine) {
        let auditor = Lab::shared(engine).as_role("auditor");
        auditor.get("/audit/ledger/tile/0/000.p/1").expect_bytes(200);
        for other in ["00/000.p/1", "+0/000.p/1", "0/0.p/1", "0/000.p/01", "8/000.p/1"] {
            auditor.get(&format!("/audit/ledger/tile/{other}")).problem(404, "not-found");
        }
    }

    /// Exports are for who may export, are listed, and are events themselves.
    fn an_export_is_an_event_itself(engine) {
        let lab = Lab::shared(engine);
        lab.as_role("analyst").post("/audit/exports", &json!({"kind": "range"})).problem(403, "forbidden");
        let auditor = lab.hire("Auditor", &["auditor"]);
        let (path, _) = exported(&auditor, &json!({"kind": "selection", "filter": {"action": "user.created"}}));
        assert!(auditor.api.all("/audit/exports").iter().any(|export| path.ends_with(&id(export))));
        let own = auditor.api.all(&format!("/audit/events?actor_id={}", auditor.id));
        let about: Vec<String> = own.iter().map(|event| text(event, "action")).filter(|action| action.contains("export")).collect();
        assert!(!about.is_empty());
        auditor.api.post("/audit/exports", &json!({"kind": "everything"})).names_field("kind");
    }
}
