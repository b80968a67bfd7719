//! JSON merge patches (RFC 7396), and new resources that the store checks itself.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::marker::PhantomData;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationErrors};

/// A change to a `T`: fields that are absent stay, null clears. The store applies it to the current state and checks the
/// whole.
#[derive(Debug)]
pub struct Patch<T> {
    /// The members sent.
    pub members: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

impl<'de, T> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(|members| Self {
            members,
            of: PhantomData,
        })
    }
}

impl<T> Validate for Patch<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// The schema of `T` with every field optional and nullable.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let RefOr::T(Schema::Object(whole)) = T::schema() else {
            return T::schema();
        };
        let mut change = ObjectBuilder::new()
            .description(Some("Fields that are absent stay as they are; null clears."))
            .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)));
        let needed = whole.required;
        for (name, property) in whole.properties {
            let property = if needed.contains(&name) {
                property
            } else {
                nullable(property)
            };
            change = change.property(name, property);
        }
        change.into()
    }
}

fn nullable(property: RefOr<Schema>) -> RefOr<Schema> {
    match property {
        RefOr::Ref(reference) => AnyOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)))
            .item(reference)
            .into(),
        plain => plain,
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        let name = T::name();
        Cow::Owned(format!("{}Change", name.strip_suffix("Data").unwrap_or(&name)))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// A new `T`, whose rules beyond its shape the store checks.
#[derive(Debug)]
pub struct New<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for New<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

impl<T> Validate for New<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}
