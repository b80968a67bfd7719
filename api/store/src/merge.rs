//! JSON merge patches (RFC 7396) on typed resources, and the difference they made, for the audit event.

use crate::{Event, StoreError, shape};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Beyond this many changed leaves, list items are recorded whole: an event has 64 KiB (ledger.md).
const MANY: usize = 200;

/// The resource after the patch. Null clears; a field that does not exist is refused, null or not.
pub(crate) fn merged<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: &Map<String, Value>,
) -> Result<T, StoreError> {
    let mut whole = object(current)?;
    for (key, change) in patch {
        merge(whole.entry(key.clone()).or_insert(Value::Null), change);
    }
    shape::read(Value::Object(whole))
        .map_err(|(wrong, _sentence)| StoreError::invalid(wrong.path, wrong.code, wrong.message))
}

fn merge(target: &mut Value, change: &Value) {
    match (target, change) {
        (Value::Object(target), Value::Object(change)) => {
            for (key, change) in change {
                merge(target.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
        (target, change) => *target = change.clone(),
    }
}

fn object<T: Serialize>(resource: &T) -> Result<Map<String, Value>, StoreError> {
    match serde_json::to_value(resource).map_err(StoreError::broken)? {
        Value::Object(object) => Ok(object),
        _ => Err(StoreError::broken("a resource is not an object")),
    }
}

/// Adds what differs between two states of a resource to the event; everything there is, when there was none before.
pub(crate) fn difference<T: Serialize>(mut event: Event, before: Option<&T>, after: &T) -> Result<Event, StoreError> {
    let (mut from, mut to) = (BTreeMap::new(), BTreeMap::new());
    let before = before.map(object).transpose()?.map_or(Value::Null, Value::Object);
    let after = Value::Object(object(after)?);
    leaves("", &before, true, &mut from);
    leaves("", &after, true, &mut to);
    if from.len().max(to.len()) > MANY {
        from.clear();
        to.clear();
        leaves("", &before, false, &mut from);
        leaves("", &after, false, &mut to);
    }
    let mut paths: Vec<&String> = from.keys().chain(to.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let side = |leaves: &BTreeMap<String, Value>| leaves.get(path).cloned().unwrap_or(Value::Null);
        event = event.change(path, side(&from), side(&to));
    }
    Ok(event)
}

/// Every plain value by its path. Lists of words become one text; items of other lists are taken apart when `deep`.
fn leaves(path: &str, value: &Value, deep: bool, found: &mut BTreeMap<String, Value>) {
    let at = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}/{key}")
        }
    };
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, member) in members {
                leaves(&at(key), member, deep, found);
            }
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            if !items.is_empty() {
                let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                found.insert(path.to_owned(), Value::String(words.join(", ")));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = at(&index.to_string());
                if deep {
                    leaves(&path, item, deep, found);
                } else {
                    found.insert(path, Value::String(short(item)));
                }
            }
        }
        plain => {
            found.insert(path.to_owned(), plain.clone());
        }
    }
}

/// A list item in one line, without its empty members: `test_id=…, low=1, high=2`.
fn short(item: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match item {
        Value::Object(members) => {
            let full: Vec<String> = members
                .iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(key, member)| format!("{key}={}", plain(member)))
                .collect();
            full.join(", ")
        }
        other => plain(other),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Jar {
        name: String,
        lid: Option<String>,
        limits: Vec<Value>,
    }

    fn jar() -> Jar {
        Jar {
            name: "a".to_owned(),
            lid: Some("red".to_owned()),
            limits: vec![json!({"low": "1", "high": null})],
        }
    }

    fn patch(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let after = merged(&jar(), &patch(json!({"lid": null}))).unwrap();
        assert_eq!((after.name.as_str(), after.lid), ("a", None));
    }

    #[test]
    fn a_field_that_does_not_exist_is_refused_even_as_null() {
        for wrong in [json!({"lit": null}), json!({"lit": "x"})] {
            assert!(
                matches!(merged(&jar(), &patch(wrong)), Err(StoreError::Invalid { code: "unknown_field", path, .. }) if path == "lit")
            );
        }
        assert!(
            matches!(merged(&jar(), &patch(json!({"name": null}))), Err(StoreError::Invalid { path, .. }) if path == "name")
        );
    }

    #[test]
    fn lists_are_taken_apart_until_there_are_too_many() {
        let mut leaf = BTreeMap::new();
        leaves("", &serde_json::to_value(jar()).unwrap(), true, &mut leaf);
        assert_eq!(leaf.get("limits/0/low"), Some(&json!("1")));
        leaf.clear();
        leaves("", &serde_json::to_value(jar()).unwrap(), false, &mut leaf);
        assert_eq!(leaf.get("limits/0"), Some(&json!("low=1")));
    }
}
