//! ATT-33: the network may repeat a request; the laboratory must not.

use std::thread;

use attest_tests::api::id;
use attest_tests::story::result_of;
use attest_tests::{Engine, Lab, json, on_both_engines};
use sha2::{Digest, Sha256};

fn key() -> String {
    attest_tests::lab::new_password()
}

on_both_engines! {
    /// ATT-33 Same key, same body: the first answer again.
    fn the_same_request_twice_happens_once(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key());
        let body = lab.new_sample();
        let first = analyst.post("/samples", &body).expect(201);
        let again = analyst.post("/samples", &body).expect(201);
        assert_eq!(id(&first), id(&again));
        let found = analyst.get(&format!("/samples?q={}", body["client_reference"].as_str().unwrap())).expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }

    /// ATT-33 The saved answer is of this moment's truth, not a stored body.
    fn the_repeated_answer_shows_the_sample_as_it_is_now(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let keyed = analyst.with("Idempotency-Key", &key());
        let body = lab.new_sample();
        let first = keyed.post("/samples", &body).expect(201);
        analyst.post(&format!("/samples/{}/receive", id(&first)), &json!({"condition": "acceptable"})).expect(200);
        assert_eq!(keyed.post("/samples", &body).expect(201)["status"], "received");
    }

    /// ATT-33 Same key, other body.
    fn the_same_key_for_another_body_is_refused(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key());
        analyst.post("/samples", &lab.new_sample()).expect(201);
        analyst.post("/samples", &lab.new_sample()).problem(422, "idempotency-mismatch");
    }

    /// ATT-33 A transition repeated is not a conflict.
    fn a_repeated_transition_answers_as_before(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let nitrate = result_of(&sample, "NO3-N");
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key());
        let path = format!("/results/{}/enter", id(&nitrate));
        let first = analyst.post(&path, &json!({"value": "1.5"})).expect(200);
        let again = analyst.post(&path, &json!({"value": "1.5"})).expect(200);
        assert_eq!(first["version"], again["version"]);
    }

    /// ATT-33 Keys are one's own: another person's same key means nothing.
    fn keys_belong_to_the_person_and_the_route(engine) {
        let lab = Lab::shared(engine);
        let key = key();
        let body = lab.new_sample();
        let first = lab.as_role("analyst").with("Idempotency-Key", &key).post("/samples", &body).expect(201);
        let colleague = lab.hire("Second Analyst", &["analyst"]).api.with("Idempotency-Key", &key);
        assert_ne!(id(&first), id(&colleague.post("/samples", &body).expect(201)));
        let route = lab.as_role("analyst").with("Idempotency-Key", &key);
        route.post(&format!("/samples/{}/receive", id(&first)), &json!({"condition": "acceptable"})).expect(200);
    }

    /// ATT-33 A failed request has no effect to repeat.
    fn a_refused_request_does_not_spend_its_key(engine) {
        let lab = Lab::shared(engine);
        let key = key();
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key);
        let sample = lab.registered();
        let path = format!("/results/{}/enter", id(&result_of(&sample, "FE")));
        analyst.post(&path, &json!({"value": "0.1"})).problem(409, "conflict-state");
        lab.as_role("analyst").post(&format!("/samples/{}/receive", id(&sample)), &json!({"condition": "acceptable"})).expect(200);
        analyst.post(&path, &json!({"value": "0.1"})).expect(200);
    }

    /// ATT-33 Twins in flight: one happens, the other waits for its answer or is told to.
    fn twins_in_flight_make_one_sample(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst").with("Idempotency-Key", &key());
        let body = lab.new_sample();
        let answers: Vec<_> = thread::scope(|scope| {
            let twins: Vec<_> = (0..8).map(|_| scope.spawn(|| analyst.post("/samples", &body))).collect();
            twins.into_iter().map(|twin| twin.join().unwrap()).collect()
        });
        let made: Vec<String> = answers.iter().filter(|answer| answer.status == 201).map(|answer| id(&answer.json())).collect();
        assert!(!made.is_empty());
        assert!(made.iter().all(|made_id| *made_id == made[0]), "{made:?}");
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            refused.problem(409, "idempotency-in-flight");
        }
        let found = analyst.get(&format!("/samples?q={}", body["client_reference"].as_str().unwrap())).expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }

    /// ATT-33 ATT-45 What is kept to recognise a request is no handle for guessing the password that was in it.
    fn a_thief_cannot_test_guesses_against_a_remembered_request(engine) {
        let lab = Lab::fresh(engine);
        let password = attest_tests::lab::new_password();
        let body = json!({"email": "new@riverside.example", "name": "N", "role_ids": [id(&lab.roles()["viewer"])], "password": password});
        lab.raised().with("Idempotency-Key", "guess-me").post("/users", &body).expect(201);
        let hex_of = if engine == Engine::Sqlite { "hex(request_hash)" } else { "encode(request_hash, 'hex')" };
        let database = lab.server.database();
        let query = format!("{}SELECT {hex_of} FROM idempotency_keys WHERE idem_key = 'guess-me'", database.choose_laboratory(&lab.id));
        let stored = database.as_owner(&query).expect("the row");
        let bytes = Sha256::digest(body.to_string());
        let bare = Sha256::new().chain_update("/api/v1/users").chain_update([0]).chain_update(bytes).finalize();
        assert!(stored.len() >= 64, "{stored:?}");
        for guess in [hex::encode(bytes), hex::encode(bare)] {
            assert!(!stored.to_lowercase().contains(&guess), "the stored hash follows from path and body");
        }
    }
}
