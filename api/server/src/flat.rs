//! Answers that contain a request's fields are described as one object. utoipa makes them an `allOf`, and what a request
//! may not add to (`additionalProperties: false`) would forbid the rest of the answer.

use utoipa::openapi::schema::{AdditionalProperties, AllOf, Object};
use utoipa::openapi::{ObjectBuilder, OpenApi as Document, RefOr, Schema};

/// Replaces each `allOf` that has such a part.
pub fn open(document: &mut Document) {
    let Some(components) = document.components.as_mut() else {
        return;
    };
    let flattened: Vec<(String, Object)> = components
        .schemas
        .iter()
        .filter_map(|(name, schema)| {
            let RefOr::T(Schema::AllOf(parts)) = schema else {
                return None;
            };
            let found: Vec<&Object> = parts
                .items
                .iter()
                .filter_map(|part| object(part, &components.schemas))
                .collect();
            let refused = found.iter().any(|part| closed(part)) && found.len() == parts.items.len();
            refused.then(|| (name.clone(), whole(parts, &found)))
        })
        .collect();
    for (name, object) in flattened {
        components.schemas.insert(name, RefOr::T(Schema::Object(object)));
    }
}

fn object<'a>(
    part: &'a RefOr<Schema>,
    schemas: &'a std::collections::BTreeMap<String, RefOr<Schema>>,
) -> Option<&'a Object> {
    let named = match part {
        RefOr::Ref(to) => schemas.get(to.ref_location.rsplit('/').next()?)?,
        RefOr::T(_) => part,
    };
    match named {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

fn closed(part: &Object) -> bool {
    matches!(
        part.additional_properties.as_deref(),
        Some(AdditionalProperties::FreeForm(false))
    )
}

fn whole(parts: &AllOf, found: &[&Object]) -> Object {
    let mut whole = ObjectBuilder::new().description(parts.description.clone());
    for part in found {
        for (name, property) in &part.properties {
            whole = whole.property(name.clone(), property.clone());
        }
        for name in &part.required {
            whole = whole.required(name.clone());
        }
    }
    whole.build()
}
