//! ATT-40: the owner of the database, triggers switched off, against the ledger. Whatever is done, an export afterwards
//! must not pass as whole: not to be had at all, or refused by the verifier, or inconsistent with what the reader holds.
//! And whoever looks after the server must hear of it: from the doctor, from readiness, from an export that fails.

use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{Api, id, text};
use attest_tests::proof::{hash, is_consistent, leaf_hash, members, open_checkpoint, verify_bundle};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use attest_tests::{Engine, Lab, Value, json, on_both_engines};

/// A laboratory with some history, and the checkpoint that an assessor took home.
fn laboratory_with_history(engine: Engine) -> (Lab, String) {
    let lab = Lab::fresh(engine);
    lab.verified();
    let auditor = lab.person("auditor");
    settled(&lab);
    let held = auditor.api.get("/audit/checkpoint").expect_bytes(200).text();
    assert!(open_checkpoint(&held, &lab.log_key).unwrap().size > 10, "some history");
    (lab, held)
}

/// Waits until the sequencer and the signer have caught up.
fn settled(lab: &Lab) {
    let auditor = lab.as_role("auditor");
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        let newest = auditor.get("/audit/events?limit=1").expect(200)["items"][0]["index"].as_u64();
        let note = auditor.get("/audit/checkpoint");
        let size = (note.status == 200).then(|| open_checkpoint(&note.text(), &lab.log_key).unwrap().size);
        if newest.is_some() && size == newest.map(|index| index + 1) {
            return;
        }
        assert!(Instant::now() < deadline, "the log does not settle");
        thread::sleep(Duration::from_millis(100));
    }
}

/// SQL that the owner of the database runs on a stopped server, with every trigger out of the way.
fn forge(lab: &Lab, sqlite: &[&str], postgres: &[&str]) {
    lab.server.kill();
    let database = lab.server.database();
    match lab.server.engine() {
        Engine::Sqlite => {
            let triggers = database
                .as_owner("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                .unwrap();
            for trigger in triggers.lines() {
                database.as_owner(&format!("DROP TRIGGER \"{trigger}\"")).unwrap();
            }
            for statement in sqlite {
                database.as_owner(statement).unwrap();
            }
        }
        Engine::Postgres => {
            let tables = ["audit_events", "audit_leaves", "audit_subtrees", "audit_checkpoints"];
            for table in tables {
                database
                    .as_owner(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"))
                    .unwrap();
            }
            for statement in postgres {
                database
                    .as_owner(&format!("{}{statement}", database.choose_laboratory(&lab.id)))
                    .unwrap();
            }
        }
    }
}

/// What an assessor with the key and an older checkpoint sees after a restart.
fn seen_by_the_assessor(lab: &Lab, held: &str) -> Result<(), String> {
    lab.server.try_restart()?;
    let (auditor, nobody) = (lab.person("auditor"), lab.server.anonymous());
    let login = json!({"email": auditor.email, "password": auditor.password, "laboratory": lab.slug});
    let login = nobody.post("/auth/login", &login);
    if login.status != 200 {
        return Err(format!("nobody can log in: {}", login.text()));
    }
    let api = nobody.with_token(login.json()["access_token"].as_str().unwrap());
    api.step_up(&auditor.password);
    let export = api.post("/audit/exports", &json!({"kind": "range", "held_checkpoint": held}));
    if export.status != 202 {
        return Err(format!("no export: {}", export.text()));
    }
    let path = format!("/audit/exports/{}", id(&export.json()));
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let state = api.get(&path).expect(200);
        match state["status"].as_str().unwrap() {
            "ready" => break,
            "failed" => return Err(state.to_string()),
            _ if Instant::now() > deadline => return Err("the export never gets ready".into()),
            _ => thread::sleep(Duration::from_millis(100)),
        }
    }
    let bundle = api.get(&format!("{path}/bundle")).expect_bytes(200).body;
    let proven = verify_bundle(&bundle, &lab.log_key)?;
    let held = open_checkpoint(held, &lab.log_key)?;
    let members = members(&bundle);
    let consistency = members.get("consistency.json").ok_or("no consistency proof")?;
    let consistency: Value = serde_json::from_slice(consistency).map_err(|error| error.to_string())?;
    let path: Result<Vec<_>, _> = consistency["path"]
        .as_array()
        .ok_or("no path")?
        .iter()
        .map(|item| hash(item.as_str().unwrap_or_default()))
        .collect();
    let grown = is_consistent(
        held.size,
        proven.checkpoint.size,
        held.root,
        proven.checkpoint.root,
        &path?,
    );
    if grown {
        Ok(())
    } else {
        Err("inconsistent with the checkpoint that was held".into())
    }
}

/// What `attest doctor` says, and whether it is content.
fn doctor(lab: &Lab) -> (bool, String) {
    let output = lab.server.run(&["doctor"], "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// The auditor, signed in anew, with the identity confirmed.
fn auditor_again(lab: &Lab) -> Api {
    let person = lab.person("auditor");
    let api = lab
        .server
        .anonymous()
        .log_in(&lab.slug, &person.email, &person.password);
    api.step_up(&person.password);
    api
}

/// Why an export fails.
fn export_fails(api: &Api) -> String {
    let export = api.post("/audit/exports", &json!({"kind": "range"})).expect(202);
    let path = format!("/audit/exports/{}", id(&export));
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let state = api.get(&path).expect(200);
        match state["status"].as_str().unwrap() {
            "failed" => return text(&state, "error"),
            "ready" => panic!("an export of a damaged log got ready"),
            _ => assert!(Instant::now() < deadline, "still not failed: {state}"),
        }
        thread::sleep(Duration::from_millis(100));
    }
}

const FORGED: &str = "0197b1e2-aaaa-7000-8000-00000000beef";

/// An event, in its one canonical form, that says that the log's key was replaced by one that nobody here made.
fn forged_rotation(lab: &Lab) -> Vec<u8> {
    let opened = auditor_again(lab).get("/audit/events/0/proof").expect(200);
    let mut entry: Value = serde_json::from_slice(&STANDARD.decode(text(&opened, "entry")).unwrap()).unwrap();
    entry["id"] = json!(FORGED);
    entry["action"] = json!("ledger.key_rotated");
    let (name, _) = lab.log_key.split_once('+').unwrap();
    entry["changes"] = json!([{"from": lab.log_key, "path": "verifier_key", "to": verifier_key(name)}]);
    serde_json::to_vec(&entry).unwrap()
}

/// The thief's own key, in the name of this log.
fn verifier_key(name: &str) -> String {
    let public = ed25519_dalek::SigningKey::from_bytes(&[7; 32])
        .verifying_key()
        .to_bytes();
    let key = [&[1], public.as_slice()].concat();
    let hash = Sha256::digest([name.as_bytes(), b"\n", &key].concat());
    format!("{name}+{}+{}", hex::encode(&hash[..4]), STANDARD.encode(key))
}

/// The statements that put it into the outbox, and, with a place, straight into the tree.
fn inserted(engine: Engine, entry: &[u8], place: Option<u64>) -> Vec<String> {
    let bytes = |raw: &[u8]| match engine {
        Engine::Sqlite => format!("X'{}'", hex::encode(raw)),
        Engine::Postgres => format!("'\\x{}'::bytea", hex::encode(raw)),
    };
    let event = match engine {
        Engine::Sqlite => format!("X'{}'", FORGED.replace('-', "")),
        Engine::Postgres => format!("'{FORGED}'::uuid"),
    };
    let columns = "tenant_id, at, actor_kind, actor_id, object_type, object_id, node, seq, mac, mac_key";
    let first = "(SELECT event_id FROM audit_leaves WHERE idx = 0)";
    let row = format!(
        "INSERT INTO audit_events (id, action, entry, {columns}) SELECT {event}, 'ledger.key_rotated', {}, {columns} FROM audit_events WHERE id = {first}",
        bytes(entry)
    );
    let tenant = "SELECT tenant_id FROM audit_leaves WHERE idx = 0";
    let next = match place {
        None => {
            format!("INSERT INTO audit_pending (tenant_id, event_id) SELECT tenant_id, {event} FROM ({tenant}) AS one")
        }
        Some(place) => format!(
            "INSERT INTO audit_leaves (tenant_id, idx, event_id, hash) SELECT tenant_id, {place}, {event}, {} FROM ({tenant}) AS one",
            bytes(&leaf_hash(entry))
        ),
    };
    vec![row, next]
}

const BACKDATE_SQLITE: &str = "UPDATE audit_events SET entry = CAST(replace(CAST(entry AS TEXT), '\"at\":\"2', '\"at\":\"1') AS BLOB) \
     WHERE id = (SELECT event_id FROM audit_leaves WHERE idx = 5)";
const BACKDATE_POSTGRES: &str = "UPDATE audit_events SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"at\":\"2', '\"at\":\"1'), 'UTF8') \
     WHERE id = (SELECT event_id FROM audit_leaves WHERE idx = 5)";

on_both_engines! {
    /// Without tampering the assessor is content, or the other stories here prove nothing.
    fn an_honest_history_holds(engine) {
        let (lab, held) = laboratory_with_history(engine);
        assert_eq!(seen_by_the_assessor(&lab, &held), Ok(()));
        let (lab, held) = laboratory_with_history(engine);
        forge(&lab, &[], &[]);
        assert_eq!(seen_by_the_assessor(&lab, &held), Ok(()), "a restart without triggers is not what is found out");
    }

    /// ATT-40 An entry rewritten.
    fn a_rewritten_entry_is_found(engine) {
        let (lab, held) = laboratory_with_history(engine);
        forge(&lab, &[BACKDATE_SQLITE], &[BACKDATE_POSTGRES]);
        let seen = seen_by_the_assessor(&lab, &held).expect_err("a rewritten entry went through");
        assert!(!seen.is_empty());
    }

    /// A rewritten entry gets no proof and no export, and the doctor says which one it is.
    fn a_rewritten_entry_is_told_to_whoever_asks(engine) {
        let (lab, _) = laboratory_with_history(engine);
        let (well, said) = doctor(&lab);
        assert!(well && said.contains(": well; "), "{said}");
        auditor_again(&lab).get("/audit/events/5/proof").expect(200);
        forge(&lab, &[BACKDATE_SQLITE], &[BACKDATE_POSTGRES]);
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains("event 5 is not the one that was hashed"), "{said}");
        assert!(said.contains("What to do: the database was changed behind the program."), "{said}");
        lab.server.restart();
        let api = auditor_again(&lab);
        let problem = api.get("/audit/events/5/proof").problem(500, "log-damaged");
        assert!(text(&problem, "detail").contains("event 5: the entry is not the one that was hashed"), "{problem}");
        api.get("/audit/events/4/proof").expect(200);
        let why = export_fails(&api);
        assert!(why.contains("the stored audit log is not what was signed") && why.contains("event 5"), "{why}");
    }

    /// A leaf changed together with its entry still does not lead to the signed root.
    fn a_rewritten_leaf_is_told_to_whoever_asks(engine) {
        let (lab, _) = laboratory_with_history(engine);
        let swap = "UPDATE audit_leaves SET hash = (SELECT hash FROM audit_leaves WHERE idx = 4) WHERE idx = 5";
        forge(&lab, &[swap], &[swap]);
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains("events are not those of their checkpoint"), "{said}");
        assert!(said.contains("events are not those that were signed last"), "{said}");
        lab.server.restart();
        auditor_again(&lab).get("/audit/events/3/proof").problem(500, "log-damaged");
    }

    /// ATT-40 Two entries in each other's place, leaves too.
    fn reordered_entries_are_found(engine) {
        let (lab, held) = laboratory_with_history(engine);
        let swap = [
            "UPDATE audit_leaves SET idx = 900005 WHERE idx = 5",
            "UPDATE audit_leaves SET idx = 5 WHERE idx = 6",
            "UPDATE audit_leaves SET idx = 6 WHERE idx = 900005",
        ];
        forge(&lab, &swap, &swap);
        seen_by_the_assessor(&lab, &held).expect_err("reordered entries went through");
    }

    /// ATT-40 The newest events gone, checkpoints and all.
    fn deleted_newest_events_are_found(engine) {
        let (lab, held) = laboratory_with_history(engine);
        let cut = [
            "DELETE FROM audit_pending",
            "DELETE FROM audit_leaves WHERE idx >= 8",
            "DELETE FROM audit_openings",
            "DELETE FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_leaves)",
            "DELETE FROM audit_checkpoints WHERE size > 8",
        ];
        forge(&lab, &cut, &cut);
        seen_by_the_assessor(&lab, &held).expect_err("a shortened log went through");
    }

    /// ATT-40 One event in the middle gone, the others moved up.
    fn a_removed_event_is_found(engine) {
        let (lab, held) = laboratory_with_history(engine);
        let cut = [
            "DELETE FROM audit_openings",
            "DELETE FROM audit_leaves WHERE idx = 5",
            "DELETE FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_leaves) AND id NOT IN (SELECT event_id FROM audit_pending)",
            "UPDATE audit_leaves SET idx = idx + 900000 WHERE idx > 5",
            "UPDATE audit_leaves SET idx = idx - 900001 WHERE idx > 900000",
        ];
        forge(&lab, &cut, &cut);
        seen_by_the_assessor(&lab, &held).expect_err("a removed event went through");
    }

    /// ATT-40 An event slipped into the outbox without the service's mac never becomes part of the log.
    fn an_inserted_event_is_quarantined(engine) {
        let (lab, held) = laboratory_with_history(engine);
        let columns = "tenant_id, at, actor_kind, actor_id, action, object_type, object_id, node, seq, mac, mac_key";
        let forged = "0197b1e2-aaaa-7000-8000-00000000beef";
        let sqlite_id = format!("X'{}'", forged.replace('-', ""));
        let insert = |id: &str, entry: &str| format!(
            "INSERT INTO audit_events (id, entry, {columns}) SELECT {id}, {entry}, {columns} FROM audit_events \
             WHERE id = (SELECT event_id FROM audit_leaves WHERE idx = 5)");
        let pending = |id: &str| format!("INSERT INTO audit_pending (tenant_id, event_id) SELECT tenant_id, {id} FROM audit_leaves WHERE idx = 5");
        let sqlite = [insert(&sqlite_id, "CAST(replace(CAST(entry AS TEXT), '\"at\":\"2', '\"at\":\"1') AS BLOB)"), pending(&sqlite_id)];
        let uuid = format!("'{forged}'::uuid");
        let postgres = [insert(&uuid, "convert_to(replace(convert_from(entry, 'UTF8'), '\"at\":\"2', '\"at\":\"1'), 'UTF8')"), pending(&uuid)];
        forge(&lab, &[&sqlite[0], &sqlite[1]], &[&postgres[0], &postgres[1]]);
        assert_eq!(seen_by_the_assessor(&lab, &held), Ok(()), "the log goes on without it");
        let database = lab.server.database();
        let chosen = database.choose_laboratory(&lab.id);
        let quarantined = database.as_owner(&format!("{chosen}SELECT count(*) FROM audit_quarantine")).unwrap();
        assert_eq!(quarantined, "1");
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains(&format!("event {forged} was set aside")), "{said}");
    }

    /// ATT-40 An event slipped into the outbox that tells of a new key: it never becomes part of the log, and the key stays.
    fn a_forged_rotation_of_the_key_is_quarantined(engine) {
        let (lab, held) = laboratory_with_history(engine);
        let statements = inserted(engine, &forged_rotation(&lab), None);
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        forge(&lab, &statements, &statements);
        assert_eq!(seen_by_the_assessor(&lab, &held), Ok(()), "the log goes on without it, under the key it had");
        let seen = auditor_again(&lab).get("/audit/keys").expect(200);
        assert_eq!((&seen["keys"][0]["verifier_key"], &seen["rotations"]), (&json!(lab.log_key), &json!([])));
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains(&format!("event {FORGED} was set aside")), "{said}");
    }

    /// ATT-40 The same, put straight into the tree, with its leaf: the signer made no such key and signs nothing from then on.
    fn a_forged_rotation_in_the_tree_gets_no_signature(engine) {
        let (lab, _) = laboratory_with_history(engine);
        let entry = forged_rotation(&lab);
        settled(&lab);
        let newest = lab.as_role("auditor").get("/audit/checkpoint").expect_bytes(200).text();
        let place = open_checkpoint(&newest, &lab.log_key).unwrap().size;
        let statements = inserted(engine, &entry, Some(place));
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        forge(&lab, &statements, &statements);
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains(&format!("event {place} does not fit its mac")), "{said}");
        assert!(said.contains(&format!("event {place} says that the log's key was replaced, but not by a key that was made here")), "{said}");
        lab.server.restart();
        let deadline = Instant::now() + Duration::from_secs(30);
        let ready = loop {
            let ready = lab.server.anonymous().get("/health/ready");
            if ready.status == 503 {
                break ready.problem(503, "log-unsigned");
            }
            assert!(Instant::now() < deadline, "nobody notices");
            thread::sleep(Duration::from_millis(200));
        };
        assert!(text(&ready, "detail").contains("that was made here"), "{ready}");
        let api = auditor_again(&lab);
        let why = export_fails(&api);
        assert!(why.contains("the audit log is not being signed"), "{why}");
        let newest = api.get("/audit/checkpoint").expect_bytes(200).text();
        assert_eq!(open_checkpoint(&newest, &lab.log_key).unwrap().size, place, "nothing behind it was signed");
    }

    /// ATT-40 An older database put back in place.
    fn a_restored_older_database_is_found(engine) {
        let (lab, _) = laboratory_with_history(engine);
        lab.server.kill();
        let old = lab.server.database().snapshot();
        lab.server.restart();
        let person = lab.person("analyst");
        let analyst = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        for _ in 0..5 {
            analyst.post("/samples", &lab.new_sample()).expect(201);
        }
        settled(&lab);
        let held = lab.as_role("auditor").get("/audit/checkpoint").expect_bytes(200).text();
        lab.server.kill();
        lab.server.database().restore(old);
        seen_by_the_assessor(&lab, &held).expect_err("an older database went through");
    }

    /// An older database put back in place: the service says that it is not well, and not twice a second.
    fn a_restored_older_database_is_told_to_whoever_asks(engine) {
        let (lab, _) = laboratory_with_history(engine);
        lab.server.kill();
        let old = lab.server.database().snapshot();
        lab.server.restart();
        let person = lab.person("analyst");
        let analyst = lab.server.anonymous().log_in(&lab.slug, &person.email, &person.password);
        for _ in 0..20 {
            analyst.post("/samples", &lab.new_sample()).expect(201);
        }
        settled(&lab);
        assert!(doctor(&lab).0);
        lab.server.kill();
        lab.server.database().restore(old);
        let (well, said) = doctor(&lab);
        assert!(!well && said.contains("an older database was restored or events were removed"), "{said}");
        assert!(said.contains("What to do: if a backup was restored, get the newer state back"), "{said}");

        lab.server.restart();
        let why = export_fails(&auditor_again(&lab));
        assert!(why.contains("the audit log is not being signed") && why.contains("an older database was restored"), "{why}");
        let ready = lab.server.anonymous().get("/health/ready").problem(503, "log-unsigned");
        assert!(text(&ready, "detail").contains("an older database was restored"), "{ready}");
        lab.server.anonymous().get("/health/live").expect(200);
        let printed = lab.server.printed();
        assert_eq!(printed.matches("could not be sequenced or signed").count(), 1, "{printed}");
    }
}
