//! What stands on a report, and the data inside it that machines read.

use std::fs;
use std::process::Command;

use attest_tests::api::{id, text};
use attest_tests::story::result_of;
use attest_tests::{Lab, Value, json, on_both_engines};
use sha2::{Digest, Sha256};

use crate::reports::words;

/// A file that is attached to a PDF, taken out by a program that nobody here wrote.
fn attached(lab: &Lab, pdf: &[u8], name: &str) -> Vec<u8> {
    let paper = lab.server.scratch().join(format!("{}.pdf", uuid::Uuid::new_v4()));
    let file = lab.server.scratch().join(format!("{}.attached", uuid::Uuid::new_v4()));
    fs::write(&paper, pdf).unwrap();
    let output = Command::new("pdfdetach")
        .args(["-savefile", name, "-o"])
        .arg(&file)
        .arg(&paper)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(file).unwrap()
}

/// A released report in this language on a sample with nitrate measured, iron at its limit and lead not found.
fn released(lab: &Lab, language: &str) -> (Value, Vec<u8>) {
    let sample = lab.received();
    for (code, value) in [("NO3-N", "2.4"), ("FE", "0.07"), ("PB", "ND")] {
        lab.enter(&result_of(&sample, code), value).expect(200);
        lab.verify(&id(&result_of(&sample, code))).expect(200);
    }
    let authorizer = lab.as_role("authorizer");
    let draft = authorizer
        .post("/reports", &json!({"sample_ids": [id(&sample)], "language": language}))
        .expect(201);
    lab.authorize(&draft).expect(200);
    let path = format!("/reports/{}", id(&draft));
    let report = authorizer.post(&format!("{path}/release"), &json!({})).expect(200);
    let document = authorizer.get(&format!("{path}/document")).expect_bytes(200);
    (report, document.body)
}

on_both_engines! {
    /// Non-detects name the limit they lie below, whose data are the customer's is explained, and where it was tested is said.
    fn a_reader_of_the_paper_is_left_no_riddle(engine) {
        let lab = Lab::shared(engine);
        let (_, pdf) = released(lab, "en");
        let said = words(lab, &pdf);
        for wanted in ["< 0.0002 (LOD)", "LOD below the limit of detection", "C supplied by the customer", "Place of testing", "at the laboratory’s address",
                       "(8 %, k = 2)"] {
            assert!(said.contains(wanted), "{wanted:?} is not on the report:\n{said}");
        }
        let (_, pdf) = released(lab, "pl");
        let said = words(lab, &pdf);
        for wanted in ["< 0,0002 (LOD)", "poniżej granicy wykrywalności", "pod adresem laboratorium"] {
            assert!(said.contains(wanted), "{wanted:?} is not on the report:\n{said}");
        }
    }

    /// The attached JSON is data in any language: decimal points, UTC, codes, ids; and it is exactly what was signed.
    fn a_machine_reads_the_report_without_reading_words(engine) {
        let lab = Lab::shared(engine);
        let (report, pdf) = released(lab, "pl");
        let data: Value = serde_json::from_slice(&attached(lab, &pdf, "report.json")).unwrap();
        assert_eq!((&data["schema"], &data["draft"]), (&json!("attest.report/v2"), &json!(false)));
        assert_eq!(data["verification"]["code"], report["verification_code"]);
        assert!(text(&data, "issued_at").ends_with('Z') && text(&data["authorised_by"][0], "at").ends_with('Z'), "{data}");

        let content = &data["content"];
        assert_eq!((&content["number"], &content["language"]), (&report["number"], &json!("pl")));
        let sorted_without_spaces = serde_json::to_vec(content).unwrap();
        assert_eq!(hex::encode(Sha256::digest(sorted_without_spaces)), text(&data, "content_sha256"), "what is attached is what was signed");
        assert_eq!(data["content_sha256"], report["content_sha256"]);

        let sample = &content["samples"][0];
        assert_eq!(sample["id"], report["samples"][0]["id"]);
        assert_eq!(sample["collected_at"], "2026-01-15T08:30:00Z");
        let results = sample["results"].as_array().unwrap();
        let of = |code: &str| results.iter().find(|result| result["code"] == code).unwrap();
        let (nitrate, lead) = (of("NO3-N"), of("PB"));
        assert_eq!((&nitrate["value"], &nitrate["detection"], &nitrate["unit"]), (&json!("2.400"), &json!("="), &json!("mg/L")));
        assert_eq!(nitrate["expanded_uncertainty"], json!({"value": "0.19", "unit": "mg/L", "percent": "8", "k": "2"}));
        assert_eq!(nitrate["limits"]["high"], "11.300");
        assert!(nitrate["id"].is_string() && text(nitrate, "verified_at").ends_with('Z'));
        assert_eq!((&lead["value"], &lead["detection"], &lead["limit_kind"]), (&json!("0.0002"), &json!("ND"), &json!("LOD")));
    }

    /// A draft was not issued and cannot be checked, and neither paper nor data pretend it was.
    fn a_draft_has_no_date_of_issue(engine) {
        let lab = Lab::shared(engine);
        let draft = lab.drafted();
        let preview = lab.as_role("authorizer").get(&format!("/reports/{}/preview", id(&draft))).expect_bytes(200).body;
        let said = words(lab, &preview);
        assert!(!said.contains("Issued") && !said.contains("genuine"), "{said}");
        let data: Value = serde_json::from_slice(&attached(lab, &preview, "report.json")).unwrap();
        assert_eq!((&data["draft"], &data["issued_at"], &data["verification"]), (&json!(true), &Value::Null, &Value::Null));
    }
}
