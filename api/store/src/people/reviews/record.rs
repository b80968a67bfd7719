//! A review's rows, on their way to being changed.

use super::label;
use crate::db::{row, sql};
use crate::seen::as_seen;
use crate::{StoreError, WriteTx};
use attest_domain::access_review::AccessReviewState;
use attest_domain::ids::{AccessReviewId, UserId};

row! { pub(super) struct Held { pub(super) number: i64, pub(super) status: String, pub(super) version: i64 } }
row! {
    pub(super) struct HeldItem {
        pub(super) kind: String,
        pub(super) decision: Option<String>,
        pub(super) version: i64,
        pub(super) name: String,
        pub(super) active: bool,
    }
}

impl Held {
    pub(super) fn label(&self) -> String {
        label(self.number)
    }
}

impl<P> WriteTx<'_, P> {
    /// The review's row, kept from other writers until the end of the transaction; it must be open.
    pub(super) fn review_held(&mut self, id: AccessReviewId, seen: Option<i64>) -> Result<Held, StoreError> {
        let lock = self.db.for_update();
        let held = sql(format!(
            "SELECT number, status, version FROM access_reviews WHERE tenant_id = ? AND id = ?{lock}"
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<Held>(self.db)?;
        as_seen(seen, held.version)?;
        if held.status == AccessReviewState::Open.as_str() {
            Ok(held)
        } else {
            Err(StoreError::conflict(format!(
                "access review {} is finished; what it says does not change any more",
                held.label()
            )))
        }
    }

    /// An account of the review, as it is now.
    pub(super) fn review_item_held(&mut self, id: AccessReviewId, user: UserId) -> Result<HeldItem, StoreError> {
        sql("SELECT i.kind, i.decision, i.version, u.name, u.active FROM access_review_items i \
             JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id WHERE i.tenant_id = ? AND i.review_id = ? AND i.user_id = ?")
        .bind(self.tenant())
        .bind(id)
        .bind(user)
        .one::<HeldItem>(self.db)
    }
}
