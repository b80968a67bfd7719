//! The public check: is this paper genuine, and still in force? Nothing of its contents.

use super::release::code_as_typed;
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Store, StoreError};
use attest_domain::ids::ReportId;
use attest_domain::workflow::ReportState;
use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the laboratory says about a report today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicStatus {
    /// Released, and in force.
    Genuine,
    /// Genuine, but something it says was retracted; a new version is coming.
    UnderCorrection,
    /// Genuine, but replaced by a newer version.
    Superseded,
    /// Genuine, but taken back.
    Withdrawn,
}

/// The answer of the public check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicReport {
    /// How it stands.
    pub status: PublicStatus,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version_no: i64,
    /// When it was released, to the second.
    pub released_at: Option<DateTime<Utc>>,
    /// Who released it.
    pub laboratory: String,
    /// The version that replaced it.
    pub superseded_by: Option<String>,
    /// The person it was about was erased: it was genuine, and the laboratory itself cannot read it any more.
    pub erased: bool,
}

row! { struct CodeRow { tenant_id: Uuid, report_id: ReportId } }
row! {
    struct StandingRow {
        number: String,
        version_no: i64,
        status: String,
        under_correction: bool,
        released_at: Option<DateTime<Utc>>,
        verification_code: Option<String>,
        erased_at: Option<DateTime<Utc>>,
        by_number: Option<String>,
        by_version: Option<i64>,
    }
}

impl Store {
    /// Whether the report with this code is genuine and in force. Groups and misread letters are forgiven.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a code that no released report has.
    pub async fn public_report(&self, typed: &str) -> Result<PublicReport, StoreError> {
        let code = code_as_typed(typed).ok_or(StoreError::NotFound)?;
        let asked = code.clone();
        let place = self
            .inner
            .backend
            .read(None, move |db| {
                sql("SELECT tenant_id, report_id FROM public_codes WHERE code = ?")
                    .bind(asked)
                    .one::<CodeRow>(db)
            })
            .await?;
        let inner = std::sync::Arc::clone(&self.inner);
        self.inner
            .backend
            .read(Some(place.tenant_id), move |db| {
                let row = sql("SELECT r.number, r.version_no, r.status, r.under_correction, r.released_at, r.verification_code, k.erased_at, n.number, n.version_no \
                     FROM reports r LEFT JOIN patients p ON p.tenant_id = r.tenant_id AND p.id = r.patient_id \
                     LEFT JOIN subjects k ON k.tenant_id = p.tenant_id AND k.id = p.subject_id LEFT JOIN reports n ON n.tenant_id = r.tenant_id AND n.id = r.amended_by_id WHERE r.tenant_id = ? AND r.id = ?")
                    .bind(place.tenant_id)
                    .bind(place.report_id)
                    .one::<StandingRow>(db)?;
                // The directory of codes is outside the laboratory's wall; the report itself has the last word.
                if row.verification_code.as_deref() != Some(code.as_str()) {
                    return Err(StoreError::NotFound);
                }
                let status = match (word::<ReportState>(&row.status)?, row.under_correction) {
                    (ReportState::Released, false) => PublicStatus::Genuine,
                    (ReportState::Released, true) => PublicStatus::UnderCorrection,
                    (ReportState::Superseded, _) => PublicStatus::Superseded,
                    (ReportState::Withdrawn, _) => PublicStatus::Withdrawn,
                    (ReportState::Draft | ReportState::Authorized, _) => return Err(StoreError::NotFound),
                };
                let by = row.by_number.zip(row.by_version).filter(|_| status == PublicStatus::Superseded);
                Ok(PublicReport {
                    erased: row.erased_at.is_some(),
                    status,
                    number: row.number,
                    version_no: row.version_no,
                    released_at: row.released_at.map(|at| at.trunc_subsecs(0)),
                    laboratory: inner.tenants.load(db, place.tenant_id)?.laboratory.name.clone(),
                    superseded_by: by.map(|(number, version)| super::record::label(&number, version)),
                })
            })
            .await
    }
}
