//! The paper itself: previews, the stored bytes, and who was handed them. Every look at one is an audit event.

use super::confidence::{delivery_place, document_place};
use super::draft::erased;
use super::record::ReportRecord;
use super::release::Paper;
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Event, Person, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{DeliveryId, ReportId};
use attest_domain::terms::DeliveryChannel;
use attest_domain::workflow::{ReportState, ReportVerb};
use attest_domain::{Action, may};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The stored bytes of a released report.
#[derive(Debug, Clone)]
pub struct StoredDocument {
    /// The signed PDF.
    pub pdf: Vec<u8>,
    /// A name to save it under.
    pub name: String,
    /// Their SHA-256, hexadecimal.
    pub sha256: String,
}

/// A report that was handed to somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom; null for those who may not see the patient.
    pub to: Option<String>,
    /// How.
    pub channel: DeliveryChannel,
    /// Note.
    pub note: Option<String>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who recorded it.
    pub by: Option<Person>,
}

/// A delivery to be recorded.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// To whom.
    pub to: String,
    /// How.
    pub channel: DeliveryChannel,
    /// Note.
    pub note: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Details {
    to: String,
    note: Option<String>,
}

row! { struct BytesRow { bytes: Vec<u8>, sha256: String } }
row! { struct DeliveryRow { id: DeliveryId, details: Vec<u8>, channel: String, at: DateTime<Utc>, by_user: Option<Uuid>, name: Option<String> } }

/// Who looks and where, for the audit trail.
const SEEN_AS: &str = "report";

impl ReadTx<'_, may::ReportRead> {
    /// What a draft, or a signed report that is not given out yet, would look like.
    ///
    /// # Errors
    /// Released already (409); a patient's report for somebody without `patient:read` (403).
    pub fn report_preview(&mut self, id: ReportId) -> Result<Paper, StoreError> {
        let record = self.readable(id)?;
        if !matches!(record.state, ReportState::Draft | ReportState::Authorized) {
            return Err(StoreError::conflict(format!(
                "the report is {}; read its document instead of a preview",
                record.state
            )));
        }
        Ok(Paper {
            content: record.content()?.ok_or_else(erased)?,
            content_sha256: record.row.content_sha256.clone(),
            signature: None,
            issued_at: now(),
            verification_code: None,
            version: record.row.version,
        })
    }

    /// The bytes that were released.
    ///
    /// # Errors
    /// Not released yet (409); a patient's report for somebody without `patient:read` (403).
    pub fn report_document(&mut self, id: ReportId) -> Result<StoredDocument, StoreError> {
        let record = self.readable(id)?;
        let row =
            sql("SELECT bytes, sha256 FROM report_documents WHERE tenant_id = ? AND report_id = ? AND kind = 'report'")
                .bind(self.tenant())
                .bind(id)
                .first::<BytesRow>(self.db)?
                .ok_or_else(|| {
                    StoreError::conflict(format!(
                        "the report is {}; it has a document once it is released",
                        record.state
                    ))
                })?;
        let pdf = record
            .confidence
            .open(&document_place(id.uuid()), &row.bytes)?
            .ok_or_else(erased)?;
        let version = if record.row.version_no > 1 {
            format!("-v{}", record.row.version_no)
        } else {
            String::new()
        };
        Ok(StoredDocument {
            pdf,
            name: format!("{}{version}.pdf", record.row.number),
            sha256: row.sha256,
        })
    }

    /// To whom it was handed, the newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn report_deliveries(&mut self, id: ReportId) -> Result<Vec<Delivery>, StoreError> {
        let record = self.report_record(id)?;
        let sees = self.sees(&record);
        let rows = sql("SELECT d.id, d.details, d.channel, d.at, d.by_user, u.name FROM deliveries d \
             LEFT JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.by_user WHERE d.tenant_id = ? AND d.report_id = ? ORDER BY d.id DESC LIMIT 500")
            .bind(self.tenant())
            .bind(id)
            .all::<DeliveryRow>(self.db)?;
        rows.into_iter()
            .map(|row| {
                let details: Option<Details> = if sees {
                    record
                        .confidence
                        .open_json(&delivery_place(row.id.uuid()), &row.details)?
                } else {
                    None
                };
                let (to, note) = details.map_or((None, None), |details| (Some(details.to), details.note));
                Ok(Delivery {
                    id: row.id,
                    to,
                    channel: word(&row.channel)?,
                    note,
                    at: row.at,
                    by: Person::joined(row.by_user, row.name),
                })
            })
            .collect()
    }

    /// The report, if its reader may read what it says.
    fn readable(&mut self, id: ReportId) -> Result<ReportRecord, StoreError> {
        let record = self.report_record(id)?;
        if self.sees(&record) {
            return Ok(record);
        }
        Err(StoreError::Refused {
            slug: "forbidden",
            status: 403,
            detail: "this report is a patient's; reading it needs the permission patient:read".to_owned(),
        })
    }
}

impl WriteTx<'_, may::ReportRead> {
    /// Records that the document was handed to the caller.
    ///
    /// # Errors
    /// The database's.
    pub fn report_downloaded(&mut self, id: ReportId) -> Result<Recorded<ReportId>, StoreError> {
        let record = self.report_record(id)?;
        let event =
            seen(Action::DocumentDownloaded, &record).set("document_sha256", record.row.document_sha256.clone());
        self.record(event, id)
    }

    /// Records that the caller looked at what is not given out yet.
    ///
    /// # Errors
    /// The database's.
    pub fn report_previewed(&mut self, id: ReportId) -> Result<Recorded<ReportId>, StoreError> {
        let record = self.report_record(id)?;
        let event = seen(Action::DocumentPreviewed, &record).set("content_sha256", record.row.content_sha256.as_str());
        self.record(event, id)
    }
}

fn seen(action: Action, record: &ReportRecord) -> Event {
    Event::new(action, SEEN_AS, record.row.id)
        .label(record.label())
        .version(record.row.version)
}

impl WriteTx<'_, may::ReportDeliver> {
    /// Records that the report was handed to somebody.
    ///
    /// # Errors
    /// Not released (409).
    pub fn report_deliver(
        &mut self,
        id: ReportId,
        seen: Option<i64>,
        new: NewDelivery,
    ) -> Result<Recorded<DeliveryId>, StoreError> {
        let record = self.report_record(id)?;
        let line = record.may_go(ReportVerb::Deliver, seen)?;
        let (tenant, delivery) = (self.tenant(), DeliveryId::new());
        let details = Details {
            to: new.to.clone(),
            note: new.note.clone(),
        };
        sql("INSERT INTO deliveries (tenant_id, id, report_id, details, channel, at, by_user) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(delivery)
            .bind(id)
            .bind(record.confidence.seal_json(&delivery_place(delivery.uuid()), &details)?)
            .bind(new.channel.as_str())
            .bind(now())
            .bind(self.user())
            .run(self.db)?;
        let subject = record.confidence.subject();
        let event = Event::new(line.action, "report", id)
            .label(record.label())
            .version(record.row.version)
            .set("channel", new.channel.as_str())
            .about(subject, "to", None::<String>, new.to)
            .about(subject, "note", None::<String>, new.note);
        self.record(event, delivery)
    }
}

impl ReadTx<'_, may::ReportDeliver> {
    /// The delivery that was just recorded.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn report_delivery(&mut self, report: ReportId, id: DeliveryId) -> Result<Delivery, StoreError> {
        let record = self.report_record(report)?;
        let row = sql(
            "SELECT d.id, d.details, d.channel, d.at, d.by_user, u.name FROM deliveries d \
             LEFT JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.by_user WHERE d.tenant_id = ? AND d.id = ?",
        )
        .bind(self.tenant())
        .bind(id)
        .one::<DeliveryRow>(self.db)?;
        // Whoever records a delivery has just said to whom.
        let details: Details = record
            .confidence
            .open_json(&delivery_place(row.id.uuid()), &row.details)?
            .unwrap_or_default();
        Ok(Delivery {
            id: row.id,
            to: Some(details.to),
            channel: word(&row.channel)?,
            note: details.note,
            at: row.at,
            by: Person::joined(row.by_user, row.name),
        })
    }
}
