//! The signed record of a finished review. Every download is an audit event.

use super::{document_place, label};
use crate::db::{row, sql};
use crate::{Event, ReadTx, Recorded, StoreError, WriteTx};
use attest_domain::ids::AccessReviewId;
use attest_domain::{Action, may};

/// The signed record of a finished review.
#[derive(Debug, Clone)]
pub struct AccessReviewDocument {
    /// The signed PDF.
    pub pdf: Vec<u8>,
    /// A name to save it under.
    pub name: String,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

row! { struct BytesRow { bytes: Vec<u8>, sha256: String } }
row! { struct StateRow { number: i64, status: String } }

impl ReadTx<'_, may::UserRead> {
    /// The signed record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] while the review is open.
    pub fn access_review_document(&mut self, id: AccessReviewId) -> Result<AccessReviewDocument, StoreError> {
        let tenant = self.tenant();
        let state = sql("SELECT number, status FROM access_reviews WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<StateRow>(self.db)?;
        let label = label(state.number);
        let row = sql("SELECT bytes, sha256 FROM access_review_documents WHERE tenant_id = ? AND review_id = ?")
            .bind(tenant)
            .bind(id)
            .first::<BytesRow>(self.db)?
            .ok_or_else(|| {
                StoreError::conflict(format!(
                    "access review {label} is {}; it has a record once it is finished",
                    state.status
                ))
            })?;
        let pdf = self.inner.keyring.open_file(tenant, &document_place(id), &row.bytes);
        Ok(AccessReviewDocument {
            pdf: pdf.map_err(StoreError::broken)?,
            name: format!("{}-{label}.pdf", self.laboratory().slug),
            sha256: row.sha256,
        })
    }
}

impl WriteTx<'_, may::UserRead> {
    /// Notes that somebody was handed the record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn access_review_downloaded(&mut self, id: AccessReviewId) -> Result<Recorded<()>, StoreError> {
        let row = sql("SELECT number, status FROM access_reviews WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .one::<StateRow>(self.db)?;
        let event = Event::new(Action::AccessReviewDownloaded, "access_review", id).label(label(row.number));
        self.record(event, ())
    }
}
