//! ATT-45: what must stay secret is in nothing the system printed, counted or recorded.

use std::thread;
use std::time::Duration;

use attest_tests::api::{id, text};
use attest_tests::lab::new_password;
use attest_tests::{Lab, Server, json, on_both_engines};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

on_both_engines! {
    /// ATT-45 Logs at their loudest, metrics, and the ledger.
    fn secrets_are_in_no_output(engine) {
        let server = Server::start_with(engine, &[], &[("RUST_LOG", "trace"), ("ATTEST_LOG", "trace")]);
        let lab = Lab::bootstrap(server, "testing");
        let person = lab.hire("Careful", &["analyst"]);
        let nobody = lab.server.anonymous();
        let login = nobody.post("/auth/login", &json!({"email": person.email, "password": person.password, "laboratory": lab.slug})).expect(200);
        let refreshed = nobody.post("/auth/refresh", &json!({"refresh_token": login["refresh_token"]})).expect(200);
        let cookies = nobody.with("Origin", &lab.server.url()).post("/auth/login", &json!({
            "email": person.email, "password": person.password, "laboratory": lab.slug, "mode": "cookie"}));
        let mistyped = "Oops-my-0ther-Secret";
        nobody.post("/auth/login", &json!({"email": person.email, "password": mistyped, "laboratory": lab.slug})).problem(401, "invalid-credentials");
        nobody.post_bytes("/auth/login", format!("{{\"email\": \"x\", \"password\": \"{mistyped}\", broken").as_bytes()).problem(400, "malformed");
        nobody.post("/auth/login", &json!({"email": person.email, "pasword": mistyped})).names_field("pasword");
        nobody.with_token(&format!("{}x", text(&login, "access_token"))).get("/me").problem(401, "unauthenticated");
        person.api.post("/auth/reauthenticate", &json!({"password": mistyped}));
        person.api.step_up(&person.password);
        let replaced = new_password();
        lab.raised().post(&format!("/users/{}/reset-password", person.id), &json!({})).expect(202);
        let link = attest_tests::mail::awaited(&lab.server, &person.email, 1).token();
        nobody.post("/auth/password-reset/complete", &json!({"token": link, "new_password": replaced})).expect(204);
        let report = lab.authorized();
        assert!(!id(&report).is_empty());
        thread::sleep(Duration::from_secs(2));

        let mut secrets = vec![
            ("a password", person.password.clone()), ("the administrator's password", lab.administrator.password.clone()),
            ("the signer's password", lab.person("authorizer").password), ("a mistyped password", mistyped.to_owned()),
            ("a new password", replaced), ("a one-time link", link), ("an access token", text(&login, "access_token")),
            ("a refresh token", text(&login, "refresh_token")), ("a refresh token", text(&refreshed, "refresh_token")),
            ("a password hash", "$argon2".to_owned()), ("a bearer header", "Bearer ey".to_owned()),
        ];
        for cookie in cookies.headers.get_all("set-cookie") {
            let value = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
            secrets.push(("a cookie", value));
        }
        let printed = lab.server.printed();
        assert!(printed.contains("/auth/login") || printed.contains("auth/login"), "the log speaks of the requests at all");
        let events = lab.as_role("auditor").all("/audit/events");
        let entries: String = events.iter()
            .map(|event| String::from_utf8(STANDARD.decode(text(event, "entry")).unwrap()).unwrap())
            .collect();
        let metrics = nobody.get("/metrics").text();
        for (what, secret) in &secrets {
            assert!(!printed.contains(secret.as_str()), "{what} is in the log");
            assert!(!entries.contains(secret.as_str()), "{what} is in the ledger");
            assert!(!metrics.contains(secret.as_str()), "{what} is in the metrics");
        }
        let loot = lab.server.database().loot();
        for (what, secret) in secrets.iter().filter(|(what, _)| !what.contains("hash")) {
            assert!(!loot.windows(secret.len()).any(|window| window == secret.as_bytes()), "{what} is in the database");
        }
    }
}
