//! Reading reviews: the list, and one with its accounts.

use super::super::users::SeesPeople;
use super::accounts::{AccountThen, holders, reviewed_accounts};
use super::label;
use super::view::{AccessReview, AccessReviewFilter, AccessReviewItem, AccessReviewSummary, AccountChange};
use crate::cursor::{Cursors, Position};
use crate::db::{row, sql};
use crate::reference::word;
use crate::{ActProof, Listing, Page, Person, ReadTx, StoreError, now};
use attest_domain::access_review::AccessReviewState;
use attest_domain::ids::{AccessReviewId, UserId};
use attest_domain::{Action, Permission};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

row! {
    struct ReviewRow {
        id: AccessReviewId,
        number: i64,
        status: String,
        reason: Option<String>,
        period_from: DateTime<Utc>,
        opened_at: DateTime<Utc>,
        opened_by: Option<Uuid>,
        opener: Option<String>,
        due_at: DateTime<Utc>,
        unused_after_days: i64,
        accounts: i64,
        kept: i64,
        deactivated: i64,
        finished_at: Option<DateTime<Utc>>,
        finished_by: Option<Uuid>,
        finisher: Option<String>,
        document_sha256: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}
row! {
    struct ItemRow {
        user_id: UserId,
        kind: String,
        account: String,
        proposal: String,
        ground: String,
        decision: Option<String>,
        reason: Option<String>,
        decided_at: Option<DateTime<Utc>>,
        decided_by: Option<Uuid>,
        decider: Option<String>,
        own: bool,
        version: i64,
    }
}
row! { struct EventRow { id: Uuid } }

const REVIEW: &str = "SELECT r.id, r.number, r.status, r.reason, r.period_from, r.opened_at, r.opened_by, o.name, r.due_at, r.unused_after_days, \
     (SELECT COUNT(*) FROM access_review_items i WHERE i.tenant_id = r.tenant_id AND i.review_id = r.id), \
     (SELECT COUNT(*) FROM access_review_items i WHERE i.tenant_id = r.tenant_id AND i.review_id = r.id AND i.decision = 'keep'), \
     (SELECT COUNT(*) FROM access_review_items i WHERE i.tenant_id = r.tenant_id AND i.review_id = r.id AND i.decision = 'deactivate'), \
     r.finished_at, r.finished_by, f.name, r.document_sha256, r.updated_at, r.version FROM access_reviews r \
     LEFT JOIN users o ON o.tenant_id = r.tenant_id AND o.id = r.opened_by \
     LEFT JOIN users f ON f.tenant_id = r.tenant_id AND f.id = r.finished_by WHERE r.tenant_id = ?";

impl TryFrom<ReviewRow> for AccessReviewSummary {
    type Error = StoreError;

    fn try_from(row: ReviewRow) -> Result<Self, StoreError> {
        let status: AccessReviewState = word(&row.status)?;
        Ok(Self {
            id: row.id,
            number: label(row.number),
            status,
            overdue: status == AccessReviewState::Open && row.due_at < now(),
            reason: row.reason,
            period_from: row.period_from,
            opened_at: row.opened_at,
            opened_by: Person::joined(row.opened_by, row.opener),
            due_at: row.due_at,
            unused_after_days: row.unused_after_days,
            accounts: row.accounts,
            undecided: row.accounts.saturating_sub(row.kept).saturating_sub(row.deactivated),
            kept: row.kept,
            deactivated: row.deactivated,
            finished_at: row.finished_at,
            finished_by: Person::joined(row.finished_by, row.finisher),
            document_sha256: row.document_sha256,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

impl<P: SeesPeople> ReadTx<'_, P> {
    /// A page of reviews, newest first.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn access_review_list(
        &mut self,
        filter: &AccessReviewFilter,
        page: &Page,
    ) -> Result<Listing<AccessReviewSummary>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), "access-reviews");
        let mut query = sql(REVIEW).bind(self.tenant());
        if let Some(status) = filter.status {
            query.push(" AND r.status = ?").value(status.as_str());
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND r.updated_at >= ?").value(since);
        }
        if let Some(start) = cursors.start(page)? {
            query.push(" AND r.id < ?").value(start.id);
        }
        query
            .push(" ORDER BY r.id DESC LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ReviewRow>(self.db)?;
        let found = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        found.try_map(AccessReviewSummary::try_from)
    }

    /// A review with its accounts; while it is open, with what has changed of them since.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn access_review(&mut self, id: AccessReviewId) -> Result<AccessReview, StoreError> {
        let tenant = self.tenant();
        let summary: AccessReviewSummary = sql(format!("{REVIEW} AND r.id = ?"))
            .bind(tenant)
            .bind(id)
            .one::<ReviewRow>(self.db)?
            .try_into()?;
        let rows = sql("SELECT i.user_id, i.kind, i.account, i.proposal, i.ground, i.decision, i.reason, i.decided_at, i.decided_by, d.name, i.own, i.version \
             FROM access_review_items i LEFT JOIN users d ON d.tenant_id = i.tenant_id AND d.id = i.decided_by \
             WHERE i.tenant_id = ? AND i.review_id = ? ORDER BY i.place")
            .bind(tenant)
            .bind(id)
            .all::<ItemRow>(self.db)?;
        let open = summary.status == AccessReviewState::Open;
        let mut since = if open { self.changes(id)? } else { HashMap::new() };
        let decides = open && self.may(Permission::UserManage);
        let alone = decides && self.alone()?;
        let me = self.user();
        let items = rows
            .into_iter()
            .map(|row| {
                let account: AccountThen = serde_json::from_str(&row.account).map_err(StoreError::broken)?;
                let now = since.remove(&row.user_id);
                Ok(AccessReviewItem {
                    decidable: decides && (alone || me != Some(row.user_id)),
                    changed: now
                        .as_ref()
                        .map(|(then, active)| changed(&account, then, *active))
                        .unwrap_or_default(),
                    roles_now: now
                        .map(|(then, _active)| then.roles)
                        .filter(|roles| *roles != account.roles),
                    user_id: row.user_id,
                    kind: word(&row.kind)?,
                    account,
                    proposal: word(&row.proposal)?,
                    ground: word(&row.ground)?,
                    decision: row.decision.as_deref().map(word).transpose()?,
                    reason: row.reason,
                    decided_at: row.decided_at,
                    decided_by: Person::joined(row.decided_by, row.decider),
                    own: row.own,
                    version: row.version,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(AccessReview {
            summary,
            items,
            proof: if open { None } else { self.finish_proof(id)? },
        })
    }

    /// The proof that the finish is in the log.
    fn finish_proof(&mut self, id: AccessReviewId) -> Result<Option<ActProof>, StoreError> {
        let tenant = self.tenant();
        let event = sql(
            "SELECT id FROM audit_events WHERE tenant_id = ? AND object_id = ? AND action = ? ORDER BY id DESC LIMIT 1",
        )
        .bind(tenant)
        .bind(id.to_string())
        .bind(Action::AccessReviewFinished.as_str())
        .first::<EventRow>(self.db)?;
        let Some(event) = event else { return Ok(None) };
        let signer = &self.scope.tenant.signer;
        let proof = match crate::ledger::proof_of(self.db, tenant, signer, event.id) {
            // A damaged log proves nothing, which was logged; the review is readable all the same.
            Err(StoreError::Refused { .. }) => None,
            found => found?,
        };
        let trail = self.may(Permission::AuditRead);
        Ok(proof.map(|proof| ActProof {
            entry: trail.then(|| STANDARD.encode(&proof.entry)),
            ..ActProof::from(proof)
        }))
    }

    /// The reviewed accounts as they are now.
    fn changes(&mut self, id: AccessReviewId) -> Result<HashMap<UserId, (AccountThen, bool)>, StoreError> {
        let tenant = self.tenant();
        let now = reviewed_accounts(self.db, tenant, id.uuid())?;
        Ok(now
            .into_iter()
            .map(|account| (account.id, (account.then, account.active)))
            .collect())
    }

    /// Whether nobody but the caller could decide.
    fn alone(&mut self) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let me = self.user();
        let others = holders(self.db, tenant, Permission::UserManage)?;
        Ok(others.into_iter().all(|person| Some(person) == me))
    }
}

fn changed(then: &AccountThen, now: &AccountThen, active: bool) -> Vec<AccountChange> {
    let found = [
        (then.roles != now.roles, AccountChange::Roles),
        (then.grants != now.grants, AccountChange::Grants),
        (then.second_factor != now.second_factor, AccountChange::SecondFactor),
        (!active, AccountChange::Inactive),
    ];
    found
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, change)| change)
        .collect()
}
