//! Paper that can be checked: test reports and audit exports as PDF/A-3a +
//! PDF/UA-1 with their machine-readable twin attached, signed with PAdES.
//!
//! The crate knows nothing of the laboratory's workflow or database: callers
//! hand in plain structs whose strings are already formatted, and get bytes.
//! It reads no files and opens no sockets. Rendering is CPU work (tens of
//! milliseconds for a report, seconds for a thousand audit rows): call it from
//! a blocking thread, and large audits through `job` in a child process.

pub mod audit;
mod base64_bytes;
pub mod report;

/// Language of a document. The words of both are in one table, `words.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Polish.
    Pl,
}

impl Language {
    /// BCP 47 tag, `en` or `pl`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pl => "pl",
        }
    }
}
