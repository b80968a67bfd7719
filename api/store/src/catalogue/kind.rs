//! What the kinds of catalogue entries have in common, and how an entry is shown.

use crate::check::Faults;
use crate::{Person, Replayable};
use attest_domain::Action;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::HashMap;
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// Names of the entries that an entry names.
pub type Names = HashMap<Uuid, String>;

/// `active` where a request does not say.
pub(super) fn yes() -> bool {
    true
}

/// Another row that an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Path in the request.
    pub path: String,
    /// Kind of catalogue entry; a client when `None`.
    pub kind: Option<&'static str>,
    /// Its id.
    pub id: Uuid,
}

impl Reference {
    pub(super) fn item(path: String, kind: &'static str, id: Uuid) -> Self {
        Self {
            path,
            kind: Some(kind),
            id,
        }
    }

    pub(super) fn client(path: String, id: Uuid) -> Self {
        Self { path, kind: None, id }
    }
}

/// One kind of catalogue entry. The implementing type is what a request writes and what the database keeps.
pub trait Kind: Serialize + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static {
    /// Its name in the database, in events, and (with hyphens and an s) in paths.
    const KIND: &'static str;
    /// The event of a new entry.
    const CREATED: Action;
    /// The event of a changed entry.
    const EDITED: Action;
    /// Its typed id.
    type Id: Copy + Send + Into<Uuid> + std::str::FromStr + Replayable + 'static;
    /// What is shown beside id and version.
    type View: Serialize + ToSchema + Send;

    /// Its name.
    fn name(&self) -> &str;
    /// Its code, unique within the kind.
    fn code(&self) -> Option<&str> {
        None
    }
    /// In use.
    fn active(&self) -> bool;
    /// Everything that is wrong with it by itself.
    fn check(&self, wrong: &mut Faults);
    /// The rows that it names and that must be there.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }
    /// The entries whose names its view shows.
    fn named(&self) -> Vec<Uuid> {
        Vec::new()
    }
    /// What is shown.
    fn view(self, names: &Names) -> Self::View;
}

/// An entry with what every resource has.
#[derive(Debug, Clone, Serialize)]
pub struct Item<V> {
    /// Its id.
    pub id: Uuid,
    /// The entry itself.
    #[serde(flatten)]
    pub data: V,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// By whom; nothing for what came with the program.
    pub created_by: Option<Person>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    pub version: i64,
}

/// What every resource has.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Resource {
    /// Its id.
    id: Uuid,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// By whom; nothing for what came with the program.
    created_by: Option<Person>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
    /// Its version; the ETag.
    version: i64,
}

/// One object, not an `allOf`: what a request may not add to (`additionalProperties: false`) is part of a larger answer.
impl<V: ToSchema> PartialSchema for Item<V> {
    fn schema() -> RefOr<Schema> {
        let mut whole = ObjectBuilder::new();
        for part in [Resource::schema(), V::schema()] {
            let RefOr::T(Schema::Object(part)) = part else { continue };
            for (name, property) in part.properties {
                whole = whole.property(name.clone(), property).required(name);
            }
        }
        whole.into()
    }
}

impl<V: ToSchema> ToSchema for Item<V> {
    fn name() -> Cow<'static, str> {
        let name = V::name();
        Cow::Owned(format!(
            "{}Item",
            name.strip_suffix("View")
                .or_else(|| name.strip_suffix("Data"))
                .unwrap_or(&name)
        ))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Resource::schemas(schemas);
        V::schemas(schemas);
    }
}
