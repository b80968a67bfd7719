//! Lists: cursors that stay true while others write, and filters that filter.

use std::collections::BTreeSet;

use attest_tests::api::{id, percent_encoded, text};
use attest_tests::{Lab, json, on_both_engines};

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
}
