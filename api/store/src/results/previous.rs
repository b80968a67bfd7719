//! The value before: what a reviewer compares a result with.

use super::sealing::body_place;
use super::view::{PreviousResult, ResultBody, ResultView};
use crate::db::{row, sql};
use crate::sealing::opened;
use crate::{ReadTx, StoreError};
use attest_domain::ids::ResultId;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

row! { struct PairRow { id: ResultId, before: Option<ResultId> } }

row! {
    struct BeforeRow {
        id: ResultId,
        body: Option<String>,
        entered_at: Option<DateTime<Utc>>,
        verified_at: Option<DateTime<Utc>>,
        accession_number: String,
    }
}

/// The last verified result of the same test before this one: of the same patient; else of the same client's same reference and
/// sample type, which names a sampling point.
const PAIRS: &str = "SELECT r.id, CASE \
     WHEN s.patient_id IS NOT NULL THEN (SELECT p.id FROM samples b JOIN results p ON p.tenant_id = b.tenant_id AND p.sample_id = b.id \
       WHERE b.tenant_id = s.tenant_id AND b.patient_id = s.patient_id AND b.id < s.id AND p.test_id = r.test_id AND p.status = 'verified' \
       ORDER BY b.id DESC, p.id DESC LIMIT 1) \
     WHEN s.client_reference IS NOT NULL THEN (SELECT p.id FROM samples b JOIN results p ON p.tenant_id = b.tenant_id AND p.sample_id = b.id \
       WHERE b.tenant_id = s.tenant_id AND b.client_reference = s.client_reference AND b.id < s.id AND b.client_id = s.client_id \
       AND b.sample_type_id = s.sample_type_id AND p.test_id = r.test_id AND p.status = 'verified' ORDER BY b.id DESC, p.id DESC LIMIT 1) END \
     FROM results r JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id WHERE r.tenant_id = ? AND r.id IN (";

impl<P> ReadTx<'_, P> {
    /// Fills in `previous`: two statements, however many results.
    pub(super) fn results_with_previous(&mut self, results: &mut [ResultView]) -> Result<(), StoreError> {
        if results.is_empty() || !self.may(attest_domain::Permission::ResultRead) {
            return Ok(());
        }
        let mut query = sql(PAIRS).bind(self.tenant());
        query.list(results.iter().map(|result| result.id)).push(")");
        let pairs: HashMap<ResultId, ResultId> = query
            .all::<PairRow>(self.db)?
            .into_iter()
            .filter_map(|row| Some((row.id, row.before?)))
            .collect();
        if pairs.is_empty() {
            return Ok(());
        }
        let mut query = sql(
            "SELECT r.id, r.body, r.entered_at, r.verified_at, s.accession_number FROM results r \
             JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id WHERE r.tenant_id = ? AND r.id IN (",
        )
        .bind(self.tenant());
        query.list(pairs.values().copied()).push(")");
        let rows = query.all::<BeforeRow>(self.db)?;
        let keys = self.keys_of(rows.iter().filter_map(|row| row.body.as_deref()))?;
        let mut before = HashMap::with_capacity(rows.len());
        for row in rows {
            let Some(stored) = row.body.as_deref() else { continue };
            // An erased person's values are gone.
            let Some(body) = opened::<ResultBody>(&keys, &body_place(row.id), stored)? else {
                continue;
            };
            let Some(at) = body.measured_at.or(row.entered_at).or(row.verified_at) else {
                continue;
            };
            before.insert(
                row.id,
                PreviousResult {
                    value: body.value,
                    display: body.display,
                    at,
                    accession_number: row.accession_number,
                },
            );
        }
        for result in results {
            result.previous = pairs.get(&result.id).and_then(|id| before.get(id)).cloned();
        }
        Ok(())
    }
}
