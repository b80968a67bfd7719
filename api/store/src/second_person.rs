//! Acts that take two people: one asks, another one asks for the same and thereby confirms.

use crate::db::{row, sql};
use crate::reference::word;
use crate::{Person, ReadTx, StoreError, WriteTx, now};
use attest_domain::four_eyes::second_person;
use attest_domain::ids::{MergeId, UserId};
use attest_domain::{Refusal, may};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a request for an act of two people stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MergeState {
    /// One person asked; another one has to ask for the same.
    Requested,
    /// Both asked, and it was done.
    Done,
}

impl fmt::Display for MergeState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Requested => "requested",
            Self::Done => "done",
        })
    }
}

impl FromStr for MergeState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "requested" => Ok(Self::Requested),
            "done" => Ok(Self::Done),
            other => Err(format!("{other} is no state of a request")),
        }
    }
}

/// A request to merge two patients, or to move a sample to another order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeRequest {
    /// Its id.
    pub id: MergeId,
    /// Where it stands.
    pub status: MergeState,
    /// The patient to be merged, or the sample to be moved.
    pub from: Uuid,
    /// The patient who stays, or the order it goes to.
    pub into: Uuid,
    /// Who asked first.
    pub requested_by: Option<Person>,
}

/// Which half of the act this request was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Asked(MergeId),
    Confirmed(MergeId),
}

row! { struct AskedRow { id: MergeId, requested_by: UserId } }

row! {
    struct RequestRow {
        id: MergeId,
        status: String,
        from_id: Uuid,
        into_id: Uuid,
        requested_by: Uuid,
        name: Option<String>,
    }
}

/// Permissions that ask for acts of two people.
pub trait AsksForTwo {}
impl AsksForTwo for may::PatientMerge {}
impl AsksForTwo for may::SampleRelink {}

impl<P: AsksForTwo> ReadTx<'_, P> {
    /// A request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn merge_request(&mut self, id: MergeId) -> Result<MergeRequest, StoreError> {
        let row = sql("SELECT d.id, d.status, d.from_id, d.into_id, d.requested_by, u.name FROM dual_requests d \
             LEFT JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.requested_by WHERE d.tenant_id = ? AND d.id = ?")
            .bind(self.tenant())
            .bind(id)
            .one::<RequestRow>(self.db)?;
        Ok(MergeRequest {
            id: row.id,
            status: word(&row.status)?,
            from: row.from_id,
            into: row.into_id,
            requested_by: Person::joined(Some(row.requested_by), row.name),
        })
    }
}

impl<P: AsksForTwo> WriteTx<'_, P> {
    /// Asks for the act, or confirms it when somebody else has asked for the same before. The caller holds the locks.
    pub(crate) fn take_half(&mut self, kind: &str, from: Uuid, into: Uuid, reason: &str) -> Result<Half, StoreError> {
        let (tenant, at) = (self.tenant(), now());
        let me = self
            .user()
            .ok_or_else(|| StoreError::broken("only people act in twos"))?;
        let asked = sql("SELECT id, requested_by FROM dual_requests WHERE tenant_id = ? AND kind = ? AND from_id = ? AND into_id = ? AND status = 'requested'")
            .bind(tenant)
            .bind(kind)
            .bind(from)
            .bind(into)
            .first::<AskedRow>(self.db)?;
        if let Some(asked) = asked {
            second_person(me, asked.requested_by).map_err(|refusal: Refusal| StoreError::from(refusal))?;
            sql("UPDATE dual_requests SET status = 'done', done_by = ?, done_at = ? WHERE tenant_id = ? AND id = ?")
                .bind(me)
                .bind(at)
                .bind(tenant)
                .bind(asked.id)
                .run(self.db)?;
            return Ok(Half::Confirmed(asked.id));
        }
        let id = MergeId::new();
        sql("INSERT INTO dual_requests (tenant_id, id, kind, from_id, into_id, reason, status, requested_by, requested_at) \
             VALUES (?, ?, ?, ?, ?, ?, 'requested', ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(kind)
            .bind(from)
            .bind(into)
            .bind(reason)
            .bind(me)
            .bind(at)
            .run(self.db)?;
        Ok(Half::Asked(id))
    }
}

/// The reason that such acts always need.
pub(crate) fn needed_reason(reason: Option<&str>) -> Result<&str, StoreError> {
    let reason = reason
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
        .ok_or(Refusal::ReasonMissing)?;
    attest_domain::text::check_lines(reason, attest_domain::text::NOTE_MAX)
        .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
    Ok(reason)
}
