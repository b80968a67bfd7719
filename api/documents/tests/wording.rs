//! One table of words: complete in both languages, without unused entries.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::Value;

const TEMPLATES: [&str; 5] = [
    include_str!("../templates/theme.typ"),
    include_str!("../templates/report.typ"),
    include_str!("../templates/results.typ"),
    include_str!("../templates/audit.typ"),
    include_str!("../templates/access-review.typ"),
];

/// Keys that templates build from data: `t("flag_" + flag)`.
const BUILT: [&str; 4] = ["flag_", "assessment_", "kind_", "mark_"];

#[test]
fn every_word_exists_in_both_languages_and_is_used() {
    let words: Value = serde_json::from_str(include_str!("../templates/words.json")).unwrap();
    for (key, word) in words.as_object().unwrap() {
        let languages: Vec<&String> = word.as_object().unwrap().keys().collect();
        assert_eq!(languages, ["en", "pl"], "{key}");
        assert!(
            word.as_object()
                .unwrap()
                .values()
                .all(|w| !w.as_str().unwrap().trim().is_empty()),
            "{key}"
        );
        let built = BUILT.iter().any(|prefix| key.starts_with(prefix));
        let used = TEMPLATES
            .iter()
            .any(|template| template.contains(&format!("\"{key}\"")));
        assert!(built || used, "{key} is not used");
    }
}
