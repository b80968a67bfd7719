//! The program as an auditor meets it: files in, words and an exit code out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../../ledger/tests/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use attest_documents::{SignatureInfo, SigningIdentity, sign_pdf};
use attest_ledger::bundle::{Members, member, write_zip};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use serde_json::Value;
use support::{Log, key, signed};

/// A folder of its own for each test, gone afterwards.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("attest-verify-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(file: &Path, more: &[&str]) -> Output {
    let key = key().to_string();
    Command::new(env!("CARGO_BIN_EXE_attest-verify"))
        .arg(file)
        .args(["--key", &key])
        .args(more)
        .output()
        .unwrap()
}

#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}{errors}");
    text
}

fn bundle() -> Members {
    let log = Log::sample(11);
    let mut export = log.range(3, 8, true);
    export.consistency = Some(log.consistency(5));
    signed(export)
}

/// A PDF with these files attached, spread over two leaves of the name tree.
fn pdf(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let mut pairs = vec![];
    for (name, bytes) in members {
        let mut stream = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, bytes.clone());
        stream.compress().unwrap();
        let stream = document.add_object(stream);
        let specification = document.add_object(dictionary! {
            "Type" => "Filespec",
            "F" => Object::string_literal(name.as_str()),
            "UF" => Object::string_literal(name.as_str()),
            "EF" => dictionary! { "F" => stream, "UF" => stream },
            "AFRelationship" => "Data",
        });
        pairs.push([Object::string_literal(name.as_str()), specification.into()]);
    }
    let (left, right) = pairs.split_at(pairs.len() / 2);
    let kids: Vec<Object> = [left, right]
        .into_iter()
        .map(|leaf| document.add_object(dictionary! { "Names" => leaf.concat() }).into())
        .collect();
    let files = document.add_object(dictionary! { "Kids" => kids });
    printed(document, dictionary! { "EmbeddedFiles" => files }, "Audit trail")
}

/// One blank page with this title and these names.
fn printed(mut document: Document, names: Dictionary, title: &str) -> Vec<u8> {
    // What is to be signed needs the classic table.
    document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    let page = document.add_object(dictionary! {
        "Type" => "Page", "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()]
    });
    let pages = document.add_object(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    if let Ok(page) = document.get_dictionary_mut(page) {
        page.set("Parent", pages);
    }
    let catalogue = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages, "Names" => names });
    let mut title_utf16 = vec![0xfe, 0xff];
    title_utf16.extend(title.encode_utf16().flat_map(u16::to_be_bytes));
    let title = Object::String(title_utf16, lopdf::StringFormat::Hexadecimal);
    let info = document.add_object(dictionary! { "Title" => title });
    document.trailer.set("Root", catalogue);
    document.trailer.set("Info", info);
    let name = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![name.clone(), name]);
    let mut bytes = vec![];
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn unsigned(members: &Members) -> Vec<u8> {
    pdf(&members.clone().into_iter().collect::<Vec<_>>())
}

fn laboratory() -> SigningIdentity {
    SigningIdentity::generate("River Water", chrono::Utc::now()).unwrap()
}

fn paper(pdf: &[u8], by: &SigningIdentity) -> Vec<u8> {
    let info = SignatureInfo {
        name: "River Water".to_owned(),
        reason: "Export of the audit trail".to_owned(),
        location: String::new(),
        at: chrono::Utc::now().fixed_offset(),
    };
    sign_pdf(pdf, by, &info).unwrap()
}

/// As the laboratory gives it out: signed.
fn attached(members: &Members) -> Vec<u8> {
    paper(&unsigned(members), &laboratory())
}

#[test]
fn an_honest_bundle_holds_and_says_what_was_checked() {
    let desk = Desk::new("honest");
    let zip = desk.put("x.attest.zip", &write_zip(&bundle()).unwrap());
    let held = desk.put("held", &Log::sample(11).checkpoint(5));
    let text = said(&run(&zip, &["--held", held.to_str().unwrap()]), 0);
    for words in [
        "ok     manifest signature: signed by the log key",
        "ok     file hash: entries.jsonl: SHA-256 as in the manifest",
        "ok     completeness: nothing is missing from 3 to 8",
        "ok     consistency: the tree of 11 entries begins with the tree of 5",
        "ok     writer sequence: 1 writers, no unexplained gap",
        "index 4, name (to), opened: \"Maria Nowak\"",
        "index 6, remark (to), withheld",
        "HOLDS. 6 entries of lab.example/audit/river-water/1.",
    ] {
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
    }
}

#[test]
fn the_committed_example_bundles_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/testdata");
    for name in ["selection", "range", "range-without-paths"] {
        said(&run(&folder.join(format!("{name}.attest.zip")), &[]), 0);
    }
}

#[test]
fn the_same_files_inside_a_pdf_hold_too() {
    let desk = Desk::new("pdf");
    let text = said(&run(&desk.put("x.pdf", &attached(&bundle())), &[]), 0);
    for words in [
        "HOLDS. 6 entries",
        "ok     PDF signature: covers every byte of the file, and holds: CN=River Water",
        "note   PDF signer: certificate ",
        "not compared with the attached files",
        "Judged are the attached files.",
    ] {
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
    }
    assert!(!text.contains("as shown"), "{text}");

    let mut broken = bundle();
    broken.get_mut(member::ENTRIES).unwrap()[40] ^= 1;
    let text = said(&run(&desk.put("broken.pdf", &attached(&broken)), &[]), 1);
    assert!(text.contains("FAILS  file hash (entries.jsonl)"), "{text}");
    assert!(text.contains("(entries.jsonl, index 3)"), "{text}");

    let mut twice: Vec<(String, Vec<u8>)> = bundle().into_iter().collect();
    twice.push((member::ENTRIES.to_owned(), b"other".to_vec()));
    let text = said(&run(&desk.put("twice.pdf", &pdf(&twice)), &["--attachments-only"]), 1);
    assert!(text.contains("entries.jsonl is attached twice"), "{text}");

    let mut bomb = bundle();
    bomb.insert(member::ENTRIES.to_owned(), vec![b' '; 16 << 20]);
    let text = said(&run(&desk.put("bomb.pdf", &attached(&bomb)), &[]), 1);
    assert!(text.contains("attached file entries.jsonl is damaged"), "{text}");

    let text = said(&run(&desk.put("empty.pdf", &pdf(&[])), &[]), 1);
    assert!(text.contains("no attached files"), "{text}");
}

#[test]
fn a_broken_pdf_is_a_verdict_not_a_crash() {
    let desk = Desk::new("broken-pdf");
    let whole = attached(&bundle());
    for cut in [9, 100, whole.len() / 2, whole.len() - 30] {
        said(&run(&desk.put("cut.pdf", &whole[..cut]), &[]), 1);
    }
    for place in (0..whole.len()).step_by(whole.len() / 40) {
        let mut broken = whole.clone();
        broken[place] ^= 0xff;
        said(&run(&desk.put("flipped.pdf", &broken), &[]), 1);
    }
}

#[test]
fn printed_pages_that_nobody_signed_do_not_hold() {
    let desk = Desk::new("unsigned");
    let file = desk.put("x.pdf", &unsigned(&bundle()));
    let text = said(&run(&file, &[]), 1);
    assert!(text.contains("FAILS  PDF signature: the PDF is not signed"), "{text}");
    assert!(text.contains("DOES NOT HOLD. 1 step fails above."), "{text}");
    let text = said(&run(&file, &["--attachments-only"]), 0);
    assert!(text.contains("note   printed pages: not judged"), "{text}");
    assert!(text.contains("pdfsig"), "{text}");
    let report: Value = serde_json::from_str(&said(&run(&file, &["--json"]), 1)).unwrap();
    assert_eq!(
        (&report["holds"], &report["steps"][0]["name"], &report["steps"][0]["ok"]),
        (&false.into(), &"PDF signature".into(), &false.into())
    );
}

#[test]
fn whoever_signed_is_named_and_compared() {
    let desk = Desk::new("signer");
    let (ours, theirs) = (laboratory(), laboratory());
    let fingerprints = |by: &SigningIdentity| -> Vec<String> {
        let chain = by.chain_der().unwrap();
        chain
            .iter()
            .map(|der| attest_ledger::Hash::of(&[der]).to_hex())
            .collect()
    };
    let file = desk.put("x.pdf", &paper(&unsigned(&bundle()), &ours));
    for fingerprint in fingerprints(&ours) {
        let text = said(&run(&file, &["--signer", &fingerprint]), 0);
        assert!(text.contains("ok     PDF signer: as given by the reader"), "{text}");
        assert!(text.contains(&fingerprint), "{text}");
    }
    let with_colons: Vec<String> = fingerprints(&ours)[0]
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
        .collect();
    said(&run(&file, &["--signer", &with_colons.join(":")]), 0);
    let text = said(&run(&file, &["--signer", &fingerprints(&theirs)[0]]), 1);
    assert!(
        text.contains("FAILS  PDF signer: not the certificate given by the reader"),
        "{text}"
    );
    said(&run(&file, &["--signer", "abc"]), 2);

    // A second signature over the first; then bytes behind the last.
    let twice = paper(&paper(&unsigned(&bundle()), &ours), &theirs);
    let text = said(&run(&desk.put("twice.pdf", &twice), &[]), 0);
    assert!(
        text.contains("covers an earlier state of the file, and holds"),
        "{text}"
    );
    let mut more = twice.clone();
    more.extend_from_slice(b"\n");
    let text = said(&run(&desk.put("more.pdf", &more), &[]), 1);
    assert!(text.contains("something was added after signing"), "{text}");
}

#[test]
fn a_flipped_bit_in_the_signature_itself_is_found() {
    let desk = Desk::new("flipped-signature");
    let whole = attached(&bundle());
    let mark = b"/Contents <";
    let begin = whole.windows(mark.len()).rposition(|window| window == mark).unwrap() + mark.len() - 1;
    let value = whole[begin..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    let used = whole[begin..begin + value]
        .windows(40)
        .position(|zeros| zeros == [b'0'; 40])
        .unwrap();
    for place in (0..used).step_by(23).chain([0, 1, used + 50, value - 2, value - 1]) {
        for bit in [1, 0x20] {
            let mut broken = whole.clone();
            broken[begin + place] ^= bit;
            let output = run(&desk.put("x.pdf", &broken), &[]);
            assert_eq!(output.status.code(), Some(1), "byte {place} of the value, bit {bit}");
        }
    }
}

#[test]
fn a_later_part_of_a_printed_export_says_where_the_data_are() {
    let desk = Desk::new("part");
    for title in [
        "Audit trail, River Water, Events 0 to 2999, part 2 of 3",
        "Ślad audytowy, Rzeka, część 2 z 3",
    ] {
        let part = printed(Document::with_version("1.7"), Dictionary::new(), title);
        let text = said(&run(&desk.put("x.pdf", &paper(&part, &laboratory())), &[]), 1);
        assert!(
            text.contains("this is part 2 of 3 of a printed export: the data are attached to part 1"),
            "{text}"
        );
        assert!(text.contains("ok     PDF signature"), "{text}");
    }
    let first = printed(
        Document::with_version("1.7"),
        Dictionary::new(),
        "Audit trail, part 1 of 3",
    );
    let text = said(&run(&desk.put("x.pdf", &paper(&first, &laboratory())), &[]), 1);
    assert!(text.contains("the PDF has no attached files"), "{text}");
}

#[test]
fn a_name_tree_that_never_ends_is_refused() {
    let desk = Desk::new("tree");
    let chain = |length: u32, close: bool| {
        let mut document = Document::with_version("1.7");
        for number in 1..=length {
            let next = if number < length {
                dictionary! { "Kids" => vec![Object::Reference((number + 1, 0))] }
            } else if close {
                dictionary! { "Kids" => vec![Object::Reference((1, 0))] }
            } else {
                dictionary! { "Names" => Vec::<Object>::new() }
            };
            document.objects.insert((number, 0), next.into());
        }
        document.max_id = length;
        printed(
            document,
            dictionary! { "EmbeddedFiles" => Object::Reference((1, 0)) },
            "x",
        )
    };
    for (length, close, words) in [
        (50_000, false, "its name tree is too large"),
        (5, true, "its name tree runs in a circle"),
    ] {
        let text = said(&run(&desk.put("x.pdf", &chain(length, close)), &[]), 1);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_report_is_there_for_programs_too() {
    let desk = Desk::new("json");
    let report: Value = serde_json::from_str(&said(
        &run(&desk.put("x.zip", &write_zip(&bundle()).unwrap()), &["--json"]),
        0,
    ))
    .unwrap();
    assert_eq!(report["holds"], true);
    assert_eq!(
        (&report["first"], &report["last"], &report["entries"]),
        (&3.into(), &8.into(), &6.into())
    );
    assert_eq!(report["sealed"][0]["state"], "opened");
    assert!(
        report["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["ok"] == true)
    );

    let mut broken = bundle();
    let lines = broken.get_mut(member::ENTRIES).unwrap();
    let second = lines.iter().position(|byte| *byte == b'\n').unwrap() + 30;
    lines[second] ^= 1;
    let report: Value = serde_json::from_str(&said(
        &run(&desk.put("y.zip", &write_zip(&broken).unwrap()), &["--json"]),
        1,
    ))
    .unwrap();
    assert_eq!(report["holds"], false);
    let failed: Vec<&Value> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["ok"] == false)
        .collect();
    assert!(
        failed
            .iter()
            .any(|step| step["file"] == "entries.jsonl" && step["index"] == 4),
        "{failed:#?}"
    );

    let report: Value = serde_json::from_str(&said(&run(&desk.put("z.zip", b"PK nonsense"), &["--json"]), 1)).unwrap();
    assert_eq!(
        (&report["holds"], &report["steps"][0]["name"]),
        (&false.into(), &"archive".into())
    );
}

#[test]
fn damage_is_named_and_ends_with_one() {
    let desk = Desk::new("damage");
    let mut more = bundle();
    more.insert("extra.txt".to_owned(), vec![]);
    let text = said(&run(&desk.put("more.zip", &write_zip(&more).unwrap()), &[]), 1);
    assert!(
        text.contains("FAILS  members (extra.txt): the manifest does not list it"),
        "{text}"
    );
    assert!(text.contains("DOES NOT HOLD. 1 step fails above."), "{text}");

    let mut fewer = bundle();
    fewer.remove(member::RANGE);
    let text = said(&run(&desk.put("fewer.zip", &write_zip(&fewer).unwrap()), &[]), 1);
    assert!(text.contains("FAILS  members (range.json)"), "{text}");

    let mut bomb = bundle();
    bomb.insert(member::ENTRIES.to_owned(), vec![b' '; 16 << 20]);
    let text = said(&run(&desk.put("bomb.zip", &write_zip(&bomb).unwrap()), &[]), 1);
    assert!(text.contains("entries.jsonl unpacks to more than allowed"), "{text}");

    said(&run(&desk.put("text.txt", b"hello"), &[]), 1);
    said(&run(&desk.put("nothing", b""), &[]), 1);

    let zip = desk.put("x.zip", &write_zip(&bundle()).unwrap());
    let held = desk.put("held", &Log::sample(9).checkpoint(5));
    said(&run(&zip, &["--held", held.to_str().unwrap()]), 0);
    let held = desk.put("held", &Log::of((20..31).map(support::entry).collect()).checkpoint(5));
    let text = said(&run(&zip, &["--held", held.to_str().unwrap()]), 1);
    assert!(text.contains("FAILS  consistency (consistency.json)"), "{text}");
}

#[test]
fn text_from_the_excerpt_cannot_steer_the_terminal() {
    let desk = Desk::new("terminal");
    let mut more = bundle();
    more.insert("\u{1b}[2J\nok".to_owned(), vec![]);
    let text = said(&run(&desk.put("x.zip", &write_zip(&more).unwrap()), &[]), 1);
    assert!(!text.contains('\u{1b}') && !text.contains("\nok"), "{text:?}");

    let unseen = ['\u{202e}', '\u{2066}', '\u{200b}', '\u{2028}', '\u{feff}', '\u{e0041}'];
    let mut more = bundle();
    more.insert(unseen.iter().collect(), vec![]);
    let text = said(&run(&desk.put("y.zip", &write_zip(&more).unwrap()), &[]), 1);
    assert!(!text.contains(unseen), "{text:?}");
}

#[test]
fn a_policy_is_obeyed() {
    let desk = Desk::new("policy");
    let zip = desk.put("x.zip", &write_zip(&bundle()).unwrap());
    let policy = desk.put("policy", format!("log {}\nquorum none\n", key()).as_bytes());
    said(&run(&zip, &["--policy", policy.to_str().unwrap()]), 0);
    let witness = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let policy = desk.put("policy", format!("witness w {witness}\nquorum w\n").as_bytes());
    let text = said(&run(&zip, &["--policy", policy.to_str().unwrap()]), 1);
    assert!(text.contains("FAILS  witnesses"), "{text}");
}

#[test]
fn a_wrong_call_ends_with_two() {
    let desk = Desk::new("usage");
    let zip = desk.put("x.zip", &write_zip(&bundle()).unwrap());
    let program = || Command::new(env!("CARGO_BIN_EXE_attest-verify"));
    for output in [
        program().output().unwrap(),
        program().arg(&zip).output().unwrap(),
        program().arg(&zip).args(["--key", "nonsense"]).output().unwrap(),
        run(&zip, &["--unknown"]),
        run(&zip, &["--held", "/does/not/exist"]),
        run(&zip, &["--policy", zip.to_str().unwrap()]),
        run(&desk.0.join("absent.zip"), &[]),
    ] {
        said(&output, 2);
        assert!(!output.stderr.is_empty());
    }
}
