//! People work in batches: all or nothing, or item by item when asked.

use attest_tests::api::id;
use attest_tests::story::result_of;
use attest_tests::{Engine, Lab, Value, json, on_both_engines};
use std::time::{Duration, Instant};

on_both_engines! {
    /// All or nothing is the default.
    fn one_wrong_value_stops_the_whole_batch(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let (nitrate, iron) = (result_of(&sample, "NO3-N"), result_of(&sample, "FE"));
        let items = json!([{"result_id": id(&nitrate), "value": "1.0"}, {"result_id": id(&iron), "value": "rusty"}]);
        let problem = lab.as_role("analyst").post("/results/enter", &json!({"items": items})).problem(422, "validation");
        let path = problem["errors"][0]["path"].as_str().unwrap();
        assert!(path.contains('1') && path.ends_with("value"), "it says which item: {path}");
        assert_eq!(lab.result(&id(&nitrate))["status"], "pending");
        assert_eq!(lab.sample(&id(&sample))["status"], "received");
    }

    /// `?partial=true` answers per item.
    fn a_partial_batch_says_what_became_of_each(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let (nitrate, iron) = (result_of(&sample, "NO3-N"), result_of(&sample, "FE"));
        let nowhere = "0197b1e2-0000-7000-8000-000000000000";
        let items = json!([
            {"result_id": id(&nitrate), "value": "1.0"}, {"result_id": id(&iron), "value": "rusty"}, {"result_id": nowhere, "value": "1"},
        ]);
        let answer = lab.as_role("analyst").post("/results/enter?partial=true", &json!({"items": items})).expect(207);
        let statuses: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
        assert_eq!(statuses, [&json!(200), &json!(422), &json!(404)]);
        assert_eq!(answer["items"][0]["result"]["value"], "1.000");
        assert_eq!(answer["items"][1]["problem"]["type"], "/problems/validation");
        assert_eq!(answer["items"][2]["problem"]["type"], "/problems/not-found");
        assert_eq!(lab.result(&id(&nitrate))["status"], "entered");
        assert_eq!(lab.result(&id(&iron))["status"], "pending");
        let fine = json!({"items": [{"result_id": id(&iron), "value": "0.1"}]});
        lab.as_role("analyst").post("/results/enter?partial=true", &fine).expect(200);
    }

    /// A batch of samples is registered together or not at all.
    fn a_batch_of_samples_is_registered_together(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let items: Vec<Value> = (0..20).map(|_| lab.new_sample()).collect();
        let made = analyst.post("/samples/batch", &json!({"items": items})).expect(201);
        let mut numbers: Vec<&str> = made["items"].as_array().unwrap().iter().filter_map(|s| s["accession_number"].as_str()).collect();
        assert_eq!(numbers.len(), 20);
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 20, "accession numbers are distinct");

        let reference = lab.new_sample()["client_reference"].clone();
        let mut items: Vec<Value> = (0..3).map(|_| lab.new_sample()).collect();
        items[0]["client_reference"] = reference.clone();
        items[2]["sample_type_id"] = json!("0197b1e2-0000-7000-8000-000000000000");
        analyst.post("/samples/batch", &json!({"items": items})).names_field("sample_type_id");
        let found = analyst.get(&format!("/samples?q={}", reference.as_str().unwrap())).expect(200);
        assert_eq!(found["items"], json!([]), "nothing of it was kept");
    }

    /// Receiving a crate of bottles.
    fn many_samples_are_received_at_once(engine) {
        let lab = Lab::shared(engine);
        let samples: Vec<Value> = (0..5).map(|_| lab.registered()).collect();
        let items: Vec<Value> = samples.iter().map(|sample| json!({"sample_id": id(sample), "condition": "acceptable"})).collect();
        let answer = lab.as_role("analyst").post("/samples/receive", &json!({"items": items})).expect(200);
        assert_eq!(answer["items"].as_array().unwrap().len(), 5);
        assert!(answer["items"].as_array().unwrap().iter().all(|item| item["sample"]["status"] == "received"), "{answer}");
        lab.as_role("analyst").post("/samples/receive", &json!({"items": items})).problem(409, "conflict-state");
    }

    /// A batch has a size.
    fn a_batch_is_not_endless(engine) {
        let lab = Lab::shared(engine);
        let items: Vec<Value> = (0..5000).map(|_| json!({"result_id": "0197b1e2-0000-7000-8000-000000000000", "value": "1"})).collect();
        let answer = lab.as_role("analyst").post("/results/enter", &json!({"items": items}));
        assert!([413, 422].contains(&answer.status), "{}", answer.status);
    }

    /// `?partial=true` registers what can be registered, and a repeated request answers the same.
    fn a_partial_batch_of_samples_says_what_became_of_each(engine) {
        let lab = Lab::shared(engine);
        let key = attest_tests::lab::new_password();
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key);
        let mut items: Vec<Value> = (0..3).map(|_| lab.new_sample()).collect();
        items[1]["test_ids"] = json!(["0197b1e2-0000-7000-8000-000000000000"]);
        let body = json!({"items": items});
        let answer = analyst.post("/samples/batch?partial=true", &body);
        let told = answer.expect(207);
        let statuses: Vec<&Value> = told["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
        assert_eq!(statuses, [&json!(201), &json!(422), &json!(201)]);
        let problem = &told["items"][1]["problem"];
        assert_eq!((&problem["errors"][0]["path"], &problem["request_id"]), (&json!("test_ids.0"), &json!(answer.header("x-request-id"))));
        assert_eq!(told["items"][0]["sample"]["client_reference"], items[0]["client_reference"]);
        assert_eq!(told["items"][2]["sample"]["client_reference"], items[2]["client_reference"]);
        let again = analyst.post("/samples/batch?partial=true", &body).expect(207);
        for place in [0, 2] {
            assert_eq!(again["items"][place]["sample"]["id"], told["items"][place]["sample"]["id"]);
        }
        assert_eq!(again["items"][1]["status"], 409);
        let analyst = lab.as_role("analyst");
        let fine = json!({"items": [lab.new_sample()]});
        analyst.post("/samples/batch?partial=true", &fine).expect(201);
        let none = json!({"items": [items[1].clone(), items[1].clone()]});
        assert_eq!(analyst.post("/samples/batch?partial=true", &none).expect(207)["items"][1]["status"], 422);
    }

    /// Every item's problem can be found in the log, and wrong ids are named as fields everywhere.
    fn bulk_problems_are_as_good_as_single_ones(engine) {
        let lab = Lab::shared(engine);
        let nowhere = "0197b1e2-0000-7000-8000-000000000000";
        let sample = lab.received();
        let nitrate = id(&result_of(&sample, "NO3-N"));
        let analyst = lab.as_role("analyst");
        let items = json!({"items": [{"result_id": nitrate, "value": "1"}, {"result_id": nowhere, "value": "1"}]});
        let partial = analyst.post("/results/enter?partial=true", &items);
        assert_eq!(partial.expect(207)["items"][1]["problem"]["request_id"], json!(partial.header("x-request-id")));
        let twice = json!({"items": [{"result_id": nitrate, "value": "1"}, {"result_id": nitrate, "value": "1"}]});
        for body in [items, twice] {
            let problem = analyst.post("/results/enter", &body).problem(422, "validation");
            let paths: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
            assert!(paths.contains(&&json!("items.1.result_id")), "{problem}");
        }
        let ids = json!({"result_ids": [nitrate, nowhere]});
        let problem = lab.as_role("authorizer").post("/results/verify", &ids).problem(422, "validation");
        assert_eq!(problem["errors"][0]["path"], "result_ids.1");
        let many: Vec<&str> = vec![nowhere; 101];
        let problem = lab.as_role("authorizer").post("/reports", &json!({"sample_ids": many})).problem(422, "validation");
        assert!(problem["errors"][0]["message"].as_str().unwrap().contains("items"), "{problem}");
        let conflict = analyst.post(&format!("/samples/{}/receive", id(&sample)), &json!({"condition": "acceptable"})).problem(409, "conflict-state");
        assert!(conflict["detail"].as_str().unwrap().contains("cannot receive a sample that is in progress"), "{conflict}");
    }
}

/// PostgreSQL has statistics of a table seconds after it grew: loading is not planned as if the laboratory were still empty.
#[test]
fn statistics_follow_what_is_loaded() {
    let lab = Lab::fresh(Engine::Postgres);
    let analyst = lab.as_role("analyst");
    lab.catalogue();
    // Autovacuum, which comes once a minute, must not be the one.
    let database = lab.server.database();
    for table in ["samples", "audit_events"] {
        database
            .as_owner(&format!("ALTER TABLE {table} SET (autovacuum_enabled = false)"))
            .unwrap();
    }
    for _ in 0..4 {
        let items: Vec<Value> = (0..150).map(|_| lab.new_sample()).collect();
        analyst.post("/samples/batch", &json!({"items": items})).expect(201);
    }
    // `last_analyze` counts ours only, `last_autoanalyze` is autovacuum's.
    let analysed = "SELECT COUNT(*) FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid \
        WHERE pg_stat_user_tables.relname IN ('samples', 'audit_events') AND last_analyze IS NOT NULL AND reltuples >= 500";
    let deadline = Instant::now() + Duration::from_secs(30);
    while database.as_owner(analysed).unwrap().trim() != "2" {
        assert!(Instant::now() < deadline, "no statistics after 30 seconds");
        std::thread::sleep(Duration::from_millis(200));
    }
}
