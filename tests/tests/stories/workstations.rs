//! Several people at one browser (ATT-14): one at work, the others parked; who comes back shows that it is them.

use super::sessions::{in_the_rows, set_pin};
use attest_tests::api::text;
use attest_tests::factors::Passkey;
use attest_tests::{Answer, Lab, Person, Value, json, on_both_engines};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::thread;

const PIN: &str = "402719";
const WORKSTATION: &str = "__Host-attest_workstation";

/// One browser: its cookies, and the CSRF token that its page knows.
struct Browser<'a> {
    lab: &'a Lab,
    jar: RefCell<BTreeMap<String, String>>,
    csrf: RefCell<String>,
}

impl<'a> Browser<'a> {
    fn open(lab: &'a Lab) -> Self {
        Self {
            lab,
            jar: RefCell::default(),
            csrf: RefCell::default(),
        }
    }

    fn cookies(&self) -> String {
        let pairs: Vec<String> = self
            .jar
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn holds(&self, name: &str) -> bool {
        self.jar.borrow().contains_key(name)
    }

    /// Each request comes from a client of its own, which knows no cookies but these.
    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut page = self.lab.server.anonymous().with("Origin", &self.lab.server.url());
        if !self.jar.borrow().is_empty() {
            page = page.with("Cookie", &self.cookies());
        }
        if !self.csrf.borrow().is_empty() {
            page = page.with("X-CSRF-Token", &self.csrf.borrow());
        }
        let answer = page.call(method, path, body);
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.jar.borrow_mut().remove(name);
            } else {
                for attribute in ["Secure", "HttpOnly", "Path=/", "SameSite=Strict"] {
                    assert!(cookie.contains(attribute), "{cookie}");
                }
                self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let told = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        if let Some(token) = told["csrf_token"].as_str() {
            self.csrf.replace(token.to_owned());
        }
        answer
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    fn sign_in(&self, person: &Person) -> Value {
        let body =
            json!({"email": person.email, "password": person.password, "laboratory": self.lab.slug, "mode": "cookie"});
        self.post("/auth/login", &body).expect(200)
    }

    fn park(&self) {
        self.post("/auth/workstation/park", &json!({})).expect(204);
    }

    /// Signs in and parks; the session.
    fn leave_parked(&self, person: &Person) -> String {
        let session = text(&self.sign_in(person)["user"]["session"], "id");
        self.park();
        session
    }

    fn people(&self) -> Vec<Value> {
        self.get("/auth/workstation").expect(200)["people"]
            .as_array()
            .unwrap()
            .clone()
    }

    fn names(&self) -> Vec<String> {
        self.people().iter().map(|person| text(person, "name")).collect()
    }

    fn switch(&self, session: &str, proof: &Value) -> Answer {
        let mut body = proof.clone();
        body["session_id"] = json!(session);
        self.post("/auth/workstation/switch", &body)
    }
}

fn with_pin(lab: &Lab, name: &str, roles: &[&str]) -> Person {
    let person = lab.hire(name, roles);
    set_pin(&person, PIN).expect(204);
    person
}

on_both_engines! {
    /// ATT-14, ATT-16 Two people share a browser: the one who comes back shows that it is them, gets new cookies, and has
    /// confirmed nothing.
    fn two_people_share_a_browser(engine) {
        let lab = Lab::shared(engine);
        let (anna, piotr) = (with_pin(lab, "Anna At The Bench", &["analyst"]), lab.hire("Piotr Beside Her", &["analyst"]));
        let browser = Browser::open(lab);
        assert!(browser.people().is_empty());
        let session = text(&browser.sign_in(&anna)["user"]["session"], "id");
        browser.post("/auth/reauthenticate", &json!({"password": anna.password})).expect(200);
        assert!(browser.get("/me").expect(200)["session"]["step_up_until"].is_string());
        let before = browser.cookies();
        let old_csrf = browser.csrf.borrow().clone();

        browser.park();
        assert!(!browser.holds("__Host-attest_access") && !browser.holds("__Host-attest_refresh") && browser.holds(WORKSTATION));
        browser.get("/me").problem(401, "unauthenticated");
        lab.server.anonymous().with("Cookie", &before).get("/me").problem(401, "unauthenticated");
        let people = browser.people();
        let told: Vec<&String> = people[0].as_object().unwrap().keys().collect();
        assert_eq!(told, ["has_passkey", "has_pin", "name", "session_id", "since"], "and nothing else");
        assert_eq!((&people[0]["name"], &people[0]["has_pin"], &people[0]["has_passkey"]), (&json!("Anna At The Bench"), &json!(true), &json!(false)));
        assert!(!people[0].to_string().contains(&anna.email));

        browser.sign_in(&piotr);
        let sample = lab.new_sample();
        browser.post("/samples", &sample).expect(201);
        browser.park();
        assert_eq!(browser.names(), ["Anna At The Bench", "Piotr Beside Her"]);

        let back = browser.switch(&session, &json!({"pin": PIN})).expect(200);
        assert!(back["access_token"].is_null() && back["refresh_token"].is_null());
        assert_eq!((text(&back["user"], "name"), text(&back["user"]["session"], "id")), ("Anna At The Bench".to_owned(), session.clone()));
        assert_eq!((&back["user"]["locked"], &back["user"]["session"]["step_up_until"]), (&json!(false), &json!(null)));
        assert_ne!(*browser.csrf.borrow(), old_csrf);
        browser.post("/samples", &sample).expect(201);
        browser.post("/auth/refresh", &json!({})).expect(200);
        browser.get("/samples").expect(200);
        assert_eq!(browser.names(), ["Piotr Beside Her"]);
        let new_csrf = browser.csrf.replace(old_csrf);
        browser.post("/samples", &sample).problem(403, "csrf");
        browser.csrf.replace(new_csrf);

        let trail = lab.as_role("auditor").all(&format!("/audit/events?actor_id={}", anna.id));
        for action in ["session.parked", "session.resumed"] {
            assert!(trail.iter().any(|event| event["action"] == action), "no {action}");
        }
        assert!(!serde_json::to_string(&trail).unwrap().contains(PIN), "the PIN is nowhere");
    }

    /// ATT-14 Guessing ends where it does on a locked screen; a password and a passkey open the session too.
    fn a_parked_session_opens_to_its_person_alone(engine) {
        let lab = Lab::shared(engine);
        let (guessed, other) = (with_pin(lab, "Guessed Beside", &["viewer"]), with_pin(lab, "Another Guesser", &["viewer"]));
        let browser = Browser::open(lab);
        let session = browser.leave_parked(&guessed);
        browser.switch(&session, &json!({"password": other.password})).problem(403, "reauthentication-failed");
        browser.switch(&session, &json!({"password": guessed.password})).expect(200);
        browser.park();
        let theirs = browser.leave_parked(&other);
        for left in (1..=4).rev() {
            let told = browser.switch(&session, &json!({"pin": "402710"})).problem(403, "reauthentication-failed");
            assert!(text(&told, "detail").contains(&left.to_string()), "{told}");
        }
        browser.switch(&session, &json!({"pin": "402711"})).problem(401, "unauthenticated");
        browser.switch(&session, &json!({"pin": PIN})).problem(401, "unauthenticated");
        browser.switch(&session, &json!({"password": guessed.password})).problem(401, "unauthenticated");
        assert_eq!(browser.names(), ["Another Guesser"], "ended sessions vanish");
        browser.switch(&theirs, &json!({"pin": PIN, "password": other.password})).names_field("__all__");
        browser.switch(&theirs, &json!({})).names_field("__all__");

        let holder = lab.hire("Holds A Passkey", &["viewer"]);
        let address = format!("http://localhost:{}", lab.server.port());
        let mut key = Passkey::on(&address);
        holder.api.step_up(&holder.password);
        let invited = holder.api.post("/auth/mfa/passkeys/options", &json!({})).expect(200)["public_key"].clone();
        let session = browser.leave_parked(&holder);
        assert_eq!(browser.people().last().map(|person| person["has_passkey"].clone()), Some(json!(false)));
        browser.post("/auth/workstation/passkey", &json!({"session_id": session})).problem(409, "conflict-state");
        browser.switch(&session, &json!({"pin": PIN})).problem(409, "conflict-state");
        browser.switch(&session, &json!({"password": holder.password})).expect(200);
        assert_eq!(browser.get("/me").expect(200)["has_passkey"], false);
        let added = json!({"name": "On my ring", "credential": key.create(&invited)});
        holder.api.post("/auth/mfa/passkeys", &added).expect(201);
        // The first second factor ended every other session, this one too.
        let token = browser.post("/auth/login", &json!({"email": holder.email, "password": holder.password, "laboratory": lab.slug, "mode": "cookie"}))
            .problem(401, "mfa-required")["mfa_token"].clone();
        let asked = browser.post("/auth/login/passkey/options", &json!({"mfa_token": token})).expect(200);
        let proof = json!({"mfa_token": token, "mode": "cookie", "credential": key.get(&asked["public_key"])});
        let session = text(&browser.post("/auth/login/passkey", &proof).expect(200)["user"]["session"], "id");
        assert_eq!(browser.get("/me").expect(200)["has_passkey"], true);
        browser.park();
        assert_eq!(browser.people().last().map(|person| person["has_passkey"].clone()), Some(json!(true)));
        let asked = browser.post("/auth/workstation/passkey", &json!({"session_id": session})).expect(200);
        let proof = json!({"passkey": key.get(&asked["public_key"])});
        browser.switch(&session, &proof).expect(200);
        browser.park();
        browser.switch(&session, &proof).problem(403, "reauthentication-failed");
    }

    /// ATT-14, ATT-15 A parked session lives no longer than another: after the pause, its owner's deactivation, or the
    /// administrator's word it is gone; and it is parked at this browser alone.
    fn a_parked_session_obeys_every_limit(engine) {
        let lab = Lab::shared(engine);
        let (slow, gone, ended) = (
            with_pin(lab, "Away Too Long", &["viewer"]),
            with_pin(lab, "Left The Laboratory", &["viewer"]),
            with_pin(lab, "Ended From Afar", &["viewer"]),
        );
        let (browser, elsewhere) = (Browser::open(lab), Browser::open(lab));
        let sessions = [&slow, &gone, &ended].map(|person| browser.leave_parked(person));
        assert_eq!(browser.names(), ["Away Too Long", "Left The Laboratory", "Ended From Afar"]);
        let listed = lab.administrator.api.all(&format!("/users/{}/sessions", ended.id));
        assert!(listed.iter().any(|session| session["id"] == sessions[2] && session["locked"] == true));

        assert!(elsewhere.people().is_empty());
        let open = |browser: &Browser, session: &str| browser.switch(session, &json!({"pin": PIN}));
        open(&elsewhere, &sessions[0]).problem(401, "unauthenticated");
        elsewhere.jar.borrow_mut().insert(WORKSTATION.to_owned(), "att_w_made-up".to_owned());
        assert!(elsewhere.people().is_empty());
        open(&elsewhere, &sessions[0]).problem(401, "unauthenticated");
        elsewhere.jar.borrow_mut().clear();
        let other = lab.hire("At Another Window", &["viewer"]);
        elsewhere.leave_parked(&other);
        open(&elsewhere, &sessions[0]).problem(401, "unauthenticated");
        let forged = browser.lab.server.anonymous().with("Origin", "https://evil.example").with("Cookie", &browser.cookies());
        forged.post("/auth/workstation/switch", &json!({"session_id": sessions[0], "pin": PIN})).problem(403, "csrf");

        in_the_rows(lab, &slow, "UPDATE sessions SET last_seen_at = {ago 721} WHERE cookie = cookie");
        lab.administrator.api.post(&format!("/users/{}/deactivate", gone.id), &json!({"reason": "Left"})).expect(200);
        let path = format!("/users/{}/sessions/{}", ended.id, sessions[2]);
        lab.administrator.api.call("DELETE", &path, None).expect(204);
        assert!(browser.people().is_empty());
        for session in &sessions {
            open(&browser, session).problem(401, "unauthenticated");
        }
    }

    /// ATT-11 The refresh token that a browser threw away when it parked a session opens nothing; who comes with it later has
    /// taken it, and the session is over.
    fn a_token_from_before_the_parking_ends_the_session(engine) {
        let lab = Lab::shared(engine);
        let person = with_pin(lab, "Robbed While Away", &["viewer"]);
        let browser = Browser::open(lab);
        browser.sign_in(&person);
        let taken = Browser::open(lab);
        taken.jar.replace(browser.jar.borrow().clone());
        let session = text(&browser.get("/me").expect(200)["session"], "id");
        browser.park();
        taken.post("/auth/refresh", &json!({})).problem(401, "unauthenticated");
        browser.switch(&session, &json!({"pin": PIN})).expect(200);
        browser.park();
        in_the_rows(lab, &person, "UPDATE sessions SET rotated_at = {ago 1} WHERE workstation IS NOT NULL");
        taken.post("/auth/refresh", &json!({})).problem(401, "unauthenticated");
        assert!(browser.people().is_empty());
        browser.switch(&session, &json!({"pin": PIN})).problem(401, "unauthenticated");
        let trail = lab.as_role("auditor").all(&format!("/audit/events?actor_id={}", person.id));
        assert!(trail.iter().any(|event| event["action"] == "session.reuse_detected"));
    }

    /// Eight people fit; of two answers at once one goes on; and only a browser has a place to park.
    fn a_workstation_has_room_for_eight(engine) {
        let lab = Lab::shared(engine);
        let browser = Browser::open(lab);
        let people: Vec<Person> = (1..=9).map(|number| with_pin(lab, &format!("Shift {number}"), &["viewer"])).collect();
        let sessions: Vec<String> = people.iter().map(|person| browser.leave_parked(person)).collect();
        let names: Vec<String> = (2..=9).map(|number| format!("Shift {number}")).collect();
        assert_eq!(browser.names(), names, "the longest absent made room");
        browser.switch(&sessions[0], &json!({"pin": PIN})).problem(401, "unauthenticated");
        let again = browser.leave_parked(&people[8]);
        assert_eq!(browser.names(), names, "a person is parked once");
        browser.switch(&sessions[8], &json!({"pin": PIN})).problem(401, "unauthenticated");

        let (cookies, url) = (browser.cookies(), lab.server.url());
        let answers: Vec<u16> = thread::scope(|scope| {
            let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| {
                let page = lab.server.anonymous().with("Origin", &url).with("Cookie", &cookies);
                page.post("/auth/workstation/switch", &json!({"session_id": again, "pin": PIN})).status
            })).collect();
            tries.into_iter().map(|done| done.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");

        people[0].api.post("/auth/workstation/park", &json!({})).problem(409, "conflict-state");
        people[0].api.get("/me").expect(200);
        lab.server.anonymous().post("/auth/workstation/park", &json!({})).problem(401, "unauthenticated");
    }

    /// ATT-12 The key of a person's drafts is told to their open browser alone, and is theirs alone.
    fn drafts_have_a_key_of_their_person(engine) {
        let lab = Lab::shared(engine);
        let (anna, piotr) = (with_pin(lab, "Types Much", &["viewer"]), lab.hire("Types Little", &["viewer"]));
        let browser = Browser::open(lab);
        let key = |answer: &Value| answer["draft_key"].as_str().map(str::to_owned);
        let hers = key(&browser.sign_in(&anna)["user"]).expect("a key");
        assert_eq!(hers.len(), 43);
        browser.post("/auth/lock", &json!({})).expect(204);
        assert_eq!(key(&browser.get("/me").expect(200)), None, "not while the screen is locked");
        browser.post("/auth/unlock", &json!({"pin": PIN})).expect(204);
        assert_eq!(key(&browser.get("/me").expect(200)).as_ref(), Some(&hers));
        browser.park();
        assert_ne!(key(&browser.sign_in(&piotr)["user"]).as_ref(), Some(&hers));
        assert_eq!(key(&anna.api.get("/me").expect(200)), None, "programs have no drafts");
    }
}
