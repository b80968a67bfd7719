//! Choosing, changing, forgetting a password, and bringing one along from another system.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::lab::new_password;
use attest_tests::mail::{Mail, awaited, mails_to};
use attest_tests::{Answer, Api, Engine, Lab, Person, Server, Value, json, on_both_engines};

/// What other systems made of `Old-System-Pass-1`: Python's hashlib in the formats of Django and passlib, libxcrypt, argon2-cffi.
const FOREIGN: [(&str, &str); 5] = [
    (
        "django",
        "pbkdf2_sha256$26000$Xq3vB0yLk2Tz9Hn4$hWym1uFelA8dbiLYzY/Y8o5Pt5dzxCX7DyMWVA+ja+0=",
    ),
    (
        "passlib",
        "$pbkdf2-sha256$29000$AAECAwQFBgcICQoLDA0ODw$7KTDa3a4C0nSl7fi3o1iSzAt7ypQmTO0zS4mjjSjnTg",
    ),
    (
        "phc",
        "$pbkdf2-sha256$i=10000,l=32$AAECAwQFBgcICQoLDA0ODw$fHTfxE4W3WFeT+7lh9QD+vc1mN8kM1nxStDvCTdtQBs",
    ),
    ("bcrypt", "$2b$10$abcdefghijklmnopqrstuuIhU0o53d40HX0/P6oaQWzcKJo5Rv/UG"),
    (
        "argon2",
        "$argon2id$v=19$m=19456,t=2,p=1$uJe27UX5DcIsr6Aa3aQ3DQ$9yRP661SGpSxkP9f49Tk9yStHlcpZhKu04k06tJjzX4",
    ),
];
const OLD_PASSWORD: &str = "Old-System-Pass-1";

fn change(api: &Api, present: &str, new: &str) -> Answer {
    api.post(
        "/auth/password",
        &json!({"current_password": present, "new_password": new}),
    )
}

fn log_in(lab: &Lab, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password, "laboratory": lab.slug});
    lab.server.anonymous().post("/auth/login", &body)
}

fn ask_for_link(lab: &Lab, email: &str) -> Answer {
    lab.server
        .anonymous()
        .post("/auth/password-reset", &json!({"email": email, "laboratory": lab.slug}))
}

fn complete(lab: &Lab, token: &str, password: &str) -> Answer {
    lab.server.anonymous().post(
        "/auth/password-reset/complete",
        &json!({"token": token, "new_password": password}),
    )
}

/// The codes of the errors that a 422 has at this path.
#[track_caller]
fn codes(answer: &Answer, path: &str) -> BTreeSet<String> {
    let problem = answer.problem(422, "validation");
    let errors = problem["errors"].as_array().expect("errors").iter();
    let here = errors.filter(|error| error["path"] == path);
    let codes: BTreeSet<String> = here.map(|error| text(error, "code")).collect();
    assert!(!codes.is_empty(), "no error at {path}: {problem}");
    codes
}

fn set_policy(lab: &Lab, policy: &Value) -> Answer {
    let etag = lab.administrator.api.get("/laboratory").etag();
    lab.raised()
        .patch("/laboratory", &etag, &json!({"settings": {"password": policy}}))
}

/// One column of a person's row, as the owner of the database reads it.
fn column(lab: &Lab, column: &str, person: &str) -> String {
    let database = lab.server.database();
    let sql = format!("SELECT {column} FROM users WHERE email = '{person}'");
    database
        .as_owner(&format!("{}{sql}", database.choose_laboratory(&lab.id)))
        .expect("the row")
}

on_both_engines! {
    /// ATT-01 A laboratory tightens its policy, and cannot leave the safe bounds.
    fn the_policy_has_bounds_and_counts_at_once(engine) {
        let lab = Lab::fresh(engine);
        for (field, value) in [
            ("min_length", json!(7)), ("min_length", json!(65)), ("history", json!(25)), ("lockout_after", json!(2)),
            ("lockout_after", json!(21)), ("blocklist", json!(["abc"])), ("expires_after_days", json!(30)),
        ] {
            set_policy(&lab, &json!({field: value})).names_field(field);
        }
        set_policy(&lab, &json!({"min_length": 16, "composition": false, "blocklist": ["bluefin"]})).expect(200);
        let person = lab.hire("Policy Taker", &["viewer"]);
        let rules = person.api.get("/me").expect(200)["policy"]["password"].clone();
        assert_eq!(rules, json!({"min_length": 16, "max_length": 128, "composition": false, "history": 10}));
        let refused = change(&person.api, &person.password, "kettle moss ring");
        assert_eq!(refused.status, 204, "letters alone are enough here: {}", refused.text());
        let present = "kettle moss ring";
        assert_eq!(codes(&change(&person.api, present, "Heron-quay-7-ox"), "new_password"), BTreeSet::from(["too_short".to_owned()]));
        assert!(codes(&change(&person.api, present, "Blue-Fin kettle moss 7"), "new_password").contains("own_words"));
    }

    /// ATT-01, ATT-02, ATT-03 Each refusal has its code, and says in the person's language what to do.
    fn every_refusal_says_what_to_do(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Wilhelmina Quist", &["viewer"]);
        let long = format!("{}-7", "kettle moss lantern ".repeat(7));
        for (wanted, code) in [
            ("Heron-7", "too_short"), (long.as_str(), "too_long"), ("kettlemosslanternquay", "composition"),
            ("Kettle-Quist-moss-42", "own_words"), ("Kettle-R.i.v.e.r.s.i.d.e-42", "own_words"),
            ("password1234!", "common"), ("abcdefghijkl-1", "guessable"), ("aaaaaaaaaaaaaa-1", "guessable"),
            (person.password.as_str(), "reused"),
        ] {
            let found = codes(&change(&person.api, &person.password, wanted), "new_password");
            assert!(found.contains(code), "{wanted:?} should be {code}: {found:?}");
        }
        let check = |api: &Api, password: &str| api.post("/auth/password/check", &json!({"password": password})).expect(200);
        let weak = check(&person.api, "password1234!");
        assert_eq!((&weak["acceptable"], &weak["problems"][0]["code"]), (&json!(false), &json!("common")), "{weak}");
        let polish = check(&person.api.with("Accept-Language", "pl"), "password1234!");
        assert!(text(&polish["problems"][0], "message").contains("haseł"), "{polish}");
        let good = check(&person.api, &new_password());
        assert_eq!((&good["acceptable"], &good["problems"], &good["score"]), (&json!(true), &json!([]), &json!(4)));
        lab.server.anonymous().post("/auth/password/check", &json!({"password": "x"})).problem(401, "unauthenticated");
        person.api.get("/me").expect(200);
    }

    /// ATT-08 A change asks for the present password, ends the other sessions, and is told by mail.
    fn a_change_ends_the_other_sessions(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Changing", &["viewer"]);
        let elsewhere = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        let new = new_password();
        change(&person.api, "Wrong-Password-77", &new).problem(403, "reauthentication-failed");
        elsewhere.get("/me").expect(200);
        assert_eq!(change(&person.api, &person.password, &new).expect(204), Value::Null);
        elsewhere.get("/me").problem(401, "unauthenticated");
        person.api.get("/me").expect(200);
        log_in(lab, &person.email, &person.password).problem(401, "invalid-credentials");
        log_in(lab, &person.email, &new).expect(200);
        let told = awaited(&lab.server, &person.email, 1);
        assert!(told.text.contains("was changed"), "{}", told.text);
        let events = lab.as_role("auditor").all(&format!("/audit/events?object_type=user&object_id={}", person.id));
        assert!(events.iter().any(|event| event["action"] == "user.password_changed" && event["actor"]["id"] == person.id.as_str()), "{events:?}");
    }

    /// ATT-03 As many passwords as the policy says cannot come back.
    fn the_last_passwords_do_not_come_back(engine) {
        let lab = Lab::fresh(engine);
        set_policy(&lab, &json!({"history": 3})).expect(200);
        let person = lab.hire("Nostalgic", &["viewer"]);
        let [first, second, third, fourth] = [person.password.clone(), new_password(), new_password(), new_password()];
        let reused = |present: &str, wanted: &str| {
            assert_eq!(codes(&change(&person.api, present, wanted), "new_password"), BTreeSet::from(["reused".to_owned()]));
        };
        change(&person.api, &first, &second).expect(204);
        reused(&second, &first);
        change(&person.api, &second, &third).expect(204);
        reused(&third, &first);
        reused(&third, &second);
        reused(&third, &third);
        change(&person.api, &third, &fourth).expect(204);
        change(&person.api, &fourth, &first).expect(204);
        let database = lab.server.database();
        let kept = database.as_owner(&format!("{}SELECT COUNT(*) FROM password_history", database.choose_laboratory(&lab.id)));
        assert_eq!(kept.expect("a count"), "2", "no more is kept than the policy asks for");
    }

    /// ATT-08 From "I forgot it" to a new one: the newest link, once, and nobody learns which addresses exist.
    fn a_forgotten_password_is_replaced_by_a_link(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Forgetful", &["viewer"]);
        let nobody = lab.server.anonymous();
        let known = ask_for_link(lab, &person.email.to_uppercase());
        let unknown = ask_for_link(lab, "nobody@riverside.example");
        assert_eq!((known.status, &known.body), (202, &unknown.body), "{}", unknown.text());
        assert_eq!(known.status, unknown.status);
        let first = awaited(&lab.server, &person.email, 1).token();
        let look = |token: &str| nobody.post("/auth/password-reset/inspect", &json!({"token": token}));
        let link = look(&first).expect(200);
        assert_eq!((&link["purpose"], &link["email"], &link["second_factor"]), (&json!("reset"), &json!(person.email), &json!(false)));
        assert_eq!((&link["laboratory"]["slug"], &link["password_policy"]["min_length"]), (&json!(lab.slug), &json!(12)));
        let tried = nobody.post("/auth/password/check", &json!({"password": "Forgetful-kettle-42", "token": first})).expect(200);
        assert_eq!(tried["problems"][0]["code"], "own_words", "{tried}");

        ask_for_link(lab, &person.email).expect(202);
        let second = awaited(&lab.server, &person.email, 2).token();
        look(&first).problem(404, "not-found");
        complete(lab, &first, &new_password()).problem(404, "not-found");
        look(&format!("{}AAAA", &second[..second.len() - 4])).problem(404, "not-found");
        look("att_o_nonsense").problem(404, "not-found");

        assert!(codes(&complete(lab, &second, "password1234!"), "new_password").contains("common"));
        assert!(codes(&complete(lab, &second, &person.password), "new_password").contains("reused"));
        person.api.get("/me").expect(200);
        let new = new_password();
        complete(lab, &second, &new).expect(204);
        complete(lab, &second, &new_password()).problem(404, "not-found");
        person.api.get("/me").problem(401, "unauthenticated");
        log_in(lab, &person.email, &person.password).problem(401, "invalid-credentials");
        log_in(lab, &person.email, &new).expect(200);
        assert!(awaited(&lab.server, &person.email, 3).text.contains("was changed"));
        assert!(mails_to(&lab.server, "nobody@riverside.example").is_empty());
    }

    /// ATT-08, ATT-07 A link is worth what the mailbox is worth: whoever has a second factor shows it too.
    fn a_link_does_not_stand_in_for_a_second_factor(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Two Proofs", &["viewer"]);
        let (app, _recovery) = person.api.step_up(&person.password).set_up_app();
        ask_for_link(lab, &person.email).expect(202);
        let token = awaited(&lab.server, &person.email, 1).token();
        let nobody = lab.server.anonymous();
        let link = nobody.post("/auth/password-reset/inspect", &json!({"token": token})).expect(200);
        assert_eq!(link["second_factor"], true);
        let new = new_password();
        let asked = complete(lab, &token, &new).problem(403, "second-factor-required");
        assert!(asked["methods"].as_array().is_some_and(|methods| methods.contains(&json!("totp"))), "{asked}");
        let with = |otp: &str| {
            nobody.post("/auth/password-reset/complete", &json!({"token": token, "new_password": new, "otp": otp}))
        };
        with("000000").problem(403, "reauthentication-failed");
        person.api.get("/me").expect(200);
        with(&app.code(0)).expect(204);
        person.api.get("/me").problem(401, "unauthenticated");
        log_in(lab, &person.email, &new).problem(401, "mfa-required");
    }

    /// ATT-08, ATT-45 What was sent is not kept: a thief of the database finds no link, not even sealed.
    fn no_link_is_left_in_the_database(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Robbed", &["viewer"]);
        ask_for_link(lab, &person.email).expect(202);
        let token = awaited(&lab.server, &person.email, 1).token();
        let secret = &token[token.len() - 40..];
        let database = lab.server.database();
        assert!(!String::from_utf8_lossy(&database.loot()).contains(secret));
        assert!(!lab.server.printed().contains(secret));
        let left = format!("{}SELECT COUNT(*) FROM mails m JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id \
             WHERE u.email = '{}' AND m.sealed IS NOT NULL", database.choose_laboratory(&lab.id), person.email);
        let deadline = Instant::now() + Duration::from_secs(10);
        while database.as_owner(&left).expect("a count") != "0" {
            assert!(Instant::now() < deadline, "the letter is kept");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// ATT-08 Somebody who is added without a password chooses it alone.
    fn an_invited_person_chooses_the_first_password(engine) {
        let lab = Lab::shared(engine);
        let email = format!("{}@riverside.example", uuid::Uuid::new_v4().simple());
        let body = json!({"email": email, "name": "Invited Person", "language": "pl", "role_ids": [id(&lab.roles()["viewer"])]});
        let user = lab.raised().post("/users", &body).expect(201);
        assert_eq!(user["invited"], true);
        let first = awaited(&lab.server, &email, 1);
        assert!(first.text.contains("Ustaw hasło"), "in the person's language: {}", first.text);
        log_in(lab, &email, "Anything-at-all-42").problem(401, "invalid-credentials");
        let again = lab.raised().post(&format!("/users/{}/invite", id(&user)), &json!({})).expect(202);
        assert_eq!(again["mailed"], true);
        let second = awaited(&lab.server, &email, 2).token();
        complete(lab, &first.token(), &new_password()).problem(404, "not-found");
        let look = lab.server.anonymous().post("/auth/password-reset/inspect", &json!({"token": second})).expect(200);
        assert_eq!((&look["purpose"], &look["name"]), (&json!("invitation"), &json!("Invited Person")));
        let password = new_password();
        complete(lab, &second, &password).expect(204);
        let api = lab.server.anonymous().log_in(&lab.slug, &email, &password);
        assert_eq!(api.get("/me").expect(200)["must"], json!([]), "nobody else knows this password");
        assert_eq!(lab.administrator.api.get(&format!("/users/{}", id(&user))).expect(200)["invited"], false);
        lab.raised().post(&format!("/users/{}/invite", id(&user)), &json!({})).problem(409, "conflict-state");
        assert_eq!(mails_to(&lab.server, &email).len(), 2, "nobody is told of the password they just chose for the first time");
    }

    /// ATT-08 An administrator starts a reset and chooses nothing.
    fn an_administrator_does_not_choose_a_password(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Helped", &["viewer"]);
        let path = format!("/users/{}/reset-password", person.id);
        lab.raised().post(&path, &json!({"password": new_password()})).names_field("password");
        let started = lab.raised().post(&path, &json!({})).expect(202);
        assert_eq!(started["mailed"], true);
        assert!(text(&started, "expires_at") > chrono_now(), "{started}");
        assert!(!started.to_string().contains("att_o_"), "the link is the person's alone");
        person.api.get("/me").expect(200);
        let letter = awaited(&lab.server, &person.email, 1);
        assert!(letter.text.contains("administrator"), "{}", letter.text);
        let new = new_password();
        complete(lab, &letter.token(), &new).expect(204);
        person.api.get("/me").problem(401, "unauthenticated");
        log_in(lab, &person.email, &new).expect(200);
        let gone = lab.hire("Left", &["viewer"]);
        lab.raised().post(&format!("/users/{}/deactivate", gone.id), &json!({"reason": "left"})).expect(200);
        lab.raised().post(&format!("/users/{}/reset-password", gone.id), &json!({})).problem(409, "conflict-state");
        ask_for_link(lab, &gone.email).expect(202);
        thread::sleep(Duration::from_secs(1));
        assert!(mails_to(&lab.server, &gone.email).is_empty());
    }

    /// ATT-04 Hashes of other systems open the door once, and are ours from then on.
    fn foreign_hashes_are_taken_over_and_upgraded(engine) {
        let lab = Lab::fresh(engine);
        let mut csv = "email,name,roles,password_hash\n".to_owned();
        for (kind, hash) in FOREIGN {
            csv += &format!("{kind}@old.example,From {kind},viewer;analyst,\"{hash}\"\n");
        }
        csv += "invited@old.example,Without Hash,viewer,\n";
        let file = lab.server.scratch().join("people.csv");
        fs::write(&file, csv).unwrap();
        let import = |file: &std::path::Path| {
            lab.server.run(&["users", "import", "--laboratory", &lab.slug, "--file", &file.to_string_lossy()], "")
        };
        let done = import(&file);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(String::from_utf8_lossy(&done.stdout).contains("5 added with their password, 1 invited"));
        for (kind, hash) in FOREIGN {
            let email = format!("{kind}@old.example");
            assert_eq!(column(&lab, "password_hash", &email), hash);
            log_in(&lab, &email, "Old-System-Pass-2").problem(401, "invalid-credentials");
            assert_eq!(column(&lab, "password_hash", &email), hash, "a wrong password upgrades nothing");
            let begun = Instant::now();
            let me = log_in(&lab, &email, OLD_PASSWORD).expect(200);
            assert!(begun.elapsed() > Duration::from_millis(50), "{kind} answered faster than the dummy");
            assert_eq!(me["user"]["must"], json!([]), "their own password need not be changed");
            let upgraded = column(&lab, "password_hash", &email);
            assert!(upgraded.starts_with("$argon2id$v=19$m=65536,"), "{kind}: {upgraded}");
            log_in(&lab, &email, OLD_PASSWORD).expect(200);
            assert_eq!(column(&lab, "password_hash", &email), upgraded, "once is enough");
        }
        assert!(awaited(&lab.server, "invited@old.example", 1).text.contains("Choose your password"));

        let wrong = lab.server.scratch().join("wrong.json");
        let people = json!([
            {"email": "new@old.example", "name": "New", "roles": ["viewer"]},
            {"email": "bcrypt@old.example", "name": "Twin", "roles": ["viewer"]},
            {"email": "x@old.example", "name": "X", "roles": ["wizard"], "password_hash": "md5$abc"},
        ]);
        fs::write(&wrong, people.to_string()).unwrap();
        let refused = import(&wrong);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success());
        for part in ["item 2: email", "item 3: roles", "wizard", "item 3: password_hash"] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        assert!(lab.administrator.api.all("/users?q=new@old").is_empty(), "all or nobody");
    }

    /// ATT-06 The policy's number of wrong passwords makes an account wait; its owner and the administrator are told.
    fn an_account_that_waits_is_told_by_mail(engine) {
        let lab = Lab::fresh(engine);
        set_policy(&lab, &json!({"lockout_after": 3})).expect(200);
        let person = lab.hire("Attacked", &["viewer"]);
        for _ in 0..5 {
            log_in(&lab, &person.email, "Wrong-Password-77").problem(401, "invalid-credentials");
        }
        log_in(&lab, &person.email, &person.password).problem(401, "invalid-credentials");
        // Whoever guesses on does not make it longer, nor does the person's own right password.
        for _ in 0..5 {
            person.api.post("/auth/reauthenticate", &json!({"password": "Wrong-Password-77"})).problem(403, "reauthentication-failed");
        }
        let waits = person.api.post("/auth/reauthenticate", &json!({"password": person.password}));
        waits.problem(429, "account-waits");
        assert!(waits.header("Retry-After").parse::<u64>().unwrap() <= 60, "a minute, after 3 more tries");
        let owner = awaited(&lab.server, &person.email, 1);
        assert!(owner.text.contains("waits until"), "{}", owner.text);
        let told = awaited(&lab.server, &lab.administrator.email, 1);
        assert!(told.text.contains("Attacked") && told.text.contains(&person.email), "{}", told.text);
        let events = lab.as_role("auditor").all(&format!("/audit/events?object_type=user&object_id={}", person.id));
        assert_eq!(events.iter().filter(|event| event["action"] == "user.locked").count(), 1, "once, not at each further try");
        // Nobody is locked out for ever: a link opens the account at once.
        ask_for_link(&lab, &person.email).expect(202);
        let new = new_password();
        complete(&lab, &awaited(&lab.server, &person.email, 2).token(), &new).expect(204);
        log_in(&lab, &person.email, &new).expect(200);
    }

    /// A password that an administrator gave opens nothing but the way to one's own.
    fn an_initial_password_must_be_changed(engine) {
        let lab = Lab::fresh(engine);
        set_policy(&lab, &json!({"change_initial": true})).expect(200);
        let person: Person = lab.hire("Newcomer", &["viewer"]);
        assert_eq!(person.api.get("/me").expect(200)["must"], json!(["password"]));
        let refused = person.api.get("/samples").problem(403, "setup-required");
        assert_eq!(refused["must"], json!(["password"]));
        assert!(codes(&change(&person.api, &person.password, &person.password), "new_password").contains("reused"));
        let new = new_password();
        change(&person.api, &person.password, &new).expect(204);
        assert_eq!(person.api.get("/me").expect(200)["must"], json!([]));
        person.api.get("/samples").expect(200);
        let again = lab.server.anonymous().log_in(&lab.slug, &person.email, &new);
        assert_eq!(again.get("/me").expect(200)["must"], json!([]));
    }
}

fn chrono_now() -> String {
    let output = std::process::Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%S"])
        .output()
        .expect("date runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// ATT-32, ATT-08 Mailboxes are not for others to fill: neither from one address nor to one person.
#[test]
fn asking_for_links_is_limited() {
    let lab = Lab::fresh(Engine::Sqlite);
    let person = lab.hire("Pestered", &["viewer"]);
    let answers: Vec<u16> = (0..14).map(|_| ask_for_link(&lab, &person.email).status).collect();
    assert!(answers.starts_with(&[202; 5]), "{answers:?}");
    let refused = ask_for_link(&lab, &person.email);
    refused.problem(429, "rate-limited");
    assert!(refused.header("RateLimit-Policy").contains("reset-requests"));
    awaited(&lab.server, &person.email, 5);
    thread::sleep(Duration::from_secs(1));
    awaited(&lab.server, &person.email, 5);
}

/// Letters go to the mail server that is set, from the sender that is set, with links to the address people see.
#[test]
fn letters_go_to_the_mail_server() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let received = thread::spawn(move || one_letter(&listener));
    let url = format!("smtp://127.0.0.1:{port}");
    let settings = [
        ("ATTEST_SMTP_URL", url.as_str()),
        ("ATTEST_MAIL_FROM", "River Lab <lims@riverside.example>"),
        ("ATTEST_PUBLIC_URL", "https://lims.riverside.example/"),
    ];
    let lab = Lab::bootstrap(Server::start_with(Engine::Sqlite, &[], &settings), "testing");
    let person = lab.hire("Correspondent", &["viewer"]);
    ask_for_link(&lab, &person.email).expect(202);
    let (envelope, letter) = received.join().expect("a letter");
    assert!(envelope.contains("MAIL FROM:<lims@riverside.example>"), "{envelope}");
    assert!(envelope.contains(&format!("RCPT TO:<{}>", person.email)), "{envelope}");
    assert!(letter.raw.contains("Auto-Submitted: auto-generated"), "{}", letter.raw);
    assert!(
        letter
            .text
            .contains("https://lims.riverside.example/password#token=att_o_"),
        "{}",
        letter.text
    );
    assert!(!lab.server.data_dir().join("mail").exists());
}

/// A mail server for one letter (RFC 5321): what it was told, and the letter.
fn one_letter(listener: &TcpListener) -> (String, Mail) {
    let (stream, _) = listener.accept().expect("a connection");
    let mut out = stream.try_clone().expect("a stream");
    let mut lines = BufReader::new(stream).lines();
    let mut envelope = String::new();
    out.write_all(b"220 test ESMTP\r\n").expect("a greeting");
    loop {
        let line = lines.next().expect("a command").expect("text");
        envelope += &format!("{line}\n");
        let answer: &[u8] = match line.get(..4) {
            Some("EHLO") => b"250-test\r\n250 8BITMIME\r\n",
            Some("DATA") => b"354 go on\r\n",
            _ => b"250 fine\r\n",
        };
        out.write_all(answer).expect("an answer");
        if line == "DATA" {
            break;
        }
    }
    let body: Vec<String> = lines
        .by_ref()
        .map(|line| line.expect("text"))
        .take_while(|line| line != ".")
        .collect();
    out.write_all(b"250 taken\r\n").expect("an answer");
    (envelope, Mail::parse(&(body.join("\r\n") + "\r\n")))
}
