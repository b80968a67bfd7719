//! What is stored of a result. A patient's values are kept under that person's key, so that erasure reaches every version of
//! them, also in the append-only table (ATT-43); everybody else's are plain JSON.

use super::view::ResultBody;
use crate::{ReadTx, StoreError, Subject, WriteTx};
use attest_domain::ids::ResultId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Sealed texts begin with this; then the person's pseudonymous id, a colon, and base64.
const SEALED: &str = "sealed:";

/// Persons' keys by id; those of erased persons are missing.
pub(crate) type Keys = HashMap<Uuid, Subject>;

/// A value as stored in a text column: sealed where it tells about a person.
pub(crate) fn kept<T: Serialize>(subject: Option<&Subject>, place: &str, value: &T) -> Result<String, StoreError> {
    let json = serde_json::to_string(value).map_err(StoreError::broken)?;
    let Some(subject) = subject else { return Ok(json) };
    let sealed = subject.key.seal(place, json.as_bytes()).map_err(StoreError::broken)?;
    Ok(format!("{SEALED}{}:{}", subject.id, STANDARD.encode(sealed)))
}

/// Back from the column; nothing when the person was erased.
pub(crate) fn opened<T: DeserializeOwned>(keys: &Keys, place: &str, stored: &str) -> Result<Option<T>, StoreError> {
    let Some((person, sealed)) = sealed_for(stored) else {
        return serde_json::from_str(stored).map(Some).map_err(StoreError::broken);
    };
    let Some(subject) = keys.get(&person) else {
        return Ok(None);
    };
    let sealed = STANDARD.decode(sealed).map_err(StoreError::broken)?;
    let json = subject.key.open(place, &sealed).map_err(StoreError::broken)?;
    serde_json::from_slice(&json).map(Some).map_err(StoreError::broken)
}

/// Whose it is, and what is sealed; nothing for plain JSON.
fn sealed_for(stored: &str) -> Option<(Uuid, &str)> {
    let (person, sealed) = stored.strip_prefix(SEALED)?.split_once(':')?;
    Some((person.parse().ok()?, sealed))
}

/// Where a result's versions are kept; bound into their seals.
pub(crate) fn body_place(result: ResultId) -> String {
    format!("results/{result}")
}

impl ResultBody {
    /// As stored.
    pub(crate) fn kept(&self, subject: Option<&Subject>, result: ResultId) -> Result<String, StoreError> {
        kept(subject, &body_place(result), self)
    }

    /// From the column: empty for a result nobody has worked on, and for an erased person's.
    pub(crate) fn opened(keys: &Keys, result: ResultId, stored: Option<&str>) -> Result<Self, StoreError> {
        Ok(match stored {
            Some(text) => opened(keys, &body_place(result), text)?.unwrap_or_default(),
            None => Self::default(),
        })
    }
}

macro_rules! keys {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// The keys that these stored texts need, in one statement; none for plain ones.
            pub(crate) fn keys_of<'a>(&mut self, stored: impl Iterator<Item = &'a str>) -> Result<Keys, StoreError> {
                let persons: HashSet<Uuid> = stored
                    .filter_map(|text| sealed_for(text).map(|(person, _)| person))
                    .collect();
                self.subjects(&persons)
            }
        }
    };
}
keys!(ReadTx);
keys!(WriteTx);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use attest_keyring::SubjectKey;

    fn body() -> ResultBody {
        ResultBody {
            value: Some("7.2".to_owned()),
            ..ResultBody::default()
        }
    }

    #[test]
    fn a_patients_value_is_unreadable_without_the_key_att_43() {
        let subject = Subject {
            id: Uuid::now_v7(),
            key: SubjectKey::generate(),
        };
        let id = ResultId::new();
        let stored = body().kept(Some(&subject), id).unwrap();
        assert!(!stored.contains("7.2"));
        let keys = Keys::from([(subject.id, subject)]);
        assert_eq!(
            ResultBody::opened(&keys, id, Some(&stored)).unwrap().value.as_deref(),
            Some("7.2")
        );
        assert_eq!(
            ResultBody::opened(&Keys::new(), id, Some(&stored)).unwrap().value,
            None,
            "erased"
        );
        assert!(
            ResultBody::opened(&keys, ResultId::new(), Some(&stored)).is_err(),
            "moved to another result"
        );
    }

    #[test]
    fn anybody_elses_value_is_plain() {
        let id = ResultId::new();
        let stored = body().kept(None, id).unwrap();
        assert_eq!(stored, r#"{"value":"7.2"}"#);
        assert_eq!(
            ResultBody::opened(&Keys::new(), id, Some(&stored))
                .unwrap()
                .value
                .as_deref(),
            Some("7.2")
        );
    }
}
