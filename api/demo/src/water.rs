//! The water laboratory: three samples of one stream, as the U.S. Geological Survey measured them in 2023, judged by
//! drinking-water limits. `data/README.md` says what is real and what is assumed.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::Deserialize;

use crate::DemoError;
use crate::plan::{
    ClientPlan, ContainerPlan, InstrumentPlan, LaboratoryPlan, LimitPlan, LocationPlan, Measurement, Orderer, Outcome,
    PanelPlan, Reading, Reception, ReportPlan, ReportStage, SampleTypePlan, SpecificationPlan, Specimen, TestPlan,
    UncertaintyPlan, Visit,
};

const SAMPLES: &str = include_str!("../data/usgs-water-samples.csv");
const TESTS: &str = include_str!("../data/water-tests.csv");
const LIMITS: &str = include_str!("../data/water-limits.csv");

const CLIENT: &str = "TVWC";
/// The laboratory that stands behind the microbiology and sediment results; not the one of the demonstration.
const EXTERNAL_LABORATORY: &str = "State Laboratory of Hygiene, Wisconsin";
/// The source marks values that it computed from other results with this method.
const COMPUTED: &str = "ALGOR";
/// How many results of the partly verified sample a second person has looked at.
const VERIFIED_OF_SECOND: usize = 9;

/// One line of the source, under its own column names.
#[derive(Deserialize, Clone)]
struct Row {
    #[serde(rename = "Location_Name")]
    location: String,
    #[serde(rename = "Location_Latitude")]
    latitude: String,
    #[serde(rename = "Location_Longitude")]
    longitude: String,
    #[serde(rename = "Activity_ActivityIdentifier")]
    activity: String,
    #[serde(rename = "Activity_ConductingOrganization")]
    organization: String,
    #[serde(rename = "Activity_Comment")]
    comment: String,
    #[serde(rename = "Activity_StartDate")]
    date: NaiveDate,
    #[serde(rename = "Activity_StartTime")]
    time: NaiveTime,
    #[serde(rename = "SampleCollectionMethod_Description")]
    collection: String,
    #[serde(rename = "Activity_HydrologicCondition")]
    hydrology: String,
    #[serde(rename = "Result_ResultDetectionCondition")]
    detection: String,
    #[serde(rename = "Result_Characteristic")]
    characteristic: String,
    #[serde(rename = "Result_MethodSpeciation")]
    basis: String,
    #[serde(rename = "Result_SampleFraction")]
    fraction: String,
    #[serde(rename = "Result_Measure")]
    value: String,
    #[serde(rename = "Result_MeasureUnit")]
    unit: String,
    #[serde(rename = "Result_MeasureStatusIdentifier")]
    status: String,
    #[serde(rename = "DataQuality_ResultComment")]
    quality: String,
    #[serde(rename = "DetectionLimit_MeasureA")]
    censoring_level: String,
    #[serde(rename = "DetectionLimit_MeasureUnitA")]
    censoring_unit: String,
    #[serde(rename = "DetectionLimit_MeasureB")]
    detection_limit: String,
    #[serde(rename = "ResultAnalyticalMethod_Identifier")]
    method_code: String,
    #[serde(rename = "ResultAnalyticalMethod_Name")]
    method_name: String,
    #[serde(rename = "LabInfo_Name")]
    laboratory: String,
    #[serde(rename = "LabInfo_AnalysisStartDate")]
    analysed_on: Option<NaiveDate>,
    #[serde(rename = "LabInfo_LaboratoryComment")]
    laboratory_comment: String,
    #[serde(rename = "Result_CharacteristicGroup")]
    group: String,
    #[serde(rename = "USGSpcode")]
    parameter: u32,
}

#[derive(Deserialize)]
struct TestRow {
    pcode: String,
    name: String,
    decimals: Option<u8>,
    significant_figures: Option<u8>,
    ucum: String,
    hold_time_hours: Option<u32>,
    turnaround_hours: u32,
    accredited: bool,
    uncertainty: String,
    uncertainty_kind: String,
}

#[derive(Deserialize)]
struct LimitRow {
    pcode: String,
    low: Option<String>,
    high: Option<String>,
    source: String,
}

impl Row {
    /// The parameter code as USGS prints it: five digits (the file lost the leading zeros).
    fn code(&self) -> String {
        format!("{:05}", self.parameter)
    }

    fn unit(&self) -> &str {
        // A non-detect has no value and so no unit of its own.
        if self.unit.is_empty() {
            &self.censoring_unit
        } else {
            &self.unit
        }
    }

    fn method(&self) -> String {
        if self.method_code.is_empty() {
            format!("USGS parameter {}, method not stated", self.code())
        } else {
            format!("{} {}", self.method_code, self.method_name)
        }
    }

    fn non_detect(&self) -> bool {
        self.detection == "Not Detected"
    }

    fn typed(&self) -> String {
        if self.non_detect() {
            format!("<{}", self.censoring_level)
        } else {
            self.value.clone()
        }
    }

    /// Local time of the source is CDT in all three samples: UTC-5.
    fn collected_at(&self) -> DateTime<Utc> {
        utc_from_cdt(self.date.and_time(self.time))
    }

    fn arrived_warm(&self) -> bool {
        self.laboratory_comment.contains("sample was warm when received")
    }
}

fn utc_from_cdt(local: NaiveDateTime) -> DateTime<Utc> {
    Utc.from_utc_datetime(&local) + Duration::hours(5)
}

fn rows<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, DemoError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| DemoError::Data(e.to_string()))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Everything the water laboratory gets. `now` dates the samples that are still to be worked on.
pub(crate) fn plan(now: DateTime<Utc>) -> Result<LaboratoryPlan, DemoError> {
    let rows: Vec<Row> = rows(SAMPLES)?;
    Ok(LaboratoryPlan {
        sample_types: sample_types(),
        containers: vec![
            ContainerPlan {
                name: "Polyethylene bottle, 1 L",
                volume: "1 L",
                additive: None,
            },
            ContainerPlan {
                name: "Sterile bottle, 120 mL",
                volume: "120 mL",
                additive: Some("sodium thiosulphate"),
            },
        ],
        location: LocationPlan {
            name: "Cold room A, shelf 1",
            description: "2 to 6 °C",
        },
        instrument: InstrumentPlan {
            name: "Discrete analyser DA-2",
            serial_number: "DEMO-0002",
            calibrated_until: now.date_naive() + Days::new(365),
        },
        tests: tests(&rows)?,
        panels: panels(&rows),
        specification: SpecificationPlan {
            name: "Drinking water: Directive (EU) 2020/2184 and US EPA MCL",
            kind: "specification",
            decision_rule: "simple",
            limits: limits()?,
        },
        clients: vec![ClientPlan {
            name: "Talbot Valley Water Cooperative",
            code: CLIENT,
            address: "14 Millrace Lane\nBlack Earth, WI 53515\nUnited States",
            email: "quality@talbot-valley.example",
            phone: "+1 608 555 0142",
        }],
        patients: Vec::new(),
        visits: visits(&rows, now),
        told: "",
    })
}

fn sample_types() -> Vec<SampleTypePlan> {
    let plain = |name, matrix| SampleTypePlan {
        name,
        matrix,
        requires_temperature: false,
        temperature_min: None,
        temperature_max: None,
        containers: "Polyethylene bottle, 1 L",
    };
    vec![
        plain("Drinking water", "Water, treated"),
        SampleTypePlan {
            name: "Drinking water, microbiology",
            matrix: "Water, treated",
            requires_temperature: true,
            temperature_min: Some("1"),
            temperature_max: Some("8"),
            containers: "Sterile bottle, 120 mL",
        },
        plain("Surface water", "Water, surface"),
    ]
}

/// The distinct tests of the source, by parameter code: analyte, fraction, basis, method and unit go together.
fn tests(source: &[Row]) -> Result<Vec<TestPlan>, DemoError> {
    let catalogue: Vec<TestRow> = rows(TESTS)?;
    catalogue
        .into_iter()
        .map(|entry| {
            let row = source
                .iter()
                .find(|row| row.code() == entry.pcode)
                .ok_or_else(|| DemoError::Data(format!("no result for {}", entry.pcode)))?;
            let lod = source
                .iter()
                .filter(|row| row.code() == entry.pcode)
                .find_map(|row| some(&row.detection_limit));
            Ok(TestPlan {
                code: entry.pcode,
                name: entry.name,
                analyte: row.characteristic.clone(),
                fraction: some(&row.fraction),
                basis: some(&row.basis),
                method: row.method(),
                unit: row.unit().to_owned(),
                specimen: None,
                result_type: "numeric",
                decimals: entry.decimals,
                significant_figures: entry.significant_figures,
                lod,
                uncertainty: some(&entry.uncertainty).map(|value| UncertaintyPlan {
                    value,
                    kind: entry.uncertainty_kind,
                    k: "2",
                }),
                hold_time_hours: entry.hold_time_hours,
                turnaround_hours: entry.turnaround_hours,
                accredited: entry.accredited,
                loinc: None,
                ucum: entry.ucum,
                self_verification_allowed: false,
            })
        })
        .collect()
}

fn panels(source: &[Row]) -> Vec<PanelPlan> {
    let of_group = |group: &str| {
        let codes: BTreeMap<u32, String> = source
            .iter()
            .filter(|row| row.group == group && row.method_code != COMPUTED)
            .map(|row| (row.parameter, row.code()))
            .collect();
        codes.into_values().collect::<Vec<_>>()
    };
    vec![
        PanelPlan {
            name: "Nutrients",
            code: "NUT",
            tests: of_group("Nutrient"),
        },
        PanelPlan {
            name: "Field measurements",
            code: "FIELD",
            tests: of_group("Physical"),
        },
    ]
}

fn limits() -> Result<Vec<LimitPlan>, DemoError> {
    let limits: Vec<LimitRow> = rows(LIMITS)?;
    Ok(limits
        .into_iter()
        .map(|row| LimitPlan {
            test: row.pcode,
            sex: None,
            age_min_days: None,
            age_max_days: None,
            low: row.low,
            high: row.high,
            critical_low: None,
            critical_high: None,
            text: Some(row.source),
        })
        .collect())
}

/// The samples in the order in which they were taken: the first is reported, the second partly verified, the third
/// entered; two more, without any value, wait for reception and for entry.
fn visits(source: &[Row], now: DateTime<Utc>) -> Vec<Visit> {
    let mut activities: BTreeMap<NaiveDate, Vec<&Row>> = BTreeMap::new();
    for row in source {
        activities.entry(row.date).or_default().push(row);
    }
    let mut visits: Vec<Visit> = activities
        .into_values()
        .enumerate()
        .filter_map(|(place, rows)| stream_visit(place, rows))
        .collect();
    visits.push(well_visit("well-2", "Well 2, raw water tap", now, true));
    visits.push(well_visit("well-3", "Well 3, raw water tap", now, false));
    visits
}

fn stream_visit(place: usize, mut rows: Vec<&Row>) -> Option<Visit> {
    rows.sort_by_key(|row| row.parameter);
    let first = *rows.first()?;
    let verified = match place {
        0 => rows.len(),
        1 => VERIFIED_OF_SECOND,
        _ => 0,
    };
    let readings = rows
        .iter()
        .enumerate()
        .map(|(at, row)| Reading {
            test: row.code(),
            outcome: Outcome::Measured(measurement(row)),
            verified: at < verified,
        })
        .collect();
    Some(Visit {
        external_id: format!("usgs-{}", first.activity),
        orderer: Orderer::Client(CLIENT),
        requester: "Stream monitoring programme".to_owned(),
        priority: "routine",
        specimens: vec![Specimen {
            sample_type: "Surface water",
            container: "Polyethylene bottle, 1 L",
            reference: format!("BEC {}", first.date),
            description: Some(format!("{}. {}", first.collection, first.hydrology)),
            collected_at: first.collected_at(),
            collected_by: some(&first.organization),
            collection_place: Some(format!("{} ({}, {})", first.location, first.latitude, first.longitude)),
            tests: rows.iter().map(|row| row.code()).collect(),
            remark: None,
            reception: Some(reception(&rows, first)),
            readings,
        }],
        report: (place == 0).then_some(ReportPlan {
            stage: ReportStage::Released,
            language: "en",
            remarks: Some("Compared with drinking-water limits at the client's request; the sample is surface water."),
            opinion: Some("Escherichia coli exceeds the drinking-water limit, as is usual for an untreated stream."),
        }),
    })
}

/// The source tells the condition on receipt twice: in the remark on the sample and in remarks on single results.
fn reception(rows: &[&Row], first: &Row) -> Reception {
    let frozen = first.comment.contains("PARTIALLY FROZEN");
    let warm = first.comment.contains("RECEIVED WARM") || rows.iter().any(|r| r.arrived_warm());
    let mut deviations = Vec::new();
    if frozen {
        deviations.push("received partially frozen".to_owned());
    }
    if warm {
        deviations.push("received warm".to_owned());
    }
    Reception {
        condition: if frozen { "compromised" } else { "acceptable" },
        condition_note: first.comment.contains("RECEIVED").then(|| first.comment.clone()),
        temperature_c: None,
        deviations,
        // The source says "collected same day"; analysis began on the next day at the earliest.
        received_at: Some(first.collected_at() + Duration::hours(6)),
    }
}

fn measurement(row: &Row) -> Measurement {
    let external = row.laboratory == EXTERNAL_LABORATORY;
    let mut remark = format!("Status at the source: {}.", row.status);
    if !row.laboratory_comment.is_empty() {
        remark.push_str(&format!(" {}", row.laboratory_comment));
    }
    Measurement {
        value: row.typed(),
        // A level that the source computed from others is no detection limit of a method.
        limit_kind: (row.non_detect() && !row.detection_limit.is_empty()).then_some("LOD"),
        measured_at: row
            .analysed_on
            .map(|day| utc_from_cdt(day.and_time(NaiveTime::MIN)) + Duration::hours(12)),
        remark: Some(remark),
        deviation: some(&row.quality),
        origin: if external {
            "external"
        } else if row.method_code == COMPUTED {
            "calculated"
        } else {
            "measured"
        },
        provider: external.then(|| row.laboratory.clone()),
        on_instrument: !external && row.analysed_on.is_some(),
    }
}

fn well_visit(id: &str, place: &str, now: DateTime<Utc>, received: bool) -> Visit {
    let tests = ["00095", "00400", "00608", "00613", "00631", "00940"];
    Visit {
        external_id: format!("demo-{id}"),
        orderer: Orderer::Client(CLIENT),
        requester: "Operator on duty".to_owned(),
        priority: "routine",
        specimens: vec![Specimen {
            sample_type: "Drinking water",
            container: "Polyethylene bottle, 1 L",
            reference: place.to_owned(),
            description: None,
            collected_at: now - Duration::hours(5),
            collected_by: Some("Talbot Valley Water Cooperative".to_owned()),
            collection_place: Some(place.to_owned()),
            tests: tests.map(str::to_owned).to_vec(),
            remark: Some("Sample of the demonstration, without values".to_owned()),
            reception: received.then_some(Reception {
                condition: "acceptable",
                condition_note: None,
                temperature_c: None,
                deviations: Vec::new(),
                received_at: None,
            }),
            readings: Vec::new(),
        }],
        report: None,
    }
}

#[cfg(test)]
#[path = "water_tests.rs"]
mod tests;
