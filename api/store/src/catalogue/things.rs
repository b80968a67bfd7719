//! Sample types, containers, storage locations, instruments.

use super::kind::{Kind, Names, yes};
use crate::Dec;
use crate::check::Faults;
use attest_domain::Action;
use attest_domain::ids::{ContainerId, InstrumentId, LocationId, SampleTypeId};
use attest_domain::text::{CODE_MAX, LINE_MAX, NOTE_MAX, check_planned};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of sample: drinking water, serum.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Drinking water", "matrix": "water", "requires_temperature": true, "temperature_min": "2", "temperature_max": "8", "active": true}))]
pub struct SampleType {
    /// Name.
    pub name: String,
    /// Matrix.
    #[serde(default)]
    pub matrix: Option<String>,
    /// The temperature is recorded on receipt.
    #[serde(default)]
    pub requires_temperature: bool,
    /// Lowest acceptable temperature on receipt, °C.
    #[serde(default)]
    pub temperature_min: Option<Dec>,
    /// Highest acceptable temperature on receipt, °C.
    #[serde(default)]
    pub temperature_max: Option<Dec>,
    /// Containers to collect it in, in words.
    #[serde(default)]
    pub containers: Option<String>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A container: bottle, tube.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Glass bottle", "volume": "500 mL", "active": true}))]
pub struct Container {
    /// Name.
    pub name: String,
    /// Volume, with its unit.
    #[serde(default)]
    pub volume: Option<String>,
    /// Preservative or anticoagulant.
    #[serde(default)]
    pub additive: Option<String>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A place where samples are stored.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Refrigerator 1", "description": "4 °C, room 12", "active": true}))]
pub struct Location {
    /// Name.
    pub name: String,
    /// Where it is, what it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A measuring instrument.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Spectrophotometer", "serial_number": "A-1029", "calibrated_until": "2027-06-30", "active": true}))]
pub struct Instrument {
    /// Name.
    pub name: String,
    /// The maker's serial number.
    #[serde(default)]
    pub serial_number: Option<String>,
    /// Last day of its calibration; none when it needs none.
    #[serde(default)]
    pub calibrated_until: Option<NaiveDate>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

impl Kind for SampleType {
    const KIND: &'static str = "sample_type";
    const CREATED: Action = Action::SampleTypeCreated;
    const EDITED: Action = Action::SampleTypeEdited;
    type Id = SampleTypeId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_line("matrix", self.matrix.as_ref(), LINE_MAX);
        wrong.maybe_lines("containers", self.containers.as_ref(), NOTE_MAX);
        let ordered = self
            .temperature_min
            .zip(self.temperature_max)
            .is_none_or(|(low, high)| low <= high);
        wrong.unless(
            ordered,
            "temperature_max",
            "order",
            "must not be lower than temperature_min",
        );
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}

impl Kind for Container {
    const KIND: &'static str = "container";
    const CREATED: Action = Action::ContainerCreated;
    const EDITED: Action = Action::ContainerEdited;
    type Id = ContainerId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_line("volume", self.volume.as_ref(), CODE_MAX);
        wrong.maybe_line("additive", self.additive.as_ref(), LINE_MAX);
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}

impl Kind for Location {
    const KIND: &'static str = "location";
    const CREATED: Action = Action::LocationCreated;
    const EDITED: Action = Action::LocationEdited;
    type Id = LocationId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_lines("description", self.description.as_ref(), NOTE_MAX);
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}

impl Kind for Instrument {
    const KIND: &'static str = "instrument";
    const CREATED: Action = Action::InstrumentCreated;
    const EDITED: Action = Action::InstrumentEdited;
    type Id = InstrumentId;
    type View = Self;

    fn name(&self) -> &str {
        &self.name
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_line("serial_number", self.serial_number.as_ref(), LINE_MAX);
        if let Some(Err(refusal)) = self.calibrated_until.map(check_planned) {
            wrong.say("calibrated_until", refusal.code(), refusal.to_string());
        }
    }

    fn view(self, _names: &Names) -> Self {
        self
    }
}
