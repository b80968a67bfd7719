//! Single sign-on by OpenID Connect: a real provider for what works, a forger for what must not.

use std::thread;

use attest_tests::api::{id, text};
use attest_tests::browser::{Browser, Page, query};
use attest_tests::mail::awaited;
use attest_tests::provider::{Account, CLIENT, Forger, Provider, now, redirect_uri};
use attest_tests::story::MEANING;
use attest_tests::{Answer, Api, Engine, Lab, Server, Value, json, on_both_engines};

/// A laboratory whose operator lets providers be on this machine.
fn lab(engine: Engine) -> Lab {
    let settings = [("ATTEST_SIGN_ON_PRIVATE_NETWORKS", "true")];
    Lab::bootstrap(Server::start_with(engine, &[], &settings), "testing")
}

/// What an administrator writes down: analysts and authorizers by group, viewers by hand.
fn settings(lab: &Lab, issuer: &str) -> Value {
    let role = |slug: &str| id(&lab.roles()[slug]);
    json!({
        "name": "Waterworks", "issuer": issuer, "client_id": CLIENT.0, "client_secret": CLIENT.1,
        "scopes": ["profile", "email", "groups"], "create_accounts": true,
        "role_map": [
            {"value": "lab-analysts", "role_ids": [role("analyst")]},
            {"value": "lab-signatories", "role_ids": [role("authorizer")]},
            {"value": "lab-administrators", "role_ids": [role("administrator")]},
        ],
    })
}

fn put(lab: &Lab, body: &Value) -> Answer {
    let etag = lab.administrator.api.get("/laboratory/sign-on").etag();
    lab.raised()
        .with("If-Match", &etag)
        .call("PUT", "/laboratory/sign-on", Some(body))
}

fn with_forger(engine: Engine) -> (Lab, Forger) {
    let (lab, forger) = (lab(engine), Forger::start());
    put(&lab, &settings(&lab, &forger.issuer)).expect(200);
    (lab, forger)
}

/// Leaves for the provider: its address.
fn leaves(browser: &mut Browser, lab: &Lab) -> String {
    let page = browser.post(
        &format!("{}/api/v1/auth/sign-on", lab.server.url()),
        &json!({"laboratory": lab.slug, "return_to": "/samples"}),
    );
    assert_eq!(page.status, 200, "{page:?}");
    authorization_url(&page)
}

fn authorization_url(page: &Page) -> String {
    let said: Value = serde_json::from_str(&page.text).expect("JSON");
    text(&said, "authorization_url")
}

/// Comes back from the forger, which says this about somebody: where the browser is led.
fn forged(browser: &mut Browser, lab: &Lab, token: impl FnOnce(&str) -> String, forger: &Forger) -> String {
    let there = leaves(browser, lab);
    let nonce = query(&there, "nonce").expect("a nonce");
    forger.gives(token(&nonce));
    let back = format!(
        "{}?code=any&state={}",
        redirect_uri(&lab.server),
        query(&there, "state").expect("a state")
    );
    led(browser.open(&back))
}

/// As one who is who they say.
fn comes(browser: &mut Browser, lab: &Lab, forger: &Forger, account: &Account) -> String {
    forged(
        browser,
        lab,
        |nonce| forger.signed(&forger.claims(nonce, account)),
        forger,
    )
}

/// Where an answer leads to on its own site.
fn led(page: Page) -> String {
    assert_eq!(page.status, 303, "{page:?}");
    let location = page.location.expect("it leads on");
    location
        .splitn(4, '/')
        .nth(3)
        .map(|path| format!("/{path}"))
        .expect("a path")
}

fn roles(api: &Api) -> Vec<String> {
    let me = api.get("/me").expect(200);
    me["roles"]
        .as_array()
        .expect("roles")
        .iter()
        .map(|role| text(role, "slug"))
        .collect()
}

fn events(lab: &Lab, action: &str) -> Vec<Value> {
    lab.administrator.api.all(&format!("/audit/events?action={action}"))
}

fn nobody(browser: &Browser, lab: &Lab) {
    browser.api(&lab.server).get("/me").problem(401, "unauthenticated");
}

on_both_engines! {
    /// ATT-12 ATT-19 The whole way with a certified provider: out with PKCE, back with a code, in with mapped roles; and the roles
    /// follow the provider at the next login, while what was given by hand stays.
    fn somebody_of_the_provider_comes_in_and_their_roles_follow_it(engine) {
        let lab = lab(engine);
        let provider = Provider::start(&lab.server);
        let view = put(&lab, &settings(&lab, &provider.issuer)).expect(200);
        assert_eq!((&view["has_secret"], &view["version"]), (&json!(true), &json!(1)));
        assert_eq!(view["redirect_uri"], redirect_uri(&lab.server).as_str());
        assert!(!view.to_string().contains(CLIENT.1));

        let offered = lab.server.anonymous().get(&format!("/auth/sign-on?laboratory={}", lab.slug)).expect(200);
        assert_eq!(offered, json!({"offered": true, "laboratory": lab.slug, "name": "Waterworks", "enforced": false}));

        let mut browser = Browser::default();
        let mut anna = Account::stranger("lab-analysts,canteen");
        let there = leaves(&mut browser, &lab);
        assert_eq!(query(&there, "code_challenge_method").as_deref(), Some("S256"));
        assert_eq!(query(&there, "redirect_uri"), Some(redirect_uri(&lab.server)));
        assert!(query(&there, "scope").is_some_and(|scope| scope.split(' ').any(|word| word == "openid")));
        let back = provider.signs_in(&mut browser, &there, &anna);
        let page = browser.open(&back);
        for name in ["__Host-attest_access=", "__Host-attest_refresh="] {
            let cookie = page.cookies.iter().find(|cookie| cookie.starts_with(name)).expect("a session");
            assert!(cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("SameSite=Strict"), "{cookie}");
        }
        assert_eq!(led(page), "/samples");
        let api = browser.api(&lab.server);
        let me = api.get("/me").expect(200);
        assert_eq!((&me["email"], &me["name"]), (&json!(anna.email), &json!("Somebody New")));
        assert_eq!((&me["has_password"], &me["sign_on"]), (&json!(false), &json!("Waterworks")));
        assert_eq!(roles(&api), ["analyst"]);
        // The same way back a second time, and the same code.
        assert_eq!(led(browser.open(&back)), "/sign-in?refused=over");

        // By hand: viewer too. The provider: no analyst any more, but signatory.
        let path = format!("/users/{}", id(&me));
        let etag = lab.administrator.api.get(&path).etag();
        let both: Vec<String> = ["analyst", "viewer"].iter().map(|slug| id(&lab.roles()[*slug])).collect();
        lab.raised().patch(&path, &etag, &json!({"role_ids": both})).expect(200);
        anna.groups = "lab-signatories";
        let mut another = Browser::default();
        let there = leaves(&mut another, &lab);
        let back = provider.signs_in(&mut another, &there, &anna);
        assert_eq!(led(another.open(&back)), "/samples");
        assert_eq!(roles(&another.api(&lab.server)), ["authorizer", "viewer"]);
        // It counts on the next request of the session that was there, too (ATT-15).
        api.get("/samples").expect(200);
        let sample = api.post("/samples", &json!({}));
        sample.problem(403, "forbidden");

        assert_eq!(events(&lab, "user.created").len(), 2, "the administrator, and Anna once");
        let linked = events(&lab, "sign_on.linked");
        assert_eq!(linked.len(), 1);
        assert_eq!(events(&lab, "sign_on.roles_followed").len(), 1);
        let logins = events(&lab, "login.succeeded").into_iter().filter(|event| event.to_string().contains("sign_on"));
        assert_eq!(logins.count(), 2);
        let all = lab.administrator.api.all("/audit/events");
        assert!(!json!(all).to_string().contains(CLIENT.1), "the secret is in no event");
        assert!(!lab.server.printed().contains(CLIENT.1), "nor in the log");

        // The person changes their mind at the provider.
        let mut third = Browser::default();
        let there = leaves(&mut third, &lab);
        let back = provider.declines(&mut third, &there);
        assert_eq!(led(third.open(&back)), "/sign-in?refused=declined");
        nobody(&third, &lab);
        // The provider goes away between the two halves: nothing is left half done.
        let there = leaves(&mut third, &lab);
        let back = provider.signs_in(&mut third, &there, &Account::stranger("lab-analysts"));
        drop(provider);
        assert_eq!(led(third.open(&back)), "/sign-in?refused=provider");
        nobody(&third, &lab);
        assert_eq!(events(&lab, "user.created").len(), 2);
        lab.server.anonymous().post("/auth/sign-on", &json!({"laboratory": lab.slug})).problem(503, "provider-unavailable");
    }

    /// ATT-19 Two first logins of one person at the same moment make one account.
    fn two_first_logins_at_once_make_one_account(engine) {
        let lab = lab(engine);
        let provider = Provider::start(&lab.server);
        put(&lab, &settings(&lab, &provider.issuer)).expect(200);
        let account = Account::stranger("lab-analysts");
        let mut ways: Vec<(Browser, String)> = (0..4)
            .map(|_| {
                let mut browser = Browser::default();
                let there = leaves(&mut browser, &lab);
                let back = provider.signs_in(&mut browser, &there, &account);
                (browser, back)
            })
            .collect();
        let led: Vec<String> = thread::scope(|scope| {
            let all: Vec<_> = ways.iter_mut().map(|(browser, back)| scope.spawn(|| led(browser.open(back)))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(led, ["/samples"; 4]);
        assert_eq!((events(&lab, "user.created").len(), events(&lab, "sign_on.linked").len()), (2, 1));
    }

    /// ATT-17 ATT-19 People without a password confirm who they are at the provider, which must ask them again: for five minutes, or for
    /// one signature, which says so in the ledger.
    fn who_has_no_password_confirms_and_signs_at_the_provider(engine) {
        let lab = lab(engine);
        let provider = Provider::start(&lab.server);
        put(&lab, &settings(&lab, &provider.issuer)).expect(200);
        let signer = Account::stranger("lab-signatories");
        let mut browser = Browser::default();
        let there = leaves(&mut browser, &lab);
        let back = provider.signs_in(&mut browser, &there, &signer);
        led(browser.open(&back));
        let draft = lab.drafted();
        let path = format!("/reports/{}/authorize", id(&draft));
        let signature = json!({"meaning": MEANING, "sign_on": true, "content_sha256": draft["content_sha256"]});
        let api = browser.api(&lab.server);
        api.post(&path, &signature).problem(403, "reauthentication-failed");
        api.post(&path, &json!({"meaning": MEANING, "sign_on": true, "password": "both"})).problem(422, "validation");
        api.post(&path, &json!({"meaning": MEANING})).problem(422, "validation");

        let again = |browser: &mut Browser, purpose: &str| {
            let asked = browser.api(&lab.server).post("/auth/sign-on/reauthenticate", &json!({"purpose": purpose}));
            let there = text(&asked.expect(200), "authorization_url");
            assert_eq!((query(&there, "prompt").as_deref(), query(&there, "max_age").as_deref()), (Some("login"), Some("0")));
            browser.takes(&lab.server, &asked);
            there
        };
        // Somebody else at the same provider.
        let there = again(&mut browser, "signature");
        let other = provider.signs_in(&mut browser, &there, &Account::stranger("lab-signatories"));
        assert_eq!(led(browser.open(&other)), "/signed-on?refused=other_person");
        browser.api(&lab.server).post(&path, &signature).problem(403, "reauthentication-failed");
        // The person themselves: once.
        let there = again(&mut browser, "signature");
        let back = provider.signs_in(&mut browser, &there, &signer);
        assert_eq!(led(browser.open(&back)), "/signed-on");
        let api = browser.api(&lab.server);
        api.post(&path, &signature).expect(200);
        let signed = events(&lab, "report.authorized");
        let entry = lab.administrator.api.get(&format!("/audit/events/{}", signed[0]["index"])).expect(200);
        assert!(entry.to_string().contains(r#""method":"sign_on""#), "{entry}");
        let second = lab.drafted();
        let path = format!("/reports/{}/authorize", id(&second));
        let signature = json!({"meaning": MEANING, "sign_on": true, "content_sha256": second["content_sha256"]});
        api.post(&path, &signature).problem(403, "reauthentication-failed");

        // Five minutes, with new cookies.
        let there = again(&mut browser, "step_up");
        let back = provider.signs_in(&mut browser, &there, &signer);
        let page = browser.open(&back);
        assert!(page.cookies.iter().any(|cookie| cookie.starts_with("__Host-attest_access=")), "{page:?}");
        assert_eq!(led(page), "/signed-on");
        let me = browser.api(&lab.server).get("/me").expect(200);
        assert!(me["session"]["step_up_until"].is_string(), "{me}");
    }

    /// ATT-19 What must not be believed is not: other keys, no key, a shared secret, another nonce, audience, issuer, person, time.
    fn a_forged_token_opens_nothing(engine) {
        let (lab, forger) = with_forger(engine);
        let mallory = Account::stranger("lab-administrators");
        let changed = |change: Value| {
            let (forger, mallory) = (&forger, &mallory);
            move |nonce: &str| {
                let mut claims = forger.claims(nonce, mallory);
                claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
                forger.signed(&claims)
            }
        };
        let mut browser = Browser::default();
        let refused = "/sign-in?refused=token";
        assert_eq!(forged(&mut browser, &lab, |nonce| forger.signed_by_another(&forger.claims(nonce, &mallory)), &forger), refused);
        assert_eq!(forged(&mut browser, &lab, |nonce| forger.unsigned(&forger.claims(nonce, &mallory)), &forger), refused);
        assert_eq!(forged(&mut browser, &lab, |nonce| forger.signed_with_the_secret(&forger.claims(nonce, &mallory)), &forger), refused);
        assert_eq!(forged(&mut browser, &lab, |_| forger.signed(&forger.claims("another nonce", &mallory)), &forger), refused);
        assert_eq!(forged(&mut browser, &lab, |_| String::new(), &forger), refused);
        for change in [
            json!({"aud": "another client"}),
            json!({"aud": [CLIENT.0, "another client"]}),
            json!({"azp": "another client"}),
            json!({"iss": "https://another.example"}),
            json!({"exp": now() - 60}),
            json!({"iat": now() - 3600}),
            json!({"nbf": now() + 120}),
            json!({"sub": ""}),
        ] {
            assert_eq!(forged(&mut browser, &lab, changed(change.clone()), &forger), refused, "{change}");
        }
        // Userinfo speaks of somebody else.
        forger.adds(json!({"sub": "somebody else", "groups": ["lab-administrators"]}));
        let plain = |nonce: &str| {
            let mut claims = forger.claims(nonce, &mallory);
            claims.as_object_mut().unwrap().remove("email");
            forger.signed(&claims)
        };
        assert_eq!(forged(&mut browser, &lab, plain, &forger), refused);
        nobody(&browser, &lab);
        assert_eq!(events(&lab, "user.created").len(), 1, "nobody was made");
        assert!(events(&lab, "sign_on.refused").len() >= 5, "a flood is gathered, the first ones are told");
    }

    /// ATT-13 ATT-19 The way back is for the browser that left, once, and only where it was sent from.
    fn the_way_back_is_for_one_browser_once(engine) {
        let (lab, forger) = with_forger(engine);
        let (mut hers, mut his) = (Browser::default(), Browser::default());
        let there = leaves(&mut hers, &lab);
        let (state, nonce) = (query(&there, "state").unwrap(), query(&there, "nonce").unwrap());
        forger.gives(forger.signed(&forger.claims(&nonce, &Account::stranger("lab-analysts"))));
        let back = |state: &str| format!("{}?code=any&state={state}", redirect_uri(&lab.server));
        // A made-up state, none, and somebody whom another was tricked into finishing for.
        assert_eq!(led(hers.open(&back("made-up"))), "/sign-in?refused=over");
        assert_eq!(led(hers.open(&redirect_uri(&lab.server))), "/sign-in?refused=over");
        assert_eq!(led(his.open(&back(&state))), "/sign-in?refused=other_browser");
        leaves(&mut his, &lab);
        assert_eq!(led(his.open(&back(&state))), "/sign-in?refused=other_browser");
        nobody(&his, &lab);
        // An answer that says it is another's (RFC 9207).
        let mixed = format!("{}&iss=https%3A%2F%2Fanother.example", back(&state));
        let mut third = Browser::default();
        let other = leaves(&mut third, &lab);
        let mixed_state = query(&other, "state").unwrap();
        assert_eq!(led(third.open(&mixed.replace(&state, &mixed_state))), "/sign-in?refused=token");
        // Nothing of that spoiled hers.
        assert_eq!(led(hers.open(&back(&state))), "/samples");
        assert_eq!(led(hers.open(&back(&state))), "/sign-in?refused=over");
        hers.api(&lab.server).get("/me").expect(200);
        // From another site's page nothing begins.
        lab.server.anonymous().with("Origin", "https://evil.example")
            .post("/auth/sign-on", &json!({"laboratory": lab.slug})).problem(403, "csrf");
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example"] {
            lab.server.anonymous().post("/auth/sign-on", &json!({"laboratory": lab.slug, "return_to": elsewhere}))
                .problem(422, "validation");
        }
    }

    /// ATT-19 Who is there already is linked once, by an address that the provider vouches for; who is not active, not vouched for, or
    /// without a role stays outside.
    fn accounts_are_linked_by_checked_addresses_only(engine) {
        let (lab, forger) = with_forger(engine);
        let person = lab.hire("Ewa Known", &["viewer"]);
        let mut browser = Browser::default();
        let mut ewa = Account::new(&person.email, "canteen");
        ewa.checked = false;
        assert_eq!(comes(&mut browser, &lab, &forger, &ewa), "/sign-in?refused=not_verified");
        ewa.checked = true;
        assert_eq!(comes(&mut browser, &lab, &forger, &ewa), "/samples");
        let me = browser.api(&lab.server).get("/me").expect(200);
        assert_eq!((id(&me), &me["has_password"]), (person.id.clone(), &json!(true)));
        assert_eq!(roles(&browser.api(&lab.server)), ["viewer"], "what was given by hand stays");
        assert!(awaited(&lab.server, &person.email, 1).text.contains("Waterworks"), "she is told");
        // Somebody else who got her address at the provider later.
        let heir = Account { subject: "somebody else".to_owned(), ..ewa.clone() };
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &heir), "/sign-in?refused=already_linked");
        // Found by the provider's name for her from now on, whatever her address is.
        let moved = Account { email: "ewa.moved@people.example".to_owned(), checked: false, ..ewa.clone() };
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &moved), "/samples");

        let nobodys = Account::stranger("canteen");
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &nobodys), "/sign-in?refused=no_role");
        lab.administrator.api.post(&format!("/users/{}/deactivate", person.id), &json!({"reason": "left"})).expect(200);
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &ewa), "/sign-in?refused=inactive");
        browser.api(&lab.server).get("/me").problem(401, "unauthenticated");

        let mut strict = settings(&lab, &forger.issuer);
        strict["create_accounts"] = json!(false);
        put(&lab, &strict).expect(200);
        let analyst = Account::stranger("lab-analysts");
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &analyst), "/sign-in?refused=no_account");
        strict["create_accounts"] = json!(true);
        strict["email_domains"] = json!(["@Waterworks.example"]);
        put(&lab, &strict).expect(200);
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &analyst), "/sign-in?refused=domain");
        let refusals: Vec<String> = events(&lab, "sign_on.refused").iter().map(|event| text(event, "sentence")).collect();
        assert!(refusals.iter().any(|told| told.contains("the account is not active")), "{refusals:?}");
    }

    /// ATT-19 ATT-24 Who leaves a group loses its roles, down to none; the last administrator stays one; who wrote the map gains nothing.
    fn roles_are_taken_and_the_last_administrator_stays(engine) {
        let (lab, forger) = with_forger(engine);
        let mut browser = Browser::default();
        let mut jan = Account::stranger("lab-analysts,lab-signatories");
        assert_eq!(comes(&mut browser, &lab, &forger, &jan), "/samples");
        assert_eq!(roles(&browser.api(&lab.server)), ["analyst", "authorizer"]);
        jan.groups = "";
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &jan), "/sign-in?refused=no_role");
        assert_eq!(roles(&browser.api(&lab.server)), Vec::<String>::new(), "on the very next request");
        // The only administrator, whom the provider calls an analyst.
        let mut ada = Account::new(&lab.administrator.email, "lab-analysts");
        assert_eq!(comes(&mut browser, &lab, &forger, &ada), "/samples");
        assert_eq!(roles(&browser.api(&lab.server)), ["administrator"], "kept, and no analyst by her own map");
        // Two: then the provider's word counts.
        let second = Account::stranger("lab-administrators");
        assert_eq!(comes(&mut Browser::default(), &lab, &forger, &second), "/samples");
        ada.groups = "canteen";
        assert_eq!(comes(&mut browser, &lab, &forger, &ada), "/sign-in?refused=no_role");
    }

    /// ATT-19 Passwords open nothing where single sign-on is the rule, and the answer is everybody's; except for people who could mend it.
    fn where_it_is_enforced_passwords_open_nothing(engine) {
        let (lab, forger) = with_forger(engine);
        let person = lab.hire("Olek Enforced", &["analyst"]);
        let mut enforced = settings(&lab, &forger.issuer);
        enforced["enforced"] = json!(true);
        put(&lab, &enforced).expect(200);
        let nobody = lab.server.anonymous();
        let log_in = |email: &str, password: &str, laboratory: bool| {
            let mut body = json!({"email": email, "password": password});
            if laboratory {
                body["laboratory"] = json!(lab.slug);
            }
            nobody.post("/auth/login", &body)
        };
        let mut said = Vec::new();
        for laboratory in [true, false] {
            for (email, password) in [
                (person.email.as_str(), person.password.as_str()),
                (person.email.as_str(), "not the password"),
                ("nobody@people.example", "not the password"),
                (lab.administrator.email.as_str(), "not the password"),
            ] {
                let mut problem = log_in(email, password, laboratory).problem(403, "sign-on-required");
                problem.as_object_mut().unwrap().remove("request_id");
                said.push(problem);
            }
        }
        assert!(said.iter().all(|problem| *problem == said[0]), "{said:?}");
        log_in(&lab.administrator.email, &lab.administrator.password, true).expect(200);
        // A letter says where to go, without a link that leads to a password.
        nobody.post("/auth/password-reset", &json!({"email": person.email})).expect(202);
        let letter = awaited(&lab.server, &person.email, 1).text;
        assert!(letter.contains("Waterworks") && !letter.contains("#token="), "{letter}");
        // At the provider they come in.
        let mut browser = Browser::default();
        assert_eq!(comes(&mut browser, &lab, &forger, &Account::new(&person.email, "lab-analysts")), "/samples");
    }

    /// ATT-07 ATT-19 A role that asks for a second factor is content with the provider's; else it asks for one of ours.
    fn several_factors_are_asked_for_somewhere(engine) {
        let (lab, forger) = with_forger(engine);
        let laboratory = lab.administrator.api.get("/laboratory");
        let mut policy = laboratory.expect(200)["settings"].clone();
        policy["second_factor"] = json!("by_role");
        lab.raised().patch("/laboratory", &laboratory.etag(), &json!({"settings": policy})).expect(200);
        let signer = Account::stranger("lab-signatories");
        let mut browser = Browser::default();
        assert_eq!(comes(&mut browser, &lab, &forger, &signer), "/samples");
        assert_eq!(browser.api(&lab.server).get("/me").expect(200)["must"], json!(["second_factor"]));
        let strong = |nonce: &str| {
            let mut claims = forger.claims(nonce, &signer);
            claims["amr"] = json!(["pwd", "mfa"]);
            forger.signed(&claims)
        };
        let mut second = Browser::default();
        assert_eq!(forged(&mut second, &lab, strong, &forger), "/samples");
        let api = second.api(&lab.server);
        assert_eq!(api.get("/me").expect(200)["must"], json!([]));
        api.get("/reports").expect(200);
        // With an app of ours, set up in the first session: asked for where the provider did not.
        let (app, _) = browser.api(&lab.server).set_up_app();
        let mut third = Browser::default();
        let led = comes(&mut third, &lab, &forger, &signer);
        let (_, ticket) = led.split_once("#second=").unwrap_or_else(|| panic!("{led}"));
        let (ticket, methods) = ticket.split_once("&methods=").unwrap();
        assert_eq!(methods, "totp,recovery");
        nobody(&third, &lab);
        let code = |otp: &str| lab.server.anonymous().post("/auth/login/code", &json!({"mfa_token": ticket, "otp": otp}));
        code("000000").problem(401, "mfa-required");
        let session = code(&app.code(0)).expect(200);
        assert_eq!(session["user"]["email"], signer.email.as_str());
        code(&app.code(1)).problem(401, "invalid-credentials");
        let mut fourth = Browser::default();
        assert_eq!(forged(&mut fourth, &lab, strong, &forger), "/samples", "the provider's counts");
    }

    /// ATT-19 What is wrong with a provider is told when it is written down, at the field; while it is away nothing begins.
    fn a_provider_is_asked_before_it_is_trusted(engine) {
        let lab = lab(engine);
        let forger = Forger::start();
        let tried = |issuer: &str| put(&lab, &settings(&lab, issuer));
        for wrong in ["login.example", "http://login.example", "https://login.example/#x", "ftp://login.example"] {
            tried(wrong).names_field("issuer");
        }
        tried("http://127.0.0.1:9").names_field("issuer");
        tried(&format!("{}/elsewhere", forger.issuer)).names_field("issuer");
        forger.poses_as("https://another.example");
        tried(&forger.issuer).names_field("issuer");
        let other = Forger::start();
        other.redirects();
        tried(&other.issuer).names_field("issuer");
        let good = Forger::start();
        let mut body = settings(&lab, &good.issuer);
        body["role_map"][0]["role_ids"] = json!(["01980000-0000-7000-8000-000000000000"]);
        put(&lab, &body).names_field("role_map.0.role_ids.0");
        body = settings(&lab, &good.issuer);
        body["role_map"][1]["value"] = json!("lab-analysts");
        put(&lab, &body).names_field("role_map.1.value");
        assert_eq!(lab.administrator.api.get("/laboratory/sign-on").expect(200)["configured"], false, "nothing was kept");
        lab.server.anonymous().post("/auth/sign-on", &json!({"laboratory": lab.slug})).problem(404, "not-found");
        let offered = |slug: &str| lab.server.anonymous().get(&format!("/auth/sign-on?laboratory={slug}")).expect(200);
        assert_eq!(offered(&lab.slug), offered("no-such-laboratory"));

        put(&lab, &settings(&lab, &good.issuer)).expect(200);
        let without = json!({"name": "Waterworks", "issuer": forger.issuer, "client_id": CLIENT.0});
        forger.poses_as(&forger.issuer.clone());
        put(&lab, &without).names_field("client_secret");
        lab.raised().with("If-Match", "\"0\"").call("PUT", "/laboratory/sign-on", Some(&settings(&lab, &good.issuer))).problem(412, "stale");
        lab.raised().call("PUT", "/laboratory/sign-on", Some(&settings(&lab, &good.issuer))).problem(428, "precondition-required");
        good.redirects();
        let away = lab.server.anonymous().post("/auth/sign-on", &json!({"laboratory": lab.slug}));
        away.problem(503, "provider-unavailable");
        assert!(away.headers.get("set-cookie").is_none());
        let etag = lab.administrator.api.get("/laboratory/sign-on").etag();
        lab.raised().with("If-Match", &etag).call("DELETE", "/laboratory/sign-on", None).expect(204);
        assert_eq!(lab.administrator.api.get("/laboratory/sign-on").expect(200)["configured"], false);
        assert_eq!((events(&lab, "sign_on.configured").len(), events(&lab, "sign_on.removed").len()), (1, 1));
        // Without a fresh proof, and by somebody who may not.
        let plain = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        plain.with("If-Match", "\"0\"").call("PUT", "/laboratory/sign-on", Some(&settings(&lab, &good.issuer))).problem(403, "step-up-required");
        lab.as_role("manager").get("/laboratory/sign-on").problem(403, "forbidden");
    }

    /// ATT-19 Without the operator's word no provider in the house, nor on this machine, is called.
    fn the_operators_own_network_is_not_looked_around_in(engine) {
        let lab = Lab::shared(engine);
        let forger = Forger::start();
        for inside in [forger.issuer.as_str(), "https://127.0.0.1", "https://10.0.0.1", "https://169.254.169.254", "https://[::1]", "https://localhost"] {
            let said = put(lab, &settings(lab, inside));
            said.names_field("issuer");
        }
    }

    /// ATT-19 ATT-22 The same person of the same provider is another account in every laboratory, and only where they were let in.
    fn a_person_of_one_laboratory_is_nobody_in_another(engine) {
        let (lab, forger) = with_forger(engine);
        let next_door = Lab::beside(&lab, "next-door", "testing");
        let mut theirs = settings(&next_door, &forger.issuer);
        theirs["create_accounts"] = json!(false);
        put(&next_door, &theirs).expect(200);
        let anna = Account::stranger("lab-analysts");
        let mut browser = Browser::default();
        assert_eq!(comes(&mut browser, &lab, &forger, &anna), "/samples");
        assert_eq!(comes(&mut Browser::default(), &next_door, &forger, &anna), "/sign-in?refused=no_account");
        // What one laboratory sent out does not come back to the other: a state names its laboratory under a secret.
        let there = leaves(&mut browser, &lab);
        let state = query(&there, "state").unwrap();
        let body = json!({"laboratory": next_door.slug});
        let other = browser.post(&format!("{}/api/v1/auth/sign-on", lab.server.url()), &body);
        let other_state = query(&authorization_url(&other), "state").unwrap();
        let mixed = format!("{}{}", &state[..22], &other_state[22..]);
        let back = format!("{}?code=any&state={mixed}", redirect_uri(&lab.server));
        assert_eq!(led(browser.open(&back)), "/sign-in?refused=over");
        lab.server.anonymous().post("/auth/sign-on", &json!({})).problem(404, "not-found");
        assert_eq!(next_door.administrator.api.all("/users").len(), 1);
    }
}
