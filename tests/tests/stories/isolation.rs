//! ATT-21, ATT-22: the laboratory next door does not exist.

use std::collections::BTreeMap;

use attest_tests::api::{id, text};
use attest_tests::{Engine, Lab, json, on_both_engines};

/// One of each, so that the neighbour has something to look for.
fn one_of_each(lab: &Lab) -> BTreeMap<&'static str, String> {
    let report = lab.released();
    let sample = lab.sample(&id(&report["samples"][0]));
    let catalogue = lab.catalogue();
    let order = lab
        .as_role("analyst")
        .post(
            "/orders",
            &json!({
                "client_id": id(&catalogue.client),
                "samples": [{"sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)]}],
            }),
        )
        .expect(201);
    BTreeMap::from([
        ("samples", id(&sample)),
        ("results", id(&sample["results"][0])),
        ("reports", id(&report)),
        ("orders", id(&order)),
        ("clients", id(&catalogue.client)),
        ("sample-types", id(&catalogue.river_water)),
        ("tests", id(&catalogue.iron)),
        ("panels", id(&catalogue.panel)),
        ("specifications", id(&catalogue.specification)),
        ("users", lab.person("analyst").id),
    ])
}

on_both_engines! {
    /// A client's own person sees that client's orders, samples and released reports; other clients' are not there.
    fn a_client_sees_its_own_things_only(engine) {
        let lab = Lab::shared(engine);
        let other = lab.who_can("client:manage").post("/clients", &json!({
            "code": &uuid::Uuid::new_v4().simple().to_string()[..8], "name": "Another Waterworks"})).expect(201);
        let things = one_of_each(lab);
        let (draft, released) = (lab.drafted(), &things["reports"]);
        let stranger = lab.hire("Client Without A Client", &["client"]);
        let mine = lab.hire("Client's Person", &["client"]);
        let belongs = |client: &str| {
            let user = format!("/users/{}", mine.id);
            let etag = lab.administrator.api.get(&user).etag();
            lab.raised().patch(&user, &etag, &json!({"client_id": client})).expect(200);
        };
        belongs(&things["clients"]);
        let seen = |status: u16| {
            for collection in ["samples", "orders", "reports"] {
                let answer = mine.api.get(&format!("/{collection}/{}", things[collection]));
                assert_eq!(answer.status, status, "{}", answer.text());
                let listed = mine.api.all(&format!("/{collection}"));
                assert_eq!(listed.iter().any(|item| id(item) == things[collection]), status == 200, "{collection}");
            }
            assert_eq!(mine.api.get(&format!("/reports/{released}/document")).status, status);
            assert_eq!(mine.api.get(&format!("/samples/{}/timeline", things["samples"])).status, status);
        };
        seen(200);
        mine.api.get(&format!("/reports/{}", id(&draft))).problem(404, "not-found");
        mine.api.get(&format!("/reports/{}/preview", id(&draft))).problem(404, "not-found");
        let sample = mine.api.get(&format!("/samples/{}", things["samples"])).expect(200);
        assert!(sample["results"].as_array().unwrap().iter().all(|result| result["value"].is_null()), "{}", sample["results"]);
        let timeline = mine.api.get(&format!("/samples/{}/timeline", things["samples"])).expect(200);
        let told: Vec<String> = timeline["items"].as_array().unwrap().iter().map(|entry| text(entry, "action")).collect();
        assert!(told.iter().any(|action| action == "sample.received") && told.iter().any(|action| action == "report.released"), "{told:?}");
        assert!(!told.iter().any(|action| action.starts_with("result.")), "values are told to those who may read results: {told:?}");
        belongs(&id(&other));
        seen(404);
        for collection in ["samples", "orders", "reports"] {
            assert!(stranger.api.all(&format!("/{collection}")).is_empty(), "{collection}");
            stranger.api.get(&format!("/{collection}/{}", things[collection])).problem(404, "not-found");
        }
        let unknown = json!({"client_id": uuid::Uuid::now_v7().to_string()});
        let user = format!("/users/{}", mine.id);
        lab.raised().patch(&user, &lab.administrator.api.get(&user).etag(), &unknown).names_field("client_id");
    }

    /// ATT-21 Everything of another laboratory is 404, for the most powerful person of this one.
    fn nothing_of_the_neighbour_exists(engine) {
        let (lab, neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let theirs = one_of_each(neighbour);
        let me = lab.hire("Everything", &["administrator", "manager", "analyst", "authorizer"]).api;
        let own = one_of_each(lab);
        for (collection, their_id) in &theirs {
            me.get(&format!("/{collection}/{}", own[collection])).expect(200);
            me.get(&format!("/{collection}/{their_id}")).problem(404, "not-found");
            let listed = me.all(&format!("/{collection}"));
            assert!(!listed.iter().any(|item| id(item) == *their_id), "{collection} lists the neighbour's");
        }
        for (path, body) in [
            (format!("/samples/{}/receive", theirs["samples"]), json!({"condition": "acceptable"})),
            (format!("/samples/{}/results", theirs["samples"]), json!({"test_ids": [own["tests"]]})),
            (format!("/results/{}/enter", theirs["results"]), json!({"value": "1"})),
            (format!("/results/{}/verify", theirs["results"]), json!({})),
            (format!("/results/{}/retract", theirs["results"]), json!({"reason": "x"})),
            (format!("/reports/{}/release", theirs["reports"]), json!({})),
            (format!("/reports/{}/withdraw", theirs["reports"]), json!({"reason": "x"})),
            (format!("/orders/{}/cancel", theirs["orders"]), json!({"reason": "x"})),
        ] {
            me.post(&path, &body).problem(404, "not-found");
        }
        for path in ["document", "preview", "deliveries"] {
            me.get(&format!("/reports/{}/{path}", theirs["reports"])).problem(404, "not-found");
        }
        me.get(&format!("/samples/{}/timeline", theirs["samples"])).problem(404, "not-found");
        me.get(&format!("/results/{}/versions", theirs["results"])).problem(404, "not-found");
    }

    /// ATT-22 No reference leads next door, in any field that takes an id.
    fn references_do_not_lead_next_door(engine) {
        let (lab, neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let analyst = lab.as_role("analyst");
        let (own, theirs) = (lab.catalogue(), neighbour.catalogue());
        for (field, foreign) in [
            ("client_id", json!(id(&theirs.client))), ("sample_type_id", json!(id(&theirs.river_water))),
            ("test_ids", json!([id(&own.iron), id(&theirs.iron)])), ("panel_ids", json!([id(&theirs.panel)])),
        ] {
            let mut body = lab.new_sample();
            body[field] = foreign;
            let problem = analyst.post("/samples", &body).problem(422, "validation");
            assert!(text(&problem["errors"][0], "path").starts_with(field), "{problem}");
        }
        let sample = lab.received();
        let path = format!("/samples/{}/results", id(&sample));
        analyst.post(&path, &json!({"test_ids": [id(&theirs.lead)]})).problem(422, "validation");
        let foreign_sample = neighbour.verified();
        let answer = lab.as_role("authorizer").post("/reports", &json!({"sample_ids": [id(&foreign_sample)]}));
        assert!([404, 422].contains(&answer.status), "{}", answer.text());
        let catalog = lab.who_can("catalog:manage");
        let answer = catalog.post("/panels", &json!({"name": "Smuggled", "test_ids": [id(&theirs.lead)]}));
        answer.problem(422, "validation");
    }

    /// A login of one laboratory opens nothing of the other, not even by its name.
    fn a_login_belongs_to_one_laboratory(engine) {
        let (lab, neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let person = lab.person("analyst");
        let body = json!({"email": person.email, "password": person.password, "laboratory": neighbour.slug});
        lab.server.anonymous().post("/auth/login", &body).problem(401, "invalid-credentials");
        assert_eq!(text(&person.api.get("/me").expect(200)["laboratory"], "slug"), lab.slug);
        assert_ne!(lab.log_key, neighbour.log_key, "each laboratory has its own ledger key");
    }

    /// Two logs, two worlds.
    fn the_neighbours_events_are_not_listed(engine) {
        let (lab, neighbour) = (Lab::shared(engine), Lab::neighbour(engine));
        let sample = id(&neighbour.registered());
        let own = lab.as_role("auditor").get(&format!("/audit/events?object_type=sample&object_id={sample}")).expect(200);
        assert_eq!(own["items"], json!([]));
        let theirs = neighbour.as_role("auditor").get(&format!("/audit/events?object_type=sample&object_id={sample}")).expect(200);
        assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
    }
}

/// ATT-22 Row-level security is forced on every table that belongs to a laboratory, and the service owns nothing.
#[test]
fn every_table_of_a_laboratory_has_forced_row_level_security() {
    let lab = Lab::shared(Engine::Postgres);
    let database = lab.server.database();
    let open = database.as_owner(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    );
    // Two lists lie outside the walls by design: which laboratory an e-mail address or a public code leads to.
    assert_eq!(open.unwrap(), "directory\npublic_codes", "these tables are open");
    let guarded = database
        .as_owner("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        .unwrap();
    assert!(
        guarded.parse::<u32>().unwrap() >= 15,
        "only {guarded} guarded tables: is the query right?"
    );
    let unguarded = database.as_owner(
        "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)",
    );
    assert_eq!(unguarded.unwrap(), "", "row-level security without a policy");
    let owned = database.as_service(
        "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)",
    );
    assert_eq!(owned.unwrap(), "0", "the service's role owns something");
    let powers = database.as_service(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user",
    );
    assert_eq!(powers.unwrap(), "f");
    assert_eq!(
        database.as_service("SELECT count(*) FROM samples").unwrap(),
        "0",
        "without a laboratory nothing is seen"
    );
    let seen = database
        .as_service(&format!(
            "SET app.tenant_id = '{}'; SELECT count(*) FROM audit_events",
            lab.id
        ))
        .unwrap();
    assert_ne!(seen, "0");
}

/// ATT-22 Composite keys: every foreign key between tables of a laboratory carries the laboratory.
#[test]
fn every_foreign_key_carries_the_laboratory() {
    let lab = Lab::shared(Engine::Postgres);
    let without = lab.server.database().as_owner(
        "SELECT k.conname FROM pg_constraint k \
         JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attname = 'tenant_id' \
         JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attname = 'tenant_id' \
         WHERE k.contype = 'f' AND NOT (f.attnum = ANY (k.conkey) AND t.attnum = ANY (k.confkey))",
    );
    assert_eq!(without.unwrap(), "");
    let carrying = lab
        .server
        .database()
        .as_owner("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
        .unwrap();
    assert!(
        carrying.parse::<u32>().unwrap() >= 10,
        "only {carrying} foreign keys: is the query right?"
    );
}
