//! The manners of the interface: what is refused is refused in words that help, and every client meets the same rules.

use attest_tests::api::{id, percent_encoded};
use attest_tests::story::result_of;
use attest_tests::{Answer, Lab, Value, json, on_both_engines};

/// The one error of a refused request: path and message. Never the words of the libraries underneath.
#[track_caller]
fn told(answer: &Answer) -> (String, String) {
    let problem = answer.problem(422, "validation");
    let error = &problem["errors"][0];
    let message = error["message"].as_str().unwrap_or_default().to_owned();
    let all = problem.to_string();
    for inside in [
        "struct ",
        "expected i64",
        "invalid type",
        "sequence",
        "variant",
        "UUID",
        "invalid digit",
        "invalid characters",
        "out of range",
    ] {
        assert!(!all.contains(inside), "{}: {inside:?} in {all}", answer.question);
    }
    (error["path"].as_str().unwrap_or_default().to_owned(), message)
}

on_both_engines! {
    /// A list is no object, wherever one is meant.
    fn a_list_is_no_object(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let sample = lab.received();
        let path = format!("/samples/{}", id(&sample));
        let answer = analyst.post_bytes(&format!("{path}/cancel"), br#"["because"]"#);
        let (at, message) = told(&answer);
        assert_eq!((at.as_str(), message.contains("object")), ("", true), "{message}");
        assert_eq!(lab.sample(&id(&sample))["status"], "received", "nothing happened");

        let nitrate = id(&result_of(&sample, "NO3-N"));
        let item = json!({"items": [[nitrate, null, "1.0"]]});
        let (at, message) = told(&analyst.post("/results/enter", &item));
        assert_eq!((at.as_str(), message.contains("object")), ("items.0", true), "{message}");
        let (at, _) = told(&analyst.post("/orders", &json!({"client_id": id(&lab.catalogue().client), "samples": [["x"]]})));
        assert_eq!(at, "samples.0");
        let etag = analyst.get(&path).etag();
        let (at, message) = told(&analyst.with("If-Match", &etag).call("PATCH", &path, Some(&json!(["remark"]))));
        assert_eq!((at.as_str(), message.contains("object")), ("", true), "{message}");
    }

    /// Each wrong value is named, with what would be right.
    fn wrong_values_are_explained_by_what_they_are(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        for (field, wrong, words) in [
            ("collected_at", json!("30000-01-01T00:00:00Z"), "between the years 1900 and 9999"),
            ("collected_at", json!("0001-01-01T00:00:00Z"), "between the years 1900 and 9999"),
            ("collected_at", json!("1850-01-01T00:00:00Z"), "between the years 1900 and 9999"),
            ("collected_at", json!("2026-11-22"), "time of day"),
            ("collected_at", json!("2026-11-22T10:00:00"), "offset"),
            ("collected_at", json!("2026-02-30T10:00:00Z"), "no such day"),
            ("collected_at", json!(1_795_317_624), "a time like 2026-11-22T10:00:00Z"),
            ("client_id", json!("abc"), "an id like 0197"),
            ("test_ids", json!("abc"), "a list"),
            ("test_ids", json!([null]), "an id like 0197"),
            ("priority", json!("whatever"), "one of: "),
            ("client_reference", json!(5), "a text"),
            ("client_reference", json!([[]]), "a text"),
        ] {
            let mut body = lab.new_sample();
            body[field] = wrong.clone();
            let (path, message) = told(&analyst.post("/samples", &body));
            assert!(path.starts_with(field), "{field} = {wrong}: {path}");
            assert!(message.contains(words), "{field} = {wrong}: {message}");
        }
        let receive = format!("/samples/{}/receive", id(&lab.registered()));
        for wrong in [json!("abc"), json!(4.5), json!("NaN"), json!("4,5")] {
            let (path, message) = told(&analyst.post(&receive, &json!({"condition": "acceptable", "temperature_c": wrong})));
            assert!(path == "temperature_c" && message.contains("decimal number"), "{wrong}: {path}: {message}");
        }
        let huge = analyst.post_bytes(&receive, br#"{"condition": "acceptable", "temperature_c": 1e999}"#);
        assert_eq!(told(&huge).0, "temperature_c");
        let half = analyst.post_bytes(&receive, br#"{"condition": "acceptable", "condition_note": "\ud800"}"#);
        assert_eq!(told(&half).0, "condition_note");
        let twice = analyst.post_bytes(&receive, br#"{"condition": "acceptable", "condition": "good"}"#);
        assert_eq!(told(&twice), ("condition".to_owned(), "give it once".to_owned()));
    }

    /// The query's parameters too.
    fn wrong_parameters_are_explained_by_what_they_are(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        for (query, field, words) in [
            ("samples?received_from=30000-01-01T00:00:00Z", "received_from", "between the years 1900 and 9999"),
            ("samples?updated_since=2026-11-22T10:00:00+01:00", "updated_since", "%2B"),
            ("samples?updated_since=2026-11-22", "updated_since", "time of day"),
            ("samples?updated_since=yesterday", "updated_since", "a time like 2026-11-22T10:00:00Z"),
            ("samples?client_id=abc", "client_id", "an id like 0197"),
            ("samples?limit=abc", "limit", "a whole number"),
            ("samples?limit=1&limit=2", "limit", "once"),
            ("samples?updated_since=2026-11-22T10:00:00Z&updated_since=2026-11-22T10:00:00Z", "updated_since", "once"),
            ("results?critical=perhaps", "critical", "true or false"),
            ("reports?sort=colour", "sort", "one of: -created_at, created_at"),
            ("samples?colour=brown", "colour", "does not exist"),
        ] {
            let (path, message) = told(&analyst.get(&format!("/{query}")));
            assert_eq!(path, field, "{query}");
            assert!(message.contains(words), "{query}: {message}");
        }
        let auditor = lab.as_role("auditor");
        let (path, message) = told(&auditor.get("/audit/consistency?from=abc&to=2"));
        assert_eq!((path.as_str(), message.contains("whole number")), ("from", true), "{message}");
        told(&auditor.get("/audit/events?from=30000-01-01T00:00:00Z"));
        let since = percent_encoded("2026-11-22T10:00:00+01:00");
        analyst.get(&format!("/samples?updated_since={since}")).expect(200);
    }

    /// Other encodings are refused by name, not as broken JSON.
    fn other_encodings_are_named(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let body = lab.new_sample().to_string();
        for coding in ["gzip", "br", "bogus"] {
            let problem = analyst.with("Content-Encoding", coding).post_bytes("/samples", body.as_bytes());
            let problem = problem.problem(415, "unsupported-media-type");
            assert!(problem["detail"].as_str().unwrap().contains("Content-Encoding"), "{problem}");
        }
        analyst.with("Content-Encoding", "identity").post_bytes("/samples", body.as_bytes()).expect(201);
        for bytes in [&b"{\"remark\": \"caf\xe9\"}"[..], &b"\x1f\x8b\x08\x00"[..]] {
            let problem = analyst.post_bytes("/samples", bytes).problem(400, "malformed");
            assert!(problem["detail"].as_str().unwrap().contains("UTF-8"), "{problem}");
        }
    }

    /// A merge patch may be called by its own name (RFC 7396).
    fn a_merge_patch_has_a_media_type_of_its_own(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let path = format!("/samples/{}", id(&lab.registered()));
        for (kind, remark) in [("application/merge-patch+json", "first"), ("application/json", "second")] {
            let etag = analyst.get(&path).etag();
            let changed = analyst.with("Content-Type", kind).patch(&path, &etag, &json!({"remark": remark})).expect(200);
            assert_eq!(changed["remark"], remark);
        }
        let etag = analyst.get(&path).etag();
        let other = analyst.with("Content-Type", "application/json-patch+json").patch(&path, &etag, &json!({"remark": "x"}));
        assert!(other.problem(415, "unsupported-media-type")["detail"].as_str().unwrap().contains("merge-patch+json"));
        let post = analyst.with("Content-Type", "application/merge-patch+json").post("/samples", &lab.new_sample());
        post.problem(415, "unsupported-media-type");
        let document: Value = analyst.get("/openapi.json").expect(200);
        let content = &document["paths"]["/api/v1/samples/{id}"]["patch"]["requestBody"]["content"];
        assert!(content["application/merge-patch+json"]["schema"].is_object(), "{content}");
    }

    /// HEAD is GET without the body (RFC 9110, 9.3.2), wherever there is a GET.
    fn head_answers_like_get(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let sample = format!("/samples/{}", id(&lab.registered()));
        for path in ["/samples", sample.as_str(), "/me", "/health/live", "/health/ready", "/status", "/"] {
            let path = if path == "/" { "/api/docs" } else { path };
            let (get, head) = (analyst.get(path), analyst.call("HEAD", path, None));
            assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
            for name in ["content-type", "etag", "cache-control"] {
                assert_eq!(head.header(name), get.header(name), "{path}: {name}");
            }
            assert!(!head.header("content-length").is_empty(), "{path}");
        }
        assert_eq!(analyst.call("HEAD", "/nothing", None).status, 404);
        assert_eq!(lab.server.anonymous().call("HEAD", "/samples", None).status, 401);
        let refused = analyst.call("DELETE", "/samples", None);
        refused.problem(405, "method-not-allowed");
        assert_eq!(refused.header("allow"), "GET, HEAD, POST");
        assert_eq!(analyst.call("HEAD", "/auth/login", None).header("allow"), "POST");
    }

    /// A program that asks for what is not there gets no page in its place.
    fn only_the_applications_own_addresses_answer_with_pages(engine) {
        let lab = Lab::shared(engine);
        let nobody = lab.server.anonymous();
        for path in [
            "/api/", "/api/unknown", "/api/v2/samples", "/metrics", "/metrics/x", "/health", "/health/unknown", "/public/unknown",
            "/.well-known/unknown", "/status/x",
        ] {
            nobody.with("Accept", "text/html").get(path).problem(404, "not-found");
        }
        let status = nobody.get("/status").expect(200);
        let keys: Vec<&str> = status.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["database", "started_at", "status", "version"]);
        assert_eq!((&status["status"], &status["database"]), (&json!("ok"), &json!("ok")));
    }

    /// `*` is any version, a list is any of them, and what is none of ours is not called a version (RFC 9110, 13.1.1).
    fn if_match_is_read_as_the_standard_has_it(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let path = format!("/samples/{}", id(&lab.registered()));
        analyst.patch(&path, "*", &json!({"remark": "any"})).expect(200);
        let etag = analyst.get(&path).etag();
        analyst.patch(&path, &format!("\"a\", {etag}"), &json!({"remark": "one of two"})).expect(200);
        let problem = analyst.patch(&path, "\"banana\"", &json!({"remark": "x"})).problem(412, "stale");
        assert!(!problem["detail"].as_str().unwrap().contains("-1"), "{problem}");
        analyst.with("If-Match", "*").post(&format!("{path}/receive"), &json!({"condition": "acceptable"})).expect(200);
        let client = format!("/clients/{}", id(&lab.catalogue().client));
        lab.who_can("client:manage").patch(&client, "*", &json!({"phone": "22 123 45 67"})).expect(200);
        assert_eq!(analyst.get("/me").etag(), analyst.get("/me").etag());
    }

    /// A correct password gets in where it got in before, however many wrong ones came from the same address.
    fn a_right_password_gets_in_while_guessing_is_limited(engine) {
        let lab = Lab::fresh(engine);
        let person = lab.person("analyst");
        let (newcomer, other) = (lab.person("viewer"), lab.person("auditor"));
        let nobody = lab.server.anonymous();
        let log_in = |email: &str, password: &str| nobody.post("/auth/login", &json!({"email": email, "password": password}));
        let limited = (0..100).any(|guess| log_in(&format!("nobody{guess}@riverside.example"), "Guessed-Wrong-1").status == 429);
        assert!(limited, "guessing is limited");
        log_in(&person.email, &person.password).expect(200);
        log_in(&newcomer.email, &newcomer.password).expect(200);
        // The allowance grows again while slow hashes are computed: one of several tries finds it used up.
        assert!((0..30).any(|_| log_in(&other.email, "Guessed-Wrong-1").status == 429), "a wrong one is limited");
    }
}
