//! ATT-17, ATT-24, ATT-43: erasing a person. Two people, and then nothing of the person is left, in no byte, while the log still
//! verifies and nothing that asks about them falls over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{Api, id, text};
use attest_tests::lab::Person;
use attest_tests::proof::{members, verify_bundle};
use attest_tests::server::attest_verify;
use attest_tests::story::MEANING;
use attest_tests::{Engine, Lab, Value, json, on_both_engines};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const FAMILY: &str = "Zgrzebnicka-Obłąk";
const GIVEN: &str = "Klementyna";
const BORN: &str = "1957-11-23";
const NUMBER: &str = "57112300424";
const PHONE: &str = "+48 601 222 909";
/// What people write about a patient, field by field.
const WORDS: [&str; 15] = [
    "REF-kanarek-8841",
    "zielony kanarek description",
    "kanarek remark at registration",
    "phlebotomist Kanarkowska",
    "ward kanarek, bed 4",
    "kanarek was haemolysed",
    "kanarek deviation",
    "EHR-kanarek-5523",
    "Dr. Kanarkiewicz",
    "kanarek remark on a value",
    "kanarek opinion",
    "kanarek remark on the report",
    "kanarek told by telephone",
    "kanarek asked for it in writing",
    "handed to kanarek",
];

/// A medical laboratory with a patient on whom a report was released.
struct Case {
    lab: Lab,
    patient: Value,
    sample: String,
    order: String,
    report: Value,
    code: String,
    first: Person,
    second: Person,
}

impl Case {
    fn new(engine: Engine) -> Self {
        Self::in_laboratory(Lab::fresh_medical(engine))
    }

    fn in_laboratory(lab: Lab) -> Self {
        let [first, second] = ["First Manager", "Second Manager"].map(|name| lab.hire(name, &["manager"]));
        let patient = registered(&lab);
        let (order, sample) = with_words(&lab, &patient, WORDS[7]);
        let report = reported(&lab, &sample);
        let code = text(&report, "verification_code");
        Self {
            lab,
            patient,
            sample,
            order,
            report,
            code,
            first,
            second,
        }
    }

    fn path(&self) -> String {
        format!("/patients/{}", id(&self.patient))
    }

    fn ask(&self, who: &Person) -> attest_tests::api::Answer {
        let body = json!({"reason": WORDS[13], "reason_code": "requested_by_person", "released_reports": true});
        who.api
            .step_up(&who.password)
            .post(&format!("{}/erase", self.path()), &body)
    }

    /// Both ask; the person is gone.
    fn erased(&self) -> Value {
        let asked = self.ask(&self.first).expect(202);
        assert_eq!(asked["status"], "requested", "{asked}");
        let done = self.ask(&self.second).expect(200);
        assert_eq!(done["status"], "done", "{done}");
        done
    }
}

fn registered(lab: &Lab) -> Value {
    lab.who_can("patient:manage").post("/patients", &json!({
        "family_name": FAMILY, "given_name": GIVEN, "birth_date": BORN, "sex": "female", "phone": PHONE, "email": "klementyna@home.example",
        "identifiers": [{"system": "PESEL", "value": NUMBER}],
    })).expect(201)
}

/// An order with a sample, described, received, entered and verified, with words in every field that takes some.
fn with_words(lab: &Lab, patient: &Value, number: &str) -> (String, String) {
    let (technician, catalogue) = (lab.as_role("technician"), lab.catalogue());
    let order = technician.post("/orders", &json!({
        "patient_id": patient["id"], "external_id": number, "requester": WORDS[8],
        "samples": [{"sample_type_id": id(&catalogue.river_water), "client_reference": WORDS[0], "description": WORDS[1], "remark": WORDS[2],
            "collected_at": "2026-01-15T08:30:00Z", "collected_by": WORDS[3], "collection_place": WORDS[4],
            "test_ids": [id(&catalogue.nitrate), id(&catalogue.iron)]}],
    })).expect(201);
    let sample = id(&order["samples"][0]);
    technician
        .post(
            &format!("/samples/{sample}/receive"),
            &json!({
        "condition": "compromised", "condition_note": WORDS[5], "deviations": [WORDS[6]]}),
        )
        .expect(200);
    for (result, value) in lab.sample(&sample)["results"]
        .as_array()
        .unwrap()
        .iter()
        .zip(["77.31", "0.9137"])
    {
        technician
            .post(
                &format!("/results/{}/enter", id(result)),
                &json!({"value": value, "remark": WORDS[9]}),
            )
            .expect(200);
        lab.verify(&id(result)).expect(200);
    }
    (id(&order), sample)
}

/// A report on the sample, signed, released and handed to somebody.
fn reported(lab: &Lab, sample: &str) -> Value {
    let doctor = lab.person("doctor");
    let draft = doctor
        .api
        .post(
            "/reports",
            &json!({"sample_ids": [sample], "remarks": WORDS[11], "opinions": [{"text": WORDS[10]}]}),
        )
        .expect(201);
    let signed = json!({"meaning": MEANING, "password": doctor.password, "content_sha256": draft["content_sha256"]});
    let path = format!("/reports/{}", id(&draft));
    doctor.api.post(&format!("{path}/authorize"), &signed).expect(200);
    let released = doctor.api.post(&format!("{path}/release"), &json!({})).expect(200);
    lab.who_can("report:deliver")
        .post(
            &format!("{path}/deliveries"),
            &json!({"to": WORDS[14], "channel": "in_person", "note": WORDS[12]}),
        )
        .expect(201);
    released
}

/// Everything that told about the person, in the forms it could be stored in.
fn telling() -> Vec<String> {
    let plain = [
        FAMILY,
        GIVEN,
        BORN,
        NUMBER,
        "601 222 909",
        "klementyna@home",
        "77.31",
        "0.9137",
    ]
    .into_iter()
    .chain(WORDS);
    plain
        .flat_map(|word| {
            [
                word.to_owned(),
                word.to_lowercase(),
                hex::encode(word),
                STANDARD.encode(word),
            ]
        })
        .collect()
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// A bundle of the whole log, and what the offline verifier says of it.
fn exported(lab: &Lab, person: &Person) -> (Vec<u8>, String) {
    let export = person
        .api
        .step_up(&person.password)
        .post("/audit/exports", &json!({"kind": "range"}))
        .expect(202);
    let path = format!("/audit/exports/{}", id(&export));
    let deadline = Instant::now() + Duration::from_secs(90);
    while person.api.get(&path).expect(200)["status"] != "ready" {
        assert!(
            Instant::now() < deadline,
            "the export is not ready: {}",
            person.api.get(&path).text()
        );
        thread::sleep(Duration::from_millis(200));
    }
    let bundle = person.api.get(&format!("{path}/bundle")).expect_bytes(200).body;
    let file = lab.server.scratch().join(format!("{}.zip", id(&export)));
    std::fs::write(&file, &bundle).unwrap();
    let (fits, said) = attest_verify(&file, &["--key", &lab.log_key]);
    assert!(fits, "{said}");
    (bundle, said)
}

fn files_under(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes.extend(files_under(&path));
        } else {
            bytes.extend(std::fs::read(&path).unwrap_or_default());
        }
    }
    bytes
}

on_both_engines! {
    /// ATT-17 ATT-24 Erasing needs a confirmed identity and two people: not the same one twice, nobody without the permission,
    /// nobody of another laboratory; whoever saw another version is refused.
    fn erasing_takes_two_people_who_confirm_who_they_are(engine) {
        let case = Case::new(engine);
        let (path, body) = (format!("{}/erase", case.path()), json!({"reason": "asked for", "released_reports": true}));
        case.first.api.post(&path, &body).problem(403, "step-up-required");
        let technician = case.lab.person("technician");
        technician.api.step_up(&technician.password).post(&path, &body).problem(403, "forbidden");
        let elsewhere = Lab::beside(&case.lab, "hillside", "medical");
        let stranger = elsewhere.hire("Manager Elsewhere", &["manager"]);
        stranger.api.step_up(&stranger.password).post(&path, &body).problem(404, "not-found");

        let first = case.first.api.step_up(&case.first.password);
        first.post(&path, &json!({"released_reports": true})).names_field("reason");
        first.with("If-Match", "\"77\"").post(&path, &body).problem(412, "stale");
        let asked = first.with("Idempotency-Key", "erase-1").post(&path, &body).expect(202);
        assert_eq!((&asked["status"], &asked["kind"], &asked["proof"]), (&json!("requested"), &json!("erase"), &Value::Null), "{asked}");
        let again = first.with("Idempotency-Key", "erase-1").post(&path, &body).expect(202);
        assert_eq!(id(&again), id(&asked), "a repeated request asks once");
        first.post(&path, &body).problem(409, "four-eyes");
        assert_eq!(text(&case.lab.who_can("patient:read").get(&case.path()).expect(200), "family_name"), FAMILY, "nothing happened yet");

        let second = case.second.api.step_up(&case.second.password);
        let done = second.with("Idempotency-Key", "erase-2").post(&path, &body).expect(200);
        assert_eq!((id(&done), text(&done, "status")), (id(&asked), "done".to_owned()));
        let entry = attest_tests::proof::proven(&done["proof"], &case.lab.log_key).expect("the erasure is proven in the answer");
        assert_eq!(entry["action"], "subject.erased", "{entry}");
        assert_eq!(entry["reason"]["code"], "requested_by_person");
        let repeated = second.with("Idempotency-Key", "erase-2").post(&path, &body).expect(200);
        assert_eq!(id(&repeated), id(&done));
        second.post(&path, &body).problem(409, "conflict-state");
    }

    /// ATT-43 What is in work is finished first, and released reports are not destroyed without being said.
    fn what_is_in_work_and_what_was_released_stands_in_the_way(engine) {
        let case = Case::new(engine);
        let path = format!("{}/erase", case.path());
        let first = case.first.api.step_up(&case.first.password);
        let refused = first.post(&path, &json!({"reason": "asked for"})).problem(409, "conflict-state");
        assert!(text(&refused, "detail").contains(&text(&case.report, "number")), "{refused}");
        let mut body = case.lab.new_sample();
        body.as_object_mut().unwrap().remove("client_id");
        body["patient_id"] = case.patient["id"].clone();
        let open = case.lab.as_role("technician").post("/samples", &body).expect(201);
        let refused = first.post(&path, &json!({"reason": "asked for", "released_reports": true})).problem(409, "conflict-state");
        assert!(text(&refused, "detail").contains(&text(&open, "accession_number")), "{refused}");
        case.lab.who_can("sample:cancel").post(&format!("/samples/{}/cancel", id(&open)), &json!({"reason": "not needed"})).expect(200);
        case.erased();
    }

    /// ATT-43 After erasure no plaintext is left: in the database and its journal, the search index, files, the ledger, logs,
    /// exports made afterwards; the person's wrapped key is gone from the bytes, too.
    fn nothing_of_the_person_is_left_in_any_byte(engine) {
        let case = Case::new(engine);
        let lab = &case.lab;
        let reader = lab.who_can("patient:read");
        assert_eq!(reader.post("/patients/search", &json!({"q": NUMBER})).expect(200)["items"].as_array().unwrap().len(), 1);
        let sample = lab.sample(&case.sample);
        assert_eq!(text(&sample, "remark"), WORDS[2], "before, those who may read it read it");
        assert_eq!(lab.as_role("technician").get(&format!("/samples?q={}", WORDS[0])).expect(200)["items"].as_array().unwrap().len(), 1, "and find it");
        assert_eq!(lab.as_role("technician").get(&format!("/orders?q={}", WORDS[7])).expect(200)["items"].as_array().unwrap().len(), 1);
        let (before, said) = exported(lab, &case.first);
        assert!(holds(&members(&before)["openings.jsonl"], FAMILY.as_bytes()), "an export from before tells the name: {said}");
        let export_files = files_under(&lab.server.data_dir().join("exports")).len();
        assert!(export_files > 0);
        let key_sql = "SELECT hex(wrapped_key) FROM subjects";
        let key = (engine == Engine::Sqlite).then(|| hex::decode(lab.server.database().as_owner(key_sql).unwrap().trim()).unwrap());
        if let Some(key) = &key {
            assert!(holds(&lab.server.database().loot(), key), "the wrapped key is in the file before");
        }
        case.erased();

        let deadline = Instant::now() + Duration::from_secs(20);
        while !files_under(&lab.server.data_dir().join("exports")).is_empty() {
            assert!(Instant::now() < deadline, "exports from before are still there");
            thread::sleep(Duration::from_millis(100));
        }
        let (after, said) = exported(lab, &case.first);
        assert!(said.contains("erased"), "{said}");
        assert!(verify_bundle(&after, &lab.log_key).is_ok());
        let file = lab.server.scratch().join("before.zip");
        std::fs::write(&file, &before).unwrap();
        let (fits, said) = attest_verify(&file, &["--key", &lab.log_key]);
        assert!(fits, "what an assessor took home before still verifies: {said}");

        let doctor = lab.server.run(&["doctor"], "");
        assert!(doctor.status.success(), "the log is whole: {}{}", String::from_utf8_lossy(&doctor.stdout), String::from_utf8_lossy(&doctor.stderr));

        let mut stored = lab.server.database().loot();
        let canary = lab.administrator.email.as_bytes();
        assert!(holds(&stored, canary), "the search itself works");
        if let Some(key) = &key {
            assert!(!holds(&stored, key), "the wrapped key can still be read in the file or its journal");
        }
        stored.extend(lab.server.printed().into_bytes());
        stored.extend(files_under(&lab.server.data_dir()));
        for member in members(&after).values() {
            stored.extend(member);
        }
        for word in telling() {
            assert!(!holds(&stored, word.as_bytes()), "{word:?} can still be read");
        }
        for q in [FAMILY.to_owned(), format!("{FAMILY} {GIVEN}"), NUMBER.to_owned()] {
            assert!(reader.post("/patients/search", &json!({"q": q})).expect(200)["items"].as_array().unwrap().is_empty());
        }
        let technician = lab.as_role("technician");
        for path in [format!("/samples?q={}", WORDS[0]), format!("/orders?q={}", WORDS[7])] {
            assert!(technician.get(&path).expect(200)["items"].as_array().unwrap().is_empty(), "{path}");
        }
    }

    /// ATT-43 Every question about an erased person has an answer, and none of them tells anything; nothing new is written about
    /// them, and what stands in the refrigerator can still be thrown away.
    fn every_question_about_an_erased_person_has_an_answer(engine) {
        let case = Case::new(engine);
        let lab = &case.lab;
        case.erased();
        let manager = &case.first.api;
        let tombstone = manager.get(&case.path()).expect(200);
        assert!(tombstone["erased_at"].is_string() && text(&tombstone, "family_name").is_empty(), "{tombstone}");
        let (sample, report) = (&case.sample, id(&case.report));
        let result = id(&lab.sample(sample)["results"][0]);
        for path in [
            "/patients".to_owned(), format!("/samples/{sample}"), "/samples".into(), format!("/samples/{sample}/timeline"), "/results".into(),
            format!("/results/{result}"), format!("/results/{result}/versions"), format!("/results/{result}/critical-notices"), "/orders".into(),
            format!("/orders/{}", case.order), "/reports".into(), format!("/reports/{report}"), format!("/reports/{report}/deliveries"),
            format!("/audit/events?object_id={}", id(&case.patient)), format!("/audit/events?object_id={sample}"), "/work".into(),
            "/two-person-requests".into(), "/critical-notices".into(),
        ] {
            let answer = manager.get(&path);
            if answer.status == 404 && path == "/critical-notices" {
                continue;
            }
            let told = answer.expect_bytes(200).text();
            for word in [FAMILY, GIVEN, NUMBER, BORN, "kanarek", "Kanarkiewicz", "77.31"] {
                assert!(!told.contains(word), "{path} still tells {word}: {told}");
            }
        }
        let exported = lab.who_can("result:export").get("/results/export?format=csv");
        assert!(exported.status < 500 && !exported.text().contains("77.31"), "{}", exported.text());
        assert_eq!(lab.sample(sample)["patient"]["name"], Value::Null);
        manager.get(&format!("/reports/{report}/document")).problem(409, "conflict-state");
        let public = lab.server.anonymous().get(&format!("/public/reports/{}", case.code)).expect(200);
        assert_eq!((text(&public, "status"), public["erased"].as_bool()), ("genuine".to_owned(), Some(true)), "{public}");

        let etag = manager.get(&case.path()).etag();
        manager.patch(&case.path(), &etag, &json!({"phone": "1"})).problem(409, "conflict-state");
        let etag = manager.get(&format!("/samples/{sample}")).etag();
        manager.patch(&format!("/samples/{sample}"), &etag, &json!({"remark": "back"})).problem(409, "conflict-state");
        manager.post(&format!("/results/{result}/retract"), &json!({"reason": "back"})).problem(409, "conflict-state");
        manager.post(&format!("/reports/{report}/amend"), &json!({"reason": "back"})).problem(409, "conflict-state");
        manager.post(&format!("/reports/{report}/withdraw"), &json!({"reason": "back"})).problem(409, "conflict-state");
        manager.post(&format!("/reports/{report}/deliveries"), &json!({"to": "back", "channel": "in_person"})).problem(409, "conflict-state");
        let mut body = lab.new_sample();
        body.as_object_mut().unwrap().remove("client_id");
        body["patient_id"] = case.patient["id"].clone();
        manager.post("/samples", &body).names_field("patient_id");
        let other = registered(lab);
        manager.post(&format!("/patients/{}/merge", id(&case.patient)), &json!({"into": id(&other), "reason": "back"})).problem(409, "conflict-state");
        manager.post(&format!("/samples/{sample}/dispose"), &json!({"reason": "retention is over"})).names_field("reason");
        manager.post(&format!("/samples/{sample}/dispose"), &json!({})).expect(200);
        let trail = lab.as_role("auditor").all("/audit/events");
        let entries: String = trail.iter().map(|event| String::from_utf8(STANDARD.decode(text(event, "entry")).unwrap()).unwrap()).collect();
        assert!(!entries.contains("\"back\""), "nothing about the person went plain into the log");
    }

    /// ATT-43 A record that was merged into another is the same person: it goes with it, key and all.
    fn records_that_were_merged_go_together(engine) {
        let lab = Lab::fresh_medical(engine);
        let twin = registered(&lab);
        with_words(&lab, &twin, "EHR-kanarek-5524");
        let case = Case::in_laboratory(lab);
        for person in [&case.first, &case.second] {
            let merge = json!({"into": id(&case.patient), "reason": "kanarek registered twice"});
            assert!(person.api.post(&format!("/patients/{}/merge", id(&twin)), &merge).status < 300);
        }
        let first = case.first.api.step_up(&case.first.password);
        first.post(&format!("/patients/{}/erase", id(&twin)), &json!({"reason": "x", "released_reports": true})).problem(409, "conflict-state");
        case.erased();
        let keys = case.lab.server.database().as_owner(&format!(
            "{}SELECT COUNT(*) FROM subjects WHERE wrapped_key IS NOT NULL", case.lab.server.database().choose_laboratory(&case.lab.id)));
        assert_eq!(keys.unwrap().trim().lines().last(), Some("0"), "no key of the person is left");
        let events = case.lab.as_role("auditor").all("/audit/events?action=subject.erased");
        assert_eq!(events.len(), 2, "each pseudonym has its event");
        let first = case.first.api.get(&format!("/patients/{}", id(&twin))).expect(200);
        assert!(first["erased_at"].is_string(), "{first}");
    }

    /// ATT-43 People who write while somebody is erased do not bring the person back.
    fn who_writes_meanwhile_brings_nobody_back(engine) {
        let case = Case::new(engine);
        let lab = &case.lab;
        let (stop, technician, manager) = (AtomicBool::new(false), lab.as_role("technician"), lab.who_can("patient:manage"));
        case.ask(&case.first).expect(202);
        thread::scope(|scope| {
            scope.spawn(|| while !stop.load(Ordering::Relaxed) {
                let mut body = lab.new_sample();
                body.as_object_mut().unwrap().remove("client_id");
                body["patient_id"] = case.patient["id"].clone();
                body["remark"] = json!("kanarek came back");
                let made = technician.post("/samples", &body);
                assert!(made.status < 500, "{}", made.text());
                if made.status == 201 {
                    lab.who_can("sample:cancel").post(&format!("/samples/{}/cancel", id(&made.json())), &json!({"reason": "kanarek again"}));
                }
            });
            scope.spawn(|| while !stop.load(Ordering::Relaxed) {
                let etag = manager.get(&case.path()).etag();
                let edited = manager.patch(&case.path(), &etag, &json!({"phone": "+48 600 000 111"}));
                assert!(edited.status < 500, "{}", edited.text());
            });
            scope.spawn(|| while !stop.load(Ordering::Relaxed) {
                let etag = technician.get(&format!("/samples/{}", case.sample)).etag();
                let edited = technician.patch(&format!("/samples/{}", case.sample), &etag, &json!({"remark": "kanarek once more"}));
                assert!(edited.status < 500, "{}", edited.text());
            });
            let deadline = Instant::now() + Duration::from_secs(30);
            loop {
                let answer = case.ask(&case.second);
                if answer.status == 200 || answer.status == 202 {
                    break;
                }
                assert_eq!(answer.status, 409, "{}", answer.text());
                if Instant::now() > deadline {
                    stop.store(true, Ordering::Relaxed);
                    panic!("never a moment without a sample in work");
                }
            }
            thread::sleep(Duration::from_millis(500));
            stop.store(true, Ordering::Relaxed);
        });
        assert!(technician.get(&format!("/samples/{}", case.sample)).expect(200)["remark"].is_null());
        let loot = lab.server.database().loot();
        for word in ["kanarek", "600 000 111", FAMILY] {
            assert!(!holds(&loot, word.as_bytes()), "{word} came back");
        }
        let found = lab.who_can("patient:read").post("/patients/search", &json!({"q": NUMBER})).expect(200);
        assert!(found["items"].as_array().unwrap().is_empty(), "{found}");
    }

    /// ATT-43 Whoever puts a database from before the erasure back does not bring the person back with it: the start destroys the
    /// key again, by the list that lies beside the keys.
    fn a_restored_database_does_not_bring_the_person_back(engine) {
        let case = Case::new(engine);
        let lab = &case.lab;
        lab.server.kill();
        let old = lab.server.database().snapshot();
        lab.server.restart();
        let again = |person: &Person| -> Api { lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password) };
        let body = json!({"reason": "asked for", "released_reports": true});
        for person in [&case.first, &case.second] {
            let answer = again(person).step_up(&person.password).post(&format!("{}/erase", case.path()), &body);
            assert!(answer.status < 300, "{}", answer.text());
        }
        let list = std::fs::read_to_string(lab.server.data_dir().join("keys/erased-persons.list")).expect("the list of the erased");
        assert_eq!(list.lines().count(), 1);
        assert!(list.starts_with(&lab.id) && !list.contains(&id(&case.patient)), "it names pseudonyms: {list}");
        lab.server.kill();
        lab.server.database().restore(old);
        lab.server.restart();
        let count = lab.server.database().as_owner(&format!(
            "{}SELECT COUNT(*) FROM subjects WHERE wrapped_key IS NOT NULL", lab.server.database().choose_laboratory(&lab.id)));
        assert_eq!(count.unwrap().trim().lines().last(), Some("0"), "the key that the old database had is destroyed");
        let manager = again(&case.first);
        let patient = manager.get(&case.path()).expect(200);
        assert!(patient["erased_at"].is_string() && !patient.to_string().contains(GIVEN), "{patient}");
        assert!(manager.post("/patients/search", &json!({"q": NUMBER})).expect(200)["items"].as_array().unwrap().is_empty());
        assert!(!manager.get(&format!("/samples/{}", case.sample)).expect_bytes(200).text().contains("kanarek"));
        let loot = lab.server.database().loot();
        assert!(!holds(&loot, b"kanarek") && !holds(&loot, FAMILY.as_bytes()));
    }

    /// ATT-24 What waits for a second person is seen by those who could be that person, counted for them, and can be taken back
    /// or declined; the reason is for those who may read about patients.
    fn requests_wait_where_the_second_person_sees_them(engine) {
        let case = Case::new(engine);
        let twin = registered(&case.lab);
        let (first, second) = (&case.first.api, &case.second.api);
        let merge = json!({"into": id(&case.patient), "reason": "kanarek registered twice"});
        first.post(&format!("/patients/{}/merge", id(&twin)), &merge).expect(202);
        case.ask(&case.first).expect(202);
        let listed = second.get("/two-person-requests").expect(200);
        let kinds: Vec<String> = listed["items"].as_array().unwrap().iter().map(|request| text(request, "kind")).collect();
        assert_eq!(kinds, ["erase", "merge"], "newest first: {listed}");
        let erasure = &listed["items"][0];
        assert_eq!((text(erasure, "reason"), erasure["yours"].as_bool(), text(&erasure["requested_by"], "name")),
            (WORDS[13].to_owned(), Some(false), "First Manager".to_owned()), "{erasure}");
        assert_eq!(second.get("/work").expect(200)["two_person_requests"], 2);
        assert_eq!(first.get("/work").expect(200)["two_person_requests"], 0, "one's own wait for others");
        assert_eq!(first.get("/two-person-requests").expect(200)["items"][0]["yours"], true);
        let doctor = case.lab.as_role("doctor");
        let seen = doctor.get("/two-person-requests").expect(200);
        let kinds: Vec<String> = seen["items"].as_array().unwrap().iter().map(|request| text(request, "kind")).collect();
        assert_eq!(kinds, ["merge"], "who may merge sees merges alone");
        assert!(case.lab.as_role("technician").get("/two-person-requests").expect(200)["items"].as_array().unwrap().is_empty());
        let page = second.get("/two-person-requests?limit=1").expect(200);
        let next = second.get(&format!("/two-person-requests?limit=1&after={}", text(&page, "next"))).expect(200);
        assert_eq!((text(&next["items"][0], "kind"), next["next"].is_null()), ("merge".to_owned(), true));

        let path = format!("/two-person-requests/{}/withdraw", id(erasure));
        case.lab.as_role("technician").post(&path, &json!({})).problem(404, "not-found");
        doctor.post(&path, &json!({})).problem(404, "not-found");
        let declined = second.post(&path, &json!({"reason": "kanarek has to be kept"})).expect(200);
        assert_eq!((text(&declined, "status"), text(&declined["ended_by"], "name")), ("withdrawn".to_owned(), "Second Manager".to_owned()));
        second.post(&path, &json!({})).problem(409, "conflict-state");
        let asked = case.ask(&case.second).expect(202);
        assert_eq!(asked["status"], "requested", "what was declined has to be asked for again");
        let mine = second.post(&format!("/two-person-requests/{}/withdraw", id(&asked)), &json!({})).expect(200);
        assert_eq!(mine["status"], "withdrawn");
        let loot = case.lab.server.database().loot();
        assert!(!holds(&loot, b"kanarek registered twice") && !holds(&loot, b"kanarek has to be kept"));
        let trail = case.lab.as_role("auditor").all("/audit/events?action=two_person_request.withdrawn");
        assert_eq!(trail.len(), 2);
    }

    /// ATT-24 A request that nobody confirms runs out after a week: it is not confirmed by accident a month later.
    fn a_request_runs_out(engine) {
        let case = Case::new(engine);
        let asked = case.ask(&case.first).expect(202);
        let database = case.lab.server.database();
        let old = match engine {
            Engine::Sqlite => "UPDATE dual_requests SET requested_at = '2026-01-01T00:00:00.000000Z'".to_owned(),
            Engine::Postgres => format!("{}UPDATE dual_requests SET requested_at = '2026-01-01T00:00:00Z'", database.choose_laboratory(&case.lab.id)),
        };
        database.as_owner(&old).unwrap();
        assert!(case.second.api.get("/two-person-requests").expect(200)["items"].as_array().unwrap().is_empty());
        assert_eq!(case.second.api.get("/work").expect(200)["two_person_requests"], 0);
        case.second.api.post(&format!("/two-person-requests/{}/withdraw", id(&asked)), &json!({})).problem(409, "conflict-state");
        let anew = case.ask(&case.second).expect(202);
        assert!(anew["status"] == "requested" && id(&anew) != id(&asked), "the second person is the first of a new request: {anew}");
        case.ask(&case.first).expect(200);
    }

    /// ATT-43 A sample that turns out to be another patient's takes its words and values along: they go with whom they are about.
    fn what_is_written_follows_the_sample_to_its_person(engine) {
        let case = Case::new(engine);
        let lab = &case.lab;
        let other = lab.who_can("patient:manage").post("/patients", &json!({
            "family_name": "Spokojny", "given_name": "Jan", "birth_date": "1980-01-01", "sex": "male", "identifiers": []})).expect(201);
        let order = lab.as_role("technician").post("/orders", &json!({"patient_id": other["id"], "samples": [
            {"sample_type_id": id(&lab.catalogue().river_water), "test_ids": [id(&lab.catalogue().nitrate)]}]})).expect(201);
        let (_, moved) = with_words(lab, &case.patient, "EHR-kanarek-5525");
        for person in [&case.first, &case.second] {
            let answer = person.api.post(&format!("/samples/{moved}/relink"), &json!({"order_id": id(&order), "reason": "mixed up"}));
            assert!(answer.status < 300, "{}", answer.text());
        }
        case.erased();
        let sample = lab.sample(&moved);
        assert_eq!((text(&sample, "remark"), text(&sample, "client_reference")), (WORDS[2].to_owned(), WORDS[0].to_owned()), "it is not hers: {sample}");
        assert!(sample.to_string().contains("77.31"), "nor are its values");
        let found = lab.as_role("technician").get(&format!("/samples?q={}", WORDS[0])).expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let client = lab.registered();
        let refused = case.first.api.post(&format!("/samples/{}/relink", id(&client)), &json!({"order_id": id(&order), "reason": "mixed up"}));
        refused.problem(409, "conflict-state");
    }

    /// ATT-43 What an earlier version wrote plain on patients' samples and orders is sealed at the next start; clients' words
    /// stay as they are.
    fn what_was_written_plain_before_is_sealed_at_the_next_start(engine) {
        let lab = Lab::fresh_medical(engine);
        let patient = registered(&lab);
        let (order, sample) = with_words(&lab, &patient, WORDS[7]);
        let client = lab.registered();
        let database = lab.server.database();
        lab.server.kill();
        let here = database.choose_laboratory(&lab.id);
        for statement in [
            "UPDATE samples SET remark = 'written kanarek before', client_reference = 'OLD-kanarek-1', reference_token = NULL WHERE patient_id IS NOT NULL",
            "UPDATE orders SET external_id = 'OLD-kanarek-2', external_token = NULL",
            "DELETE FROM counters WHERE name = 'texts-sealed'",
        ] {
            database.as_owner(&format!("{here}{statement}")).unwrap();
        }
        assert!(holds(&database.loot(), b"written kanarek before"));
        lab.server.restart();
        let person = lab.person("technician");
        let technician = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        let loot = database.loot();
        for word in ["written kanarek before", "OLD-kanarek-1", "OLD-kanarek-2"] {
            assert!(!holds(&loot, word.as_bytes()), "{word:?} is still plain");
        }
        assert!(holds(&loot, text(&client, "client_reference").as_bytes()), "a client's reference is searchable as it is");
        let read = technician.get(&format!("/samples/{sample}")).expect(200);
        assert_eq!((text(&read, "remark"), text(&read, "client_reference"), text(&read, "description")),
            ("written kanarek before".to_owned(), "OLD-kanarek-1".to_owned(), WORDS[1].to_owned()));
        assert_eq!(text(&technician.get(&format!("/orders/{order}")).expect(200), "external_id"), "OLD-kanarek-2");
        for path in ["/samples?q=OLD-kanarek-1", "/orders?q=OLD-kanarek-2"] {
            assert_eq!(technician.get(path).expect(200)["items"].as_array().unwrap().len(), 1, "{path}");
        }
    }
}
