//! What is known about a person: checked, sealed, and turned into fingerprints to be found by.

use crate::check::Faults;
use crate::store::Inner;
use crate::{Event, StoreError, Subject, now};
use attest_domain::ids::PatientId;
use attest_domain::judge::Sex;
use attest_domain::name;
use attest_domain::text::{CODE_MAX, LINE_MAX, check_birth_date};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Identifiers that one person may have.
const IDENTIFIERS_MAX: usize = 20;

/// What is known about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"family_name": "Nowak", "given_name": "Anna", "birth_date": "1961-03-04", "sex": "female",
    "identifiers": [{"system": "PESEL", "value": "61030412345"}]}))]
pub struct PatientData {
    /// Family name; may be empty for an unknown patient.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub family_name: String,
    /// Given name; may be empty for an unknown patient.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub given_name: String,
    /// Date of birth.
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// Sex, as reference ranges know it.
    #[serde(default = "unknown")]
    #[schema(required = false)]
    pub sex: Sex,
    /// National number, hospital's number …
    #[serde(default)]
    #[schema(max_items = 20)]
    pub identifiers: Vec<Identifier>,
    /// Telephone.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// An emergency patient whom nobody could name yet.
    #[serde(default)]
    pub unknown_patient: bool,
}

fn unknown() -> Sex {
    Sex::Unknown
}

/// A number by which somebody else knows the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// Whose number: `PESEL`, a hospital.
    #[schema(min_length = 1, max_length = 64)]
    pub system: String,
    /// The number.
    #[schema(min_length = 1, max_length = 64)]
    pub value: String,
}

impl PatientData {
    /// What is known about somebody who was erased.
    pub(crate) fn erased() -> Self {
        Self {
            family_name: String::new(),
            given_name: String::new(),
            birth_date: None,
            sex: Sex::Unknown,
            identifiers: Vec::new(),
            phone: None,
            email: None,
            unknown_patient: false,
        }
    }

    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        for (path, text) in [("family_name", &self.family_name), ("given_name", &self.given_name)] {
            if !(self.unknown_patient && text.is_empty()) {
                wrong.line(path, text, LINE_MAX);
            }
        }
        if let Some(Err(refusal)) = self.birth_date.map(|day| check_birth_date(day, now().date_naive())) {
            wrong.say("birth_date", refusal.code(), refusal.to_string());
        }
        wrong.unless(
            self.identifiers.len() <= IDENTIFIERS_MAX,
            "identifiers",
            "too_many",
            format!("at most {IDENTIFIERS_MAX}"),
        );
        for (index, identifier) in self.identifiers.iter().enumerate() {
            wrong.line(format!("identifiers.{index}.system"), &identifier.system, CODE_MAX);
            let path = format!("identifiers.{index}.value");
            wrong.line(&path, &identifier.value, CODE_MAX);
            wrong.unless(
                !name::normalise_identifier(&identifier.value).is_empty(),
                &path,
                "empty",
                "must contain letters or digits",
            );
            let twice = self.identifiers.iter().take(index).any(|other| other.same(identifier));
            wrong.unless(!twice, &path, "duplicate", "this identifier is there already");
        }
        wrong.maybe_line("phone", self.phone.as_ref(), CODE_MAX);
        wrong.maybe_email("email", self.email.as_ref());
        wrong.done()
    }

    /// Family and given name, as lists show them; nothing while nobody knows.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.family_name, self.given_name).trim().to_owned()
    }

    /// Encrypted for its row.
    pub(crate) fn sealed(&self, id: PatientId, subject: &Subject) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_vec(self).map_err(StoreError::broken)?;
        subject.key.seal(&place(id), &text).map_err(StoreError::broken)
    }

    /// Decrypted from its row.
    pub(crate) fn opened(id: PatientId, subject: &Subject, sealed: &[u8]) -> Result<Self, StoreError> {
        let text = subject.key.open(&place(id), sealed).map_err(StoreError::broken)?;
        serde_json::from_slice(&text).map_err(StoreError::broken)
    }

    /// The fingerprints the person is found by, with their kinds.
    pub(crate) fn tokens(&self, inner: &Inner, tenant: Uuid) -> Vec<(&'static str, [u8; 32])> {
        let (family, full) = (
            name::normalise(&self.family_name),
            name::full(&self.family_name, &self.given_name),
        );
        let names = [(FAMILY, family), (FULL, full)];
        let numbers = self
            .identifiers
            .iter()
            .map(|identifier| (IDENTIFIER, name::normalise_identifier(&identifier.value)));
        let mut tokens: Vec<(&'static str, [u8; 32])> = names
            .into_iter()
            .chain(numbers)
            .filter(|(_, text)| !text.is_empty())
            .map(|(kind, text)| (kind, inner.keyring.blind_index(tenant, kind, &text)))
            .collect();
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }

    /// What changed about the person, sealed into the event.
    pub(crate) fn difference(&self, mut event: Event, subject: &Subject, before: Option<&Self>) -> Event {
        let (from, to) = (before.map(Self::told).unwrap_or_default(), self.told());
        for (path, after) in &to {
            let earlier = from
                .iter()
                .find(|(other, _)| other == path)
                .and_then(|(_, value)| value.clone());
            event = event.about(Some(subject), path, earlier, after.clone());
        }
        event.change(
            "unknown_patient",
            before.map(|data| data.unknown_patient),
            self.unknown_patient,
        )
    }

    fn told(&self) -> Vec<(&'static str, Option<String>)> {
        let numbers: Vec<String> = self
            .identifiers
            .iter()
            .map(|identifier| format!("{} {}", identifier.system, identifier.value))
            .collect();
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        vec![
            ("family_name", filled(&self.family_name)),
            ("given_name", filled(&self.given_name)),
            ("birth_date", self.birth_date.map(|day| day.to_string())),
            ("sex", Some(self.sex.as_str().to_owned())),
            ("identifiers", filled(&numbers.join(", "))),
            ("phone", self.phone.clone()),
            ("email", self.email.clone()),
        ]
    }
}

impl Identifier {
    /// The same number of the same system, however it is written.
    pub(crate) fn same(&self, other: &Self) -> bool {
        name::normalise(&self.system) == name::normalise(&other.system)
            && name::normalise_identifier(&self.value) == name::normalise_identifier(&other.value)
    }
}

/// Kinds of fingerprints.
pub(crate) const FAMILY: &str = "family";
pub(crate) const FULL: &str = "full";
pub(crate) const IDENTIFIER: &str = "identifier";

/// The fingerprints that a search may mean: a family name, a whole name, a number.
pub(crate) fn sought(inner: &Inner, tenant: Uuid, q: &str) -> Vec<[u8; 32]> {
    let (words, number) = (name::normalise(q), name::normalise_identifier(q));
    [(FAMILY, &words), (FULL, &words), (IDENTIFIER, &number)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(kind, text)| inner.keyring.blind_index(tenant, kind, text))
        .collect()
}

fn place(id: PatientId) -> String {
    format!("patients/{id}")
}
