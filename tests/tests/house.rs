//! The fences of the house, read from `cargo metadata`: who may depend on what, and under which licences.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use attest_tests::Value;
use attest_tests::cluster::repository;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Our crates and what they name as dependencies (for building and running; tests may use more).
fn rooms(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| {
            let needs = package["dependencies"].as_array().unwrap().iter();
            let needs = needs.filter(|dependency| dependency["kind"] != "dev");
            let needs = needs
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect();
            (package["name"].as_str().unwrap().to_owned(), needs)
        })
        .collect()
}

fn who_needs<'a>(rooms: &'a BTreeMap<String, BTreeSet<String>>, name: &str) -> Vec<&'a str> {
    rooms
        .iter()
        .filter(|(_, needs)| needs.contains(name))
        .map(|(room, _)| room.as_str())
        .collect()
}

#[test]
fn only_the_store_knows_diesel_and_only_the_server_knows_actix() {
    let rooms = rooms(&metadata());
    assert_eq!(who_needs(&rooms, "diesel"), ["attest-store"]);
    assert_eq!(who_needs(&rooms, "actix-web"), ["attest-server"]);
    assert_eq!(who_needs(&rooms, "typst"), ["attest-documents"]);
}

#[test]
fn imports_run_one_way() {
    let rooms = rooms(&metadata());
    let ours = |room: &str| -> BTreeSet<&str> {
        rooms[room]
            .iter()
            .map(String::as_str)
            .filter(|name| name.starts_with("attest-"))
            .collect()
    };
    assert!(ours("attest-domain").is_empty(), "domain knows nobody");
    assert!(ours("attest-ledger").is_empty(), "ledger knows nobody");
    assert_eq!(
        ours("attest-verify"),
        BTreeSet::from(["attest-ledger"]),
        "the verifier depends on the ledger only"
    );
    assert!(
        ours("attest-tests").is_empty(),
        "the black-box tests use none of our crates"
    );
    for room in ["attest-store", "attest-documents", "attest-keyring"] {
        assert!(!ours(room).contains("attest-server"), "{room} must not know the server");
    }
    assert!(
        !ours("attest-documents").contains("attest-store"),
        "documents get data, not a database"
    );
}

/// What others wrote, with its features, as one build has it.
fn compiled(edges: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--workspace",
            "--locked",
            "--offline",
            "--no-dedupe",
            "--prefix",
            "none",
        ])
        .args(["--edges", edges, "--format", "{p} [{f}]"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    tree.lines()
        .filter(|line| !line.contains(" (/"))
        .map(|line| line.replace(" (proc-macro)", ""))
        .collect()
}

/// A crate whose features are others in the tests is compiled twice, and so is all that stands on it.
#[test]
fn tests_compile_nothing_again() {
    let (built, tested) = (compiled("normal,build"), compiled("normal,build,dev"));
    let again: Vec<&String> = built.difference(&tested).collect();
    assert!(
        again.is_empty(),
        "the tests want other features of these; switch them on in tests/Cargo.toml: {again:#?}"
    );
    assert!(built.len() > 200, "the query sees the dependencies at all");
}

/// ATT-51 `unsafe` is forbidden in every crate of ours; no crate may allow what is forbidden.
#[test]
fn no_crate_of_ours_has_unsafe_code() {
    let manifest = |path: &str| std::fs::read_to_string(path).expect("a manifest");
    let forbids = |text: &str| text.contains("unsafe_code = \"forbid\"");
    let root = manifest(repository().join("Cargo.toml").to_str().unwrap());
    assert!(forbids(&root), "the workspace forbids it");
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let ours: Vec<String> = packages
        .filter(|package| package["source"].is_null())
        .map(|package| package["manifest_path"].as_str().unwrap().to_owned())
        .collect();
    assert!(ours.len() >= 9, "{ours:?}");
    for path in ours {
        let text = manifest(&path);
        assert!(
            forbids(&text) || text.contains("[lints]\nworkspace = true"),
            "{path} does not forbid unsafe code"
        );
    }
}

/// ATT-50 Licences that may go into the binary; every `OR` needs one good choice, every `AND` only good ones.
#[test]
fn no_licence_binds_the_binary() {
    let good = [
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "Unicode-DFS-2016",
        "CC0-1.0",
        "0BSD",
        "BSL-1.0",
        "MPL-2.0",
        "MIT-0",
        "Unlicense",
        "OpenSSL",
        "CDLA-Permissive-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "NCSA",
        "blessing",
        "OFL-1.1",
        "PostgreSQL",
        "Ubuntu-font-1.0",
    ];
    let acceptable = |expression: &str| {
        let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
        flat.split(" AND ")
            .all(|part| part.split(" OR ").any(|licence| good.contains(&licence.trim())))
    };
    let metadata = metadata();
    let bad: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !package["source"].is_null())
        .filter(|package| !package["license"].as_str().is_some_and(acceptable))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(
        metadata["packages"].as_array().unwrap().len() > 200,
        "the query sees the dependencies at all"
    );
}
