//! ATT-35: files that people attach to orders, samples and results.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::api::{id, text};
use attest_tests::files::{JPEG, attach, pdf, pdf_of, png, zip};
use attest_tests::{Answer, Api, Engine, Lab, Server, Value, json, on_both_engines, raw};
use sha2::{Digest, Sha256};

fn attached(api: &Api, path: &str, name: &str, content: &[u8]) -> Value {
    attach(api, path, name, content).expect(201)
}

/// The file of a thing: where it is looked at, and its bytes.
fn content_of(api: &Api, path: &str, file: &Value) -> Answer {
    api.get(&format!("{path}/{}/content", id(file)))
}

/// Where the files of a fresh sample are.
fn files_of_a_sample(lab: &Lab) -> String {
    format!("/samples/{}/files", id(&lab.registered()))
}

/// A laboratory whose installation has little room and little time for files.
fn cramped(engine: Engine) -> Lab {
    let settings = [
        ("ATTEST_MAX_FILE_BYTES", "600000"),
        ("ATTEST_LABORATORY_FILE_BYTES", "1500000"),
        ("ATTEST_UPLOAD_SECONDS", "3"),
    ];
    Lab::bootstrap(Server::start_with(engine, &[], &settings), "testing")
}

/// A patient of a medical laboratory.
fn patient(lab: &Lab, family_name: &str) -> Value {
    let body = json!({"family_name": family_name, "given_name": "Celestyna", "sex": "female", "identifiers": []});
    lab.who_can("patient:manage").post("/patients", &body).expect(201)
}

/// A patient's sample with one test.
fn sample_of(lab: &Lab, patient: &Value) -> Value {
    let catalogue = lab.catalogue();
    lab.as_role("technician").post("/samples", &json!({
        "patient_id": id(patient), "sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)],
    })).expect(201)
}

/// Two managers send the same, as acts of two people ask for.
fn both(lab: &Lab, path: &str, body: &Value) {
    for name in ["First Manager", "Second Manager"] {
        let manager = lab.hire(name, &["manager"]);
        let answer = manager.api.step_up(&manager.password).post(path, body);
        assert!(answer.status < 300, "{}", answer.text());
    }
}

fn erase(lab: &Lab, patient: &Value) {
    let body = json!({"reason": "asked for", "reason_code": "requested_by_person", "released_reports": true});
    both(lab, &format!("/patients/{}/erase", id(patient)), &body);
}

/// How many rows a table has, as its owner counts them.
fn rows(lab: &Lab, table: &str) -> String {
    let choose = lab.server.database().choose_laboratory(&lab.id);
    let counted = lab
        .server
        .database()
        .as_owner(&format!("{choose}SELECT COUNT(*) FROM {table}"))
        .unwrap();
    counted.lines().last().unwrap_or_default().trim().to_owned()
}

/// The head of an upload, with more lines if there are any.
fn head(lab: &Lab, path: &str, lines: &str) -> String {
    let token = lab.as_role(lab.bench()).access_token();
    format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Disposition: attachment; filename=\"form.pdf\"\r\n{lines}\r\n"
    )
}

on_both_engines! {
    /// ATT-35 What was attached comes back byte for byte, to be saved and never shown, and both is in the trail.
    fn a_file_comes_back_as_it_was(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let sample = lab.registered();
        let path = format!("/samples/{}/files", id(&sample));
        let bytes = pdf("request form");
        let answer = attach(&analyst, &path, "Skierowanie – żółć.pdf", &bytes);
        let file = answer.expect(201);
        assert_eq!(answer.header("location"), format!("/api/v1{path}/{}", id(&file)));
        assert_eq!(file["name"], "Skierowanie – żółć.pdf");
        assert_eq!((&file["kind"], &file["media_type"]), (&json!("pdf"), &json!("application/pdf")));
        assert_eq!(file["size"], bytes.len());
        assert_eq!(file["sha256"], hex::encode(Sha256::digest(&bytes)));
        assert_eq!(file["shared_with_client"], false);
        let download = content_of(&analyst, &path, &file).expect_bytes(200);
        assert_eq!(download.body, bytes);
        for (header, value) in [
            ("content-type", "application/pdf"), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"),
            ("content-security-policy", "sandbox; default-src 'none'"), ("content-length", &bytes.len().to_string()),
        ] {
            assert_eq!(download.header(header), value, "{header}");
        }
        let disposition = download.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"Skierowanie"), "{disposition}");
        assert!(disposition.ends_with("filename*=UTF-8''Skierowanie%20%E2%80%93%20%C5%BC%C3%B3%C5%82%C4%87.pdf"), "{disposition}");
        let listed = analyst.get(&path).expect(200);
        assert_eq!(listed["items"][0], analyst.get(&format!("{path}/{}", id(&file))).expect(200));
        let timeline = analyst.get(&format!("/samples/{}/timeline", id(&sample))).expect(200);
        let told: Vec<String> = timeline["items"].as_array().unwrap().iter().map(|entry| text(entry, "action")).collect();
        assert_eq!(told, ["sample.registered", "file.attached", "file.downloaded"]);
        let sentence = text(&timeline["items"][1], "sentence");
        assert!(sentence.contains("attached a file to") && sentence.contains("Skierowanie"), "{sentence}");
    }

    /// ATT-35 Orders and results take files as samples do; each is seen where it hangs and nowhere else.
    fn orders_and_results_have_files_too(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let sample = lab.registered();
        let catalogue = lab.catalogue();
        let order = analyst.post("/orders", &json!({
            "client_id": id(&catalogue.client),
            "samples": [{"sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)]}],
        })).expect(201);
        let of_order = format!("/orders/{}/files", id(&order));
        let of_result = format!("/results/{}/files", id(&sample["results"][0]));
        let of_sample = format!("/samples/{}/files", id(&sample));
        let form = attached(&analyst, &of_order, "form.pdf", &pdf("form"));
        let printout = attached(&analyst, &of_result, "run.csv", b"test;value\r\nNO3-N;<0.030\r\n");
        assert_eq!(printout["kind"], "csv");
        assert_eq!(content_of(&analyst, &of_result, &printout).header("content-type"), "text/csv; charset=utf-8");
        for (path, file) in [(&of_sample, &form), (&of_sample, &printout), (&of_order, &printout), (&of_result, &form)] {
            analyst.get(&format!("{path}/{}", id(file))).problem(404, "not-found");
            content_of(&analyst, path, file).problem(404, "not-found");
        }
        let timeline = analyst.get(&format!("/samples/{}/timeline", id(&sample))).expect(200).to_string();
        assert!(timeline.contains("run.csv"), "what hangs on a result is told with its sample: {timeline}");
    }

    /// ATT-35 The content decides, not the name and not the sender: what is none of the kinds is refused, and says why.
    fn the_content_decides(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = format!("/samples/{}/files", id(&lab.registered()));
        let lying = analyst.with("Content-Type", "application/x-msdownload");
        let file = attached(&lying, &path, "photo.png", &png());
        assert_eq!(file["media_type"], "image/png", "whatever the sender calls it");
        let page = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>".to_vec();
        let drawing = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
        let bomb = zip(&[("bomb", &vec![0; 1 << 20])]);
        for (what, name, content, code) in [
            ("a page called a picture", "photo.png", page.clone(), "active_content"),
            ("a page called text", "notes.txt", page, "active_content"),
            ("a drawing with a script", "drawing.svg", drawing.clone(), "active_content"),
            ("a drawing called a picture", "drawing.png", drawing, "active_content"),
            ("a program", "form.pdf", b"MZ\x90\0\x03\0\0\0\x04".to_vec(), "unknown_kind"),
            ("a script", "run.txt", b"#!/bin/sh\nrm -rf /\n".to_vec(), "active_content"),
            ("an archive", "form.pdf", bomb, "unknown_kind"),
            ("nothing", "form.pdf", Vec::new(), "empty"),
            ("a picture called a document", "form.pdf", png(), "extension"),
            ("a document called a program", "form.pdf.exe", pdf("x"), "extension"),
            ("half a picture", "photo.png", png()[..40].to_vec(), "damaged"),
            ("text in another encoding", "notes.txt", b"pr\xf3bka".to_vec(), "not_utf8"),
        ] {
            let answer = attach(&analyst, &path, name, &content);
            assert_eq!(answer.names_field("file"), code, "{what}");
        }
        assert_eq!(analyst.all(&path).len(), 1);
    }

    /// ATT-35 A file that is two things at once is neither.
    fn a_file_is_one_thing(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(lab);
        let archive = zip(&[("index.html", b"<script>alert(1)</script>")]);
        let page = b"<html><script>alert(1)</script></html>".to_vec();
        for (what, name, content, code) in [
            ("a picture with a page behind it", "a.png", [png(), page.clone()].concat(), "two_things"),
            ("a photograph with an archive behind it", "a.jpg", [JPEG, &archive].concat(), "two_things"),
            ("a document with an archive in its end", "a.pdf", [pdf("x"), archive.clone(), b"\n%%EOF\n".to_vec()].concat(), "two_things"),
            ("an archive with a document behind it", "a.pdf", [archive, pdf("x")].concat(), "unknown_kind"),
            ("a page with a document in it", "a.pdf", [page, pdf("x")].concat(), "active_content"),
        ] {
            assert_eq!(attach(&analyst, &path, name, &content).names_field("file"), code, "{what}");
        }
        attached(&analyst, &path, "a.jpg", JPEG);
    }

    /// ATT-35 Nothing that is sent is unpacked: neither what is compressed on its way nor what is an archive, so that nothing
    /// small becomes something large.
    fn nothing_is_unpacked(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(lab);
        // Two megabytes of zeros, as a member of an archive: its beginning is what gzip would send.
        let bomb = zip(&[("zeros", &vec![0; 2 << 20])]);
        assert!(bomb.len() < 10_000);
        let begun = Instant::now();
        for coding in ["gzip", "deflate", "br", "zstd", "gzip, identity"] {
            let compressed = analyst.with("Content-Encoding", coding);
            attach(&compressed, &path, "form.pdf", &bomb).problem(415, "unsupported-media-type");
            compressed.post_bytes("/samples", &bomb).problem(415, "unsupported-media-type");
            lab.server.anonymous().with("Content-Encoding", coding).post_bytes("/auth/login", &bomb).problem(415, "unsupported-media-type");
        }
        assert_eq!(attach(&analyst, &path, "form.zip", &bomb).names_field("file"), "unknown_kind");
        assert_eq!(attach(&analyst, &path, "form.docx", &bomb).names_field("file"), "unknown_kind");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        let form = analyst.with("Content-Type", "multipart/form-data; boundary=x");
        attach(&form, &path, "form.pdf", b"--x\r\n\r\n--x--").problem(415, "unsupported-media-type");
    }

    /// ATT-35 A name is a line that a person reads: no place in a file system, no header, nothing that reads otherwise than it is.
    fn a_name_is_only_a_name(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(lab);
        for (name, code) in [
            ("../../../etc/passwd", "path"), ("..\\..\\windows\\system32\\a.pdf", "path"), ("/etc/passwd", "path"), ("..", "path"),
            ("a\r\nSet-Cookie: x=1.pdf", "control_character"), ("a\0.pdf", "control_character"), ("invoice\u{202e}fdp.exe", "deceptive_character"),
            ("a\u{200b}.pdf", "deceptive_character"), ("   ", "empty"),
        ] {
            assert_eq!(attach(&analyst, &path, name, &pdf("x")).names_field("file"), code, "{name:?}");
        }
        let long = format!("{}.pdf", "a".repeat(252));
        assert_eq!(attach(&analyst, &path, &long, &pdf("x")).names_field("file"), "too_long");
        let named = |disposition: &str| analyst.with("Content-Disposition", disposition).post_bytes(&path, &pdf("x"));
        for unreadable in ["attachment", "attachment; filename=", "attachment; filename=\"a", "attachment; filename*=UTF-8''%ff%fe.pdf", "attachment; filename*=ISO-8859-2''a.pdf"] {
            assert_eq!(named(unreadable).names_field("Content-Disposition"), "invalid", "{unreadable}");
        }
        assert_eq!(analyst.post_bytes(&path, &pdf("x")).names_field("Content-Disposition"), "required");
        let wild = "a\"; filename=\"evil.exe\"; x=\"%0d%0a.pdf";
        let file = attached(&analyst, &path, wild, &pdf("wild"));
        assert_eq!(file["name"], wild);
        let disposition = content_of(&analyst, &path, &file).expect_bytes(200).header("content-disposition");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(disposition.ends_with("filename*=UTF-8''a%22%3B%20filename%3D%22evil.exe%22%3B%20x%3D%22%250d%250a.pdf"), "{disposition}");
        assert_eq!(attached(&analyst, &path, "no ending", &pdf("other"))["name"], "no ending.pdf");
    }

    /// ATT-35 ATT-33 The same content once, however often it is sent; a repeated request finds what the first one made.
    fn the_same_file_is_attached_once(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let (path, other) = (files_of_a_sample(lab), files_of_a_sample(lab));
        let keyed = analyst.with("Idempotency-Key", &uuid::Uuid::new_v4().to_string());
        let first = attached(&keyed, &path, "form.pdf", &pdf("once"));
        assert_eq!(attached(&keyed, &path, "form.pdf", &pdf("once")), first);
        attach(&keyed, &path, "form.pdf", &pdf("twice")).problem(422, "idempotency-mismatch");
        attach(&keyed, &path, "other name.pdf", &pdf("once")).problem(422, "idempotency-mismatch");
        let twin = attach(&analyst, &path, "other name.pdf", &pdf("once")).problem(409, "duplicate");
        assert!(text(&twin, "detail").contains("form.pdf"), "{twin}");
        attached(&analyst, &other, "form.pdf", &pdf("once"));
        let statuses: Vec<u16> = thread::scope(|scope| {
            let sending: Vec<_> = (0..2).map(|_| scope.spawn(|| attach(&analyst, &path, "photo.png", &png()).status)).collect();
            sending.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        assert!(statuses.contains(&201) && statuses.contains(&409), "{statuses:?}");
        assert_eq!(analyst.all(&path).len(), 2);
    }

    /// ATT-35 ATT-31 Too large, too much in all, too slow, broken off: refused in words, and nothing of it is left.
    fn limits_hold_and_nothing_is_left_behind(engine) {
        let lab = cramped(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(&lab);
        let too_large = attach(&analyst, &path, "large.pdf", &pdf_of("large", 600_000)).problem(413, "too-large");
        assert!(text(&too_large, "detail").contains("600000"), "{too_large}");
        // Without a length announced, and more than anybody would wait for.
        let port = lab.server.port();
        let endless = |bytes: usize| {
            let mut stream = raw::connect(port, Duration::from_secs(20));
            stream.write_all(head(&lab, &path, "Transfer-Encoding: chunked\r\n").as_bytes()).unwrap();
            let chunk = [format!("{:x}\r\n", 64 * 1024).into_bytes(), vec![b'x'; 64 * 1024], b"\r\n".to_vec()].concat();
            for _ in 0..bytes / (64 * 1024) {
                if stream.write_all(&chunk).is_err() {
                    break;
                }
            }
            let _ = stream.write_all(b"0\r\n\r\n");
            let mut line = [0; 12];
            stream.read_exact(&mut line).unwrap();
            String::from_utf8_lossy(&line).into_owned()
        };
        assert_eq!(endless(1_000_000), "HTTP/1.1 413");

        // Half of it, and then the line is cut.
        let whole = pdf_of("cut", 200_000);
        let mut cut = raw::connect(port, Duration::from_secs(5));
        cut.write_all(head(&lab, &path, &format!("Content-Length: {}\r\n", whole.len())).as_bytes()).unwrap();
        cut.write_all(&whole[..100_000]).unwrap();
        drop(cut);
        // Half of it, and then nothing.
        let slow = raw::exchange_within(port, &[head(&lab, &path, "Content-Length: 200000\r\n").as_bytes(), &whole[..1000]].concat(), Duration::from_secs(8));
        assert!(slow.starts_with("HTTP/1.1 408") && slow.contains("/problems/request-timeout"), "{slow}");
        assert!(analyst.all(&path).is_empty());
        assert_eq!((rows(&lab, "files"), rows(&lab, "file_chunks")), ("0".to_owned(), "0".to_owned()));

        for number in 0..2 {
            attached(&analyst, &path, &format!("{number}.pdf"), &pdf_of(&number.to_string(), 590_000));
        }
        let full = attach(&analyst, &path, "third.pdf", &pdf_of("third", 590_000)).problem(413, "storage-full");
        assert!(text(&full, "detail").contains("laboratory_file_bytes"), "{full}");
        attached(&analyst, &path, "small.pdf", &pdf("there is room for a small one"));
        let others = analyst.get("/samples?limit=1").expect(200);
        assert!(!others["items"].as_array().unwrap().is_empty(), "the work goes on");
    }

    /// ATT-35 ATT-31 Nobody takes all the places: a third file of one person waits until one has arrived; others do not.
    fn one_sender_has_two_places(engine) {
        let lab = cramped(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(&lab);
        let drips: Vec<_> = (0..2).map(|_| {
            let mut stream = raw::connect(lab.server.port(), Duration::from_secs(5));
            stream.write_all(head(&lab, &path, "Content-Length: 1000\r\n").as_bytes()).unwrap();
            stream.write_all(b"%PDF-1.7").unwrap();
            stream
        }).collect();
        thread::sleep(Duration::from_millis(500));
        let third = attach(&analyst, &path, "third.pdf", &pdf("third"));
        third.problem(429, "rate-limited");
        assert!(!third.header("retry-after").is_empty());
        let other = lab.as_role("manager");
        attached(&other, &path, "other.pdf", &pdf("somebody else's"));
        drop(drips);
        thread::sleep(Duration::from_millis(500));
        attached(&analyst, &path, "third.pdf", &pdf("third"));
    }

    /// ATT-35 Neither content nor name of a file is in what a thief of the database carries away.
    fn files_are_encrypted_at_rest(engine) {
        let lab = Lab::fresh(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(&lab);
        let mark = "Heron-counts-of-the-quay-77";
        let content = pdf_of(mark, 700_000);
        let file = attached(&analyst, &path, "herons-of-the-quay.pdf", &content);
        assert_eq!(content_of(&analyst, &path, &file).expect_bytes(200).body, content, "three chunks");
        let loot = lab.server.database().loot();
        assert!(!loot.is_empty());
        let hex = |bytes: &[u8]| hex::encode(bytes).into_bytes();
        for secret in [mark.as_bytes(), b"/Title (Heron", &content[300_000..300_032], &content[690_000..690_032]] {
            for form in [secret.to_vec(), hex(secret)] {
                assert!(!loot.windows(form.len()).any(|window| window == form), "{:?} is in the database", String::from_utf8_lossy(&form));
            }
        }
    }

    /// ATT-35 Chunks that somebody moved, swapped between files, cut off, repeated or changed: found before a byte is served.
    fn a_tampered_file_is_not_served(engine) {
        let lab = Lab::fresh(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(&lab);
        let make = |name: &str| attached(&analyst, &path, &format!("{name}.pdf"), &pdf_of(name, 700_000));
        let [whole, moved, cut, shortened, changed, swapped] = ["whole", "moved", "cut", "shortened", "changed", "swapped"].map(make);
        let database = lab.server.database();
        for act in ["UPDATE file_chunks SET idx = 9 WHERE idx = 1", "DELETE FROM file_chunks WHERE idx = 1"] {
            let refused = database.as_owner(&format!("{}{act}", database.choose_laboratory(&lab.id)));
            assert!(refused.unwrap_err().contains("append-only"), "{act}");
        }
        let uuid = |file: &Value| match engine {
            Engine::Sqlite => format!("x'{}'", id(file).replace('-', "")),
            Engine::Postgres => format!("'{}'", id(file)),
        };
        let doors = match engine {
            Engine::Sqlite => &["DROP TRIGGER file_chunks_no_update", "DROP TRIGGER file_chunks_no_delete"][..],
            Engine::Postgres => &["ALTER TABLE file_chunks DISABLE TRIGGER USER"],
        };
        for open in doors {
            database.as_owner(open).unwrap();
        }
        let flipped = match engine {
            Engine::Sqlite => "CAST(bytes || x'00' AS BLOB)",
            Engine::Postgres => "set_byte(bytes, 70000, 255 - get_byte(bytes, 70000))",
        };
        let statements = [
            format!("UPDATE file_chunks SET idx = 7 WHERE file_id = {} AND idx = 0", uuid(&moved)),
            format!("UPDATE file_chunks SET idx = 0 WHERE file_id = {} AND idx = 1", uuid(&moved)),
            format!("UPDATE file_chunks SET idx = 1 WHERE file_id = {} AND idx = 7", uuid(&moved)),
            format!("DELETE FROM file_chunks WHERE file_id = {} AND idx = 2", uuid(&cut)),
            format!("DELETE FROM file_chunks WHERE file_id = {} AND idx = 2", uuid(&shortened)),
            format!("UPDATE files SET chunks = 2, size = 524288 WHERE id = {}", uuid(&shortened)),
            format!("UPDATE file_chunks SET bytes = {flipped} WHERE file_id = {} AND idx = 1", uuid(&changed)),
            format!("UPDATE file_chunks SET bytes = (SELECT w.bytes FROM file_chunks w WHERE w.file_id = {} AND w.idx = 1) WHERE file_id = {} AND idx = 1", uuid(&whole), uuid(&swapped)),
        ];
        for statement in statements {
            database.as_owner(&format!("{}{statement}", database.choose_laboratory(&lab.id))).unwrap();
        }
        for (what, file) in [("moved", &moved), ("cut", &cut), ("shortened", &shortened), ("changed", &changed), ("swapped", &swapped)] {
            let answer = content_of(&analyst, &path, file);
            answer.problem(500, "internal");
            assert!(!answer.body.starts_with(b"%PDF"), "{what}");
        }
        content_of(&analyst, &path, &whole).expect_bytes(200);
        assert!(lab.server.printed().contains("chunk"), "the log says which");
    }

    /// ATT-35 ATT-21 A client sees what was shared with it, until it is withdrawn; another client, another laboratory and who lacks
    /// the permission see nothing.
    fn files_are_seen_by_whom_they_concern(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(lab);
        let belonging = |client: &Value| {
            let person = lab.hire("Sees Files", &["client"]);
            let user = format!("/users/{}", person.id);
            lab.raised().patch(&user, &lab.administrator.api.get(&user).etag(), &json!({"client_id": id(client)})).expect(200);
            person.api
        };
        let other = lab.who_can("client:manage").post("/clients", &json!({"name": "Another Quay"})).expect(201);
        let (mine, theirs) = (belonging(&lab.catalogue().client), belonging(&other));
        let inner = attached(&analyst, &path, "bench notes.pdf", &pdf("for us alone"));
        let shared = attach(&analyst, &format!("{path}?shared_with_client=true"), "photo.png", &png()).expect(201);
        assert_eq!(shared["shared_with_client"], true);
        let seen = |api: &Api| -> Vec<String> { api.all(&path).iter().map(id).collect() };
        assert_eq!(seen(&mine), [id(&shared)]);
        assert_eq!(content_of(&mine, &path, &shared).expect_bytes(200).body, png());
        content_of(&mine, &path, &inner).problem(404, "not-found");
        let timeline = mine.get(&path.replace("/files", "/timeline")).expect(200).to_string();
        assert!(!timeline.contains("bench notes"), "{timeline}");
        mine.with("Content-Disposition", "attachment; filename=a.pdf").post_bytes(&path, &pdf("a")).problem(403, "forbidden");

        let file = format!("{path}/{}", id(&inner));
        analyst.call("PATCH", &file, Some(&json!({"shared_with_client": true}))).problem(428, "precondition-required");
        analyst.patch(&file, "\"7\"", &json!({"shared_with_client": true})).problem(412, "stale");
        let etag = analyst.get(&file).etag();
        assert_eq!(analyst.patch(&file, &etag, &json!({"shared_with_client": true})).expect(200)["version"], 2);
        assert_eq!(seen(&mine), [id(&inner), id(&shared)]);

        theirs.get(&path).problem(404, "not-found");
        content_of(&theirs, &path, &shared).problem(404, "not-found");
        let neighbour = Lab::neighbour(engine);
        let stranger = neighbour.as_role(neighbour.bench());
        for answer in [stranger.get(&path), content_of(&stranger, &path, &shared), attach(&stranger, &path, "a.pdf", &pdf("a"))] {
            answer.problem(404, "not-found");
        }
        let own = files_of_a_sample(neighbour);
        content_of(&stranger, &own, &shared).problem(404, "not-found");
        lab.administrator.api.get(&path).problem(403, "forbidden");
        attach(&lab.as_role("viewer"), &path, "a.pdf", &pdf("a")).problem(403, "forbidden");
        lab.server.anonymous().get(&path).problem(401, "unauthenticated");
    }

    /// ATT-35 What was attached by mistake is marked, not lost: in the laboratory it stays, for the client it is gone.
    fn a_withdrawn_file_stays_as_evidence(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role(lab.bench());
        let path = files_of_a_sample(lab);
        let file = attach(&analyst, &format!("{path}?shared_with_client=true"), "form.pdf", &pdf("of another sample")).expect(201);
        let withdraw = format!("{path}/{}/withdraw", id(&file));
        analyst.post(&withdraw, &json!({})).names_field("reason");
        analyst.with("If-Match", "\"9\"").post(&withdraw, &json!({"reason": "x"})).problem(412, "stale");
        let withdrawn = analyst.post(&withdraw, &json!({"reason": "form of another sample"})).expect(200);
        assert_eq!(withdrawn["withdrawn"]["reason"], "form of another sample");
        assert_eq!(withdrawn["withdrawn"]["by"]["name"], lab.person(lab.bench()).name.as_str());
        analyst.post(&withdraw, &json!({"reason": "again"})).problem(409, "conflict-state");
        let etag = analyst.get(&format!("{path}/{}", id(&file))).etag();
        analyst.patch(&format!("{path}/{}", id(&file)), &etag, &json!({"shared_with_client": false})).problem(409, "conflict-state");
        assert_eq!(content_of(&analyst, &path, &file).expect_bytes(200).body, pdf("of another sample"));
        attached(&analyst, &path, "form.pdf", &pdf("of another sample"));
        let timeline = analyst.get(&path.replace("/files", "/timeline")).expect(200).to_string();
        assert!(timeline.contains("withdrew a file of") && timeline.contains("form of another sample"), "{timeline}");
    }

    /// ATT-35 ATT-43 A patient's file: its name tells who somebody is, so that it is shown with `patient:read` alone, is in no plain
    /// byte, and is gone with the person.
    fn a_patients_file_is_gone_with_the_person(engine) {
        let lab = Lab::fresh_medical(engine);
        let technician = lab.as_role("technician");
        let patient = patient(&lab, "Kormoranowska");
        let sample = sample_of(&lab, &patient);
        let path = format!("/samples/{}/files", id(&sample));
        let file = attached(&technician, &path, "Kormoranowska skierowanie.pdf", &pdf("Kormoranowska, born 1971"));
        assert_eq!(content_of(&technician, &path, &file).expect_bytes(200).body, pdf("Kormoranowska, born 1971"));
        let viewer = lab.as_role("viewer");
        let hidden = viewer.get(&format!("{path}/{}", id(&file))).expect(200);
        assert_eq!((&hidden["name"], &hidden["sha256"], &hidden["kind"]), (&Value::Null, &Value::Null, &json!("pdf")));
        content_of(&viewer, &path, &file).problem(403, "forbidden");
        let looked = lab.as_role("auditor").all(&format!("/audit/events?object_id={}", id(&patient)));
        assert!(looked.iter().any(|event| event["action"] == "patient.viewed"), "{looked:?}");
        thread::sleep(Duration::from_secs(2));
        let loot = lab.server.database().loot();
        for secret in ["Kormoranowska", &hex::encode("Kormoranowska"), &hex::encode(Sha256::digest(pdf("Kormoranowska, born 1971")))] {
            assert!(!loot.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }

        technician.post(&format!("/samples/{}/cancel", id(&sample)), &json!({"reason": "came twice"})).expect(200);
        erase(&lab, &patient);
        content_of(&technician, &path, &file).problem(410, "erased");
        let gone = technician.get(&path).expect(200)["items"][0].clone();
        assert_eq!((&gone["erased"], &gone["name"]), (&json!(true), &Value::Null));
        attach(&technician, &path, "late.pdf", &pdf("late")).problem(409, "conflict-state");
        technician.post(&format!("{path}/{}/withdraw", id(&file)), &json!({"reason": "late"})).problem(409, "conflict-state");
        technician.get(&format!("/samples/{}/timeline", id(&sample))).expect(200);
    }

    /// ATT-35 ATT-43 A sample that turns out to be another person's takes its files along: the first person's erasure leaves them,
    /// the other's reaches them.
    fn files_go_with_their_sample(engine) {
        let lab = Lab::fresh_medical(engine);
        let technician = lab.as_role("technician");
        let [first, second] = ["Czaplowska", "Rybitwowska"].map(|name| patient(&lab, name));
        let sample = sample_of(&lab, &first);
        let path = format!("/samples/{}/files", id(&sample));
        let of_result = format!("/results/{}/files", id(&sample["results"][0]));
        let form = attached(&technician, &path, "form.pdf", &pdf("mixed up"));
        let printout = attached(&technician, &of_result, "run.csv", b"iron;0.07\n");
        let catalogue = lab.catalogue();
        let order = technician.post("/orders", &json!({
            "patient_id": id(&second),
            "samples": [{"sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)]}],
        })).expect(201);
        both(&lab, &format!("/samples/{}/relink", id(&sample)), &json!({"order_id": id(&order), "reason": "labels were mixed up"}));
        erase(&lab, &first);
        assert_eq!(content_of(&technician, &path, &form).expect_bytes(200).body, pdf("mixed up"));
        assert_eq!(content_of(&technician, &of_result, &printout).expect_bytes(200).body, b"iron;0.07\n");
        technician.post(&format!("/orders/{}/cancel", id(&order)), &json!({"reason": "asked for"})).expect(200);
        erase(&lab, &second);
        content_of(&technician, &path, &form).problem(410, "erased");
        content_of(&technician, &of_result, &printout).problem(410, "erased");
    }
}

/// ATT-35 What one node received another one serves: the bytes are where all nodes are (PostgreSQL).
#[test]
fn every_node_serves_every_file() {
    let lab = Lab::fresh(Engine::Postgres);
    let node = lab.server.another_node();
    let analyst = lab.as_role(lab.bench());
    let path = files_of_a_sample(&lab);
    let content = pdf_of("far", 600_000);
    let file = attached(&analyst, &path, "far.pdf", &content);
    let there = node.as_well(&analyst);
    assert_eq!(content_of(&there, &path, &file).expect_bytes(200).body, content);
}
