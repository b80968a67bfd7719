//! People work in batches: all or nothing, or item by item when asked.

use attest_tests::api::id;
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines};

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
}
