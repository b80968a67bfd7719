//! Test reports: what ISO/IEC 17025:2017, 7.8.2 to 7.8.7, and
//! ISO 15189:2022, 7.4.1, want to see on paper.

mod model;

pub use model::*;

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::typeset::{RenderError, Typesetting, typeset};

/// Version of the attached machine-readable twin.
pub const TWIN_SCHEMA: &str = "attest.report/v2";

/// Name of the twin among the PDF's attachments.
pub const TWIN_NAME: &str = "report.json";

/// Typesets a report as PDF/A-3a + PDF/UA-1 with [`TestReport::data`] attached
/// as [`TWIN_NAME`]. The same input gives the same bytes, always. Without
/// [`TestReport::authorised_by`] it is marked as a draft on every page.
///
/// # Errors
/// [`RenderError::Input`] when the data cannot be printed,
/// [`RenderError::Typesetting`] when a template is at fault.
pub fn render_report(report: &TestReport) -> Result<Vec<u8>, RenderError> {
    let mut data = serde_json::to_value(report).map_err(|e| RenderError::Input(e.to_string()))?;
    if let Some(fields) = data.as_object_mut() {
        fields.remove("data");
    }
    typeset(Typesetting {
        template: "report.typ",
        data,
        files: vec![
            ("report.json", twin(report)?),
            ("qr.svg", qr_code(&report.verification.url)?),
        ],
        ident: format!(
            "{TWIN_SCHEMA}/{}/{}/{}/{}",
            report.laboratory.name, report.number, report.version, report.verification.code
        ),
        date: report.issued_at,
    })
}

/// The machine-readable twin as attached: the report's data, UTF-8, indented.
///
/// # Errors
/// [`RenderError::Input`] when it cannot be serialised.
pub fn twin(report: &TestReport) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(&report.data).map_err(|e| RenderError::Input(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Error correction M: paper is folded and copied, yet the symbol stays small.
fn qr_code(url: &str) -> Result<Vec<u8>, RenderError> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M)
        .map_err(|e| RenderError::Input(format!("QR code: {e}")))?;
    let svg = code
        .render::<svg::Color<'_>>()
        .quiet_zone(false)
        .module_dimensions(4, 4)
        .build();
    Ok(svg.into_bytes())
}
