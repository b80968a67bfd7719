//! What a registration asks for, and for whom.

use crate::check::Faults;
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Ref, StoreError, Subject, WriteTx, now};
use attest_domain::ids::{ClientId, ContainerId, OrderId, PanelId, PatientId, SampleTypeId, SpecificationId, TestId};
use attest_domain::terms::Priority;
use attest_domain::text::{LINE_MAX, NOTE_MAX, check_past};
use attest_domain::workflow::OrderState;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

/// Tests that one request may ask for, singly and by panels.
const TESTS_MAX: usize = 200;

/// A sample to be registered, for an order, a client or a patient.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_id": "01980000-0000-7000-8000-000000000001", "sample_type_id": "01980000-0000-7000-8000-000000000002",
    "client_reference": "Intake 2", "collected_at": "2026-01-15T08:30:00Z", "test_ids": ["01980000-0000-7000-8000-000000000003"]}))]
pub struct NewSample {
    /// The order it belongs to; client or patient are the order's then.
    pub order_id: Option<OrderId>,
    /// Who orders the testing.
    pub client_id: Option<ClientId>,
    /// Whose specimen it is.
    pub patient_id: Option<PatientId>,
    /// What it is.
    pub sample_type_id: SampleTypeId,
    /// What it is in.
    pub container_id: Option<ContainerId>,
    /// What the client calls it.
    #[schema(max_length = 200)]
    pub client_reference: Option<String>,
    /// Description.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// When it was taken; at most a day ahead of the server's clock.
    pub collected_at: Option<DateTime<Utc>>,
    /// Who took it.
    #[schema(max_length = 200)]
    pub collected_by: Option<String>,
    /// Where it was taken.
    #[schema(max_length = 200)]
    pub collection_place: Option<String>,
    /// Tests wanted.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub test_ids: Vec<TestId>,
    /// Panels wanted; a test that comes twice is done once.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub panel_ids: Vec<PanelId>,
    /// How urgent it is; the order's, else routine.
    pub priority: Option<Priority>,
    /// Remark.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
    /// The limits to judge it by; found by sample type, client, age and sex when absent.
    pub specification_id: Option<SpecificationId>,
}

impl NewSample {
    /// It is right by itself.
    pub(crate) fn fits(&self, at: &str) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        self.check(at, &mut wrong);
        wrong.done()
    }

    /// Everything that is wrong with it by itself, at paths behind `at` (`""`, `items.3.`).
    pub(crate) fn check(&self, at: &str, wrong: &mut Faults) {
        wrong.maybe_line(
            format!("{at}client_reference"),
            self.client_reference.as_ref(),
            LINE_MAX,
        );
        wrong.maybe_lines(format!("{at}description"), self.description.as_ref(), NOTE_MAX);
        wrong.maybe_line(format!("{at}collected_by"), self.collected_by.as_ref(), LINE_MAX);
        wrong.maybe_line(
            format!("{at}collection_place"),
            self.collection_place.as_ref(),
            LINE_MAX,
        );
        wrong.maybe_lines(format!("{at}remark"), self.remark.as_ref(), NOTE_MAX);
        check_moment(self.collected_at, &format!("{at}collected_at"), wrong);
        check_wanted(&self.test_ids, &self.panel_ids, at, wrong);
    }
}

/// Something that has happened.
pub(crate) fn check_moment(moment: Option<DateTime<Utc>>, path: &str, wrong: &mut Faults) {
    if let Some(Err(refusal)) = moment.map(|at| check_past(at, now())) {
        wrong.say(path, refusal.code(), refusal.to_string());
    }
}

/// Not more tests than anybody means.
pub(crate) fn check_wanted(tests: &[TestId], panels: &[PanelId], at: &str, wrong: &mut Faults) {
    wrong.unless(
        tests.len() <= TESTS_MAX,
        format!("{at}test_ids"),
        "too_many",
        format!("at most {TESTS_MAX}"),
    );
    wrong.unless(
        panels.len() <= TESTS_MAX,
        format!("{at}panel_ids"),
        "too_many",
        format!("at most {TESTS_MAX}"),
    );
}

/// For whom a sample is registered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orderer {
    pub(crate) order: Option<(OrderId, String)>,
    pub(crate) client: Option<Ref>,
    pub(crate) patient: Option<PatientId>,
    pub(crate) subject: Option<Subject>,
    pub(crate) priority: Option<Priority>,
}

row! {
    struct OrderRow {
        number: String,
        status: String,
        client_id: Option<ClientId>,
        patient_id: Option<PatientId>,
        priority: String,
    }
}

impl<P> WriteTx<'_, P> {
    /// The order, client or patient that a request names: exactly one, existing and in use.
    pub(crate) fn orderer(
        &mut self,
        order: Option<OrderId>,
        client: Option<ClientId>,
        patient: Option<PatientId>,
        at: &str,
    ) -> Result<Orderer, StoreError> {
        match (order, client, patient) {
            (Some(order), None, None) => self.orderer_of_order(order, at),
            (None, Some(client), None) => Ok(Orderer {
                client: Some(self.client_ref(client, &format!("{at}client_id"))?),
                ..Orderer::default()
            }),
            (None, None, Some(patient)) => {
                let subject = self.patient_for_work(patient, &format!("{at}patient_id"))?;
                Ok(Orderer {
                    patient: Some(patient),
                    subject: Some(subject),
                    ..Orderer::default()
                })
            }
            (None, None, None) => Err(StoreError::invalid(
                format!("{at}client_id"),
                "required",
                "name an order, a client or a patient",
            )),
            (Some(_), _, _) => Err(StoreError::invalid(
                format!("{at}order_id"),
                "exclusive",
                "an order already names its client or patient; name only one of them",
            )),
            (None, Some(_), Some(_)) => Err(StoreError::invalid(
                format!("{at}patient_id"),
                "exclusive",
                "name either a client or a patient",
            )),
        }
    }

    fn orderer_of_order(&mut self, order: OrderId, at: &str) -> Result<Orderer, StoreError> {
        let path = format!("{at}order_id");
        let row = sql(format!(
            "SELECT number, status, client_id, patient_id, priority FROM orders WHERE tenant_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(order)
        .first::<OrderRow>(self.db)?
        .ok_or_else(|| StoreError::invalid(path.as_str(), "unknown", "this laboratory has no such order"))?;
        if word::<OrderState>(&row.status)? == OrderState::Cancelled {
            return Err(StoreError::conflict(format!(
                "order {} is cancelled; make a new one",
                row.number
            )));
        }
        let client = row.client_id.map(|client| self.client_ref(client, &path)).transpose()?;
        let subject = row
            .patient_id
            .map(|patient| self.patient_for_work(patient, &path))
            .transpose()?;
        Ok(Orderer {
            order: Some((order, row.number)),
            client,
            patient: row.patient_id,
            subject,
            priority: Some(word(&row.priority)?),
        })
    }
}
