//! The same login in a browser: cookies, forged requests, headers.

use attest_tests::{Answer, Lab, json, on_both_engines};

fn cookies(answer: &Answer) -> Vec<String> {
    answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

/// What a browser would send back.
fn jar(answer: &Answer) -> String {
    let pairs: Vec<String> = cookies(answer)
        .iter()
        .map(|cookie| cookie.split(';').next().unwrap().to_owned())
        .collect();
    pairs.join("; ")
}

on_both_engines! {
    /// ATT-12 The session lives in cookies that no script can read, and nowhere else.
    fn cookies_are_host_only_and_hidden(engine) {
        let lab = Lab::shared(engine);
        let person = lab.person("analyst");
        let origin = lab.server.url();
        let answer = lab.server.anonymous().with("Origin", &origin).post("/auth/login", &json!({
            "email": person.email, "password": person.password, "laboratory": lab.slug, "mode": "cookie"}));
        let body = answer.expect(200);
        assert!(body.get("access_token").is_none_or(|token| token.is_null()) && body.get("refresh_token").is_none_or(|token| token.is_null()));
        assert!(body["csrf_token"].is_string());
        let set = cookies(&answer);
        for name in ["__Host-attest_access=", "__Host-attest_refresh="] {
            let cookie = set.iter().find(|cookie| cookie.starts_with(name)).unwrap_or_else(|| panic!("no {name} in {set:?}"));
            for attribute in ["Secure", "HttpOnly", "Path=/"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(cookie.contains("SameSite=Lax") || cookie.contains("SameSite=Strict"), "{cookie}");
            assert!(!cookie.contains("Domain="), "{cookie}");
        }
    }

    /// ATT-13 A page elsewhere cannot act in my name.
    fn forged_requests_are_refused(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("In A Browser", &["analyst"]);
        let origin = lab.server.url();
        let nobody = lab.server.anonymous();
        let answer = nobody.with("Origin", &origin).post("/auth/login", &json!({
            "email": person.email, "password": person.password, "laboratory": lab.slug, "mode": "cookie"}));
        let csrf = answer.expect(200)["csrf_token"].as_str().unwrap().to_owned();
        let browser = nobody.with("Cookie", &jar(&answer));
        assert_eq!(browser.get("/me").expect(200)["csrf_token"], csrf.as_str(), "GET /me hands the token out again");

        let body = lab.new_sample();
        browser.with("Origin", &origin).post("/samples", &body).problem(403, "csrf");
        browser.with("Origin", &origin).with("X-CSRF-Token", "guess").post("/samples", &body).problem(403, "csrf");
        browser.with("Origin", "https://evil.example").with("X-CSRF-Token", &csrf).post("/samples", &body).problem(403, "csrf");
        browser.with("Origin", &origin).with("Sec-Fetch-Site", "cross-site").with("X-CSRF-Token", &csrf)
            .post("/samples", &body).problem(403, "csrf");
        browser.with("Origin", &origin).with("X-CSRF-Token", &csrf).post("/samples", &body).expect(201);
        let both = browser.with("Authorization", "Bearer nonsense");
        both.get("/me").problem(401, "unauthenticated"); // With Authorization present, cookies are ignored.
    }

    /// ATT-18 Headers of every answer.
    fn every_answer_carries_the_security_headers(engine) {
        let lab = Lab::shared(engine);
        for answer in [lab.as_role("analyst").get("/me"), lab.server.anonymous().get("/me"), lab.server.anonymous().get("/health/live")] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", answer.question);
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
            for name in ["referrer-policy", "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"] {
                assert!(!answer.header(name).is_empty(), "{}: no {name}", answer.question);
            }
            assert!(answer.header("server").is_empty() && answer.header("x-powered-by").is_empty());
        }
        assert_eq!(lab.as_role("analyst").get("/me").header("cache-control"), "no-store");
        assert_eq!(lab.as_role("analyst").get("/samples").header("cache-control"), "no-store");
    }

    /// ATT-16 Confirming one's identity gives new cookies; one that was taken before is not raised with the session.
    fn a_stolen_cookie_is_not_raised(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Careful Auditor", &["auditor"]);
        let origin = lab.server.url();
        let nobody = lab.server.anonymous();
        let login = nobody.with("Origin", &origin).post("/auth/login", &json!({
            "email": person.email, "password": person.password, "laboratory": lab.slug, "mode": "cookie"}));
        let csrf = login.expect(200)["csrf_token"].as_str().unwrap().to_owned();
        std::thread::sleep(std::time::Duration::from_millis(1100)); // Tokens tell their age in seconds.
        // A client of its own each: this one keeps the cookies it gets, as a browser does.
        let stolen = lab.server.anonymous().with("Cookie", &jar(&login)).with("Origin", &origin);
        let browser = lab.server.anonymous().with("Cookie", &jar(&login)).with("Origin", &origin);
        let raised = browser.with("X-CSRF-Token", &csrf).post("/auth/reauthenticate", &json!({"password": person.password}));
        let new_csrf = raised.expect(200)["csrf_token"].as_str().unwrap().to_owned();
        let export = json!({"kind": "selection", "filter": {"action": "sample.registered"}});
        let csrf = stolen.get("/me").expect(200)["csrf_token"].as_str().unwrap().to_owned();
        stolen.with("X-CSRF-Token", &csrf).post("/audit/exports", &export).problem(403, "step-up-required");
        let own = lab.server.anonymous().with("Cookie", &jar(&raised)).with("Origin", &origin).with("X-CSRF-Token", &new_csrf);
        own.post("/audit/exports", &export).expect(202);
    }

    /// ATT-06 Strangers who guess keep strangers out: with a browser that they used before, a person gets in, a few tries at a time.
    fn a_known_browser_gets_in_where_strangers_guess(engine) {
        let lab = Lab::fresh(engine);
        let person = lab.hire("Guessed At", &["analyst"]);
        // Each has a jar of its own.
        let a_browser = || lab.server.anonymous().with("Origin", &lab.server.url());
        let log_in = |browser: &attest_tests::Api, email: &str, password: &str| {
            browser.post("/auth/login", &json!({"email": email, "password": password, "laboratory": lab.slug, "mode": "cookie"}))
        };
        let first = log_in(&a_browser(), &person.email, &person.password);
        first.expect(200);
        let set = cookies(&first);
        let mark = set.iter().find(|cookie| cookie.starts_with("__Host-attest_browser=")).expect("a mark");
        assert!(mark.contains("HttpOnly") && mark.contains("Secure") && mark.contains("Max-Age="), "{mark}");
        let mark = mark.split(';').next().unwrap().to_owned();
        let known = a_browser().with("Cookie", &mark);
        known.get("/me").problem(401, "unauthenticated");

        let strangers_guess = || {
            for _ in 0..10 {
                lab.server.anonymous().post("/auth/login", &json!({
                    "email": person.email, "password": "Wrong-Password-77", "laboratory": lab.slug}));
            }
        };
        strangers_guess();
        log_in(&a_browser(), &person.email, &person.password).problem(401, "invalid-credentials");
        let other = lab.hire("Somebody Else", &["analyst"]);
        let foreign = log_in(&a_browser(), &other.email, &other.password);
        foreign.expect(200);
        let foreign_mark = cookies(&foreign).into_iter().find(|cookie| cookie.starts_with("__Host-attest_browser=")).unwrap();
        let foreign_mark = foreign_mark.split(';').next().unwrap().to_owned();
        log_in(&a_browser().with("Cookie", &foreign_mark), &person.email, &person.password).problem(401, "invalid-credentials");
        let forged = mark.replace("__Host-attest_browser=", "__Host-attest_browser=A");
        log_in(&a_browser().with("Cookie", &forged), &person.email, &person.password).problem(401, "invalid-credentials");
        let in_again = log_in(&known, &person.email, &person.password);
        in_again.expect(200);
        assert!(cookies(&in_again).iter().all(|cookie| !cookie.starts_with("__Host-attest_browser=")), "known already");

        // Its own tries end too.
        strangers_guess();
        for _ in 0..5 {
            log_in(&known, &person.email, "Wrong-Password-77").problem(401, "invalid-credentials");
        }
        let known_still = a_browser().with("Cookie", &mark);
        log_in(&known_still, &person.email, &person.password).problem(401, "invalid-credentials");
    }
}
