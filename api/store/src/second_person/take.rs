//! The first half of an act, or the second.

use super::{AsksForTwo, place, too_old};
use crate::db::{row, sql};
use crate::sealing::kept_text;
use crate::{StoreError, Subject, WriteTx, now};
use attest_domain::Refusal;
use attest_domain::four_eyes::{TwoPersonState, second_person};
use attest_domain::ids::{TwoPersonRequestId, UserId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What somebody wants to be done. Two people want the same when `from` and `into` are the same; each has words of their own.
pub(crate) struct Wish<'a> {
    /// What it is done to.
    pub(crate) from: Uuid,
    /// The other thing, where there are two.
    pub(crate) into: Option<Uuid>,
    /// Whom the reason tells about: it is kept under that person's key.
    pub(crate) person: Option<&'a Subject>,
    /// Why.
    pub(crate) reason: &'a str,
}

/// Which half of the act this request was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The first: it waits for somebody else now, and nothing is to be done yet.
    Asked(TwoPersonRequestId),
    /// The second: it is to be done in this transaction.
    Confirmed(TwoPersonRequestId),
}

row! { struct AskedRow { id: TwoPersonRequestId, requested_by: UserId, requested_at: DateTime<Utc> } }

impl<P: AsksForTwo> WriteTx<'_, P> {
    /// Asks for the act, or confirms it when somebody else has asked for the same before. The caller holds a lock on what it is
    /// done to.
    ///
    /// # Errors
    /// `four-eyes` when the same person asked before.
    pub(crate) fn take_half(&mut self, wish: &Wish<'_>) -> Result<Half, StoreError> {
        let (tenant, at) = (self.tenant(), now());
        let me = self
            .user()
            .ok_or_else(|| StoreError::broken("only people act in twos"))?;
        let into = wish.into.unwrap_or(wish.from);
        let asked = sql("SELECT id, requested_by, requested_at FROM dual_requests \
             WHERE tenant_id = ? AND kind = ? AND from_id = ? AND into_id = ? AND status = 'requested'")
        .bind(tenant)
        .bind(P::ACT.as_str())
        .bind(wish.from)
        .bind(into)
        .first::<AskedRow>(self.db)?;
        if let Some(asked) = asked {
            if asked.requested_at > too_old(at) {
                second_person(me, asked.requested_by).map_err(|refusal: Refusal| StoreError::from(refusal))?;
                self.request_ends(asked.id, TwoPersonState::Done)?;
                return Ok(Half::Confirmed(asked.id));
            }
            self.request_ends(asked.id, TwoPersonState::Expired)?;
        }
        let id = TwoPersonRequestId::new();
        sql("INSERT INTO dual_requests (tenant_id, id, kind, from_id, into_id, reason, status, requested_by, requested_at) \
             VALUES (?, ?, ?, ?, ?, ?, 'requested', ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(P::ACT.as_str())
            .bind(wish.from)
            .bind(into)
            .bind(kept_text(wish.person, &place(id), wish.reason)?)
            .bind(me)
            .bind(at)
            .run(self.db)?;
        Ok(Half::Asked(id))
    }
}

impl<P> WriteTx<'_, P> {
    /// Nobody waits for this request any more. Of two who end it at the same moment (a confirmation, a withdrawal) one does.
    pub(super) fn request_ends(&mut self, id: TwoPersonRequestId, state: TwoPersonState) -> Result<(), StoreError> {
        let by = self.user();
        let ended = sql("UPDATE dual_requests SET status = ?, done_by = ?, done_at = ? \
             WHERE tenant_id = ? AND id = ? AND status = 'requested'")
        .bind(state.as_str())
        .bind(by)
        .bind(now())
        .bind(self.tenant())
        .bind(id)
        .run(self.db)?;
        if ended == 0 {
            return Err(StoreError::conflict("somebody else ended this request a moment ago"));
        }
        Ok(())
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
