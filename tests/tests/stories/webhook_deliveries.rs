//! How messages to webhooks travel: again and again, in order, past what is refused, and never to others' harm (ATT-36).

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::mail::awaited;
use attest_tests::receiver::{Receiver, Reply};
use attest_tests::{Engine, Lab, Server, Value, json, on_both_engines};

use crate::webhooks::{ALLOWED, body, hook, kinds, lab, path, test};

fn deliveries(lab: &Lab, hook: &Value) -> Vec<Value> {
    lab.administrator.api.all(&format!("{}/deliveries", path(hook)))
}

/// The webhook's newest message, once it was tried and is as wanted.
#[track_caller]
fn settled(lab: &Lab, hook: &Value, status: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let newest = deliveries(lab, hook).into_iter().next();
        let tried = |message: &&Value| message["status"] == status && message["last_attempt_at"].is_string();
        if let Some(found) = newest.as_ref().filter(tried) {
            return found.clone();
        }
        assert!(Instant::now() < deadline, "not {status}: {newest:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn sql(lab: &Lab, statement: &str) {
    let database = lab.server.database();
    database
        .as_owner(&format!("{}{statement}", database.choose_laboratory(&lab.id)))
        .unwrap();
}

/// A time long ago, as both engines have it.
const LONG_AGO: &str = "'2020-01-01T00:00:00.000000Z'";

on_both_engines! {
    /// ATT-36 A message that the receiver does not like is tried again while others pass it by, under the same name and with a
    /// signature of its own time; after a day it is given up.
    fn a_refused_message_is_tried_again_and_given_up_in_the_end(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let hook = hook(&lab, &receiver, &["sample.registered"]);
        receiver.answers_next(&[Reply::Status(422)]);
        let (first, second) = (lab.registered(), lab.registered());
        let messages = receiver.awaited(3);
        let objects: Vec<String> = messages.iter().map(|message| id(&message.json()["object"])).collect();
        assert_eq!(objects, [id(&first), id(&second), id(&first)]);
        let (tried, again) = (&messages[0], &messages[2]);
        assert_eq!((tried.id(), &tried.body), (again.id(), &again.body));
        assert!(again.is_signed_with(&text(&hook, "secret")) && again.at - tried.at >= Duration::from_secs(3));

        receiver.answers(Reply::Status(500));
        let third = lab.registered();
        receiver.awaited(4);
        let waits = settled(&lab, &hook, "waiting");
        assert_eq!((&waits["object"]["id"], &waits["http_status"], &waits["error"]["code"]), (&json!(id(&third)), &json!(500), &json!("answer")));
        assert!(waits["next_attempt_at"].is_string() && waits["duration_ms"].is_i64(), "{waits}");
        sql(&lab, &format!("UPDATE webhook_deliveries SET give_up_at = {LONG_AGO}, next_at = {LONG_AGO} WHERE next_at IS NOT NULL"));
        let came = receiver.so_far().len();
        lab.registered();
        receiver.awaited(came + 1);
        let given_up = deliveries(&lab, &hook).into_iter().find(|message| message["object"]["id"] == id(&third)).unwrap();
        assert_eq!((&given_up["status"], &given_up["error"]["code"], &given_up["next_attempt_at"]), (&json!("failed"), &json!("given_up"), &Value::Null));

        receiver.answers(Reply::Status(204));
        let path = format!("{}/deliveries/{}/redeliver", path(&hook), id(&given_up));
        assert_eq!(lab.administrator.api.post(&path, &json!({})).expect(202)["status"], "waiting");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !receiver.so_far().iter().skip(came + 1).any(|message| message.id() == id(&given_up)) {
            assert!(Instant::now() < deadline, "it is sent once more");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// ATT-36 While the receiver is away everything waits, so that it comes in order afterwards.
    fn a_receiver_that_was_away_gets_all_of_it_in_order(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let hook = hook(&lab, &receiver, &["sample.registered"]);
        receiver.answers_next(&[Reply::Status(503), Reply::Nothing]);
        let samples: Vec<String> = (0..3).map(|_| id(&lab.registered())).collect();
        receiver.awaited(1);
        thread::sleep(Duration::from_secs(2));
        assert_eq!(receiver.so_far().len(), 1, "the others wait behind the first");
        let view = lab.administrator.api.get(&path(&hook)).expect(200);
        assert!(view["waiting"] == 3 && view["failing_since"].is_string(), "{view}");
        // 5 s after the first failure; the second pause is cut short by whoever mends it.
        receiver.awaited(2);
        thread::sleep(Duration::from_secs(1));
        let oldest = deliveries(&lab, &hook).pop().unwrap();
        assert_eq!((&oldest["error"]["code"], &oldest["attempts"]), (&json!("unreachable"), &json!(2)));
        lab.administrator.api.post(&format!("{}/deliveries/{}/redeliver", path(&hook), id(&oldest)), &json!({})).expect(202);
        let messages = receiver.awaited(5);
        let objects: Vec<String> = messages[2..].iter().map(|message| id(&message.json()["object"])).collect();
        assert_eq!(objects, samples);
        settled(&lab, &hook, "delivered");
        assert!(lab.administrator.api.get(&path(&hook)).expect(200)["failing_since"].is_null());
    }

    /// ATT-36 Who answers slowly, without end or not at all costs ten seconds at most, and nobody else any.
    fn a_slow_receiver_holds_up_nobody_else(engine) {
        let lab = lab(engine);
        let (slow, endless, quick) = (Receiver::start(), Receiver::start(), Receiver::start());
        slow.answers(Reply::After(Duration::from_secs(25)));
        endless.answers(Reply::Endless);
        let hooks = [&slow, &endless, &quick].map(|receiver| hook(&lab, receiver, &["sample.registered"]));
        let begun = Instant::now();
        for _ in 0..5 {
            lab.registered();
        }
        quick.awaited(5);
        endless.awaited(5);
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        assert_eq!(slow.so_far().len(), 1, "one after the other");
        assert_eq!(settled(&lab, &hooks[1], "delivered")["http_status"], 200, "a body is not waited for");
        let timed_out = test(&lab, &hooks[0]);
        assert_eq!((&timed_out["status"], &timed_out["error"]["code"]), (&json!("failed"), &json!("timed_out")), "{timed_out}");
        let took = timed_out["duration_ms"].as_i64().unwrap();
        assert!((9_000..12_000).contains(&took), "{took} ms");
    }

    /// ATT-22 ATT-36 A laboratory's receivers hear of no other laboratory; of a suspended one nobody hears.
    fn a_laboratory_tells_only_its_own(engine) {
        let here = lab(engine);
        let there = Lab::beside(&here, "hillside", "testing");
        let (ours, theirs) = (Receiver::start(), Receiver::start());
        let (hook_here, hook_there) = (hook(&here, &ours, &["sample.registered"]), hook(&there, &theirs, &["sample.registered"]));
        let (sample_here, sample_there) = (here.registered(), there.registered());
        let told = |receiver: &Receiver| id(&receiver.awaited(1)[0].json()["object"]);
        assert_eq!((told(&ours), told(&theirs)), (id(&sample_here), id(&sample_there)));
        settled(&there, &hook_there, "delivered");
        for (method, end) in [("GET", ""), ("GET", "/deliveries"), ("POST", "/test"), ("POST", "/pause"), ("POST", "/rotate-secret"), ("DELETE", "")] {
            let sent = (method == "POST").then(|| json!({}));
            there.raised().with("If-Match", "\"1\"").call(method, &format!("{}{end}", path(&hook_here)), sent.as_ref()).problem(404, "not-found");
        }
        let delivery = id(&settled(&here, &hook_here, "delivered"));
        let foreign = format!("{}/deliveries/{delivery}/redeliver", path(&hook_there));
        there.administrator.api.post(&foreign, &json!({})).problem(404, "not-found");

        theirs.answers(Reply::Status(503));
        there.registered();
        theirs.awaited(2);
        let suspended = there.server.run(&["laboratory", "suspend", "--laboratory", &there.slug, "--reason", "a story"], "");
        assert!(suspended.status.success(), "{suspended:?}");
        theirs.answers(Reply::Status(204));
        here.registered();
        ours.awaited(2);
        thread::sleep(Duration::from_secs(8));
        assert_eq!(theirs.so_far().len(), 2, "what waits is not sent");
    }

    /// ATT-36 Paused by a person, by the receiver, or because nothing gets through: nothing is sent, and the administrators know.
    fn what_is_paused_is_sent_nothing(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let hook = hook(&lab, &receiver, &["sample.registered"]);
        let say = |end: &str| lab.administrator.api.post(&format!("{}/{end}", path(&hook)), &json!({})).expect(200);
        let paused = say("pause");
        assert_eq!((&paused["status"], &paused["paused"]["cause"]), (&json!("paused"), &json!("person")));
        lab.registered();
        let tried = test(&lab, &hook);
        assert_eq!(tried["status"], "delivered", "a test is sent all the same");
        say("resume");
        let told = lab.registered();
        let messages = receiver.awaited(2);
        assert_eq!((messages.len(), id(&messages[1].json()["object"])), (2, id(&told)), "what happened meanwhile is not told later");

        receiver.answers(Reply::Status(410));
        lab.registered();
        receiver.awaited(3);
        let letter = awaited(&lab.server, &lab.administrator.email, 1);
        assert!(letter.text.contains("LIMS of the waterworks") && letter.text.contains("wants no more messages"), "{}", letter.text);
        assert!(letter.text.contains(&format!("/webhooks/{}", id(&hook))));
        let view = lab.administrator.api.get(&path(&hook)).expect(200);
        assert_eq!((&view["status"], &view["paused"]["cause"], &view["waiting"]), (&json!("paused"), &json!("gone"), &json!(1)));
        let delivery = id(&settled(&lab, &hook, "waiting"));
        lab.administrator.api.post(&format!("{}/deliveries/{delivery}/redeliver", path(&hook)), &json!({})).problem(409, "conflict-state");

        receiver.answers(Reply::Status(503));
        say("resume");
        receiver.awaited(4);
        thread::sleep(Duration::from_secs(1));
        sql(&lab, &format!("UPDATE webhooks SET failing_since = {LONG_AGO}"));
        let letter = awaited(&lab.server, &lab.administrator.email, 2);
        assert!(letter.text.contains("for three days"), "{}", letter.text);
        let paused = lab.administrator.api.all(&format!("/audit/events?action=webhook.paused&object_id={}", id(&hook)));
        let by: Vec<&Value> = paused.iter().rev().map(|event| &event["actor"]["kind"]).collect();
        assert_eq!(by, ["user", "system", "system"]);
        receiver.answers(Reply::Status(204));
        say("resume");
        settled(&lab, &hook, "delivered");
    }

    /// ATT-36 Messages survive a power cut: at least once, each under its own name.
    fn what_waits_survives_a_restart(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let hook = hook(&lab, &receiver, &["sample.registered"]);
        receiver.answers(Reply::Status(503));
        let samples: BTreeSet<String> = (0..3).map(|_| id(&lab.registered())).collect();
        receiver.awaited(1);
        lab.server.kill();
        receiver.answers(Reply::Status(204));
        lab.server.restart();
        let deadline = Instant::now() + Duration::from_secs(75);
        loop {
            let told: BTreeSet<String> = receiver.so_far().iter().skip(1).map(|message| id(&message.json()["object"])).collect();
            if told == samples {
                break;
            }
            assert!(Instant::now() < deadline, "{told:?}");
            thread::sleep(Duration::from_millis(100));
        }
        assert!(kinds(&receiver.so_far()).iter().all(|kind| kind == "sample.registered"));
        settled(&lab, &hook, "delivered");
    }

    /// ATT-31 A laboratory has so many webhooks and no more, whoever asks at once.
    fn a_laboratory_has_twenty_webhooks(engine) {
        let (lab, receiver) = (lab(engine), Receiver::start());
        let raised = lab.raised();
        let made: Vec<u16> = thread::scope(|scope| {
            let hands: Vec<_> = (0..5).map(|_| scope.spawn(|| {
                (0..5).map(|_| raised.post("/webhooks", &body(&receiver.url, &["order.created"])).status).collect::<Vec<_>>()
            })).collect();
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        });
        let count = |status: u16| made.iter().filter(|each| **each == status).count();
        assert_eq!((count(201), count(409)), (20, 5), "{made:?}");
        assert_eq!(lab.administrator.api.all("/webhooks").len(), 20);
    }
}

/// ATT-36 Two nodes send each message once, and a webhook's messages one after the other.
#[test]
fn two_nodes_send_each_message_once() {
    let lab = Lab::bootstrap(Server::start_with(Engine::Postgres, &[], &[ALLOWED]), "testing");
    let (node, receiver) = (lab.server.another_node(), Receiver::start());
    hook(&lab, &receiver, &["sample.registered"]);
    let here = lab.as_role("analyst");
    let there = node.as_well(&here);
    thread::scope(|scope| {
        for api in [&here, &there] {
            let lab = &lab;
            scope.spawn(move || (0..15).for_each(|_| drop(api.post("/samples", &lab.new_sample()).expect(201))));
        }
    });
    receiver.awaited(30);
    // Long enough for either node's next round.
    thread::sleep(Duration::from_secs(17));
    let messages = receiver.so_far();
    let names: BTreeSet<&str> = messages.iter().map(|message| message.id()).collect();
    assert_eq!((names.len(), messages.len()), (30, 30));
    let order: Vec<i64> = messages
        .iter()
        .map(|message| message.json()["log_index"].as_i64().unwrap())
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}
