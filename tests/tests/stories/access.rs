//! Getting in, staying in, being thrown out.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::lab::new_password;
use attest_tests::token::Token;
use attest_tests::{Engine, Lab, Server, json, on_both_engines};

on_both_engines! {
    /// ATT-09 The bootstrap link opens one laboratory, once.
    fn the_bootstrap_link_works_once(engine) {
        let server = Server::start(engine);
        let body = |token: &str| json!({
            "token": token,
            "laboratory": {"name": "First", "slug": "first", "kind": "testing", "timezone": "Europe/Warsaw", "language": "pl", "address": "Warszawa"},
            "administrator": {"email": "admin@first.example", "name": "Ada Minister", "password": new_password()},
        });
        let token = server.bootstrap_token();
        let refused = server.anonymous().post("/api/v1/bootstrap", &body("guess"));
        assert!([401, 403, 404].contains(&refused.status), "{}", refused.text());
        let opened = server.anonymous().post("/api/v1/bootstrap", &body(&token)).expect(201);
        assert!(text(&opened["laboratory"], "log_key").contains('+'));
        let again = server.anonymous().post("/api/v1/bootstrap", &body(&token));
        assert!([401, 403, 404, 409].contains(&again.status), "{}", again.text());
    }

    /// ATT-05 Nobody learns which accounts exist, from the words or from the clock.
    fn a_wrong_login_says_nothing(engine) {
        let lab = Lab::shared(engine);
        let known = lab.hire("Known", &["viewer"]);
        let gone = lab.hire("Gone", &["viewer"]);
        lab.raised().post(&format!("/users/{}/deactivate", gone.id), &json!({"reason": "left"})).expect(200);
        let attempt = |email: &str, password: &str| {
            let begun = Instant::now();
            let body = json!({"email": email, "password": password, "laboratory": lab.slug});
            let answer = lab.server.anonymous().post("/auth/login", &body);
            let mut problem = answer.problem(401, "invalid-credentials");
            problem.as_object_mut().unwrap().remove("request_id");
            (problem, begun.elapsed())
        };
        let unknown = attempt("nobody@riverside.example", "Wrong-Password-77");
        let wrong = attempt(&known.email, "Wrong-Password-77");
        let disabled = attempt(&gone.email, &gone.password);
        assert_eq!(unknown.0, wrong.0);
        assert_eq!(unknown.0, disabled.0);
        // Refusals are told on the beat of half a second: what was compared does not show.
        let floor = Duration::from_millis(500);
        for (what, (_, took)) in [("unknown", &unknown), ("wrong", &wrong), ("disabled", &disabled)] {
            assert!(*took > floor, "{what} answered after {took:?}, before the beat");
        }
    }

    /// ATT-15 Deactivation, on the very next request.
    fn a_deactivated_person_is_out_at_once(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Leaving", &["analyst"]);
        person.api.get("/samples").expect(200);
        let path = format!("/users/{}/deactivate", person.id);
        lab.raised().post(&path, &json!({})).names_field("reason");
        assert_eq!(lab.raised().post(&path, &json!({"reason": "left the company"})).expect(200)["active"], false);
        person.api.get("/samples").problem(401, "unauthenticated");
        lab.raised().post(&format!("/users/{}/reactivate", person.id), &json!({"reason": "came back"})).expect(200);
        lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password).get("/samples").expect(200);
    }

    /// ATT-15 So do changes of roles and single permissions.
    fn a_changed_role_counts_at_once(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Promoted", &["analyst"]);
        let nitrate = attest_tests::story::result_of(&lab.entered(), "NO3-N");
        let verify = format!("/results/{}/verify", id(&nitrate));
        person.api.post(&verify, &json!({})).problem(403, "forbidden");
        let user = format!("/users/{}", person.id);
        let etag = lab.administrator.api.get(&user).etag();
        let role = id(&lab.roles()["authorizer"]);
        lab.raised().patch(&user, &etag, &json!({"role_ids": [role]})).expect(200);
        person.api.post(&verify, &json!({})).expect(200);
        let etag = lab.administrator.api.get(&user).etag();
        let denied = json!({"grants": [{"permission": "result:verify", "effect": "deny", "reason": "under supervision"}]});
        lab.raised().patch(&user, &etag, &denied).expect(200);
        let iron = attest_tests::story::result_of(&lab.entered(), "FE");
        person.api.post(&format!("/results/{}/verify", id(&iron)), &json!({})).problem(403, "forbidden");
    }

    /// ATT-24 Nobody grants what they lack.
    fn nobody_grants_what_they_lack(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Tempted", &["viewer"]);
        let user = format!("/users/{}", person.id);
        let etag = lab.administrator.api.get(&user).etag();
        let grant = json!({"grants": [{"permission": "result:verify", "effect": "allow", "reason": "why not"}]});
        let refused = lab.raised().patch(&user, &etag, &grant);
        assert!([403, 409].contains(&refused.status), "the administrator does not hold result:verify: {}", refused.text());
        let role = json!({"name": "Back door", "description": "x", "permissions": ["result:verify"]});
        let refused = lab.raised().post("/roles", &role);
        assert!([403, 409, 422].contains(&refused.status), "{}", refused.text());
    }

    /// The last administrator cannot be removed, and built-in roles stay what they are.
    fn the_last_administrator_stays(engine) {
        let lab = Lab::fresh(engine);
        let admin = &lab.administrator;
        let refused = lab.raised().post(&format!("/users/{}/deactivate", admin.id), &json!({"reason": "mistake"}));
        refused.problem(409, "conflict-state");
        let user = format!("/users/{}", admin.id);
        let etag = admin.api.get(&user).etag();
        let refused = lab.raised().patch(&user, &etag, &json!({"role_ids": []}));
        refused.problem(409, "conflict-state");
        let role = format!("/roles/{}", id(&lab.roles()["administrator"]));
        let etag = admin.api.get(&role).etag();
        let refused = lab.raised().patch(&role, &etag, &json!({"permissions": ["sample:read"]}));
        assert!([403, 409].contains(&refused.status), "{}", refused.text());
    }

    /// ATT-11 Access tokens live five minutes at most and say whose they are.
    fn a_token_is_short_and_complete(engine) {
        let lab = Lab::shared(engine);
        let token = Token::parse(&lab.as_role("analyst").access_token());
        assert_eq!(token.header["alg"], "EdDSA");
        assert!(token.header["kid"].is_string() && token.header["typ"].is_string(), "{}", token.header);
        for claim in ["iss", "aud", "exp", "nbf", "jti", "sid", "sub"] {
            assert!(!token.claims[claim].is_null(), "no {claim}: {}", token.claims);
        }
        let life = token.claims["exp"].as_i64().unwrap() - token.claims["iat"].as_i64().or(token.claims["nbf"].as_i64()).unwrap();
        assert!((1..=300).contains(&life), "{life} s");
        let keys = lab.server.anonymous().get("/.well-known/jwks.json").expect(200);
        let known = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == token.header["kid"]);
        let known = known.expect("the key is published");
        assert_eq!((&known["kty"], &known["crv"]), (&json!("OKP"), &json!("Ed25519")));
        assert!(known.get("d").is_none(), "the private half stays at home");
    }

    /// ATT-11 Forgeries (RFC 8725).
    fn forged_tokens_are_refused(engine) {
        let lab = Lab::shared(engine);
        let genuine = lab.as_role("analyst").access_token();
        lab.server.anonymous().with_token(&genuine).get("/me").expect(200);
        let token = Token::parse(&genuine);
        let keys = lab.server.anonymous().get("/.well-known/jwks.json").expect(200);
        let public = text(&keys["keys"][0], "x");
        let with_header = |name: &str, value: &str| {
            let mut forged = token.clone();
            forged.header[name] = json!(value);
            forged
        };
        let with_claim = |name: &str, value: serde_json::Value| {
            let mut forged = token.clone();
            forged.claims[name] = value;
            forged
        };
        let mut raw_public = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &public).unwrap();
        let forgeries = [
            ("alg none", with_header("alg", "none").unsigned()),
            ("alg None", with_header("alg", "None").unsigned()),
            ("alg none with the old signature", with_header("alg", "none").with_old_signature()),
            ("HS256 with the public key", with_header("alg", "HS256").with_hmac(&raw_public)),
            ("HS256 with the key's text", with_header("alg", "HS256").with_hmac(public.as_bytes())),
            ("another key", token.with_foreign_key()),
            ("unknown kid", with_header("kid", "nobody").with_foreign_key()),
            ("kid with a path", with_header("kid", "../../etc/passwd").with_foreign_key()),
            ("changed subject", with_claim("sub", json!(lab.administrator.id)).with_old_signature()),
            ("changed audience", with_claim("aud", json!("elsewhere")).with_old_signature()),
            ("endless", with_claim("exp", json!(99_999_999_999_i64)).with_old_signature()),
            ("no signature", token.unsigned()),
            ("not a token", "abc.def.ghi".to_owned()),
            ("empty", String::new()),
        ];
        for (what, forged) in forgeries {
            let answer = lab.server.anonymous().with_token(&forged).get("/me");
            assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        }
        raw_public.clear();
    }

    /// ATT-11 Signed by the right key, and still wrong: another audience, another purpose, another time.
    fn tokens_for_other_purposes_are_refused(engine) {
        let lab = Lab::fresh(engine);
        let token = Token::parse(&lab.as_role("analyst").access_token());
        let Some(key) = attest_tests::token::signing_key_in(&lab.server.data_dir(), &lab.server.anonymous().get("/.well-known/jwks.json").expect(200)) else {
            panic!("the token key was not found in the data folder: teach token.rs its format");
        };
        lab.server.anonymous().with_token(&token.with_key(&key)).get("/me").expect(200);
        let now = token.claims["nbf"].as_i64().unwrap();
        for (claim, value) in [
            ("aud", json!("elsewhere")), ("iss", json!("https://evil.example")), ("exp", json!(now - 3600)),
            ("nbf", json!(now + 3600)), ("sid", json!("0197b1e2-0000-7000-8000-000000000000")),
            ("sub", json!(lab.administrator.id)),
        ] {
            let mut forged = token.clone();
            forged.claims[claim] = value.clone();
            let answer = lab.server.anonymous().with_token(&forged.with_key(&key)).get("/me");
            assert_eq!(answer.status, 401, "{claim} = {value}: {}", answer.text());
        }
        for (name, value) in [("typ", "refresh+jwt"), ("kid", "nobody")] {
            let mut forged = token.clone();
            forged.header[name] = json!(value);
            let answer = lab.server.anonymous().with_token(&forged.with_key(&key)).get("/me");
            assert_eq!(answer.status, 401, "{name} = {value}: {}", answer.text());
        }
    }

    /// ATT-11 Refresh tokens rotate; a stolen one ends the whole family.
    fn a_reused_refresh_token_ends_the_family(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Stolen From", &["viewer"]);
        let nobody = lab.server.anonymous();
        let refresh = |token: &str| nobody.post("/auth/refresh", &json!({"refresh_token": token}));
        let login = nobody.post("/auth/login", &json!({"email": person.email, "password": person.password, "laboratory": lab.slug})).expect(200);
        let first = text(&login, "refresh_token");
        let second = text(&refresh(&first).expect(200), "refresh_token");
        assert_ne!(first, second);
        refresh(&first).expect(200); // Two tabs: the previous one still works for ten seconds.
        let third = refresh(&second).expect(200);
        std::thread::sleep(Duration::from_secs(11));
        refresh(&first).problem(401, "unauthenticated");
        refresh(&text(&third, "refresh_token")).problem(401, "unauthenticated");
        nobody.with_token(&text(&third, "access_token")).get("/me").problem(401, "unauthenticated");
        person.api.get("/me").expect(200); // Another session of the same person is another family.
    }

    /// ATT-16 One sees and ends one's own sessions.
    fn a_session_can_be_ended(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Two Desks", &["viewer"]);
        let other = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        let session = text(&other.get("/me").expect(200)["session"], "id");
        let listed = person.api.all("/auth/sessions");
        assert_eq!(listed.iter().filter(|session| session["current"] == true).count(), 1);
        assert!(listed.iter().any(|known| id(known) == session));
        person.api.call("DELETE", &format!("/auth/sessions/{session}"), None).expect(204);
        other.get("/me").problem(401, "unauthenticated");
        person.api.get("/me").expect(200);
        person.api.post("/auth/logout", &json!({})).expect(204);
        person.api.get("/me").problem(401, "unauthenticated");
        let third = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        lab.raised().post(&format!("/users/{}/end-sessions", person.id), &json!({})).expect(204);
        third.get("/me").problem(401, "unauthenticated");
    }

    /// ATT-17 What is dangerous asks for the password again.
    fn dangerous_things_ask_for_the_password_again(engine) {
        let lab = Lab::shared(engine);
        let auditor = lab.hire("Auditor", &["auditor"]);
        let export = json!({"kind": "range"});
        auditor.api.post("/audit/exports", &export).problem(403, "step-up-required");
        let wrong = auditor.api.post("/auth/reauthenticate", &json!({"password": "wrong"}));
        assert!([401, 403].contains(&wrong.status), "{}", wrong.text());
        auditor.api.post("/audit/exports", &export).problem(403, "step-up-required");
        auditor.api.step_up(&auditor.password).post("/audit/exports", &export).expect(202);
    }

    /// ATT-01, ATT-02 A password has a length, and is not one that everybody has.
    fn weak_passwords_are_refused(engine) {
        let lab = Lab::shared(engine);
        let role = id(&lab.roles()["viewer"]);
        for weak in ["short1!A", "", "password1234"] {
            let body = json!({"email": format!("{}@riverside.example", id(&lab.registered())), "name": "W", "role_ids": [role], "password": weak});
            lab.raised().post("/users", &body).names_field("password");
        }
    }

    /// An address is used once in a laboratory.
    fn an_address_is_used_once(engine) {
        let lab = Lab::shared(engine);
        let person = lab.person("viewer");
        let role = id(&lab.roles()["viewer"]);
        let twin = json!({"email": person.email.to_uppercase(), "name": "Twin", "role_ids": [role], "password": new_password()});
        lab.raised().post("/users", &twin).problem(409, "duplicate");
    }
}

/// ATT-44 Keys lie outside the database, readable by the service alone.
/// ATT-06 Guesses that arrive together count each; the person is told that the account waits, a stranger is not.
#[test]
fn an_account_waits_after_many_wrong_passwords() {
    let lab = Lab::shared(Engine::Sqlite);
    let person = lab.hire("Guessed", &["viewer"]);
    let attempt = |password: &str| {
        let body = json!({"email": person.email, "password": password, "laboratory": lab.slug});
        lab.server.anonymous().post("/auth/login", &body)
    };
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| attempt("Wrong-Password-77"));
        }
    });
    attempt(&person.password).problem(401, "invalid-credentials");
    // Who is signed in is not kept from work by strangers; that session's own wrong tries make it wait as well.
    let confirm = |password: &str| person.api.post("/auth/reauthenticate", &json!({"password": password}));
    confirm(&person.password).expect(200);
    for _ in 0..5 {
        confirm("Wrong-Password-77").problem(403, "reauthentication-failed");
    }
    let told = confirm(&person.password);
    told.problem(429, "account-waits");
    assert!(
        told.header("Retry-After")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 0)
    );
}

/// ATT-32 Guessing is slowed down for each address; who has the right password is not hindered before.
#[test]
fn failed_logins_and_guessed_codes_are_limited() {
    let server = Server::start(Engine::Sqlite);
    let lab = Lab::bootstrap(server, "testing");
    let anonymous = lab.server.anonymous();
    let guess = |number: usize| {
        let body = json!({"email": format!("guess-{number}@riverside.example"), "password": "Wrong-Password-77", "laboratory": lab.slug});
        anonymous.post("/auth/login", &body)
    };
    let refused = (0..200)
        .map(guess)
        .find(|answer| answer.status != 401)
        .expect("an end of patience");
    refused.problem(429, "rate-limited");
    let wait: u64 = refused.header("Retry-After").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(
        refused.header("RateLimit-Policy").contains("failed-logins"),
        "{}",
        refused.header("RateLimit-Policy")
    );

    let look = |number: usize| anonymous.get(&format!("/public/reports/GUESS{number}"));
    let refused = (0..200)
        .map(look)
        .find(|answer| answer.status != 404)
        .expect("an end of patience");
    refused.problem(429, "rate-limited");
}

/// RFC 9116: where weaknesses are reported is the operator's to say.
#[test]
fn the_contact_for_security_is_a_setting() {
    let contact = |settings: &[(&str, &str)]| {
        let server = Server::start_with(Engine::Sqlite, &[], settings);
        server
            .anonymous()
            .get("/.well-known/security.txt")
            .expect_bytes(200)
            .text()
    };
    assert!(contact(&[]).contains("Contact: mailto:security@attest.local\n"));
    let own = contact(&[("ATTEST_SECURITY_CONTACT", "https://lab.example/security")]);
    assert!(own.contains("Contact: https://lab.example/security\n"), "{own}");
}

#[test]
fn key_files_are_private() {
    let lab = Lab::shared(Engine::Sqlite);
    let mut folders = vec![lab.server.data_dir()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().contains("key") {
                seen += 1;
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
            }
        }
    }
    assert!(seen > 0, "no key file in the data folder");
}
