//! What an amended report says differently (ISO/IEC 17025, 7.8.8.2): sentences for the reader, marks for the results.

use super::content::{ContentResult, ContentSample, ReportContent};
use attest_domain::Language;

/// Writes into `new` how it differs from `old`.
pub(crate) fn what_changed(old: &ReportContent, new: &mut ReportContent) {
    let mut found = Changes {
        language: new.language,
        sentences: Vec::new(),
        results: Vec::new(),
    };
    found.recipient(old, new);
    for sample in &new.samples {
        match old.samples.iter().find(|before| before.id == sample.id) {
            Some(before) => found.sample(before, sample),
            None => found.say(
                format!("Sample {} was added.", sample.accession_number),
                format!("Dodano próbkę {}.", sample.accession_number),
            ),
        }
    }
    for before in &old.samples {
        if !new.samples.iter().any(|sample| sample.id == before.id) {
            found.say(
                format!("Sample {} is no longer on the report.", before.accession_number),
                format!("Usunięto próbkę {}.", before.accession_number),
            );
        }
    }
    found.text("Remarks", "Uwagi", old.remarks.as_deref(), new.remarks.as_deref());
    let opinions = |content: &ReportContent| {
        content
            .opinions
            .iter()
            .map(|opinion| opinion.text.clone())
            .collect::<Vec<_>>()
            .join("\n")
    };
    found.text(
        "Opinions and interpretations",
        "Opinie i interpretacje",
        Some(&opinions(old)),
        Some(&opinions(new)),
    );
    if old.kind != new.kind {
        found.say(
            format!("The report is now {}.", new.kind.label(Language::En)),
            format!("Rodzaj sprawozdania: {}.", new.kind.label(Language::Pl)),
        );
    }
    if let Some(amends) = &mut new.amends {
        amends.changes = found.sentences;
        amends.changed_results = found.results;
    }
}

struct Changes {
    language: Language,
    sentences: Vec<String>,
    results: Vec<uuid::Uuid>,
}

impl Changes {
    fn say(&mut self, en: String, pl: String) {
        self.sentences.push(match self.language {
            Language::En => en,
            Language::Pl => pl,
        });
    }

    fn recipient(&mut self, old: &ReportContent, new: &ReportContent) {
        if old.client != new.client {
            self.say(
                "The client's particulars were corrected.".to_owned(),
                "Poprawiono dane klienta.".to_owned(),
            );
        }
        if old.patient != new.patient {
            self.say(
                "The patient's particulars were corrected.".to_owned(),
                "Poprawiono dane pacjenta.".to_owned(),
            );
        }
        if old.laboratory != new.laboratory {
            self.say(
                "The laboratory's particulars were updated.".to_owned(),
                "Zaktualizowano dane laboratorium.".to_owned(),
            );
        }
        if old.orders != new.orders {
            self.say(
                "The particulars of the order were corrected.".to_owned(),
                "Poprawiono dane zlecenia.".to_owned(),
            );
        }
    }

    fn sample(&mut self, old: &ContentSample, new: &ContentSample) {
        let number = &new.accession_number;
        let apart = ContentSample {
            results: Vec::new(),
            ..old.clone()
        } != ContentSample {
            results: Vec::new(),
            ..new.clone()
        };
        if apart {
            self.say(
                format!("Sample {number}: particulars of the sample were corrected."),
                format!("Próbka {number}: poprawiono dane próbki."),
            );
        }
        for result in &new.results {
            // A retest stands in the place of the retracted result: the same test, another id.
            match old.results.iter().find(|before| before.code == result.code) {
                Some(before) if said(before) == said(result) && same_particulars(before, result) => {}
                Some(before) => {
                    self.results.push(result.id);
                    let (test, now, was) = (&result.test, said(result), said(before));
                    if now == was {
                        self.say(
                            format!("Sample {number}, {test}: particulars of the result were corrected."),
                            format!("Próbka {number}, {test}: poprawiono dane wyniku."),
                        );
                    } else {
                        self.say(
                            format!("Sample {number}, {test}: {now} instead of {was}."),
                            format!("Próbka {number}, {test}: {now} zamiast {was}."),
                        );
                    }
                }
                None => {
                    self.results.push(result.id);
                    self.say(
                        format!("Sample {number}, {}: added.", result.test),
                        format!("Próbka {number}, {}: dodano.", result.test),
                    );
                }
            }
        }
        for before in &old.results {
            if !new.results.iter().any(|result| result.code == before.code) {
                self.say(
                    format!("Sample {number}, {}: no longer reported.", before.test),
                    format!("Próbka {number}, {}: usunięto.", before.test),
                );
            }
        }
    }

    fn text(&mut self, en: &str, pl: &str, old: Option<&str>, new: Option<&str>) {
        if old.unwrap_or_default() != new.unwrap_or_default() {
            self.say(format!("{en} were changed."), format!("{pl}: zmieniono."));
        }
    }
}

/// What a reader would read out.
fn said(result: &ContentResult) -> String {
    match (&result.cancelled, &result.display) {
        (Some(_), _) => "—".to_owned(),
        (None, Some(display)) => format!("{display} {}", result.unit).trim_end().to_owned(),
        (None, None) => String::new(),
    }
}

/// Equal apart from which measurement it is and when it was done.
fn same_particulars(old: &ContentResult, new: &ContentResult) -> bool {
    let bare = |result: &ContentResult| ContentResult {
        id: uuid::Uuid::nil(),
        version: 0,
        measured_at: None,
        verified_at: None,
        value: None,
        ..result.clone()
    };
    bare(old) == bare(new)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::super::content::ContentAmends;
    use super::super::content::tests::{blank, measured};
    use super::*;

    fn amendment(change: impl FnOnce(&mut ReportContent)) -> ContentAmends {
        let mut old = blank();
        old.samples[0].results = vec![measured(1, "Nitrate", "2.400"), measured(2, "Lead", "0.010")];
        let mut new = old.clone();
        new.amends = Some(ContentAmends {
            id: uuid::Uuid::nil(),
            number: old.number.clone(),
            version_no: 1,
            released_at: None,
            reason: "x".to_owned(),
            changes: Vec::new(),
            changed_results: Vec::new(),
        });
        change(&mut new);
        what_changed(&old, &mut new);
        new.amends.unwrap()
    }

    #[test]
    fn a_retest_with_another_value_is_named_and_marked() {
        let amends = amendment(|new| new.samples[0].results[1] = measured(9, "Lead", "0.012"));
        assert_eq!(
            amends.changes,
            ["Sample S-2026-000001-11, Lead: 0.012 mg/L instead of 0.010 mg/L."]
        );
        assert_eq!(amends.changed_results, [uuid::Uuid::from_u128(9)]);
    }

    #[test]
    fn a_retest_that_confirms_the_value_is_no_change() {
        let amends = amendment(|new| new.samples[0].results[1] = measured(9, "Lead", "0.010"));
        assert!(amends.changes.is_empty() && amends.changed_results.is_empty());
    }

    #[test]
    fn a_limit_that_changed_is_told_without_a_new_value() {
        let amends = amendment(|new| new.samples[0].results[0].uncertainty = Some("± 0.1 (k = 2)".to_owned()));
        assert_eq!(
            amends.changes,
            ["Sample S-2026-000001-11, Nitrate: particulars of the result were corrected."]
        );
    }

    #[test]
    fn polish_reports_say_it_in_polish() {
        let amends = amendment(|new| {
            new.language = Language::Pl;
            new.remarks = Some("Uwaga".to_owned());
            new.samples[0].results.pop();
        });
        assert_eq!(
            amends.changes,
            ["Próbka S-2026-000001-11, Lead: usunięto.", "Uwagi: zmieniono."]
        );
    }
}
