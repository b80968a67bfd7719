//! What every answer says, who may read it from another site, and how fast one may ask (ATT-18, ATT-32, ATT-37).

use attest_tests::raw;
use attest_tests::{Answer, Engine, Lab, Server, json};

/// A server behind a proxy on this machine, seen by people under `https://lab.example`.
fn behind_a_proxy(more: &[(&str, &str)]) -> Server {
    let settings = [
        ("ATTEST_PUBLIC_URL", "https://lab.example"),
        ("ATTEST_TRUSTED_PROXIES", r#"["127.0.0.1"]"#),
    ];
    Server::start_with(Engine::Sqlite, &[], &[&settings, more].concat())
}

/// ATT-18 Every answer, whoever made it: pages, files, operations, problems, refusals before there is an operation.
#[test]
fn every_kind_of_answer_has_its_headers() {
    let lab = Lab::bootstrap(
        behind_a_proxy(&[("ATTEST_CORS_ORIGINS", r#"["https://portal.example"]"#)]),
        "testing",
    );
    let (nobody, analyst) = (lab.server.anonymous(), lab.as_role("analyst"));
    let answers = [
        nobody.get("/health/live"),
        nobody.get("/.well-known/jwks.json"),
        nobody.get("/api/docs"),
        nobody.get("/api/v1/openapi.json"),
        nobody.get("/api/v2/nothing"),
        nobody.get("/public/reports/UNKNOWN"),
        nobody.get("/me"),
        nobody.call("DELETE", "/auth/login", None),
        nobody.post("/auth/login", &json!({})),
        nobody.post_bytes("/auth/login", b"{"),
        nobody
            .with("Origin", "https://portal.example")
            .with("Access-Control-Request-Method", "POST")
            .call("OPTIONS", "/samples", None),
        analyst.get("/me"),
        analyst.get("/samples"),
        analyst.get("/samples/0197b1e2-0000-7000-8000-000000000000"),
        analyst.post("/users", &json!({})),
    ];
    for answer in &answers {
        let expect = |name: &str, value: &str| assert_eq!(answer.header(name), value, "{}: {name}", answer.question);
        expect(
            "strict-transport-security",
            "max-age=63072000; includeSubDomains; preload",
        );
        expect("x-content-type-options", "nosniff");
        expect("x-frame-options", "DENY");
        expect("referrer-policy", "no-referrer");
        expect("cross-origin-opener-policy", "same-origin");
        expect("cross-origin-resource-policy", "same-origin");
        assert!(
            answer.header("permissions-policy").contains("geolocation=()"),
            "{}",
            answer.question
        );
        let policy = answer.header("content-security-policy");
        for directive in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(directive), "{}: {policy}", answer.question);
        }
        assert!(!policy.contains("unsafe-"), "{policy}");
        assert!(!answer.header("x-request-id").is_empty(), "{}", answer.question);
        for name in ["server", "x-powered-by", "access-control-allow-credentials"] {
            assert_eq!(answer.header(name), "", "{}: {name}", answer.question);
        }
    }
    for answer in &answers[11..] {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.question);
    }
    for path in ["/", "/assets/nothing.js", "/sign-in"] {
        let page = raw::exchange(
            lab.server.port(),
            format!("GET {path} HTTP/1.1\r\nHost: lab.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        let head = page.split("\r\n\r\n").next().unwrap().to_lowercase();
        for name in [
            "content-security-policy: ",
            "strict-transport-security: ",
            "x-content-type-options: nosniff",
            "x-request-id: ",
        ] {
            assert!(head.contains(name), "{path}: no {name} in {head}");
        }
    }
    let plain = Server::start(Engine::Sqlite);
    assert_eq!(
        plain
            .anonymous()
            .get("/health/live")
            .header("strict-transport-security"),
        "",
        "nothing is promised about TLS without it"
    );
}

/// ATT-13 Other sites' pages read nothing, but for those that the operator named, letter by letter.
#[test]
fn other_sites_are_closed_but_for_those_named() {
    let ask = |server: &Server, origin: &str| -> (Answer, Answer) {
        let page = server.anonymous().with("Origin", origin);
        let preflight = page
            .with("Access-Control-Request-Method", "PATCH")
            .with("Access-Control-Request-Headers", "authorization, if-match")
            .call("OPTIONS", "/samples", None);
        (preflight, page.get("/health/live"))
    };
    let closed = Server::start(Engine::Sqlite);
    let (preflight, answer) = ask(&closed, "https://portal.example");
    preflight.problem(405, "method-not-allowed");
    for answer in [preflight, answer] {
        assert!(
            answer
                .headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control-")),
            "{}",
            answer.question
        );
    }

    let open = Server::start_with(
        Engine::Sqlite,
        &[],
        &[(
            "ATTEST_CORS_ORIGINS",
            r#"["https://portal.example", "http://localhost:3000"]"#,
        )],
    );
    for origin in ["https://portal.example", "http://localhost:3000"] {
        let (preflight, answer) = ask(&open, origin);
        assert_eq!(preflight.status, 204, "{}", preflight.text());
        assert!(preflight.header("access-control-allow-headers").contains("if-match"));
        assert!(preflight.header("access-control-allow-methods").contains("PATCH"));
        for answer in [preflight, answer] {
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(
                answer.header("access-control-allow-credentials"),
                "",
                "cookies are never theirs"
            );
            assert!(answer.headers.get_all("vary").iter().any(|value| value == "Origin"));
        }
    }
    for origin in [
        "https://portal.example.evil.example",
        "https://evil-portal.example",
        "http://portal.example",
        "https://portal.example:8443",
        "https://PORTAL.example",
        "https://portal.example/",
        "null",
        "*",
        "",
    ] {
        let (preflight, answer) = ask(&open, origin);
        for answer in [preflight, answer] {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        }
    }
    let wrong = Server::start(Engine::Sqlite);
    for setting in [r#"["*"]"#, r#"["portal.example"]"#, r#"["https://portal.example/app"]"#] {
        let refused = wrong
            .command()
            .args(["doctor"])
            .env("ATTEST_CORS_ORIGINS", setting)
            .output()
            .unwrap();
        assert!(!refused.status.success(), "{setting}");
        assert!(
            String::from_utf8_lossy(&refused.stderr).contains("cors_origins"),
            "{setting}"
        );
    }
}

/// ATT-32 One address gets its share and no more, one person too, from wherever; this machine is not held up.
#[test]
fn addresses_and_people_are_paced() {
    let lab = Lab::bootstrap(
        behind_a_proxy(&[
            ("ATTEST_REQUESTS_PER_SECOND", "2"),
            ("ATTEST_PRINCIPAL_REQUESTS_PER_SECOND", "1"),
        ]),
        "testing",
    );
    let nobody = lab.server.anonymous();
    let from = |address: &str| nobody.with("X-Forwarded-For", address);
    let first = from("203.0.113.1").get("/health/live");
    assert_eq!(first.header("ratelimit-policy"), r#""address";q=20;w=10"#);
    assert!(
        first.header("ratelimit").starts_with(r#""address";r=19;t="#),
        "{}",
        first.header("ratelimit")
    );
    let refused = (0..60)
        .map(|_| from("203.0.113.1").get("/health/live"))
        .find(|answer| answer.status != 200)
        .expect("an end");
    let problem = refused.problem(429, "rate-limited");
    assert_eq!(refused.header("retry-after"), "1", "{problem}");
    assert!(
        refused.header("ratelimit").starts_with(r#""address";r=0;t=1"#),
        "{}",
        refused.header("ratelimit")
    );
    assert!(!refused.header("content-security-policy").is_empty() && !refused.header("x-request-id").is_empty());
    assert_eq!(
        from("203.0.113.2").get("/health/live").status,
        200,
        "another address has its own"
    );
    assert_eq!(
        from("198.51.100.9, 203.0.113.1").get("/health/live").status,
        429,
        "what the client itself put in front counts for nothing"
    );
    let spelt = from("198.51.100.9, 203.0.113.1:4711").get("/health/live").status;
    assert_eq!(spelt, 429, "however the proxy spells it");
    let unreadable = from("198.51.100.9, unknown").get("/health/live");
    assert_eq!(
        unreadable.header("ratelimit"),
        "",
        "what the proxy wrote cannot be read: it is the proxy's own, not the client's word"
    );
    for host in 1..=40 {
        from(&format!("2001:db8:1:2::{host}")).get("/health/live");
    }
    assert_eq!(
        from("2001:db8:1:2::ffff").get("/health/live").status,
        429,
        "a customer's /64 is one address"
    );
    assert_eq!(from("2001:db8:1:3::1").get("/health/live").status, 200);

    let token = lab.as_role("analyst").access_token();
    let moving = |number: usize| {
        nobody
            .with("X-Forwarded-For", &format!("203.0.113.{number}"))
            .with_token(&token)
            .get("/me")
    };
    let refused = (100..160)
        .map(moving)
        .find(|answer| answer.status != 200)
        .expect("an end");
    refused.problem(429, "rate-limited");
    assert!(
        refused.header("ratelimit-policy").contains(r#""principal";q=10;w=10"#),
        "{}",
        refused.header("ratelimit-policy")
    );
    assert_eq!(
        lab.person("viewer")
            .api
            .with("X-Forwarded-For", "203.0.113.222")
            .get("/me")
            .status,
        200,
        "another person has their own"
    );
    for _ in 0..100 {
        lab.as_role("analyst").get("/me").expect(200);
    }
}

/// ATT-37 RFC 9116, and RFC 7517 for the keys.
#[test]
fn the_well_known_files_are_what_their_standards_say() {
    let server = behind_a_proxy(&[("ATTEST_SECURITY_CONTACT", "mailto:security@lab.example")]);
    let answer = server.anonymous().get("/.well-known/security.txt");
    assert_eq!(
        (answer.status, answer.header("content-type").as_str()),
        (200, "text/plain; charset=utf-8")
    );
    let text = answer.text();
    let field = |name: &str| -> Vec<&str> {
        text.lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .collect()
    };
    assert_eq!(field("Contact"), ["mailto:security@lab.example"]);
    assert_eq!(field("Canonical"), ["https://lab.example/.well-known/security.txt"]);
    assert_eq!(field("Preferred-Languages").len(), 1);
    let expires = field("Expires");
    let [expires] = expires.as_slice() else {
        panic!("{text}")
    };
    let year = |text: &str| text[..4].parse::<i32>().unwrap();
    let status = server.anonymous().get("/status").expect(200);
    let now = status["started_at"].as_str().unwrap().to_owned();
    assert!(*expires > now.as_str(), "{expires} is over at {now}");
    assert!(
        year(expires) - year(&now) <= 1 && expires.ends_with("T00:00:00Z"),
        "{expires}"
    );

    let keys = server.anonymous().get("/.well-known/jwks.json").expect(200);
    let [key] = keys["keys"].as_array().unwrap().as_slice() else {
        panic!("{keys}")
    };
    let members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(
        (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig"))
    );
    // RFC 7638: the name is the key's own thumbprint.
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use sha2::Digest as _;
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, key["x"]);
    assert_eq!(
        key["kid"],
        URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(canonical.as_bytes()))
    );
}
