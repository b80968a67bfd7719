//! Programs that call in their own name (ATT-10).

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::{Answer, Api, Engine, Lab, Server, Value, json, on_both_engines};

fn events(lab: &Lab, query: &str) -> Vec<Value> {
    lab.as_role("auditor").all(&format!("/audit/events?{query}"))
}

/// Refused because nobody is there who could confirm who they are.
fn wants_a_person(answer: &Answer) {
    answer.problem(403, "person-required");
}

on_both_engines! {
    /// ATT-10 The answer that makes a token is the only place where it ever is.
    fn a_token_is_shown_once_and_stored_hashed(engine) {
        let lab = Lab::fresh(engine);
        let account = id(&lab.raised().post("/service-accounts", &lab.new_service("Instrument 7", &["integrator"])).expect(201));
        let tokens = format!("/service-accounts/{account}/tokens");
        let once = lab.raised().with("Idempotency-Key", "the-only-token");
        let body = json!({"label": "production", "expires_in_days": 30});
        let issued = once.post(&tokens, &body).expect(201);
        let token = text(&issued, "token");
        assert!(token.starts_with("att_s_"), "secret scanners look for it: {token}");
        let again = once.post(&tokens, &body).expect(201);
        assert_eq!((id(&again), &again["token"]), (id(&issued), &Value::Null), "the same token, and nobody can say it any more");

        let listed = lab.administrator.api.get(&tokens).expect(200);
        let [known] = listed["items"].as_array().unwrap().as_slice() else { panic!("{listed}") };
        assert_eq!(known["label"], "production");
        assert!(token.starts_with(&text(known, "prefix")) && text(known, "prefix").len() < 20, "{known}");
        assert!(known.get("token").is_none() && known["last_used_at"].is_null(), "{known}");
        lab.server.anonymous().with_token(&token).get("/me").expect(200);

        let secret = &token[token.len() - 40..];
        let loot = lab.server.database().loot();
        assert!(!loot.windows(secret.len()).any(|part| part == secret.as_bytes()), "the database holds the token");
        assert!(!lab.server.printed().contains(secret), "the log holds the token");
        let hashed = format!("{}SELECT length(hash) FROM service_tokens", lab.server.database().choose_laboratory(&lab.id));
        assert_eq!(lab.server.database().as_owner(&hashed).unwrap().lines().last(), Some("32"));
        let trail = serde_json::to_string(&events(&lab, "action=service_token.issued")).unwrap();
        assert!(trail.contains("production") && !trail.contains(secret), "{trail}");
    }

    /// ATT-10 Whatever it does is in the audit trail under its own name; among people it is nobody.
    fn a_program_acts_in_its_own_name(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("LIMS of the waterworks", &["integrator"]);
        let me = service.api.get("/me").expect(200);
        assert_eq!((&me["service"], &me["name"]), (&json!(true), &json!("LIMS of the waterworks")));
        assert!(me["permissions"].as_array().unwrap().contains(&json!("order:create")));
        let catalogue = lab.catalogue();
        let order = json!({
            "client_id": id(&catalogue.client),
            "samples": [{"sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)]}],
        });
        let order = service.post("/orders", &order).expect(201);
        assert_eq!(order["created_by"]["name"], "LIMS of the waterworks");
        let made = events(lab, &format!("object_id={}", id(&order)));
        let actor = &made.last().expect("an event")["actor"];
        assert_eq!((&actor["kind"], &actor["assurance"], &actor["name"]), (&json!("service"), &json!("token"), &json!("LIMS of the waterworks")));
        assert_eq!((text(actor, "id"), text(actor, "session")), (service.id.clone(), service.token_id.clone()));

        let people = lab.administrator.api.all("/users");
        assert!(people.iter().all(|person| id(person) != service.id), "it is no user");
        lab.administrator.api.get(&format!("/users/{}", service.id)).problem(404, "not-found");
        lab.raised().post(&format!("/users/{}/deactivate", service.id), &json!({"reason": "x"})).problem(404, "not-found");
        let login = json!({"email": text(&me, "email"), "password": "!", "laboratory": lab.slug});
        lab.server.anonymous().post("/auth/login", &login).problem(401, "invalid-credentials");
    }

    /// ATT-10 A token may have a part of its account's permissions, never more.
    fn a_token_may_have_only_a_part(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("Display", &["integrator"]);
        lab.issue(&service.id, &json!({"permissions": ["sample:read", "result:verify"]})).names_field("permissions.1");
        lab.issue(&service.id, &json!({"permissions": []})).names_field("permissions");
        lab.issue(&service.id, &json!({"expires_in_days": 366})).names_field("expires_in_days");
        lab.issue(&service.id, &json!({"label": "x", "lable": "y"})).names_field("lable");
        let part = text(&lab.issue(&service.id, &json!({"permissions": ["sample:read"]})).expect(201), "token");
        let part = lab.server.anonymous().with_token(&part);
        part.get("/samples").expect(200);
        part.get("/results").problem(403, "forbidden");
        service.api.get("/results").expect(200);
        // What the account loses, its tokens lose.
        let etag = lab.administrator.api.get(&service.path()).etag();
        let denied = json!({"grants": [{"permission": "sample:read", "effect": "deny", "reason": "moved elsewhere"}]});
        lab.raised().patch(&service.path(), &etag, &denied).expect(200);
        part.get("/samples").problem(403, "forbidden");
    }

    /// ATT-10 A token always ends.
    fn a_token_ends(engine) {
        let lab = Lab::fresh(engine);
        let service = lab.service("Forgotten", &["integrator"]);
        service.api.get("/samples").expect(200);
        let database = lab.server.database();
        let choose = database.choose_laboratory(&lab.id);
        database.as_owner(&format!("{choose}UPDATE service_tokens SET expires_at = '2020-01-01T00:00:00.000000Z'")).unwrap();
        service.api.get("/samples").problem(401, "unauthenticated");
        lab.raised().post(&format!("{}/rotate", service.token_path()), &json!({})).problem(409, "conflict-state");
    }

    /// ATT-10, ATT-15 Revoked, deactivated, without an owner: it counts on the next request.
    fn what_is_taken_from_a_program_counts_at_once(engine) {
        let lab = Lab::shared(engine);
        let owner = lab.hire("Answers For It", &["viewer"]);
        let mut account = lab.new_service("Short-lived", &["integrator"]);
        account["owner_id"] = json!(owner.id);
        let service = lab.service_of(&account);
        let works = || service.api.get("/samples").expect(200);
        let refused = || { service.api.get("/samples").problem(401, "unauthenticated"); };
        let say = |path: &str| lab.raised().post(path, &json!({"reason": "a story"}));
        works();
        assert_eq!(say(&format!("{}/deactivate", service.path())).expect(200)["active"], false);
        refused();
        lab.issue(&service.id, &json!({})).problem(409, "conflict-state");
        say(&format!("{}/reactivate", service.path())).expect(200);
        works();
        say(&format!("/users/{}/deactivate", owner.id)).expect(200);
        refused();
        assert_eq!(lab.administrator.api.get(&service.path()).expect(200)["owner_active"], false);
        let etag = lab.administrator.api.get(&service.path()).etag();
        lab.raised().patch(&service.path(), &etag, &json!({"owner_id": lab.administrator.id})).expect(200);
        works();
        assert!(say(&format!("{}/revoke", service.token_path())).expect(200)["revoked_at"].is_string());
        refused();
        say(&format!("{}/revoke", service.token_path())).problem(409, "conflict-state");
    }

    /// ATT-10 While a token is replaced nothing stops.
    fn a_token_is_replaced_with_an_overlap(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("Always on", &["integrator"]);
        let rotate = |token: &str, minutes: i64| {
            let path = format!("/service-accounts/{}/tokens/{token}/rotate", service.id);
            lab.raised().post(&path, &json!({"overlap_minutes": minutes}))
        };
        rotate(&service.token_id, 10_081).names_field("overlap_minutes");
        let second = rotate(&service.token_id, 60).expect(201);
        let with = |token: &Value| lab.server.anonymous().with_token(&text(token, "token"));
        service.api.get("/samples").expect(200);
        with(&second).get("/samples").expect(200);
        rotate(&service.token_id, 60).problem(409, "conflict-state");
        let third = rotate(&id(&second), 0).expect(201);
        with(&second).get("/samples").problem(401, "unauthenticated");
        with(&third).get("/samples").expect(200);
        let listed = lab.administrator.api.all(&format!("/service-accounts/{}/tokens", service.id));
        let replaced: Vec<&Value> = listed.iter().map(|token| &token["replaced_by"]).collect();
        assert_eq!(replaced, [&Value::Null, &third["id"], &second["id"]], "newest first");
    }

    /// ATT-10, ATT-32 A token that is used from elsewhere is refused, and told of; a client's own word is not its address.
    fn a_token_is_good_at_its_own_addresses_only(engine) {
        let server = Server::start_with(engine, &[], &[("ATTEST_TRUSTED_PROXIES", r#"["127.0.0.1"]"#)]);
        let lab = Lab::bootstrap(server, "testing");
        let mut account = lab.new_service("Analyser", &["integrator"]);
        account["addresses"] = json!(["10.0.0.1/8"]);
        lab.raised().post("/service-accounts", &account).names_field("addresses.0");
        account["addresses"] = json!(["10.0.0.0/8", "2001:db8::/32"]);
        let service = lab.service_of(&account);
        let from = |address: &str| service.api.with("X-Forwarded-For", address).get("/samples");
        from("10.1.2.3").expect(200);
        from("2001:db8::7").expect(200);
        from("192.0.2.9").problem(401, "unauthenticated");
        service.api.get("/samples").problem(401, "unauthenticated");
        // The proxy appends what it saw: what stands before is the client's own invention.
        from("10.1.2.3, 192.0.2.9").problem(401, "unauthenticated");
        let told = events(&lab, "action=service_token.refused");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|event| event["source"]["ip"] == "192.0.2.9" && event["object"]["id"] == json!(service.id)), "{told:?}");
        assert!(text(&told[0], "sentence").contains("Analyser"), "{}", told[0]);

        let plain = Lab::shared(engine).service_of(&json!({
            "name": "Liar", "owner_id": Lab::shared(engine).administrator.id,
            "role_ids": [id(&Lab::shared(engine).roles()["integrator"])], "addresses": ["10.0.0.0/8"],
        }));
        plain.api.with("X-Forwarded-For", "10.1.2.3").get("/samples").problem(401, "unauthenticated");
    }

    /// ATT-10, ATT-17 Nobody is there to confirm anything: what asks for that, and what is a person's own, is closed.
    fn what_needs_a_person_is_closed_to_programs(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("Robot", &["auditor", "administrator"]);
        wants_a_person(&service.post("/audit/exports", &json!({"kind": "range"})));
        wants_a_person(&service.post("/service-accounts", &lab.new_service("Child", &[])));
        wants_a_person(&service.post(&format!("{}/tokens", service.path()), &json!({})));
        for (method, path, body) in [
            ("POST", "/auth/reauthenticate", json!({"password": "x"})),
            ("POST", "/auth/logout", json!({})),
            ("POST", "/auth/lock", json!({})),
            ("POST", "/auth/sessions/end-others", json!({})),
            ("PUT", "/auth/pin", json!({"pin": "402719", "password": "x"})),
            ("PATCH", "/me", json!({"language": "pl"})),
        ] {
            wants_a_person(&service.api.call(method, path, Some(&body)));
        }
        wants_a_person(&service.api.get("/auth/sessions"));
        let (signer, draft) = (lab.service("Would-be signer", &["authorizer"]), lab.drafted());
        let signature = json!({"meaning": "Reviewed", "password": "!", "content_sha256": draft["content_sha256"]});
        wants_a_person(&signer.post(&format!("/reports/{}/authorize", id(&draft)), &signature));
        let told = events(lab, &format!("action=access.refused&actor_id={}", service.id));
        assert!(told.len() >= 9 && told.iter().all(|event| event["actor"]["kind"] == "service"), "{told:?}");
    }

    /// ATT-10, ATT-33 Programs try again: without a key they may not begin.
    fn programs_send_an_idempotency_key(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("Retries", &["integrator"]);
        let sample = lab.new_sample();
        service.api.post("/samples", &sample).problem(400, "idempotency-key-required");
        let keyed = service.api.with("Idempotency-Key", "sample-1");
        let made = keyed.post("/samples", &sample).expect(201);
        assert_eq!(id(&keyed.post("/samples", &sample).expect(201)), id(&made));
        let receive = format!("/samples/{}/receive", id(&made));
        service.api.post(&receive, &json!({"condition": "acceptable"})).problem(400, "idempotency-key-required");
        service.post(&receive, &json!({"condition": "acceptable"})).expect(200);
        // Who may not do it at all is told that, and nothing about keys.
        service.api.post("/reports", &json!({"sample_ids": [id(&made)]})).problem(403, "forbidden");
        lab.server.anonymous().with_token(&format!("{}x", service.token)).post("/samples", &sample).problem(401, "unauthenticated");
    }

    /// ATT-21 A program of a client sees that client's things, like the client's people.
    fn a_program_of_a_client_sees_that_clients_things(engine) {
        let lab = Lab::shared(engine);
        let other = lab.who_can("client:manage").post("/clients", &json!({"name": "Another waterworks"})).expect(201);
        let theirs = id(&lab.registered());
        let mut account = lab.new_service("Portal", &["integrator"]);
        account["client_id"] = json!("0197b1e2-0000-7000-8000-00000000dead");
        lab.raised().post("/service-accounts", &account).names_field("client_id");
        account["client_id"] = other["id"].clone();
        let portal = lab.service_of(&account);
        assert_eq!(portal.api.all("/samples").len(), 0);
        portal.api.get(&format!("/samples/{theirs}")).problem(404, "not-found");
        let mut body = lab.new_sample();
        body["client_id"] = other["id"].clone();
        let own = id(&lab.as_role("analyst").post("/samples", &body).expect(201));
        assert_eq!(portal.api.all("/samples").len(), 1);
        portal.api.get(&format!("/samples/{own}")).expect(200);
    }

    /// ATT-24 Nobody gives a program what they may not give, nor lends themselves its voice.
    fn nobody_makes_a_program_that_may_more(engine) {
        let lab = Lab::fresh(engine);
        let strong = lab.service("Strong", &["integrator"]);
        let role = json!({"name": "Keeper of programs", "permissions": ["service_account:manage", "user:read", "client:read"]});
        let role = id(&lab.raised().post("/roles", &role).expect(201));
        let keeper = lab.hire("Keeper", &[]);
        let user = format!("/users/{}", keeper.id);
        let etag = lab.administrator.api.get(&user).etag();
        lab.raised().patch(&user, &etag, &json!({"role_ids": [role]})).expect(200);
        let make = |account: &Value| keeper.api.post("/service-accounts", account);
        make(&lab.new_service("Unconfirmed", &[])).problem(403, "step-up-required");
        keeper.api.step_up(&keeper.password);
        make(&lab.new_service("Too strong", &["integrator"])).problem(403, "forbidden");
        let mut with_grant = lab.new_service("Grant", &[]);
        with_grant["grants"] = json!([{"permission": "result:read", "effect": "allow", "reason": "why not"}]);
        make(&with_grant).problem(403, "forbidden");
        with_grant["grants"][0]["permission"] = json!("client:read");
        let weak = id(&make(&with_grant).expect(201));
        keeper.api.post(&format!("/service-accounts/{weak}/tokens"), &json!({})).expect(201);
        keeper.api.post(&format!("/service-accounts/{}/tokens", strong.id), &json!({})).problem(403, "forbidden");
        keeper.api.post(&format!("{}/rotate", strong.token_path()), &json!({})).problem(403, "forbidden");
        let mut nobody = lab.new_service("Nobody's", &[]);
        nobody["owner_id"] = json!("0197b1e2-0000-7000-8000-00000000dead");
        make(&nobody).names_field("owner_id");
        nobody["owner_id"] = json!(strong.id);
        make(&nobody).names_field("owner_id");
        lab.as_role("viewer").get("/service-accounts").problem(403, "forbidden");
    }

    /// ATT-10 One sees when and from where a token was used last.
    fn the_last_use_of_a_token_is_seen(engine) {
        let lab = Lab::shared(engine);
        let service = lab.service("Pulse", &["integrator"]);
        service.api.get("/samples").expect(200);
        let seen = last_use(&lab.administrator.api, &service.id);
        assert_eq!(seen["last_used_ip"], "127.0.0.1");
        thread::sleep(Duration::from_millis(1100));
        service.api.get("/samples").expect(200);
        thread::sleep(Duration::from_millis(300));
        assert_eq!(last_use(&lab.administrator.api, &service.id)["last_used_at"], seen["last_used_at"], "once a minute is enough");
        assert_eq!(lab.administrator.api.get(&service.path()).expect(200)["last_used_at"], seen["last_used_at"]);
    }
}

/// The newest token, once its use was written down: nothing waits for that.
fn last_use(api: &Api, account: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let tokens = api.get(&format!("/service-accounts/{account}/tokens")).expect(200);
        if tokens["items"][0]["last_used_at"].is_string() {
            return tokens["items"][0].clone();
        }
        assert!(Instant::now() < deadline, "the use was not written down: {tokens}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The engine is named where a story needs only one.
#[test]
fn a_token_of_another_laboratory_opens_nothing() {
    let lab = Lab::shared(Engine::Sqlite);
    let neighbour = Lab::neighbour(Engine::Sqlite);
    let service = neighbour.service("Next door", &["integrator"]);
    let sample = id(&lab.registered());
    service.api.get(&format!("/samples/{sample}")).problem(404, "not-found");
    lab.administrator.api.get(&service.path()).problem(404, "not-found");
    lab.raised()
        .post(&format!("{}/revoke", service.token_path()), &json!({}))
        .problem(404, "not-found");
}
