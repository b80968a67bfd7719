//! One sample from its order to an amended report, in the words of the interface.

use attest_tests::api::{id, text};
use attest_tests::proof::proven;
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines};
use sha2::{Digest, Sha256};

/// The answer proves, to who holds the log's key, that the act is in the log.
fn provable(lab: &Lab, proof: &Value, action: &str) {
    let entry = proven(proof, &lab.log_key).unwrap_or_else(|problem| panic!("{problem}: {proof}"));
    assert_eq!(entry["action"], action);
}

on_both_engines! {
    /// The thread that everything else widens.
    fn from_order_to_amended_report(engine) {
        let lab = Lab::shared(engine);
        let catalogue = lab.catalogue();
        let (analyst, authorizer) = (lab.person("analyst"), lab.person("authorizer"));

        let external_id = format!("ZW/2026/{}", &lab.new_sample()["client_reference"].as_str().unwrap()[3..]);
        let ordered = analyst.api.post("/orders", &json!({
            "external_id": external_id, "client_id": id(&catalogue.client), "requester": "J. Nowak", "priority": "urgent",
            "samples": [{
                "sample_type_id": id(&catalogue.river_water), "client_reference": "Intake 2", "collected_at": "2026-01-15T08:30:00Z",
                "panel_ids": [id(&catalogue.panel)], "test_ids": [id(&catalogue.lead)],
            }],
        }));
        let order = ordered.expect(201);
        assert_eq!(order["status"], "open");
        assert_eq!(order["external_id"], external_id.as_str());
        assert_eq!(order["samples"][0]["status"], "registered");
        assert_eq!(order["samples"][0]["counts"]["pending"], 3, "the panel's two tests and lead");
        let sample_id = id(&order["samples"][0]);
        let accession = text(&order["samples"][0], "accession_number");
        let by_number = analyst.api.get(&format!("/samples/by-accession/{accession}")).expect(200);
        assert_eq!(id(&by_number), sample_id);
        assert_eq!(by_number["created_by"]["id"], analyst.id.as_str());

        let received = analyst.api.post(&format!("/samples/{sample_id}/receive"), &json!({
            "condition": "compromised", "condition_note": "received partially frozen", "deviations": ["frozen"],
        })).expect(200);
        assert_eq!(received["status"], "received");
        assert_eq!(received["received_by"]["id"], analyst.id.as_str());
        assert_eq!(received["has_deviation"], true);
        assert_eq!(received["deviations"], json!(["frozen"]));

        let nitrate = result_of(&received, "NO3-N");
        let entered = lab.enter(&nitrate, "2.4").expect(200);
        assert_eq!(entered["status"], "entered");
        assert_eq!((&entered["typed"], &entered["value"]), (&json!("2.4"), &json!("2.400")), "kept as typed, shown as the test asks");
        assert_eq!(entered["entered_by"]["id"], analyst.id.as_str());
        assert_eq!(lab.sample(&sample_id)["status"], "in_progress");

        let correction = format!("/results/{}/enter", id(&nitrate));
        analyst.api.post(&correction, &json!({"value": "2.5"})).names_field("reason");
        let corrected = analyst.api.post(&correction, &json!({"value": "2.5", "reason": "transposed digits"})).expect(200);
        assert_eq!(corrected["value"], "2.500");
        assert!(corrected["version"].as_i64() > entered["version"].as_i64());
        let versions = analyst.api.get(&format!("/results/{}/versions", id(&nitrate))).expect(200);
        let values: Vec<&Value> = versions["items"].as_array().unwrap().iter().map(|version| &version["typed"]).collect();
        assert!(values.contains(&&json!("2.4")) && values.contains(&&json!("2.5")), "every version is kept: {versions}");

        let bulk = analyst.api.post("/results/enter", &json!({"items": [
            {"result_id": id(&result_of(&received, "FE")), "value": "0.17"},
            {"result_id": id(&result_of(&received, "PB")), "value": "<0.0002"},
        ]})).expect(200);
        assert_eq!(bulk["items"][0]["result"]["flags"], json!(["warn_high"]));
        let lead = &bulk["items"][1]["result"];
        assert_eq!((&lead["detection"], &lead["display"]), (&json!("<"), &json!("< 0.0002")));

        lab.as_role("analyst").post(&format!("/results/{}/verify", id(&nitrate)), &json!({})).problem(403, "forbidden");
        let ids: Vec<String> = received["results"].as_array().unwrap().iter().map(id).collect();
        let verified = authorizer.api.post("/results/verify", &json!({"result_ids": ids})).expect(200);
        assert!(verified["items"].as_array().unwrap().iter().all(|item| item["status"] == 200), "{verified}");
        let completed = lab.sample(&sample_id);
        assert_eq!(completed["status"], "completed");
        assert_eq!(result_of(&completed, "FE")["verified_by"]["id"], authorizer.id.as_str());
        assert!(result_of(&completed, "FE")["verified_at"].is_string());

        let draft = authorizer.api.post("/reports", &json!({"sample_ids": [sample_id], "remarks": "Sampled by the client."})).expect(201);
        assert_eq!((&draft["status"], &draft["kind"], &draft["version_no"]), (&json!("draft"), &json!("final"), &json!(1)));
        assert_eq!(draft["pending_tests"], json!([]));
        let report_path = format!("/reports/{}", id(&draft));

        let wrong = json!({"meaning": "Approved", "password": "not the password", "content_sha256": draft["content_sha256"]});
        authorizer.api.post(&format!("{report_path}/authorize"), &wrong).problem(403, "reauthentication-failed");
        let authorized = lab.authorize(&draft).expect(200);
        assert_eq!(authorized["status"], "authorized");
        assert_eq!(authorized["authorization"]["by"]["id"], authorizer.id.as_str());
        assert_eq!(authorized["authorization"]["meaning"], attest_tests::story::MEANING);
        provable(lab, &authorized["proof"], "report.authorized");

        let released = authorizer.api.post(&format!("{report_path}/release"), &json!({})).expect(200);
        assert_eq!(released["status"], "released");
        provable(lab, &released["proof"], "report.released");
        assert_eq!(lab.sample(&sample_id)["status"], "reported");
        assert_eq!(analyst.api.get(&format!("/orders/{}", id(&order))).expect(200)["status"], "completed");
        let document = authorizer.api.get(&format!("{report_path}/document")).expect_bytes(200);
        assert_eq!(document.header("content-type"), "application/pdf");
        assert!(document.body.starts_with(b"%PDF-"));
        assert_eq!(released["document_sha256"], hex::encode(Sha256::digest(&document.body)));

        let code = text(&released, "verification_code");
        let public = lab.server.anonymous().get(&format!("/public/reports/{code}")).expect(200);
        assert_eq!((&public["status"], &public["number"]), (&json!("genuine"), &released["number"]));

        let amendment = authorizer.api.post(&format!("{report_path}/amend"), &json!({"reason": "client's name corrected"})).expect(201);
        assert_eq!(amendment["status"], "draft");
        assert_eq!(amendment["amends"]["id"], released["id"]);
        assert_eq!(amendment["version_no"], 2);
        let signed = lab.authorize(&amendment).expect(200);
        let second = authorizer.api.post(&format!("/reports/{}/release", id(&signed)), &json!({})).expect(200);
        assert_eq!(second["status"], "released");
        let first = authorizer.api.get(&report_path).expect(200);
        assert_eq!(first["status"], "superseded");
        assert_eq!(first["amended_by"]["id"], second["id"]);
        let again = authorizer.api.get(&format!("{report_path}/document")).expect_bytes(200);
        assert_eq!(again.body, document.body, "a released document never changes");
        let public = lab.server.anonymous().get(&format!("/public/reports/{code}")).expect(200);
        assert_eq!(public["status"], "superseded");

        let timeline = analyst.api.get(&format!("/samples/{sample_id}/timeline")).expect(200);
        let actions: Vec<String> = timeline["items"].as_array().unwrap().iter().map(|item| text(item, "action")).collect();
        for action in ["sample.registered", "sample.received", "result.entered", "result.corrected", "result.verified",
                       "report.authorized", "report.released"] {
            assert!(actions.iter().any(|known| known == action), "{action} is missing from {actions:?}");
        }
        assert!(timeline["items"].as_array().unwrap().iter().all(|item| !text(item, "sentence").is_empty()));
    }

    /// A rejected sample takes its open results with it and says why.
    fn a_rejected_sample_closes_its_results(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let sample = lab.received();
        let path = format!("/samples/{}/reject", id(&sample));
        lab.who_can("sample:reject").post(&path, &json!({})).names_field("reason");
        let rejected = lab.who_can("sample:reject").post(&path, &json!({"reason": "container broken"})).expect(200);
        assert_eq!((&rejected["status"], &rejected["rejected_reason"]), (&json!("rejected"), &json!("container broken")));
        assert!(rejected["results"].as_array().unwrap().iter().all(|result| result["status"] == "cancelled"), "{rejected}");
        analyst.post(&format!("/results/{}/enter", id(&rejected["results"][0])), &json!({"value": "1"})).problem(409, "conflict-state");
    }

    /// Cancelling is for what nobody has measured yet.
    fn a_sample_with_a_result_cannot_be_cancelled(engine) {
        let lab = Lab::shared(engine);
        let untouched = lab.registered();
        let path = format!("/samples/{}/cancel", id(&untouched));
        let cancelled = lab.who_can("sample:cancel").post(&path, &json!({"reason": "ordered twice"})).expect(200);
        assert_eq!(cancelled["status"], "cancelled");

        let measured = lab.entered();
        let path = format!("/samples/{}/cancel", id(&measured));
        lab.who_can("sample:cancel").post(&path, &json!({"reason": "ordered twice"})).problem(409, "conflict-state");
        assert_eq!(lab.sample(&id(&measured))["status"], "in_progress");
    }

    /// States that follow from the results move back with them.
    fn an_added_test_reopens_a_completed_sample(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.verified();
        assert_eq!(sample["status"], "completed");
        let added = lab.as_role("analyst").post(
            &format!("/samples/{}/results", id(&sample)), &json!({"test_ids": [id(&lab.catalogue().coliforms)]}),
        ).expect(201);
        assert_eq!(added["status"], "in_progress");
        let coliforms = result_of(&added, "COLI");
        lab.enter(&coliforms, "some").names_field("value");
        lab.enter(&coliforms, "not detected").expect(200);
        lab.verify(&id(&coliforms)).expect(200);
        assert_eq!(lab.sample(&id(&sample))["status"], "completed");
    }

    /// When every result is cancelled there is nothing left of the sample.
    fn cancelling_all_results_cancels_the_sample(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.received();
        for result in sample["results"].as_array().unwrap() {
            let path = format!("/results/{}/cancel", id(result));
            lab.who_can("result:cancel").post(&path, &json!({"reason": "insufficient volume"})).expect(200);
        }
        assert_eq!(lab.sample(&id(&sample))["status"], "cancelled");
    }
}
