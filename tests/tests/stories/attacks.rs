//! Attacks that strangers and pages elsewhere try. Others stay with what they attack: forged tokens in `access`, forged
//! requests and stolen cookies in `browser_session`, the neighbour's ids in `isolation` and, for every operation there is, in
//! the matrix test.

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::raw;
use attest_tests::token::Token;
use attest_tests::{Api, Engine, Lab, Server, json, on_both_engines};

fn log_in(nobody: &Api, lab: &Lab, email: &str, password: &str) -> attest_tests::Answer {
    nobody.post(
        "/auth/login",
        &json!({"email": email, "password": password, "laboratory": lab.slug}),
    )
}

on_both_engines! {
    /// ATT-11 A token that brings its own key, or says where to get one, is a forgery (RFC 8725, 3.1 and 3.10).
    fn a_token_does_not_choose_its_key(engine) {
        let lab = Lab::shared(engine);
        let genuine = Token::parse(&lab.as_role("analyst").access_token());
        let own_key = json!({"kty": "OKP", "crv": "Ed25519", "x": "6kp4X0kZ8wJ8gAq0yIq5F1mJmQYqJm7kqv2hMQ0V1Zs"});
        for (name, value) in [
            ("jwk", own_key), ("jku", json!("https://evil.example/jwks.json")), ("x5u", json!("https://evil.example/cert.pem")),
            ("kid", json!("' OR '1'='1")), ("kid", json!("/dev/null")), ("kid", json!("")), ("kid", json!(null)),
            ("crit", json!(["exp"])), ("b64", json!(false)), ("cty", json!("JWT")),
        ] {
            let mut forged = genuine.clone();
            forged.header[name] = value.clone();
            for token in [forged.with_foreign_key(), forged.with_hmac(b""), forged.unsigned(), forged.with_old_signature()] {
                lab.server.anonymous().with_token(&token).get("/me").problem(401, "unauthenticated");
            }
        }
    }

    /// ATT-16 A session that somebody planted before the login is not the one that the login opens.
    fn a_planted_session_is_not_taken_up(engine) {
        let lab = Lab::shared(engine);
        let (victim, thief) = (lab.hire("Fixed Victim", &["analyst"]), lab.hire("Fixing Thief", &["analyst"]));
        let nobody = lab.server.anonymous();
        let cookie_login = |cookies: &str, email: &str, password: &str| {
            lab.server.anonymous().with("Origin", &lab.server.url()).with("Cookie", cookies).post("/auth/login", &json!({
                "email": email, "password": password, "laboratory": lab.slug, "mode": "cookie"}))
        };
        let planted = cookie_login("a=b", &thief.email, &thief.password);
        planted.expect(200);
        let jar = |answer: &attest_tests::Answer| answer.headers.get_all("set-cookie").iter()
            .map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ");
        let opened = cookie_login(&jar(&planted), &victim.email, &victim.password);
        assert_eq!(opened.expect(200)["user"]["id"], victim.id.as_str());
        assert_ne!(jar(&opened), jar(&planted));
        let session = |jar: &str| lab.server.anonymous().with("Cookie", jar).get("/me").expect(200)["session"]["id"].clone();
        assert_ne!(session(&jar(&opened)), session(&jar(&planted)), "the thief's session is still the thief's");
        let first = Token::parse(&text(&log_in(&nobody, lab, &victim.email, &victim.password).expect(200), "access_token"));
        let second = Token::parse(&text(&log_in(&nobody, lab, &victim.email, &victim.password).expect(200), "access_token"));
        assert_ne!(first.claims["sid"], second.claims["sid"]);
    }

    /// ATT-13 Reading never changes anything, and what changes something cannot be asked for by a link or a plain form.
    fn a_link_or_a_form_elsewhere_changes_nothing(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let path = format!("/samples/{}", id(&lab.registered()));
        analyst.get(&format!("{path}/receive?condition=acceptable")).problem(405, "method-not-allowed");
        for trick in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
            analyst.with(trick, "POST").get(&format!("{path}/receive")).problem(405, "method-not-allowed");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            analyst.with("Content-Type", kind).post(&format!("{path}/receive"), &json!({"condition": "acceptable"})).problem(415, "unsupported-media-type");
        }
        assert_eq!(analyst.get(&path).expect(200)["status"], "registered");
        lab.server.anonymous().with("Sec-Fetch-Site", "cross-site").with("Origin", "https://evil.example").post("/auth/login", &json!({
            "email": "x@y.example", "password": "Wrong-Password-77", "laboratory": lab.slug, "mode": "cookie"})).problem(403, "csrf");
    }

    /// ATT-32 Where a request came from is the connection's word, not the client's.
    fn a_clients_own_word_for_its_address_is_not_believed(engine) {
        let lab = Lab::fresh(engine);
        let person = lab.hire("Not From There", &["analyst"]);
        let liar = lab.server.anonymous().with("X-Forwarded-For", "203.0.113.77").with("X-Real-IP", "203.0.113.77")
            .with("Forwarded", "for=203.0.113.77").with("True-Client-IP", "203.0.113.77");
        let token = text(&log_in(&liar, &lab, &person.email, &person.password).expect(200), "access_token");
        let sessions = liar.with_token(&token).get("/auth/sessions").expect(200).to_string();
        assert!(!sessions.contains("203.0.113.77"), "{sessions}");
        let events = lab.as_role("auditor").get("/audit/events?action=login.succeeded").expect(200).to_string();
        assert!(events.contains("127.0.0.1") && !events.contains("203.0.113.77"), "{events}");
    }

    /// ATT-30 What is sent comes back in no header, and a line's end in it does not begin another.
    fn nothing_that_is_sent_becomes_a_header(engine) {
        let lab = Lab::shared(engine);
        let port = lab.server.port();
        for (what, line) in [
            ("a line in the path", "GET /api/v1/x%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: localhost\r\n"),
            ("a line in the query", "GET /api/v1/samples?q=%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: localhost\r\n"),
            ("a request id of two lines", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abcdefgh%0d%0aX-Evil: 1\r\n"),
            ("a request id with markup", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: <script>alert(1)</script>\r\n"),
            ("an origin", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"),
            ("a bare line feed", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abcdefghij\nX-Evil: 1\r\n"),
            ("a folded line", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abcdefgh\r\n X-Evil: 1\r\n"),
        ] {
            let answer = raw::exchange(port, format!("{line}Connection: close\r\n\r\n").as_bytes());
            let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
            assert!(head.starts_with("http/1.1 "), "{what}: {answer}");
            for mark in ["x-evil", "<script>", "evil.example"] {
                assert!(!head.contains(mark), "{what}: {head}");
            }
        }
        let spoofed = raw::exchange(port, b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n");
        assert!(!spoofed.contains("evil.example"), "an address made of the Host header: {spoofed}");
        let contact = raw::exchange(port, b"GET /.well-known/security.txt HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert!(contact.contains("Canonical: http") && !contact.contains("evil.example"), "{contact}");
    }

    /// ATT-30 Two heads for one request: where a proxy and a server could disagree, the connection ends.
    fn requests_cannot_be_smuggled(engine) {
        let lab = Lab::shared(engine);
        for (what, head) in [
            ("both lengths", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("two lengths", "Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcdGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("a length with a sign", "Content-Length: +4\r\n\r\nabcd"),
            ("an unknown coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
            ("chunked not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ] {
            let request = format!("POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{head}");
            let answer = raw::exchange(lab.server.port(), request.as_bytes());
            assert!(!answer.contains("HTTP/1.1 200"), "{what}: a second request was answered: {answer}");
        }
    }

    /// ATT-35 Only what is built in is served: no path leads to a file of the machine.
    fn no_path_leads_to_a_file(engine) {
        let lab = Lab::shared(engine);
        for path in [
            "/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/....//....//etc/passwd",
            "/assets/../../../../etc/passwd", "/assets/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/etc/passwd%00.js", "/assets//etc/passwd",
            "/api/docs/..%2f..%2f..%2fCargo.toml", "/api/docs/../../Cargo.toml", "/api/docs/%2e%2e%2fdocs%2findex.html%00",
            "/public/reports/..%2f..%2fattest.db", "/public/reports/../../attest.db", "/api/v1/reports/..%2f..%2fattest.db/document",
            "/api/v1/audit/exports/..%2f..%2fkeys%2ftoken.key/bundle", "/.git/config", "/.env", "/attest.toml", "/data/attest.db", "/keys/token.key",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let answer = raw::exchange(lab.server.port(), request.as_bytes());
            let status = answer.split(' ').nth(1).unwrap_or_default();
            assert!(["400", "401", "404", "405"].contains(&status), "{path}: {answer}");
            for mark in ["root:", "[package]", "[workspace", "SQLite format", "[core]"] {
                assert!(!answer.contains(mark), "{path}: {answer}");
            }
        }
    }

    /// ATT-31 Text that is long, deep or strange is refused in bounded time, and the next request is answered.
    fn large_deep_and_strange_texts_are_refused(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let begun = Instant::now();
        for (what, deep) in [
            ("lists", "[".repeat(500_000)),
            ("closed lists", format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))),
            ("objects", format!("{}1{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000))),
            ("inside a field", format!(r#"{{"remark": {}1{}}}"#, "[".repeat(64), "]".repeat(64))),
        ] {
            let problem = analyst.post_bytes("/samples", deep.as_bytes()).problem(400, "malformed");
            assert!(problem["detail"].as_str().unwrap().contains("nested"), "{what}: {problem}");
        }
        // One sign that becomes eighteen when it is normalised, marks that pile up, and signs of four bytes.
        for sign in ["\u{fdfa}", "a\u{0301}\u{0302}\u{0303}", "\u{1f9ea}", "\u{202e}", "\u{0}"] {
            let long = sign.repeat(900_000 / sign.len());
            let mut body = lab.new_sample();
            body["client_reference"] = json!(long);
            let answer = analyst.post("/samples", &body);
            assert!([413, 422].contains(&answer.status), "{}", answer.text());
            assert!(answer.body.len() < 10_000, "the text comes back: {} bytes", answer.body.len());
            let asked = format!("/samples?q={}", attest_tests::api::percent_encoded(&sign.repeat(600)));
            assert!([200, 400, 414, 422, 431].contains(&analyst.get(&asked).status));
        }
        for answer in [
            log_in(&lab.server.anonymous(), lab, "a\u{0}b@y.example", "Wrong-Password-77"),
            lab.server.anonymous().get("/public/reports/%00"),
            analyst.get("/samples/by-accession/%00"),
        ] {
            assert!([401, 404, 422].contains(&answer.status), "{}: {}", answer.question, answer.text());
        }
        let long_email = format!("{}@y.example", "a".repeat(200_000));
        assert_eq!(log_in(&lab.server.anonymous(), lab, &long_email, "x").status, 413, "at the door less is read");
        assert_eq!(log_in(&lab.server.anonymous(), lab, "x@y.example", &"p".repeat(50_000)).status, 422);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        analyst.get("/me").expect(200);
    }

    /// ATT-04, ATT-06 Many who guess at once do not keep those out who are at work.
    fn a_flood_of_logins_does_not_stop_the_work(engine) {
        let lab = Lab::fresh(engine);
        let analyst = lab.as_role("analyst");
        let sample = format!("/samples/{}", id(&lab.registered()));
        let flood = Instant::now();
        let slowest = thread::scope(|scope| {
            let guessers: Vec<_> = (0..40).map(|number| {
                let (nobody, slug) = (lab.server.anonymous(), lab.slug.clone());
                scope.spawn(move || nobody.post("/auth/login", &json!({
                    "email": format!("guess{number}@riverside.example"), "password": "Wrong-Password-77", "laboratory": slug})))
            }).collect();
            let mut slowest = Duration::ZERO;
            while guessers.iter().any(|guesser| !guesser.is_finished()) {
                let begun = Instant::now();
                analyst.get(&sample).expect(200);
                slowest = slowest.max(begun.elapsed());
                thread::sleep(Duration::from_millis(20));
            }
            for guesser in guessers {
                let answer = guesser.join().expect("an answer");
                assert!([401, 429, 503].contains(&answer.status), "{}", answer.text());
                if answer.status == 503 {
                    assert!(!answer.header("retry-after").is_empty());
                }
            }
            slowest
        });
        println!("40 guesses at once took {:?}; the slowest read meanwhile {slowest:?}", flood.elapsed());
        assert!(slowest < Duration::from_secs(3), "{slowest:?}");
        let person = lab.person("analyst");
        log_in(&lab.server.anonymous(), &lab, &person.email, &person.password).expect(200);
    }
}

/// ATT-32 What an address has failed is known to every node, and to the next process.
#[test]
fn failures_are_counted_for_all_nodes() {
    let lab = Lab::fresh(Engine::Postgres);
    let guess = |number: usize| {
        let email = format!("guess-{number}@riverside.example");
        log_in(&lab.server.anonymous(), &lab, &email, "Wrong-Password-77").status
    };
    assert!((0..200).any(|number| guess(number) == 429), "guessing ends");
    // Another process on the same database is what another node would be.
    lab.server.restart();
    let limited = (0..3).any(|number| guess(1_000 + number) == 429);
    assert!(limited, "the new process knows nothing of it");
    let stored = lab
        .server
        .database()
        .as_service("SELECT class || ' ' || encode(key, 'hex') FROM allowances")
        .unwrap();
    assert!(
        stored.starts_with("failed-logins ") && !stored.contains("127.0.0.1"),
        "{stored}"
    );
}

/// ATT-11 A new key for access tokens: those of the old one are good for a while, or not at all when it may have leaked.
#[test]
fn the_key_of_tokens_rotates_while_people_work() {
    let lab = Lab::bootstrap(Server::start(Engine::Sqlite), "testing");
    let person = lab.person("analyst");
    let nobody = lab.server.anonymous();
    let kid = |token: &str| text(&Token::parse(token).header, "kid");
    let published = || -> Vec<String> {
        let keys = nobody.get("/.well-known/jwks.json").expect(200);
        keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| text(key, "kid"))
            .collect()
    };
    let rotate = |arguments: &[&str]| {
        let output = lab.server.run(&[&["keys", "rotate", "tokens"], arguments].concat(), "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        thread::sleep(Duration::from_millis(2_200));
    };
    let login = log_in(&nobody, &lab, &person.email, &person.password).expect(200);
    let (first, refresh) = (text(&login, "access_token"), text(&login, "refresh_token"));
    assert_eq!(published(), [kid(&first)]);

    rotate(&[]);
    nobody.with_token(&first).get("/me").expect(200);
    let renewed = nobody
        .post("/auth/refresh", &json!({"refresh_token": refresh}))
        .expect(200);
    let (second, refresh) = (text(&renewed, "access_token"), text(&renewed, "refresh_token"));
    assert_eq!(published(), [kid(&second), kid(&first)]);
    assert_ne!(kid(&first), kid(&second));

    rotate(&["--overlap-minutes", "0"]);
    for token in [&first, &second] {
        nobody.with_token(token).get("/me").problem(401, "unauthenticated");
    }
    let renewed = nobody
        .post("/auth/refresh", &json!({"refresh_token": refresh}))
        .expect(200);
    let third = text(&renewed, "access_token");
    nobody.with_token(&third).get("/me").expect(200);
    assert_eq!(published(), [kid(&third)], "the session goes on, under the new key");
    lab.server.restart();
    nobody.with_token(&third).get("/me").expect(200);
    let refused = lab
        .server
        .run(&["keys", "rotate", "tokens", "--overlap-minutes", "3"], "");
    assert!(!refused.status.success(), "shorter than a token lives");
}
