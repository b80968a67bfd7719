//! Decimal numbers as the interface speaks them: strings that keep their digits (`"0.050"` is not `"0.05"`).

use attest_domain::value::parse_decimal;
use rust_decimal::Decimal;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A decimal number of at most 28 digits; a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dec(pub Decimal);

impl fmt::Display for Dec {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for Dec {
    type Err = attest_domain::value::ValueRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_decimal(text).map(Self)
    }
}

impl Serialize for Dec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Dec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DecVisitor)
    }
}

/// What is read; `shape` knows a decimal by it, and says what one looks like.
pub(crate) const EXPECTED: &str = "a decimal number as a string";

struct DecVisitor;

impl Visitor<'_> for DecVisitor {
    type Value = Dec;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(EXPECTED)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Dec, E> {
        text.parse().map_err(E::custom)
    }
}

impl utoipa::PartialSchema for Dec {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("A decimal number as a string, with a point; its digits are kept."))
            .pattern(Some(r"^[+-]?[0-9]{1,28}(\.[0-9]{1,28})?([eE][+-]?[0-9]{1,2})?$"))
            .examples([serde_json::json!("0.050")])
            .into()
    }
}

impl utoipa::ToSchema for Dec {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn digits_survive_and_numbers_are_refused() {
        let dec: Dec = serde_json::from_str("\"0.050\"").unwrap();
        assert_eq!(serde_json::to_string(&dec).unwrap(), "\"0.050\"");
        assert!(
            serde_json::from_str::<Dec>("0.05").is_err(),
            "a float has lost its digits already"
        );
        assert!(serde_json::from_str::<Dec>("\"NaN\"").is_err());
    }
}
