//! What tells about a patient is stored sealed under that person's key, so that erasure reaches reports too (ATT-43).

use crate::{ReadTx, StoreError, Subject, WriteTx};
use attest_domain::ids::PatientId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Whose a report is, as far as its bytes are concerned.
#[derive(Debug, Clone)]
pub(crate) enum Confidence {
    /// Nobody's: a client's report is stored as it is.
    Plain,
    /// A patient's: stored under the patient's key.
    Sealed(Subject),
    /// A patient's who was erased: unreadable for good.
    Erased,
}

impl Confidence {
    /// The person, for sealed values in the audit trail.
    pub(crate) fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Sealed(subject) => Some(subject),
            Self::Plain | Self::Erased => None,
        }
    }

    /// Bytes on their way into the database.
    pub(crate) fn seal(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Plain => Ok(bytes.to_vec()),
            Self::Sealed(subject) => subject.key.seal(place, bytes).map_err(StoreError::broken),
            Self::Erased => Err(StoreError::person_erased()),
        }
    }

    /// Bytes on their way out; nothing when the person was erased.
    pub(crate) fn open(&self, place: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self {
            Self::Plain => Ok(Some(bytes.to_vec())),
            Self::Sealed(subject) => subject.key.open(place, bytes).map(Some).map_err(StoreError::broken),
            Self::Erased => Ok(None),
        }
    }

    /// As [`seal`](Self::seal), for a value.
    pub(crate) fn seal_json<T: Serialize>(&self, place: &str, value: &T) -> Result<Vec<u8>, StoreError> {
        self.seal(place, &serde_json::to_vec(value).map_err(StoreError::broken)?)
    }

    /// As [`open`](Self::open), for a value.
    pub(crate) fn open_json<T: DeserializeOwned>(&self, place: &str, bytes: &[u8]) -> Result<Option<T>, StoreError> {
        self.open(place, bytes)?
            .map(|bytes| serde_json::from_slice(&bytes).map_err(StoreError::broken))
            .transpose()
    }
}

/// Where the content of a report is kept; bound into its seal.
pub(crate) fn content_place(report: Uuid) -> String {
    format!("reports/{report}/content")
}

/// Where remarks, opinions and reasons of a report are kept.
pub(crate) fn words_place(report: Uuid) -> String {
    format!("reports/{report}/words")
}

/// Where the signed document is kept.
pub(crate) fn document_place(report: Uuid) -> String {
    format!("report_documents/{report}")
}

/// Where a delivery's particulars are kept.
pub(crate) fn delivery_place(delivery: Uuid) -> String {
    format!("deliveries/{delivery}")
}

macro_rules! confidence {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// How the bytes of a report on this patient, or on nobody, are kept.
            pub(crate) fn confidence(&mut self, patient: Option<PatientId>) -> Result<Confidence, StoreError> {
                let Some(patient) = patient else {
                    return Ok(Confidence::Plain);
                };
                Ok(self
                    .patient_subject(patient)?
                    .map_or(Confidence::Erased, Confidence::Sealed))
            }
        }
    };
}
confidence!(ReadTx);
confidence!(WriteTx);
