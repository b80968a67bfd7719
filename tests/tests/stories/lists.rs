//! Lists: cursors that stay true while others write, and filters that filter.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use attest_tests::api::{id, percent_encoded, text};
use attest_tests::{Lab, Value, json, on_both_engines};

on_both_engines! {
    /// Pages neither repeat nor lose anything while rows come in.
    fn paging_is_stable_under_inserts(engine) {
        let lab = Lab::shared(engine);
        let client = lab.who_can("client:manage").post("/clients", &json!({"name": "Paging Ltd"})).expect(201);
        let register = || {
            let mut body = lab.new_sample();
            body["client_id"] = client["id"].clone();
            id(&lab.as_role("analyst").post("/samples", &body).expect(201))
        };
        let wanted: BTreeSet<String> = (0..25).map(|_| register()).collect();
        for sort in ["-created_at", "created_at", "accession_number"] {
            let mut seen = Vec::new();
            let mut after = String::new();
            loop {
                let path = format!("/samples?client_id={}&limit=10&sort={sort}{after}", id(&client));
                let page = lab.as_role("analyst").get(&path).expect(200);
                seen.extend(page["items"].as_array().unwrap().iter().map(id));
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={}", percent_encoded(next));
                register();
            }
            let distinct: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(distinct.len(), seen.len(), "{sort}: something came twice");
            assert!(wanted.is_subset(&distinct), "{sort}: something was lost");
        }
    }

    /// A cursor belongs to the list and the order that made it.
    fn a_cursor_of_another_list_is_refused(engine) {
        let lab = Lab::shared(engine);
        lab.registered();
        lab.registered();
        let analyst = lab.as_role("analyst");
        let page = analyst.get("/samples?limit=1").expect(200);
        let cursor = percent_encoded(page["next"].as_str().expect("more than one sample"));
        analyst.get(&format!("/results?limit=1&after={cursor}")).names_field("after");
        analyst.get(&format!("/samples?limit=1&sort=accession_number&after={cursor}")).names_field("after");
    }

    /// Filters, one by one.
    fn filters_filter(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let (registered, received) = (lab.registered(), lab.received());
        let listed = |query: &str| -> BTreeSet<String> { analyst.all(&format!("/samples?{query}")).iter().map(id).collect() };
        let (r, s) = (id(&registered), id(&received));

        let found = listed("status=registered");
        assert!(found.contains(&r) && !found.contains(&s));
        let found = listed("status=registered,received");
        assert!(found.contains(&r) && found.contains(&s));
        let found = listed(&format!("q={}", percent_encoded(&text(&registered, "accession_number"))));
        assert_eq!(found, BTreeSet::from([r.clone()]));
        let reference = text(&received, "client_reference");
        assert!(listed(&format!("q={}", &reference[..9])).contains(&s), "a prefix of the client's reference");
        assert!(listed(&format!("client_id={}", id(&lab.catalogue().client))).contains(&r));
        assert!(listed("received_from=2020-01-01T00:00:00Z").contains(&s));
        assert!(!listed("received_to=2020-01-01T00:00:00Z").contains(&s));
        assert!(!listed("updated_since=2099-01-01T00:00:00Z").contains(&r));
        let since = percent_encoded(&text(&received, "updated_at"));
        assert!(listed(&format!("updated_since={since}")).contains(&s));
    }

    /// What waits for whom.
    fn the_work_list_counts_what_waits(engine) {
        let lab = Lab::fresh(engine);
        let analyst = lab.as_role("analyst");
        lab.registered();
        lab.received();
        lab.entered();
        lab.drafted();
        let work = analyst.get("/work").expect(200);
        assert_eq!((&work["to_receive"], &work["to_enter"], &work["to_verify"]), (&json!(1), &json!(3), &json!(3)), "{work}");
        let work = lab.as_role("authorizer").get("/work").expect(200);
        assert_eq!((&work["to_verify"], &work["to_authorize"]), (&json!(3), &json!(1)), "{work}");
    }

    /// ATT-35 A spreadsheet must not run what a client typed.
    fn an_export_escapes_formulas(engine) {
        let lab = Lab::shared(engine);
        let mut body = lab.new_sample();
        body["client_reference"] = json!("=HYPERLINK(\"http://evil.example\")");
        let analyst = lab.as_role("analyst");
        let sample = analyst.post("/samples", &body).expect(201);
        let export = lab.who_can("result:export").get(&format!("/results/export?format=csv&sample_id={}", id(&sample)));
        let csv = export.clone().expect_bytes(200).text();
        assert!(export.header("content-type").starts_with("text/csv"), "{}", export.header("content-type"));
        assert!(export.header("content-disposition").starts_with("attachment"));
        for cell in csv.lines().flat_map(|line| line.split(',')) {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '@']), "{cell:?} would run");
        }
        let rows = lab.who_can("result:export").get(&format!("/results/export?format=json&sample_id={}", id(&sample))).expect(200);
        assert_eq!(rows["items"].as_array().or(rows.as_array()).expect("rows").len(), 3);
    }

    /// Every list answers alike: items and next, pages, and no parameter is ignored.
    fn every_list_keeps_the_same_manners(engine) {
        let lab = Lab::shared(engine);
        let (analyst, auditor) = (lab.as_role("analyst"), lab.as_role("auditor"));
        let released = lab.released();
        let report = format!("/reports/{}/deliveries", id(&released));
        let sample = lab.entered();
        let result = id(&attest_tests::story::result_of(&sample, "NO3-N"));
        let lists = [
            (lab.administrator.api.clone(), "/permissions".to_owned()),
            (analyst.clone(), format!("/samples/{}/timeline", id(&sample))),
            (analyst.clone(), format!("/results/{result}/versions")),
            (analyst.clone(), format!("/results/{result}/critical-notices")),
            (lab.as_role("authorizer"), report),
        ];
        for (api, path) in &lists {
            // Events get their place in the log within a second.
            let deadline = Instant::now() + Duration::from_secs(10);
            let mut whole = api.get(path).expect(200);
            while whole["items"].as_array().unwrap().iter().any(|item| item.get("index").is_some_and(Value::is_null)) {
                assert!(Instant::now() < deadline, "{path}: {whole}");
                std::thread::sleep(Duration::from_millis(100));
                whole = api.get(path).expect(200);
            }
            assert_eq!(whole["next"], json!(null), "{path}");
            assert_eq!(&api.all(path), whole["items"].as_array().unwrap(), "{path}");
            let (mut walked, mut after) = (Vec::new(), String::new());
            loop {
                let page = api.get(&format!("{path}?limit=2{after}")).expect(200);
                assert!(page["items"].as_array().unwrap().len() <= 2, "{path}");
                walked.extend(page["items"].as_array().unwrap().iter().cloned());
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={}", percent_encoded(next));
            }
            assert_eq!(&walked, whole["items"].as_array().unwrap(), "{path}");
            for wrong in ["nope=1", "limit=0", "limit=201", "limit=abc", "after=garbage", "sort=nope"] {
                api.get(&format!("{path}?{wrong}")).names_field(wrong.split('=').next().unwrap());
            }
        }
        let exporter = lab.who_can("audit:export");
        for (api, path) in [(&analyst, "/auth/sessions"), (&auditor, "/audit/checkpoints"), (&exporter, "/audit/exports")] {
            assert_eq!(api.get(&format!("{path}?updated_since=2099-01-01T00:00:00Z")).expect(200)["items"], json!([]), "{path}");
            let since = api.get(&format!("{path}?updated_since=2000-01-01T00:00:00Z&limit=1")).expect(200);
            assert_eq!(since["items"], api.get(&format!("{path}?limit=1")).expect(200)["items"], "{path}");
            api.get(&format!("{path}?updated_since=yesterday")).names_field("updated_since");
        }
        for path in ["/results", "/results/export?format=json"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let found = format!("{path}{joint}worksheet_id=0197b1e2-0000-7000-8000-000000000000");
            let api = if joint == '&' { lab.who_can("result:export") } else { analyst.clone() };
            assert_eq!(api.get(&found).expect(200)["items"], json!([]), "{path}");
        }
    }

    /// The format of an export may be asked for in the way of HTTP.
    fn an_export_honours_accept(engine) {
        let lab = Lab::shared(engine);
        let sample = id(&lab.entered());
        let api = lab.who_can("result:export");
        for (accept, kind) in [("text/csv", "text/csv"), ("application/json", "application/json"), ("text/csv;q=1, */*;q=0.1", "text/csv")] {
            let file = api.with("Accept", accept).get(&format!("/results/export?sample_id={sample}")).expect_bytes(200);
            assert!(file.header("content-type").starts_with(kind), "{accept}: {}", file.header("content-type"));
        }
        api.get(&format!("/results/export?sample_id={sample}")).names_field("format");
    }
}
