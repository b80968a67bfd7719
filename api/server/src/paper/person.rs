//! The patient as the paper names them: two identifiers, sex, age at collection (ISO 15189:2022, 7.4.1.6).

use super::form::Form;
use attest_documents::report::{Identifier, Patient};
use attest_domain::judge::Sex;
use attest_domain::{Language, age};
use attest_store::{ContentPatient, ReportContent};
use chrono::NaiveDate;

pub(super) fn patient(patient: &ContentPatient, content: &ReportContent, form: &Form) -> Patient {
    let collected = content
        .samples
        .iter()
        .filter_map(|sample| sample.collected_at.or(sample.received_at))
        .min()
        .map(|at| form.date(at));
    let mut requester: Vec<String> = content
        .orders
        .iter()
        .filter_map(|order| order.requester.clone())
        .collect();
    requester.dedup();
    requester.extend(content.client.as_ref().map(|client| client.name.clone()));
    let name = format!("{} {}", patient.given_name, patient.family_name);
    Patient {
        name: name.trim().to_owned(),
        identifiers: patient
            .identifiers
            .iter()
            .map(|known| Identifier {
                label: system(&known.system, form),
                value: known.value.clone(),
            })
            .collect(),
        sex: Some(patient.sex)
            .filter(|sex| *sex != Sex::Unknown)
            .map(|sex| sex.label(form.language).to_owned()),
        birth_date: patient.birth_date.map(|day| day.format("%Y-%m-%d").to_string()),
        age: patient
            .birth_date
            .zip(collected)
            .and_then(|(birth, day)| age_in_words(birth, day, form.language)),
        requester,
        clinical_details: None,
    }
}

/// Whose number it is. Well-known systems have a name in both languages, others are named as they were recorded.
fn system(name: &str, form: &Form) -> String {
    match name.to_lowercase().as_str() {
        "pesel" => "PESEL".to_owned(),
        "mrn" => form.pick("Medical record no.", "Nr dokumentacji").to_owned(),
        "hospital" => form.pick("Hospital no.", "Nr szpitalny").to_owned(),
        "case" => form.pick("Case no.", "Nr przypadku").to_owned(),
        "passport" => form.pick("Passport no.", "Nr paszportu").to_owned(),
        "id_card" => form.pick("Identity card no.", "Nr dowodu osobistego").to_owned(),
        "insurance" => form.pick("Insurance no.", "Nr ubezpieczenia").to_owned(),
        "laboratory" => form.pick("Laboratory no.", "Nr w laboratorium").to_owned(),
        _ => super::form::capital(name),
    }
}

/// Days for a newborn, months for an infant, years for everybody else.
fn age_in_words(birth: NaiveDate, collected: NaiveDate, language: Language) -> Option<String> {
    let days = age::in_days(birth, collected)?;
    let years = age::in_years(birth, collected)?;
    let (number, unit) = match (days, years) {
        (0..=60, _) => (days, words(days, language, ["day", "days"], ["dzień", "dni", "dni"])),
        (_, 0..=1) => {
            let months = days.saturating_mul(12).checked_div(365).unwrap_or_default();
            (
                months,
                words(
                    months,
                    language,
                    ["month", "months"],
                    ["miesiąc", "miesiące", "miesięcy"],
                ),
            )
        }
        _ => (years, words(years, language, ["year", "years"], ["rok", "lata", "lat"])),
    };
    Some(format!("{number} {unit}"))
}

/// The form of the word that goes with the number.
fn words(number: u32, language: Language, en: [&'static str; 2], pl: [&'static str; 3]) -> &'static str {
    let ([one, many], [jeden, kilka, wiele]) = (en, pl);
    let few = (2..=4).contains(&(number % 10)) && !(12..=14).contains(&(number % 100));
    match (language, number) {
        (Language::En, 1) => one,
        (Language::En, _) => many,
        (Language::Pl, 1) => jeden,
        (Language::Pl, _) if few => kilka,
        (Language::Pl, _) => wiele,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn systems_of_identifiers_have_a_name_in_both_languages() {
        let (english, polish) = (Form::new(Language::En, "UTC"), Form::new(Language::Pl, "UTC"));
        assert_eq!(
            (system("hospital", &english), system("hospital", &polish)),
            ("Hospital no.".into(), "Nr szpitalny".into())
        );
        assert_eq!(
            (system("case", &english), system("case", &polish)),
            ("Case no.".into(), "Nr przypadku".into())
        );
        assert_eq!(system("Pesel", &polish), "PESEL");
        assert_eq!(system("ward 7", &polish), "Ward 7");
    }

    #[test]
    fn ages_are_said_as_people_say_them() {
        let born = |text: &str| text.parse::<NaiveDate>().unwrap();
        let said = |birth: &str, language| age_in_words(born(birth), born("2026-11-20"), language).unwrap();
        assert_eq!(said("1967-11-19", Language::Pl), "59 lat");
        assert_eq!(said("1974-01-01", Language::Pl), "52 lata");
        assert_eq!(said("2014-01-01", Language::Pl), "12 lat");
        assert_eq!(said("1967-11-21", Language::En), "58 years");
        assert_eq!(said("2026-11-19", Language::En), "1 day");
        assert_eq!(said("2026-05-20", Language::Pl), "6 miesięcy");
        assert_eq!(
            age_in_words(born("2027-01-01"), born("2026-11-20"), Language::En),
            None,
            "born after the collection"
        );
    }
}
