//! Who a report is from, who it is for, and what they asked for.

use attest_domain::judge::Sex;
use attest_domain::role::LaboratoryKind;
use attest_domain::terms::Priority;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The laboratory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentLaboratory {
    /// Full name.
    pub name: String,
    /// Testing or medical.
    #[schema(value_type = String, example = "testing")]
    pub kind: LaboratoryKind,
    /// Postal address.
    pub address: String,
    /// Number of the accreditation.
    pub accreditation_number: Option<String>,
    /// Telephone, e-mail.
    pub contact: Option<String>,
    /// IANA time zone: times on paper are in it.
    pub timezone: String,
}

/// The customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentClient {
    /// Its id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// The patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentPatient {
    /// The id.
    pub id: Uuid,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Sex.
    pub sex: Sex,
    /// Identifiers with their systems.
    pub identifiers: Vec<ContentIdentifier>,
    /// An emergency patient whose identity is not known.
    pub unknown_patient: bool,
}

/// One identifier of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentIdentifier {
    /// What kind, e.g. `PESEL`.
    pub system: String,
    /// The identifier.
    pub value: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentOrder {
    /// Its id.
    pub id: Uuid,
    /// The laboratory's number.
    pub number: String,
    /// The orderer's own number.
    pub external_id: Option<String>,
    /// Who asked.
    pub requester: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// The decision rule agreed on, in words or by name.
    pub decision_rule: Option<String>,
}
