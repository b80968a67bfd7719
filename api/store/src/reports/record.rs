//! A report's row, loaded for looking and for changing.

use super::confidence::{Confidence, content_place, words_place};
use super::content::ReportContent;
use crate::db::{Db, row, sql};
use crate::seen::as_seen;
use crate::{Event, ReadTx, StoreError, WriteTx};
use attest_domain::Action;
use attest_domain::ids::{ClientId, PatientId, ReportId, SampleId, UserId};
use attest_domain::workflow::{ReportState, ReportVerb, Transition, apply};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

row! {
    /// A row of `reports`.
    #[derive(Debug, Clone)]
    pub(crate) struct ReportRow {
        pub(crate) id: ReportId,
        pub(crate) number: String,
        pub(crate) version_no: i64,
        pub(crate) kind: String,
        pub(crate) status: String,
        pub(crate) under_correction: bool,
        pub(crate) language: String,
        pub(crate) client_id: Option<ClientId>,
        pub(crate) patient_id: Option<PatientId>,
        pub(crate) words: Vec<u8>,
        pub(crate) content: Vec<u8>,
        pub(crate) content_sha256: String,
        pub(crate) authorized_by: Option<UserId>,
        pub(crate) authorized_at: Option<DateTime<Utc>>,
        pub(crate) meaning: Option<String>,
        pub(crate) released_by: Option<UserId>,
        pub(crate) released_at: Option<DateTime<Utc>>,
        pub(crate) amends_id: Option<ReportId>,
        pub(crate) amended_by_id: Option<ReportId>,
        pub(crate) verification_code: Option<String>,
        pub(crate) document_sha256: Option<String>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) created_by: Option<UserId>,
        pub(crate) updated_at: DateTime<Utc>,
        pub(crate) version: i64,
    }
}

impl ReportRow {
    /// A client sees its own reports once they have left the house.
    fn shown_to(&self, client: Uuid) -> bool {
        self.client_id.is_some_and(|own| own.uuid() == client) && self.released_at.is_some()
    }
}

/// What people wrote about a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Words {
    pub(crate) remarks: Option<String>,
    pub(crate) opinions: Vec<super::content::ContentOpinion>,
    pub(crate) amendment_reason: Option<String>,
    pub(crate) withdrawn_reason: Option<String>,
}

/// A report on its way through a change.
#[derive(Debug, Clone)]
pub(crate) struct ReportRecord {
    pub(crate) row: ReportRow,
    pub(crate) state: ReportState,
    pub(crate) confidence: Confidence,
    pub(crate) words: Words,
}

impl ReportRecord {
    /// The report's number with its version: what an event's label says.
    pub(crate) fn label(&self) -> String {
        label(&self.row.number, self.row.version_no)
    }

    /// The event of a change of it.
    pub(crate) fn event(&self, action: Action) -> Event {
        Event::new(action, "report", self.row.id)
            .label(self.label())
            .version(self.row.version.saturating_add(1))
    }

    /// The content as stored: exact canonical bytes; nothing when the person was erased.
    pub(crate) fn content_bytes(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.confidence
            .open(&content_place(self.row.id.uuid()), &self.row.content)
    }

    /// The content, parsed.
    pub(crate) fn content(&self) -> Result<Option<ReportContent>, StoreError> {
        self.content_bytes()?
            .map(|bytes| ReportContent::parse(&bytes))
            .transpose()
    }

    /// The line of the workflow for this verb, if the caller saw this version.
    pub(crate) fn may_go(
        &self,
        verb: ReportVerb,
        seen: Option<i64>,
    ) -> Result<&'static Transition<ReportState>, StoreError> {
        as_seen(seen, self.row.version)?;
        apply(self.state, verb).map_err(|refused| StoreError::conflict(refused.to_string()))
    }
}

/// `R-2026-000123`, from the second version on `R-2026-000123 v2`.
pub(crate) fn label(number: &str, version_no: i64) -> String {
    if version_no > 1 {
        format!("{number} v{version_no}")
    } else {
        number.to_owned()
    }
}

row! { struct CoveredRow { sample_id: SampleId } }

macro_rules! loads {
    ($tx:ident, $lock:expr) => {
        impl<P> $tx<'_, P> {
            /// The report with what is sealed in it opened.
            pub(crate) fn report_record(&mut self, id: ReportId) -> Result<ReportRecord, StoreError> {
                let lock: &str = $lock(&*self.db);
                let text = format!("SELECT {} FROM reports r WHERE r.tenant_id = ? AND r.id = ?{lock}", ReportRow::columns("r"));
                let row = sql(text).bind(self.tenant()).bind(id).one::<ReportRow>(self.db)?;
                if self.only_client().is_some_and(|own| !row.shown_to(own)) {
                    return Err(StoreError::NotFound);
                }
                self.report_opened(row)
            }

            /// A row with what is sealed in it opened.
            pub(crate) fn report_opened(&mut self, row: ReportRow) -> Result<ReportRecord, StoreError> {
                let confidence = self.confidence(row.patient_id)?;
                let words = confidence.open_json(&words_place(row.id.uuid()), &row.words)?.unwrap_or_default();
                let state = row.status.parse().map_err(StoreError::broken)?;
                Ok(ReportRecord { row, state, confidence, words })
            }

            /// The samples it covers, in the order of their accession numbers.
            #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
            pub(crate) fn report_covers(&mut self, id: ReportId) -> Result<Vec<SampleId>, StoreError> {
                let rows = sql("SELECT c.sample_id FROM report_samples c JOIN samples s ON s.tenant_id = c.tenant_id AND s.id = c.sample_id \
                     WHERE c.tenant_id = ? AND c.report_id = ? ORDER BY s.accession_number")
                    .bind(self.tenant())
                    .bind(id)
                    .all::<CoveredRow>(self.db)?;
                Ok(rows.into_iter().map(|row| row.sample_id).collect())
            }
        }
    };
}
loads!(ReadTx, |_db: &Db| "");
loads!(WriteTx, |db: &Db| db.for_update());
