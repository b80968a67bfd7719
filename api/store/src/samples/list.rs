//! Lists of samples: filters, orders, keyset pages.

use super::read::{SUMMARY_ROWS, SummaryRow};
use super::texts::sought_reference;
use super::view::SampleSummary;
use crate::cursor::{Cursors, Position};
use crate::db::{Sql, sql};
use crate::narrow::narrow;
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::accession::AccessionNumber;
use attest_domain::ids::{ClientId, PatientId, SampleTypeId};
use attest_domain::may;
use attest_domain::workflow::SampleState;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Which samples.
#[derive(Debug, Clone, Default)]
pub struct SampleFilter {
    /// In one of these states; in any when empty.
    pub status: Vec<SampleState>,
    /// Of this client.
    pub client: Option<ClientId>,
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// Of this type.
    pub sample_type: Option<SampleTypeId>,
    /// Received at this moment or later.
    pub received_from: Option<DateTime<Utc>>,
    /// Received before this moment.
    pub received_to: Option<DateTime<Utc>>,
    /// Changed at this moment or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// An accession number or its beginning, the beginning of a client's reference, or the whole of a patient's sample's.
    pub q: Option<String>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SampleSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Received last first; only received ones.
    Received,
    /// By accession number.
    Accession,
}

impl ReadTx<'_, may::SampleRead> {
    /// A page of samples.
    ///
    /// # Errors
    /// When the cursor is not this list's; the database's.
    pub fn sample_list(
        &mut self,
        filter: &SampleFilter,
        sort: SampleSort,
        page: &Page,
    ) -> Result<Listing<SampleSummary>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), sort.scope());
        let mut query = sql(format!("{SUMMARY_ROWS} WHERE s.tenant_id = ?")).bind(self.tenant());
        let token = filter
            .q
            .as_deref()
            .and_then(|q| sought_reference(self.inner, self.tenant(), q));
        filter.apply(&mut query, token.as_deref());
        if let Some(own) = self.only_client() {
            query.push(" AND s.client_id = ?").value(own);
        }
        let narrowing = filter.narrowing(self.tenant(), token);
        narrow(self.db, &mut query, "s.id", narrowing)?;
        sort.apply(&mut query, cursors.start(page)?.as_ref())?;
        query.push(" LIMIT ?").value(page.limit.saturating_add(1));
        let rows = query.all::<SummaryRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| sort.position(row))?;
        Ok(Listing {
            items: self.sample_summaries(listing.items)?,
            next: listing.next,
        })
    }
}

impl SampleFilter {
    fn apply(&self, query: &mut Sql<'_>, token: Option<&[u8]>) {
        match self.status.as_slice() {
            [] => {}
            [one] => {
                query.push(" AND s.status = ?").value(one.as_str());
            }
            several => {
                query
                    .push(" AND s.status IN (")
                    .list(several.iter().map(|state| state.as_str()))
                    .push(")");
            }
        }
        let ids: [(&str, Option<Uuid>); 3] = [
            (" AND s.client_id = ?", self.client.map(ClientId::uuid)),
            (" AND s.patient_id = ?", self.patient.map(PatientId::uuid)),
            (" AND s.sample_type_id = ?", self.sample_type.map(SampleTypeId::uuid)),
        ];
        for (condition, id) in ids {
            if let Some(id) = id {
                query.push(condition).value(id);
            }
        }
        let moments = [
            (" AND s.received_at >= ?", self.received_from),
            (" AND s.received_at < ?", self.received_to),
            (" AND s.updated_at >= ?", self.updated_since),
        ];
        for (condition, moment) in moments {
            if let Some(moment) = moment {
                query.push(condition).value(moment);
            }
        }
        if let Some(q) = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            search(query, q, token);
        }
    }
}

impl SampleFilter {
    /// What an index finds samples by, the most telling first.
    fn narrowing(&self, tenant: Uuid, token: Option<Vec<u8>>) -> Vec<Sql<'static>> {
        let ids = |condition: &str| {
            sql(format!(
                "SELECT x.id FROM samples x WHERE x.tenant_id = ? AND {condition}"
            ))
            .bind(tenant)
        };
        let mut found = Vec::new();
        if let Some((number, reference)) = self.q.as_deref().and_then(beginnings) {
            let mut both = ids("x.accession_number >= ? AND x.accession_number < ?")
                .bind(number.0)
                .bind(number.1);
            both.push(" UNION ALL ");
            both.append(
                &ids("x.client_reference >= ? AND x.client_reference < ?")
                    .bind(reference.0)
                    .bind(reference.1),
            );
            if let Some(token) = token {
                both.push(" UNION ALL ");
                both.append(&ids("x.reference_token = ?").bind(token));
            }
            found.push(both);
        }
        if let Some(since) = self.updated_since {
            found.push(ids("x.updated_at >= ?").bind(since));
        }
        match (self.received_from, self.received_to) {
            (Some(from), Some(to)) => found.push(ids("x.received_at >= ? AND x.received_at < ?").bind(from).bind(to)),
            (Some(from), None) => found.push(ids("x.received_at >= ?").bind(from)),
            (None, Some(to)) => found.push(ids("x.received_at < ?").bind(to)),
            (None, None) => {}
        }
        if self.status.len() > 1 {
            let mut several = ids("x.status IN (");
            several.list(self.status.iter().map(|state| state.as_str())).push(")");
            found.push(several);
        }
        found
    }
}

/// A beginning as a range: from itself to before the last text that begins so.
type Range = (String, String);

/// What is typed as the beginning of an accession number and of a client's reference.
fn beginnings(q: &str) -> Option<(Range, Range)> {
    let q = q.trim();
    if q.is_empty() || q.parse::<AccessionNumber>().is_ok() {
        return None;
    }
    let range = |text: String| (text.clone(), format!("{text}\u{10FFFF}"));
    Some((range(q.to_ascii_uppercase()), range(q.to_owned())))
}

/// A number that was scanned whole names one sample. Anything else is the beginning of a number or of a reference.
fn search(query: &mut Sql<'_>, q: &str, token: Option<&[u8]>) {
    if let Ok(number) = q.parse::<AccessionNumber>() {
        query.push(" AND s.accession_number = ?").value(number.to_string());
        return;
    }
    let Some((number, reference)) = beginnings(q) else {
        return;
    };
    query.push(" AND ((s.accession_number >= ? AND s.accession_number < ?) OR (s.client_reference >= ? AND s.client_reference < ?)");
    query
        .value(number.0)
        .value(number.1)
        .value(reference.0)
        .value(reference.1);
    if let Some(token) = token {
        query.push(" OR s.reference_token = ?").value(token.to_vec());
    }
    query.push(")");
}

impl SampleSort {
    const fn scope(self) -> &'static str {
        match self {
            Self::Newest => "samples/-created_at",
            Self::Oldest => "samples/created_at",
            Self::Received => "samples/-received_at",
            Self::Accession => "samples/accession_number",
        }
    }

    /// Ids are in the order of their making: they are the key of both orders by time of registration.
    fn apply(self, query: &mut Sql<'_>, after: Option<&Position>) -> Result<(), StoreError> {
        match (self, after) {
            (Self::Newest, Some(after)) => {
                query.push(" AND s.id < ?").value(after.id);
            }
            (Self::Oldest, Some(after)) => {
                query.push(" AND s.id > ?").value(after.id);
            }
            (Self::Received, after) => {
                query.push(" AND s.received_at IS NOT NULL");
                if let Some(after) = after {
                    let at: DateTime<Utc> = after.key.parse().map_err(StoreError::broken)?;
                    query
                        .push(" AND (s.received_at, s.id) < (?, ?)")
                        .value(at)
                        .value(after.id);
                }
            }
            (Self::Accession, Some(after)) => {
                query.push(" AND s.accession_number > ?").value(after.key.clone());
            }
            (Self::Newest | Self::Oldest | Self::Accession, None) => {}
        }
        query.push(match self {
            Self::Newest => " ORDER BY s.id DESC",
            Self::Oldest => " ORDER BY s.id",
            Self::Received => " ORDER BY s.received_at DESC, s.id DESC",
            Self::Accession => " ORDER BY s.accession_number",
        });
        Ok(())
    }

    fn position(self, row: &SummaryRow) -> Position {
        let key = match self {
            Self::Newest | Self::Oldest => String::new(),
            Self::Received => row.received_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            Self::Accession => row.accession_number.clone(),
        };
        Position { key, id: row.id.uuid() }
    }
}
