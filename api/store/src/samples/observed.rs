//! The condition as the person at the bench says it: one of three words, or their own.

use attest_domain::terms::Condition;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What was seen. In one's own words it is a note: the sample counts as acceptable, or as compromised where deviations
/// are recorded with it, and the report prints the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// One of the three words.
    Word(Condition),
    /// Own words.
    Told(String),
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
        Ok(text
            .parse()
            .map_or_else(|_own_words| Self::Told(text.to_owned()), Self::Word))
    }
}

impl PartialSchema for Observed {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(1))
            .max_length(Some(2_000))
            .description(Some(
                "`acceptable`, `compromised`, `unacceptable`, or what was seen in one's own words",
            ))
            .examples(["acceptable", "received partially frozen"])
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
    fn words_are_known_and_own_words_are_kept() {
        let read = |text: &str| serde_json::from_str::<Observed>(text);
        assert_eq!(
            read(r#""compromised""#).unwrap(),
            Observed::Word(Condition::Compromised)
        );
        assert_eq!(
            read(r#"" received partially frozen ""#).unwrap(),
            Observed::Told("received partially frozen".to_owned())
        );
        assert!(read(r#""  ""#).is_err());
    }
}
