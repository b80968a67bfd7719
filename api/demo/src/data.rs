//! Reading the files under `data/`.

use serde::de::DeserializeOwned;

use crate::DemoError;

/// The lines of a CSV file behind its head.
pub(crate) fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, DemoError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| DemoError::Data(e.to_string()))
}

/// Nothing for an empty field.
pub(crate) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
