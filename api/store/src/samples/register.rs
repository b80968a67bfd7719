//! Registering samples: singly, in batches, with an order. The fastest path of the whole program: one read of the catalogue's
//! version, then a few inserts for however many rows there will be.

use super::moment;
use super::new::{NewSample, Orderer};
use super::texts::{TABLE, reference_token};
use crate::check::Faults;
use crate::db::Rows;
use crate::results::{SampleFacts, pending_rows};
use crate::sealing::RowTexts;
use crate::{Catalogue, Container, Entry, Event, Recorded, SampleType, Specification, StoreError, Test, WriteTx, now};
use attest_domain::accession::AccessionNumber;
use attest_domain::ids::SampleId;
use attest_domain::terms::Priority;
use attest_domain::workflow::SampleState;
use attest_domain::{Action, may};
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::Arc;
use uuid::Uuid;

/// Samples of one batch at most.
const BATCH_MAX: usize = 200;

impl WriteTx<'_, may::SampleRegister> {
    /// Registers one sample.
    ///
    /// # Errors
    /// When the request is not right, naming the fields.
    pub fn sample_register(&mut self, new: &NewSample) -> Result<Recorded<SampleId>, StoreError> {
        let catalogue = self.catalogue()?;
        let id = self.sample_add(new, &catalogue)?;
        self.recorded(id)
    }

    /// Registers samples, all or none.
    ///
    /// # Errors
    /// As [`sample_register`](Self::sample_register); paths begin with `items.N.`.
    pub fn sample_register_batch(&mut self, items: &[NewSample]) -> Result<Recorded<Vec<SampleId>>, StoreError> {
        check_batch(items.len())?;
        let catalogue = self.catalogue()?;
        let mut orderers = HashMap::new();
        let mut wanted = Vec::with_capacity(items.len());
        for (index, new) in items.iter().enumerate() {
            let at = format!("items.{index}.");
            new.fits(&at)?;
            // Samples of one batch mostly come from one hand: who that is, is read once.
            let orderer = match orderers.entry((new.order_id, new.client_id, new.patient_id)) {
                Occupied(known) => Arc::clone(known.get()),
                Vacant(place) => {
                    let orderer = self.orderer(new.order_id, new.client_id, new.patient_id, &at)?;
                    Arc::clone(place.insert(Arc::new(orderer)))
                }
            };
            wanted.push(Wanted { at, new, orderer });
        }
        let ids = self.samples_insert(&wanted, &catalogue)?;
        for orderer in orderers.values() {
            if let Some((order, _)) = orderer.order {
                self.order_touch(order)?;
            }
        }
        self.recorded(ids)
    }

    /// Registers each sample by itself, in its place; nil in the place of one that could not be, of which `failed` learns.
    /// Nothing is done when none could be.
    ///
    /// # Errors
    /// [`StoreError::EveryItem`] when none could be registered; the database's.
    pub fn sample_register_each(
        &mut self,
        items: &[NewSample],
        mut failed: impl FnMut(usize, StoreError),
    ) -> Result<Recorded<Vec<SampleId>>, StoreError> {
        check_batch(items.len())?;
        let catalogue = self.catalogue()?;
        let mut ids = Vec::with_capacity(items.len());
        let mut refused = 0usize;
        for (place, new) in items.iter().enumerate() {
            match self.attempt(|tx| tx.sample_add(new, &catalogue)) {
                Ok(id) => ids.push(id),
                Err(error) if error.concerns_one_item() => {
                    refused = refused.saturating_add(1);
                    ids.push(SampleId::from_uuid(Uuid::nil()));
                    failed(place, error);
                }
                Err(error) => return Err(error),
            }
        }
        if refused == items.len() {
            return Err(StoreError::EveryItem(Vec::new()));
        }
        self.recorded(ids)
    }

    fn sample_add(&mut self, new: &NewSample, catalogue: &Catalogue) -> Result<SampleId, StoreError> {
        new.fits("")?;
        let orderer = self.orderer(new.order_id, new.client_id, new.patient_id, "")?;
        let order = orderer.order.as_ref().map(|(order, _)| *order);
        let wanted = Wanted {
            at: String::new(),
            new,
            orderer: Arc::new(orderer),
        };
        let ids = self.samples_insert(&[wanted], catalogue)?;
        if let Some(order) = order {
            self.order_touch(order)?;
        }
        ids.first()
            .copied()
            .ok_or_else(|| StoreError::broken("a sample without an id"))
    }
}

/// Between 1 and [`BATCH_MAX`] items.
pub(crate) fn check_batch(items: usize) -> Result<(), StoreError> {
    if (1..=BATCH_MAX).contains(&items) {
        return Ok(());
    }
    Err(StoreError::invalid(
        "items",
        "length",
        format!("must have 1 to {BATCH_MAX} items; send more in several requests"),
    ))
}

/// A checked sample that is to be registered, for somebody who exists.
pub(crate) struct Wanted<'a> {
    /// Where it stands in the request: `""`, `items.3.`.
    pub(crate) at: String,
    pub(crate) new: &'a NewSample,
    pub(crate) orderer: Arc<Orderer>,
}

/// What of the catalogue it names.
struct Named<'a> {
    sample_type: Option<&'a Entry<SampleType>>,
    container: Option<&'a Entry<Container>>,
    specification: Option<&'a Entry<Specification>>,
    tests: Vec<&'a Entry<Test>>,
}

impl Wanted<'_> {
    fn named<'a>(&self, catalogue: &'a Catalogue) -> Result<Named<'a>, StoreError> {
        let (new, at) = (self.new, &self.at);
        let mut wrong = Faults::default();
        let sample_type =
            wrong.kept(catalogue.active_sample_type(new.sample_type_id, &format!("{at}sample_type_id")))?;
        let container = match new.container_id {
            Some(id) => wrong.kept(catalogue.active_container(id, &format!("{at}container_id")))?,
            None => None,
        };
        let specification = match new.specification_id {
            Some(id) => wrong.kept(catalogue.active_specification(id, &format!("{at}specification_id")))?,
            None => None,
        };
        let tests = wrong
            .kept(catalogue.expand(at, &new.test_ids, &new.panel_ids))?
            .unwrap_or_default();
        wrong.done()?;
        Ok(Named {
            sample_type,
            container,
            specification,
            tests,
        })
    }

    fn priority(&self) -> Priority {
        self.new.priority.or(self.orderer.priority).unwrap_or(Priority::Routine)
    }

    fn event(&self, id: SampleId, number: &str, named: &Named<'_>) -> Event {
        let (new, orderer) = (self.new, &self.orderer);
        let person = orderer.subject.as_ref();
        let codes: Vec<&str> = named.tests.iter().map(|test| test.data.code.as_str()).collect();
        Event::new(Action::SampleRegistered, "sample", id)
            .label(number)
            .version(1)
            .set("status", SampleState::Registered.as_str())
            .set("sample_type", named.sample_type.map(|entry| entry.data.name.as_str()))
            .set("tests", (!codes.is_empty()).then(|| codes.join(", ")))
            .set("client", orderer.client.as_ref().map(|client| client.name.as_str()))
            .set("order", orderer.order.as_ref().map(|(_, number)| number.as_str()))
            .set("patient_id", orderer.patient.map(|patient| patient.to_string()))
            .set("priority", self.priority().as_str())
            .set("container", named.container.map(|entry| entry.data.name.as_str()))
            .set(
                "specification",
                named.specification.map(|entry| entry.data.name.as_str()),
            )
            .set("collected_at", new.collected_at.map(moment))
            .about(person, "client_reference", (), new.client_reference.as_deref())
            .about(person, "description", (), new.description.as_deref())
            .about(person, "collected_by", (), new.collected_by.as_deref())
            .about(person, "collection_place", (), new.collection_place.as_deref())
            .about(person, "remark", (), new.remark.as_deref())
    }
}

impl<P> WriteTx<'_, P> {
    /// Inserts checked samples with their pending results and their events, in order: all of them in a few statements.
    /// Numbers come last before that, because whoever registers next waits for this transaction from there on.
    pub(crate) fn samples_insert(
        &mut self,
        wanted: &[Wanted<'_>],
        catalogue: &Catalogue,
    ) -> Result<Vec<SampleId>, StoreError> {
        let named = wanted
            .iter()
            .map(|wanted| wanted.named(catalogue))
            .collect::<Result<Vec<_>, _>>()?;
        let (tenant, by, asked_at) = (self.tenant(), self.user(), now());
        let mut samples = Rows::new(
            "INSERT INTO samples (tenant_id, id, accession_number, status, order_id, client_id, patient_id, sample_type_id, container_id, \
             specification_id, priority, client_reference, reference_token, description, remark, collected_at, collected_by, collection_place, pending_count, \
             created_at, created_by, updated_at)",
        );
        let mut results = pending_rows();
        let mut events = Vec::with_capacity(wanted.len());
        let mut ids = Vec::with_capacity(wanted.len());
        let numbers = self.accession_numbers(asked_at, wanted.len())?;
        for ((wanted, named), number) in wanted.iter().zip(&named).zip(numbers) {
            let (id, new, orderer) = (SampleId::new(), wanted.new, &wanted.orderer);
            let facts = SampleFacts {
                id,
                results_so_far: 0,
                asked_at,
            };
            self.results_pending(&mut results, &facts, &named.tests);
            events.push(wanted.event(id, &number, named));
            let (texts, person) = (RowTexts::of(TABLE, id), orderer.subject.as_ref());
            let keep = |column: &str, text: &Option<String>| texts.kept(person, column, text.as_deref());
            samples.add([
                tenant.into(),
                id.into(),
                number.into(),
                SampleState::Registered.as_str().into(),
                orderer.order.as_ref().map(|(order, _)| *order).into(),
                orderer.client.as_ref().map(|client| client.id).into(),
                orderer.patient.into(),
                new.sample_type_id.into(),
                new.container_id.into(),
                new.specification_id.into(),
                wanted.priority().as_str().into(),
                keep("client_reference", &new.client_reference)?.into(),
                reference_token(self.inner, tenant, person, new.client_reference.as_deref()).into(),
                keep("description", &new.description)?.into(),
                keep("remark", &new.remark)?.into(),
                new.collected_at.into(),
                keep("collected_by", &new.collected_by)?.into(),
                keep("collection_place", &new.collection_place)?.into(),
                i64::try_from(named.tests.len()).map_err(StoreError::broken)?.into(),
                asked_at.into(),
                by.into(),
                asked_at.into(),
            ]);
            ids.push(id);
        }
        samples.insert(self.db)?;
        results.insert(self.db)?;
        self.also_all(events)?;
        Ok(ids)
    }

    /// The next accession numbers of the year, as the laboratory's calendar has it.
    fn accession_numbers(&mut self, at: DateTime<Utc>, count: usize) -> Result<Vec<String>, StoreError> {
        let year = self.local_year(at);
        let prefix = self.laboratory().settings.accession_prefix.clone();
        let calendar = u16::try_from(year).map_err(StoreError::broken)?;
        self.next_numbers(&format!("accession/{prefix}/{year}"), count)?
            .map(|sequence| {
                let sequence = u32::try_from(sequence).map_err(StoreError::broken)?;
                let number = AccessionNumber::new(&prefix, calendar, sequence).map_err(StoreError::broken)?;
                Ok(number.to_string())
            })
            .collect()
    }

    /// The year on the laboratory's calendar.
    pub(crate) fn local_year(&self, at: DateTime<Utc>) -> i32 {
        let zone: Tz = self.laboratory().timezone.parse().unwrap_or(Tz::UTC);
        at.with_timezone(&zone).year()
    }
}
