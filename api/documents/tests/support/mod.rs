//! Sample documents and a reader's view of the PDFs, for the tests here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use attest_documents::report::TestReport;
use attest_documents::{SignatureInfo, SigningIdentity};
use chrono::{DateTime, Utc};
use lopdf::{Document, Object};

pub fn water() -> TestReport {
    serde_json::from_str(include_str!("../../examples/samples/water-en.json")).unwrap()
}

pub fn medical() -> TestReport {
    serde_json::from_str(include_str!("../../examples/samples/medical-pl.json")).unwrap()
}

pub fn preliminary() -> TestReport {
    serde_json::from_str(include_str!("../../examples/samples/preliminary-pl.json")).unwrap()
}

pub fn amendment() -> TestReport {
    serde_json::from_str(include_str!("../../examples/samples/amendment-en.json")).unwrap()
}

pub fn identity() -> SigningIdentity {
    let now: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().unwrap();
    SigningIdentity::generate("Laboratorium Próbne", now).unwrap()
}

pub fn signature_info() -> SignatureInfo {
    SignatureInfo {
        name: "Łucja Ząb".into(),
        reason: "Authorised for release".into(),
        location: "Toruń".into(),
        at: DateTime::parse_from_rfc3339("2026-11-21T12:30:05+01:00").unwrap(),
    }
}

/// Attached files by name, decoded.
pub fn attachments(pdf: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let document = Document::load_mem(pdf).unwrap();
    let resolve = |object: &Object| document.dereference(object).unwrap().1.clone();
    let names = document.catalog().unwrap().get(b"Names").unwrap();
    let names = resolve(names).as_dict().unwrap().clone();
    let files = resolve(names.get(b"EmbeddedFiles").unwrap()).as_dict().unwrap().clone();
    let pairs = resolve(files.get(b"Names").unwrap()).as_array().unwrap().clone();
    pairs
        .chunks(2)
        .map(|pair| {
            let name = String::from_utf8(pair[0].as_str().unwrap().to_vec()).unwrap();
            let specification = resolve(&pair[1]).as_dict().unwrap().clone();
            assert_eq!(
                specification.get(b"AFRelationship").unwrap().as_name().unwrap(),
                b"Data"
            );
            let embedded = resolve(specification.get(b"EF").unwrap()).as_dict().unwrap().clone();
            let stream = resolve(embedded.get(b"F").unwrap()).as_stream().unwrap().clone();
            (name, stream.decompressed_content().unwrap_or(stream.content))
        })
        .collect()
}

pub fn page_count(pdf: &[u8]) -> usize {
    Document::load_mem(pdf).unwrap().get_pages().len()
}

/// Text as poppler reads it, or `None` where poppler is not installed.
pub fn text(pdf: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}

/// Text without layout: words separated by single spaces.
pub fn words(pdf: &[u8]) -> Option<String> {
    Some(text(pdf)?.split_whitespace().collect::<Vec<_>>().join(" "))
}
