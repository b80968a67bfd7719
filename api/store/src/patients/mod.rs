//! Patients: whose specimens they are. Everything that tells who somebody is lives in one encrypted value under a key of that
//! person; names and numbers are found through keyed fingerprints (ATT-43).

mod erase;
mod forgotten;
mod look;
mod merge;
mod personal;
mod read;
mod register;
mod written_before;

pub use erase::{Erased, Erasure};
pub(crate) use look::Looks;
pub use personal::{Identifier, PatientData};
pub use read::{Patient, PatientDuplicate, SeesPatients};

use attest_domain::ids::PatientId;

/// How the log and people call a patient without naming them: the random end of the id.
pub(crate) fn label(id: PatientId) -> String {
    let text = id.uuid().simple().to_string().to_uppercase();
    text.get(24..).unwrap_or(&text).to_owned()
}
