//! The condition as the person at the bench says it: one of three words, or their own.

use attest_domain::terms::Condition;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What is said of a sample that has nothing wrong with it, in both languages.
const GOOD: [&str; 24] = [
    "good",
    "ok",
    "okay",
    "intact",
    "fine",
    "normal",
    "in order",
    "satisfactory",
    "good condition",
    "in good condition",
    "no deviation",
    "no deviations",
    "dobry",
    "dobra",
    "dobre",
    "w porządku",
    "prawidłowy",
    "prawidłowa",
    "prawidłowe",
    "stan dobry",
    "bez uwag",
    "bez zastrzeżeń",
    "bez odchyleń",
    "bez odstępstw",
];

/// What was seen. Own words are kept as they were written. No verdict is made of them but for the few that can only mean
/// that all is well: the sample then has no condition, and counts as one with a deviation until somebody has looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// One of the three words.
    Word(Condition),
    /// Own words that say that all is well.
    Good(String),
    /// Own words.
    Told(String),
}

impl Observed {
    fn read(text: &str) -> Self {
        let plain = text.trim_end_matches(['.', '!']).to_lowercase();
        if let Ok(word) = plain.parse() {
            return Self::Word(word);
        }
        let words: Vec<&str> = plain.split_whitespace().collect();
        if GOOD.contains(&words.join(" ").as_str()) {
            Self::Good(text.to_owned())
        } else {
            Self::Told(text.to_owned())
        }
    }
}

impl<'de> Deserialize<'de> for Observed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(serde::de::Error::custom(
                "say acceptable, compromised or unacceptable, or describe the condition",
            ));
        }
        Ok(Self::read(text))
    }
}

impl PartialSchema for Observed {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(1))
            .max_length(Some(2_000))
            .description(Some(
                "`acceptable`, `compromised`, `unacceptable` (in any case), or what was seen in one's own words. Own words are kept as \
                 `condition_note`. Those that can only mean that all is well (good, ok, intact, fine, in order, no deviation …) give the \
                 condition `acceptable`; of all others the program makes no verdict: `condition` is null, `has_deviation` is true, and the \
                 report prints the words as they were written.",
            ))
            .examples(["acceptable", "good", "received partially frozen"])
            .into()
    }
}

impl ToSchema for Observed {}

/// A list, or the one text that a list of one would hold.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a text or a list of texts")]
    enum Texts {
        One(String),
        Many(Vec<String>),
        None(()),
    }
    Ok(match Texts::deserialize(deserializer)? {
        Texts::One(text) => vec![text],
        Texts::Many(texts) => texts,
        Texts::None(()) => Vec::new(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_own_words_are_kept() {
        let read = |text: &str| serde_json::from_value::<Observed>(text.into());
        for word in ["compromised", "Compromised", " COMPROMISED "] {
            assert_eq!(read(word).unwrap(), Observed::Word(Condition::Compromised), "{word}");
        }
        for good in [
            "good",
            "Good.",
            "OK",
            "In  good condition",
            "No deviations",
            "Bez zastrzeżeń",
        ] {
            assert_eq!(read(good).unwrap(), Observed::Good(good.to_owned()), "{good}");
        }
        assert_eq!(
            read(" received partially frozen ").unwrap(),
            Observed::Told("received partially frozen".to_owned())
        );
        assert!(read("  ").is_err());
    }

    #[test]
    fn words_that_only_contain_a_good_one_are_no_verdict() {
        for told in [
            "not good",
            "not ok",
            "haemolysed",
            "broken, leaking",
            "good, but warm",
            "not acceptable",
        ] {
            assert_eq!(Observed::read(told), Observed::Told(told.to_owned()));
        }
    }
}
