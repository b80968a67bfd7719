//! Values: what was typed is kept, what is shown follows the test, and nobody checks their own work.

use attest_tests::api::id;
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines};

on_both_engines! {
    /// ATT-24 The enterer is refused as verifier, even with the permission.
    fn nobody_verifies_their_own_result(engine) {
        let lab = Lab::shared(engine);
        let both = lab.hire("Both Hands", &["analyst", "authorizer"]);
        let nitrate = result_of(&lab.received(), "NO3-N");
        both.api.post(&format!("/results/{}/enter", id(&nitrate)), &json!({"value": "1.0"})).expect(200);
        both.api.post(&format!("/results/{}/verify", id(&nitrate)), &json!({})).problem(409, "four-eyes");
        both.api.post("/results/verify", &json!({"result_ids": [id(&nitrate)]})).problem(409, "four-eyes");
        assert_eq!(lab.result(&id(&nitrate))["status"], "entered");
        lab.verify(&id(&nitrate)).expect(200);
    }

    /// A test may allow it at night: with a reason, and marked for ever.
    fn self_verification_is_allowed_per_test_with_a_reason_and_marked(engine) {
        let lab = Lab::shared(engine);
        let both = lab.hire("Night Shift", &["analyst", "authorizer"]);
        let iron = result_of(&lab.received(), "FE");
        both.api.post(&format!("/results/{}/enter", id(&iron)), &json!({"value": "0.10"})).expect(200);
        let refused = both.api.post(&format!("/results/{}/verify", id(&iron)), &json!({}));
        assert!([409, 422].contains(&refused.status), "without a reason: {}", refused.text());
        let verified = both.api.post(&format!("/results/{}/verify", id(&iron)), &json!({"reason": "alone at night"})).expect(200);
        assert_eq!((&verified["status"], &verified["self_verified"]), (&json!("verified"), &json!(true)));
    }

    /// A reviewer sends a value back; it is not lost.
    fn a_returned_result_keeps_its_versions(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.entered();
        let nitrate = result_of(&sample, "NO3-N");
        let path = format!("/results/{}/return", id(&nitrate));
        lab.as_role("authorizer").post(&path, &json!({})).names_field("reason");
        let returned = lab.as_role("authorizer").post(&path, &json!({"reason": "blank was high"})).expect(200);
        assert_eq!(returned["status"], "pending");
        lab.enter(&nitrate, "2.3").expect(200);
        let versions = lab.as_role("analyst").get(&format!("/results/{}/versions", id(&nitrate))).expect(200);
        let actions: Vec<&str> = versions["items"].as_array().unwrap().iter().filter_map(|v| v["action"].as_str()).collect();
        assert!(actions.contains(&"returned") && actions.contains(&"entered"), "{actions:?}");
    }

    /// A verified value can only be retracted, and the retest names it.
    fn a_retracted_result_opens_a_retest(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.verified();
        let nitrate = result_of(&sample, "NO3-N");
        let correction = lab.as_role("analyst").post(
            &format!("/results/{}/enter", id(&nitrate)), &json!({"value": "9", "reason": "typing error"}));
        correction.problem(409, "conflict-state");
        let path = format!("/results/{}/retract", id(&nitrate));
        let answer = lab.who_can("result:retract").post(&path, &json!({"reason": "wrong vial"})).expect(200);
        assert_eq!(answer["result"]["status"], "retracted");
        assert_eq!(answer["retest"]["status"], "pending");
        assert_eq!(answer["retest"]["retest_of"], nitrate["id"]);
        assert_eq!(lab.sample(&id(&sample))["status"], "in_progress");
    }

    /// "1.2e3" is a number, "NaN" is not; what is not a number is refused with the field's name.
    fn only_numbers_are_numbers(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let nitrate = result_of(&sample, "NO3-N");
        for wrong in ["NaN", "Infinity", "-inf", "", " ", "1,2,3", "0x10", "1e999999", "detected", "12 mg"] {
            lab.enter(&nitrate, wrong).names_field("value");
        }
        assert_eq!(lab.result(&id(&nitrate))["status"], "pending", "nothing was half-written");
        let entered = lab.enter(&nitrate, "1.2e1").expect(200);
        assert_eq!((&entered["typed"], &entered["value"]), (&json!("1.2e1"), &json!("12.000")));
    }

    /// The result is the typed value times the dilution, rounded once.
    fn dilution_multiplies_before_rounding(engine) {
        let lab = Lab::shared(engine);
        let iron = result_of(&lab.received(), "FE");
        let body = json!({"value": "0.0149", "dilution_factor": "10"});
        let entered = lab.as_role("analyst").post(&format!("/results/{}/enter", id(&iron)), &body).expect(200);
        assert_eq!((&entered["typed"], &entered["value"]), (&json!("0.0149"), &json!("0.15")), "0.149, not 10 × 0.01");
        for wrong in ["0", "-1", "NaN"] {
            let body = json!({"value": "0.02", "dilution_factor": wrong, "reason": "typing error"});
            lab.as_role("analyst").post(&format!("/results/{}/enter", id(&iron)), &body).names_field("dilution_factor");
        }
    }

    /// A `<` limit above the specification says nothing; a value above it fails.
    fn judging_follows_the_specification(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let nitrate = result_of(&sample, "NO3-N");
        let high = lab.enter(&nitrate, "11.4").expect(200);
        assert_eq!(high["statement"], "fail");
        assert!(high["flags"].as_array().unwrap().contains(&json!("H")), "{}", high["flags"]);
        let at_limit = lab.as_role("analyst").post(
            &format!("/results/{}/enter", id(&nitrate)), &json!({"value": "11.3", "reason": "second reading"})).expect(200);
        assert_eq!(at_limit["statement"], "pass", "a limit belongs to what is allowed");
        let unknown = lab.as_role("analyst").post(
            &format!("/results/{}/enter", id(&nitrate)), &json!({"value": "<20", "reason": "diluted"})).expect(200);
        assert_eq!(unknown["statement"], "no_statement");
    }

    /// A critical value opens a notice that stays open until somebody was told and read it back.
    fn a_critical_value_must_be_told(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let lead = result_of(&sample, "PB");
        let entered = lab.enter(&lead, "0.0600").expect(200);
        assert!(entered["flags"].as_array().unwrap().contains(&json!("critical_high")), "{}", entered["flags"]);
        assert_eq!(lab.sample(&id(&sample))["critical_open"], 1);
        let path = format!("/results/{}/critical-notices", id(&lead));
        let analyst = lab.as_role("analyst");
        let missed = json!({"told": "Dr Zaręba", "channel": "phone", "read_back": false, "reached": false, "note": "no answer"});
        let notice = analyst.post(&path, &missed).expect(200);
        assert_eq!(notice["status"], "open");
        let told = json!({"told": "Dr Zaręba", "channel": "phone", "read_back": true, "reached": true});
        let notice = analyst.post(&path, &told).expect(200);
        assert_ne!(notice["status"], "open");
        assert_eq!(notice["attempts"].as_array().unwrap().len(), 2, "failed attempts are kept");
        assert_eq!(lab.sample(&id(&sample))["critical_open"], 0);
    }

    /// A rejected sample has nothing critical waiting: its notice is closed with it.
    fn rejection_closes_what_was_critical(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        let lead = result_of(&sample, "PB");
        lab.enter(&lead, "0.0600").expect(200);
        assert_eq!(lab.sample(&id(&sample))["critical_open"], 1);
        let waiting = || lab.as_role("analyst").all("/critical-notices?status=open");
        let of_sample = |notice: &Value| notice["sample"]["id"] == sample["id"];
        assert!(waiting().iter().any(of_sample));
        let why = json!({"reason": "the wrong bottle", "reason_code": "sample_unsuitable"});
        let rejected = lab.who_can("sample:reject").post(&format!("/samples/{}/reject", id(&sample)), &why).expect(200);
        assert_eq!((&rejected["status"], &rejected["critical_open"]), (&json!("rejected"), &json!(0)));
        assert!(!waiting().iter().any(of_sample));
    }

    /// Only a person with a current competence for the method may enter.
    fn competence_is_asked_for(engine) {
        let lab = Lab::shared(engine);
        let test = lab.who_can("catalog:manage").post("/tests", &json!({
            "code": format!("X{}", &id(&lab.registered())[30..]), "name": "Exotic", "analyte": "exotic", "method": "in-house 7", "unit": "mg/L",
            "result_type": "numeric", "decimals": 1, "accredited": false, "self_verification_allowed": false,
        })).expect(201);
        let mut body = lab.new_sample();
        body["test_ids"] = json!([id(&test)]);
        let analyst = lab.person("analyst");
        let sample = analyst.api.post("/samples", &body).expect(201);
        analyst.api.post(&format!("/samples/{}/receive", id(&sample)), &json!({"condition": "acceptable"})).expect(200);
        let refused = lab.enter(&sample["results"][0], "1.0");
        assert!([403, 409, 422].contains(&refused.status), "{}", refused.text());
        assert_eq!(lab.result(&id(&sample["results"][0]))["status"], "pending");
        lab.make_competent(&analyst, &[id(&test)]);
        lab.enter(&sample["results"][0], "1.0").expect(200);
    }

    /// An instrument out of calibration refuses.
    fn an_instrument_out_of_calibration_refuses(engine) {
        let lab = Lab::shared(engine);
        let manage = lab.who_can("catalog:manage");
        let old = manage.post("/instruments", &json!({"name": "Old balance", "calibrated_until": "2021-01-01"})).expect(201);
        let good = manage.post("/instruments", &json!({"name": "New balance", "calibrated_until": "2099-01-01"})).expect(201);
        let nitrate = result_of(&lab.received(), "NO3-N");
        let path = format!("/results/{}/enter", id(&nitrate));
        let refused = lab.as_role("analyst").post(&path, &json!({"value": "1", "instrument_id": id(&old)}));
        assert!([409, 422].contains(&refused.status), "{}", refused.text());
        let entered = lab.as_role("analyst").post(&path, &json!({"value": "1", "instrument_id": id(&good)})).expect(200);
        assert_eq!(entered["instrument"]["id"], good["id"]);
    }
}
