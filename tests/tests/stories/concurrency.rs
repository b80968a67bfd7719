//! Two hands on the same thing, and many hands on many.

use std::collections::BTreeSet;
use std::thread;

use attest_tests::api::{id, text};
use attest_tests::story::result_of;
use attest_tests::{Lab, json, on_both_engines};

on_both_engines! {
    /// ATT-34 Of two who saw the same version, exactly one wins.
    fn one_of_two_with_the_same_etag_wins(engine) {
        let lab = Lab::shared(engine);
        let colleague = lab.hire("Second Analyst", &["analyst"]).api;
        for round in 0..10 {
            let nitrate = result_of(&lab.received(), "NO3-N");
            let path = format!("/results/{}", id(&nitrate));
            let etag = lab.as_role("analyst").get(&path).etag();
            let enter = |api: attest_tests::Api, value: &str| {
                api.with("If-Match", &etag).post(&format!("{path}/enter"), &json!({"value": value, "reason": "reading"}))
            };
            let (one, two) = thread::scope(|scope| {
                let one = scope.spawn(|| enter(lab.as_role("analyst"), "1.1"));
                let two = scope.spawn(|| enter(colleague.clone(), "2.2"));
                (one.join().unwrap(), two.join().unwrap())
            });
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412], "round {round}: {} {}", one.text(), two.text());
            let winner = if one.status == 200 { "1.100" } else { "2.200" };
            assert_eq!(lab.result(&id(&nitrate))["value"], winner);
        }
    }

    /// Nobody gets somebody else's accession number.
    fn parallel_registrations_get_distinct_numbers(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        lab.catalogue();
        let numbers: Vec<String> = thread::scope(|scope| {
            let hands: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| {
                    (0..10).map(|_| text(&analyst.post("/samples", &lab.new_sample()).expect(201), "accession_number")).collect::<Vec<_>>()
                }))
                .collect();
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        });
        assert_eq!(numbers.len(), 160);
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 160);
    }

    /// Eight verifiers on one result: one event, not eight.
    fn a_result_is_verified_once(engine) {
        let lab = Lab::shared(engine);
        let authorizer = lab.as_role("authorizer");
        let nitrate = id(&result_of(&lab.entered(), "NO3-N"));
        let statuses: Vec<u16> = thread::scope(|scope| {
            let hands: Vec<_> = (0..8).map(|_| scope.spawn(|| authorizer.post(&format!("/results/{nitrate}/verify"), &json!({})).status)).collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 409, 412].contains(status)), "{statuses:?}");
    }
}
