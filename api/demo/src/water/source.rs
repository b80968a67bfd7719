//! The source: one line for each result, as the U.S. Geological Survey published it.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::Deserialize;

pub(super) const SAMPLES: &str = include_str!("../../data/usgs-water-samples.csv");

/// One line of the source, under its own column names.
#[derive(Deserialize, Clone)]
pub(super) struct Row {
    #[serde(rename = "Location_Name")]
    pub(super) location: String,
    #[serde(rename = "Location_Latitude")]
    pub(super) latitude: String,
    #[serde(rename = "Location_Longitude")]
    pub(super) longitude: String,
    #[serde(rename = "Activity_ActivityIdentifier")]
    pub(super) activity: String,
    #[serde(rename = "Activity_ConductingOrganization")]
    pub(super) organization: String,
    #[serde(rename = "Activity_Comment")]
    pub(super) comment: String,
    #[serde(rename = "Activity_StartDate")]
    pub(super) date: NaiveDate,
    #[serde(rename = "Activity_StartTime")]
    time: NaiveTime,
    #[serde(rename = "SampleCollectionMethod_Description")]
    pub(super) collection: String,
    #[serde(rename = "Activity_HydrologicCondition")]
    pub(super) hydrology: String,
    #[serde(rename = "Result_ResultDetectionCondition")]
    detection: String,
    #[serde(rename = "Result_Characteristic")]
    pub(super) characteristic: String,
    #[serde(rename = "Result_MethodSpeciation")]
    pub(super) basis: String,
    #[serde(rename = "Result_SampleFraction")]
    pub(super) fraction: String,
    #[serde(rename = "Result_Measure")]
    value: String,
    #[serde(rename = "Result_MeasureUnit")]
    unit: String,
    #[serde(rename = "Result_MeasureStatusIdentifier")]
    pub(super) status: String,
    #[serde(rename = "DataQuality_ResultComment")]
    pub(super) quality: String,
    #[serde(rename = "DetectionLimit_MeasureA")]
    censoring_level: String,
    #[serde(rename = "DetectionLimit_MeasureUnitA")]
    censoring_unit: String,
    #[serde(rename = "DetectionLimit_MeasureB")]
    pub(super) detection_limit: String,
    #[serde(rename = "ResultAnalyticalMethod_Identifier")]
    pub(super) method_code: String,
    #[serde(rename = "ResultAnalyticalMethod_Name")]
    method_name: String,
    #[serde(rename = "LabInfo_Name")]
    pub(super) laboratory: String,
    #[serde(rename = "LabInfo_AnalysisStartDate")]
    pub(super) analysed_on: Option<NaiveDate>,
    #[serde(rename = "LabInfo_LaboratoryComment")]
    pub(super) laboratory_comment: String,
    #[serde(rename = "Result_CharacteristicGroup")]
    pub(super) group: String,
    #[serde(rename = "USGSpcode")]
    pub(super) parameter: u32,
}

impl Row {
    /// The parameter code as USGS prints it: five digits (the file lost the leading zeros).
    pub(super) fn code(&self) -> String {
        format!("{:05}", self.parameter)
    }

    pub(super) fn unit(&self) -> &str {
        // A non-detect has no value and so no unit of its own.
        if self.unit.is_empty() {
            &self.censoring_unit
        } else {
            &self.unit
        }
    }

    pub(super) fn method(&self) -> String {
        if self.method_code.is_empty() {
            format!("USGS parameter {}, method not stated", self.code())
        } else {
            format!("{} {}", self.method_code, self.method_name)
        }
    }

    pub(super) fn non_detect(&self) -> bool {
        self.detection == "Not Detected"
    }

    pub(super) fn typed(&self) -> String {
        if self.non_detect() {
            format!("<{}", self.censoring_level)
        } else {
            self.value.clone()
        }
    }

    pub(super) fn collected_at(&self) -> DateTime<Utc> {
        utc_from_cdt(self.date.and_time(self.time))
    }

    pub(super) fn arrived_warm(&self) -> bool {
        self.laboratory_comment.contains("sample was warm when received")
    }
}

/// Local time of the source is CDT in all three samples: UTC-5.
pub(super) fn utc_from_cdt(local: NaiveDateTime) -> DateTime<Utc> {
    Utc.from_utc_datetime(&local) + Duration::hours(5)
}
