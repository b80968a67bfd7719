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

/// The newest build of a library: the one this test run has just made or reused.
fn library(name: &str) -> PathBuf {
    let prefix = format!("lib{name}-");
    std::fs::read_dir(libraries())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rlib"))
        .filter(|path| {
            path.file_name()
                .is_some_and(|file| file.to_string_lossy().starts_with(&prefix))
        })
        .max_by_key(|path| path.metadata().and_then(|data| data.modified()).unwrap())
        .unwrap_or_else(|| panic!("no {prefix}*.rlib in {}", libraries().display()))
}

/// What the compiler says about a file; nothing when it is content.
fn complaint(file: &Path) -> Option<String> {
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
        .arg(format!("attest_store={}", library("attest_store").display()))
        .arg("--extern")
        .arg(format!("attest_domain={}", library("attest_domain").display()))
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

#[test]
fn code_that_would_bypass_permissions_does_not_compile_att_20_att_22_att_41() {
    let (mut refused, mut controls) = (0, 0);
    for file in cases() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let said = complaint(&file);
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
