//! What a field is called in words; filled in next.

use crate::Language;

/// The name of a field in words.
#[must_use]
pub fn field_label(_object_type: &str, path: &str, _language: Language) -> String {
    path.replace('_', " ")
}
