//! Break glass: the platform's support in a laboratory, on its invitation, for a while, announced, in both ledgers.

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::mail::awaited;
use attest_tests::platform::{Platform, operator_command};
use attest_tests::{Answer, Api, Lab, Value, json, on_both_engines};

fn invitation(lab: &Lab, roles: &[&str], hours: i64) -> Value {
    let role_ids: Vec<String> = roles.iter().map(|role| id(&lab.roles()[*role])).collect();
    json!({"operator_email": "olga@platform.example", "role_ids": role_ids, "hours": hours, "reason": "Results do not arrive"})
}

/// The laboratory invites the operator.
fn invited(lab: &Lab, roles: &[&str]) -> Value {
    lab.raised()
        .post("/support-access", &invitation(lab, roles, 4))
        .expect(201)
}

fn enter(platform: &Platform, access: &Value) -> Answer {
    let path = format!("/platform/support-access/{}/enter", id(access));
    platform.raised().post(&path, &json!({}))
}

/// The operator's client in the laboratory.
fn entered(platform: &Platform, access: &Value) -> Api {
    platform
        .server
        .anonymous()
        .signed_in(&enter(platform, access).expect(200))
}

fn events(api: &Api, action: &str) -> Vec<Value> {
    api.all(&format!("/audit/events?action={action}"))
}

on_both_engines! {
    /// ATT-21 By invitation only: what the laboratory chose, told to everybody there, recorded on both sides, ended at once.
    fn support_enters_on_invitation_and_leaves_when_told(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let sample = lab.received();
        let analyst = lab.as_role("analyst");
        assert!(platform.operator.api.all("/platform/support-access").is_empty());
        let unconfirmed = lab.hire("Second Administrator", &["administrator"]);
        unconfirmed.api.post("/support-access", &invitation(&lab, &["viewer"], 4)).problem(403, "step-up-required");
        let access = invited(&lab, &["viewer", "administrator"]);
        assert_eq!((&access["state"], &access["operator"], &access["entered_at"]), (&json!("invited"), &json!("Olga Operator"), &Value::Null));
        assert!(analyst.get("/me").expect(200)["support_access"].is_null(), "nobody is here yet");
        let letter = awaited(&lab.server, "olga@platform.example", 1);
        assert!(letter.text.contains("Riverside Laboratory") && letter.text.contains("Results do not arrive"), "{}", letter.text);

        let [mine] = platform.operator.api.all("/platform/support-access").try_into().unwrap();
        assert_eq!((&mine["id"], &mine["state"], &mine["laboratory"]["name"]), (&access["id"], &json!("invited"), &json!("Riverside Laboratory")));
        let path = format!("/platform/support-access/{}/enter", id(&access));
        let unraised = Platform::with_operator(&lab.server, "piotr@platform.example", "Piotr Operator");
        unraised.operator.api.post(&path, &json!({})).problem(403, "step-up-required");
        unraised.raised().post(&path, &json!({})).problem(404, "not-found");
        let support = entered(&platform, &access);
        let me = support.get("/me").expect(200);
        assert_eq!((&me["laboratory"]["slug"], &me["must"]), (&json!("riverside"), &json!([])));
        assert_eq!((&me["support_access"]["you"], &me["session"]["expires_at"]), (&json!(true), &access["until"]));
        assert_eq!(text(&support.get(&format!("/samples/{}", id(&sample))).expect(200), "accession_number"), text(&sample, "accession_number"));

        let told = &analyst.get("/me").expect(200)["support_access"];
        assert_eq!((&told["operator"], &told["until"], &told["you"]), (&json!("Olga Operator"), &access["until"], &json!(false)));
        let letter = awaited(&lab.server, &lab.administrator.email, 1);
        assert!(letter.text.contains("Olga Operator") && letter.text.contains("Results do not arrive"), "{}", letter.text);
        assert!(!lab.administrator.api.all("/users").iter().any(|user| text(user, "name").contains("Olga")), "no person of the laboratory");

        let end = format!("/support-access/{}/end", id(&access));
        let ended = lab.administrator.api.post(&end, &json!({"reason": "Solved"})).expect(200);
        assert_eq!((&ended["state"], &ended["ended_by"]["id"]), (&json!("ended"), &json!(lab.administrator.id)));
        support.get("/samples").problem(401, "unauthenticated");
        enter(&platform, &access).problem(409, "conflict-state");
        lab.administrator.api.post(&end, &json!({})).problem(409, "conflict-state");
        assert!(analyst.get("/me").expect(200)["support_access"].is_null());
        assert_eq!(platform.operator.api.all("/platform/support-access")[0]["state"], "ended");
        for action in ["support.invited", "support.entered", "support.ended"] {
            let (own, theirs) = (events(&lab.administrator.api, action), events(&platform.operator.api, action));
            assert_eq!((own.len(), theirs.len()), (1, 1), "{action} is in both ledgers");
            assert_eq!(own[0]["object"], theirs[0]["object"]);
        }
        assert_eq!(events(&lab.administrator.api, "support.entered")[0]["actor"]["kind"], "operator");
    }

    /// ATT-24 Support cannot sign, verify, hire, prolong or invite, nor confirm an identity that it does not have here.
    fn support_cannot_vouch_nor_stay(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let (entered_sample, draft) = (lab.entered(), lab.drafted());
        let access = invited(&lab, &["administrator", "manager", "analyst", "authorizer"]);
        let support = entered(&platform, &access);
        let held = support.get("/me").expect(200)["permissions"].to_string();
        for closed in ["result:verify", "report:authorize", "report:release", "user:manage", "role:manage", "service_account:manage", "competence:manage", "platform:"] {
            assert!(!held.contains(closed), "{closed}: {held}");
        }
        let result = id(&entered_sample["results"][0]);
        support.post(&format!("/results/{result}/verify"), &json!({})).problem(403, "forbidden");
        support.post(&format!("/reports/{}/authorize", id(&draft)), &json!({"meaning": "Approved", "password": "x", "content_sha256": draft["content_sha256"]})).problem(403, "forbidden");
        support.post("/users", &json!({"email": "friend@platform.example", "name": "Friend", "role_ids": []})).problem(403, "forbidden");
        support.post("/support-access", &invitation(&lab, &["viewer"], 72)).problem(403, "forbidden");
        support.post("/service-accounts", &json!({})).problem(403, "forbidden");
        let etag = support.get("/laboratory").etag();
        support.patch("/laboratory", &etag, &json!({"name": "Ours now"})).problem(403, "not-for-support");
        support.post("/audit/exports", &json!({"kind": "range"})).problem(403, "not-for-support");
        support.post("/auth/reauthenticate", &json!({"password": platform.operator.password})).problem(403, "not-for-support");
        support.post("/auth/password", &json!({"current_password": "", "new_password": "x"})).problem(403, "not-for-support");
        support.post("/auth/mfa/totp", &json!({})).problem(403, "not-for-support");
        let pending = lab.received();
        let answer = support.post(&format!("/results/{}/enter", id(&pending["results"][0])), &json!({"value": "1"}));
        assert!((400..500).contains(&answer.status), "nobody said that support is competent: {}", answer.text());
        support.post("/clients", &json!({"name": "Added by support"})).expect(201);
        let added = &events(&lab.administrator.api, "client.created")[0];
        assert_eq!((&added["actor"]["kind"], &added["actor"]["name"]), (&json!("operator"), &json!("Olga Operator (platform support)")));
        assert!(text(added, "sentence").starts_with("Olga Operator (platform support) added client"), "{added}");
        let refused = events(&lab.administrator.api, "access.refused");
        assert!(refused.iter().filter(|event| event["actor"]["kind"] == "operator").count() >= 8, "in the laboratory's own trail");
    }

    /// Who is invited, as what and for how long is checked; nobody invites themselves.
    fn an_invitation_is_checked(engine) {
        let lab = Lab::fresh(engine);
        let nobody = invitation(&lab, &["viewer"], 4);
        lab.raised().post("/support-access", &nobody).names_field("operator_email");
        let platform = Platform::of(&lab);
        let with = |member: &str, value: Value| {
            let mut body = invitation(&lab, &["viewer"], 4);
            body[member] = value;
            lab.raised().post("/support-access", &body)
        };
        with("hours", json!(0)).names_field("hours");
        with("hours", json!(73)).names_field("hours");
        with("reason", json!("")).names_field("reason");
        with("role_ids", json!([])).names_field("role_ids");
        with("role_ids", json!(["0197b1e2-0000-7000-8000-00000000dead"])).names_field("0");
        with("operator_email", json!("nobody@platform.example")).names_field("operator_email");
        with("operator_email", json!(lab.administrator.email)).names_field("operator_email");
        with("until", json!("2099-01-01T00:00:00Z")).problem(422, "validation");
        lab.as_role("manager").post("/support-access", &nobody).problem(403, "forbidden");
        platform.raised().post("/support-access", &nobody).problem(403, "forbidden");
        let once = lab.raised().with("Idempotency-Key", "one-invitation");
        let first = once.post("/support-access", &nobody).expect(201);
        assert_eq!(id(&once.post("/support-access", &nobody).expect(201)), id(&first));
        assert_eq!(lab.administrator.api.all("/support-access").len(), 1);
    }

    /// An invitation that was used and one that never was run out: both ledgers say so, once, and the accounts behind them are shut.
    fn what_runs_out_is_recorded_in_both_ledgers(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let used = invited(&lab, &["viewer"]);
        entered(&platform, &used).get("/samples").expect(200);
        let unused = invited(&lab, &["analyst"]);
        let database = lab.server.database();
        let wall = database.choose_laboratory(&lab.id);
        let past = "2026-01-01T00:00:00.000000Z";
        database.as_owner(&format!("{wall}UPDATE support_access SET until = '{past}';")).unwrap();
        // It is looked for at the start and every ten minutes, and told once.
        for _ in 0..2 {
            lab.server.restart();
            let administrator = lab.server.anonymous().log_in(&lab.slug, &lab.administrator.email, &lab.administrator.password);
            let deadline = Instant::now() + Duration::from_secs(20);
            while events(&administrator, "support.ran_out").len() < 2 {
                assert!(Instant::now() < deadline, "nobody says that they have run out");
                thread::sleep(Duration::from_millis(100));
            }
            let told = events(&administrator, "support.ran_out");
            assert_eq!((told.len(), &told[0]["actor"]["kind"]), (2, &json!("system")));
            let was_used = |access: &Value| {
                let event = told.iter().find(|event| event["object"]["id"] == access["id"]).unwrap();
                let changes = event["changes"].as_array().unwrap();
                changes.iter().find(|change| change["path"] == "entered").unwrap()["to"].clone()
            };
            assert_eq!((was_used(&used), was_used(&unused)), (json!(true), json!(false)));
            let listed = administrator.all("/support-access");
            assert!(listed.iter().all(|access| access["state"] == "over"), "{listed:?}");
        }
        let open = database.as_owner(&format!(
            "{wall}SELECT count(*) FROM users WHERE active AND id IN (SELECT user_id FROM support_access)"
        ));
        assert_eq!(open.unwrap().trim(), "0");
        let login = json!({
            "email": platform.operator.email, "password": platform.operator.password, "laboratory": "platform", "otp": platform.app.code(1),
        });
        let answer = lab.server.anonymous().post("/auth/login", &login).expect(200);
        let operator = lab.server.anonymous().with_token(answer["access_token"].as_str().unwrap());
        assert_eq!(events(&operator, "support.ran_out").len(), 2);
    }

    /// It ends by itself; with the laboratory's suspension nobody enters; who is no operator any more is out everywhere.
    fn support_ends_by_itself_and_with_the_operator(engine) {
        let lab = Lab::fresh(engine);
        let platform = Platform::of(&lab);
        let access = invited(&lab, &["viewer"]);
        let support = entered(&platform, &access);
        support.get("/samples").expect(200);
        platform.switch(&lab, "suspend", "A drill");
        support.get("/samples").problem(403, "laboratory-suspended");
        enter(&platform, &access).problem(403, "laboratory-suspended");
        platform.switch(&lab, "resume", "The drill is over");
        support.get("/samples").expect(200);
        // Time passes: hours go by in the database of this laboratory.
        let database = lab.server.database();
        let wall = database.choose_laboratory(&lab.id);
        let past = "2026-01-01T00:00:00.000000Z";
        database.as_owner(&format!("{wall}UPDATE support_access SET until = '{past}';")).unwrap();
        database.as_owner(&format!("{wall}UPDATE sessions SET expires_at = '{past}' WHERE user_id IN (SELECT user_id FROM support_access);")).unwrap();
        support.get("/samples").problem(401, "unauthenticated");
        enter(&platform, &access).problem(409, "conflict-state");
        assert_eq!(lab.administrator.api.all("/support-access")[0]["state"], "over");

        let another = invited(&lab, &["viewer"]);
        let support = entered(&platform, &another);
        operator_command(&lab.server, &["deactivate", "--email", "olga@platform.example", "--reason", "Left"]);
        support.get("/samples").problem(401, "unauthenticated");
        platform.operator.api.get("/platform/laboratories").problem(401, "unauthenticated");
        let listed = lab.administrator.api.all("/support-access");
        assert_eq!((&listed[0]["state"], &listed[0]["ended_by"]), (&json!("ended"), &Value::Null));
        assert_eq!(events(&lab.administrator.api, "support.ended").len(), 1);
        lab.raised().post("/support-access", &invitation(&lab, &["viewer"], 1)).names_field("operator_email");
    }
}
