//! The parameters of the list of samples.

use super::{Problem, page};
use attest_domain::ids::{ClientId, PatientId, SampleTypeId};
use attest_domain::workflow::SampleState;
use attest_store::{Page, SampleFilter, SampleSort};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which samples.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SampleQuery {
    /// States, repeated or with commas between them.
    #[serde(default)]
    #[param(value_type = Vec<SampleState>, style = Form, explode = false)]
    status: Vec<String>,
    /// Of this client.
    #[param(value_type = Option<String>, format = Uuid)]
    client_id: Option<ClientId>,
    /// Of this patient.
    #[param(value_type = Option<String>, format = Uuid)]
    patient_id: Option<PatientId>,
    /// Of this sample type.
    #[param(value_type = Option<String>, format = Uuid)]
    sample_type_id: Option<SampleTypeId>,
    /// Received at this moment or later.
    received_from: Option<DateTime<Utc>>,
    /// Received before this moment.
    received_to: Option<DateTime<Utc>>,
    /// Changed at this moment or later.
    updated_since: Option<DateTime<Utc>>,
    /// An accession number or its beginning; the beginning of a client's reference, or the whole reference of a patient's sample
    /// (in any case): what is written on patients' samples is encrypted.
    q: Option<String>,
    /// `-created_at` (newest first, the default), `created_at`, `-received_at` (received ones only) or `accession_number`.
    sort: Option<String>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

impl SampleQuery {
    pub fn parts(self) -> Result<(SampleFilter, SampleSort, Page), Problem> {
        let sort = match self.sort.as_deref() {
            None | Some("-created_at") => SampleSort::Newest,
            Some("created_at") => SampleSort::Oldest,
            Some("-received_at") => SampleSort::Received,
            Some("accession_number") => SampleSort::Accession,
            Some(_) => {
                return Err(Problem::field(
                    "sort",
                    "invalid",
                    "must be one of: -created_at, created_at, -received_at, accession_number",
                ));
            }
        };
        let filter = SampleFilter {
            status: words("status", &self.status)?,
            client: self.client_id,
            patient: self.patient_id,
            sample_type: self.sample_type_id,
            received_from: self.received_from,
            received_to: self.received_to,
            updated_since: self.updated_since,
            q: self.q,
        };
        Ok((filter, sort, page(self.limit, self.after)?))
    }
}

/// Words of a vocabulary from a parameter that may be repeated, or hold several with commas.
pub fn words<T: std::str::FromStr>(name: &str, given: &[String]) -> Result<Vec<T>, Problem>
where
    T::Err: std::fmt::Display,
{
    let each = given
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty());
    each.map(|text| {
        text.parse()
            .map_err(|error: T::Err| Problem::field(name, "invalid", error.to_string()))
    })
    .collect()
}
