//! Reading samples: one with everything, or the lines of a list, in a fixed number of statements.

use super::texts::TABLE;
use super::view::{OrderRef, PatientRef, ReportRef, ResultCounts, Sample, SampleSummary};
use crate::db::{row, sql};
use crate::reference::word;
use crate::sealing::{Keys, RowTexts};
use crate::{Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{OrderId, PatientId, ReportId, SampleId};
use attest_domain::may;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// Permissions whose answers contain a sample.
pub trait SeesSamples {}
impl SeesSamples for may::SampleRead {}
impl SeesSamples for may::SampleRegister {}
impl SeesSamples for may::SampleReceive {}
impl SeesSamples for may::SampleReject {}
impl SeesSamples for may::SampleCancel {}
impl SeesSamples for may::SampleEdit {}
impl SeesSamples for may::SampleDispose {}
impl SeesSamples for may::SampleRelink {}

row! {
    pub(crate) struct SummaryRow {
        pub(crate) id: SampleId,
        pub(crate) accession_number: String,
        status: String,
        sample_type_id: Uuid,
        sample_type_name: String,
        client_id: Option<Uuid>,
        client_name: Option<String>,
        patient_id: Option<PatientId>,
        client_reference: Option<String>,
        collected_at: Option<DateTime<Utc>>,
        pub(crate) received_at: Option<DateTime<Utc>>,
        priority: String,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        version: i64,
        pending: i64,
        entered: i64,
        verified: i64,
        cancelled: i64,
        critical_open: i64,
        condition: Option<String>,
        deviations: Option<String>,
        pub(crate) order_id: Option<OrderId>,
    }
}

/// The select list and joins of [`SummaryRow`]; continue with ` WHERE s.tenant_id = ? …`.
pub(crate) const SUMMARY_ROWS: &str = "SELECT s.id, s.accession_number, s.status, s.sample_type_id, t.name, s.client_id, c.name, s.patient_id, \
     s.client_reference, s.collected_at, s.received_at, s.priority, s.created_at, s.updated_at, s.version, s.pending_count, s.entered_count, \
     s.verified_count, s.cancelled_count, s.critical_open, s.\"condition\", s.deviations, s.order_id FROM samples s \
     JOIN catalog_items t ON t.tenant_id = s.tenant_id AND t.id = s.sample_type_id \
     LEFT JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id";

row! {
    struct WholeRow {
        order_number: Option<String>,
        container_id: Option<Uuid>,
        container_name: Option<String>,
        location_id: Option<Uuid>,
        location_name: Option<String>,
        specification_id: Option<Uuid>,
        specification_name: Option<String>,
        description: Option<String>,
        collected_by: Option<String>,
        collection_place: Option<String>,
        remark: Option<String>,
        condition_note: Option<String>,
        temperature_c: Option<String>,
        closed_reason: Option<String>,
        received_by: Option<Uuid>,
        received_by_name: Option<String>,
        created_by: Option<Uuid>,
        created_by_name: Option<String>,
    }
}

impl WholeRow {
    /// What somebody wrote.
    fn texts(&self) -> [Option<&str>; 6] {
        [
            &self.description,
            &self.collected_by,
            &self.collection_place,
            &self.remark,
            &self.condition_note,
            &self.closed_reason,
        ]
        .map(Option::as_deref)
    }
}

const WHOLE: &str = "SELECT o.number, s.container_id, k.name, s.location_id, l.name, s.specification_id, p.name, s.description, s.collected_by, \
     s.collection_place, s.remark, s.condition_note, s.temperature_c, s.closed_reason, s.received_by, ru.name, s.created_by, cu.name FROM samples s \
     LEFT JOIN orders o ON o.tenant_id = s.tenant_id AND o.id = s.order_id \
     LEFT JOIN catalog_items k ON k.tenant_id = s.tenant_id AND k.id = s.container_id \
     LEFT JOIN catalog_items l ON l.tenant_id = s.tenant_id AND l.id = s.location_id \
     LEFT JOIN catalog_items p ON p.tenant_id = s.tenant_id AND p.id = s.specification_id \
     LEFT JOIN users ru ON ru.tenant_id = s.tenant_id AND ru.id = s.received_by \
     LEFT JOIN users cu ON cu.tenant_id = s.tenant_id AND cu.id = s.created_by WHERE s.tenant_id = ? AND s.id IN (";

impl<P: SeesSamples> ReadTx<'_, P> {
    /// A sample with everything about it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn sample(&mut self, id: SampleId) -> Result<Sample, StoreError> {
        self.samples(&[id])?.pop().ok_or(StoreError::NotFound)
    }

    /// Samples with everything about them, in the order asked for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when one of them is not there; the database's.
    pub fn samples(&mut self, ids: &[SampleId]) -> Result<Vec<Sample>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant();
        let mut query = sql(format!("{SUMMARY_ROWS} WHERE s.tenant_id = ? AND s.id IN (")).bind(tenant);
        query.list(ids.iter().copied()).push(") ORDER BY s.id");
        let mut rows = query.all::<SummaryRow>(self.db)?;
        if let Some(own) = self.only_client() {
            rows.retain(|row| row.client_id == Some(own));
        }
        let found: Vec<SampleId> = rows.iter().map(|row| row.id).collect();
        let orders: HashMap<SampleId, OrderId> = rows.iter().filter_map(|row| Some((row.id, row.order_id?))).collect();
        let kept: HashMap<SampleId, (Option<String>, Option<String>)> = rows
            .iter()
            .map(|row| (row.id, (row.condition.clone(), row.deviations.clone())))
            .collect();
        let mut query = sql(WHOLE).bind(tenant);
        query.list(found.iter().copied()).push(") ORDER BY s.id");
        let whole = query.all::<WholeRow>(self.db)?;
        let written = whole.iter().flat_map(WholeRow::texts).flatten();
        let deviations = kept.values().filter_map(|(_, deviations)| deviations.as_deref());
        let keys = self.keys_of(written.chain(deviations))?;
        let mut results = self.results_of_samples(&found)?;
        let mut reports = self.sample_reports(&found)?;
        let mut made: HashMap<SampleId, Sample> = HashMap::with_capacity(found.len());
        for (summary, row) in self.sample_summaries(rows)?.into_iter().zip(whole) {
            let id = summary.id;
            let texts = RowTexts::of(TABLE, id);
            let read = |column: &str, stored: Option<&str>| texts.opened(&keys, column, stored);
            let (condition, deviations) = kept.get(&id).cloned().unwrap_or_default();
            let sample = Sample {
                order: orders
                    .get(&id)
                    .copied()
                    .zip(row.order_number)
                    .map(|(id, number)| OrderRef { id, number }),
                container: Ref::joined(row.container_id, row.container_name),
                location: Ref::joined(row.location_id, row.location_name),
                description: read("description", row.description.as_deref())?,
                collected_by: read("collected_by", row.collected_by.as_deref())?,
                collection_place: read("collection_place", row.collection_place.as_deref())?,
                remark: read("remark", row.remark.as_deref())?,
                condition: condition.as_deref().map(word).transpose()?,
                condition_note: read("condition_note", row.condition_note.as_deref())?,
                temperature_c: row.temperature_c,
                deviations: deviations_of(read("deviations", deviations.as_deref())?.as_deref())?,
                received_by: Person::joined(row.received_by, row.received_by_name),
                created_by: Person::joined(row.created_by, row.created_by_name),
                results: results.remove(&id).unwrap_or_default(),
                reports: reports.remove(&id).unwrap_or_default(),
                specification: Ref::joined(row.specification_id, row.specification_name),
                rejected_reason: read("closed_reason", row.closed_reason.as_deref())?,
                summary,
            };
            made.insert(id, sample);
        }
        ids.iter()
            .map(|id| made.get(id).cloned().ok_or(StoreError::NotFound))
            .collect()
    }

    /// The id behind an accession number as scanned or typed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for something that is no accession number; the database's.
    pub fn sample_by_accession(&mut self, number: &str) -> Result<SampleId, StoreError> {
        row! { struct IdRow { id: SampleId } }
        let number: attest_domain::accession::AccessionNumber =
            number.parse().map_err(|_mistyped| StoreError::NotFound)?;
        let row = sql("SELECT id FROM samples WHERE tenant_id = ? AND accession_number = ?")
            .bind(self.tenant())
            .bind(number.to_string())
            .one::<IdRow>(self.db)?;
        Ok(row.id)
    }

    fn sample_reports(&mut self, samples: &[SampleId]) -> Result<HashMap<SampleId, Vec<ReportRef>>, StoreError> {
        row! { struct ReportRow { sample_id: SampleId, id: ReportId, number: String, status: String } }
        let mut query = sql("SELECT x.sample_id, p.id, p.number, p.status FROM report_samples x \
             JOIN reports p ON p.tenant_id = x.tenant_id AND p.id = x.report_id WHERE x.tenant_id = ? AND x.sample_id IN (")
        .bind(self.tenant());
        query.list(samples.iter().copied()).push(")");
        if self.only_client().is_some() {
            query.push(" AND p.released_at IS NOT NULL");
        }
        query.push(" ORDER BY x.sample_id, p.id");
        let mut found: HashMap<SampleId, Vec<ReportRef>> = HashMap::new();
        for row in query.all::<ReportRow>(self.db)? {
            found.entry(row.sample_id).or_default().push(ReportRef {
                id: row.id,
                number: row.number,
                status: word(&row.status)?,
            });
        }
        Ok(found)
    }
}

impl<P> ReadTx<'_, P> {
    /// Rows as lines of a list; the names of their patients come in one more statement.
    pub(crate) fn sample_summaries(&mut self, rows: Vec<SummaryRow>) -> Result<Vec<SampleSummary>, StoreError> {
        let names = self.patient_names(rows.iter().filter_map(|row| row.patient_id))?;
        let keys = self.keys_of(rows.iter().filter_map(|row| row.client_reference.as_deref()))?;
        rows.into_iter().map(|row| summary(row, &names, &keys)).collect()
    }
}

fn summary(row: SummaryRow, names: &HashMap<PatientId, String>, keys: &Keys) -> Result<SampleSummary, StoreError> {
    let reference = row.client_reference.as_deref();
    Ok(SampleSummary {
        id: row.id,
        accession_number: row.accession_number,
        status: word(&row.status)?,
        sample_type: Ref {
            id: row.sample_type_id,
            name: row.sample_type_name,
        },
        client: Ref::joined(row.client_id, row.client_name),
        patient: row.patient_id.map(|id| PatientRef {
            id,
            name: names.get(&id).cloned(),
        }),
        client_reference: RowTexts::of(TABLE, row.id).opened(keys, "client_reference", reference)?,
        collected_at: row.collected_at,
        received_at: row.received_at,
        priority: word(&row.priority)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
        counts: ResultCounts {
            pending: row.pending,
            entered: row.entered,
            verified: row.verified,
            cancelled: row.cancelled,
        },
        critical_open: row.critical_open,
        // Received without one of the three words: described in somebody's own, and not yet found acceptable.
        has_deviation: row.deviations.is_some()
            || row
                .condition
                .map_or(row.received_at.is_some(), |condition| condition != "acceptable"),
    })
}

/// Deviations are stored as a JSON list.
pub(crate) fn deviations_of(stored: Option<&str>) -> Result<Vec<String>, StoreError> {
    stored.map_or_else(
        || Ok(Vec::new()),
        |text| serde_json::from_str(text).map_err(StoreError::broken),
    )
}
