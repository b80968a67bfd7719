//! Reports: signed once, never edited, checkable by anybody who holds the paper.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use attest_tests::api::{id, text};
use attest_tests::cluster::repository;
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// PDF/A-3a, PDF/UA-1, a signature over the whole file, and where the QR code leads, according to validators that nobody
/// here wrote.
pub fn assert_archival_and_signed(lab: &Lab, pdf: &[u8], qr: Option<&str>) {
    let file = lab.server.scratch().join(format!("{}.pdf", uuid::Uuid::new_v4()));
    fs::write(&file, pdf).unwrap();
    let mut check = Command::new(repository().join("tests/validators/check_pdf.sh"));
    check.arg(trusted_root(lab)).arg(&file).args(qr).stdin(Stdio::null());
    let output = check.output().expect("tests/validators/check_pdf.sh runs");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The certificate that a reader of the laboratory's documents is asked to trust.
fn trusted_root(lab: &Lab) -> PathBuf {
    let mut waiting = vec![lab.server.data_dir()];
    let mut certificates = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.to_string_lossy().contains(&lab.id) || path.to_string_lossy().contains(&lab.slug) {
            let content = fs::read(&path).unwrap_or_default();
            if content.starts_with(b"-----BEGIN CERTIFICATE-----") {
                certificates.push(path);
            }
        }
    }
    let root = certificates
        .iter()
        .find(|path| path.to_string_lossy().contains("root"))
        .or(certificates.first());
    root.unwrap_or_else(|| panic!("no certificate of {} in the data folder", lab.slug))
        .clone()
}

/// The text of a PDF, page by page, as a reader sees it.
pub fn words(lab: &Lab, pdf: &[u8]) -> String {
    let file = lab.server.scratch().join(format!("{}.pdf", uuid::Uuid::new_v4()));
    fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(&file)
        .arg("-")
        .output()
        .expect("pdftotext runs");
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

on_both_engines! {
    /// ISO/IEC 17025, 7.8.2: what the paper must say, and two validators on how it says it.
    fn a_released_report_says_what_the_standard_asks(engine) {
        let lab = Lab::shared(engine);
        let report = lab.released();
        let sample = lab.sample(&id(&report["samples"][0]));
        let document = lab.as_role("authorizer").get(&format!("/reports/{}/document", id(&report))).expect_bytes(200);
        let said = words(lab, &document.body);
        let signer = lab.person("authorizer").name;
        for wanted in [
            "Riverside Laboratory", "Nadrzeczna", "Zielonka Waterworks", "Kolejowa 1", &text(&report, "number"), &text(&sample, "accession_number"),
            "River water", "ISO 10304-1", "2.400", "mg/L", "11.3", &signer, attest_tests::story::MEANING, "relate only",
        ] {
            assert!(said.contains(wanted), "{wanted:?} is not on the report:\n{said}");
        }
        assert_archival_and_signed(lab, &document.body, Some(&text(&report, "public_url")));
        assert!(text(&report, "public_url").ends_with(&format!("/public/reports/{}", text(&report, "verification_code"))));
    }

    /// One flipped byte in the page, an attachment, the metadata, the digest or the signature, and the reader is told.
    fn a_tampered_report_is_refused_by_readers(engine) {
        let lab = Lab::shared(engine);
        let report = lab.released();
        let document = lab.as_role("authorizer").get(&format!("/reports/{}/document", id(&report))).expect_bytes(200);
        let file = lab.server.scratch().join(format!("{}.pdf", uuid::Uuid::new_v4()));
        fs::write(&file, &document.body).unwrap();
        let mut check = Command::new(repository().join("tests/validators/check_tamper.sh"));
        let output = check.arg(trusted_root(lab)).arg(&file).stdin(Stdio::null()).output().expect("check_tamper.sh runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    /// A draft can be looked at, is marked as one, and is not kept.
    fn a_preview_is_marked_as_a_draft(engine) {
        let lab = Lab::shared(engine);
        let draft = lab.drafted();
        let preview = lab.as_role("authorizer").get(&format!("/reports/{}/preview", id(&draft))).expect_bytes(200);
        assert_eq!(preview.header("content-type"), "application/pdf");
        assert!(words(lab, &preview.body).contains("DRAFT"));
    }

    /// Only verified results, unless the report says that it is preliminary and what is missing.
    fn a_preliminary_report_names_what_is_pending(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.entered();
        lab.verify(&id(&result_of(&sample, "NO3-N"))).expect(200);
        let authorizer = lab.as_role("authorizer");
        authorizer.post("/reports", &json!({"sample_ids": [id(&sample)]})).problem(409, "conflict-state");
        let draft = authorizer.post("/reports", &json!({"sample_ids": [id(&sample)], "kind": "preliminary"})).expect(201);
        let pending = draft["pending_tests"].to_string();
        assert!(pending.contains("Iron") && pending.contains("Lead") && !pending.contains("Nitrate"), "{pending}");
    }

    /// A final report takes the place of the preliminary one that it completes.
    fn a_final_report_supersedes_the_preliminary_one(engine) {
        let lab = Lab::shared(engine);
        let sample = lab.entered();
        lab.verify(&id(&result_of(&sample, "NO3-N"))).expect(200);
        let authorizer = lab.as_role("authorizer");
        let release = |draft: &Value| {
            lab.authorize(draft).expect(200);
            authorizer.post(&format!("/reports/{}/release", id(draft)), &json!({})).expect(200)
        };
        let preliminary = release(&authorizer.post("/reports", &json!({"sample_ids": [id(&sample)], "kind": "preliminary"})).expect(201));
        for code in ["FE", "PB"] {
            lab.verify(&id(&result_of(&sample, code))).expect(200);
        }
        let last = release(&authorizer.post("/reports", &json!({"sample_ids": [id(&sample)]})).expect(201));
        let before = authorizer.get(&format!("/reports/{}", id(&preliminary))).expect(200);
        assert_eq!(before["status"], "superseded");
        assert_eq!(before["amended_by"]["id"], last["id"], "{before}");
        let public = lab.server.anonymous().get(&format!("/public/reports/{}", text(&preliminary, "verification_code"))).expect(200);
        assert_eq!((&public["status"], &public["superseded_by"]), (&json!("superseded"), &last["number"]));
    }

    /// Retracting what a released report says marks it at once, also for the public.
    fn a_retraction_marks_the_released_report(engine) {
        let lab = Lab::shared(engine);
        let report = lab.released();
        let nitrate = result_of(&lab.sample(&id(&report["samples"][0])), "NO3-N");
        lab.who_can("result:retract").post(&format!("/results/{}/retract", id(&nitrate)), &json!({"reason": "wrong vial"})).expect(200);
        let now = lab.as_role("authorizer").get(&format!("/reports/{}", id(&report))).expect(200);
        assert_eq!((&now["status"], &now["under_correction"]), (&json!("released"), &json!(true)));
        let public = lab.server.anonymous().get(&format!("/public/reports/{}", text(&report, "verification_code"))).expect(200);
        assert_eq!(public["status"], "under_correction");
    }

    /// Retracting what an authorised report says voids the signature.
    fn a_retraction_voids_a_signature(engine) {
        let lab = Lab::shared(engine);
        let report = lab.authorized();
        let nitrate = result_of(&lab.sample(&id(&report["samples"][0])), "NO3-N");
        lab.who_can("result:retract").post(&format!("/results/{}/retract", id(&nitrate)), &json!({"reason": "wrong vial"})).expect(200);
        let now = lab.as_role("authorizer").get(&format!("/reports/{}", id(&report))).expect(200);
        assert_eq!(now["status"], "draft");
        let release = lab.as_role("authorizer").post(&format!("/reports/{}/release", id(&report)), &json!({}));
        release.problem(409, "conflict-state");
    }

    /// The public check tells its four truths and nothing of the contents.
    fn the_public_check_reveals_nothing_else(engine) {
        let lab = Lab::shared(engine);
        let report = lab.released();
        let nobody = lab.server.anonymous();
        let path = format!("/public/reports/{}", text(&report, "verification_code"));
        let genuine = nobody.get(&path);
        assert_eq!(genuine.expect(200)["status"], "genuine");
        for secret in ["Waterworks", "Nitrate", "2.4", "ACC", "client", "sample"] {
            assert!(!genuine.text().contains(secret), "{secret}: {}", genuine.text());
        }
        let page = nobody.with("Accept", "text/html,application/xhtml+xml").get(&path).expect_bytes(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let withdraw = format!("/reports/{}/withdraw", id(&report));
        lab.as_role("authorizer").post(&withdraw, &json!({})).names_field("reason");
        lab.as_role("authorizer").post(&withdraw, &json!({"reason": "wrong client"})).expect(200);
        assert_eq!(nobody.get(&path).expect(200)["status"], "withdrawn");
        assert_eq!(nobody.get("/public/reports/AAAA-BBBB-CCCC-DDDD").status, 404);
        let draft = lab.drafted();
        assert_eq!(nobody.get(&format!("/public/reports/{}", id(&draft))).status, 404, "an id is no verification code");
    }

    /// To whom it went, how and when.
    fn deliveries_are_kept(engine) {
        let lab = Lab::shared(engine);
        let report = lab.released();
        let path = format!("/reports/{}/deliveries", id(&report));
        let deliverer = lab.as_role("authorizer");
        let api = if lab.role_holds("authorizer", "report:deliver") { deliverer } else { lab.who_can("report:deliver") };
        api.post(&path, &json!({"to": "Zielonka Waterworks", "channel": "post"})).expect(201);
        api.post(&path, &json!({"to": "x", "channel": "pigeon"})).names_field("channel");
        let kept = api.get(&path).expect(200);
        assert_eq!(kept["items"][0]["to"], "Zielonka Waterworks");
        assert_eq!(kept["items"].as_array().unwrap().len(), 1);
    }

    /// The same draft cannot be signed twice, and a signature needs a meaning.
    fn a_report_is_signed_once(engine) {
        let lab = Lab::shared(engine);
        let draft = lab.drafted();
        let authorizer = lab.person("authorizer");
        let path = format!("/reports/{}/authorize", id(&draft));
        authorizer.api.post(&path, &json!({"password": authorizer.password})).names_field("meaning");
        lab.authorize(&draft).expect(200);
        lab.authorize(&draft).problem(409, "conflict-state");
        let patch = authorizer.api.get(&format!("/reports/{}", id(&draft)));
        authorizer.api.patch(&format!("/reports/{}", id(&draft)), &patch.etag(), &json!({"remarks": "late"})).problem(409, "conflict-state");
    }

    /// Whose key stands behind the signatures is in the log, once, before the first of them.
    fn the_key_that_signs_documents_is_named_in_the_log(engine) {
        let lab = Lab::fresh(engine);
        lab.released();
        lab.released();
        let events = lab.as_role("auditor").all("/audit/events?action=key.created");
        assert_eq!(events.len(), 1, "{events:?}");
        let (object, entry) = (&events[0]["object"], STANDARD.decode(text(&events[0], "entry")).unwrap());
        let entry: Value = serde_json::from_slice(&entry).unwrap();
        assert_eq!(object["label"], "documents");
        let fingerprint = entry["object"]["id"].as_str().unwrap();
        assert!(fingerprint.len() == 64 && fingerprint.chars().all(|c| c.is_ascii_hexdigit()), "{fingerprint}");
    }
}
