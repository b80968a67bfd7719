//! Lists of orders.

use super::texts::sought_number;
use super::view::{ORDERS, Order, OrderRow};
use crate::cursor::{Cursors, Position};
use crate::db::sql;
use crate::narrow::narrow;
use crate::{Listing, Page, ReadTx, StoreError};
use attest_domain::ids::{ClientId, PatientId};
use attest_domain::may;
use attest_domain::workflow::OrderState;
use chrono::{DateTime, Utc};

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// In one of these states; in any when empty.
    pub status: Vec<OrderState>,
    /// Of this client.
    pub client: Option<ClientId>,
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// Changed at this moment or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// The beginning of the laboratory's number or of a client's own, or the whole of the number a patient's order came with.
    pub q: Option<String>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

impl ReadTx<'_, may::OrderRead> {
    /// A page of orders.
    ///
    /// # Errors
    /// When the cursor is not this list's; the database's.
    pub fn order_list(&mut self, filter: &OrderFilter, page: &Page) -> Result<Listing<Order>, StoreError> {
        let scope = if filter.oldest_first {
            "orders/created_at"
        } else {
            "orders/-created_at"
        };
        let cursors = Cursors::new(self.inner, self.tenant(), scope);
        let mut query = sql(ORDERS).bind(self.tenant());
        if !filter.status.is_empty() {
            query
                .push(" AND o.status IN (")
                .list(filter.status.iter().map(|state| state.as_str()))
                .push(")");
        }
        if let Some(client) = filter.client {
            query.push(" AND o.client_id = ?").value(client);
        }
        if let Some(own) = self.only_client() {
            query.push(" AND o.client_id = ?").value(own);
        }
        if let Some(patient) = filter.patient {
            query.push(" AND o.patient_id = ?").value(patient);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND o.updated_at >= ?").value(since);
            let ids = sql("SELECT x.id FROM orders x WHERE x.tenant_id = ? AND x.updated_at >= ?")
                .bind(self.tenant())
                .bind(since);
            narrow(self.db, &mut query, "o.id", vec![ids])?;
        }
        if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            let number = q.to_ascii_uppercase();
            let (number_end, external_end) = (format!("{number}\u{10FFFF}"), format!("{q}\u{10FFFF}"));
            let token = sought_number(self.inner, self.tenant(), q);
            query.push(" AND ((o.number >= ? AND o.number < ?) OR (o.external_id >= ? AND o.external_id < ?) OR o.external_token = ?)");
            query
                .value(number.clone())
                .value(number_end.clone())
                .value(q.to_owned())
                .value(external_end.clone())
                .value(token.clone());
            let tenant = self.tenant();
            let ids = sql("SELECT x.id FROM orders x WHERE x.tenant_id = ? AND x.number >= ? AND x.number < ? \
                 UNION ALL SELECT x.id FROM orders x WHERE x.tenant_id = ? AND x.external_id >= ? AND x.external_id < ? \
                 UNION ALL SELECT x.id FROM orders x WHERE x.tenant_id = ? AND x.external_token = ?")
                .bind(tenant)
                .bind(number)
                .bind(number_end)
                .bind(tenant)
                .bind(q.to_owned())
                .bind(external_end)
                .bind(tenant)
                .bind(token);
            narrow(self.db, &mut query, "o.id", vec![ids])?;
        }
        // Ids are in the order of their making.
        if let Some(after) = cursors.start(page)? {
            query
                .push(if filter.oldest_first {
                    " AND o.id > ?"
                } else {
                    " AND o.id < ?"
                })
                .value(after.id);
        }
        query
            .push(if filter.oldest_first {
                " ORDER BY o.id LIMIT ?"
            } else {
                " ORDER BY o.id DESC LIMIT ?"
            })
            .value(page.limit.saturating_add(1));
        let rows = query.all::<OrderRow>(self.db)?;
        let listing = cursors.finish(page, rows, |row| Position {
            key: String::new(),
            id: row.id.uuid(),
        })?;
        Ok(Listing {
            items: self.orders_shown(listing.items)?,
            next: listing.next,
        })
    }
}
