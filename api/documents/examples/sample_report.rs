//! Writes signed sample documents and the root certificate that verifies them:
//! `cargo run --release -p attest-documents --example sample_report -- OUTDIR`

use std::error::Error;
use std::fs;
use std::path::Path;

use attest_documents::access_review::AccessReviewRecord;
use attest_documents::audit::{Attachment, AuditExport, AuditRow};
use attest_documents::job::{Job, run};
use attest_documents::report::TestReport;
use attest_documents::{Language, SignatureInfo, SigningIdentity, render_access_review, render_report, sign_pdf};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

const REPORTS: [(&str, &str); 4] = [
    ("water-en", include_str!("samples/water-en.json")),
    ("medical-pl", include_str!("samples/medical-pl.json")),
    ("preliminary-pl", include_str!("samples/preliminary-pl.json")),
    ("amendment-en", include_str!("samples/amendment-en.json")),
];

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: sample_report OUTDIR")?;
    let directory = Path::new(&directory);
    fs::create_dir_all(directory)?;
    let identity = SigningIdentity::generate("Koshkonong Water Laboratory", Utc::now())?;
    fs::write(directory.join("root.pem"), identity.root_pem()?)?;

    for (name, json) in REPORTS {
        let report: TestReport = serde_json::from_str(json)?;
        let pdf = render_report(&report)?;
        let signed = sign_pdf(
            &pdf,
            &identity,
            &signature(&report.laboratory.name, Utc::now().fixed_offset()),
        )?;
        fs::write(directory.join(format!("{name}.pdf")), signed)?;
        fs::write(directory.join(format!("{name}.url")), &report.verification.url)?;
    }

    // A second person signs what the first has signed.
    let once = fs::read(directory.join("water-en.pdf"))?;
    let twice = sign_pdf(&once, &identity, &signature("Maria Quint", Utc::now().fixed_offset()))?;
    fs::write(directory.join("countersigned-en.pdf"), twice)?;

    let mut draft: TestReport = serde_json::from_str(REPORTS[0].1)?;
    draft.authorised_by.clear();
    fs::write(directory.join("draft-en.unsigned.pdf"), render_report(&draft)?)?;

    let record: AccessReviewRecord = serde_json::from_str(include_str!("samples/access-review-pl.json"))?;
    let pdf = render_access_review(&record)?;
    let signed = sign_pdf(&pdf, &identity, &signature(&record.laboratory, record.finished_at))?;
    fs::write(directory.join("access-review-pl.pdf"), signed)?;

    let rows: usize = std::env::args().nth(2).map_or(Ok(120), |n| n.parse())?;
    let (export, attachments) = audit(rows)?;
    let job = Job::Audit {
        export: Box::new(export.clone()),
        attachments,
    };
    fs::write(directory.join("audit-en.job.json"), serde_json::to_vec(&job)?)?;
    let pdf = run(job)?;
    let signed = sign_pdf(&pdf, &identity, &signature(&export.laboratory, export.created_at))?;
    fs::write(directory.join("audit-en.pdf"), signed)?;
    Ok(())
}

fn signature(laboratory: &str, at: DateTime<FixedOffset>) -> SignatureInfo {
    SignatureInfo {
        name: laboratory.to_owned(),
        reason: "Authorised for release".to_owned(),
        location: laboratory.to_owned(),
        at,
    }
}

/// An export with invented events. The attached members only show how they
/// travel; a real bundle comes from the ledger.
fn audit(count: usize) -> Result<(AuditExport, Vec<Attachment>), Box<dyn Error>> {
    let created_at = DateTime::parse_from_rfc3339("2026-11-21T18:40:00+01:00")?;
    let start = DateTime::parse_from_rfc3339("2026-11-21T07:02:11+01:00")?;
    let rows: Vec<AuditRow> = (0u64..).take(count).map(|index| row(index, start)).collect();
    let entries: String = rows
        .iter()
        .map(|r| format!("{{\"index\":{},\"v\":\"attest.audit/v1\"}}\n", r.index))
        .collect();
    let checkpoint = "lab.example/audit/koshkonong/1\n1204\nq1cT9n0mJtq2Zrr0pXk9b4y0vXn1oS6wN3E0a8ZkU2Q=\n\n\
        — lab.example/audit/koshkonong/1 8Zk3qg9mG0pPq4mZb7c2m1rJ7yq0T3u5cW9dX1eF2gH3iJ4kL5mN6oP7qR8sT9uV0wX1yZ2aB3cD4eF5gH6iJ7kL8mN9\n";
    let export = AuditExport {
        language: Language::En,
        laboratory: "Koshkonong Water Laboratory".into(),
        log: "lab.example/audit/koshkonong/1".into(),
        created_at,
        created: "2026-11-21 18:40:00 +01:00".into(),
        created_by: "Maria Quint, quality manager".into(),
        range: format!("Events 0 to {}, 2026-11-21", count.saturating_sub(1)),
        selection: false,
        filter: None,
        checkpoint: checkpoint.into(),
        verifier_key: "lab.example/audit/koshkonong/1+f19937aa+AW6mPq1cT9n0mJtq2Zrr0pXk9b4y0vXn1oS6wN3E0a8Z".into(),
        how_to_verify: Vec::new(),
        part: 1,
        parts: 2,
        rows,
    };
    let member = |name: &str, mime: &str, bytes: &[u8]| Attachment {
        name: name.into(),
        mime: mime.into(),
        bytes: bytes.to_vec(),
    };
    let attachments = vec![
        member("manifest.json", "application/json", b"{\"v\":\"attest.bundle/v1\"}"),
        member("checkpoint.note", "text/plain", checkpoint.as_bytes()),
        member("entries.jsonl", "application/jsonl", entries.as_bytes()),
        member(
            "README.txt",
            "text/plain",
            b"How to check this bundle: attest-verify.\n",
        ),
    ];
    Ok((export, attachments))
}

fn row(index: u64, start: DateTime<FixedOffset>) -> AuditRow {
    let seconds = i64::try_from(index * 37).unwrap_or_default();
    let at = start + TimeDelta::seconds(seconds);
    let sample = format!("sample 23-{:06}", 4_117 + index / 6);
    let (actor, sentence, object, details) = match index % 6 {
        0 => (
            "Tom Berg, reception",
            "Received the sample.",
            sample,
            vec!["condition: partially frozen".into(), "temperature: −0.5 °C".into()],
        ),
        1 => (
            "Ana Ortiz, analyst",
            "Entered a result.",
            format!("{sample}, Nitrite as N"),
            vec!["value: 0.019 mg/L".into(), "instrument: DA-2".into()],
        ),
        2 => (
            "Ana Ortiz, analyst",
            "Corrected an entered result: wrong dilution.",
            format!("{sample}, Nitrite as N"),
            vec!["value: 0.19 → 0.019 mg/L".into()],
        ),
        3 => (
            "Ingrid Sorensen, technical manager",
            "Verified the result.",
            format!("{sample}, Nitrite as N"),
            vec![],
        ),
        4 => (
            "system",
            "Lock-out after 5 failed logins within 10 minutes.",
            "user 0193-44af".into(),
            vec!["count: 5".into()],
        ),
        _ => (
            "Ingrid Sorensen, technical manager",
            "Authorised the report with an electronic signature.",
            "report 2023/00417".into(),
            vec![
                "meaning: Authorised for release".into(),
                "content: 9f2d4e6c1b7a8035d2c4f6e8091a3b5c7d9e0f1a2b3c4d5e6f708192a3b4c5d6".into(),
            ],
        ),
    };
    AuditRow {
        index,
        at: at.format("%Y-%m-%d %H:%M:%S%.3f %:z").to_string(),
        actor: actor.into(),
        sentence: sentence.into(),
        object,
        source: "10.4.1.22, req 7f3a90".into(),
        details,
    }
}
