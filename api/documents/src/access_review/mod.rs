//! The record of a review of who has access: who was confirmed, who was removed, by whom and when (ISO/IEC 17025:2017, 7.11;
//! ISO 15189:2022, 7.6.3).

mod model;

pub use model::*;

use crate::typeset::{RenderError, Typesetting, typeset};

/// Version of the attached machine-readable twin.
pub const TWIN_SCHEMA: &str = "attest.access-review/v1";

/// Typesets the record as PDF/A-3a + PDF/UA-1, landscape A4, with [`AccessReviewRecord::data`] attached as
/// `access-review.json`. The same input gives the same bytes, always.
///
/// # Errors
/// [`RenderError::Input`] for more than [`MAX_ACCOUNTS`] accounts; [`RenderError::Typesetting`] when the template is at fault.
pub fn render_access_review(record: &AccessReviewRecord) -> Result<Vec<u8>, RenderError> {
    if record.accounts.len() > MAX_ACCOUNTS {
        return Err(RenderError::Input(format!(
            "{} accounts; at most {MAX_ACCOUNTS} on one record",
            record.accounts.len()
        )));
    }
    let mut data = serde_json::to_value(record).map_err(|e| RenderError::Input(e.to_string()))?;
    if let Some(fields) = data.as_object_mut() {
        fields.remove("data");
    }
    let mut twin = serde_json::to_vec_pretty(&record.data).map_err(|e| RenderError::Input(e.to_string()))?;
    twin.push(b'\n');
    typeset(Typesetting {
        template: "access-review.typ",
        data,
        files: vec![("access-review.json", twin)],
        ident: format!(
            "{TWIN_SCHEMA}/{}/{}/{}",
            record.laboratory, record.number, record.finished
        ),
        date: record.finished_at,
    })
}
