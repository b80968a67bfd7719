//! From a template and its data to PDF/A-3a + PDF/UA-1 bytes.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{DocumentWorld, drawable};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The data cannot be a document, e.g. too many rows, a code too long for
    /// a QR symbol, or a date that PDF cannot hold.
    #[error("the document cannot be made from this data: {0}")]
    Input(String),
    /// The typesetter refused; a fault of the templates, not of the data.
    #[error("typesetting failed: {0}")]
    Typesetting(String),
}

/// What one rendering needs.
pub(crate) struct Typesetting<'a> {
    /// Template to start from.
    pub template: &'a str,
    /// Data, seen by the template as `data.json`.
    pub data: Value,
    /// Further virtual files; names from a fixed set.
    pub files: Vec<(&'a str, Vec<u8>)>,
    /// What identifies the document; same ident and data give the same bytes.
    pub ident: String,
    /// Date of the file.
    pub date: DateTime<FixedOffset>,
}

/// How many generations of memoised work are kept. Two keeps the fonts' and
/// templates' part warm between reports and lets the rest go.
const KEPT_GENERATIONS: usize = 2;

/// Typst memoises globally; without eviction memory grows with every render,
/// also with those that fail.
struct EvictOnDrop;

impl Drop for EvictOnDrop {
    fn drop(&mut self) {
        typst::comemo::evict(KEPT_GENERATIONS);
    }
}

pub(crate) fn typeset(job: Typesetting<'_>) -> Result<Vec<u8>, RenderError> {
    let _evict = EvictOnDrop;
    let timestamp = timestamp(job.date).ok_or_else(|| RenderError::Input(format!("date {} does not fit", job.date)))?;
    let mut data = job.data;
    make_drawable(&mut data);
    let data = serde_json::to_vec(&data).map_err(|e| RenderError::Input(e.to_string()))?;
    let mut files = job.files;
    files.push(("data.json", data));
    let world = DocumentWorld::new(job.template, files)
        .ok_or_else(|| RenderError::Typesetting("a virtual file has an invalid name".into()))?;

    let document: PagedDocument = typst::compile(&world).output.map_err(|errors| refusal(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.ident),
        creator: Smart::Custom(Some(format!("Attest {}", env!("CARGO_PKG_VERSION")))),
        timestamp: Some(timestamp),
        standards: PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
            .map_err(|e| RenderError::Typesetting(e.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refusal(&errors))
}

fn refusal(errors: &[SourceDiagnostic]) -> RenderError {
    let text: Vec<String> = errors
        .iter()
        .flat_map(|e| std::iter::once(e.message.as_str()).chain(e.hints.iter().map(|h| h.v.as_str())))
        .map(str::to_owned)
        .collect();
    RenderError::Typesetting(text.join("; "))
}

fn timestamp(date: DateTime<FixedOffset>) -> Option<Timestamp> {
    let small = |n: u32| u8::try_from(n).ok();
    let datetime = Datetime::from_ymd_hms(
        date.year(),
        small(date.month())?,
        small(date.day())?,
        small(date.hour())?,
        small(date.minute())?,
        small(date.second())?,
    )?;
    match date.offset().local_minus_utc() / 60 {
        0 => Some(Timestamp::new_utc(datetime)),
        minutes => Timestamp::new_local(datetime, minutes),
    }
}

/// Replaces what no face can draw by its code point in brackets, so that one
/// foreign character neither stops a report nor vanishes from it. The attached
/// data keep the original. Control characters and bidirectional overrides
/// become visible the same way.
fn make_drawable(value: &mut Value) {
    match value {
        Value::String(text) => {
            if text.chars().any(|c| c != '\n' && !drawable(c)) {
                *text = text.chars().map(printed).collect();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_drawable),
        Value::Object(fields) => fields.values_mut().for_each(make_drawable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn printed(c: char) -> String {
    match c {
        '\n' => "\n".to_owned(),
        '\t' | '\r' => " ".to_owned(),
        c if drawable(c) => c.to_string(),
        c => format!("[U+{:04X}]", u32::from(c)),
    }
}
