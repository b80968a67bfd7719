//! Those who run the installation: what they may do to laboratories, and that they see nothing inside them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use attest_tests::api::{id, text};
use attest_tests::cluster::repository;
use attest_tests::lab::new_password;
use attest_tests::mail::{awaited, mails_to};
use attest_tests::platform::{Platform, operator_command, operator_without_factor};
use attest_tests::proof::verify_bundle;
use attest_tests::server::attest_verify;
use attest_tests::{Api, Engine, Lab, Server, Value, json, on_both_engines};

/// What an operator holds; the audit operations are those of the platform's own ledger.
const OF_THE_PLATFORM: [&str; 5] = [
    "platform:read",
    "platform:manage",
    "audit:read",
    "audit:export",
    "ledger:rotate_key",
];

/// Every operation, with its permission; paths with ids that nobody has.
fn operations() -> Vec<(String, String, String)> {
    let document = fs::read_to_string(repository().join("openapi/attest.json")).expect("openapi/attest.json");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if let Some(permission) = operation["x-permission"].as_str() {
                let path: Vec<&str> = path
                    .split('/')
                    .map(|part| {
                        if part.starts_with('{') {
                            "0197b1e2-0000-7000-8000-00000000dead"
                        } else {
                            part
                        }
                    })
                    .collect();
                found.push((method.to_uppercase(), path.join("/"), permission.to_owned()));
            }
        }
    }
    assert!(found.len() > 120, "{}", found.len());
    found
}

fn ask(api: &Api, method: &str, path: &str) -> attest_tests::Answer {
    let body = (method != "GET" && method != "DELETE").then(|| json!({}));
    api.call(method, path, body.as_ref())
}

fn events(api: &Api, query: &str) -> Vec<Value> {
    api.all(&format!("/audit/events?{query}"))
}

fn new_laboratory(slug: &str) -> Value {
    json!({
        "laboratory": {"name": "Meadow Laboratory", "slug": slug, "kind": "testing", "timezone": "Europe/Warsaw", "language": "en"},
        "administrator": {"email": format!("ada@{slug}.example"), "name": "Ada Minister"},
        "second_factor": "off",
    })
}

on_both_engines! {
    /// ATT-07 A platform operator must have a second factor: nothing is open before, and it cannot be taken away.
    fn an_operator_without_a_second_factor_can_only_set_one_up(engine) {
        let lab = Lab::fresh(engine);
        let operator = operator_without_factor(&lab.server, "olga@platform.example", "Olga Operator");
        let me = operator.api.get("/me").expect(200);
        assert_eq!((&me["must"], &me["laboratory"]["realm"]), (&json!(["second_factor"]), &json!("platform")));
        for (method, path, permission) in operations() {
            let own = path == "/api/v1/me" || path.starts_with("/api/v1/auth/");
            if permission != "public" && !own {
                ask(&operator.api, &method, &path).problem(403, "setup-required");
            }
        }
        let (app, _codes) = operator.api.set_up_app();
        assert_eq!(operator.api.get("/me").expect(200)["must"], json!([]));
        assert_eq!(operator.api.get("/auth/mfa").expect(200)["required"], true);
        operator.api.get("/platform/laboratories").expect(200);
        operator.api.post("/auth/reauthenticate", &json!({"otp": app.code(0)})).expect(200);
        operator.api.call("DELETE", "/auth/mfa/totp", None).problem(409, "conflict-state");
        let login = json!({"email": operator.email, "password": operator.password, "laboratory": "platform"});
        lab.server.anonymous().post("/auth/login", &login).problem(401, "mfa-required");
        let listed = operator_command(&lab.server, &["list"]);
        assert!(listed.contains("olga@platform.example") && listed.contains("active"), "{listed}");
    }

    /// ATT-21, ATT-25 An operator is refused every operation of laboratories, and a laboratory's people every one of the platform.
    fn neither_realm_can_do_anything_in_the_other(engine) {
        let lab = Lab::fresh(engine);
        let everything = lab.hire("Everything", &["administrator", "manager", "quality_manager", "analyst", "authorizer"]);
        let platform = Platform::of(&lab);
        let (mut refused, mut open) = (0, BTreeSet::new());
        for (method, path, permission) in operations() {
            if ["public", "login", "own"].contains(&permission.as_str()) {
                continue;
            }
            let (of_platform, of_laboratory) = (OF_THE_PLATFORM.contains(&permission.as_str()), !permission.starts_with("platform:"));
            let answer = ask(&platform.operator.api, &method, &path);
            if of_platform {
                assert!(!answer.text().contains("/problems/forbidden"), "{method} {path}: {}", answer.text());
                open.insert(permission.clone());
            } else {
                answer.problem(403, "forbidden");
                refused += 1;
            }
            if !of_laboratory {
                ask(&everything.api, &method, &path).problem(403, "forbidden");
            }
        }
        assert!(refused > 80, "{refused}");
        assert_eq!(open.len(), OF_THE_PLATFORM.len(), "{open:?}");
        let told = events(&platform.operator.api, "action=access.refused");
        assert!(told.len() >= refused, "every refusal is in the platform's ledger");
        assert!(!events(&lab.administrator.api, "action=access.refused").iter().any(|event| event["actor"]["kind"] == "operator"));
    }

    /// ATT-22 What the platform sees of a laboratory is its row; of its ledger, samples and people nothing.
    fn the_platform_sees_laboratories_from_outside(engine) {
        let lab = Lab::fresh(engine);
        Lab::beside(&lab, "hillside", "medical");
        let platform = Platform::of(&lab);
        let sample = lab.received();
        let listed = platform.operator.api.all("/platform/laboratories");
        let slugs: Vec<String> = listed.iter().map(|one| text(one, "slug")).collect();
        assert_eq!(slugs, ["hillside", "riverside"], "by short name, without the platform itself");
        let page = platform.operator.api.get("/platform/laboratories?limit=1").expect(200);
        assert_eq!((text(&page["items"][0], "slug").as_str(), page["next"].is_string()), ("hillside", true));
        let seen = platform.laboratory(&lab);
        assert_eq!((&seen["status"], &seen["kind"]), (&json!("open"), &json!("testing")));
        assert!(seen["people"].as_u64().unwrap() >= 2 && seen["last_active_on"].is_string(), "{seen}");
        let members: BTreeSet<&str> = seen.as_object().unwrap().keys().map(String::as_str).collect();
        let known = ["id", "slug", "name", "kind", "status", "suspended_at", "suspended_reason", "demonstration", "people", "last_active_on", "created_at", "updated_at", "version"];
        assert_eq!(members, BTreeSet::from(known));
        let ledger = serde_json::to_string(&events(&platform.operator.api, "")).unwrap();
        assert!(!ledger.contains(&text(&sample, "accession_number")) && !ledger.contains("sample.registered"));
        let not_itself = text(&platform.operator.api.get("/me").expect(200)["laboratory"], "id");
        platform.operator.api.get(&format!("/platform/laboratories/{not_itself}")).problem(404, "not-found");
    }

    /// ATT-09 The platform opens a laboratory; its first administrator alone gets the link, by mail.
    fn the_platform_opens_a_laboratory(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let asked = new_laboratory("meadow");
        platform.operator.api.post("/platform/laboratories", &asked).problem(403, "step-up-required");
        let once = platform.raised().with("Idempotency-Key", "meadow-once");
        let made = once.post("/platform/laboratories", &asked).expect(201);
        assert_eq!((&made["slug"], &made["status"], &made["people"]), (&json!("meadow"), &json!("open"), &json!(1)));
        assert_eq!(id(&once.post("/platform/laboratories", &asked).expect(201)), id(&made), "asked twice, made once");
        let taken = platform.raised().post("/platform/laboratories", &asked).problem(409, "duplicate");
        assert_eq!(taken["errors"][0]["path"], "laboratory.slug");
        platform.raised().post("/platform/laboratories", &new_laboratory("platform")).names_field("slug");
        platform.raised().post("/platform/laboratories", &json!({"laboratory": {}})).problem(422, "validation");

        let letter = awaited(&lab.server, "ada@meadow.example", 1);
        let password = new_password();
        lab.server.anonymous().post("/auth/password-reset/complete", &json!({"token": letter.token(), "new_password": password})).expect(204);
        let ada = lab.server.anonymous().log_in("meadow", "ada@meadow.example", &password);
        let own = events(&ada, "action=laboratory.created");
        let theirs = events(&platform.operator.api, "action=laboratory.created");
        for (event, kind) in [(&own[0], "operator"), (&theirs[0], "user")] {
            assert_eq!((&event["object"]["id"], &event["actor"]["kind"]), (&made["id"], &json!(kind)));
            assert_eq!((&event["actor"]["id"], &event["actor"]["assurance"]), (&json!(platform.operator.id), &json!("mfa")));
        }
        assert_eq!((own.len(), theirs.len()), (1, 1));
        lab.server.anonymous().post("/auth/login", &json!({"email": "ada@meadow.example", "password": password, "laboratory": "platform"})).problem(401, "invalid-credentials");
    }

    /// ATT-15 A suspended laboratory answers nobody from the next request on, says why, and loses nothing.
    fn a_suspended_laboratory_answers_nobody_and_loses_nothing(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let report = lab.released();
        let (analyst, service) = (lab.person("analyst"), lab.service("LIMS of the waterworks", &["integrator"]));
        let elsewhere = (engine == Engine::Postgres).then(|| lab.server.another_node());
        let check = format!("/public/reports/{}", text(&report, "verification_code"));
        let login = json!({"email": analyst.email, "password": analyst.password, "laboratory": lab.slug});
        let opened = lab.server.anonymous().post("/auth/login", &login).expect(200);
        let refresh = json!({"refresh_token": opened["refresh_token"]});
        let seen = platform.laboratory(&lab);
        let path = format!("/platform/laboratories/{}/suspend", lab.id);
        platform.raised().post(&path, &json!({})).names_field("reason");
        platform.raised().with("If-Match", "\"999\"").post(&path, &json!({"reason": "unpaid"})).problem(412, "stale");
        let suspended = platform.switch(&lab, "suspend", "Invoice 17 is not paid");
        assert_eq!((&suspended["status"], &suspended["suspended_reason"]), (&json!("suspended"), &json!("Invoice 17 is not paid")));
        assert_ne!(suspended["version"], seen["version"]);
        platform.raised().post(&path, &json!({"reason": "again"})).problem(409, "conflict-state");

        let closed = |answer: attest_tests::Answer| {
            let detail = text(&answer.problem(403, "laboratory-suspended"), "detail");
            assert!(detail.contains("Invoice 17 is not paid"), "{detail}");
        };
        if let Some(node) = &elsewhere {
            closed(node.as_well(&analyst.api).get("/samples"));
        }
        for (method, path, permission) in operations() {
            if permission != "public" {
                closed(ask(&analyst.api, &method, &path));
            }
        }
        closed(lab.administrator.api.get("/users"));
        closed(service.api.get("/samples"));
        closed(lab.server.anonymous().post("/auth/login", &login));
        closed(lab.server.anonymous().post("/auth/refresh", &refresh));
        let mut wrong = login.clone();
        wrong["password"] = json!(new_password());
        lab.server.anonymous().post("/auth/login", &wrong).problem(401, "invalid-credentials");
        assert_eq!(lab.server.anonymous().get(&check).expect(200)["status"], "genuine", "customers can still check");

        platform.switch(&lab, "resume", "Paid");
        analyst.api.get("/samples").expect(200);
        service.api.get("/samples").expect(200);
        lab.server.anonymous().post("/auth/refresh", &refresh).expect(200);
        lab.as_role("authorizer").get(&format!("/reports/{}", id(&report))).expect(200);
        for action in ["laboratory.suspended", "laboratory.resumed"] {
            let (own, theirs) = (events(&lab.administrator.api, &format!("action={action}")), events(&platform.operator.api, &format!("action={action}")));
            assert_eq!((own.len(), theirs.len()), (1, 1), "{action} is in both ledgers");
            assert_eq!((&own[0]["actor"]["kind"], &own[0]["reason"], &own[0]["object"]), (&json!("operator"), &theirs[0]["reason"], &theirs[0]["object"]));
        }
    }

    /// ATT-24 Whatever somebody writes into the tables, and whatever is asked for, nobody holds anything of the other realm.
    fn no_permission_crosses_the_border(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let known = lab.administrator.api.get("/permissions").expect(200);
        assert!(!known.to_string().contains("platform:"), "a laboratory is not even offered them");
        let role = json!({"name": "Landlord", "permissions": ["platform:manage"]});
        lab.raised().post("/roles", &role).problem(403, "forbidden");
        let victim = lab.hire("Ambitious", &["administrator"]);
        let user = format!("/users/{}", victim.id);
        let grants = json!({"grants": [{"permission": "platform:read", "effect": "allow", "reason": "because"}]});
        lab.raised().patch(&user, &lab.administrator.api.get(&user).etag(), &grants).problem(403, "forbidden");

        let (database, realm) = (lab.server.database(), text(&platform.operator.api.get("/me").expect(200)["laboratory"], "id"));
        let written = |tenant: &str, slug: &str, permission: &str| {
            let wall = database.choose_laboratory(tenant);
            database.as_owner(&format!(
                "{wall}INSERT INTO role_permissions (tenant_id, role_id, permission) SELECT tenant_id, id, '{permission}' FROM roles WHERE slug = '{slug}';"
            )).unwrap();
            database.as_owner(&format!("{wall}UPDATE users SET access_version = access_version + 1;")).unwrap();
        };
        for permission in OF_THE_PLATFORM.iter().filter(|permission| permission.starts_with("platform:")) {
            written(&lab.id, "administrator", permission);
        }
        for permission in ["sample:read", "result:read", "user:manage", "settings:manage"] {
            written(&realm, "platform_operator", permission);
        }
        let held = |api: &Api| api.get("/me").expect(200)["permissions"].to_string();
        assert!(!held(&lab.administrator.api).contains("platform:"), "{}", held(&lab.administrator.api));
        lab.administrator.api.get("/platform/laboratories").problem(403, "forbidden");
        let mut mine: Vec<String> = serde_json::from_str(&held(&platform.operator.api)).unwrap();
        mine.sort();
        let mut expected = OF_THE_PLATFORM.map(str::to_owned).to_vec();
        expected.sort();
        assert_eq!(mine, expected);
        platform.operator.api.get("/samples").problem(403, "forbidden");
        platform.operator.api.get("/users").problem(403, "forbidden");
    }

    /// The platform's ledger is proven like any other, by the offline verifier.
    fn the_platforms_ledger_is_checked_offline(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        platform.switch(&lab, "suspend", "A drill");
        platform.switch(&lab, "resume", "The drill is over");
        let asked = platform.raised().post("/audit/exports", &json!({"kind": "range"})).expect(202);
        let path = format!("/audit/exports/{}", id(&asked));
        let deadline = Instant::now() + Duration::from_secs(60);
        while platform.operator.api.get(&path).expect(200)["status"] != "ready" {
            assert!(Instant::now() < deadline, "the export is not ready");
            thread::sleep(Duration::from_millis(100));
        }
        let bundle = platform.operator.api.get(&format!("{path}/bundle")).expect_bytes(200).body;
        let shown = lab.server.run(&["keys", "show", "--laboratory", "platform"], "");
        let key = String::from_utf8_lossy(&shown.stdout).trim().to_owned();
        let proven = verify_bundle(&bundle, &key).unwrap();
        let actions: Vec<&str> = proven.entries.iter().filter_map(|(_, entry)| entry["action"].as_str()).collect();
        assert_eq!(actions[..3], ["ledger.opened", "platform.opened", "user.created"]);
        assert!(actions.contains(&"laboratory.suspended") && actions.contains(&"laboratory.resumed"), "{actions:?}");
        let file = lab.server.scratch().join("platform.attest.zip");
        fs::write(&file, &bundle).unwrap();
        let (good, said) = attest_verify(&file, &["--key", &key]);
        assert!(good, "{said}");
    }

    /// From the command line: without a platform a laboratory is suspended all the same; with one both ledgers say so; an operator
    /// who is shut out is out with the next request.
    fn the_command_line_does_it_too(engine) {
        let lab = Lab::fresh(engine);
        let at_the_server = |step: &str| {
            let output = lab.server.run(&["laboratory", step, "--laboratory", "riverside", "--reason", "A drill"], "");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        at_the_server("suspend");
        lab.administrator.api.get("/users").problem(403, "laboratory-suspended");
        at_the_server("resume");
        lab.administrator.api.get("/users").expect(200);
        let platform = Platform::of(&lab);
        at_the_server("suspend");
        assert_eq!(platform.laboratory(&lab)["status"], "suspended");
        platform.switch(&lab, "resume", "The drill is over");
        assert_eq!(events(&lab.administrator.api, "action=laboratory.suspended").len(), 2);
        let told = events(&platform.operator.api, "action=laboratory.suspended");
        assert_eq!((told.len(), &told[0]["actor"]["kind"], &told[0]["actor"]["id"]), (1, &json!("operator"), &json!("command line")));

        let second = Platform::with_operator(&lab.server, "piotr@platform.example", "Piotr Operator");
        let twice = lab.server.run(&["platform", "operator", "create", "--email", "piotr@platform.example", "--name", "Piotr"], "");
        assert!(!twice.status.success(), "one account an address");
        operator_command(&lab.server, &["deactivate", "--email", "piotr@platform.example", "--reason", "Left"]);
        second.operator.api.get("/platform/laboratories").problem(401, "unauthenticated");
        let login = json!({"email": second.operator.email, "password": second.operator.password, "laboratory": "platform", "otp": second.app.code(0)});
        lab.server.anonymous().post("/auth/login", &login).problem(401, "invalid-credentials");
        platform.operator.api.get("/platform/laboratories").expect(200);
    }

    /// ATT-07 An operator who lost the second factor gets back in from the command line, and in no other way: sessions end, the ledger and a
    /// letter say so, and nothing is open before a new factor is set up.
    fn an_operator_who_lost_the_factor_gets_back_in(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let operator = &platform.operator;
        let login = json!({"email": operator.email, "password": operator.password, "laboratory": "platform"});
        lab.server.anonymous().post("/auth/login", &login).problem(401, "mfa-required");
        let command = ["platform", "operator", "reset-second-factor", "--email", &operator.email];
        let without = lab.server.run(&command, "");
        assert!(!without.status.success(), "a reason is needed");
        let stranger = ["platform", "operator", "reset-second-factor", "--email", &lab.administrator.email, "--reason", "x"];
        assert!(!lab.server.run(&stranger, "").status.success(), "nobody of a laboratory");
        let said = operator_command(&lab.server, &["reset-second-factor", "--email", &operator.email, "--reason", "Telephone drowned"]);
        assert!(said.contains("sets one up at the next login"), "{said}");
        operator.api.get("/platform/laboratories").problem(401, "unauthenticated");
        let again = lab.server.anonymous().log_in("platform", &operator.email, &operator.password);
        assert_eq!(again.get("/me").expect(200)["must"], json!(["second_factor"]));
        again.get("/platform/laboratories").problem(403, "setup-required");
        let deadline = Instant::now() + Duration::from_secs(40);
        while !mails_to(&lab.server, &operator.email).iter().any(|letter| letter.text.contains("removed the second factors")) {
            assert!(Instant::now() < deadline, "no letter tells of it");
            thread::sleep(Duration::from_millis(100));
        }
        let twice = lab.server.run(&[command.as_slice(), &["--reason", "Again"]].concat(), "");
        assert!(!twice.status.success(), "there is none to remove");

        let other = Platform::with_operator(&lab.server, "piotr@platform.example", "Piotr Operator");
        let told = events(&other.operator.api, "action=user.second_factor_reset");
        assert_eq!((told.len(), &told[0]["actor"]["kind"], &told[0]["reason"]["text"]), (1, &json!("operator"), &json!("Telephone drowned")));
    }

    /// Where operators open laboratories there is no other door for strangers: no link is printed, and an old one is dead.
    fn the_platform_takes_the_place_of_the_first_link(engine) {
        let server = Arc::new(Server::start(engine));
        let token = server.bootstrap_token();
        let platform = Platform::with_operator(&server, "olga@platform.example", "Olga Operator");
        let first = json!({
            "token": token,
            "laboratory": {"name": "First", "slug": "first", "kind": "testing"},
            "administrator": {"email": "ada@first.example", "name": "Ada Minister", "password": new_password()},
        });
        server.anonymous().post("/api/v1/bootstrap", &first).problem(403, "bootstrap-link-invalid");
        platform.raised().post("/platform/laboratories", &new_laboratory("meadow")).expect(201);
        assert_eq!(platform.operator.api.all("/platform/laboratories").len(), 1);
    }
}
