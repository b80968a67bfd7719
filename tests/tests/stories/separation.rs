//! ATT-22: what keeps laboratories apart, shown by the running system, which also tells when it no longer does.

use attest_tests::{Engine, Lab, Value, json, on_both_engines};

fn refused(report: &Value) -> Vec<(String, bool)> {
    let tried = report["probe"]["tried"].as_array().unwrap().iter();
    tried
        .map(|attempt| {
            (
                attempt["what"].as_str().unwrap().to_owned(),
                attempt["refused"].as_bool().unwrap(),
            )
        })
        .collect()
}

on_both_engines! {
    /// ATT-22 Walls, keys, triggers and a probe, from the running system.
    fn separation_is_shown_live(engine) {
        let (lab, _neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let report = lab.as_role("auditor").get("/laboratory/separation").expect(200);
        lab.as_role("analyst").get("/laboratory/separation").problem(403, "forbidden");
        let postgres = engine == Engine::Postgres;
        assert_eq!(report["engine"], if postgres { "postgresql" } else { "sqlite" });
        let walls = &report["row_level_security"];
        assert_eq!((&walls["applies"], &walls["missing"]), (&json!(postgres), &json!([])));
        let keys = &report["composite_keys"];
        assert_eq!((&keys["missing"], &keys["tables"]), (&json!([]), &keys["with_tenant_key"]));
        assert!(keys["tables"].as_u64().unwrap() >= 25, "{keys}");
        if postgres {
            assert_eq!((&walls["tables"], &walls["enforced"]), (&keys["tables"], &keys["tables"]));
            let role = &report["service_role"];
            for power in ["superuser", "bypasses_rls", "owns_tables", "may_change_audit"] {
                assert_eq!(role[power], false, "{power}: {role}");
            }
        } else {
            assert!(report["service_role"].is_null());
        }
        let tables = report["append_only"]["tables"].as_array().unwrap();
        assert!(tables.len() == 9 && tables.iter().all(|table| table["protected"] == true), "{tables:?}");
        assert_eq!(report["probe"]["neighbour"], true);
        let tried = refused(&report);
        assert_eq!(tried.len(), if postgres { 9 } else { 4 });
        assert!(tried.iter().all(|(_, refused)| *refused), "{tried:?}");
        let matrix = &report["build"]["matrix"];
        assert!(matrix["operations"].as_u64().unwrap() > 100 && matrix["roles"].as_u64().unwrap() >= 9, "{matrix}");
        assert_eq!(matrix["digest"].as_str().unwrap().len(), 64);
    }

    /// The probe is no decoration: with a wall taken down by the owner of the database it says so.
    fn a_wall_that_is_down_is_told(engine) {
        let lab = Lab::fresh(engine);
        Lab::beside(&lab, "next-door", "testing");
        let auditor = lab.as_role("auditor");
        let before = auditor.get("/laboratory/separation").expect(200);
        assert!(refused(&before).iter().all(|(_, refused)| *refused), "{before}");
        let database = lab.server.database();
        let failed = |report: &Value| refused(report).into_iter().filter(|(_, refused)| !refused).map(|(what, _)| what).collect::<Vec<_>>();
        if engine == Engine::Postgres {
            database.as_owner("ALTER TABLE users DISABLE ROW LEVEL SECURITY").unwrap();
            let report = auditor.get("/laboratory/separation").expect(200);
            assert_eq!(report["row_level_security"]["missing"], json!(["users"]));
            let failed = failed(&report);
            assert_eq!(failed.len(), 3, "{failed:?}");
            database.as_owner("ALTER TABLE users ENABLE ROW LEVEL SECURITY").unwrap();
            let after = auditor.get("/laboratory/separation").expect(200);
            assert_eq!((after["row_level_security"]["missing"].clone(), refused(&after)), (json!([]), refused(&before)), "nothing was changed by trying");
        } else {
            let trigger = database.as_owner("SELECT sql FROM sqlite_master WHERE name = 'audit_events_no_update'").unwrap();
            assert!(trigger.contains("append-only"), "{trigger}");
            database.as_owner("DROP TRIGGER audit_events_no_update").unwrap();
            let report = auditor.get("/laboratory/separation").expect(200);
            assert_eq!(report["append_only"]["tables"][0], json!({"name": "audit_events", "protected": false}));
            let failed = failed(&report);
            assert_eq!(failed, ["change this laboratory's audit events"]);
        }
    }
}
