//! Wrong order, wrong role, wrong shape: a clear problem each, and nothing half-written.

use attest_tests::api::{id, text};
use attest_tests::mail::{awaited, mails_to};
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines, raw};

fn sample_count(lab: &Lab) -> usize {
    lab.as_role("analyst").all("/samples").len()
}

on_both_engines! {
    /// Transitions out of order are conflicts, and say so.
    fn steps_out_of_order_are_conflicts(engine) {
        let lab = Lab::shared(engine);
        let (analyst, authorizer) = (lab.as_role("analyst"), lab.as_role("authorizer"));
        let registered = lab.registered();
        lab.enter(&result_of(&registered, "NO3-N"), "1.0").problem(409, "conflict-state");
        lab.verify(&id(&result_of(&registered, "NO3-N"))).problem(409, "conflict-state");
        authorizer.post("/reports", &json!({"sample_ids": [id(&registered)]})).problem(409, "conflict-state");

        let received = lab.received();
        let receive = format!("/samples/{}/receive", id(&received));
        analyst.post(&receive, &json!({"condition": "acceptable"})).problem(409, "conflict-state");

        let draft = lab.drafted();
        authorizer.post(&format!("/reports/{}/release", id(&draft)), &json!({})).problem(409, "conflict-state");
        authorizer.post(&format!("/reports/{}/amend", id(&draft)), &json!({"reason": "x"})).problem(409, "conflict-state");
        authorizer.get(&format!("/reports/{}/document", id(&draft))).problem(409, "conflict-state");
    }

    /// What changed since the preview cannot be signed.
    fn a_changed_draft_cannot_be_signed(engine) {
        let lab = Lab::shared(engine);
        let draft = lab.drafted();
        let path = format!("/reports/{}", id(&draft));
        let authorizer = lab.as_role("authorizer");
        let etag = authorizer.get(&path).etag();
        authorizer.patch(&path, &etag, &json!({"remarks": "One more remark."})).expect(200);
        lab.authorize(&draft).problem(409, "content-changed");
        let current = authorizer.get(&path).expect(200);
        lab.authorize(&current).expect(200);
    }

    /// ATT-20 The role decides what one may do.
    fn the_wrong_role_is_forbidden(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.entered();
        let nitrate = id(&result_of(&sample, "NO3-N"));
        for (role, method, path, body) in [
            ("analyst", "POST", format!("/results/{nitrate}/verify"), json!({})),
            ("analyst", "POST", "/users".into(), json!({})),
            ("analyst", "GET", "/audit/events".into(), Value::Null),
            ("viewer", "POST", "/samples".into(), lab.new_sample()),
            ("viewer", "POST", format!("/results/{nitrate}/enter"), json!({"value": "1"})),
            ("auditor", "POST", format!("/results/{nitrate}/verify"), json!({})),
            ("administrator", "POST", format!("/results/{nitrate}/enter"), json!({"value": "1"})),
            ("administrator", "GET", format!("/results/{nitrate}"), Value::Null),
        ] {
            let api = lab.as_role(role);
            let answer = api.call(method, &path, (!body.is_null()).then_some(&body));
            answer.problem(403, "forbidden");
        }
    }

    /// No login, no answer.
    fn without_a_login_there_is_nothing(engine) {
        let lab = Lab::shared(engine);
        let nobody = lab.server.anonymous();
        for path in ["/me", "/samples", "/results", "/reports", "/audit/events", "/users", "/laboratory", "/permissions"] {
            let problem = nobody.get(path);
            problem.problem(401, "unauthenticated");
        }
    }

    /// ATT-34 A lost update is impossible.
    fn a_stale_etag_is_refused_and_a_missing_one_asked_for(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let path = format!("/samples/{}", id(&lab.registered()));
        let etag = analyst.get(&path).etag();
        analyst.call("PATCH", &path, Some(&json!({"remark": "a"}))).problem(428, "precondition-required");
        let changed = analyst.patch(&path, &etag, &json!({"remark": "first"}));
        changed.expect(200);
        analyst.patch(&path, &etag, &json!({"remark": "second"})).problem(412, "stale");
        assert_eq!(analyst.get(&path).expect(200)["remark"], "first");
        assert_eq!(changed.etag(), analyst.get(&path).etag(), "a change answers with the new ETag");
        analyst.with("If-Match", &etag).post(&format!("{path}/receive"), &json!({"condition": "acceptable"})).problem(412, "stale");
        analyst.patch(&path, "\"banana\"", &json!({"remark": "third"})).problem(412, "stale");
    }

    /// ATT-34 Bulk items carry the version instead.
    fn a_stale_version_in_bulk_is_refused(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.entered();
        let nitrate = result_of(&sample, "NO3-N");
        let item = json!({"result_id": id(&nitrate), "version": 1, "value": "3", "reason": "second reading"});
        lab.as_role("analyst").post("/results/enter", &json!({"items": [item]})).problem(412, "stale");
        assert_eq!(lab.result(&id(&nitrate))["value"], nitrate["value"]);
    }

    /// ATT-23 An unknown field is refused by name, wherever it hides.
    fn an_unknown_field_is_named(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let before = sample_count(lab);
        let mut body = lab.new_sample();
        body["colour"] = json!("brown");
        assert_eq!(analyst.post("/samples", &body).names_field("colour"), "unknown_field");
        let nested = json!({"client_id": body["client_id"], "samples": [body]});
        assert_eq!(analyst.post("/orders", &nested).names_field("colour"), "unknown_field");
        assert_eq!(sample_count(lab), before, "nothing was half-written");
        analyst.get("/samples?colour=brown").names_field("colour");
        let users = lab.raised().post("/users", &json!({"email": "x@y.example", "name": "X", "password": "p", "role_ids": [], "is_admin": true}));
        assert_eq!(users.names_field("is_admin"), "unknown_field");
    }

    /// ATT-31 Bodies have a limit.
    fn ten_megabytes_are_too_many(engine) {
        let lab = Lab::shared(engine);
        let token = lab.as_role("analyst").access_token();
        let status = raw::post_endlessly(lab.server.port(), "/api/v1/samples", &token, 10 * 1024 * 1024);
        assert!(status.starts_with("HTTP/1.1 413"), "{status:?}");
        lab.as_role("analyst").get("/me").expect(200);
    }

    /// ATT-31 So has nesting.
    fn endless_nesting_is_refused(engine) {
        let lab = Lab::shared(engine);
        let deep = "[".repeat(100_000);
        let answer = lab.as_role("analyst").post_bytes("/samples", deep.as_bytes());
        assert!([400, 413, 422].contains(&answer.status), "{}", answer.text());
        lab.as_role("analyst").get("/me").expect(200);
    }

    /// Broken JSON, no JSON, and JSON that is called something else.
    fn broken_json_is_malformed(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        for broken in ["{", "{\"a\":}", "\u{0}", "{\"client_id\": \"x\"} trailing"] {
            analyst.post_bytes("/samples", broken.as_bytes()).problem(400, "malformed");
        }
        analyst.post_bytes("/samples", b"{\"remark\": \"\xff\xfe\"}").problem(400, "malformed");
        let typed = analyst.with("Content-Type", "text/plain").post_bytes("/samples", lab.new_sample().to_string().as_bytes());
        typed.problem(415, "unsupported-media-type");
        for wrong_type in ["[]", "\"text\"", "7", "null"] {
            let answer = analyst.post_bytes("/samples", wrong_type.as_bytes());
            assert!([400, 422].contains(&answer.status), "{wrong_type}: {}", answer.text());
        }
    }

    /// Fields of the wrong shape are named.
    fn wrong_values_name_their_field(engine) {
        let lab = &Lab::fresh(engine);
        let analyst = lab.as_role("analyst");
        let before = sample_count(lab);
        let nowhere = "0197b1e2-0000-7000-8000-000000000000";
        for (field, wrong) in [
            ("collected_at", json!("+30000-01-01T00:00:00Z")),
            ("collected_at", json!("30000-01-01T00:00:00Z")),
            ("collected_at", json!("2999-01-01T00:00:00Z")),
            ("collected_at", json!("yesterday")),
            ("collected_at", json!("2026-02-30T10:00:00Z")),
            ("client_id", json!("not-an-id")),
            ("client_id", json!(nowhere)),
            ("sample_type_id", json!(nowhere)),
            ("test_ids", json!([nowhere])),
            ("priority", json!("whenever")),
            ("client_reference", json!("x".repeat(100_000))),
        ] {
            let mut body = lab.new_sample();
            body[field] = wrong.clone();
            let answer = analyst.post("/samples", &body);
            let problem = answer.problem(422, "validation");
            let paths: Vec<&str> = problem["errors"].as_array().unwrap().iter().filter_map(|error| error["path"].as_str()).collect();
            assert!(paths.iter().any(|path| path.starts_with(field)), "{field} = {wrong}: {paths:?}");
        }
        let mut body = lab.new_sample();
        body.as_object_mut().unwrap().remove("sample_type_id");
        analyst.post("/samples", &body).names_field("sample_type_id");
        assert_eq!(sample_count(lab), before, "nothing was half-written");
    }

    /// Paths and methods that are not.
    fn what_does_not_exist_is_not_found(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        for path in ["/nothing", "/samples/0197b1e2-0000-7000-8000-000000000000", "/samples/not-an-id", "/samples/by-accession/NONE"] {
            analyst.get(path).problem(404, "not-found");
        }
        analyst.call("DELETE", "/samples", None).problem(405, "method-not-allowed");
    }

    /// ATT-31 Pages have a size, and cursors are the server's own.
    fn pages_have_limits(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        for limit in ["0", "201", "-1", "many"] {
            analyst.get(&format!("/samples?limit={limit}")).names_field("limit");
        }
        for cursor in ["x", "AAAA", "eyJpZCI6MX0"] {
            analyst.get(&format!("/samples?after={cursor}")).names_field("after");
        }
        analyst.get("/samples?sort=password").names_field("sort");
        analyst.get("/samples?status=lost").names_field("status");
    }

    /// The orderer's own number is used once.
    fn an_order_number_is_unique(engine) {
        let lab = Lab::shared(engine);
        let sample = json!({"sample_type_id": id(&lab.catalogue().river_water), "test_ids": [id(&lab.catalogue().iron)]});
        let number = text(&lab.new_sample(), "client_reference");
        let order = json!({"external_id": number, "client_id": id(&lab.catalogue().client), "samples": [sample]});
        lab.as_role("analyst").post("/orders", &order).expect(201);
        lab.as_role("analyst").post("/orders", &order).problem(409, "duplicate");
    }

    /// ATT-30 Every problem carries the request's id, in the header too.
    fn problems_carry_the_request_id(engine) {
        let lab = Lab::shared(engine);
        let answer = lab.as_role("analyst").with("X-Request-Id", "my-own-7").get("/nothing");
        let problem = answer.problem(404, "not-found");
        assert_eq!(answer.header("x-request-id"), text(&problem, "request_id"));
    }

    /// ATT-25 Who is refused again and again is noticed: one more event, and a letter to the administrators.
    fn a_burst_of_refusals_is_told(engine) {
        let lab = Lab::fresh(engine);
        let curious = lab.hire("Curious", &["viewer"]);
        for _ in 0..45 {
            curious.api.post("/samples", &lab.new_sample()).problem(403, "forbidden");
        }
        let letter = awaited(&lab.server, &lab.administrator.email, 1);
        assert!(letter.text.contains("Curious was refused 20 times"), "{}", letter.text);
        let of = |action: &str| lab.as_role("auditor").all(&format!("/audit/events?action={action}"));
        assert_eq!(of("access.refused_often").len(), 1, "told once");
        assert_eq!(of("access.refused").len(), 45, "every one is recorded");
        assert!(mails_to(&lab.server, &curious.email).iter().all(|mail| !mail.text.contains("refused")), "not to the person");
    }
}
