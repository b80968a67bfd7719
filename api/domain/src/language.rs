//! The two languages in which Attest speaks: on screen, in reports and in the audit trail.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that every sentence of the product exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Polish.
    Pl,
}

impl Language {
    /// Both, in the order in which they are offered.
    pub const ALL: &'static [Language] = &[Language::En, Language::Pl];

    /// The ISO 639-1 code: `en` or `pl`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Pl => "pl",
        }
    }

    /// One of two texts.
    #[must_use]
    pub const fn pick(self, en: &'static str, pl: &'static str) -> &'static str {
        match self {
            Language::En => en,
            Language::Pl => pl,
        }
    }

    /// The language a client prefers, from an `Accept-Language` header (RFC 9110, 12.5.4): the supported one with the
    /// highest quality; English when none is named.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Language {
        let mut best: Option<(u16, Language)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let primary = tag.split('-').next().unwrap_or_default();
            let Ok(language) = primary.to_ascii_lowercase().parse::<Language>() else {
                continue;
            };
            let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
            if quality > 0 && best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, language));
            }
        }
        best.map_or(Language::En, |(_, language)| language)
    }
}

/// A quality value such as `0.8` in thousandths; 0 when it cannot be read.
fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    if whole == "1" {
        return 1000;
    }
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    if whole == "0" { digits.parse().unwrap_or(0) } else { 0 }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The code names no language of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the language must be \"en\" or \"pl\"")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "en" => Ok(Language::En),
            "pl" => Ok(Language::Pl),
            _ => Err(UnknownLanguage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_supported_language_wins() {
        assert_eq!(Language::from_accept_language("pl-PL,pl;q=0.9,en;q=0.8"), Language::Pl);
        assert_eq!(Language::from_accept_language("en-GB;q=0.7, pl;q=0.8"), Language::Pl);
        assert_eq!(Language::from_accept_language("pl;q=0, en;q=0.1"), Language::En);
        assert_eq!(Language::from_accept_language("de, fr;q=0.5"), Language::En);
        assert_eq!(Language::from_accept_language(""), Language::En);
    }
}
