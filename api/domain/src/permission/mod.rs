//! Who may do what: the closed list of permissions, and for each a zero-sized type in [`may`] that marks a permit for it.

mod list;
mod set;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use list::{Permission, may};
pub use set::PermissionSet;

/// What a `Permit<P>` proves. Sealed: only the types in [`may`] implement it.
pub trait Grant: sealed::Sealed + Send + Sync + 'static {
    /// The permission that the holder was found to have; `None` for [`may::SignedIn`], which needs a login only.
    const PERMISSION: Option<Permission>;
    /// Open to a session that must set something up first ([`crate::identity::SetUp`]): only one's own account is.
    const WHILE_RESTRICTED: bool = false;
    /// Open while the session's screen is locked: unlocking it and signing out are.
    const WHILE_LOCKED: bool = false;
    /// Not open to service accounts, which have no password, no session and nobody who could confirm anything.
    const PERSONS_ONLY: bool = false;
}

mod sealed {
    /// Keeps [`super::Grant`] closed.
    pub trait Sealed {}
}

/// The text names no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no permission of this name")]
pub struct UnknownPermission;

impl Permission {
    /// The thing in `thing:act`, by which screens group permissions.
    #[must_use]
    pub fn area(self) -> &'static str {
        self.as_str().split_once(':').map_or("", |(area, _)| area)
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Permission::ALL
            .iter()
            .copied()
            .find(|known| known.as_str() == text)
            .ok_or(UnknownPermission)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// In the interface's document a permission is a word of the closed list.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Permission {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let words = Permission::ALL.iter().map(|permission| permission.as_str());
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .enum_values(Some(words))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Permission {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn every_permission_survives_text_and_json() {
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse::<Permission>().unwrap(), *permission);
            let json = serde_json::to_string(permission).unwrap();
            assert_eq!(serde_json::from_str::<Permission>(&json).unwrap(), *permission);
            assert!(!permission.area().is_empty());
            assert_ne!(
                permission.description(Language::En),
                permission.description(Language::Pl)
            );
        }
        assert!("sample:steal".parse::<Permission>().is_err());
    }

    #[test]
    fn a_marker_names_its_permission() {
        assert_eq!(may::SampleRegister::PERMISSION, Some(Permission::SampleRegister));
        assert_eq!(may::SignedIn::PERMISSION, None);
        assert_eq!((may::Myself::PERMISSION, may::Myself::WHILE_RESTRICTED), (None, true));
        const { assert!(!may::SignedIn::WHILE_RESTRICTED && !may::SampleRead::WHILE_RESTRICTED) };
    }
}
