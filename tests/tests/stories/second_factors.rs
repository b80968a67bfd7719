//! Something known and something held: authenticator apps, passkeys, recovery codes.

use std::collections::BTreeSet;
use std::{fs, thread};

use attest_tests::api::{id, text};
use attest_tests::cluster::repository;
use attest_tests::factors::{App, Passkey};
use attest_tests::lab::new_password;
use attest_tests::story::MEANING;
use attest_tests::{Answer, Api, Engine, Lab, Person, Server, Value, json, on_both_engines};

/// Every operation behind a login, but those of one's own account.
fn operations_of_work() -> Vec<(String, String)> {
    let document = fs::read_to_string(repository().join("openapi/attest.json")).expect("openapi/attest.json");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let own = path == "/api/v1/me" || path.starts_with("/api/v1/auth/");
            if !own
                && operation["x-permission"]
                    .as_str()
                    .is_some_and(|needed| needed != "public")
            {
                found.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

fn log_in(lab: &Lab, person: &Person, otp: Option<&str>) -> Answer {
    let mut body = json!({"email": person.email, "password": person.password, "laboratory": lab.slug});
    if let Some(otp) = otp {
        body["otp"] = json!(otp);
    }
    lab.server.anonymous().post("/auth/login", &body)
}

/// Somebody with an authenticator app, whose step-up has not run out; and the recovery codes.
fn with_app(lab: &Lab, name: &str, roles: &[&str]) -> (Person, App, Vec<String>) {
    let person = lab.hire(name, roles);
    let (app, codes) = person.api.step_up(&person.password).set_up_app();
    (person, app, codes)
}

/// A page of this installation as the person opens it.
fn origin(server: &Server) -> String {
    format!("http://localhost:{}", server.port())
}

fn kinds(problem: &Value) -> BTreeSet<&str> {
    problem["methods"]
        .as_array()
        .expect("methods")
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// A laboratory that asks for second factors where roles do.
fn strict(engine: Engine) -> Lab {
    let lab = Lab::fresh(engine);
    lab.catalogue();
    let etag = lab.administrator.api.get("/laboratory").etag();
    let mut settings = lab.administrator.api.get("/laboratory").expect(200)["settings"].clone();
    settings["second_factor"] = json!("by_role");
    lab.raised()
        .patch("/laboratory", &etag, &json!({"settings": settings}))
        .expect(200);
    lab
}

on_both_engines! {
    /// ATT-07 The first administrator is led to a second factor, and can do nothing else before.
    fn a_first_login_leads_to_a_second_factor_and_nowhere_else(engine) {
        let server = Server::start(engine);
        let (email, password) = ("ada@first.example", new_password());
        server.anonymous().post("/api/v1/bootstrap", &json!({
            "token": server.bootstrap_token(),
            "laboratory": {"name": "First", "slug": "first", "kind": "testing", "timezone": "Europe/Warsaw", "language": "en", "address": "Warszawa"},
            "administrator": {"email": email, "name": "Ada Minister", "password": password},
        })).expect(201);
        let ada = server.anonymous().log_in("first", email, &password);
        let me = ada.get("/me").expect(200);
        assert_eq!((&me["must"], &me["policy"]["second_factor"]), (&json!(["second_factor"]), &json!("by_role")));
        let operations = operations_of_work();
        assert!(operations.len() > 80, "{}", operations.len());
        for (method, path) in operations {
            let path = path.replace(['{', '}'], "");
            let body = (method != "GET" && method != "DELETE").then(|| json!({}));
            let refused = ada.call(&method, &path, body.as_ref()).problem(403, "setup-required");
            assert_eq!(refused["must"], json!(["second_factor"]), "{method} {path}");
        }
        assert_eq!(ada.get("/auth/mfa").expect(200)["required"], true);
        let secret = ada.post("/auth/mfa/totp", &json!({})).expect(200);
        assert!(text(&secret, "uri").starts_with("otpauth://totp/") && text(&secret, "qr_svg").contains("<svg"));
        ada.post("/auth/mfa/totp/confirm", &json!({"code": "000000"})).names_field("code");
        ada.get("/users").problem(403, "setup-required");
        let app = App::with_secret(&text(&secret, "secret"));
        let codes = ada.post("/auth/mfa/totp/confirm", &json!({"code": app.code(0)})).expect(200);
        assert_eq!(codes["recovery_codes"].as_array().map(Vec::len), Some(10));
        assert_eq!(ada.get("/me").expect(200)["must"], json!([]));
        ada.get("/users").expect(200);
        let events = ada.get("/audit/events?action=second_factor.added").expect(200);
        assert_eq!(events["items"].as_array().map(Vec::len), Some(1));
    }

    /// ATT-07 A code of the app, one step either way, each once.
    fn a_code_is_good_once(engine) {
        let lab = Lab::shared(engine);
        let (person, app, _) = with_app(lab, "Has An App", &["viewer"]);
        let asked = log_in(lab, &person, None).problem(401, "mfa-required");
        assert_eq!(kinds(&asked), BTreeSet::from(["totp", "recovery"]));
        assert!(text(&asked, "mfa_token").starts_with("att_m_"));
        assert!(asked["errors"].is_null(), "nothing was wrong: {asked}");
        let now = app.code(0);
        log_in(lab, &person, Some(&app.code(-2))).problem(401, "mfa-required");
        let me = log_in(lab, &person, Some(&now)).expect(200);
        assert_eq!(me["user"]["email"], person.email.as_str());
        let again = log_in(lab, &person, Some(&now)).problem(401, "mfa-required");
        assert_eq!(again["errors"][0]["path"], "otp");
        log_in(lab, &person, Some(&app.code(1))).expect(200);
        log_in(lab, &person, Some(&app.code(0))).problem(401, "mfa-required");
        let mut wrong = person.clone();
        wrong.password = new_password();
        log_in(lab, &wrong, Some(&app.code(1))).problem(401, "invalid-credentials");
    }

    /// ATT-07 The same code twice at the same moment: one gets in.
    fn of_many_with_the_same_code_one_gets_in(engine) {
        let lab = Lab::shared(engine);
        let (person, app, _) = with_app(lab, "Followed", &["viewer"]);
        let code = app.code(0);
        let answers: Vec<u16> = thread::scope(|scope| {
            let tries: Vec<_> = (0..6).map(|_| scope.spawn(|| log_in(lab, &person, Some(&code)).status)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|status| [200, 401].contains(status)), "{answers:?}");
    }

    /// ATT-06, ATT-07 Wrong codes count like wrong passwords, for logins and for confirmations.
    fn wrong_codes_make_the_account_wait(engine) {
        let lab = Lab::fresh(engine);
        let (person, app, _) = with_app(&lab, "Guessed At", &["viewer"]);
        for _ in 0..5 {
            log_in(&lab, &person, Some("000000")).problem(401, "mfa-required");
        }
        for _ in 0..5 {
            person.api.post("/auth/reauthenticate", &json!({"otp": "000000"})).problem(403, "reauthentication-failed");
        }
        log_in(&lab, &person, Some(&app.code(0))).problem(401, "invalid-credentials");
        person.api.post("/auth/reauthenticate", &json!({"otp": app.code(0)})).problem(429, "account-waits");
    }

    /// ATT-07 Recovery codes: ten, each once, and none of an older set.
    fn a_recovery_code_is_good_once(engine) {
        let lab = Lab::shared(engine);
        let (person, app, codes) = with_app(lab, "Lost A Phone", &["viewer"]);
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
        let typed = codes[0].to_uppercase().replace('-', " ");
        log_in(lab, &person, Some(&typed)).expect(200);
        log_in(lab, &person, Some(&codes[0])).problem(401, "mfa-required");
        assert_eq!(person.api.get("/auth/mfa").expect(200)["recovery_codes_left"], 9);
        person.api.post("/auth/reauthenticate", &json!({"otp": app.code(0)})).expect(200);
        let renewed = person.api.post("/auth/mfa/recovery-codes", &json!({})).expect(200);
        log_in(lab, &person, Some(&codes[1])).problem(401, "mfa-required");
        log_in(lab, &person, Some(renewed["recovery_codes"][3].as_str().unwrap())).expect(200);
        let stored = lab.server.printed();
        assert!(codes.iter().all(|code| !stored.contains(code)), "no code is in a log");
    }

    /// ATT-07 A passkey: made, used to sign in and to confirm, each answer once, and only for this origin.
    fn a_passkey_signs_in_and_confirms(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Has A Key", &["auditor"]);
        let mut key = Passkey::on(&origin(&lab.server));
        person.api.post("/auth/mfa/passkeys/options", &json!({})).problem(403, "step-up-required");
        person.api.step_up(&person.password);
        let asked = person.api.post("/auth/mfa/passkeys/options", &json!({})).expect(200);
        let elsewhere = Passkey::on("https://evil.example").create(&asked["public_key"]);
        person.api.post("/auth/mfa/passkeys", &json!({"name": "Trap", "credential": elsewhere})).names_field("credential");
        let made = json!({"name": "Key on my ring", "credential": key.create(&asked["public_key"])});
        let added = person.api.post("/auth/mfa/passkeys", &made).expect(201);
        assert_eq!(added["recovery_codes"].as_array().map(Vec::len), Some(10));
        person.api.post("/auth/mfa/passkeys", &made).names_field("credential");

        let waiting = log_in(lab, &person, None).problem(401, "mfa-required");
        assert!(kinds(&waiting).contains("passkey"));
        let token = text(&waiting, "mfa_token");
        let nobody = lab.server.anonymous();
        let ask = || nobody.post("/auth/login/passkey/options", &json!({"mfa_token": token})).expect(200)["public_key"].clone();
        let answer = |credential: Value| nobody.post("/auth/login/passkey", &json!({"mfa_token": token, "credential": credential}));
        let options = ask();
        let mut foreign = Passkey::on(&origin(&lab.server));
        answer(foreign.get(&options)).problem(401, "mfa-required");
        answer(key.get(&options)).problem(401, "mfa-required"); // That question was used up by the wrong answer.
        let shown = key.get(&ask());
        let signed_in = answer(shown.clone()).expect(200);
        let session = nobody.signed_in(&signed_in);
        assert_eq!(session.get("/me").expect(200)["email"], person.email.as_str());
        answer(shown).problem(401, "invalid-credentials");
        nobody.post("/auth/login/passkey/options", &json!({"mfa_token": token})).problem(401, "invalid-credentials");

        let export = json!({"kind": "range"});
        session.post("/audit/exports", &export).problem(403, "step-up-required");
        let refused = session.post("/auth/reauthenticate", &json!({"password": person.password}));
        assert!(kinds(&refused.problem(403, "second-factor-required")).contains("passkey"));
        let question = session.post("/auth/mfa/passkeys/challenge", &json!({})).expect(200)["public_key"].clone();
        let proof = key.get(&question);
        session.post("/auth/reauthenticate", &json!({"passkey": proof})).expect(200);
        session.post("/audit/exports", &export).expect(202);
        session.post("/auth/reauthenticate", &json!({"passkey": proof})).problem(403, "reauthentication-failed");
        let question = session.post("/auth/mfa/passkeys/challenge", &json!({})).expect(200)["public_key"].clone();
        let phished = key.phished_from("https://evil.example").get(&question);
        session.post("/auth/reauthenticate", &json!({"passkey": phished})).problem(403, "reauthentication-failed");

        let path = format!("/auth/mfa/passkeys/{}", id(&added));
        assert_eq!(session.call("PATCH", &path, Some(&json!({"name": "Spare"}))).expect(200)["name"], "Spare");
        assert!(session.get("/auth/mfa").expect(200)["passkeys"][0]["last_used_at"].is_string());
        session.call("DELETE", &path, None).expect(204);
        log_in(lab, &person, None).expect(200);
    }

    /// ATT-07 The last factor stays where a role asks for one; the laboratory decides which roles do.
    fn the_last_factor_stays_where_a_role_asks_for_one(engine) {
        let lab = strict(engine);
        let admin = &lab.administrator;
        let (app, codes) = admin.api.set_up_app();
        admin.api.post("/auth/reauthenticate", &json!({"otp": codes[0]})).expect(200);
        admin.api.call("DELETE", "/auth/mfa/totp", None).problem(409, "conflict-state");
        let role = format!("/roles/{}", id(&admin.api.all("/roles").into_iter().find(|role| role["slug"] == "administrator").unwrap()));
        let etag = admin.api.get(&role).etag();
        let more = admin.api.patch(&role, &etag, &json!({"second_factor": false, "description": "x"}));
        assert!([403, 409].contains(&more.status), "{}", more.text());
        assert_eq!(admin.api.patch(&role, &etag, &json!({"second_factor": false})).expect(200)["second_factor"], false);
        admin.api.call("DELETE", "/auth/mfa/totp", None).expect(204);
        assert_eq!(admin.api.get("/auth/mfa").expect(200)["recovery_codes_left"], 0);
        log_in(&lab, admin, Some(&app.code(0))).expect(200);
        let again = json!({"name": "Signatory", "permissions": []});
        let made = admin.api.step_up(&admin.password).post("/roles", &again).expect(201);
        assert_eq!(made["second_factor"], false);
        let roles = admin.api.all("/roles");
        let asked: BTreeSet<&str> = roles.iter().filter(|role| role["second_factor"] == true).map(|role| role["slug"].as_str().unwrap()).collect();
        assert_eq!(asked, BTreeSet::from(["authorizer", "manager"]), "whoever signs reports");
    }

    /// ATT-15 A policy that is switched on counts at once; a password alone opens nothing any more.
    fn a_policy_counts_on_the_next_request(engine) {
        let lab = strict(engine);
        lab.administrator.api.get("/users").problem(403, "setup-required");
        let other = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        lab.administrator.api.set_up_app();
        other.get("/me").problem(401, "unauthenticated"); // It was opened with the password alone.
        lab.administrator.api.get("/users").expect(200);
    }

    /// ATT-07, ATT-08 An administrator helps somebody who lost everything, after confirming who they are themselves.
    fn an_administrator_removes_lost_factors(engine) {
        let lab = Lab::fresh(engine);
        let (person, app, _) = with_app(&lab, "Lost Everything", &["analyst"]);
        let user = format!("/users/{}", person.id);
        assert_eq!(lab.administrator.api.get(&user).expect(200)["second_factor"], true);
        let path = format!("{user}/reset-second-factor");
        let fresh = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        fresh.post(&path, &json!({"reason": "phone in the river"})).problem(403, "step-up-required");
        lab.raised().post(&path, &json!({})).names_field("reason");
        assert_eq!(lab.raised().post(&path, &json!({"reason": "phone in the river"})).expect(200)["second_factor"], false);
        person.api.get("/me").problem(401, "unauthenticated");
        log_in(&lab, &person, None).expect(200);
        lab.raised().post(&path, &json!({"reason": "again"})).problem(409, "conflict-state");
        let events = lab.administrator.api.get("/audit/events?action=user.second_factor_reset").expect(200);
        assert_eq!(events["items"].as_array().map(Vec::len), Some(1));
        drop(app);
    }

    /// ATT-17 Whoever has a second factor shows it with the signature, and the ledger says so.
    fn a_signature_shows_the_second_factor(engine) {
        let lab = Lab::shared(engine);
        let (signer, app, _) = with_app(lab, "Signs With Two", &["authorizer"]);
        let draft = lab.drafted();
        let path = format!("/reports/{}/authorize", id(&draft));
        let sign = |more: Value| {
            let mut body = json!({"meaning": MEANING, "password": signer.password, "content_sha256": draft["content_sha256"]});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            signer.api.post(&path, &body)
        };
        assert!(kinds(&sign(json!({})).problem(403, "second-factor-required")).contains("totp"));
        sign(json!({"otp": "000000"})).problem(403, "reauthentication-failed");
        let code = app.code(0);
        sign(json!({"otp": code, "password": new_password()})).problem(403, "reauthentication-failed");
        sign(json!({"otp": code})).expect(200); // The wrong password did not use the code up.
        let events = lab.who_can("audit:read").get(&format!("/audit/events?action=report.authorized&object_id={}", id(&draft))).expect(200);
        let index = &events["items"][0];
        assert_eq!(index["signature"]["method"], "password+totp", "{index}");
    }

    /// ATT-17 What gives power asks for a confirmed identity.
    fn what_gives_power_asks_for_a_confirmed_identity(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Changed", &["viewer"]);
        let admin = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        let step_up = |answer: Answer| drop(answer.problem(403, "step-up-required"));
        let viewer = format!("/roles/{}", id(&lab.roles()["viewer"]));
        let etag = admin.get(&viewer).etag();
        step_up(admin.post("/roles", &json!({"name": "Trainee", "permissions": ["user:read"]})));
        step_up(admin.patch(&viewer, &etag, &json!({"description": "Looks"})));
        step_up(admin.with("If-Match", &etag).call("DELETE", &viewer, None));
        step_up(admin.patch("/laboratory", &admin.get("/laboratory").etag(), &json!({"contact": "x"})));
        let user = format!("/users/{}", person.id);
        let etag = admin.get(&user).etag();
        step_up(admin.patch(&user, &etag, &json!({"role_ids": [id(&lab.roles()["analyst"])]})));
        let grants = json!({"grants": [{"permission": "user:read", "effect": "allow", "reason": "helps out"}]});
        step_up(admin.patch(&user, &etag, &grants));
        step_up(admin.patch(&user, &etag, &json!({"client_id": id(&lab.catalogue().client)})));
        let same = json!({"title": "Trainee", "role_ids": [id(&lab.roles()["viewer"])]});
        admin.patch(&user, &etag, &same).expect(200);
        let new = |role: &str| json!({
            "email": format!("{}@riverside.example", uuid::Uuid::new_v4().simple()), "name": "New", "role_ids": [id(&lab.roles()[role])], "password": new_password(),
        });
        admin.post("/users", &new("viewer")).expect(201);
        for role in ["administrator", "manager", "quality_manager", "authorizer"] {
            step_up(admin.post("/users", &new(role)));
        }
        admin.step_up(&lab.administrator.password).post("/users", &new("quality_manager")).expect(201);
    }

    /// Nothing of a second factor is in the database, the logs or the audit trail as it is shown (ATT-45).
    fn secrets_are_shown_once(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Keeps Secrets", &["viewer"]);
        let api: &Api = person.api.step_up(&person.password);
        let begun = api.post("/auth/mfa/totp", &json!({})).expect(200);
        let secret = text(&begun, "secret");
        let app = App::with_secret(&secret);
        let codes = api.post("/auth/mfa/totp/confirm", &json!({"code": app.code(0)})).expect(200);
        let code = codes["recovery_codes"][0].as_str().unwrap().to_owned();
        let shown = format!("{}{}", lab.server.printed(), lab.administrator.api.get("/audit/events?limit=200").text());
        for hidden in [&secret, &code] {
            assert!(!shown.contains(hidden.as_str()));
        }
        assert!(!api.get("/auth/mfa").text().contains(&secret));
    }
}
