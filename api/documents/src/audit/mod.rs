//! Audit exports on paper: one table of sentences, with the evidence bundle of
//! the ledger attached, so that the paper and the proof travel together.

mod model;

pub use model::*;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::typeset::{RenderError, Typesetting, typeset};

/// Virtual names under which templates read attachments; a fixed set, because
/// names given by callers must not be interned.
const SLOTS: [&str; 16] = [
    "attached-0",
    "attached-1",
    "attached-2",
    "attached-3",
    "attached-4",
    "attached-5",
    "attached-6",
    "attached-7",
    "attached-8",
    "attached-9",
    "attached-10",
    "attached-11",
    "attached-12",
    "attached-13",
    "attached-14",
    "attached-15",
];

/// Typesets one part of an audit export as PDF/A-3a + PDF/UA-1, landscape A4,
/// with the bundle's members attached and listed with their SHA-256.
///
/// A thousand rows take about half a second and 130 MB: run it in a child process
/// through [`crate::job`].
///
/// # Errors
/// [`RenderError::Input`] for more than [`MAX_ROWS`] rows, more than 16
/// attachments or a repeated name; [`RenderError::Typesetting`] when the
/// template is at fault.
pub fn render_audit(export: &AuditExport, attachments: Vec<Attachment>) -> Result<Vec<u8>, RenderError> {
    if export.rows.len() > MAX_ROWS {
        return Err(RenderError::Input(format!(
            "{} rows; at most {MAX_ROWS} a part",
            export.rows.len()
        )));
    }
    if attachments.len() > SLOTS.len() {
        return Err(RenderError::Input(format!(
            "{} attachments; at most {}",
            attachments.len(),
            SLOTS.len()
        )));
    }
    let mut files = Vec::new();
    let mut listed = Vec::new();
    for (slot, attachment) in SLOTS.into_iter().zip(attachments) {
        listed.push(json!({
            "slot": slot,
            "name": attachment.name,
            "mime": attachment.mime,
            "size": attachment.bytes.len(),
            "sha256": hex::encode(Sha256::digest(&attachment.bytes)),
        }));
        files.push((slot, attachment.bytes));
    }
    typeset(Typesetting {
        template: "audit.typ",
        data: json!({ "export": export, "attachments": listed }),
        files,
        ident: format!("attest.audit-export/{}/{}/{}", export.log, export.range, export.part),
        date: export.created_at,
    })
}
