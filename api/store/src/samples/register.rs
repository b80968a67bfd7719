//! Registering samples: singly, in batches, with an order. The fastest path of the whole program: one read of the catalogue's
//! version, then one insert for each row there will be.

use super::moment;
use super::new::{NewSample, Orderer};
use crate::check::Faults;
use crate::db::sql;
use crate::results::SampleFacts;
use crate::{Catalogue, Event, Recorded, StoreError, WriteTx, now};
use attest_domain::accession::AccessionNumber;
use attest_domain::ids::SampleId;
use attest_domain::terms::Priority;
use attest_domain::workflow::SampleState;
use attest_domain::{Action, may};
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
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
        let (id, event) = self.sample_add("", new, &catalogue)?;
        self.record(event, id)
    }

    /// Registers samples, all or none.
    ///
    /// # Errors
    /// As [`sample_register`](Self::sample_register); paths begin with `items.N.`.
    pub fn sample_register_batch(&mut self, items: &[NewSample]) -> Result<Recorded<Vec<SampleId>>, StoreError> {
        check_batch(items.len())?;
        let catalogue = self.catalogue()?;
        let mut ids = Vec::with_capacity(items.len());
        let mut last = None;
        for (index, new) in items.iter().enumerate() {
            if let Some(event) = last.take() {
                self.also(event)?;
            }
            let (id, event) = self.sample_add(&format!("items.{index}."), new, &catalogue)?;
            ids.push(id);
            last = Some(event);
        }
        let last = last.ok_or_else(|| StoreError::broken("a batch without items"))?;
        self.record(last, ids)
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
        let mut last = None;
        for (place, new) in items.iter().enumerate() {
            match self.attempt(|tx| tx.sample_add("", new, &catalogue)) {
                Ok((id, event)) => {
                    ids.push(id);
                    if let Some(earlier) = last.replace(event) {
                        self.also(earlier)?;
                    }
                }
                Err(error) if error.concerns_one_item() => {
                    ids.push(SampleId::from_uuid(Uuid::nil()));
                    failed(place, error);
                }
                Err(error) => return Err(error),
            }
        }
        let last = last.ok_or_else(|| StoreError::EveryItem(Vec::new()))?;
        self.record(last, ids)
    }

    fn sample_add(
        &mut self,
        at: &str,
        new: &NewSample,
        catalogue: &Arc<Catalogue>,
    ) -> Result<(SampleId, Event), StoreError> {
        let mut wrong = Faults::default();
        new.check(at, &mut wrong);
        wrong.done()?;
        let orderer = self.orderer(new.order_id, new.client_id, new.patient_id, at)?;
        let (id, event) = self.sample_insert(at, new, &orderer, catalogue)?;
        if let Some((order, _)) = orderer.order {
            self.order_touch(order)?;
        }
        Ok((id, event))
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

impl<P> WriteTx<'_, P> {
    /// Inserts a checked sample with its pending results; its event is the caller's to record.
    pub(crate) fn sample_insert(
        &mut self,
        at: &str,
        new: &NewSample,
        orderer: &Orderer,
        catalogue: &Catalogue,
    ) -> Result<(SampleId, Event), StoreError> {
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

        let (tenant, id, asked_at) = (self.tenant(), SampleId::new(), now());
        let number = self.accession_number(asked_at)?;
        let priority = new.priority.or(orderer.priority).unwrap_or(Priority::Routine);
        let pending = i64::try_from(tests.len()).map_err(StoreError::broken)?;
        sql("INSERT INTO samples (tenant_id, id, accession_number, status, order_id, client_id, patient_id, sample_type_id, container_id, \
             specification_id, priority, client_reference, description, remark, collected_at, collected_by, collection_place, pending_count, \
             created_at, created_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&number)
            .bind(SampleState::Registered.as_str())
            .bind(orderer.order.as_ref().map(|(order, _)| *order))
            .bind(orderer.client.as_ref().map(|client| client.id))
            .bind(orderer.patient)
            .bind(new.sample_type_id)
            .bind(new.container_id)
            .bind(new.specification_id)
            .bind(priority.as_str())
            .bind(&new.client_reference)
            .bind(&new.description)
            .bind(&new.remark)
            .bind(new.collected_at)
            .bind(&new.collected_by)
            .bind(&new.collection_place)
            .bind(pending)
            .bind(asked_at)
            .bind(self.user())
            .bind(asked_at)
            .run(self.db)?;
        self.results_open(
            &SampleFacts {
                id,
                results_so_far: 0,
                asked_at,
            },
            &tests,
        )?;

        let person = orderer.subject.as_ref();
        let names: Vec<&str> = tests.iter().map(|test| test.data.code.as_str()).collect();
        let event = Event::new(Action::SampleRegistered, "sample", id)
            .label(number)
            .version(1)
            .set("status", SampleState::Registered.as_str())
            .set("sample_type", sample_type.map(|entry| entry.data.name.as_str()))
            .set("tests", (!names.is_empty()).then(|| names.join(", ")))
            .set("client", orderer.client.as_ref().map(|client| client.name.as_str()))
            .set("order", orderer.order.as_ref().map(|(_, number)| number.as_str()))
            .set("patient_id", orderer.patient.map(|patient| patient.to_string()))
            .set("priority", priority.as_str())
            .set("container", container.map(|entry| entry.data.name.as_str()))
            .set("specification", specification.map(|entry| entry.data.name.as_str()))
            .set("collected_at", new.collected_at.map(moment))
            .about(person, "client_reference", (), new.client_reference.as_deref())
            .about(person, "description", (), new.description.as_deref())
            .about(person, "collected_by", (), new.collected_by.as_deref())
            .about(person, "collection_place", (), new.collection_place.as_deref())
            .about(person, "remark", (), new.remark.as_deref());
        Ok((id, event))
    }

    /// The next accession number of the year, as the laboratory's calendar has it.
    fn accession_number(&mut self, at: DateTime<Utc>) -> Result<String, StoreError> {
        let year = self.local_year(at);
        let prefix = self.laboratory().settings.accession_prefix.clone();
        let sequence = self.next_number(&format!("accession/{prefix}/{year}"))?;
        let number = AccessionNumber::new(
            &prefix,
            u16::try_from(year).map_err(StoreError::broken)?,
            u32::try_from(sequence).map_err(StoreError::broken)?,
        );
        Ok(number.map_err(StoreError::broken)?.to_string())
    }

    /// The year on the laboratory's calendar.
    pub(crate) fn local_year(&self, at: DateTime<Utc>) -> i32 {
        let zone: Tz = self.laboratory().timezone.parse().unwrap_or(Tz::UTC);
        at.with_timezone(&zone).year()
    }
}
