//! What must not compile: forged permits, wrong permissions, unaudited writes, raw connections (ATT-20, ATT-22, ATT-41).
//!
//! Each file in `compile_fail/` is compiled against the very library this test was built with. Its first lines name
//! what the compiler has to say; `control.rs` must compile, so that a broken setup cannot pass for a refusal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the built libraries: this test's own.
fn libraries() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_path_buf()
}

/// The builds of a library, the newest first. Several can lie there: of earlier versions, or with other features.
fn builds(name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let mut found: Vec<PathBuf> = std::fs::read_dir(libraries())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rlib"))
        .filter(|path| {
            path.file_name()
                .is_some_and(|file| file.to_string_lossy().starts_with(&prefix))
        })
        .collect();
    found.sort_by_key(|path| std::cmp::Reverse(path.metadata().and_then(|data| data.modified()).unwrap()));
    assert!(!found.is_empty(), "no {prefix}*.rlib in {}", libraries().display());
    found
}

/// The newest store with the build of the domain it was made with: the pair that compiles the control.
fn pair() -> (PathBuf, PathBuf) {
    let control = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail/control.rs");
    let mut said = String::new();
    for store in builds("attest_store").into_iter().take(3) {
        for domain in builds("attest_domain") {
            let pair = (store.clone(), domain);
            match complaint(&control, &pair) {
                None => return pair,
                Some(text) => said = text,
            }
        }
    }
    panic!("the control must compile, else the others prove nothing:\n{said}");
}

/// What the compiler says about a file; nothing when it is content.
fn complaint(file: &Path, (store, domain): &(PathBuf, PathBuf)) -> Option<String> {
    let out = std::env::temp_dir().join(format!("attest-compile-fail-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let output = Command::new(std::env::var("RUSTC").unwrap_or_else(|_unset| "rustc".to_owned()))
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "--crate-name",
            "case",
        ])
        .arg("--out-dir")
        .arg(&out)
        .arg("-L")
        .arg(format!("dependency={}", libraries().display()))
        .arg("--extern")
        .arg(format!("attest_store={}", store.display()))
        .arg("--extern")
        .arg(format!("attest_domain={}", domain.display()))
        .arg(file)
        .output()
        .unwrap();
    if output.status.success() {
        None
    } else {
        Some(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// ATT-20 ATT-22 ATT-41 Code that forges a permit, names no laboratory or records no event does not compile.
#[test]
fn code_that_would_bypass_permissions_does_not_compile_att_20_att_22_att_41() {
    let (mut refused, mut controls) = (0, 0);
    let pair = pair();
    for file in cases() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let said = complaint(&file, &pair);
        if name == "control.rs" {
            assert!(
                said.is_none(),
                "the control must compile, else the others prove nothing:\n{}",
                said.unwrap_or_default()
            );
            controls += 1;
            continue;
        }
        let said = said.unwrap_or_else(|| panic!("{name} compiles, but must not"));
        let source = std::fs::read_to_string(&file).unwrap();
        let expected: Vec<&str> = source.lines().filter_map(|line| line.strip_prefix("//~ ")).collect();
        assert!(!expected.is_empty(), "{name} does not say what it expects");
        for fragment in expected {
            assert!(
                said.contains(fragment),
                "{name}: expected the compiler to say {fragment:?}, it said:\n{said}"
            );
        }
        let errors = said.lines().filter(|line| line.starts_with("error[")).count();
        assert_eq!(errors, 1, "{name} must fail for one reason only:\n{said}");
        refused += 1;
    }
    assert_eq!((refused, controls), (10, 1), "a case went missing");
}
