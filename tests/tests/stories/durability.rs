//! What was acknowledged is kept, whatever happens to the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::proof::verify_bundle;
use attest_tests::server::attest_verify;
use attest_tests::{Lab, json, on_both_engines};

on_both_engines! {
    /// Killed in the middle of writing: every acknowledged sample is there after the restart, each with its event, and
    /// the ledger verifies from the first entry to the last.
    fn killed_while_writing_nothing_acknowledged_is_lost(engine) {
        let lab = Lab::fresh(engine);
        let analyst = lab.as_role("analyst");
        lab.catalogue();
        let stop = AtomicBool::new(false);
        let acknowledged: Vec<(String, String)> = thread::scope(|scope| {
            let hands: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| {
                    let mut kept = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let Some(answer) = analyst.try_post("/samples", &lab.new_sample()) else { break };
                        if answer.status == 201 {
                            let sample = answer.json();
                            kept.push((id(&sample), text(&sample, "accession_number")));
                        }
                    }
                    kept
                }))
                .collect();
            thread::sleep(Duration::from_millis(1500));
            lab.server.kill();
            stop.store(true, Ordering::Relaxed);
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        });
        assert!(acknowledged.len() >= 50, "only {} samples: the story says nothing", acknowledged.len());

        lab.server.restart();
        let person = lab.person("analyst");
        let analyst = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        for (sample, number) in &acknowledged {
            assert_eq!(text(&analyst.get(&format!("/samples/{sample}")).expect(200), "accession_number"), *number);
        }
        analyst.post("/samples", &lab.new_sample()).expect(201);

        // Numbers that the killed process took and never committed are named before long, so that no gap is left unexplained.
        let deadline = Instant::now() + Duration::from_secs(90);
        while lab.server.database().as_owner("SELECT COUNT(*) FROM leases WHERE duty LIKE 'writer %'").unwrap().trim() != "1" {
            assert!(Instant::now() < deadline, "nobody looked after the writer that is gone");
            thread::sleep(Duration::from_millis(200));
        }

        let auditor = lab.hire("Auditor", &["auditor"]);
        let export = auditor.api.step_up(&auditor.password).post("/audit/exports", &json!({"kind": "range"})).expect(202);
        let path = format!("/audit/exports/{}", id(&export));
        let deadline = Instant::now() + Duration::from_secs(90);
        while auditor.api.get(&path).expect(200)["status"] != "ready" {
            assert!(Instant::now() < deadline, "the export is not ready: {}", auditor.api.get(&path).text());
            thread::sleep(Duration::from_millis(200));
        }
        let bundle = auditor.api.get(&format!("{path}/bundle")).expect_bytes(200).body;
        let file = lab.server.scratch().join("bundle.zip");
        std::fs::write(&file, &bundle).unwrap();
        let (holds, said) = attest_verify(&file, &["--key", &lab.log_key]);
        assert!(holds, "{said}");
        let proven = verify_bundle(&bundle, &lab.log_key).unwrap();
        let recorded: std::collections::BTreeSet<&str> = proven.entries.iter()
            .filter(|(_, entry)| entry["action"] == "sample.registered")
            .filter_map(|(_, entry)| entry["object"]["id"].as_str())
            .collect();
        for (sample, _) in &acknowledged {
            assert!(recorded.contains(sample.as_str()), "{sample} has no event");
        }
    }

    /// A restart keeps everything: people, samples, the key of the log.
    fn a_restart_keeps_the_laboratory(engine) {
        let lab = Lab::fresh(engine);
        let report = lab.released();
        let document = lab.as_role("authorizer").get(&format!("/reports/{}/document", id(&report))).expect_bytes(200).body;
        lab.server.restart();
        let person = lab.person("authorizer");
        let authorizer = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        assert_eq!(authorizer.get(&format!("/reports/{}/document", id(&report))).expect_bytes(200).body, document);
        let admin = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        assert_eq!(text(&admin.get("/laboratory").expect(200), "log_key"), lab.log_key);
    }
}
