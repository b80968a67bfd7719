//! Reading what a client sent into a type, and saying in plain words what is wrong with it.
//!
//! serde is more forgiving than a contract may be (a list `["x"]` counts as the struct `{"reason": "x"}`), and its sentences
//! speak of structs, sequences and `i64`. Here an object is an object, wherever it stands, and every refusal names the field
//! and what would be right.

mod moment;
mod strict;

use serde::{Deserialize, Deserializer};
use std::cell::RefCell;
use strict::Strict;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misshapen {
    /// Where, e.g. `samples.0.collected_at`; empty when the whole is meant.
    pub path: String,
    /// Stable code.
    pub code: &'static str,
    /// What would be right.
    pub message: String,
}

/// What the innermost value that could not be read was meant to be. Kept beside serde's error, which carries only a sentence.
#[derive(Default)]
struct Told(RefCell<Option<(&'static str, String)>>);

impl Told {
    /// The first to say something stands nearest to the value.
    fn note(&self, code: &'static str, message: impl Into<String>) {
        self.0.borrow_mut().get_or_insert_with(|| (code, message.into()));
    }
}

/// Reads a value. Objects are written as objects, times lie between 1900 and 9999.
///
/// # Errors
/// What is wrong in plain words, and the format's own error, whose sentence is not for clients.
pub fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(input: D) -> Result<T, (Misshapen, D::Error)> {
    let (told, mut track) = (Told::default(), serde_path_to_error::Track::new());
    let tracked = serde_path_to_error::Deserializer::new(input, &mut track);
    T::deserialize(Strict::new(tracked, &told)).map_err(|error| {
        let path = match track.path().to_string() {
            whole if whole == "." => String::new(),
            path => path.replace('[', ".").replace(']', ""),
        };
        (misshapen(path, told.0.into_inner(), &error.to_string()), error)
    })
}

fn misshapen(path: String, told: Option<(&'static str, String)>, sentence: &str) -> Misshapen {
    // The query's reader found several values where one is meant.
    if sentence == "unsupported value" {
        return Misshapen {
            path,
            code: "duplicate",
            message: "give it once".to_owned(),
        };
    }
    if let Some((code, message)) = told {
        return Misshapen { path, code, message };
    }
    let below = |field: &str| {
        if path.is_empty() {
            field.to_owned()
        } else {
            format!("{path}.{field}")
        }
    };
    let named = |prefix: &str| sentence.strip_prefix(prefix)?.split('`').next();
    let (path, code, message) = if let Some(field) = named("unknown field `") {
        // The path ends with the unknown field already, where a key led to it.
        let path = if path.is_empty() { field.to_owned() } else { path };
        (path, "unknown_field", "this field does not exist here")
    } else if let Some(field) = named("missing field `") {
        (below(field), "required", "this field is needed")
    } else if let Some(field) = named("duplicate field `") {
        let twice = path.rsplit('.').next() == Some(field);
        (if twice { path } else { below(field) }, "duplicate", "give it once")
    } else if let Some(own) = own_words(sentence) {
        return Misshapen {
            path,
            code: "invalid",
            message: own.to_owned(),
        };
    } else {
        (path, "invalid", "this is not the kind of value that belongs here")
    };
    Misshapen {
        path,
        code,
        message: message.to_owned(),
    }
}

/// The sentence, when it is one of ours (a type that checks itself) and not serde's.
fn own_words(sentence: &str) -> Option<&str> {
    const SERDE: [&str; 7] = [
        "invalid type",
        "invalid value",
        "invalid length",
        "unknown variant",
        "data did not match",
        "expected ",
        "trailing",
    ];
    // serde_json adds where it was, which the path says better.
    let sentence = sentence.rsplit_once(" at line ").map_or(sentence, |(front, _)| front);
    let foreign = SERDE.iter().any(|beginning| sentence.starts_with(beginning));
    (!foreign && !sentence.is_empty()).then_some(sentence)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Dec;
    use chrono::{DateTime, NaiveDate, Utc};
    use serde_json::{Value, json};
    use uuid::Uuid;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read into")]
    struct Crate {
        reason: Option<String>,
        #[serde(default)]
        items: Vec<Bottle>,
        limit: Option<i64>,
        full: Option<bool>,
        colour: Option<Colour>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read into")]
    struct Bottle {
        id: Option<Uuid>,
        at: Option<DateTime<Utc>>,
        born: Option<NaiveDate>,
        degrees: Option<Dec>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        DarkBlue,
        Red,
    }

    fn wrong(value: Value) -> (String, &'static str, String) {
        let text = value.to_string();
        let (found, _) = read::<Crate, _>(&mut serde_json::Deserializer::from_str(&text)).unwrap_err();
        let (same, _) = read::<Crate, _>(value).unwrap_err();
        assert_eq!(found, same, "text and tree are read alike");
        (found.path, found.code, found.message)
    }

    #[test]
    fn an_object_is_no_list_wherever_it_stands() {
        assert_eq!(wrong(json!(["because"])).0, "");
        assert!(wrong(json!(["because"])).2.contains("object"));
        let (path, _, message) = wrong(json!({"items": [[null, null, null, null]]}));
        assert_eq!(path, "items.0");
        assert!(message.contains("object"), "{message}");
        assert!(wrong(json!({"items": {}})).2.contains("list"));
    }

    #[test]
    fn every_refusal_says_where_and_what_would_be_right() {
        for (value, path, words) in [
            (json!({"items": [{"id": "abc"}]}), "items.0.id", "an id like 0197"),
            (json!({"items": [{"id": 7}]}), "items.0.id", "an id like 0197"),
            (json!({"items": [{"at": "2026-11-22"}]}), "items.0.at", "time of day"),
            (
                json!({"items": [{"at": 1_795_317_624}]}),
                "items.0.at",
                "a time like 2026-11-22T10:00:00Z",
            ),
            (
                json!({"items": [{"at": "0001-01-01T00:00:00Z"}]}),
                "items.0.at",
                "1900 and 9999",
            ),
            (
                json!({"items": [{"born": "1873-01-01"}]}),
                "items.0.born",
                "1900 and 9999",
            ),
            (
                json!({"items": [{"born": "01.02.2003"}]}),
                "items.0.born",
                "a date like 2026-11-22",
            ),
            (
                json!({"items": [{"degrees": "abc"}]}),
                "items.0.degrees",
                "like \"0.050\"",
            ),
            (
                json!({"items": [{"degrees": 4.5}]}),
                "items.0.degrees",
                "like \"0.050\"",
            ),
            (json!({"limit": "many"}), "limit", "whole number"),
            (json!({"limit": 1.5}), "limit", "whole number"),
            (json!({"full": 1}), "full", "true or false"),
            (json!({"colour": "green"}), "colour", "one of: dark_blue, red"),
            (json!({"colour": 1}), "colour", "one of: dark_blue, red"),
            (json!({"reason": 5}), "reason", "text"),
            (json!({"reason": {"a": 1}}), "reason", "text"),
            (json!({"items": [{"nope": 1}]}), "items.0.nope", "does not exist"),
        ] {
            let found = wrong(value);
            assert_eq!(found.0, path, "{found:?}");
            assert!(found.2.contains(words), "{found:?}");
        }
    }

    #[test]
    fn a_field_given_twice_is_named() {
        for text in [
            r#"{"limit": 1, "limit": 2}"#,
            r#"{"items": [{"at": null, "at": null}]}"#,
        ] {
            let (found, _) = read::<Crate, _>(&mut serde_json::Deserializer::from_str(text)).unwrap_err();
            assert_eq!(found.code, "duplicate");
            assert!(["limit", "items.0.at"].contains(&found.path.as_str()), "{found:?}");
        }
    }

    #[test]
    fn what_is_right_is_read() {
        let text = json!({"reason": "x", "items": [{"id": Uuid::nil(), "at": "2026-11-22T10:00:00+01:00", "born": "1990-01-31",
            "degrees": "4.5"}], "limit": 3, "full": true, "colour": "red"});
        let read: Crate = read(text).unwrap();
        assert_eq!((read.items.len(), read.limit), (1, Some(3)));
    }
}
