//! Sessions that people and administrators see and end (ATT-16), and locked screens (ATT-14).

use attest_tests::api::{id, text};
use attest_tests::{Answer, Api, Engine, Lab, Person, json, on_both_engines};
use std::thread;
use std::time::{Duration, Instant};

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";

/// Another login of the same person.
fn again(lab: &Lab, person: &Person) -> Api {
    lab.server
        .anonymous()
        .log_in(&lab.slug, &person.email, &person.password)
}

fn session(api: &Api) -> String {
    text(&api.get("/me").expect(200)["session"], "id")
}

pub fn set_pin(person: &Person, pin: &str) -> Answer {
    let body = json!({"pin": pin, "password": person.password});
    person.api.call("PUT", "/auth/pin", Some(&body))
}

/// Rows of a person's sessions, as their database's owner sees or changes them; `{ago N}` is N minutes ago.
pub fn in_the_rows(lab: &Lab, person: &Person, statement: &str) -> String {
    let database = lab.server.database();
    let (user, ago): (String, fn(&str) -> String) = match lab.server.engine() {
        Engine::Sqlite => (format!("x'{}'", person.id.replace('-', "")), |minutes| {
            format!("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{minutes} minutes')")
        }),
        Engine::Postgres => (format!("'{}'", person.id), |minutes| {
            format!("now() - interval '{minutes} minutes'")
        }),
    };
    let (front, rest) = statement.split_once("{ago ").unwrap();
    let (minutes, back) = rest.split_once('}').unwrap();
    let chosen = database.choose_laboratory(&lab.id);
    let done = database.as_owner(&format!("{chosen}{front}{}{back} AND user_id = {user}", ago(minutes)));
    done.unwrap().lines().last().unwrap_or_default().trim().to_owned()
}

on_both_engines! {
    /// ATT-14 A session ends after a pause, counted from the last request and not from the last new token.
    fn a_session_ends_after_a_pause(engine) {
        let lab = &Lab::fresh(engine);
        let laboratory = lab.administrator.api.get("/laboratory");
        lab.raised().patch("/laboratory", &laboratory.etag(), &json!({"settings": {"idle_minutes": 5}})).expect(200);
        let person = lab.hire("At work", &["viewer"]);
        let login = json!({"email": person.email, "password": person.password, "laboratory": lab.slug});
        let other = lab.server.anonymous().post("/auth/login", &login).expect(200);
        in_the_rows(lab, &person, "UPDATE sessions SET last_seen_at = {ago 4} WHERE cookie = cookie");
        person.api.get("/me").expect(200);
        let deadline = Instant::now() + Duration::from_secs(10);
        while in_the_rows(lab, &person, "SELECT count(*) FROM sessions WHERE last_seen_at > {ago 1}") != "1" {
            assert!(Instant::now() < deadline, "the request is not written down");
            thread::sleep(Duration::from_millis(50));
        }
        in_the_rows(lab, &person, "UPDATE sessions SET last_seen_at = {ago 7} WHERE cookie = cookie");
        assert_eq!(person.api.get("/me").status, 401);
        let refresh = json!({"refresh_token": other["refresh_token"]});
        assert_eq!(lab.server.anonymous().post("/auth/refresh", &refresh).status, 401);
    }

    /// ATT-16 One recognises one's own sessions, and ends all the others at once.
    fn one_ends_all_other_sessions(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Everywhere", &["viewer"]);
        let browser = lab.server.anonymous().with("User-Agent", FIREFOX).log_in(&lab.slug, &person.email, &person.password);
        let third = again(lab, &person);
        let listed = person.api.all("/auth/sessions");
        let known = listed.iter().find(|known| id(known) == session(&browser)).expect("the browser");
        assert_eq!((&known["device"], &known["locked"], &known["current"]), (&json!("Firefox, Windows"), &json!(false), &json!(false)));
        assert_eq!(known["ip"], "127.0.0.1");
        let ended = person.api.post("/auth/sessions/end-others", &json!({})).expect(200);
        assert_eq!(ended, json!({"ended": 2}));
        browser.get("/me").problem(401, "unauthenticated");
        third.get("/me").problem(401, "unauthenticated");
        assert_eq!(person.api.all("/auth/sessions").len(), 1);
    }

    /// ATT-15, ATT-16 An administrator sees who is in, and ends a session; it is refused from its next request on.
    fn an_administrator_ends_a_session(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Left It Open", &["viewer"]);
        let (open, path) = (again(lab, &person), format!("/users/{}/sessions", person.id));
        let listed = lab.administrator.api.all(&path);
        assert_eq!(listed.len(), 2, "{listed:?}");
        let everybody = lab.administrator.api.all("/sessions");
        let found = everybody.iter().find(|known| id(known) == session(&open)).expect("in the laboratory's list");
        assert_eq!(found["user"]["name"], "Left It Open");
        assert!(everybody.iter().filter(|known| known["current"] == true).count() == 1, "one's own is marked");
        let other = lab.hire("Uninvolved", &["viewer"]);
        let end = |user: &str| lab.administrator.api.call("DELETE", &format!("/users/{user}/sessions/{}", session(&open)), None);
        end(&other.id).problem(404, "not-found");
        end(&person.id).expect(204);
        open.get("/me").problem(401, "unauthenticated");
        person.api.get("/me").expect(200);
        for forbidden in ["/sessions".to_owned(), path.clone()] {
            lab.as_role("auditor").get(&forbidden).problem(403, "forbidden");
        }
        let stranger = lab.hire("Next Door's", &["viewer"]);
        Lab::neighbour(engine).administrator.api.get(&format!("/users/{}/sessions", stranger.id)).problem(404, "not-found");
    }

    /// ATT-14 A locked screen is locked on the server: nothing is open until the person unlocks it.
    fn a_locked_screen_opens_nothing(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("At The Shared Bench", &["analyst"]);
        for (pin, code) in [("12345", "shape"), ("123456", "trivial"), ("4027a9", "shape"), ("777777", "trivial")] {
            assert_eq!(set_pin(&person, pin).names_field("pin"), code, "{pin}");
        }
        let wrong = json!({"pin": "402719", "password": "Wrong-Password-77"});
        person.api.call("PUT", "/auth/pin", Some(&wrong)).problem(403, "reauthentication-failed");
        assert_eq!(person.api.get("/me").expect(200)["has_pin"], false);
        set_pin(&person, "402719").expect(204);
        person.api.step_up(&person.password);
        let elsewhere = again(lab, &person);

        person.api.post("/auth/lock", &json!({})).expect(204);
        let me = person.api.get("/me").expect(200);
        assert_eq!((&me["locked"], &me["has_pin"]), (&json!(true), &json!(true)));
        for path in ["/samples", "/results", "/auth/sessions", "/work"] {
            person.api.get(path).problem(403, "locked");
        }
        let sample = lab.new_sample();
        person.api.post("/samples", &sample).problem(403, "locked");
        person.api.post("/auth/reauthenticate", &json!({"password": person.password})).problem(403, "locked");
        set_pin(&person, "915302").problem(403, "locked");
        person.api.call("DELETE", "/auth/pin", None).problem(403, "locked");
        elsewhere.get("/samples").expect(200);
        let listed = elsewhere.all("/auth/sessions");
        let locked = listed.iter().find(|known| id(known) == text(&me["session"], "id")).expect("the locked one");
        assert_eq!(locked["locked"], true);

        person.api.post("/auth/unlock", &json!({})).names_field("__all__");
        person.api.post("/auth/unlock", &json!({"pin": "402718"})).problem(403, "reauthentication-failed");
        person.api.post("/auth/unlock", &json!({"pin": "402719"})).expect(204);
        let me = person.api.get("/me").expect(200);
        assert_eq!((&me["locked"], &me["session"]["step_up_until"]), (&json!(false), &json!(null)), "a confirmation ends with the lock");
        person.api.post("/samples", &sample).expect(201);
        person.api.post("/auth/unlock", &json!({"pin": "402719"})).problem(409, "conflict-state");
        let trail = lab.as_role("auditor").all(&format!("/audit/events?actor_id={}", person.id));
        for action in ["pin.set", "session.locked", "session.unlock_failed", "session.unlocked"] {
            assert!(trail.iter().any(|event| event["action"] == action), "no {action}");
        }
        assert!(!serde_json::to_string(&trail).unwrap().contains("402719"), "the PIN is nowhere");
    }

    /// ATT-14 The password unlocks too; a locked session can be left, and lives no longer for being locked.
    fn a_locked_screen_opens_with_the_password(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Without A PIN", &["viewer"]);
        person.api.post("/auth/lock", &json!({})).expect(204);
        person.api.post("/auth/unlock", &json!({"pin": "402719"})).problem(409, "conflict-state");
        person.api.post("/auth/unlock", &json!({"password": "Wrong-Password-77"})).problem(403, "reauthentication-failed");
        person.api.get("/samples").problem(403, "locked");
        person.api.post("/auth/unlock", &json!({"password": person.password})).expect(204);
        person.api.get("/samples").expect(200);
        set_pin(&person, "402719").expect(204);
        person.api.call("DELETE", "/auth/pin", None).expect(204);
        person.api.call("DELETE", "/auth/pin", None).problem(404, "not-found");
        person.api.post("/auth/lock", &json!({})).expect(204);
        person.api.post("/auth/logout", &json!({})).expect(204);
        person.api.get("/me").problem(401, "unauthenticated");
    }

    /// ATT-14 Five wrong PINs end the session, however they arrive.
    fn five_wrong_pins_end_the_session(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Guessed At", &["viewer"]);
        set_pin(&person, "402719").expect(204);
        person.api.post("/auth/lock", &json!({})).expect(204);
        let guess = |pin: &str| person.api.post("/auth/unlock", &json!({"pin": pin}));
        for left in (1..=4).rev() {
            let told = guess("402710").problem(403, "reauthentication-failed");
            assert!(text(&told, "detail").contains(&left.to_string()), "{told}");
        }
        guess("402711").problem(401, "unauthenticated");
        guess("402719").problem(401, "unauthenticated");
        person.api.get("/me").problem(401, "unauthenticated");

        let other = again(lab, &person);
        other.post("/auth/lock", &json!({})).expect(204);
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| other.post("/auth/unlock", &json!({"pin": "402712"})).status))
                .collect();
            guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
        });
        assert!(answers.iter().filter(|status| **status == 403).count() <= 4, "{answers:?}");
        other.get("/me").problem(401, "unauthenticated");
    }
}
