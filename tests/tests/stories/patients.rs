//! ATT-43: people's names are found by who may look for them, and by nobody else, not even in the bytes.

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, percent_encoded, text};
use attest_tests::{Lab, Value, json, on_both_engines};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const FAMILY: &str = "Wąchocka-Zygfryda";
const GIVEN: &str = "Brunhildegarda";
const NUMBER: &str = "HOSP-55512039";

fn register(lab: &Lab) -> Value {
    lab.who_can("patient:manage").post("/patients", &json!({
        "family_name": FAMILY, "given_name": GIVEN, "birth_date": "1961-03-04", "sex": "female",
        "identifiers": [{"system": "hospital", "value": NUMBER}], "phone": "+48 600 700 811", "email": "brunhildegarda@home.example",
    })).expect(201)
}

on_both_engines! {
    /// Exact normalised name or number, nothing less.
    fn a_patient_is_found_by_name_and_by_number(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        let reader = lab.who_can("patient:read");
        let found = |q: &str| -> Vec<String> {
            reader.get(&format!("/patients?q={}", percent_encoded(q))).expect(200)["items"].as_array().unwrap().iter().map(id).collect()
        };
        for q in [format!("{FAMILY} {GIVEN}"), format!("  {}   {}", FAMILY.to_uppercase(), GIVEN.to_lowercase()), FAMILY.into(), NUMBER.into()] {
            assert_eq!(found(&q), [id(&patient)], "{q:?}");
        }
        for q in ["Wąch", "Brunhild", "HOSP-5551203", "Zygfryda"] {
            assert!(found(q).is_empty(), "{q:?} is not a whole name");
        }
        let again = register(&lab);
        let duplicates: Vec<String> = again["possible_duplicates"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(duplicates, [id(&patient)], "possible duplicates warn");
    }

    /// ATT-43 A name may be sent in the body, where no address holds it; each look is recorded all the same, and the log of
    /// requests holds no query whichever way was chosen.
    fn a_search_by_name_stays_out_of_addresses(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        let reader = lab.who_can("patient:read");
        let search = |q: &str| reader.post("/patients/search", &json!({"q": q, "limit": 10}));
        for q in [format!("{FAMILY} {GIVEN}"), FAMILY.to_uppercase(), NUMBER.into()] {
            let found = search(&q).expect(200);
            assert_eq!(id(&found["items"][0]), id(&patient), "{q:?}");
            assert!(found["next"].is_null());
        }
        assert!(search("Brunhild").expect(200)["items"].as_array().unwrap().is_empty());
        search("").names_field("q");
        lab.who_can("audit:read").post("/patients/search", &json!({"q": FAMILY})).problem(403, "forbidden");
        lab.server.anonymous().post("/patients/search", &json!({"q": FAMILY})).problem(401, "unauthenticated");
        let trail = lab.who_can("audit:read").all(&format!("/audit/events?object_id={}", id(&patient)));
        assert!(trail.iter().any(|event| event["action"] == "patient.viewed"), "{trail:?}");
        reader.get(&format!("/patients?q={}", percent_encoded("Zażółć Gęśla"))).expect(200);
        let printed = lab.server.printed();
        assert!(printed.contains("/api/v1/patients"), "requests are logged: {printed}");
        for name in [FAMILY, GIVEN, NUMBER, &percent_encoded("Zażółć"), "q="] {
            assert!(!printed.contains(name), "{name:?} is in the log");
        }
    }

    /// ATT-43 A thief of the database, the logs and the ledger learns no name.
    fn names_are_in_no_byte_that_is_stored(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        lab.who_can("patient:read").get(&format!("/patients?q={}", percent_encoded(&format!("{FAMILY} {GIVEN}")))).expect(200);
        let etag = lab.who_can("patient:read").get(&format!("/patients/{}", id(&patient))).etag();
        let renamed = lab.who_can("patient:manage").patch(&format!("/patients/{}", id(&patient)), &etag, &json!({"given_name": "Kunegundziana"}));
        assert_eq!(renamed.expect(200)["given_name"], "Kunegundziana");
        thread::sleep(Duration::from_secs(2));

        let mut stored = lab.server.database().loot();
        stored.extend(lab.server.printed().into_bytes());
        let canary = lab.administrator.email.as_bytes();
        assert!(stored.windows(canary.len()).any(|window| window == canary), "the search itself works: the administrator's address is there");
        for secret in [FAMILY, GIVEN, "Kunegundziana", NUMBER, "600 700 811", "600700811", "brunhildegarda@home", "1961-03-04"] {
            for form in [secret.to_owned(), secret.to_lowercase(), hex::encode(secret), hex::encode(secret.to_lowercase()), STANDARD.encode(secret)] {
                let found = stored.windows(form.len()).any(|window| window == form.as_bytes());
                assert!(!found, "{secret:?} can be read in what is stored (as {form:?})");
            }
        }
    }

    /// The ledger holds commitments instead of values; who may see them gets them opened.
    fn the_ledger_seals_personal_values(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        let path = format!("/audit/events?object_type=patient&object_id={}", id(&patient));
        let event = lab.as_role("auditor").get(&path).expect(200)["items"][0].clone();
        assert!(event["sealed"].as_array().is_some_and(|sealed| !sealed.is_empty()), "{event}");
        assert!(!event.to_string().contains(FAMILY), "auditors see no names unless granted patient:read");
        let entry: Value = serde_json::from_slice(&STANDARD.decode(text(&event, "entry")).unwrap()).unwrap();
        for sealed in entry["sealed"].as_array().unwrap() {
            let commitment = sealed["to"].as_str().or(sealed["from"].as_str()).unwrap();
            assert_eq!(STANDARD.decode(commitment).unwrap().len(), 32, "{sealed}");
        }
    }

    /// Every look at a patient is recorded (gathered for a moment, never lost).
    fn a_look_at_a_patient_is_recorded(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        lab.who_can("patient:read").get(&format!("/patients/{}", id(&patient))).expect(200);
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let events = lab.as_role("auditor").all(&format!("/audit/events?object_type=patient&object_id={}", id(&patient)));
            if events.iter().any(|event| text(event, "action").contains("view")) {
                return;
            }
            assert!(Instant::now() < deadline, "no event of the look: {events:?}");
            thread::sleep(Duration::from_millis(250));
        }
    }

    /// ATT-23 What one may not read is absent, not masked.
    fn without_the_permission_there_is_no_name(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        let technician = lab.hire("Technician", &["technician", "receptionist"]);
        let mut body = lab.new_sample();
        body.as_object_mut().unwrap().remove("client_id");
        body["patient_id"] = patient["id"].clone();
        let sample = technician.api.post("/samples", &body).expect(201);
        assert!(sample["patient"]["name"].as_str().unwrap().contains(FAMILY));
        let user = format!("/users/{}", technician.id);
        let etag = lab.administrator.api.get(&user).etag();
        let denied = json!({"grants": [{"permission": "patient:read", "effect": "deny", "reason": "trainee"}]});
        lab.raised().patch(&user, &etag, &denied).expect(200);
        for path in [format!("/samples/{}", id(&sample)), "/samples".into(), "/results".into(), format!("/samples/{}/timeline", id(&sample))] {
            let answer = technician.api.get(&path).expect_bytes(200).text();
            assert!(!answer.contains(FAMILY) && !answer.contains(GIVEN), "{path} shows a name");
        }
        assert_eq!(technician.api.get(&format!("/samples/{}", id(&sample))).expect(200)["patient"]["name"], Value::Null);
        technician.api.get(&format!("/patients/{}", id(&patient))).problem(403, "forbidden");
    }

    /// ATT-24 Merging two patients takes two people.
    fn merging_takes_two_people(engine) {
        let lab = Lab::fresh_medical(engine);
        let (twice, once) = (register(&lab), register(&lab));
        let role = ["receptionist", "doctor", "manager", "quality_manager", "technician"]
            .into_iter().find(|role| lab.role_holds(role, "patient:merge")).expect("a role that merges");
        let (first, second) = (lab.hire("First Pair", &[role]), lab.hire("Second Pair", &[role]));
        let path = format!("/patients/{}/merge", id(&twice));
        let body = json!({"into": id(&once), "reason": "registered twice"});
        first.api.post(&path, &json!({"into": id(&once)})).names_field("reason");
        let asked = first.api.post(&path, &body);
        assert!(asked.status < 300, "{}", asked.text());
        assert_eq!(asked.json()["status"], "requested");
        first.api.post(&path, &body).problem(409, "four-eyes");
        let done = second.api.post(&path, &body);
        assert!(done.status < 300, "{}", done.text());
        assert_eq!(done.json()["status"], "done");
    }

    /// Reference ranges follow sex, and age at collection.
    fn reference_ranges_follow_age_and_sex(engine) {
        let lab = Lab::fresh_medical(engine);
        let catalog = lab.who_can("catalog:manage");
        let catalogue = lab.catalogue();
        catalog.post("/specifications", &json!({
            "name": "Iron in serum", "sample_type_id": id(&catalogue.river_water), "kind": "reference_range",
            "decision_rule": "none", "judge": "rounded",
            "limits": [
                {"test_id": id(&catalogue.iron), "sex": "female", "age_min_days": 6570, "low": "0.30", "high": "1.50"},
                {"test_id": id(&catalogue.iron), "sex": "male", "age_min_days": 6570, "low": "0.60", "high": "1.70"},
            ],
        })).expect(201);
        let technician = lab.hire("Technician", &["technician", "receptionist"]);
        for (sex, flagged) in [("female", false), ("male", true)] {
            let patient = lab.who_can("patient:manage").post("/patients", &json!({
                "family_name": format!("Kowalski {sex}"), "given_name": "Jan", "birth_date": "1980-01-01", "sex": sex, "identifiers": [],
            })).expect(201);
            let mut body = lab.new_sample();
            body.as_object_mut().unwrap().remove("client_id");
            body["patient_id"] = patient["id"].clone();
            body["test_ids"] = json!([id(&catalogue.iron)]);
            let sample = technician.api.post("/samples", &body).expect(201);
            technician.api.post(&format!("/samples/{}/receive", id(&sample)), &json!({"condition": "acceptable"})).expect(200);
            let path = format!("/results/{}/enter", id(&sample["results"][0]));
            let entered = technician.api.post(&path, &json!({"value": "0.45"})).expect(200);
            assert_eq!(entered["flags"].as_array().unwrap().contains(&json!("L")), flagged, "{sex}: {}", entered["flags"]);
        }
    }

    /// A list that shows names is a look at each of them.
    fn a_list_with_names_is_a_look(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = register(&lab);
        let mut body = lab.new_sample();
        body.as_object_mut().unwrap().remove("client_id");
        body["patient_id"] = patient["id"].clone();
        lab.who_can("sample:register").post("/samples", &body).expect(201);
        let reader = lab.hire("Reader Of Lists", &["technician"]);
        let listed = reader.api.get("/samples").expect(200);
        assert!(listed["items"][0]["patient"]["name"].is_string(), "{listed}");
        let path = format!("/audit/events?action=patient.viewed&actor_id={}", reader.id);
        let looks = lab.as_role("auditor").all(&path);
        assert!(looks.iter().any(|event| event["object"]["id"] == patient["id"]), "{looks:?}");
    }

    /// ATT-23 An export in which names are legible is not for those who may not read them.
    fn an_export_with_names_is_not_for_everybody(engine) {
        let lab = Lab::fresh_medical(engine);
        register(&lab);
        let manager = lab.hire("Manager", &["manager"]);
        assert!(lab.role_holds("manager", "patient:read") && !lab.role_holds("auditor", "patient:read"));
        let ask = |api: &attest_tests::Api, password: &str| -> String {
            let body = json!({"kind": "selection", "filter": {"object_type": "patient"}});
            let path = format!("/audit/exports/{}", id(&api.step_up(password).post("/audit/exports", &body).expect(202)));
            let deadline = Instant::now() + Duration::from_secs(60);
            while api.get(&path).expect(200)["status"] != "ready" {
                assert!(Instant::now() < deadline, "the export is not ready");
                thread::sleep(Duration::from_millis(100));
            }
            path
        };
        let auditor = lab.person("auditor");
        let legible = ask(&manager.api, &manager.password);
        assert_eq!(manager.api.get(&legible).expect(200)["opened"], true);
        manager.api.get(&format!("{legible}/bundle")).expect_bytes(200);
        auditor.api.get(&format!("{legible}/bundle")).problem(403, "forbidden");
        auditor.api.get(&format!("{legible}/document")).problem(403, "forbidden");
        let sealed = ask(&auditor.api, &auditor.password);
        assert_eq!(auditor.api.get(&sealed).expect(200)["opened"], false);
        auditor.api.get(&format!("{sealed}/bundle")).expect_bytes(200);
    }
}
