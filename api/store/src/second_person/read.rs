//! Requests that wait for a second person, for whoever could be that person.

use super::{AsksForTwo, permission, place, runs_out, too_old};
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::reference::word;
use crate::sealing::{is_lost, opened_text};
use crate::{Listing, Page, Person, ReadTx, StoreError, now, patients};
use attest_domain::four_eyes::{TwoPersonAct, TwoPersonState};
use attest_domain::ids::{PatientId, SampleId, TwoPersonRequestId};
use attest_domain::{Permission, may};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A request for an act that takes two people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TwoPersonRequest {
    /// Its id.
    pub id: TwoPersonRequestId,
    /// What is asked for.
    pub kind: TwoPersonAct,
    /// Where it stands.
    pub status: TwoPersonState,
    /// What it is done to: the patient to be merged or erased, the sample to be moved.
    pub from: Uuid,
    /// The patient who stays, or the order it goes to; null where there is no second thing.
    pub into: Option<Uuid>,
    /// What `from` is called: an accession number, or the number by which people speak of a patient without a name.
    pub label: Option<String>,
    /// What `into` is called.
    pub into_label: Option<String>,
    /// Why; null without `patient:read` where it tells about a patient, and after erasure.
    pub reason: Option<String>,
    /// Who asked first.
    pub requested_by: Option<Person>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When it runs out by itself.
    pub expires_at: DateTime<Utc>,
    /// You asked for it: somebody else has to confirm.
    pub yours: bool,
    /// Who confirmed, withdrew or declined it.
    pub ended_by: Option<Person>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
}

row! {
    pub(super) struct RequestRow {
        pub(super) id: TwoPersonRequestId,
        pub(super) kind: String,
        pub(super) status: String,
        pub(super) from_id: Uuid,
        into_id: Uuid,
        reason: String,
        pub(super) requested_by: Uuid,
        requester: Option<String>,
        pub(super) requested_at: DateTime<Utc>,
        done_by: Option<Uuid>,
        doer: Option<String>,
        done_at: Option<DateTime<Utc>>,
    }
}

pub(super) const REQUESTS: &str = "SELECT d.id, d.kind, d.status, d.from_id, d.into_id, d.reason, d.requested_by, u.name, d.requested_at, \
     d.done_by, e.name, d.done_at FROM dual_requests d \
     LEFT JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.requested_by \
     LEFT JOIN users e ON e.tenant_id = d.tenant_id AND e.id = d.done_by WHERE d.tenant_id = ?";

impl<P: AsksForTwo> ReadTx<'_, P> {
    /// A request, for the answer to the one who made or confirmed it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn two_person_request(&mut self, id: TwoPersonRequestId) -> Result<TwoPersonRequest, StoreError> {
        self.request_by_id(id)
    }
}

impl ReadTx<'_, may::SignedIn> {
    /// A page of the requests that wait, newest first: those that the caller could confirm, and the caller's own.
    ///
    /// # Errors
    /// When the cursor is not this list's; the database's.
    pub fn two_person_requests(
        &mut self,
        updated_since: Option<DateTime<Utc>>,
        page: &Page,
    ) -> Result<Listing<TwoPersonRequest>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "two-person-requests/-requested_at");
        let acts = self.acts_in_reach();
        let mut query = sql(format!(
            "{REQUESTS} AND d.status = 'requested' AND d.requested_at > ? AND d.kind IN ("
        ))
        .bind(self.tenant())
        .bind(too_old(now()));
        query.list(acts).push(")");
        if let Some(since) = updated_since {
            query.push(" AND d.requested_at >= ?").value(since);
        }
        if let Some(after) = cursors.start(page)? {
            query.push(" AND d.id < ?").value(after.id);
        }
        query
            .push(" ORDER BY d.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<RequestRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: self.requests_shown(listing.items)?,
            next: listing.next,
        })
    }

    /// A request that has just been withdrawn.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn withdrawn_request(&mut self, id: TwoPersonRequestId) -> Result<TwoPersonRequest, StoreError> {
        self.request_by_id(id)
    }

    /// How many requests wait for the caller: those made by others.
    pub(crate) fn requests_waiting(&mut self, most: i64) -> Result<i64, StoreError> {
        row! { struct CountRow { count: i64 } }
        let acts = self.acts_in_reach();
        if acts.is_empty() {
            return Ok(0);
        }
        let me = self.user();
        let mut query = sql("SELECT COUNT(*) FROM (SELECT 1 FROM dual_requests \
             WHERE tenant_id = ? AND status = 'requested' AND requested_at > ? AND requested_by <> ? AND kind IN (")
        .bind(self.tenant())
        .bind(too_old(now()))
        .bind(me);
        query.list(acts).push(") LIMIT ?) AS counted").value(most);
        Ok(query.one::<CountRow>(self.db)?.count)
    }

    fn acts_in_reach(&self) -> Vec<&'static str> {
        TwoPersonAct::ALL
            .iter()
            .filter(|act| self.may(permission(**act)))
            .map(|act| act.as_str())
            .collect()
    }
}

impl<P> ReadTx<'_, P> {
    pub(crate) fn request_by_id(&mut self, id: TwoPersonRequestId) -> Result<TwoPersonRequest, StoreError> {
        let row = sql(format!("{REQUESTS} AND d.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<RequestRow>(self.db)?;
        self.requests_shown(vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    fn requests_shown(&mut self, rows: Vec<RequestRow>) -> Result<Vec<TwoPersonRequest>, StoreError> {
        let keys = if self.may(Permission::PatientRead) {
            self.keys_of(rows.iter().map(|row| row.reason.as_str()))?
        } else {
            HashMap::new()
        };
        let called = self.called(&rows)?;
        let me = self.user();
        rows.into_iter()
            .map(|row| {
                let kind: TwoPersonAct = word(&row.kind)?;
                let state: TwoPersonState = word(&row.status)?;
                let over = state == TwoPersonState::Requested && row.requested_at <= too_old(now());
                let into = (row.into_id != row.from_id).then_some(row.into_id);
                let reason = (!is_lost(&keys, &row.reason) && !row.reason.is_empty()).then_some(row.reason.as_str());
                let label = |id: Uuid| match kind {
                    TwoPersonAct::Merge | TwoPersonAct::Erase => Some(patients::label(PatientId::from_uuid(id))),
                    TwoPersonAct::Relink => called.get(&id).cloned(),
                    TwoPersonAct::KeyRotation => None,
                };
                Ok(TwoPersonRequest {
                    id: row.id,
                    kind,
                    status: if over { TwoPersonState::Expired } else { state },
                    from: row.from_id,
                    into,
                    label: label(row.from_id),
                    into_label: into.and_then(label),
                    reason: opened_text(&keys, &place(row.id), reason)?,
                    yours: me.is_some_and(|me| me.uuid() == row.requested_by),
                    requested_by: Person::joined(Some(row.requested_by), row.requester),
                    requested_at: row.requested_at,
                    expires_at: runs_out(row.requested_at),
                    ended_by: Person::joined(row.done_by, row.doer),
                    ended_at: row.done_at,
                })
            })
            .collect()
    }

    /// Accession and order numbers of what is to be moved where.
    fn called(&mut self, rows: &[RequestRow]) -> Result<HashMap<Uuid, String>, StoreError> {
        row! { struct NumberRow { id: Uuid, number: String } }
        let moves: Vec<&RequestRow> = rows
            .iter()
            .filter(|row| row.kind == TwoPersonAct::Relink.as_str())
            .collect();
        if moves.is_empty() {
            return Ok(HashMap::new());
        }
        let tenant = self.tenant();
        let mut query =
            sql("SELECT s.id, s.accession_number FROM samples s WHERE s.tenant_id = ? AND s.id IN (").bind(tenant);
        query
            .list(moves.iter().map(|row| SampleId::from_uuid(row.from_id)))
            .push(") UNION ALL SELECT o.id, o.number FROM orders o WHERE o.tenant_id = ? AND o.id IN (")
            .value(tenant);
        query.list(moves.iter().map(|row| row.into_id)).push(")");
        let numbers = query.all::<NumberRow>(self.db)?;
        Ok(numbers.into_iter().map(|row| (row.id, row.number)).collect())
    }
}
