//! Writes docs/security/conformance.md: requirement → test → result, from the requirements' own list, the tests' sources
//! and what the last full run printed. A requirement that no test names is not met; nothing here says otherwise by hand.
//! One that says itself what of it is missing (`Not yet:`) is met in part, however many tests name it.
//!
//! A test names its requirement where it says what it shows: `/// ATT-07 …` above a Rust test or story, `// ATT-07 …`
//! above a browser story.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use attest_tests::cluster::repository;

/// What is demanded, in its own words.
const REQUIREMENTS: &str = "docs/security/requirements.md";
/// With these words a requirement says what of it is missing.
const NOT_YET: &str = "Not yet:";
/// What this program writes.
const CONFORMANCE: &str = "docs/security/conformance.md";
/// What `make test` kept of the Rust tests' words.
const RUST_LOG: &str = "target/rust-tests.log";
/// What it kept of the browser tests'.
const BROWSER_LOG: &str = "tests/web/output/last-run.txt";

/// A test that names requirements.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Proof {
    /// What it shows, in its own words.
    says: String,
    /// Where it is, from the repository's root.
    file: String,
    /// What it is called in the runner's words.
    name: String,
}

fn main() {
    let root = repository();
    let read = |path: &str| {
        fs::read_to_string(root.join(path)).unwrap_or_else(|error| {
            eprintln!("{path}: {error}; run `make test` first, which keeps what the tests said");
            std::process::exit(1);
        })
    };
    let proofs = proofs(&root);
    let ran = Ran::from(&read(RUST_LOG), &read(BROWSER_LOG));
    let page = page(&requirements(&read(REQUIREMENTS)), &proofs, &ran);
    let path = root.join(CONFORMANCE);
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, &page).expect("the page can be written");
    if env::args().any(|argument| argument == "--check") && before != page {
        eprintln!("{CONFORMANCE} was not what the tests say today; it has been written anew: look at it and commit it");
        std::process::exit(1);
    }
}

/// `- ATT-01 Text …`, in order.
fn requirements(list: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in list.lines() {
        if let Some(text) = line.strip_prefix("- ATT-") {
            let (number, text) = text.split_once(' ').unwrap_or((text, ""));
            found.push((format!("ATT-{number}"), text.trim().to_owned()));
        } else if let (Some(text), Some((_, whole))) = (line.strip_prefix("  "), found.last_mut()) {
            whole.push(' ');
            whole.push_str(text.trim());
        }
    }
    found
}

/// Every test that names a requirement, by requirement.
fn proofs(root: &Path) -> BTreeMap<String, Vec<Proof>> {
    let mut all = BTreeMap::<String, Vec<Proof>>::new();
    for file in sources(root) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let place = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        for (ids, proof) in named(&text, &place) {
            for id in ids {
                all.entry(id).or_default().push(Proof {
                    says: proof.says.clone(),
                    file: proof.file.clone(),
                    name: proof.name.clone(),
                });
            }
        }
    }
    for proofs in all.values_mut() {
        proofs.sort();
    }
    all
}

fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["api", "tests"].map(|folder| root.join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "mjs") {
                found.push(path);
            }
        }
    }
    found
}

/// The comment that is being read, and what the first code line behind it is.
fn named(text: &str, file: &str) -> Vec<(Vec<String>, Proof)> {
    let browser = file.ends_with(".mjs");
    // A story becomes two tests by its macro; elsewhere a requirement's number may also stand above what is tested.
    let stories = browser || file.contains("/stories/");
    let mut test = stories;
    let mark = if browser { "// " } else { "/// " };
    let (mut found, mut comment) = (Vec::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix(mark) {
            comment.push_str(words);
            comment.push(' ');
            continue;
        }
        // Attributes stand between what a test says and the test.
        if line.starts_with("#[") || (comment.is_empty() && line.is_empty()) {
            test |= line == "#[test]";
            continue;
        }
        let is_test = std::mem::replace(&mut test, stories);
        let name = if browser {
            line.strip_prefix("story(\"").and_then(|rest| rest.split('"').next())
        } else {
            line.strip_prefix("fn ").and_then(|rest| rest.split('(').next())
        };
        let (ids, says) = split(&comment);
        comment.clear();
        if let (Some(name), false, true) = (name, ids.is_empty(), is_test) {
            let says = if says.is_empty() { name.replace('_', " ") } else { says };
            let proof = Proof {
                says,
                file: file.to_owned(),
                name: name.to_owned(),
            };
            found.push((ids, proof));
        }
    }
    found
}

/// `ATT-33 ATT-45 What it shows.` → the ids, and the words.
fn split(comment: &str) -> (Vec<String>, String) {
    let mut ids = Vec::new();
    let mut words = comment.split_whitespace().peekable();
    while let Some(word) = words.next_if(|word| word.starts_with("ATT-")) {
        ids.push(word.trim_end_matches([',', ':', ';', '.']).to_owned());
    }
    (ids, words.collect::<Vec<_>>().join(" "))
}

/// What ran, and how it went: by the test's name, each of its runs.
struct Ran(BTreeMap<String, Vec<(String, bool)>>);

impl Ran {
    fn from(rust: &str, browser: &str) -> Self {
        let mut ran = BTreeMap::<String, Vec<(String, bool)>>::new();
        for line in rust.lines() {
            let Some((path, verdict)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) else {
                continue;
            };
            let path = path.split(' ').next().unwrap_or(path);
            let mut parts: Vec<&str> = path.split("::").collect();
            let on = match parts.last() {
                Some(&"on_sqlite") => "SQLite",
                Some(&"on_postgres") => "PostgreSQL",
                _ => "",
            };
            if !on.is_empty() {
                parts.pop();
            }
            if let Some(name) = parts.last() {
                ran.entry((*name).to_owned())
                    .or_default()
                    .push((on.to_owned(), verdict.starts_with("ok")));
            }
        }
        for line in browser.lines().map(str::trim) {
            let (good, rest) = match (line.strip_prefix("ok "), line.strip_prefix("FAILED ")) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => continue,
            };
            let title = rest.rsplit_once(" (").map_or(rest, |(title, _)| title).trim();
            ran.entry(title.to_owned())
                .or_default()
                .push(("Chromium".to_owned(), good));
        }
        Self(ran)
    }

    /// In words, and whether all is well.
    fn of(&self, name: &str) -> (String, bool) {
        let Some(runs) = self.0.get(name) else {
            return ("did not run".to_owned(), false);
        };
        let failed: Vec<&str> = runs
            .iter()
            .filter(|(_, good)| !good)
            .map(|(on, _)| on.as_str())
            .collect();
        if !failed.is_empty() {
            return (format!("**failed** {}", failed.join(", ")), false);
        }
        let mut on: Vec<&str> = runs
            .iter()
            .map(|(on, _)| on.as_str())
            .filter(|on| !on.is_empty())
            .collect();
        on.sort_unstable_by(|a, b| b.cmp(a));
        on.dedup();
        let on = on.join(", ");
        (
            if on.is_empty() {
                "passed".to_owned()
            } else {
                format!("passed: {on}")
            },
            true,
        )
    }
}

fn page(requirements: &[(String, String)], proofs: &BTreeMap<String, Vec<Proof>>, ran: &Ran) -> String {
    let mut details = String::new();
    let (mut met, mut partly, mut unmet) = (0usize, Vec::new(), Vec::new());
    for (id, text) in requirements {
        let proofs = proofs.get(id).map(Vec::as_slice).unwrap_or_default();
        let _ = writeln!(details, "\n### {id}\n\n{text}\n");
        if proofs.is_empty() {
            unmet.push(id.as_str());
            details.push_str("No test names it: **not met**.\n");
            continue;
        }
        details.push_str("| what was shown | test | result |\n|---|---|---|\n");
        let mut good = true;
        for proof in proofs {
            let (result, passed) = ran.of(&proof.name);
            good &= passed;
            let says = proof.says.replace('|', "\\|");
            let _ = writeln!(details, "| {says} | `{}`, {} | {result} |", proof.name, proof.file);
        }
        if good && text.contains(NOT_YET) {
            partly.push(id.as_str());
        } else if good {
            met += 1;
        } else {
            unmet.push(id.as_str());
        }
    }
    let mut page = String::from(
        "# Conformance\n\nWritten by `make conformance` from the list of [requirements](requirements.md), the tests' sources and what the last \
         `make test` printed; do not edit. A requirement is met when tests name it, all of them passed, and it does not say itself what of it is missing.\n\n",
    );
    let _ = writeln!(page, "{met} of {} requirements met.", requirements.len());
    if !partly.is_empty() {
        let _ = writeln!(page, "Met in part: {}.", partly.join(", "));
    }
    if !unmet.is_empty() {
        let _ = writeln!(page, "Not met: {}.", unmet.join(", "));
    }
    page.push_str(&details);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_found_by_what_it_says() {
        let text = "    /// ATT-33 ATT-45 What is kept\n    /// is no handle.\n    fn kept(engine) {\n";
        let found = named(text, "tests/tests/stories/x.rs");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, ["ATT-33", "ATT-45"]);
        assert_eq!(
            (found[0].1.says.as_str(), found[0].1.name.as_str()),
            ("What is kept is no handle.", "kept")
        );
        assert!(named("/// Nothing\nfn other() {", "x.rs").is_empty());
        let no_test = "/// ATT-13 The token.\nfn csrf(";
        assert!(named(no_test, "api/server/src/x.rs").is_empty());
        assert_eq!(
            named(&no_test.replace("fn", "#[test]\nfn"), "api/server/src/x.rs").len(),
            1
        );
    }

    #[test]
    fn what_did_not_run_or_failed_is_not_met() {
        let requirements = requirements("- ATT-01 One\n  more.\n- ATT-02 Two.\n- ATT-03 Three.\n");
        assert_eq!(requirements[0].1, "One more.");
        let proof = |name: &str| Proof {
            says: name.to_owned(),
            file: "f".to_owned(),
            name: name.to_owned(),
        };
        let proofs = BTreeMap::from([
            ("ATT-01".to_owned(), vec![proof("good")]),
            ("ATT-02".to_owned(), vec![proof("good"), proof("absent")]),
        ]);
        let ran = Ran::from("test m::good::on_sqlite ... ok\ntest m::good::on_postgres ... ok\n", "");
        let page = page(&requirements, &proofs, &ran);
        assert!(page.contains("1 of 3 requirements met."), "{page}");
        assert!(page.contains("Not met: ATT-02, ATT-03."), "{page}");
        let partly = [("ATT-01".to_owned(), "One. Not yet: the rest.".to_owned())];
        let page = super::page(&partly, &proofs, &ran);
        assert!(
            page.contains("0 of 1 requirements met.\nMet in part: ATT-01."),
            "{page}"
        );
        let ran = Ran::from(
            "test m::good::on_sqlite ... ok\ntest m::good::on_postgres ... FAILED\n",
            "",
        );
        assert!(!ran.of("good").1);
    }
}
