//! What tells about a person inside rows that are not that person's own: values, remarks, reasons. It is stored under the
//! person's key, so that erasure reaches it wherever it stands, append-only tables included (ATT-43). What belongs to a client's
//! samples tells about nobody and stays plain, and searchable.

use crate::{ReadTx, StoreError, Subject, WriteTx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Sealed texts begin with this; then the person's pseudonymous id, a colon, and base64.
const SEALED: &str = "sealed:";
/// A plain text that somebody began with one of these two words has this in front, so that it is not taken for a sealed one.
const PLAIN: &str = "plain:";

/// Persons' keys by id; those of erased persons are missing.
pub(crate) type Keys = HashMap<Uuid, Subject>;

/// A value as stored in a text column: sealed where it tells about a person, JSON otherwise. `place` is bound into the seal.
pub(crate) fn kept<T: Serialize>(subject: Option<&Subject>, place: &str, value: &T) -> Result<String, StoreError> {
    let json = serde_json::to_string(value).map_err(StoreError::broken)?;
    subject.map_or(Ok(json.clone()), |subject| sealed(subject, place, json.as_bytes()))
}

/// Back from the column; nothing when the person was erased.
pub(crate) fn opened<T: DeserializeOwned>(keys: &Keys, place: &str, stored: &str) -> Result<Option<T>, StoreError> {
    let json = match sealed_for(stored) {
        Some((person, sealed)) => unsealed(keys, person, place, sealed)?,
        None => Some(stored.as_bytes().to_vec()),
    };
    json.map(|json| serde_json::from_slice(&json).map_err(StoreError::broken))
        .transpose()
}

/// A free text as stored: sealed where it tells about a person, as it was typed otherwise. `place` is bound into the seal.
pub(crate) fn kept_text(subject: Option<&Subject>, place: &str, text: &str) -> Result<String, StoreError> {
    match subject {
        Some(subject) => sealed(subject, place, text.as_bytes()),
        None if text.starts_with(SEALED) || text.starts_with(PLAIN) => Ok(format!("{PLAIN}{text}")),
        None => Ok(text.to_owned()),
    }
}

/// Back from the column; nothing when there is none, or the person was erased.
pub(crate) fn opened_text(keys: &Keys, place: &str, stored: Option<&str>) -> Result<Option<String>, StoreError> {
    let Some(stored) = stored else { return Ok(None) };
    let Some((person, sealed)) = sealed_for(stored) else {
        return Ok(Some(stored.strip_prefix(PLAIN).unwrap_or(stored).to_owned()));
    };
    let Some(text) = unsealed(keys, person, place, sealed)? else {
        return Ok(None);
    };
    String::from_utf8(text).map(Some).map_err(StoreError::broken)
}

/// Whether there is a text that cannot be read any more.
pub(crate) fn is_lost(keys: &Keys, stored: &str) -> bool {
    sealed_for(stored).is_some_and(|(person, _)| !keys.contains_key(&person))
}

/// The free texts of one row; each column is sealed by itself.
pub(crate) struct RowTexts(String);

impl RowTexts {
    /// Of the row with this id.
    pub(crate) fn of(table: &str, id: impl std::fmt::Display) -> Self {
        Self(format!("{table}/{id}"))
    }

    /// As stored in this column: under the person's key where there is one.
    pub(crate) fn kept(
        &self,
        person: Option<&Subject>,
        column: &str,
        text: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        text.map(|text| kept_text(person, &self.place(column), text))
            .transpose()
    }

    /// Back from this column; nothing when there is none, or the person was erased.
    pub(crate) fn opened(&self, keys: &Keys, column: &str, stored: Option<&str>) -> Result<Option<String>, StoreError> {
        opened_text(keys, &self.place(column), stored)
    }

    fn place(&self, column: &str) -> String {
        format!("{}/{column}", self.0)
    }
}

fn sealed(subject: &Subject, place: &str, plain: &[u8]) -> Result<String, StoreError> {
    let sealed = subject.key.seal(place, plain).map_err(StoreError::broken)?;
    Ok(format!("{SEALED}{}:{}", subject.id, STANDARD.encode(sealed)))
}

fn unsealed(keys: &Keys, person: Uuid, place: &str, sealed: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(subject) = keys.get(&person) else {
        return Ok(None);
    };
    let sealed = STANDARD.decode(sealed).map_err(StoreError::broken)?;
    subject.key.open(place, &sealed).map(Some).map_err(StoreError::broken)
}

/// Whose it is, and what is sealed; nothing for what is plain.
fn sealed_for(stored: &str) -> Option<(Uuid, &str)> {
    let (person, sealed) = stored.strip_prefix(SEALED)?.split_once(':')?;
    Some((person.parse().ok()?, sealed))
}

macro_rules! keys {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// The keys that these stored texts need, in one statement; none for plain ones.
            pub(crate) fn keys_of<'a>(
                &mut self,
                stored: impl IntoIterator<Item = &'a str>,
            ) -> Result<Keys, StoreError> {
                let persons: HashSet<Uuid> = stored
                    .into_iter()
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

    #[test]
    fn a_text_is_sealed_for_a_person_and_plain_for_nobody_att_43() {
        let subject = Subject {
            id: Uuid::now_v7(),
            key: SubjectKey::generate(),
        };
        let stored = kept_text(Some(&subject), "samples/1/remark", "lipaemic").unwrap();
        assert!(!stored.contains("lipaemic"));
        let keys = Keys::from([(subject.id, subject)]);
        let open = |keys: &Keys, place: &str, stored: &str| opened_text(keys, place, Some(stored));
        assert_eq!(
            open(&keys, "samples/1/remark", &stored).unwrap().as_deref(),
            Some("lipaemic")
        );
        assert_eq!(open(&Keys::new(), "samples/1/remark", &stored).unwrap(), None, "erased");
        assert!(is_lost(&Keys::new(), &stored) && !is_lost(&keys, &stored));
        assert!(
            open(&keys, "samples/2/remark", &stored).is_err(),
            "moved to another sample"
        );
        assert_eq!(kept_text(None, "samples/1/remark", "turbid").unwrap(), "turbid");
    }

    #[test]
    fn nobody_passes_a_plain_text_off_as_a_sealed_one() {
        let person = Uuid::now_v7();
        for typed in [
            "sealed:",
            "plain:",
            "plain: see label",
            &format!("sealed:{person}:AAAA"),
        ] {
            let stored = kept_text(None, "x", typed).unwrap();
            assert_eq!(
                opened_text(&Keys::new(), "x", Some(&stored)).unwrap().as_deref(),
                Some(typed)
            );
        }
    }
}
