//! Finishing a review, in two steps like a report's release: what the record says is read, the paper is made and signed outside
//! any transaction, and a second transaction stores it if nothing has happened meanwhile.

use super::view::{AccessReview, AccessReviewItem};
use super::{document_place, label};
use crate::db::{row, sql};
use crate::{Event, Laboratory, Person, ReadTx, Recorded, StoreError, WriteTx, now};
use attest_domain::access_review::AccessDecision;
use attest_domain::ids::AccessReviewId;
use attest_domain::{Action, may};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// Everything that the record says.
#[derive(Debug, Clone)]
pub struct AccessReviewPaper {
    /// The review, with every decision.
    pub review: AccessReview,
    /// Whose accounts they are, by the names it has now.
    pub laboratory: Laboratory,
    /// Who finishes it.
    pub finished_by: Person,
    /// Their title.
    pub title: Option<String>,
    /// When.
    pub finished_at: DateTime<Utc>,
}

/// An account that stands in the way of finishing.
#[derive(Debug, Clone)]
pub struct NotDecided {
    /// Which.
    pub account: Person,
    /// It was deactivated in this review, and somebody has reactivated it since.
    pub active_again: bool,
}

/// Whether a review can be finished.
#[derive(Debug, Clone)]
pub enum ToFinish {
    /// These accounts must be decided on first.
    Undecided(Vec<NotDecided>),
    /// This is what the record will say.
    Paper(Box<AccessReviewPaper>),
}

row! { struct SignerRow { name: String, title: Option<String> } }
row! { struct CountRow { count: i64 } }

/// Not decided on, or deactivated in the review and active all the same.
const STANDS_IN_THE_WAY: &str = "SELECT COUNT(*) FROM access_review_items i JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id \
     WHERE i.tenant_id = ? AND i.review_id = ? AND (i.decision IS NULL OR (i.decision = 'deactivate' AND u.active = ?))";

/// Why an account still stands in the way.
fn not_decided(item: &AccessReviewItem) -> Option<NotDecided> {
    let active = !item.changed.contains(&super::AccountChange::Inactive);
    let active_again = item.decision == Some(AccessDecision::Deactivate) && active;
    (item.decision.is_none() || active_again).then(|| NotDecided {
        account: Person {
            id: item.user_id.uuid(),
            name: item.account.name.clone(),
        },
        active_again,
    })
}

impl ReadTx<'_, may::UserManage> {
    /// What the record of an open review will say, or what is missing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`]; [`StoreError::Conflict`] when it is finished.
    pub fn access_review_to_finish(&mut self, id: AccessReviewId, seen: Option<i64>) -> Result<ToFinish, StoreError> {
        let (tenant, me) = (self.tenant(), self.user().ok_or(StoreError::NotFound)?);
        let review = self.access_review(id)?;
        crate::seen::as_seen(seen, review.summary.version)?;
        if review.summary.finished_at.is_some() {
            return Err(finished(&review.summary.number));
        }
        let missing: Vec<NotDecided> = review.items.iter().filter_map(not_decided).collect();
        if !missing.is_empty() {
            return Ok(ToFinish::Undecided(missing));
        }
        let person = sql("SELECT name, title FROM users WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(me)
            .one::<SignerRow>(self.db)?;
        Ok(ToFinish::Paper(Box::new(AccessReviewPaper {
            review,
            laboratory: Laboratory::read(self.db, tenant)?,
            finished_by: Person {
                id: me.uuid(),
                name: person.name,
            },
            title: person.title,
            finished_at: now(),
        })))
    }
}

fn finished(number: &str) -> StoreError {
    StoreError::conflict(format!("access review {number} is finished already"))
}

impl WriteTx<'_, may::UserManage> {
    /// Finishes a review with its signed record.
    ///
    /// # Errors
    /// As [`ReadTx::access_review_to_finish`]; [`StoreError::Conflict`] also when something changed while the paper was made.
    pub fn access_review_finish(
        &mut self,
        id: AccessReviewId,
        seen: Option<i64>,
        document: Option<(Box<AccessReviewPaper>, Vec<u8>)>,
    ) -> Result<Recorded<AccessReviewId>, StoreError> {
        self.people_locked()?;
        let held = self.review_held(id, seen)?;
        let (tenant, version) = (self.tenant(), held.version.saturating_add(1));
        let meanwhile =
            || StoreError::conflict("the review changed while its record was made; look at it again, then finish it");
        let (paper, pdf) = document
            .filter(|(paper, _)| paper.review.summary.version == held.version)
            .ok_or_else(meanwhile)?;
        let open = sql(STANDS_IN_THE_WAY)
            .bind(tenant)
            .bind(id)
            .bind(true)
            .one::<CountRow>(self.db)?;
        if open.count > 0 {
            return Err(meanwhile());
        }
        let hash = hex::encode(Sha256::digest(&pdf));
        let sealed = self.inner.keyring.seal_file(tenant, &document_place(id), &pdf);
        sql("INSERT INTO access_review_documents (tenant_id, review_id, bytes, sha256, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(sealed.map_err(StoreError::broken)?)
            .bind(&hash)
            .bind(paper.finished_at)
            .run(self.db)?;
        sql("UPDATE access_reviews SET status = 'finished', finished_at = ?, finished_by = ?, document_sha256 = ?, updated_at = ?, version = ? \
             WHERE tenant_id = ? AND id = ?")
            .bind(paper.finished_at)
            .bind(self.user())
            .bind(&hash)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::AccessReviewFinished, "access_review", id)
            .label(label(held.number))
            .version(version)
            .change("status", "open", "finished")
            .set("accounts", paper.review.summary.accounts)
            .set("kept", paper.review.summary.kept)
            .set("deactivated", paper.review.summary.deactivated)
            .set("document_sha256", hash);
        self.record(event, id)
    }
}
