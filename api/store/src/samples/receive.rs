//! Reception: the sample is in the house, in a condition that somebody looked at (ISO/IEC 17025, 7.4; ISO 15189, 7.2.6).

use super::at_hand::SampleAtHand;
use super::moment;
use super::new::check_moment;
use super::observed::{Observed, one_or_many};
use super::register::check_batch;
use super::texts::TABLE;
use crate::check::Faults;
use crate::db::sql;
use crate::sealing::RowTexts;
use crate::{Catalogue, Dec, Event, Recorded, SampleType, StoreError, WriteTx, now};
use attest_domain::ids::{LocationId, SampleId};
use attest_domain::terms::Condition;
use attest_domain::text::{LINE_MAX, NOTE_MAX};
use attest_domain::workflow::SampleVerb;
use attest_domain::{Language, may};
use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

/// Deviations that one reception may record.
const DEVIATIONS_MAX: usize = 20;

/// How a sample came.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"condition": "compromised", "condition_note": "received partially frozen", "temperature_c": "-1.0", "deviations": ["frozen"]}))]
pub struct Reception {
    /// In what condition; compromised and unacceptable need a note or a deviation.
    pub condition: Observed,
    /// What was wrong with it.
    #[schema(max_length = 2000)]
    pub condition_note: Option<String>,
    /// Temperature on receipt in °C; needed where the sample type asks for it.
    pub temperature_c: Option<Dec>,
    /// Deviations from what was agreed; printed on the report. A temperature outside the sample type's range is added.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schema(max_items = 20)]
    pub deviations: Vec<String>,
    /// When it came, if not now.
    pub received_at: Option<DateTime<Utc>>,
    /// Where it is kept.
    pub location_id: Option<LocationId>,
}

/// One sample of a crate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceptionItem {
    /// The sample.
    pub sample_id: SampleId,
    /// The version the caller saw, if they say so: stands for If-Match.
    pub version: Option<i64>,
    /// In what condition; compromised and unacceptable need a note or a deviation.
    pub condition: Observed,
    /// What was wrong with it.
    #[schema(max_length = 2000)]
    pub condition_note: Option<String>,
    /// Temperature on receipt in °C; needed where the sample type asks for it.
    pub temperature_c: Option<Dec>,
    /// Deviations from what was agreed; printed on the report.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schema(max_items = 20)]
    pub deviations: Vec<String>,
    /// When it came, if not now.
    pub received_at: Option<DateTime<Utc>>,
    /// Where it is kept.
    pub location_id: Option<LocationId>,
}

impl From<ReceptionItem> for Reception {
    fn from(item: ReceptionItem) -> Self {
        Self {
            condition: item.condition,
            condition_note: item.condition_note,
            temperature_c: item.temperature_c,
            deviations: item.deviations,
            received_at: item.received_at,
            location_id: item.location_id,
        }
    }
}

impl Reception {
    /// The condition, where what was said is one of the three words or leaves no doubt.
    fn condition(&self) -> Option<Condition> {
        match &self.condition {
            Observed::Word(word) => Some(*word),
            Observed::Good(_) => Some(Condition::Acceptable),
            Observed::Told(_) => None,
        }
    }

    /// What was said beyond the word.
    fn note(&self) -> Option<String> {
        match (&self.condition, &self.condition_note) {
            (Observed::Good(words) | Observed::Told(words), Some(note)) => Some(format!("{words}; {note}")),
            (Observed::Good(words) | Observed::Told(words), None) => Some(words.clone()),
            (Observed::Word(_), note) => note.clone(),
        }
    }

    fn check(&self, at: &str, kind: &SampleType, collected_at: Option<DateTime<Utc>>, wrong: &mut Faults) {
        wrong.maybe_lines(format!("{at}condition_note"), self.note().as_ref(), NOTE_MAX);
        wrong.unless(
            self.deviations.len() <= DEVIATIONS_MAX,
            format!("{at}deviations"),
            "too_many",
            format!("at most {DEVIATIONS_MAX}"),
        );
        for (index, deviation) in self.deviations.iter().enumerate() {
            wrong.line(format!("{at}deviations.{index}"), deviation, LINE_MAX);
        }
        check_moment(self.received_at, &format!("{at}received_at"), wrong);
        if let (Some(received), Some(collected)) = (self.received_at, collected_at) {
            // Clocks of collectors and laboratories differ a little.
            wrong.unless(
                received >= collected - TimeDelta::minutes(15),
                format!("{at}received_at"),
                "before_collection",
                "must not lie before the collection",
            );
        }
        let explained =
            self.condition() == Some(Condition::Acceptable) || self.note().is_some() || !self.deviations.is_empty();
        wrong.unless(
            explained,
            format!("{at}condition_note"),
            "required",
            "say what is wrong with it, here or as a deviation",
        );
        match self.temperature_c {
            None => wrong.unless(
                !kind.requires_temperature,
                format!("{at}temperature_c"),
                "required",
                format!("{} needs the temperature on receipt", kind.name),
            ),
            Some(Dec(degrees)) => {
                let possible = degrees >= Decimal::new(-27315, 2) && degrees <= Decimal::from(200);
                wrong.unless(
                    possible,
                    format!("{at}temperature_c"),
                    "range",
                    "must be between -273.15 and 200 °C",
                );
            }
        }
    }

    /// The deviations with the temperature's own, where nobody has named it yet.
    fn all_deviations(&self, kind: &SampleType, language: Language) -> Vec<String> {
        let mut all = self.deviations.clone();
        let outside = self.temperature_c.filter(|t| {
            kind.temperature_min.is_some_and(|min| *t < min) || kind.temperature_max.is_some_and(|max| *t > max)
        });
        if let Some(found) = outside
            && !all.iter().any(|known| known.to_lowercase().contains("temperat"))
        {
            let bound = |limit: Option<Dec>| limit.map_or_else(|| "…".to_owned(), |limit| limit.to_string());
            let (min, max) = (bound(kind.temperature_min), bound(kind.temperature_max));
            all.push(match language {
                Language::En => format!("temperature on receipt {found} °C, acceptable {min} to {max} °C"),
                Language::Pl => format!("temperatura przy przyjęciu {found} °C, dopuszczalna od {min} do {max} °C"),
            });
        }
        all
    }
}

impl WriteTx<'_, may::SampleReceive> {
    /// Receives one sample.
    ///
    /// # Errors
    /// When it is not waiting for reception, or the request is not right.
    pub fn sample_receive(
        &mut self,
        id: SampleId,
        seen: Option<i64>,
        reception: &Reception,
    ) -> Result<Recorded<SampleId>, StoreError> {
        let catalogue = self.catalogue()?;
        let event = self.sample_receive_one("", id, seen, reception, &catalogue)?;
        self.record(event, id)
    }

    /// Receives samples, all or none.
    ///
    /// # Errors
    /// As [`sample_receive`](Self::sample_receive); paths begin with `items.N.`.
    pub fn sample_receive_batch(&mut self, items: Vec<ReceptionItem>) -> Result<Recorded<Vec<SampleId>>, StoreError> {
        check_batch(items.len())?;
        let catalogue = self.catalogue()?;
        let mut ids = Vec::with_capacity(items.len());
        let mut last = None;
        for (index, item) in items.into_iter().enumerate() {
            if let Some(event) = last.take() {
                self.also(event)?;
            }
            let (id, seen) = (item.sample_id, item.version);
            let at = format!("items.{index}.");
            let received = self
                .sample_receive_one(&at, id, seen, &item.into(), &catalogue)
                .map_err(|error| match error {
                    StoreError::NotFound => StoreError::invalid(
                        format!("{at}sample_id"),
                        "unknown",
                        "this laboratory has no such sample",
                    ),
                    other => other,
                })?;
            ids.push(id);
            last = Some(received);
        }
        let last = last.ok_or_else(|| StoreError::broken("a batch without items"))?;
        self.record(last, ids)
    }

    /// Receives each sample by itself; `failed` learns what is wrong with those that were not. Nothing is done, and the first
    /// error handed back, when none could be.
    ///
    /// # Errors
    /// As [`sample_receive`](Self::sample_receive).
    pub fn sample_receive_each(
        &mut self,
        items: Vec<ReceptionItem>,
        mut failed: impl FnMut(SampleId, StoreError),
    ) -> Result<Recorded<Vec<SampleId>>, StoreError> {
        check_batch(items.len())?;
        let catalogue = self.catalogue()?;
        let mut ids = Vec::with_capacity(items.len());
        let mut last = None;
        for item in items {
            let (id, seen, reception) = (item.sample_id, item.version, Reception::from(item));
            match self.attempt(|tx| tx.sample_receive_one("", id, seen, &reception, &catalogue)) {
                Ok(event) => {
                    ids.push(id);
                    if let Some(earlier) = last.replace(event) {
                        self.also(earlier)?;
                    }
                }
                Err(error) => failed(id, error),
            }
        }
        let last = last.ok_or_else(|| StoreError::conflict("none of these samples could be received"))?;
        self.record(last, ids)
    }

    fn sample_receive_one(
        &mut self,
        at: &str,
        id: SampleId,
        seen: Option<i64>,
        reception: &Reception,
        catalogue: &Catalogue,
    ) -> Result<Event, StoreError> {
        let sample = self.sample_at_hand(id, seen)?;
        let transition = sample.may(SampleVerb::Receive)?;
        let kind = catalogue
            .sample_type(sample.sample_type)
            .ok_or_else(|| StoreError::broken("a sample of no type"))?;
        let mut wrong = Faults::default();
        reception.check(at, &kind.data, sample.collected_at, &mut wrong);
        let location = match reception.location_id {
            Some(location) => wrong.kept(catalogue.active_location(location, &format!("{at}location_id")))?,
            None => None,
        };
        wrong.done()?;
        let deviations = reception.all_deviations(&kind.data, self.laboratory().language);
        let received_at = reception.received_at.unwrap_or_else(now);
        let (texts, person) = (RowTexts::of(TABLE, id), sample.subject.as_ref());
        let stored = (!deviations.is_empty())
            .then(|| serde_json::to_string(&deviations))
            .transpose()
            .map_err(StoreError::broken)?;
        sql("UPDATE samples SET status = ?, received_at = ?, received_by = ?, \"condition\" = ?, condition_note = ?, temperature_c = ?, deviations = ?, \
             location_id = COALESCE(?, location_id), updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
            .bind(transition.to.as_str())
            .bind(received_at)
            .bind(self.user())
            .bind(reception.condition().map(Condition::as_str))
            .bind(texts.kept(person, "condition_note", reception.note().as_deref())?)
            .bind(reception.temperature_c.map(|degrees| degrees.to_string()))
            .bind(texts.kept(person, "deviations", stored.as_deref())?)
            .bind(reception.location_id)
            .bind(now())
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        Ok(received(
            &sample,
            reception,
            &deviations,
            received_at,
            location.map(|entry| entry.data.name.as_str()),
            transition.action,
        ))
    }
}

fn received(
    sample: &SampleAtHand,
    reception: &Reception,
    deviations: &[String],
    received_at: DateTime<Utc>,
    location: Option<&str>,
    action: attest_domain::Action,
) -> Event {
    let person = sample.subject.as_ref();
    sample
        .event(action)
        .change(
            "status",
            sample.state.as_str(),
            attest_domain::workflow::SampleState::Received.as_str(),
        )
        .set("condition", reception.condition().map(Condition::as_str))
        .set(
            "temperature_c",
            reception.temperature_c.map(|degrees| degrees.to_string()),
        )
        .set("received_at", moment(received_at))
        .set("location", location)
        .about(person, "condition_note", (), reception.note())
        .about(
            person,
            "deviations",
            (),
            (!deviations.is_empty()).then(|| deviations.join("; ")),
        )
}
