//! An order as the interface shows it, always with its samples.

use super::texts::TABLE;
use crate::db::{row, sql};
use crate::reference::word;
use crate::samples::{PatientRef, SUMMARY_ROWS, SampleSummary, SummaryRow};
use crate::sealing::RowTexts;
use crate::{Person, ReadTx, Ref, StoreError};
use attest_domain::ids::{OrderId, PatientId};
use attest_domain::judge::DecisionRule;
use attest_domain::may;
use attest_domain::terms::Priority;
use attest_domain::workflow::OrderState;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The laboratory's number.
    pub number: String,
    /// The orderer's own number, unique for each source.
    pub external_id: Option<String>,
    /// Where the order came from: `ui`, or the account that sent it.
    pub source: String,
    /// Who ordered the testing.
    pub client: Option<Ref>,
    /// Whose specimens they are.
    pub patient: Option<PatientRef>,
    /// The person who asked: a doctor, an engineer.
    pub requester: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// The decision rule agreed for statements of conformity (ISO/IEC 17025, 7.1.3).
    pub decision_rule: Option<DecisionRule>,
    /// Where it stands.
    pub status: OrderState,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Its samples, in the order of their registration.
    pub samples: Vec<SampleSummary>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Person>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Version, also the ETag.
    pub version: i64,
}

/// Permissions whose answers contain an order.
pub trait SeesOrders {}
impl SeesOrders for may::OrderRead {}
impl SeesOrders for may::OrderCreate {}
impl SeesOrders for may::OrderCancel {}

row! {
    pub(super) struct OrderRow {
        pub(super) id: OrderId,
        number: String,
        external_id: Option<String>,
        source: String,
        client_id: Option<Uuid>,
        client_name: Option<String>,
        patient_id: Option<PatientId>,
        requester: Option<String>,
        priority: String,
        decision_rule: Option<String>,
        status: String,
        cancel_reason: Option<String>,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        created_by_name: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

pub(super) const ORDERS: &str = "SELECT o.id, o.number, o.external_id, o.source, o.client_id, c.name, o.patient_id, o.requester, o.priority, \
     o.decision_rule, o.status, o.cancel_reason, o.created_at, o.created_by, u.name, o.updated_at, o.version FROM orders o \
     LEFT JOIN clients c ON c.tenant_id = o.tenant_id AND c.id = o.client_id \
     LEFT JOIN users u ON u.tenant_id = o.tenant_id AND u.id = o.created_by WHERE o.tenant_id = ?";

impl<P: SeesOrders> ReadTx<'_, P> {
    /// An order with its samples.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database's.
    pub fn order(&mut self, id: OrderId) -> Result<Order, StoreError> {
        let row = sql(format!("{ORDERS} AND o.id = ?"))
            .bind(self.tenant())
            .bind(id)
            .one::<OrderRow>(self.db)?;
        if self.only_client().is_some_and(|own| row.client_id != Some(own)) {
            return Err(StoreError::NotFound);
        }
        self.orders_shown(vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// Orders with their samples: three statements, however many orders.
    pub(super) fn orders_shown(&mut self, rows: Vec<OrderRow>) -> Result<Vec<Order>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.patient_names(rows.iter().filter_map(|row| row.patient_id))?;
        let mut query = sql(format!("{SUMMARY_ROWS} WHERE s.tenant_id = ? AND s.order_id IN (")).bind(self.tenant());
        query.list(rows.iter().map(|row| row.id)).push(") ORDER BY s.id");
        let found = query.all::<SummaryRow>(self.db)?;
        let orders: Vec<Option<OrderId>> = found.iter().map(|row| row.order_id).collect();
        let texts = rows
            .iter()
            .flat_map(|row| [&row.external_id, &row.requester, &row.cancel_reason]);
        let keys = self.keys_of(texts.flatten().map(String::as_str))?;
        let mut samples: HashMap<OrderId, Vec<SampleSummary>> = HashMap::new();
        for (order, sample) in orders.into_iter().zip(self.sample_summaries(found)?) {
            if let Some(order) = order {
                samples.entry(order).or_default().push(sample);
            }
        }
        rows.into_iter()
            .map(|row| {
                let texts = RowTexts::of(TABLE, row.id);
                let read = |column: &str, stored: Option<&str>| texts.opened(&keys, column, stored);
                Ok(Order {
                    samples: samples.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    number: row.number,
                    external_id: read("external_id", row.external_id.as_deref())?,
                    source: row.source,
                    client: Ref::joined(row.client_id, row.client_name),
                    patient: row.patient_id.map(|id| PatientRef {
                        id,
                        name: names.get(&id).cloned(),
                    }),
                    requester: read("requester", row.requester.as_deref())?,
                    priority: word(&row.priority)?,
                    decision_rule: row.decision_rule.as_deref().map(word).transpose()?,
                    status: word(&row.status)?,
                    cancel_reason: read("cancel_reason", row.cancel_reason.as_deref())?,
                    created_at: row.created_at,
                    created_by: Person::joined(row.created_by, row.created_by_name),
                    updated_at: row.updated_at,
                    version: row.version,
                })
            })
            .collect()
    }
}
