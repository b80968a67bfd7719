//! Finding reports: by state, client, patient, sample, number.

use super::record::ReportRow;
use super::{ReportSummary, SeesReports};
use crate::cursor::{Cursors, Position};
use crate::db::sql;
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::ids::{ClientId, PatientId, SampleId};
use attest_domain::workflow::ReportState;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Which reports are wanted.
#[derive(Debug, Clone, Default)]
pub struct ReportFilter {
    /// In any of these states; in all when empty.
    pub status: Vec<ReportState>,
    /// Of this client.
    pub client: Option<ClientId>,
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// That cover this sample.
    pub sample: Option<SampleId>,
    /// Whose numbers begin so.
    pub number: Option<String>,
    /// That something they say was retracted, or not.
    pub under_correction: Option<bool>,
    /// Changed at or after this moment.
    pub updated_since: Option<DateTime<Utc>>,
    /// The oldest first instead of the newest.
    pub oldest_first: bool,
}

impl<P: SeesReports> ReadTx<'_, P> {
    /// A page of reports, the newest first unless asked otherwise.
    ///
    /// # Errors
    /// A cursor of another list (422).
    pub fn reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Listing<ReportSummary>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(
            self.inner,
            tenant,
            if filter.oldest_first {
                "reports/created_at"
            } else {
                "reports/-created_at"
            },
        );
        let start = cursors.start(page)?;
        let mut query = sql(format!(
            "SELECT {} FROM reports r WHERE r.tenant_id = ?",
            ReportRow::columns("r")
        ))
        .bind(tenant);
        if !filter.status.is_empty() {
            query
                .push(" AND r.status IN (")
                .list(filter.status.iter().map(|state| state.as_str()))
                .push(")");
        }
        if let Some(client) = filter.client {
            query.push(" AND r.client_id = ?").value(client);
        }
        if let Some(own) = self.only_client() {
            query
                .push(" AND r.client_id = ? AND r.released_at IS NOT NULL")
                .value(own);
        }
        if let Some(patient) = filter.patient {
            query.push(" AND r.patient_id = ?").value(patient);
        }
        if let Some(sample) = filter.sample {
            query
                .push(
                    " AND r.id IN (SELECT c.report_id FROM report_samples c WHERE c.tenant_id = ? AND c.sample_id = ?)",
                )
                .value(tenant)
                .value(sample);
        }
        if let Some(number) = &filter.number {
            // A range serves the index on both engines, whatever their collation does with LIKE.
            query
                .push(" AND r.number >= ? AND r.number < ?")
                .value(number.as_str())
                .value(format!("{number}\u{10FFFF}"));
        }
        if let Some(marked) = filter.under_correction {
            query.push(" AND r.under_correction = ?").value(marked);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND r.updated_at >= ?").value(since);
        }
        if let Some(position) = start {
            query
                .push(if filter.oldest_first {
                    " AND r.id > ?"
                } else {
                    " AND r.id < ?"
                })
                .value(position.id);
        }
        // Ids are made in order of time.
        query
            .push(if filter.oldest_first {
                " ORDER BY r.id LIMIT ?"
            } else {
                " ORDER BY r.id DESC LIMIT ?"
            })
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ReportRow>(self.db)?;
        let found = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: Uuid::from(row.id),
        })?;
        Ok(Listing {
            items: self.report_summaries(found.items)?,
            next: found.next,
        })
    }
}
