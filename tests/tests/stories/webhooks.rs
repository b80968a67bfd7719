//! Webhooks: other systems are told what happened, and cannot be made to tell about the house (ATT-36).

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::cluster::repository;
use attest_tests::receiver::{Message, Receiver};
use attest_tests::story::result_of;
use attest_tests::tls::Pair;
use attest_tests::{Answer, Engine, Lab, Server, Value, json, on_both_engines};

/// The operator lets webhooks lead to this machine.
pub const ALLOWED: (&str, &str) = ("ATTEST_WEBHOOK_PRIVATE_NETWORKS", r#"["127.0.0.0/8"]"#);

/// A laboratory whose webhooks may lead to this machine.
pub fn lab(engine: Engine) -> Lab {
    Lab::bootstrap(Server::start_with(engine, &[], &[ALLOWED]), "testing")
}

pub fn body(url: &str, events: &[&str]) -> Value {
    json!({"name": "LIMS of the waterworks", "url": url, "events": events})
}

/// A webhook to this receiver, with its secret.
pub fn hook(lab: &Lab, receiver: &Receiver, events: &[&str]) -> Value {
    lab.raised().post("/webhooks", &body(&receiver.url, events)).expect(201)
}

pub fn path(hook: &Value) -> String {
    format!("/webhooks/{}", id(hook))
}

pub fn kinds(messages: &[Message]) -> Vec<String> {
    messages.iter().map(Message::kind).collect()
}

pub fn test(lab: &Lab, hook: &Value) -> Value {
    lab.administrator
        .api
        .post(&format!("{}/test", path(hook)), &json!({}))
        .expect(200)
}

fn events(lab: &Lab, hook: &Value) -> Vec<Value> {
    lab.administrator
        .api
        .all(&format!("/audit/events?object_type=webhook&object_id={}", id(hook)))
}

/// What the integrator guide's Python says of a message.
fn the_guide_verifies(secret: &str, message: &Message) -> bool {
    let guide = std::fs::read_to_string(repository().join("docs/integrator-guide.md")).unwrap();
    let code = guide
        .split("```python\n")
        .find(|part| part.contains("def verified("))
        .expect("the code");
    let code = code.split("```").next().unwrap();
    let ask = "import json, sys\nsecret, headers, body = json.load(sys.stdin)\nsys.exit(0 if verified(secret, headers, bytes(body)) else 3)";
    let mut python = Command::new("python3")
        .args(["-c", &format!("{code}\n{ask}")])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let question = json!([secret, message.headers, message.body]).to_string();
    python.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    match python.wait().unwrap().code() {
        Some(0) => true,
        Some(3) => false,
        other => panic!("the guide's code broke: {other:?}"),
    }
}

fn refused(answer: &Answer) {
    assert_eq!(answer.names_field("url"), "address", "{}", answer.text());
}

on_both_engines! {
    /// ATT-36 A message names what happened to what, in the log's order, signed; whoever gets it fetches the rest with its own rights.
    fn what_happens_is_told_in_order_and_signed(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let hook = hook(&lab, &receiver, &["sample.registered", "sample.received", "sample.registered"]);
        assert_eq!(hook["events"], json!(["sample.registered", "sample.received"]), "each once");
        let secret = text(&hook, "secret");
        let sample = lab.received();
        let messages = receiver.awaited(2);
        assert_eq!(kinds(&messages), ["sample.registered", "sample.received"]);
        for message in &messages {
            assert!(message.is_signed_with(&secret), "{message:?}");
            assert_eq!(message.signatures().len(), 1);
            assert!(!message.is_signed_with("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
            assert_eq!(message.headers["content-type"], "application/json");
        }
        assert!(the_guide_verifies(&secret, &messages[0]), "the code of the integrator guide");
        let mut changed = messages[0].clone();
        changed.body[10] ^= 1;
        assert!(!changed.is_signed_with(&secret) && !the_guide_verifies(&secret, &changed), "a changed body is not signed");

        let told = messages[1].json();
        let members: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(members, ["api_url", "at", "id", "laboratory", "log_index", "object", "type"], "{told}");
        assert_eq!(told["laboratory"], lab.slug.as_str());
        assert_eq!(told["object"], json!({"type": "sample", "id": id(&sample), "label": sample["accession_number"]}));
        assert!(told["log_index"].as_i64() > messages[0].json()["log_index"].as_i64());
        let program = lab.service("LIMS of the waterworks", &["integrator"]);
        let there = text(&told, "api_url");
        let fetched = program.api.get(there.strip_prefix(&lab.server.url()).expect("its own address")).expect(200);
        assert_eq!((id(&fetched), &fetched["status"]), (id(&sample), &json!("received")));
        let event = lab.as_role("auditor").get(&format!("/audit/events/{}", told["log_index"])).expect(200);
        assert_eq!((id(&event), &event["action"]), (text(&told, "id"), &told["type"]), "the event of the audit trail");

        let view = lab.administrator.api.get(&path(&hook)).expect(200);
        assert!(view["last_delivered_at"].is_string() && view["failing_since"].is_null() && view["waiting"] == 0, "{view}");
    }

    /// ATT-36 ATT-43 Of a patient, and of the people who work, a message says nothing.
    fn nothing_personal_is_told(engine) {
        let server = Server::start_with(engine, &[], &[ALLOWED]);
        let (lab, receiver) = (Lab::bootstrap(server, "medical"), Receiver::start());
        let events = lab.administrator.api.all("/webhooks/events");
        let names: Vec<String> = events.iter().map(|event| text(event, "name")).collect();
        for name in &names {
            let (object, _) = name.split_once('.').expect("object.act");
            assert!(!["patient", "client", "user", "login", "session", "subject"].contains(&object), "{name}");
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        hook(&lab, &receiver, &names);
        for not in ["patient.created", "client.created", "user.created", "login.succeeded", "*"] {
            lab.raised().post("/webhooks", &body(&receiver.url, &[not])).names_field("events.0");
        }
        let patient = lab.who_can("patient:manage").post("/patients", &json!({
            "family_name": "Wąchocka-Zygfryda", "given_name": "Brunhildegarda", "sex": "female", "birth_date": "1961-03-04",
            "identifiers": [{"system": "hospital", "value": "HOSP-55512039"}],
        })).expect(201);
        let catalogue = lab.catalogue();
        let bench = lab.as_role(lab.bench());
        let order = json!({"patient_id": id(&patient), "requester": "Dr Ottokar Requester", "samples": [{
            "sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.lead)], "description": "taken by Kunigunda",
        }]});
        let order = lab.who_can("order:create").post("/orders", &order).expect(201);
        let sample = id(&order["samples"][0]);
        bench.post(&format!("/samples/{sample}/receive"), &json!({"condition": "acceptable"})).expect(200);
        lab.enter(&result_of(&lab.sample(&sample), "PB"), "0.0731").expect(200);
        let deadline = Instant::now() + Duration::from_secs(30);
        while !kinds(&receiver.so_far()).iter().any(|kind| kind == "critical.opened") {
            assert!(Instant::now() < deadline, "{:?}", kinds(&receiver.so_far()));
            std::thread::sleep(Duration::from_millis(50));
        }
        let all: String = receiver.so_far().iter().map(|message| message.json().to_string()).collect();
        let bench = lab.person(lab.bench());
        for personal in ["chocka", "Brunhilde", "1961-03-04", "HOSP-55512039", "Ottokar", "Kunigunda", "0.0731", &id(&patient), &bench.name, &bench.email, &bench.id] {
            assert!(!all.contains(personal), "{personal} in {all}");
        }
        assert!(all.contains("order.created") && all.contains("result.entered"), "{all}");
    }

    /// ATT-36 What did not happen is not told, nor what nobody asked for.
    fn what_was_refused_is_not_told(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        hook(&lab, &receiver, &["sample.registered", "order.created"]);
        let bench = lab.as_role("analyst");
        let catalogue = lab.catalogue();
        let sample = |test: &str| json!({"sample_type_id": id(&catalogue.river_water), "test_ids": [test]});
        let half = json!({"client_id": id(&catalogue.client), "samples": [
            sample(&id(&catalogue.iron)), sample("0197b1e2-5a1c-7c3e-9d2f-3a4b5c6d7e8f"),
        ]});
        assert_eq!(bench.post("/orders", &half).status, 422, "all or nothing");
        let key = bench.with("Idempotency-Key", "once-and-for-all");
        let new = lab.new_sample();
        let made = key.post("/samples", &new).expect(201);
        key.post("/samples", &new).expect(201);
        bench.post(&format!("/samples/{}/receive", id(&made)), &json!({"condition": "acceptable"})).expect(200);
        let last = lab.registered();
        let messages = receiver.awaited(2);
        let objects: Vec<String> = messages.iter().map(|message| id(&message.json()["object"])).collect();
        assert_eq!(objects, [id(&made), id(&last)]);
    }

    /// ATT-36 The operator's own network is not to be called: found out when an address is written down.
    fn addresses_of_the_house_are_refused(engine) {
        let lab = Lab::shared(engine);
        let add = |url: &str| lab.raised().post("/webhooks", &body(url, &["sample.received"]));
        for url in [
            "https://127.0.0.1/hook", "https://localhost/hook", "https://10.1.2.3/", "https://172.20.0.1/", "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/", "https://2130706433/", "https://0x7f.1/",
            "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:169.254.169.254]/", "https://[fe80::1]/", "https://[fd00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "http://hooks.example/", "http://127.0.0.1:9/", "http://93.184.216.34/", "ftp://hooks.example/", "hooks.example", "",
            "https://user:password@hooks.example/", "https://hooks.example/#part", "https://93.184.216.34:22/", "https://93.184.216.34:25/",
        ] {
            let answer = add(url);
            assert_eq!(answer.status, 422, "{url}: {}", answer.text());
            answer.names_field("url");
        }
        let told = add("https://10.1.2.3/").text();
        assert!(told.contains("webhook_private_networks"), "who is refused learns what the operator can do: {told}");
        let good = add("https://93.184.216.34:8443/hook?key=of-theirs").expect(201);
        let etag = lab.administrator.api.get(&path(&good)).etag();
        refused(&lab.raised().patch(&path(&good), &etag, &json!({"url": "https://10.1.2.3/"})));
        lab.raised().with("If-Match", &etag).call("DELETE", &path(&good), None).expect(204);
    }

    /// ATT-36 And found out again with every message: what an address leads to may have changed since.
    fn an_address_that_leads_into_the_house_later_is_not_called(engine) {
        let (lab, receiver) = (Lab::fresh(engine), Receiver::start());
        let hook = lab.raised().post("/webhooks", &body("https://93.184.216.34/hook", &["sample.received"])).expect(201);
        let port = receiver.url.rsplit(':').next().expect("a port");
        let database = lab.server.database();
        for inside in [receiver.url.clone(), format!("https://localhost:{port}"), "https://10.255.255.1/hook".to_owned()] {
            let moved = format!("{}UPDATE webhooks SET url = '{inside}'", database.choose_laboratory(&lab.id));
            database.as_owner(&moved).unwrap();
            let tried = test(&lab, &hook);
            assert_eq!((&tried["status"], &tried["error"]["code"], &tried["http_status"]), (&json!("failed"), &json!("address"), &Value::Null), "{inside}");
        }
        assert!(receiver.so_far().is_empty());
    }

    /// ATT-36 Over TLS with a certificate that is trusted here; with another one nothing is sent. Redirects are not followed.
    fn only_a_trusted_certificate_is_spoken_to_and_no_redirect_followed(engine) {
        let (good, other) = (Pair::new(), Receiver::start_tls(Pair::new()));
        let file = std::env::temp_dir().join(format!("{}.pem", uuid::Uuid::new_v4()));
        std::fs::write(&file, good.pem()).unwrap();
        let settings = [("ATTEST_WEBHOOK_PRIVATE_NETWORKS", r#"["127.0.0.1", "::1"]"#), ("SSL_CERT_FILE", file.to_str().unwrap())];
        let lab = Lab::bootstrap(Server::start_with(engine, &[], &settings), "testing");
        let (trusted, elsewhere) = (Receiver::start_tls(good), Receiver::start());
        let first = hook(&lab, &trusted, &["sample.received"]);
        let tried = test(&lab, &first);
        assert_eq!((&tried["status"], &tried["http_status"], &tried["type"]), (&json!("delivered"), &json!(204), &json!("ping")), "{tried}");
        let ping = trusted.awaited(1).remove(0);
        assert!(ping.is_signed_with(&text(&first, "secret")) && ping.id() == id(&tried));
        assert_eq!(ping.json()["laboratory"], lab.slug.as_str());

        trusted.answers(attest_tests::receiver::Reply::Elsewhere(elsewhere.url.clone()));
        let tried = test(&lab, &first);
        assert_eq!((&tried["status"], &tried["http_status"], &tried["error"]["code"]), (&json!("failed"), &json!(302), &json!("redirect")));
        assert!(elsewhere.so_far().is_empty(), "nobody follows");

        let second = hook(&lab, &other, &["sample.received"]);
        let tried = test(&lab, &second);
        assert_eq!((&tried["status"], &tried["error"]["code"], &tried["http_status"]), (&json!("failed"), &json!("certificate"), &Value::Null), "{tried}");
        assert!(other.so_far().is_empty());
        std::fs::remove_file(file).unwrap();
    }

    /// ATT-10 ATT-45 The secret is shown once, and is nowhere else; while it is replaced, messages carry both signatures.
    fn a_secret_is_shown_once_and_replaced_with_an_overlap(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let once = lab.raised().with("Idempotency-Key", "the-only-webhook");
        let wanted = body(&receiver.url, &["sample.registered"]);
        let made = once.post("/webhooks", &wanted).expect(201);
        let first = text(&made, "secret");
        let again = once.post("/webhooks", &wanted).expect(201);
        assert_eq!((id(&again), &again["secret"]), (id(&made), &Value::Null), "the same webhook, and nobody can say it any more");
        let path = path(&made);
        for shown in [lab.administrator.api.get(&path).text(), lab.administrator.api.get("/webhooks").text()] {
            assert!(!shown.contains(&first) && !shown.contains("\"secret\""), "{shown}");
        }

        let rotate = |minutes: i64| lab.raised().post(&format!("{path}/rotate-secret"), &json!({"overlap_minutes": minutes}));
        rotate(10_081).names_field("overlap_minutes");
        let rotated = rotate(60).expect(201);
        let second = text(&rotated, "secret");
        assert!(second != first && rotated["old_secret_until"].is_string());
        rotate(60).problem(409, "conflict-state");
        lab.registered();
        let message = receiver.awaited(1).remove(0);
        assert!(message.is_signed_with(&first) && message.is_signed_with(&second) && message.signatures().len() == 2);
        let third = text(&rotate(0).expect(201), "secret");
        lab.registered();
        let message = receiver.awaited(2).remove(1);
        assert!(message.is_signed_with(&third) && message.signatures().len() == 1, "the older ones are over");

        let loot = lab.server.database().loot();
        let trail = json!(events(&lab, &made)).to_string();
        assert!(trail.contains("webhook.secret_rotated"), "{trail}");
        for secret in [&first, &second, &third] {
            let bare = secret.strip_prefix("whsec_").unwrap();
            assert!(!loot.windows(bare.len()).any(|part| part == bare.as_bytes()), "the database holds the secret");
            assert!(!lab.server.printed().contains(bare) && !trail.contains(bare));
        }
    }

    /// ATT-17 ATT-34 Where data goes is said by who may, after confirming who they are, and not over somebody else's change.
    fn where_data_goes_is_an_administrators_word(engine) {
        let lab = Lab::shared(engine);
        let wanted = body("https://93.184.216.34/hook?token=theirs", &["report.released"]);
        for role in ["manager", "quality_manager", "auditor", "analyst"] {
            lab.as_role(role).get("/webhooks").problem(403, "forbidden");
            lab.as_role(role).post("/webhooks", &wanted).problem(403, "forbidden");
        }
        let tired = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        tired.post("/webhooks", &wanted).problem(403, "step-up-required");
        let made = lab.raised().post("/webhooks", &wanted).expect(201);
        let path = path(&made);
        let rename = json!({"name": "Another name"});
        tired.patch(&path, "\"1\"", &rename).problem(403, "step-up-required");
        lab.raised().call("PATCH", &path, Some(&rename)).problem(428, "precondition-required");
        let etag = lab.administrator.api.get(&path).etag();
        lab.raised().patch(&path, &etag, &rename).expect(200);
        lab.raised().patch(&path, &etag, &json!({"events": ["order.created"]})).problem(412, "stale");
        let etag = lab.administrator.api.get(&path).etag();
        for (wrong, field) in [(json!({"events": []}), "events"), (json!({"events": ["nothing"]}), "events.0"), (json!({"name": ""}), "name"), (json!({"secret": "x"}), "secret")] {
            lab.raised().patch(&path, &etag, &wrong).names_field(field);
        }
        let listed = lab.administrator.api.all("/webhooks?status=active");
        assert!(listed.iter().any(|hook| id(hook) == id(&made)));
        lab.administrator.api.post(&format!("{path}/pause"), &json!({"reason": "moving house"})).expect(200);
        lab.administrator.api.post(&format!("{path}/pause"), &json!({})).problem(409, "conflict-state");
        lab.administrator.api.post(&format!("{path}/resume"), &json!({})).expect(200);
        lab.administrator.api.post(&format!("{path}/resume"), &json!({})).problem(409, "conflict-state");
        let etag = lab.administrator.api.get(&path).etag();
        lab.raised().with("If-Match", &etag).call("DELETE", &path, None).expect(204);
        lab.administrator.api.get(&path).problem(404, "not-found");
        let told = events(lab, &made);
        let actions: Vec<String> = told.iter().rev().map(|event| text(event, "action")).collect();
        assert_eq!(actions, ["webhook.created", "webhook.changed", "webhook.paused", "webhook.resumed", "webhook.deleted"]);
        let all = json!(told).to_string();
        assert!(all.contains("moving house") && !all.contains("theirs"), "the query of an address may be a key: {all}");
    }
}
