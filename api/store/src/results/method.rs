//! A test as the catalogue has it, reduced to what results need of it.

use crate::StoreError;
use attest_domain::value::{ResultType, Rounding, TestRules, Uncertainty, UncertaintyKind};
use rust_decimal::Decimal;
use serde::Deserialize;

/// The parts of a test's JSON (`catalog_items.body`) that concern its results. Decimals are strings there.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TestMethod {
    #[serde(default)]
    pub(crate) analyte: String,
    #[serde(default)]
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) unit: String,
    pub(crate) result_type: ResultType,
    #[serde(default)]
    pub(crate) decimals: Option<u32>,
    #[serde(default)]
    pub(crate) significant_figures: Option<u32>,
    #[serde(default)]
    pub(crate) codes: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) lod: Option<String>,
    #[serde(default)]
    pub(crate) loq: Option<String>,
    #[serde(default)]
    pub(crate) uncertainty: Option<StatedUncertainty>,
    #[serde(default)]
    pub(crate) hold_time_hours: Option<u32>,
    #[serde(default)]
    pub(crate) accredited: bool,
    #[serde(default)]
    pub(crate) self_verification_allowed: bool,
}

/// Expanded uncertainty with its coverage factor.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StatedUncertainty {
    pub(crate) value: String,
    pub(crate) kind: UncertaintyKind,
    pub(crate) k: String,
}

impl TestMethod {
    /// Reads a test's stored JSON.
    pub(crate) fn read(body: &str) -> Result<Self, StoreError> {
        serde_json::from_str(body).map_err(StoreError::broken)
    }

    /// How its values are read.
    pub(super) fn rules(&self) -> Result<TestRules<'_>, StoreError> {
        Ok(TestRules {
            result_type: self.result_type,
            rounding: Rounding::from_catalogue(self.decimals, self.significant_figures),
            lod: stored_decimal(self.lod.as_deref())?,
            loq: stored_decimal(self.loq.as_deref())?,
            codes: self.codes.as_deref().unwrap_or_default(),
        })
    }

    /// Its uncertainty.
    pub(super) fn uncertainty(&self) -> Result<Option<Uncertainty>, StoreError> {
        let Some(stated) = &self.uncertainty else { return Ok(None) };
        Ok(match (stored_decimal(Some(&stated.value))?, stored_decimal(Some(&stated.k))?) {
            (Some(value), Some(k)) => Some(Uncertainty { value, kind: stated.kind, k }),
            _ => None,
        })
    }
}

/// A decimal that the catalogue checked when it was stored.
pub(super) fn stored_decimal(text: Option<&str>) -> Result<Option<Decimal>, StoreError> {
    text.map(|text| text.parse().map_err(StoreError::broken)).transpose()
}
