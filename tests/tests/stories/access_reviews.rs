//! The regular review of who has access: due by itself, decided account by account, and signed (ISO/IEC 17025:2017, 7.11;
//! ISO 15189:2022, 7.6.3).

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::mail::{awaited, mails_to};
use attest_tests::proof::proven;
use attest_tests::{Answer, Api, Engine, Lab, Value, json, on_both_engines};
use sha2::{Digest, Sha256};

use crate::reports::{assert_archival_and_signed, words};

/// Opens a review as the administrator.
fn opened(lab: &Lab) -> Value {
    let body = json!({"reason": "before the assessment"});
    lab.administrator.api.post("/access-reviews", &body).expect(201)
}

fn path(review: &Value) -> String {
    format!("/access-reviews/{}", id(review))
}

/// The item of one account.
#[track_caller]
fn of<'a>(review: &'a Value, account: &str) -> &'a Value {
    let items = review["items"].as_array().expect("items");
    let found = items.iter().find(|item| item["user_id"] == account);
    found.unwrap_or_else(|| panic!("{account} is not in {review}"))
}

fn decide(api: &Api, review: &Value, items: Value) -> Answer {
    api.post(&format!("{}/decisions", path(review)), &json!({"items": items}))
}

/// Keeps everybody who is not decided on, as somebody who may.
fn keep_the_rest(api: &Api, review: &Value) -> Value {
    let review = api.get(&path(review)).expect(200);
    let items = review["items"].as_array().expect("items").iter();
    let open: Vec<Value> = items
        .filter(|item| item["decision"].is_null() && item["decidable"] == true)
        .map(|item| json!({"user_id": item["user_id"], "decision": "keep", "version": item["version"]}))
        .collect();
    decide(api, &review, json!(open)).expect(200)
}

fn finish(api: &Api, review: &Value) -> Answer {
    api.post(&format!("{}/finish", path(review)), &json!({}))
}

/// Runs SQL on the laboratory's rows: how a story lets time pass.
fn long_ago(lab: &Lab, sql: &str) {
    let database = lab.server.database();
    let choose = database.choose_laboratory(&lab.id);
    let sql = sql.replace("LONG_AGO", "'2020-01-01T00:00:00.000000Z'");
    database.as_owner(&format!("{choose}{sql}")).unwrap();
}

/// The events of this kind, once there are so many.
#[track_caller]
fn events(lab: &Lab, action: &str, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        let found = lab.administrator.api.all(&format!("/audit/events?action={action}"));
        if found.len() == count {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "{} events {action}, not {count}",
            found.len()
        );
        thread::sleep(Duration::from_millis(100));
    }
}

on_both_engines! {
    /// A review opens by itself when it is due, right after a start too, and once; whoever decides is told by mail, and once
    /// more when time is up.
    fn a_review_opens_when_it_is_due_and_is_missed_when_it_is_overdue(engine) {
        let lab = Lab::fresh(engine);
        let admin = &lab.administrator;
        let viewer = lab.hire("Only Looks", &["viewer"]);
        let work = || admin.api.get("/work").expect(200);
        assert_eq!(admin.api.all("/access-reviews").len(), 0, "a new laboratory has time");
        assert_eq!(work()["access_reviews"], 0);

        long_ago(&lab, "UPDATE tenants SET created_at = LONG_AGO");
        lab.server.restart();
        let letter = awaited(&lab.server, &admin.email, 1);
        let listed = admin.api.all("/access-reviews");
        let [review] = listed.as_slice() else { panic!("{listed:?}") };
        assert!(letter.text.contains("AR-1") && letter.text.contains(&path(review)), "{}", letter.text);
        assert_eq!((&review["number"], &review["status"], &review["opened_by"]), (&json!("AR-1"), &json!("open"), &Value::Null));
        assert_eq!((&review["overdue"], &review["accounts"], &review["undecided"]), (&json!(false), &json!(2), &json!(2)));
        assert_eq!(work()["access_reviews"], 1);
        assert_eq!(viewer.api.get("/work").expect(200)["access_reviews"], 0, "nothing that waits for them");
        let told = events(&lab, "access_review.opened", 1);
        assert_eq!(told[0]["actor"]["kind"], "system");

        long_ago(&lab, "UPDATE access_reviews SET due_at = LONG_AGO");
        lab.server.restart();
        let letter = awaited(&lab.server, &admin.email, 2);
        assert!(letter.raw.contains("Overdue") && letter.text.contains("2020-01-01"), "{}", letter.text);
        assert_eq!(admin.api.get(&path(review)).expect(200)["overdue"], true);
        assert_eq!((&work()["access_reviews"], &work()["access_reviews_overdue"]), (&json!(1), &json!(1)));
        events(&lab, "access_review.overdue", 1);

        lab.server.restart();
        thread::sleep(Duration::from_secs(2));
        assert_eq!(mails_to(&lab.server, &admin.email).len(), 2, "once each");
        assert_eq!(mails_to(&lab.server, &viewer.email).len(), 0);
        assert_eq!(admin.api.all("/access-reviews").len(), 1);
        events(&lab, "access_review.overdue", 1);
    }

    /// The list is what it was when the review was opened; what nobody uses is proposed for deactivation, and it is said what
    /// has changed since.
    fn the_list_proposes_what_nobody_uses(engine) {
        let lab = Lab::fresh(engine);
        let (gone, busy) = (lab.hire("Gone Long", &["analyst"]), lab.hire("Busy Bee", &["analyst", "viewer"]));
        let owner = lab.hire("Owner Once", &["viewer"]);
        let never = json!({"email": "never@riverside.example", "name": "Never Came", "role_ids": []});
        let never = id(&lab.raised().post("/users", &never).expect(201));
        let mut account = lab.new_service("Orphan", &["integrator"]);
        account["owner_id"] = json!(owner.id);
        let orphan = lab.service_of(&account);
        lab.raised().post(&format!("/users/{}/deactivate", owner.id), &json!({"reason": "left"})).expect(200);
        long_ago(&lab, "UPDATE users SET last_login_at = LONG_AGO WHERE name = 'Gone Long'");
        long_ago(&lab, "UPDATE users SET created_at = LONG_AGO WHERE name = 'Never Came'");

        let review = opened(&lab);
        assert_eq!(review["items"].as_array().unwrap().len(), 5, "whoever is inactive has no access to review: {review}");
        for (account, proposal, ground) in [
            (&gone.id, "deactivate", "unused"),
            (&never, "deactivate", "never_used"),
            (&orphan.id, "deactivate", "owner_inactive"),
            (&busy.id, "keep", "in_use"),
            (&lab.administrator.id, "keep", "in_use"),
        ] {
            let item = of(&review, account);
            assert_eq!((&item["proposal"], &item["ground"]), (&json!(proposal), &json!(ground)), "{item}");
        }
        let bee = &of(&review, &busy.id)["account"];
        assert_eq!((&bee["roles"], &bee["email"], &bee["second_factor"]), (&json!(["Analyst", "Viewer"]), &json!(busy.email), &json!(false)));
        assert_eq!(of(&review, &orphan.id)["account"]["owner"], "Owner Once");
        assert_eq!((&review["items"][0]["proposal"], &review["reason"]), (&json!("deactivate"), &json!("before the assessment")));

        let user = format!("/users/{}", busy.id);
        let role = id(&lab.roles()["viewer"]);
        let etag = lab.administrator.api.get(&user).etag();
        lab.raised().patch(&user, &etag, &json!({"role_ids": [role]})).expect(200);
        let later = lab.administrator.api.get(&path(&review)).expect(200);
        let item = of(&later, &busy.id);
        assert_eq!((&item["changed"], &item["roles_now"], &item["account"]), (&json!(["roles"]), &json!(["Viewer"]), bee));
    }

    /// ATT-15 What is to go is out on its next request; a decision may be changed, and the account goes with it.
    fn a_decision_takes_effect_at_once(engine) {
        let lab = Lab::fresh(engine);
        let (admin, leaver) = (&lab.administrator.api, lab.hire("Leaver", &["viewer"]));
        let program = lab.service("Old interface", &["integrator"]);
        let review = opened(&lab);
        let of_leaver = |decision: &str, reason: Value| json!([{"user_id": leaver.id, "decision": decision, "reason": reason}]);
        leaver.api.get("/samples").expect(200);
        decide(admin, &review, of_leaver("deactivate", Value::Null)).names_field("items.0.reason");
        let decided = decide(admin, &review, of_leaver("deactivate", json!("left the laboratory"))).expect(200);
        let item = of(&decided, &leaver.id);
        assert_eq!((&item["decision"], &item["reason"], &item["changed"]), (&json!("deactivate"), &json!("left the laboratory"), &json!(["inactive"])));
        assert_eq!(item["decided_by"]["id"], json!(lab.administrator.id));
        leaver.api.get("/samples").problem(401, "unauthenticated");
        let told = events(&lab, "user.deactivated", 1);
        assert_eq!(told[0]["reason"]["text"], "AR-1: left the laboratory");
        let told = events(&lab, "access_review.decided", 1);
        assert!(text(&told[0], "sentence").contains("Leaver") && text(&told[0], "sentence").contains("AR-1"), "{}", told[0]);

        decide(admin, &review, of_leaver("keep", json!("mistaken for a namesake"))).expect(200);
        lab.server.anonymous().log_in(&lab.slug, &leaver.email, &leaver.password).get("/samples").expect(200);

        let of_program = json!([{"user_id": program.id, "decision": "deactivate", "reason": "replaced"}]);
        let unconfirmed = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
        decide(&unconfirmed, &review, of_program.clone()).problem(403, "step-up-required");
        program.api.get("/samples").expect(200);
        decide(lab.raised(), &review, of_program).expect(200);
        program.api.get("/samples").problem(401, "unauthenticated");

        // Switched off by other means: to keep what is not there would be no record of anything.
        lab.raised().post(&format!("/users/{}/deactivate", leaver.id), &json!({"reason": "left after all"})).expect(200);
        decide(admin, &review, of_leaver("keep", Value::Null)).problem(409, "conflict-state");
        decide(admin, &review, of_leaver("deactivate", json!("left"))).expect(200);
    }

    /// Nobody decides on their own access while somebody else can; the last administrator stays in any case.
    fn nobody_decides_on_their_own_access(engine) {
        let lab = Lab::fresh(engine);
        let review = opened(&lab);
        let admin = &lab.administrator;
        let mine = |decision: &str| json!([{"user_id": admin.id, "decision": decision, "reason": "myself"}]);
        assert_eq!(of(&review, &admin.id)["decidable"], true);
        decide(&admin.api, &review, mine("deactivate")).problem(409, "conflict-state");
        let alone = decide(&admin.api, &review, mine("keep")).expect(200);
        assert_eq!(of(&alone, &admin.id)["own"], true, "it is said that nobody else could");

        let second = lab.hire("Second Minister", &["administrator"]);
        for decision in ["keep", "deactivate"] {
            decide(&admin.api, &review, mine(decision)).problem(409, "four-eyes");
        }
        let seen = admin.api.get(&path(&review)).expect(200);
        assert_eq!(of(&seen, &admin.id)["decidable"], false);
        let by_another = decide(&second.api, &review, mine("keep")).expect(200);
        let item = of(&by_another, &admin.id);
        assert_eq!((&item["own"], &item["decided_by"]["name"]), (&json!(false), &json!("Second Minister")));
    }

    /// ATT-17 A review ends with a confirmed identity, when everything is decided on, once; its record is signed, archival, and
    /// in the log by its hash.
    fn a_finished_review_is_a_signed_record(engine) {
        let lab = Lab::fresh(engine);
        let (admin, auditor) = (&lab.administrator, lab.person("auditor"));
        let leaver = lab.hire("Łucja Leaver", &["viewer"]);
        let second = lab.hire("Second Minister", &["administrator"]);
        let review = opened(&lab);
        let document = format!("{}/document", path(&review));
        finish(&second.api, &review).problem(403, "step-up-required");
        admin.api.get(&document).problem(409, "conflict-state");
        let missing = finish(lab.raised(), &review).problem(409, "conflict-state");
        let missing = missing["errors"].as_array().unwrap();
        assert!(missing.len() == 4 && missing.iter().all(|error| error["code"] == "undecided"), "{missing:?}");
        assert!(missing.iter().any(|error| error["path"] == format!("items.{}", leaver.id)), "{missing:?}");

        let removed = json!([{"user_id": leaver.id, "decision": "deactivate", "reason": "left the laboratory"}]);
        decide(&second.api, &review, removed).expect(200);
        keep_the_rest(&second.api, &review);
        keep_the_rest(&admin.api, &review);
        // Reactivated behind the review's back: the record would say what is not so.
        lab.raised().post(&format!("/users/{}/reactivate", leaver.id), &json!({"reason": "came back"})).expect(200);
        let refused = finish(lab.raised(), &review).problem(409, "conflict-state");
        assert_eq!(refused["errors"][0]["code"], "active_again", "{refused}");
        decide(&second.api, &review, json!([{"user_id": leaver.id, "decision": "deactivate", "reason": "left for good"}])).expect(200);

        let finished = finish(lab.raised(), &review).expect(200);
        assert_eq!((&finished["status"], &finished["kept"], &finished["deactivated"]), (&json!("finished"), &json!(3), &json!(1)));
        let entry = proven(&finished["proof"], &lab.log_key).unwrap_or_else(|problem| panic!("{problem}: {finished}"));
        assert_eq!((&entry["action"], &entry["object"]["id"]), (&json!("access_review.finished"), &review["id"]));
        let pdf = auditor.api.get(&document).expect_bytes(200);
        assert_eq!((pdf.header("content-type").as_str(), pdf.header("etag")), ("application/pdf", format!("\"{}\"", text(&finished, "document_sha256"))));
        assert_eq!(hex::encode(Sha256::digest(&pdf.body)), text(&finished, "document_sha256"));
        assert!(entry.to_string().contains(&text(&finished, "document_sha256")), "{entry}");
        assert_archival_and_signed(&lab, &pdf.body, None);
        let said = words(&lab, &pdf.body);
        for wanted in ["AR-1", "Riverside Laboratory", "Łucja Leaver", "left for good", "Deactivated", "Kept", "Ada Minister", "Second Minister", "End of record AR-1"] {
            assert!(said.contains(wanted), "{wanted:?} is not on the record:\n{said}");
        }
        events(&lab, "access_review.downloaded", 1);

        finish(lab.raised(), &review).problem(409, "conflict-state");
        decide(&second.api, &review, json!([{"user_id": leaver.id, "decision": "keep"}])).problem(409, "conflict-state");
        assert_eq!(auditor.api.get(&document).expect_bytes(200).body, pdf.body, "the bytes never change");
        assert_eq!(opened(&lab)["number"], "AR-2", "the next one may begin");
    }

    /// ATT-42 The signed record cannot be taken away or exchanged, not even by the database's owner.
    fn a_record_stays(engine) {
        let lab = Lab::fresh(engine);
        let review = opened(&lab);
        keep_the_rest(&lab.administrator.api, &review);
        finish(lab.raised(), &review).expect(200);
        let database = lab.server.database();
        let choose = database.choose_laboratory(&lab.id);
        for sql in ["UPDATE access_review_documents SET sha256 = 'x'", "DELETE FROM access_review_documents"] {
            assert!(database.as_owner(&format!("{choose}{sql}")).is_err(), "{sql} went through");
        }
    }

    /// Two hands at once: one review, one record. A repeated request is answered and not carried out again.
    fn one_review_at_a_time(engine) {
        let lab = Lab::fresh(engine);
        let second = lab.hire("Second Minister", &["administrator"]);
        second.api.step_up(&second.password);
        let statuses = |act: &(dyn Fn(&Api) -> u16 + Sync)| {
            let apis = [lab.raised().clone(), second.api.clone()];
            let mut found: Vec<u16> = thread::scope(|scope| {
                let hands: Vec<_> = apis.iter().map(|api| scope.spawn(move || act(api))).collect();
                hands.into_iter().map(|hand| hand.join().unwrap()).collect()
            });
            found.sort_unstable();
            found
        };
        assert_eq!(statuses(&|api| api.post("/access-reviews", &json!({})).status), [201, 409]);
        let listed = lab.administrator.api.all("/access-reviews?status=open");
        let [review] = listed.as_slice() else { panic!("{listed:?}") };
        lab.administrator.api.post("/access-reviews", &json!({})).problem(409, "conflict-state");
        keep_the_rest(&second.api, review);
        keep_the_rest(&lab.administrator.api, review);
        assert_eq!(statuses(&|api| finish(api, review).status), [200, 409]);
        let keyed = lab.administrator.api.with("Idempotency-Key", "review-2");
        let again = keyed.post("/access-reviews", &json!({})).expect(201);
        assert_eq!(id(&keyed.post("/access-reviews", &json!({})).expect(201)), id(&again));
        keep_the_rest(&second.api, &again);
        keep_the_rest(&lab.administrator.api, &again);
        let keyed = lab.raised().with("Idempotency-Key", "finish-2");
        let once = finish(&keyed, &again).expect(200);
        assert_eq!(finish(&keyed, &again).expect(200)["document_sha256"], once["document_sha256"]);
        let newest: Vec<String> = lab.administrator.api.all("/access-reviews").iter().map(|review| text(review, "number")).collect();
        assert_eq!(newest, ["AR-2", "AR-1"]);
    }

    /// ATT-34 Who saw an older state overwrites nothing; of several decisions all count or none.
    fn a_decision_is_not_lost(engine) {
        let lab = Lab::fresh(engine);
        let (one, two) = (lab.hire("One", &["viewer"]), lab.hire("Two", &["viewer"]));
        let admin = &lab.administrator.api;
        let review = opened(&lab);
        let keep = |user: &str, version: i64| json!({"user_id": user, "decision": "keep", "version": version});
        decide(admin, &review, json!([keep(&one.id, 1)])).expect(200);
        decide(admin, &review, json!([keep(&two.id, 1), keep(&one.id, 1)])).problem(412, "stale");
        let stale = admin.with("If-Match", "\"1\"").post(&format!("{}/decisions", path(&review)), &json!({"items": [keep(&two.id, 1)]}));
        stale.problem(412, "stale");
        decide(admin, &review, json!([keep(&two.id, 1), keep(&two.id, 1)])).names_field("items.1.user_id");
        decide(admin, &review, json!([keep(&two.id, 1), keep("0197b1e2-0000-7000-8000-00000000dead", 1)])).names_field("items.1");
        decide(admin, &review, json!([])).names_field("items");
        decide(admin, &review, json!([{"user_id": two.id, "decision": "promote"}])).names_field("items.0.decision");
        let now = admin.get(&path(&review)).expect(200);
        assert_eq!((&of(&now, &two.id)["decision"], &now["undecided"]), (&Value::Null, &json!(2)));
    }

    /// ATT-21 An auditor reads and does not act; a program decides nothing; another laboratory's reviews are not there.
    fn a_review_is_read_by_some_and_decided_by_few(engine) {
        let (lab, neighbour) = (Lab::fresh(engine), Lab::neighbour(engine));
        let review = opened(&lab);
        let auditor = lab.as_role("auditor");
        auditor.get(&path(&review)).expect(200);
        assert_eq!(of(&auditor.get(&path(&review)).expect(200), &lab.administrator.id)["decidable"], false);
        let keep = json!([{"user_id": lab.administrator.id, "decision": "keep"}]);
        auditor.post("/access-reviews", &json!({})).problem(403, "forbidden");
        decide(&auditor, &review, keep.clone()).problem(403, "forbidden");
        finish(&auditor, &review).problem(403, "forbidden");
        let viewer = lab.as_role("viewer");
        viewer.get("/access-reviews").problem(403, "forbidden");
        viewer.get(&path(&review)).problem(403, "forbidden");
        viewer.get(&format!("{}/document", path(&review))).problem(403, "forbidden");
        let robot = lab.service("Robot", &["administrator"]);
        robot.api.get(&path(&review)).expect(200);
        robot.post(&format!("{}/decisions", path(&review)), &json!({"items": keep})).problem(403, "person-required");
        robot.post(&format!("{}/finish", path(&review)), &json!({})).problem(403, "person-required");
        lab.server.anonymous().get("/access-reviews").problem(401, "unauthenticated");

        let theirs = neighbour.administrator.api.all("/access-reviews?status=open").pop();
        let theirs = theirs.unwrap_or_else(|| opened(neighbour));
        let shared = Lab::shared(engine);
        for stranger in [&shared.administrator.api, &shared.as_role("auditor")] {
            stranger.get(&path(&theirs)).problem(404, "not-found");
            stranger.get(&format!("{}/document", path(&theirs))).problem(404, "not-found");
        }
        decide(shared.raised(), &theirs, keep).problem(404, "not-found");
        finish(shared.raised(), &theirs).problem(404, "not-found");
    }

    /// How often is the laboratory's decision, within bounds.
    fn the_period_is_a_setting(engine) {
        let lab = Lab::fresh(engine);
        let set = |policy: Value| {
            let etag = lab.administrator.api.get("/laboratory").etag();
            lab.raised().patch("/laboratory", &etag, &json!({"settings": {"access_review": policy}}))
        };
        let policy = &lab.administrator.api.get("/laboratory").expect(200)["settings"]["access_review"];
        assert_eq!(policy, &json!({"every_days": 90, "answer_within_days": 14, "unused_after_days": 90}));
        set(json!({"every_days": 29})).names_field("settings.access_review.every_days");
        set(json!({"answer_within_days": 0})).names_field("settings.access_review.answer_within_days");
        set(json!({"unused_after_days": 367})).names_field("settings.access_review.unused_after_days");
        set(json!({"often": 1})).names_field("settings.access_review.often");
        let changed = set(json!({"every_days": 366, "answer_within_days": 60})).expect(200);
        assert_eq!(changed["settings"]["access_review"], json!({"every_days": 366, "answer_within_days": 60, "unused_after_days": 90}));
        lab.administrator.api.post("/access-reviews", &json!({"reason": ""})).names_field("reason");
    }
}

/// Every node looks whether a review is due, right after its start; one of them opens it (SQLite has one process).
#[test]
fn of_several_nodes_one_opens_the_review() {
    let lab = Lab::fresh(Engine::Postgres);
    long_ago(&lab, "UPDATE tenants SET created_at = LONG_AGO");
    let nodes = thread::scope(|scope| {
        let starting: Vec<_> = (0..3).map(|_| scope.spawn(|| lab.server.another_node())).collect();
        starting
            .into_iter()
            .map(|node| node.join().unwrap())
            .collect::<Vec<_>>()
    });
    events(&lab, "access_review.opened", 1);
    thread::sleep(Duration::from_secs(1));
    events(&lab, "access_review.opened", 1);
    assert_eq!(lab.administrator.api.all("/access-reviews").len(), 1);
    drop(nodes);
}
