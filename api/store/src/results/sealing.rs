//! What is stored of a result: its body, under the patient's key where there is one.

use super::view::ResultBody;
use crate::sealing::{Keys, kept, opened};
use crate::{StoreError, Subject};
use attest_domain::ids::ResultId;

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use attest_keyring::SubjectKey;
    use uuid::Uuid;

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
