//! What was brought to the laboratory, in which condition, and how far the work on it has come.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use super::source::{Row, utc_from_cdt};
use super::{CLIENT, COMPUTED};
use crate::data::some;
use crate::plan::{Measurement, Orderer, Outcome, Reading, Reception, ReportPlan, ReportStage, Specimen, Visit};

/// The laboratory that stands behind the microbiology and sediment results; not the one of the demonstration.
const EXTERNAL_LABORATORY: &str = "State Laboratory of Hygiene, Wisconsin";
/// How many results of the partly verified sample a second person has looked at.
const VERIFIED_OF_SECOND: usize = 9;

/// The samples in the order in which they were taken: the first is reported, the second partly verified, the third
/// entered; two more, without any value, wait for reception and for entry.
pub(super) fn visits(source: &[Row], now: DateTime<Utc>) -> Vec<Visit> {
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
