//! Placing orders, with all their samples or not at all, and cancelling them.

use super::texts::{TABLE, number_token};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::reference::word;
use crate::samples::{NewSample, Orderer, SampleAtHand, Wanted};
use crate::sealing::RowTexts;
use crate::second_person::needed_reason;
use crate::seen::as_seen;
use crate::{Event, Recorded, StoreError, WriteTx, now};
use attest_domain::ids::{ClientId, OrderId, PatientId, SampleId};
use attest_domain::judge::DecisionRule;
use attest_domain::terms::Priority;
use attest_domain::text::{CODE_MAX, LINE_MAX};
use attest_domain::workflow::{OrderState, OrderVerb, SampleState, SampleVerb, apply, order_may_be_cancelled};
use attest_domain::{Action, ReasonCode, may};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Samples of one order at most.
const SAMPLES_MAX: usize = 200;

/// What is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"external_id": "ZW/2026/118", "client_id": "01980000-0000-7000-8000-000000000001", "requester": "J. Nowak", "priority": "urgent",
    "samples": [{"sample_type_id": "01980000-0000-7000-8000-000000000002", "client_reference": "Intake 2", "test_ids": ["01980000-0000-7000-8000-000000000003"]}]}))]
pub struct NewOrder {
    /// The orderer's own number; may be used once for each source.
    #[schema(max_length = 64)]
    pub external_id: Option<String>,
    /// Who orders the testing.
    pub client_id: Option<ClientId>,
    /// Whose specimens they are.
    pub patient_id: Option<PatientId>,
    /// The person who asks: a doctor, an engineer.
    #[schema(max_length = 200)]
    pub requester: Option<String>,
    /// How urgent it is; routine when absent.
    pub priority: Option<Priority>,
    /// The decision rule agreed for statements of conformity (ISO/IEC 17025, 7.1.3).
    pub decision_rule: Option<DecisionRule>,
    /// The samples; order, client and patient are the order's own and may not be named again.
    #[schema(min_items = 1, max_items = 200)]
    pub samples: Vec<NewSample>,
}

impl NewOrder {
    fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.maybe_line("external_id", self.external_id.as_ref(), CODE_MAX);
        wrong.maybe_line("requester", self.requester.as_ref(), LINE_MAX);
        wrong.unless(
            (1..=SAMPLES_MAX).contains(&self.samples.len()),
            "samples",
            "length",
            format!("must have 1 to {SAMPLES_MAX} samples"),
        );
        for (index, sample) in self.samples.iter().enumerate() {
            let at = format!("samples.{index}.");
            for (named, field) in [
                (sample.order_id.is_some(), "order_id"),
                (sample.client_id.is_some(), "client_id"),
                (sample.patient_id.is_some(), "patient_id"),
            ] {
                wrong.unless(
                    !named,
                    format!("{at}{field}"),
                    "exclusive",
                    "the order says this for all its samples",
                );
            }
            sample.check(&at, &mut wrong);
        }
        wrong.done()
    }
}

row! {
    struct AtHandRow {
        number: String,
        status: String,
        version: i64,
        patient_id: Option<PatientId>,
    }
}

row! { struct IdRow { id: SampleId } }

impl WriteTx<'_, may::OrderCreate> {
    /// Places an order with its samples. `source` says whose numbers `external_id` is one of.
    ///
    /// # Errors
    /// When the request is not right, naming the fields; [`StoreError::Duplicate`] when `external_id` was used before.
    pub fn order_place(&mut self, new: &NewOrder, source: &str) -> Result<Recorded<OrderId>, StoreError> {
        new.check()?;
        let catalogue = self.catalogue()?;
        let orderer = self.orderer(None, new.client_id, new.patient_id, "")?;
        let (tenant, id, at) = (self.tenant(), OrderId::new(), now());
        let year = self.local_year(at);
        let number = format!("O-{year}-{:06}", self.next_number(&format!("order/{year}"))?);
        let priority = new.priority.unwrap_or(Priority::Routine);
        let (texts, person) = (RowTexts::of(TABLE, id), orderer.subject.as_ref());
        sql("INSERT INTO orders (tenant_id, id, number, external_id, source, client_id, patient_id, requester, priority, decision_rule, status, \
             created_at, created_by, updated_at, external_token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&number)
            .bind(texts.kept(person, "external_id", new.external_id.as_deref())?)
            .bind(source)
            .bind(orderer.client.as_ref().map(|client| client.id))
            .bind(orderer.patient)
            .bind(texts.kept(person, "requester", new.requester.as_deref())?)
            .bind(priority.as_str())
            .bind(new.decision_rule.map(DecisionRule::as_str))
            .bind(OrderState::Open.as_str())
            .bind(at)
            .bind(self.user())
            .bind(at)
            .bind(number_token(self.inner, tenant, person, new.external_id.as_deref()))
            .run(self.db)?;
        let event = Event::new(Action::OrderCreated, "order", id)
            .label(number.as_str())
            .version(1)
            .set("status", OrderState::Open.as_str())
            .set("source", source)
            .set("client", orderer.client.as_ref().map(|client| client.name.as_str()))
            .set("patient_id", orderer.patient.map(|patient| patient.to_string()))
            .set("priority", priority.as_str())
            .set("decision_rule", new.decision_rule.map(DecisionRule::as_str))
            .set("count", i64::try_from(new.samples.len()).map_err(StoreError::broken)?)
            .about(person, "external_id", (), new.external_id.as_deref())
            .about(person, "requester", (), new.requester.as_deref());
        let orderer = Arc::new(Orderer {
            order: Some((id, number)),
            priority: Some(priority),
            ..orderer
        });
        let wanted = new.samples.iter().enumerate().map(|(index, sample)| Wanted {
            at: format!("samples.{index}."),
            new: sample,
            orderer: Arc::clone(&orderer),
        });
        self.samples_insert(&wanted.collect::<Vec<_>>(), &catalogue)?;
        self.record(event, id)
    }
}

impl WriteTx<'_, may::OrderCancel> {
    /// Cancels an order with every sample of it that is not finished.
    ///
    /// # Errors
    /// Without a reason, or when anything of it was measured.
    pub fn order_cancel(
        &mut self,
        id: OrderId,
        seen: Option<i64>,
        reason: Option<&str>,
    ) -> Result<Recorded<OrderId>, StoreError> {
        let reason = needed_reason(reason)?;
        let row = sql(format!(
            "SELECT number, status, version, patient_id FROM orders WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(id)
        .one::<AtHandRow>(self.db)?;
        as_seen(seen, row.version)?;
        let person = match row.patient_id {
            Some(patient) => Some(self.patient_subject(patient)?.ok_or_else(StoreError::person_erased)?),
            None => None,
        };
        let before: OrderState = word(&row.status)?;
        let transition = apply(before, OrderVerb::Cancel)?;
        let ids = sql("SELECT id FROM samples WHERE tenant_id = ? AND order_id = ? ORDER BY id")
            .bind(self.tenant())
            .bind(id)
            .all::<IdRow>(self.db)?;
        let samples = ids
            .iter()
            .map(|row| self.sample_at_hand(row.id, None))
            .collect::<Result<Vec<SampleAtHand>, _>>()?;
        let states: Vec<SampleState> = samples.iter().map(|sample| sample.state).collect();
        order_may_be_cancelled(&states)?;
        for sample in &samples {
            // What is finished already stays as it is.
            let Ok(transition) = apply(sample.state, SampleVerb::Cancel) else {
                continue;
            };
            self.sample_untouched(sample)?;
            let event = self.sample_closed(sample, transition, Some(reason), ReasonCode::Other)?;
            self.also(event)?;
        }
        sql("UPDATE orders SET status = ?, cancel_reason = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(transition.to.as_str())
            .bind(RowTexts::of(TABLE, id).kept(person.as_ref(), "cancel_reason", Some(reason))?)
            .bind(now())
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let event = Event::new(transition.action, "order", id)
            .label(row.number)
            .version(row.version.saturating_add(1))
            .because(person.as_ref(), ReasonCode::Other.as_str(), Some(reason))
            .change("status", before.as_str(), transition.to.as_str());
        self.record(event, id)
    }
}
