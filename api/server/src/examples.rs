//! An example body for every operation that takes one: the schema's own, else made from the schema, required fields only.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi as Document;

/// Schemas refer to each other; deeper than this no example gets clearer.
const DEPTH: usize = 8;

/// Fills in the examples that nobody wrote.
pub fn fill(document: &mut Document) {
    let schemas = document
        .components
        .as_ref()
        .and_then(|components| serde_json::to_value(&components.schemas).ok())
        .unwrap_or_default();
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
            .into_iter()
            .flatten()
        {
            let Some(body) = operation.request_body.as_mut() else {
                continue;
            };
            for (kind, content) in &mut body.content {
                if kind == "application/json" && content.example.is_none() {
                    let schema = serde_json::to_value(&content.schema).unwrap_or_default();
                    content.example = Some(example(&schema, &schemas, DEPTH));
                }
            }
        }
    }
}

fn example(schema: &Value, all: &Value, depth: usize) -> Value {
    if let Some(own) = schema.get("example").or_else(|| schema.get("examples")?.get(0)) {
        return own.clone();
    }
    if depth == 0 {
        return Value::Null;
    }
    if let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|path| path.rsplit('/').next())
    {
        return example(all.get(name).unwrap_or(&Value::Null), all, depth.saturating_sub(1));
    }
    for choice in ["oneOf", "anyOf"] {
        let fitting = schema
            .get(choice)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|option| option.get("type") != Some(&json!("null")));
        if let Some(option) = fitting {
            return example(option, all, depth.saturating_sub(1));
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(fields) = example(part, all, depth.saturating_sub(1)) {
                whole.extend(fields);
            }
        }
        return Value::Object(whole);
    }
    if let Some(word) = schema.get("enum").and_then(|words| words.get(0)) {
        return word.clone();
    }
    match kind(schema) {
        "object" => object(schema, all, depth),
        "array" => match schema.get("items") {
            Some(items) => Value::Array(vec![example(items, all, depth.saturating_sub(1))]),
            None => Value::Array(Vec::new()),
        },
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "number" => json!(1),
        "boolean" => json!(true),
        "string" => text(schema),
        _ => Value::Null,
    }
}

fn object(schema: &Value, all: &Value, depth: usize) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut fields = Map::new();
    for (name, property) in properties.into_iter().flatten() {
        if required.contains(&name.as_str()) {
            fields.insert(name.clone(), example(property, all, depth.saturating_sub(1)));
        }
    }
    Value::Object(fields)
}

/// The type; of a nullable one the one that is not null.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ => "",
    }
}

fn text(schema: &Value) -> Value {
    json!(match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "0197b1e2-5a1c-7c3e-9d2f-3a4b5c6d7e8f",
        Some("date-time") => "2026-11-21T08:30:00Z",
        Some("date") => "2026-11-21",
        _ => "text",
    })
}
