//! How an answer names another thing: its id, to ask further, and its name, to show.

use crate::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Another resource, by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ref {
    /// Its id.
    pub id: Uuid,
    /// Its name, as of now.
    pub name: String,
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// The user's id.
    pub id: Uuid,
    /// Printed name.
    pub name: String,
}

impl Ref {
    /// From two columns of an outer join: nothing when either is null.
    pub(crate) fn joined(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

impl Person {
    /// From two columns of an outer join: nothing when either is null.
    pub(crate) fn joined(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

/// A word of a closed vocabulary as the database has it.
pub(crate) fn word<T: std::str::FromStr>(text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(StoreError::broken)
}
